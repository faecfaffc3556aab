"""When a forecast makes an alarm: surges, collapses and level shifts, from tail probabilities and bands."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from counterpoise.monitoring._kernels import Array
from counterpoise.monitoring.dynamic_count import Forecasts, Mask
from counterpoise.monitoring.options import DetectOptions

__all__ = ["Decisions", "decide", "n_marked_before"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Decisions:
    """Which periods are alarmed, and as what; every array is series x periods."""

    judged: Mask
    """Where an alarm could have been raised: published, settled, after the warm-up."""
    surge: Mask
    """Far more than forecast."""
    collapse: Mask
    """Far less than forecast, and no surge shortly before."""
    level_shift: Mask
    """The last of so many periods in a row above the band that held when a surge began."""


def decide(
    values: Array,
    unsettled: Mask,
    forecasts: Forecasts,
    upper: Array,
    options: DetectOptions,
    *,
    baseline: Mask | None = None,
) -> Decisions:
    """Return the alarms of many series; each uses only what was known in its period.

    Parameters
    ----------
    values, unsettled
        As in ``forecast_counts``.
    forecasts
        Its result.
    upper
        Upper end of the band, series x periods.
    baseline
        Series x periods: where else than in the warm-up no alarm is raised, False; None: nowhere else.
    """
    usable = ~np.isnan(values) & ~unsettled
    seen_before: npt.NDArray[np.int64] = np.cumsum(usable, axis=1) - usable
    judged = usable & (seen_before >= options.warm_up_periods)
    if baseline is not None:
        judged &= baseline
    counts = np.nan_to_num(values)
    surge = judged & (forecasts.tail_probability < options.threshold) & (counts >= options.min_observed)
    low = (
        judged
        & (forecasts.lower_tail_probability < options.threshold)
        & (forecasts.shape / forecasts.rate >= options.min_expected_for_collapse)
    )
    return Decisions(
        judged=judged,
        surge=surge,
        collapse=low & (n_marked_before(surge, options.quiet_periods_before_collapse) == 0),
        level_shift=_level_shifts(
            counts, usable, surge, np.maximum(upper, options.min_observed - 1), options.shift_periods
        ),
    )


def n_marked_before(marked: Mask, n_periods: int) -> npt.NDArray[np.int64]:
    """Return how many of the ``n_periods`` before each period are marked; series x periods."""
    before: npt.NDArray[np.int64] = np.cumsum(marked, axis=1) - marked
    long_before = np.zeros_like(before)
    long_before[:, n_periods:] = before[:, :-n_periods]
    return before - long_before


def _level_shifts(counts: Array, usable: Mask, surge: Mask, upper: Array, n_periods: int) -> Mask:
    """Return where a count has stayed for ``n_periods`` above the band at the onset of a surge."""
    shifted = np.zeros(counts.shape, dtype=bool)
    run = np.zeros(counts.shape[0], dtype=np.int64)
    limit = np.full(counts.shape[0], np.inf)
    for t in range(counts.shape[1]):
        goes_on = (run > 0) & (~usable[:, t] | (counts[:, t] > limit))
        begins = ~goes_on & surge[:, t]
        limit = np.where(begins, upper[:, t], limit)
        run = np.where(begins, 1, np.where(goes_on, run + usable[:, t], 0))
        shifted[:, t] = run == n_periods
        run[shifted[:, t]] = 0
    return shifted
