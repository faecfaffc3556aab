"""Trailing windows of a series; axis 0 is the series, axis 1 the period."""

import numpy as np

from counterpoise.monitoring.detectors.base import Array

__all__ = ["lagged", "trailing"]


def lagged(values: Array, periods: int) -> Array:
    """Return the values of ``periods`` earlier, series x periods; NaN before the first."""
    shifted = np.full(values.shape, np.nan)
    if periods < values.shape[1]:
        shifted[:, periods:] = values[:, : values.shape[1] - periods]
    return shifted


def trailing(values: Array, length: int, *, skip: int = 1) -> Array:
    """Return, for each period, the ``length`` values that end ``skip`` periods before it.

    Returns
    -------
    numpy.ndarray
        Series x periods x ``length``, oldest first; NaN where a window starts before the series.
    """
    padded = np.full((values.shape[0], values.shape[1] + length + skip - 1), np.nan)
    padded[:, length + skip - 1 :] = values
    windows = np.lib.stride_tricks.sliding_window_view(padded, length, axis=1)
    return windows[:, : values.shape[1]]
