"""How rare a count really was: tail probabilities recalibrated on what all series have shown before.

Monthly flows have heavier tails than any count model: a nominal one in a thousand happens several times as
often. So each period's tail probability is read against those of all earlier periods, series of a like size
together, as an empirical distribution whose upper tenth is continued by a generalised Pareto distribution fitted
by probability-weighted moments (Pickands 1975; Hosking & Wallis 1987, equation 7). It is prequential (Dawid
1984): a period is judged by earlier ones only, so that the recalibration itself can be checked.
"""

import numpy as np
import numpy.typing as npt

from counterpoise.monitoring._kernels import Array

__all__ = ["SIZE_EDGES", "recalibrate"]

SIZE_EDGES = np.array([0.3, 3.0, 30.0])
"""Expected counts that part the sizes."""
_TAIL_SHARE = 0.1
_FEWEST = 200
"""With fewer earlier cases of a size the model's own probability is all there is."""
_MOST = 100_000
"""Beyond so many earlier cases every second one is dropped, so that the cost of a period stays bounded."""
_SHAPES = (1e-3, 0.95)
"""The tail is at least exponential, and has a mean."""


def recalibrate(tail_probability: Array, expected: Array, judged: npt.NDArray[np.bool_]) -> Array:
    """Return recalibrated tail probabilities; NaN where too few earlier cases are at hand.

    Parameters
    ----------
    tail_probability
        P(count >= observed) under the model, series x periods; NaN where nothing is published.
    expected
        Predictive means, series x periods.
    judged
        Series x periods: where the series has a baseline and the figure is settled. Only these teach.

    Returns
    -------
    numpy.ndarray
        Series x periods: the share of earlier cases of this size that were at least as extreme.
    """
    extremeness = -np.log(np.clip(tail_probability, 1e-300, 1.0))
    size = np.digitize(expected, SIZE_EDGES)
    calibrated = np.full(tail_probability.shape, np.nan)
    for group in range(len(SIZE_EDGES) + 1):
        of_group = judged & (size == group)
        earlier = np.empty(0)
        for t in range(tail_probability.shape[1]):
            now = of_group[:, t]
            if len(earlier) >= _FEWEST and now.any():
                calibrated[now, t] = _share_as_extreme(earlier, extremeness[now, t])
            if now.any():  # kept sorted, so that each period costs one merge
                fresh = np.sort(extremeness[now, t])
                earlier = np.insert(earlier, np.searchsorted(earlier, fresh), fresh)
            if len(earlier) > _MOST:  # sorted, so every second one keeps the distribution
                earlier = earlier[::-2][::-1]
    return calibrated


def _share_as_extreme(earlier: Array, now: Array) -> Array:
    """Return the share of a sorted sample at least as large, its upper tenth continued by a Pareto tail."""
    n = len(earlier)
    n_tail = max(int(np.ceil(_TAIL_SHARE * n)), 2)
    start = earlier[n - n_tail]
    excess = earlier[n - n_tail :] - start
    empirical = (n - np.searchsorted(earlier, now, side="left") + 1) / (n + 1)
    if excess[-1] == 0.0:  # no tail to fit: all the largest are equal
        return empirical
    shape, scale = _pareto_by_weighted_moments(excess)
    tail = n_tail / n * (1.0 + shape * np.maximum(now - start, 0.0) / scale) ** (-1.0 / shape)
    return np.where(now > start, tail, empirical)


def _pareto_by_weighted_moments(excess: Array) -> tuple[float, float]:
    """Return shape and scale of a generalised Pareto distribution (Hosking & Wallis 1987, with a_1 = b_0 - b_1)."""
    n = len(excess)
    position = (np.arange(1, n + 1) - 0.35) / n
    mean = float(excess.mean())
    weighted = float(((1.0 - position) * excess).mean())
    shape = float(np.clip(2.0 - mean / (mean - 2.0 * weighted), *_SHAPES))
    return shape, mean * (1.0 - shape)
