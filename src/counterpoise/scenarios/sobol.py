"""Sobol indices: how much of an outcome's variance each uncertainty explains, alone and with all others.

First order as Saltelli et al. (2010), table 2 (b); total as Jansen (1999), table 2 (f) there.
doi:10.1016/j.cpc.2009.09.018
"""

import numpy as np
import numpy.typing as npt

__all__ = ["estimate_indices", "saltelli_design"]

Values = npt.NDArray[np.float64]


def saltelli_design(d: int, n: int, rng: np.random.Generator) -> Values:
    """Return shares for ``n * (d + 2)`` runs, shape ``(d + 2, n, d)``: A, B, then A with one column from B each.

    ``n`` is a power of two: A and B are the two halves of one scrambled Sobol sequence.
    """
    from scipy.stats import qmc  # half a second to import, and only this needs it

    assert n & (n - 1) == 0
    both = qmc.Sobol(2 * d, rng=rng).random_base2(n.bit_length() - 1)
    a, b = both[:, :d], both[:, d:]
    mixed = np.repeat(a[None], d, axis=0)
    for i in range(d):
        mixed[i, :, i] = b[:, i]
    return np.concatenate([a[None], b[None], mixed])


def estimate_indices(at_a: Values, at_b: Values, at_ab: Values) -> tuple[Values, Values]:
    """Return first-order and total indices, shape ``(d,)`` each; nan where the outcome does not vary.

    Parameters
    ----------
    at_a, at_b
        Outcomes at A and B, shape ``(n,)``.
    at_ab
        Outcomes at A with one column from B, shape ``(d, n)``.
    """
    variance = np.concatenate([at_a, at_b]).var()
    centre = np.concatenate(
        [at_a, at_b, at_ab.ravel()]
    ).mean()  # any centre will do; this one has the least noise
    if variance == 0:
        nothing = np.full(len(at_ab), np.nan)
        return nothing, nothing.copy()
    a, b, ab = at_a - centre, at_b - centre, at_ab - centre
    first = (b * (ab - a)).mean(axis=1) / variance
    total = 0.5 * ((a - ab) ** 2).mean(axis=1) / variance
    return first, total
