"""Abruptness and shape: how sudden a rise is, whether it was under way, and whether it comes every year.

Each function takes counts (series x months) and returns a value per series and month that uses only that month and
earlier ones; NaN where too little history stands before it.
"""

import numpy as np

from counterpoise.attribution._kernels import Array, lagged, log_ratio, rolling_max, rolling_sum
from counterpoise.attribution.indicators.windows import PSEUDO_COUNT, WINDOW_MONTHS, YEAR

__all__ = ["RISE_FACTOR", "SMALLEST_RISE", "abruptness", "is_rise", "monthly_jump", "run_up", "year_ratio"]

SMALLEST_RISE = 30.0
RISE_FACTOR = 1.5


def monthly_jump(counts: Array) -> Array:
    """Return the log ratio of a month to the mean of the three before, less the same of one and two years before.

    Taking off the earlier years' jumps removes the season.
    """
    before = lagged(rolling_sum(counts, 3), 1) / 3
    jump = log_ratio(counts, before, PSEUDO_COUNT)
    usual = (lagged(jump, YEAR) + lagged(jump, 2 * YEAR)) / 2
    return jump - usual


def abruptness(counts: Array) -> Array:
    """Return the largest ``monthly_jump`` of the window."""
    return rolling_max(monthly_jump(counts), WINDOW_MONTHS)


def run_up(counts: Array) -> Array:
    """Return the log growth, against a year before, of the six months before the window.

    A rise that was long under way has a high value; one that begins with the window has none.
    """
    before = lagged(rolling_sum(counts, 6), WINDOW_MONTHS)
    return log_ratio(before, lagged(before, YEAR), PSEUDO_COUNT)


def year_ratio(counts: Array) -> Array:
    """Return the log ratio of the window to the larger of the same windows one and two years before.

    Near 0 where a season comes back.
    """
    window = rolling_sum(counts, WINDOW_MONTHS)
    larger = np.maximum(lagged(window, YEAR), lagged(window, 2 * YEAR))
    return log_ratio(window, larger, PSEUDO_COUNT)


def is_rise(counts: Array) -> bool:
    """Return whether the last window of a series is a rise: 30 people, and half as many again as the year before.

    Attribution is asked of rises only; of other months there is nothing to attribute.
    """
    window = counts[-WINDOW_MONTHS:].sum()
    year_before = counts[-WINDOW_MONTHS - YEAR : -WINDOW_MONTHS].mean() * WINDOW_MONTHS
    return bool(window >= SMALLEST_RISE and window >= RISE_FACTOR * year_before)
