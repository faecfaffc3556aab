"""Arrays behind the structural time series: the level's covariance, whitened once per set of months and ratio."""

from functools import lru_cache

import numpy as np
import numpy.typing as npt
from scipy.special import stdtr

__all__ = ["level_kernel", "mixture_quantiles"]

Array = npt.NDArray[np.float64]


@lru_cache(maxsize=256)
def level_kernel(
    pre: tuple[int, ...], post: tuple[int, ...], ratio: float
) -> tuple[Array, Array, Array, float]:
    """Return what depends on the months with a figure and the level ratio alone, so that it is computed once.

    The covariance of noise plus random walk is ``(1 - ratio) I + ratio min(s, t)``; months without a figure are
    left out of it, which is exact for this model.

    Parameters
    ----------
    pre, post
        Months with a figure, counted from 1.
    ratio
        Share of the one-step variance that moves the level.

    Returns
    -------
    tuple
        Inverse Cholesky factor of the pre period (pre x pre); gain from whitened pre to post (post x pre);
        covariance of post given pre (post x post); log determinant of pre.
    """
    time, n_pre = np.array(pre + post, dtype=np.float64), len(pre)
    covariance = ratio * np.minimum.outer(time, time) + (1 - ratio) * np.eye(len(time))
    factor = np.linalg.cholesky(covariance[:n_pre, :n_pre])
    inverse = np.linalg.inv(factor)
    gain = covariance[n_pre:, :n_pre] @ inverse.T
    rest = covariance[n_pre:, n_pre:] - gain @ gain.T
    return inverse, gain, rest, float(2 * np.log(np.diag(factor)).sum())


def mixture_quantiles(probabilities: Array, weights: Array, means: Array, scales: Array, df: float) -> Array:
    """Return quantiles of a mixture of Student t distributions, by bisection to 1e-9 of the widest bracket."""
    widest = 200.0 * scales.max()
    lower = np.full(probabilities.shape, means.min() - widest)
    upper = np.full(probabilities.shape, means.max() + widest)
    for _ in range(48):
        middle = (lower + upper) / 2
        below = stdtr(df, (middle[:, None] - means) / scales) @ weights < probabilities
        lower = np.where(below, middle, lower)
        upper = np.where(below, upper, middle)
    found: Array = np.asarray((lower + upper) / 2, dtype=np.float64)
    return found
