"""Record: signs that the counting changed rather than what is counted. One value per corridor and month."""

import numpy as np

from counterpoise.attribution._kernels import Array, lagged, rolling_max, rolling_sum
from counterpoise.attribution.cube import Cube
from counterpoise.attribution.indicators.shape import monthly_jump
from counterpoise.attribution.indicators.windows import WINDOW_MONTHS, YEAR

__all__ = ["common_jump", "unidentified_rise"]

_ESTABLISHED = 24.0
"""People in the year before the window from which a nationality is established on a corridor."""
_SPREAD_FLOOR = 0.25
"""Spread of jumps (log scale) that equal changes of equal rates would still show in counts of this size."""
_SMALLEST_TOTAL = 30.0
_SHARE_MONTHS = 24


def common_jump(cube: Cube) -> Array:
    """Return how far all established nationalities jump alike: median jump over spread, the largest of the window.

    A rule of counting multiplies everybody; people who come do not rise in step. Needs three nationalities.
    """
    single = cube.counts[:, :-1]
    jump = monthly_jump(single)
    year_before = lagged(rolling_sum(single, YEAR), WINDOW_MONTHS)
    established = (year_before >= _ESTABLISHED) & ~cube.unidentified[None, :, None]
    jumps = np.where(established, jump, np.nan)
    enough = (~np.isnan(jumps)).sum(axis=1) >= 3
    median = _median(jumps, enough)
    spread = 1.4826 * _median(np.abs(jumps - median[:, None]), enough)
    return rolling_max(median / (_SPREAD_FLOOR + spread), WINDOW_MONTHS)


def _median(values: Array, enough: Array) -> Array:
    """Return the median over axis 1, NaN left out; NaN where there are not ``enough``."""
    filled = np.where(enough[:, None], values, 0.0)
    median: Array = np.where(enough, np.nanmedian(filled, axis=1), np.nan)
    return median


def unidentified_rise(cube: Cube) -> Array:
    """Return how far the share of people without a stated nationality lies above the mean of the two years before.

    The largest of the window; months with fewer than 30 people say nothing.
    """
    total = cube.counts[:, -1]
    unidentified = cube.counts[:, :-1][:, cube.unidentified].sum(axis=1)
    share = np.full(total.shape, np.nan)
    np.divide(unidentified, total, out=share, where=total >= _SMALLEST_TOTAL)
    before_total = lagged(rolling_sum(total, _SHARE_MONTHS), 1)
    before = lagged(rolling_sum(unidentified, _SHARE_MONTHS), 1)
    usual = np.full(total.shape, np.nan)
    np.divide(before, before_total, out=usual, where=before_total > 0)
    return rolling_max(share - usual, WINDOW_MONTHS)
