"""CUSUM and generalised likelihood ratio: evidence that a rise began some periods ago and has lasted."""

from dataclasses import dataclass
from math import log
from typing import Literal

import numpy as np
import numpy.typing as npt

from counterpoise.monitoring.detectors._in_control import in_control
from counterpoise.monitoring.detectors.base import Array

__all__ = ["CountChart", "cusum_statistic", "glr_statistic"]

_POISSON_BELOW = 1e-6
"""Dispersions below this are treated as 0: the two likelihoods then differ by less than rounding."""
_LARGEST_SHIFT = log(10_000.0)
_NEWTON_STEPS = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class CountChart:
    r"""Count data regression charts (Höhle & Paul 2008).

    Counts are negative binomial with in-control mean :math:`\mu_{0,t}` and dispersion :math:`\alpha`; out of control
    the mean is :math:`\mu_{0,t} e^\kappa` from an unknown period on (section 2.1, the change in the intercept). With
    log likelihood ratio :math:`l_t(\kappa)`, the CUSUM fixes :math:`\kappa` and the GLR maximises over it:

    .. math:: C_t = \max(0, C_{t-1} + l_t(\kappa)), \qquad
              G_t = \max_{t-M \le k \le t} \sup_{\kappa \ge 0} \sum_{i=k}^{t} l_i(\kappa)

    Above ``reset_above`` the chart starts anew with the next period, as in R ``surveillance::glrnb``, whose statistics
    ours equal when mean and dispersion are given (fixtures in ``tests/published``); its Poisson GLR with a window asks
    for two periods of evidence at least, ours for one, as its other charts do.

    Different from the paper: there the in-control mean is fitted once to years known to be quiet. Here there are none,
    and it is refitted for each period to a trailing baseline that ends half a year earlier, with one annual wave and
    no trend (``glrnb``: ``S=1, trend=FALSE``); the dispersion is a moment estimate rather than ``glm.nb``'s.

    Parameters
    ----------
    method
        ``cusum`` or ``glr``.
    shift
        The rise a CUSUM looks for, as a log factor; log 2, a doubling (ours; the paper leaves it to the user).
    window
        M, in periods: how far back a rise may have begun. 12 is ours; ``glrnb`` has no limit by default.
    reset_above
        5, the ``c.ARL`` of the paper and of ``glrnb``.
    baseline, skip, least
        Periods of the baseline, latest periods left out of it, and published periods it needs.
    periods_per_year
        Periods in a year.
    """

    method: Literal["cusum", "glr"] = "glr"
    shift: float = log(2.0)
    window: int = 12
    reset_above: float = 5.0
    baseline: int = 60
    skip: int = 6
    least: int = 24
    periods_per_year: int = 12

    @property
    def name(self) -> str:
        """Short stable name."""
        return f"count_{self.method}"

    @property
    def reference(self) -> str:
        """Where the method comes from."""
        return "Höhle & Paul 2008, Comput Stat Data Anal 52, section 2"

    def score(self, values: Array, *, first_month: int) -> Array:
        """Return the chart's statistic, series x periods; see ``Detector.score``."""
        mean, alpha = in_control(
            values,
            baseline=self.baseline,
            skip=self.skip,
            least=self.least,
            periods_per_year=self.periods_per_year,
        )
        if self.method == "cusum":
            return cusum_statistic(values, mean, alpha, shift=self.shift, reset_above=self.reset_above)
        return glr_statistic(values, mean, alpha, window=self.window, reset_above=self.reset_above)


def cusum_statistic(counts: Array, mean: Array, alpha: Array, *, shift: float, reset_above: float) -> Array:
    """Return the likelihood ratio CUSUM; arrays are series x periods, NaN where a count or mean is missing."""
    statistic = np.full(counts.shape, np.nan)
    state = np.zeros(len(counts))
    ratio = _log_ratio(counts, mean, alpha, np.full(counts.shape, shift))
    for t in range(counts.shape[1]):
        known = ~np.isnan(ratio[:, t])
        state = np.where(known, np.maximum(0.0, state + np.nan_to_num(ratio[:, t])), state)
        statistic[known, t] = state[known]
        state = np.where(state > reset_above, 0.0, state)
    return statistic


def glr_statistic(counts: Array, mean: Array, alpha: Array, *, window: int, reset_above: float) -> Array:
    """Return the window-limited GLR; arrays are series x periods, NaN where a count or mean is missing."""
    known = ~(np.isnan(counts) | np.isnan(mean) | np.isnan(alpha))
    statistic = np.full(counts.shape, np.nan)
    age = np.zeros(len(counts), dtype=np.intp)
    for t in range(counts.shape[1]):
        age += 1
        span = slice(max(0, t - window), t + 1)
        recent = np.arange(span.start, t + 1) > t - age[:, None]
        use = known[:, span] & recent
        best = _best_rise(counts[:, span], mean[:, span], alpha[:, span], use)
        statistic[:, t] = np.where(known[:, t], best, np.nan)
        age = np.where(known[:, t] & (best > reset_above), 0, age)
    return statistic


def _best_rise(counts: Array, mean: Array, alpha: Array, use: npt.NDArray[np.bool_]) -> Array:
    """Return the largest log likelihood ratio over starts and sizes of a rise, one per series.

    Works on starts x series x periods: for each start, Newton steps in the log factor (concave), begun at the
    Poisson solution.
    """
    n_periods = counts.shape[1]
    after = np.arange(n_periods) >= np.arange(n_periods)[:, None]
    weight = (after[:, None, :] & use[None]).astype(np.float64)
    counts, mean, alpha = (np.where(use, a, fill) for a, fill in ((counts, 0.0), (mean, 1.0), (alpha, 0.0)))
    alpha = np.maximum(alpha, _POISSON_BELOW)
    expected = (weight * mean).sum(axis=2)
    with np.errstate(divide="ignore", invalid="ignore"):
        shift = np.log((weight * counts).sum(axis=2) / expected)
    shift = np.clip(np.nan_to_num(shift, nan=0.0, neginf=0.0), 0.0, _LARGEST_SHIFT)
    for _ in range(_NEWTON_STEPS):
        raised = alpha * mean * np.exp(shift)[:, :, None]
        share = raised / (1.0 + raised)
        slope = (weight * (counts - (counts + 1.0 / alpha) * share)).sum(axis=2)
        curvature = (weight * (counts + 1.0 / alpha) * share * (1.0 - share)).sum(axis=2)
        step = np.divide(slope, curvature, out=np.zeros_like(slope), where=curvature > 0)
        shift = np.clip(shift + np.clip(step, -1.0, 1.0), 0.0, _LARGEST_SHIFT)
        if np.abs(step).max(initial=0.0) < 1e-10:
            break
    ratio = _log_ratio(counts, mean, alpha, np.broadcast_to(shift[:, :, None], weight.shape))
    best: Array = np.maximum((weight * ratio).sum(axis=2).max(axis=0), 0.0)
    return best


def _log_ratio(counts: Array, mean: Array, alpha: Array, shift: Array) -> Array:
    """Return the log likelihood ratio of a mean raised by ``exp(shift)`` against ``mean``."""
    poisson = shift * counts - mean * np.expm1(shift)
    safe = np.maximum(alpha, _POISSON_BELOW)
    change = np.log1p(safe * mean) - np.log1p(safe * mean * np.exp(shift))
    return np.where(alpha <= _POISSON_BELOW, poisson, shift * counts + (counts + 1.0 / safe) * change)
