"""Peak-start null: responses begin at peaks, and what follows a peak falls anyway.

The estimator is run at past local peaks of other series at which no response of the case began. What it reports
there, in half-widths of its own interval, is the null distribution by which an estimate that starts at a peak is
corrected and its interval widened.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from counterpoise.impact.options import EvaluateOptions
from counterpoise.impact.structural_time_series import Estimate, estimate_together

__all__ = ["MIN_PEAKS", "PeakNull", "correct_for_peak", "in_half_widths", "peak_null", "starts_at_peak"]

Array = npt.NDArray[np.float64]

MIN_PEAKS = 60
"""With fewer past peaks the tails of the null distribution are not known: nothing is corrected."""
_WINDOW = 12
_RECENT = 2
_PRE = 48
"""Months before each past peak: the same for all, so that what depends on lengths alone is computed once."""
_LEAST_COUNT = 20.0


@dataclass(frozen=True, slots=True, kw_only=True)
class PeakNull:
    """Estimates at past peaks, in half-widths of their intervals: median and the tails of the level."""

    n_peaks: int
    n_false: int
    """Peaks at which the uncorrected interval leaves out zero."""
    median: float
    lower: float
    upper: float


def starts_at_peak(log_counts: Array, n_pre: int) -> bool:
    """Return whether the largest of the last 12 periods before the start lies in the last two of them.

    A peak of under 20 people is none: it is chance.
    """
    recent = log_counts[max(0, n_pre - _WINDOW) : n_pre]
    if len(recent) < _WINDOW or np.isnan(recent).all():
        return False
    peak = int(np.nanargmax(recent))
    return bool(peak >= _WINDOW - _RECENT and np.expm1(recent[peak]) >= _LEAST_COUNT)


def _peaks(panel: Array) -> list[tuple[int, int]]:
    """Return where ``starts_at_peak`` holds, by series and then by period, for a whole panel at once."""
    if panel.shape[1] < _WINDOW:
        return []
    windows = np.lib.stride_tricks.sliding_window_view(panel, _WINDOW, axis=1)
    known = np.where(np.isnan(windows), -np.inf, windows)
    late = known.argmax(axis=2) >= _WINDOW - _RECENT
    found = late & (np.expm1(known.max(axis=2)) >= _LEAST_COUNT)
    return [(int(row), int(at) + _WINDOW) for row, at in np.argwhere(found)]


def peak_null(
    panel: Array,
    n_post: int,
    *,
    first_month: int,
    rng: np.random.Generator,
    max_peaks: int,
    options: EvaluateOptions,
) -> PeakNull | None:
    """Return the null distribution from the peaks of a panel (series x periods, log scale, no gaps, before the start).

    None if there are fewer than ``MIN_PEAKS``. Of more than ``max_peaks``, some are drawn.
    """
    first = max(_PRE, options.min_pre_periods)
    places = [(row, cut) for row, cut in _peaks(panel) if first <= cut <= panel.shape[1] - n_post]
    if len(places) < MIN_PEAKS:
        return None
    drawn = rng.choice(len(places), size=min(max_peaks, len(places)), replace=False)
    picked = np.array([places[i] for i in np.sort(drawn)])
    phase = (picked[:, 1] - first) % 12
    reported = np.empty(len(picked))
    for month in np.unique(phase):
        rows, cuts = picked[phase == month].T
        spans = panel[rows[:, None], cuts[:, None] + np.arange(-first, n_post)]
        found = estimate_together(
            spans, first, first_month=int(first_month - 1 + month) % 12 + 1, options=options
        )
        reported[phase == month] = in_half_widths(*found.T)
    tail = (1 - options.level) / 2
    lower, median, upper = np.quantile(reported, [tail, 0.5, 1 - tail])
    return PeakNull(
        n_peaks=len(reported),
        n_false=int((np.abs(reported) > 1).sum()),
        median=float(median),
        lower=float(lower),
        upper=float(upper),
    )


def in_half_widths(estimate: Array, lower: Array, upper: Array) -> Array:
    """Return estimates in widths of the side of the interval that reaches towards zero: over 1, zero is left out."""
    towards = np.where(estimate > 0, estimate - lower, upper - estimate)
    return estimate / np.maximum(towards, 1e-12)


def correct_for_peak(found: Estimate, null: PeakNull) -> Estimate:
    """Return the estimate less what past peaks report, with the interval their spread gives."""

    def reports(widths: float) -> float:
        side = found.estimate - found.lower if widths > 0 else found.upper - found.estimate
        return widths * side

    return Estimate(
        estimate=found.estimate - reports(null.median),
        lower=found.estimate - reports(null.upper),
        upper=found.estimate - reports(null.lower),
        expected=found.expected,
    )
