"""Matrix completion: what other corridors and nationalities say of the months after a response, all at once.

The panel of log counts (series x periods) is a series' own level, a month's own level, and a matrix of few patterns
that series share; the cells of the treated series after the response are hidden and filled in. The patterns are
found by singular values that are shrunk (nuclear norm): Athey, Bayati, Doudchenko, Imbens & Khosravi (2021), Journal
of the American Statistical Association 116(536), section 4, with fixed effects not shrunk. Its error is read where
the answer is known: the same series hidden at earlier dates.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.stats import t as student

from counterpoise.impact._kernels import one_thread
from counterpoise.impact.options import EVALUATE_DEFAULTS, EvaluateOptions

__all__ = ["CompletedPanel", "complete_matrix", "donors_of", "estimate_completed"]

Array = npt.NDArray[np.float64]

_SMALLEST = 100.0
"""Fewer people in the months read: what a series has in common with others is chance."""
_MAX_FOLDS = 8
_FEWEST_FOLDS = 2
_SWEEPS = 200
_TOLERANCE = 1e-3


@dataclass(frozen=True, slots=True, kw_only=True)
class CompletedPanel:
    """Mean log ratio of the treated series over the post period, against the completed panel.

    Parameters
    ----------
    n_patterns
        Rank of what series share, after shrinking.
    n_folds
        Earlier dates at which the error was read.
    """

    estimate: float
    lower: float
    upper: float
    n_patterns: int
    n_folds: int


def complete_matrix(log_counts: Array, hidden: npt.NDArray[np.bool_], shrinkage: float) -> tuple[Array, int]:
    """Return the panel with its hidden cells filled in, and how many patterns that took.

    Parameters
    ----------
    log_counts
        Series x periods; what is in hidden cells is not read.
    hidden
        Of the same shape; no series and no period is hidden as a whole.
    shrinkage
        What singular values are shrunk by, relative to the largest of the panel with hidden cells at their levels.
    """
    seen = ~hidden
    filled = np.where(seen, log_counts, 0.0)
    rows = filled.sum(axis=1, keepdims=True) / seen.sum(axis=1, keepdims=True)
    columns = np.where(seen, filled - rows, 0.0).sum(axis=0) / seen.sum(axis=0)
    shared = np.zeros_like(filled)
    threshold = None
    for _ in range(_SWEEPS):
        filled[hidden] = (rows + columns + shared)[hidden]
        rows = (filled - columns - shared).mean(axis=1, keepdims=True)
        columns = (filled - rows - shared).mean(axis=0)
        left = filled - rows - columns
        # singular values and right vectors from the smaller square: exact, and the panel has many more series
        squares, vectors = np.linalg.eigh(left.T @ left)
        values = np.sqrt(np.maximum(squares, 0.0))
        threshold = shrinkage * float(values[-1]) if threshold is None else threshold
        kept = values > threshold
        factors = (values[kept] - threshold) / values[kept]
        before = shared[hidden]
        shared = (left @ vectors[:, kept] * factors) @ vectors[:, kept].T
        if np.abs(shared[hidden] - before).max(initial=0.0) < _TOLERANCE:
            break
    filled[hidden] = (rows + columns + shared)[hidden]
    return filled, int(kept.sum())


def donors_of(log_counts: Array, options: EvaluateOptions) -> npt.NDArray[np.bool_]:
    """Return which series have at least 100 people in the months read before a response; series x months before."""
    counted: npt.NDArray[np.bool_] = np.expm1(log_counts[:, -options.panel_months :]).sum(axis=1) >= _SMALLEST
    return counted


def estimate_completed(
    treated: Array, donors: Array, n_pre: int, *, options: EvaluateOptions = EVALUATE_DEFAULTS
) -> CompletedPanel | None:
    """Return the mean log ratio of the treated series over the post period; None with under two earlier dates.

    Parameters
    ----------
    treated, donors
        Series x periods, ``log(1 + count)``, without gaps; donors are assumed to be unaffected.
    """
    n_post = treated.shape[1] - n_pre
    cuts = [n_pre - n_post * fold for fold in range(1, _MAX_FOLDS + 1)]
    cuts = [cut for cut in cuts if cut >= options.panel_months]
    if len(cuts) < _FEWEST_FOLDS:
        return None
    estimate, n_patterns = _difference(treated, donors, n_pre, n_post, options)
    errors = [_difference(treated, donors, cut, n_post, options)[0] for cut in cuts]
    spread = float(np.sqrt(np.square(errors).mean()))
    half = spread * float(student.ppf((1 + options.level) / 2, len(errors)))
    return CompletedPanel(
        estimate=estimate,
        lower=estimate - half,
        upper=estimate + half,
        n_patterns=n_patterns,
        n_folds=len(cuts),
    )


def _difference(
    treated: Array, donors: Array, cut: int, n_post: int, options: EvaluateOptions
) -> tuple[float, int]:
    """Return the mean difference of treated series from the completed panel, and its patterns, at one date."""
    panel = np.concatenate([treated, donors])[:, cut - options.panel_months : cut + n_post]
    hidden = np.zeros(panel.shape, dtype=bool)
    hidden[: len(treated), options.panel_months :] = True
    with one_thread():
        filled, n_patterns = complete_matrix(panel, hidden, options.panel_shrinkage)
    return float((panel - filled)[hidden].mean()), n_patterns
