"""Synthetic control: other corridors, weighted so that together they followed this one before the responses.

Weights lie on the simplex and match the whole path of the pre period about its mean; what the match leaves is taken up
by a ridge correction (augmented synthetic control: Ben-Michael, Feller & Rothstein 2021, JASA 116). Inference is
conformal: under each effect the residuals of all periods are shifted round, and the effect is kept whose mean residual
after is not unusual (Chernozhukov, Wüthrich & Zhu 2021, JASA 116). Placebo in space: each donor is treated in turn
(Abadie, Diamond & Hainmueller 2010, JASA 105).
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.optimize import nnls

__all__ = ["SyntheticControl", "estimate_synthetic", "simplex_weights"]

Array = npt.NDArray[np.float64]

_RIDGES = (0.1, 1.0, 10.0, 1e6)
"""Penalties of the correction, relative to the donors' variance; the last corrects nothing."""
_N_EFFECTS = 49
_REACH = 4.0
"""Effects are tried up to so many root mean squared residuals before, either way."""
_FEWEST_DONORS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class SyntheticControl:
    """What the treated corridor counted over its synthetic control.

    Parameters
    ----------
    weights
        Of the donors, on the simplex, before the correction.
    estimate, lower, upper
        Mean log ratio over the post period, with the conformal interval.
    fit
        Root mean squared residual before over the standard deviation of the path: near 1, nothing is followed.
    p_space
        Share of corridors, this one among them, whose ratio of residuals after to before is at least as large.
    without_one
        Least and largest estimate when any one donor is left out.
    """

    weights: Array
    estimate: float
    lower: float
    upper: float
    fit: float
    p_space: float
    without_one: tuple[float, float]


def simplex_weights(target: Array, donors: Array) -> Array:
    """Return the weights on the simplex with the least squared distance.

    With the sum of weights fixed, the distance is the length of the weighted mean of what each donor differs by. The
    non-negative vector that brings this mean to 0 and its own sum to 1 as nearly as it can is that mean's weights
    times a number (Lawson & Hanson 1974, chapter 23), so that one non-negative regression finds them exactly.

    Parameters
    ----------
    target
        Periods.
    donors
        Periods x donors.
    """
    apart = donors - target[:, None]
    size = float(np.square(apart).sum()) / donors.shape[1]
    if size == 0.0:
        return np.full(donors.shape[1], 1 / donors.shape[1])
    root = np.linalg.qr(apart / np.sqrt(size), mode="r")
    rows = np.vstack([root, np.ones(donors.shape[1])])
    found, _ = nnls(rows, np.append(np.zeros(len(root)), 1.0))
    weights: Array = found / found.sum()
    return weights


def _gaps(target: Array, donors: Array, n_fit: int, ridge: float) -> tuple[Array, Array]:
    """Return treated less synthetic for all periods, and the simplex weights, matched on the first ``n_fit``."""
    target, donors = target - target[:n_fit].mean(), donors - donors[:n_fit].mean(axis=0)
    weights = simplex_weights(target[:n_fit], donors[:n_fit])
    left = target[:n_fit] - donors[:n_fit] @ weights
    gram = donors[:n_fit].T @ donors[:n_fit]
    penalty = ridge * float(np.trace(gram)) / gram.shape[0]
    corrected = weights + np.linalg.solve(
        gram + max(penalty, 1e-9) * np.eye(len(weights)), donors[:n_fit].T @ left
    )
    return target - donors @ corrected, weights


def _chosen_ridge(target: Array, donors: Array, n_pre: int, n_post: int) -> float:
    """Return the penalty that forecasts the last stretch before the responses best."""
    cut = max(n_pre - n_post, n_pre // 2)
    errors = [
        float(np.square(_gaps(target[:n_pre], donors[:n_pre], cut, r)[0][cut:]).mean()) for r in _RIDGES
    ]
    return _RIDGES[int(np.argmin(errors))]


def estimate_synthetic(log_counts: Array, n_pre: int, *, level: float = 0.95) -> SyntheticControl | None:
    """Return the synthetic control of the first series from the others; None with fewer than three others.

    Parameters
    ----------
    log_counts
        Corridors x periods, ``log(1 + count)``, the treated one first; without gaps.
    """
    if len(log_counts) <= _FEWEST_DONORS:
        return None
    target, donors = log_counts[0], log_counts[1:].T
    n_post = len(target) - n_pre
    ridge = _chosen_ridge(target, donors, n_pre, n_post)
    gaps, weights = _gaps(target, donors, n_pre, ridge)
    estimate = float(gaps[n_pre:].mean())
    reach = _REACH * max(float(np.sqrt(np.square(gaps[:n_pre]).mean())), 0.05)
    lower, upper = _conformal(target, donors, n_pre, (estimate, reach), ridge, level)
    ratios = [
        _ratio(log_counts[i], np.delete(log_counts, i, axis=0).T, n_pre, ridge)
        for i in range(len(log_counts))
    ]
    others = [
        float(_gaps(target, np.delete(donors, i, axis=1), n_pre, ridge)[0][n_pre:].mean())
        for i in range(donors.shape[1])
    ]
    spread = float(target[:n_pre].std())
    return SyntheticControl(
        weights=weights,
        estimate=estimate,
        lower=lower,
        upper=upper,
        fit=float(np.sqrt(np.square(gaps[:n_pre]).mean()) / spread) if spread > 0 else 1.0,
        p_space=float(np.mean(np.array(ratios) >= ratios[0])),
        without_one=(min(others), max(others)),
    )


def _ratio(target: Array, donors: Array, n_pre: int, ridge: float) -> float:
    squares = np.square(_gaps(target, donors, n_pre, ridge)[0])
    return float(squares[n_pre:].mean() / max(float(squares[:n_pre].mean()), 1e-12))


def _conformal(
    target: Array, donors: Array, n_pre: int, tried: tuple[float, float], ridge: float, level: float
) -> tuple[float, float]:
    """Return the least and largest constant effect under which the residuals after are not unusual, a step further.

    Under each effect the control is matched anew on all periods, that after less the effect; the statistic is the
    absolute mean residual of a block as long as the post period, over all shifts round the circle.
    """
    n, n_post = len(target), len(target) - n_pre
    after = np.arange(n) >= n_pre
    estimate, reach = tried
    kept = []
    for effect in np.linspace(estimate - reach, estimate + reach, _N_EFFECTS):
        gaps, _ = _gaps(target - effect * after, donors, n, ridge)
        circle = np.concatenate([gaps, gaps[: n_post - 1]])
        means = np.abs(np.convolve(circle, np.full(n_post, 1 / n_post), mode="valid"))
        if float(np.mean(means >= means[n_pre] - 1e-12)) > 1 - level:
            kept.append(float(effect))
    step = 2 * reach / (_N_EFFECTS - 1)
    return (min(kept) - step, max(kept) + step) if kept else (estimate - step, estimate + step)
