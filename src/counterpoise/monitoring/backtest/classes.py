"""Classes of series: what kind of series it was in the months before, by a rule that looks only back.

In this order, the first that fits: ``new`` (nobody seen in the two years before, or since the data begin),
``sparse`` (fewer than 5 people a month over the year before), ``wandering`` (the yearly level moved by a factor of
2.5 a year on average over five years), ``seasonal`` (one annual wave explains at least a fifth of the variation
within years), ``busy`` (50 people a month or more) and ``medium``. The bounds of wandering and seasonal are the
middle and the upper fifth or so of series with 5 people a month or more, in five years to December 2018.
"""

import numpy as np
import numpy.typing as npt

from counterpoise.monitoring.detectors.base import Array

__all__ = ["ALL", "CLASSES", "classify", "season_share", "yearly_movement"]

ALL = "all"
CLASSES = ("busy", "medium", "sparse", "wandering", "seasonal", "new")

_SILENCE = 24
_SPARSE_BELOW = 5.0
_BUSY_FROM = 50.0
_WANDERING_FROM = 0.9
_SEASONAL_FROM = 0.2
_YEARS = 5


def classify(values: Array) -> npt.NDArray[np.str_]:
    """Return the class of every series before every month, series x months.

    Parameters
    ----------
    values
        Counts, series x months; NaN where nothing is published.
    """
    mean = _mean(_before(values, 12))
    seen = np.nansum(_before(values, _SILENCE), axis=2) > 0
    movement, season = _movement_and_season(values)
    rules = {
        "new": ~seen,
        "sparse": mean < _SPARSE_BELOW,
        "wandering": movement >= _WANDERING_FROM,
        "seasonal": season >= _SEASONAL_FROM,
        "busy": mean >= _BUSY_FROM,
    }
    return np.select(list(rules.values()), list(rules), default="medium")


def yearly_movement(windows: Array) -> Array:
    """Return the mean absolute change of the yearly mean of log(1 + count) from year to year.

    Parameters
    ----------
    windows
        Any leading axes x 60 months, oldest first; without NaN.
    """
    years = np.log1p(windows).reshape(*windows.shape[:-1], _YEARS, 12)
    movement: Array = np.abs(np.diff(years.mean(axis=-1), axis=-1)).mean(axis=-1)
    return movement


def season_share(windows: Array) -> Array:
    """Return the share of the variation within years that one annual wave explains, 0 to 1; see above."""
    years = np.log1p(windows).reshape(*windows.shape[:-1], _YEARS, 12)
    within = years - years.mean(axis=-1, keepdims=True)
    profile = within.mean(axis=-2)
    angle = 2 * np.pi * np.arange(12) / 12
    explained = _YEARS * ((profile @ np.cos(angle)) ** 2 + (profile @ np.sin(angle)) ** 2) / 6
    total = (within**2).sum(axis=(-2, -1))
    share: Array = np.divide(explained, total, out=np.zeros_like(total), where=total > 0)
    return share


def _before(values: Array, length: int) -> Array:
    """Return, for each month, the ``length`` counts before it, series x months x length; NaN before the data."""
    padded = np.full((values.shape[0], values.shape[1] + length - 1), np.nan)
    padded[:, length:] = values[:, :-1]
    return np.lib.stride_tricks.sliding_window_view(padded, length, axis=1)


def _mean(windows: Array) -> Array:
    """Return the mean over the last axis of what is published; 0 where nothing is."""
    n = (~np.isnan(windows)).sum(axis=-1)
    mean: Array = np.nansum(windows, axis=-1) / np.maximum(n, 1)
    return mean


def _movement_and_season(values: Array) -> tuple[Array, Array]:
    """Return both over the five years before each month; NaN where those are not all published."""
    windows = _before(values, 12 * _YEARS)
    whole = ~np.isnan(windows).any(axis=2)
    movement, season = np.full(values.shape, np.nan), np.full(values.shape, np.nan)
    movement[whole], season[whole] = yearly_movement(windows[whole]), season_share(windows[whole])
    return movement, season
