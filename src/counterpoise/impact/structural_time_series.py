"""Structural time series in closed form, averaged over level ratios and ridge scales.

The log count is a moving level, calendar months, regression on unaffected series, jumps where counting rules
changed, and noise. Given the share of variance that moves the level, and the ridge scale of the regression, all
is conjugate: the counterfactual is a Student t in closed form. Both are averaged over by marginal likelihood.
Bayesian structural time series: Brodersen et al. (2015), Annals of Applied Statistics 9(1), section 2; here
without sampling, and never with a level held fixed.

Months after a restless year are restless too, so the variance of what is to come is scaled by that of the
month-to-month changes of the last two years, relative to all before, shrunk towards no scaling.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from counterpoise.impact._kernels import level_kernel, mixture_quantiles
from counterpoise.impact.options import EVALUATE_DEFAULTS, EvaluateOptions

__all__ = ["Estimate", "estimate_structural"]

Array = npt.NDArray[np.float64]

_INTERCEPT_SCALE = 100.0
_PRIOR_DF = 2.0
_PRIOR_VARIANCE = 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """Mean log ratio over the post period with its interval, and the counterfactual (log scale, post periods)."""

    estimate: float
    lower: float
    upper: float
    expected: Array


def estimate_structural(
    log_counts: Array,
    n_pre: int,
    *,
    controls: Array | None = None,
    first_month: int = 1,
    rule_changes: tuple[int, ...] = (),
    options: EvaluateOptions = EVALUATE_DEFAULTS,
) -> Estimate:
    """Return the mean log ratio of observed to counterfactual over the post period.

    Parameters
    ----------
    log_counts
        ``log(1 + count)``, pre and post periods; finite.
    n_pre
        Periods before the response.
    controls
        Periods x series, log scale, unaffected by the response; standardised here on the pre period.
    first_month
        Calendar month of the first period, 1 to 12.
    rule_changes
        Columns of the pre period from which another counting rule held.
    """
    n = log_counts.shape[0]
    design, scales, ridged = _design(n, n_pre, controls, first_month, rule_changes, options)
    centre = log_counts[:n_pre].mean()
    before = log_counts[:n_pre] - centre
    evidence, means, variances, expected = [], [], [], []
    df = n_pre + _PRIOR_DF
    recent = _recent_variance(log_counts[:n_pre], options)
    for ratio in options.level_ratios:
        inverse, gain, rest, log_determinant = level_kernel(n_pre, n - n_pre, ratio)
        white, white_y = inverse @ design[:n_pre], inverse @ before
        cross, gram, total = white.T @ white_y, white.T @ white, float(white_y @ white_y)
        left = design[n_pre:] - gain @ white
        base = gain @ white_y
        for ridge in options.ridge_scales if ridged.any() else (1.0,):
            prior = np.where(ridged, ridge, scales)
            precision = gram + np.diag(1 / prior)
            factor = np.linalg.cholesky(precision)
            solved = np.linalg.solve(precision, np.column_stack([cross, left.mean(axis=0)]))
            squares = total - float(cross @ solved[:, 0]) + _PRIOR_DF * _PRIOR_VARIANCE
            log_volume = log_determinant + 2 * np.log(np.diag(factor)).sum() + np.log(prior).sum()
            evidence.append(-0.5 * log_volume - 0.5 * df * np.log(squares))
            mean = base + left @ solved[:, 0]
            expected.append(mean)
            means.append(float(mean.mean()))
            spread = rest.mean() + float(left.mean(axis=0) @ solved[:, 1])
            variances.append(recent * squares / df * spread)
    weights = np.exp(np.array(evidence) - max(evidence))
    weights /= weights.sum()
    observed = float(log_counts[n_pre:].mean() - centre)
    tail = (1 - options.level) / 2
    quantiles = mixture_quantiles(
        np.array([tail, 1 - tail]), weights, np.array(means), np.sqrt(np.array(variances)), df
    )
    return Estimate(
        estimate=observed - float(weights @ np.array(means)),
        lower=observed - float(quantiles[1]),
        upper=observed - float(quantiles[0]),
        expected=centre + weights @ np.array(expected),
    )


def _recent_variance(log_counts: Array, options: EvaluateOptions) -> float:
    """Return the variance of recent changes over that of all, shrunk towards 1; 1 where nothing ever changed."""
    squares = np.square(np.diff(log_counts))
    whole = float(squares.mean())
    if whole == 0.0:
        return 1.0
    last = squares[-options.recent_periods :]
    prior = options.recent_prior_periods
    return (prior + float(last.sum()) / whole) / (prior + len(last))


def _design(
    n: int,
    n_pre: int,
    controls: Array | None,
    first_month: int,
    rule_changes: tuple[int, ...],
    options: EvaluateOptions,
) -> tuple[Array, Array, npt.NDArray[np.bool_]]:
    """Return the regressors, the prior variance of each, and which of them the ridge scale governs."""
    time = np.arange(n)
    season = ((time + first_month - 1) % 12)[:, None] == np.arange(12)
    jumps = time[:, None] >= np.array(rule_changes, dtype=np.int64)
    blocks = [np.ones((n, 1)), season.astype(np.float64), jumps.astype(np.float64)]
    scales = [
        _INTERCEPT_SCALE,
        *[options.season_scale] * 12,
        *[options.rule_change_scale] * len(rule_changes),
    ]
    if controls is not None:
        spread = controls[:n_pre].std(axis=0)
        moving = controls[:, spread > 0]
        blocks.append((moving - moving[:n_pre].mean(axis=0)) / spread[spread > 0])
    design = np.column_stack(blocks)
    ridged = np.arange(design.shape[1]) >= len(scales)
    return design, np.concatenate([scales, np.ones(design.shape[1] - len(scales))]), ridged
