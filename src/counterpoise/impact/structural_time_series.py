"""Structural time series in closed form, averaged over level ratios, correlations and ridge scales.

The log count is a moving level, calendar months, regression on unaffected series, jumps where counting rules
changed, and noise that lasts from month to month. Given the share of variance that moves the level, the correlation
of the noise, and the ridge scale of the regression, all is conjugate: the counterfactual is a Student t in closed
form. All three are averaged over by marginal likelihood.
Bayesian structural time series: Brodersen et al. (2015), Annals of Applied Statistics 9(1), section 2; here
without sampling, and never with a level held fixed.

Months after a restless year are restless too, so the variance of what is to come is scaled by that of the
month-to-month changes of the last two years, relative to all before, shrunk towards no scaling.
"""

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from counterpoise.impact._kernels import Posterior, mixture_quantiles, posterior
from counterpoise.impact.options import EVALUATE_DEFAULTS, EvaluateOptions
from counterpoise.impact.width import width_factors

__all__ = ["Estimate", "counterfactual", "estimate_structural", "estimate_together", "model_interval"]

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
    expected, centre = counterfactual(
        log_counts,
        n_pre,
        controls=controls,
        first_month=first_month,
        rule_changes=rule_changes,
        options=options,
    )
    estimate, lower, upper = _intervals(log_counts, n_pre, expected, centre, options)
    return Estimate(
        estimate=float(estimate),
        lower=float(lower),
        upper=float(upper),
        expected=centre + expected.weights @ expected.means,
    )


def estimate_together(
    log_counts: Array, n_pre: int, *, first_month: int = 1, options: EvaluateOptions = EVALUATE_DEFAULTS
) -> Array:
    """Return estimate, lower and upper of each series by itself: series x 3, as ``estimate_structural`` gives them.

    Parameters
    ----------
    log_counts
        Series x periods, without gaps: what depends on the months alone is then computed once for all.
    """
    design, scales, ridged = _design(log_counts.shape[1], n_pre, None, first_month, (), options)
    before = log_counts[:, :n_pre]
    centre = before.mean(axis=1)
    found = posterior(
        before.T - centre,
        tuple(range(1, n_pre + 1)),
        n_pre,
        (design[:n_pre], design[n_pre:]),
        (scales, ridged, options.ridge_scales),
        options.level_ratios,
        options.noise_correlations,
        (_PRIOR_DF, _PRIOR_VARIANCE),
    )
    expected = replace(found, scales=_recent_variance(before, options) * found.scales)
    return np.column_stack(_intervals(log_counts, n_pre, expected, centre, options))


def _intervals(
    log_counts: Array, n_pre: int, expected: Posterior, centre: Array, options: EvaluateOptions
) -> tuple[Array, Array, Array]:
    """Return estimate, lower and upper of the mean log ratio, of one series or of each of several without gaps."""
    after = log_counts[..., n_pre:]
    shown = np.flatnonzero(~np.isnan(after).reshape(-1, after.shape[-1]).any(axis=0))
    middle, half = model_interval(expected, shown, options)
    estimate = after[..., shown].mean(axis=-1) - centre - middle
    below, above = width_factors(log_counts[..., :n_pre], half, options)
    return estimate, estimate - below * half, estimate + above * half


def model_interval(
    expected: Posterior, shown: npt.NDArray[np.intp], options: EvaluateOptions
) -> tuple[Array, Array]:
    """Return the mean of what is expected over some post periods, and half the width of the model's own interval."""
    means, scales = expected.of_mean(shown)
    tail = (1 - options.level) / 2
    lower, upper = mixture_quantiles(np.array([tail, 1 - tail]), expected.weights, means, scales, expected.df)
    middle: Array = (expected.weights * means).sum(axis=0)
    return middle, (upper - lower) / 2


def counterfactual(
    log_counts: Array,
    n_pre: int,
    *,
    controls: Array | None,
    first_month: int,
    rule_changes: tuple[int, ...],
    options: EvaluateOptions,
) -> tuple[Posterior, Array]:
    """Return what was to be expected of the post period, relative to the mean of the pre period, and that mean."""
    n = log_counts.shape[0]
    before = np.flatnonzero(~np.isnan(log_counts[:n_pre]))
    design, scales, ridged = _design(n, n_pre, controls, first_month, rule_changes, options)
    centre = log_counts[before].mean()
    found = posterior(
        log_counts[before] - centre,
        tuple((before + 1).tolist()),
        n_pre,
        (design[before], design[n_pre:]),
        (scales, ridged, options.ridge_scales),
        options.level_ratios,
        options.noise_correlations,
        (_PRIOR_DF, _PRIOR_VARIANCE),
    )
    recent = _recent_variance(log_counts[:n_pre], options)
    return replace(found, scales=recent * found.scales), centre


def _recent_variance(log_counts: Array, options: EvaluateOptions) -> Array:
    """Return the variance of recent changes over that of all, shrunk towards 1; 1 where nothing ever changed.

    Over the last axis. Only changes between months next to each other count; a gap is none.
    """
    squares = np.square(np.diff(log_counts, axis=-1))
    seen = ~np.isnan(squares)
    squares = np.where(seen, squares, 0.0)
    whole = squares.sum(axis=-1) / np.maximum(seen.sum(axis=-1), 1)
    last = squares[..., -options.recent_periods :].sum(axis=-1)
    n_last = seen[..., -options.recent_periods :].sum(axis=-1)
    prior = options.recent_prior_periods
    still = whole == 0.0
    recent: Array = (prior + last / np.where(still, 1.0, whole)) / (prior + n_last)
    return np.where(still, 1.0, recent)


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
