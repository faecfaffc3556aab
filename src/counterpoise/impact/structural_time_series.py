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
    """Mean log ratio over the post period with its interval.

    Parameters
    ----------
    expected
        Counterfactual, log scale, one value per post period; also where no figure is published.
    """

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
        ``log(1 + count)``, pre and post periods; NaN where no figure is published. The mean is over the post
        periods with one.
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
    published = np.flatnonzero(~np.isnan(log_counts))
    before, after = published[published < n_pre], published[published >= n_pre]
    design, scales, ridged = _design(n, n_pre, controls, first_month, rule_changes, options)
    centre = log_counts[before].mean()
    centred = log_counts[before] - centre
    shown = np.searchsorted(np.arange(n_pre, n), after)
    months = tuple((before + 1).tolist()), tuple(range(n_pre + 1, n + 1))
    evidence, means, variances, expected = [], [], [], []
    df = len(before) + _PRIOR_DF
    recent = _recent_variance(log_counts[:n_pre], options)
    for ratio in options.level_ratios:
        inverse, gain, rest, log_determinant = level_kernel(*months, ratio)
        white, white_y = inverse @ design[before], inverse @ centred
        cross, gram, total = white.T @ white_y, white.T @ white, float(white_y @ white_y)
        left = design[n_pre:] - gain @ white
        base = gain @ white_y
        spread_of_level = rest[np.ix_(shown, shown)].mean()
        mean_left = left[shown].mean(axis=0)
        for ridge in options.ridge_scales if ridged.any() else (1.0,):
            prior = np.where(ridged, ridge, scales)
            precision = gram + np.diag(1 / prior)
            factor = np.linalg.cholesky(precision)
            solved = np.linalg.solve(precision, np.column_stack([cross, mean_left]))
            squares = total - float(cross @ solved[:, 0]) + _PRIOR_DF * _PRIOR_VARIANCE
            log_volume = log_determinant + 2 * np.log(np.diag(factor)).sum() + np.log(prior).sum()
            evidence.append(-0.5 * log_volume - 0.5 * df * np.log(squares))
            mean = base + left @ solved[:, 0]
            expected.append(mean)
            means.append(float(mean[shown].mean()))
            variances.append(recent * squares / df * (spread_of_level + float(mean_left @ solved[:, 1])))
    weights = np.exp(np.array(evidence) - max(evidence))
    weights /= weights.sum()
    observed = float(log_counts[after].mean() - centre)
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
    """Return the variance of recent changes over that of all, shrunk towards 1; 1 where nothing ever changed.

    Only changes between months next to each other count; a gap is none.
    """
    squares = np.square(np.diff(log_counts))
    whole = float(np.nanmean(squares)) if not np.isnan(squares).all() else 0.0
    if whole == 0.0:
        return 1.0
    last = squares[-options.recent_periods :]
    last = last[~np.isnan(last)]
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
