"""Route specificity: the same nationality on all other corridors at the time, as the counterfactual.

Of a total, each nationality counts with its share of the rise here: they are those of whom it is asked.
"""

import numpy as np

from counterpoise.attribution._kernels import Array, lagged, log_ratio, rolling_sum
from counterpoise.attribution.cube import Cube
from counterpoise.attribution.indicators.shape import abruptness, run_up
from counterpoise.attribution.indicators.windows import PSEUDO_COUNT, WINDOW_MONTHS, YEAR

__all__ = [
    "abruptness_elsewhere",
    "compensation",
    "donor",
    "growth_elsewhere",
    "growth_here",
    "run_up_elsewhere",
    "specificity",
]


def growth_here(cube: Cube) -> Array:
    """Return the log growth of the window against the same window a year before; shape of ``cube.counts``."""
    window = rolling_sum(cube.counts, WINDOW_MONTHS)
    return log_ratio(window, lagged(window, YEAR), PSEUDO_COUNT)


def growth_elsewhere(cube: Cube) -> Array:
    """Return the log growth of the same nationality on all other corridors together; NaN where no other has it.

    For a total: the mean over identified nationalities, weighted by their rise here against a year before.
    """
    window = rolling_sum(_others(cube), WINDOW_MONTHS)
    return _of_nationalities(cube, log_ratio(window, lagged(window, YEAR), PSEUDO_COUNT))


def abruptness_elsewhere(cube: Cube) -> Array:
    """Return ``abruptness`` of the same nationality on all other corridors together; of a total as above."""
    return _of_nationalities(cube, abruptness(_others(cube)))


def run_up_elsewhere(cube: Cube) -> Array:
    """Return ``run_up`` of the same nationality on all other corridors together; of a total as above."""
    return _of_nationalities(cube, run_up(_others(cube)))


def _others(cube: Cube) -> Array:
    """Return the people of each nationality on all other corridors; corridors x nationalities x months."""
    others: Array = cube.counts[:, :-1].sum(axis=0) - cube.counts[:, :-1]
    return others


def _of_nationalities(cube: Cube, values: Array) -> Array:
    """Blank nationalities that no other corridor has, and add the total, weighted by the rise here."""
    elsewhere = cube.held[:, :-1].sum(axis=0) - cube.held[:, :-1]
    usable = (elsewhere > 0) & ~cube.unidentified
    values = np.where(usable[..., None], values, np.nan)
    window = rolling_sum(cube.counts[:, :-1], WINDOW_MONTHS)
    rise = np.maximum(np.nan_to_num(window - lagged(window, YEAR)), 0.0)
    return np.concatenate([values, _weighted(values, rise)[:, None]], axis=1)


def specificity(cube: Cube) -> Array:
    """Return the growth here less the growth elsewhere: the difference in log growth."""
    return growth_here(cube) - growth_elsewhere(cube)


def compensation(cube: Cube) -> Array:
    """Return falls of the same nationality on other corridors, as a share of its rise here; 0 to 1.

    1 means that as many fewer came elsewhere as came more here: people took another way. NaN where nothing rose.
    """
    window = rolling_sum(cube.counts[:, :-1], WINDOW_MONTHS)
    change = window - lagged(window, YEAR)
    falls = np.maximum(-change, 0.0)
    elsewhere = falls.sum(axis=0) - falls
    rise = np.maximum(change, 0.0)
    share = np.full(change.shape, np.nan)
    np.divide(np.minimum(elsewhere, rise), rise, out=share, where=rise >= PSEUDO_COUNT)
    usable = (cube.held[:, :-1].sum(axis=0) > 1) & ~cube.unidentified
    share[~np.broadcast_to(usable, share.shape[:2])] = np.nan
    return np.concatenate([share, _weighted(share, rise)[:, None]], axis=1)


def donor(cube: Cube) -> Array:
    """Return the falls on the one other corridor that best match the rises here, as a share of all rises; 0 to 1.

    One value per corridor and month. People who take another way come from one that they, and others, took before.
    """
    window = rolling_sum(cube.counts[:, :-1][:, ~cube.unidentified], WINDOW_MONTHS)
    change = np.nan_to_num(window - lagged(window, YEAR))
    rises, falls = np.maximum(change, 0.0), np.maximum(-change, 0.0)
    matched = np.stack([np.minimum(rise, falls).sum(axis=1) for rise in rises])  # corridor x donor x months
    rise = rises.sum(axis=1)
    share: Array = np.full(rise.shape, np.nan)
    np.divide(matched.max(axis=1), rise, out=share, where=rise >= PSEUDO_COUNT)
    return share


def _weighted(values: Array, weights: Array) -> Array:
    """Return the weighted mean over nationalities (axis 1), NaN left out; corridors x months."""
    known = ~np.isnan(values) & (weights > 0)
    weight = np.where(known, weights, 0.0).sum(axis=1)
    summed = np.where(known, np.nan_to_num(values) * np.nan_to_num(weights), 0.0).sum(axis=1)
    mean: Array = np.full(weight.shape, np.nan)
    np.divide(summed, weight, out=mean, where=weight > 0)
    return mean
