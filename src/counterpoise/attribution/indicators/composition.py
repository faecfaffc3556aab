"""Composition novelty: whether those counted on a corridor are others than those counted there before.

One value per corridor and month. A difference between two samples is never 0, and is larger in small ones: the
Jensen-Shannon divergence is therefore taken less what two samples of these sizes from one mix would show, in the
chi-squared approximation (Lin 1991, "Divergence measures based on the Shannon entropy", for the divergence; the
expectation (K - 1)(1/n + 1/m)/8 follows from a second-order expansion).
"""

import numpy as np

from counterpoise.attribution._kernels import Array, lagged, rolling_sum
from counterpoise.attribution.cube import Cube
from counterpoise.attribution.indicators.windows import WINDOW_MONTHS, YEAR

__all__ = ["breadth", "new_share", "novelty"]

_PAST_MONTHS = 2 * YEAR
_SMALLEST_COUNT = 20.0
"""Identified people needed in the window and in the past; below this a mix is noise."""
_NO_HISTORY = 10.0
"""A nationality with fewer people in the two years before has no history on the corridor."""


def _windows(cube: Cube) -> tuple[Array, Array]:
    """Return identified people in the window and in the two years before it; corridors x nationalities x months."""
    identified = cube.counts[:, :-1][:, ~cube.unidentified]
    window = rolling_sum(identified, WINDOW_MONTHS)
    past = lagged(rolling_sum(identified, _PAST_MONTHS), WINDOW_MONTHS)
    return window, past


def novelty(cube: Cube) -> Array:
    """Return the Jensen-Shannon divergence (nats) of the window's mix from the two years before, bias corrected."""
    window, past = _windows(cube)
    n, m = window.sum(axis=1), past.sum(axis=1)
    enough = (n >= _SMALLEST_COUNT) & (m >= _SMALLEST_COUNT)
    p = window / np.where(enough, n, np.nan)[:, None]
    q = past / np.where(enough, m, np.nan)[:, None]
    mixed = (p + q) / 2
    divergence = (_entropy(mixed) - (_entropy(p) + _entropy(q)) / 2).astype(np.float64)
    kinds = (mixed > 0).sum(axis=1)
    bias = np.where(enough, (kinds - 1) * (1 / np.maximum(n, 1) + 1 / np.maximum(m, 1)) / 8, np.nan)
    return np.asarray(divergence - bias, dtype=np.float64)


def _entropy(shares: Array) -> Array:
    logs = np.log(np.where(shares > 0, shares, 1.0))
    entropy: Array = -(shares * logs).sum(axis=1)
    return entropy


def breadth(cube: Cube) -> Array:
    """Return over how many nationalities the rise against a year before is spread: 1 / sum of squared shares."""
    identified = cube.counts[:, :-1][:, ~cube.unidentified]
    window = rolling_sum(identified, WINDOW_MONTHS)
    rise = np.maximum(window - lagged(window, YEAR), 0.0)
    total = rise.sum(axis=1)
    spread: Array = np.full(total.shape, np.nan)
    np.divide(total**2, (rise**2).sum(axis=1), out=spread, where=total >= _SMALLEST_COUNT)
    return spread


def new_share(cube: Cube) -> Array:
    """Return the share (0 to 1) of the window's people whose nationality has no history on the corridor."""
    window, past = _windows(cube)
    n = window.sum(axis=1)
    new = np.where(past < _NO_HISTORY, window, 0.0).sum(axis=1)
    share: Array = np.full(n.shape, np.nan)
    np.divide(new, n, out=share, where=n >= _SMALLEST_COUNT)
    share[np.isnan(past).any(axis=1)] = np.nan
    return share
