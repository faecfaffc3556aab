"""Event study over several series together: what their mean says that no single one can.

Each series has its own counterfactual; the estimate is the mean of their log ratios. How far their errors go together
is read at earlier dates of the same series, where nothing began, and shrunk towards what is usual. Event studies with
several units: Freyaldenhoven, Hansen, Pérez Pérez & Shapiro (2021), NBER 29170; here without a common trend.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from counterpoise.impact.options import EVALUATE_DEFAULTS, EvaluateOptions
from counterpoise.impact.peak_start import in_half_widths
from counterpoise.impact.structural_time_series import estimate_together

__all__ = ["JointEstimate", "estimate_event_study"]

Array = npt.NDArray[np.float64]

_USUAL_CORRELATION = 0.2
_USUAL_FOLDS = 3.0
"""The correlation of errors at earlier dates is shrunk towards the usual one as if that had been seen so often."""
_MAX_FOLDS = 8
_LEAST_PRE = 36


@dataclass(frozen=True, slots=True, kw_only=True)
class JointEstimate:
    """Mean log ratio over several series.

    Parameters
    ----------
    estimate, lower, upper
        As in :class:`Estimate`, of the mean over series.
    correlation
        Of the errors of two series, as it was read at earlier dates.
    single_width
        Mean width of the intervals of the series, each by itself: what the panel is to be compared with.
    """

    estimate: float
    lower: float
    upper: float
    correlation: float
    single_width: float


def estimate_event_study(
    log_counts: Array,
    n_pre: int,
    *,
    first_month: int = 1,
    options: EvaluateOptions = EVALUATE_DEFAULTS,
) -> JointEstimate:
    """Return the mean log ratio of several series over the post period.

    Parameters
    ----------
    log_counts
        Series x periods, ``log(1 + count)``, without gaps.
    """
    n_post = log_counts.shape[1] - n_pre
    estimates, lowers, uppers = estimate_together(
        log_counts, n_pre, first_month=first_month, options=options
    ).T
    below, above = estimates - lowers, uppers - estimates
    correlation = _correlation(log_counts, n_pre, n_post, first_month, options)
    estimate = float(estimates.mean())
    wider = options.panel_width if len(log_counts) > 1 else 1.0
    return JointEstimate(
        estimate=estimate,
        lower=estimate - wider * _joined(below, correlation),
        upper=estimate + wider * _joined(above, correlation),
        correlation=correlation,
        single_width=float((below + above).mean()),
    )


def _joined(halves: Array, correlation: float) -> float:
    """Return the half-width of a mean of errors of equal correlation."""
    squares = float((halves**2).sum())
    total = float(halves.sum()) ** 2
    return float(np.sqrt((1 - correlation) * squares + correlation * total)) / len(halves)


def _correlation(
    log_counts: Array, n_pre: int, n_post: int, first_month: int, options: EvaluateOptions
) -> float:
    if len(log_counts) < 2:
        return 0.0
    cuts = list(range(n_pre - n_post, _LEAST_PRE - 1, -n_post))[:_MAX_FOLDS]
    together, alone = _USUAL_FOLDS * _USUAL_CORRELATION, _USUAL_FOLDS
    for cut in cuts:
        estimates, lowers, uppers = estimate_together(
            log_counts[:, : cut + n_post], cut, first_month=first_month, options=options
        ).T
        # two half-widths are about four standard errors
        errors = 2 * in_half_widths(estimates, lowers, uppers)
        n = len(errors)
        square = float((errors**2).mean())
        together += (float(errors.sum()) ** 2 - n * square) / (n * (n - 1))
        alone += square
    return float(np.clip(together / alone, 0.0, 1.0))
