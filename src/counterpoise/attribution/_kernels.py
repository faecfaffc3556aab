"""Arithmetic on arrays whose last axis is months; NaN where a window reaches before the first month."""

import numpy as np
import numpy.typing as npt

__all__ = ["Array", "lagged", "log_ratio", "rolling_max", "rolling_sum"]

Array = npt.NDArray[np.float64]


def lagged(values: Array, months: int) -> Array:
    """Return ``values`` as they were ``months`` earlier."""
    if months == 0:
        return values
    shifted = np.full(values.shape, np.nan)
    shifted[..., months:] = values[..., :-months]
    return shifted


def rolling_sum(values: Array, months: int) -> Array:
    """Return sums over ``months`` months that end with each month."""
    sums = np.cumsum(values, axis=-1)
    before = np.zeros(values.shape)
    before[..., months:] = sums[..., :-months]
    windows: Array = sums - before
    windows[..., : months - 1] = np.nan
    return windows


def rolling_max(values: Array, months: int) -> Array:
    """Return the largest value of ``months`` months that end with each month; NaN counts as none."""
    stacked = np.stack([lagged(values, k) for k in range(months)])
    largest: Array = np.where(
        np.isnan(stacked).all(axis=0), np.nan, np.nanmax(np.nan_to_num(stacked, nan=-np.inf), axis=0)
    )
    return largest


def log_ratio(above: Array, below: Array, pseudo_count: float) -> Array:
    """Return ``log((above + pseudo_count) / (below + pseudo_count))``."""
    ratio: Array = np.log((above + pseudo_count) / (below + pseudo_count))
    return ratio
