"""On and off within days: whether daily figures rise after acts that open a way, and fall after acts that close one.

Window and direction are declared beforehand: the mean log figure of the two weeks after an act, less that of the two
weeks before it, with the sign of what the act was declared to do. The null shifts all acts together around the days,
as in ``coincidence.py``: clusters of acts, the memory of the series, and which days have no figure all stay.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from counterpoise.attribution._kernels import Array

__all__ = ["DAYS", "SMALLEST_N_ACTS", "DailyResponse", "contrasts", "measure_daily_response"]

DAYS = 14
"""Days before and after an act that are compared; the day of the act itself is in neither."""
FEWEST_FIGURES = 2
"""Figures needed on each side of an act: services publish some days only."""
SMALLEST_N_ACTS = 2
"""Acts with figures on both sides needed: with one, a single week decides."""
_SMALLEST_N_SHIFTS = 40
_PSEUDO_COUNT = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class DailyResponse:
    """The outcome of the test.

    Parameters
    ----------
    factor
        Mean factor by which figures moved, in the declared direction, from before the acts to after.
    p_value
        Share of the shifts, the one that is not shifted among them, that show as much.
    n_acts, n_shifts
        Acts with figures on both sides in some series; shifts with figures around at least half as many pairs.
    """

    factor: float
    p_value: float
    n_acts: int
    n_shifts: int


def contrasts(counts: Array) -> Array:
    """Return, per series and day, the mean log figure of the days after it less that of the days before it.

    Days go round: after the last comes the first. NaN where either side has fewer than two figures.

    Parameters
    ----------
    counts
        Series x days; NaN where no figure is published.
    """
    logs = np.log(counts + _PSEUDO_COUNT)
    known = ~np.isnan(logs)
    sums, numbers = (_two_sides(values) for values in (np.where(known, logs, 0.0), known.astype(np.float64)))
    enough = (numbers >= FEWEST_FIGURES).all(axis=0)
    means = sums / np.maximum(numbers, 1)
    found: Array = np.where(enough, means[1] - means[0], np.nan)
    return found


def _two_sides(values: Array) -> Array:
    """Return sums over the days before and after each day: 2 x series x days."""
    before = sum(np.roll(values, k, axis=-1) for k in range(1, DAYS + 1))
    after = sum(np.roll(values, -k, axis=-1) for k in range(1, DAYS + 1))
    return np.stack([before, after])


def measure_daily_response(
    counts: Array, acts: Sequence[int], directions: Sequence[int]
) -> DailyResponse | None:
    """Return whether figures move as declared around ``acts``; None with too few acts or days.

    Parameters
    ----------
    counts
        Series x days; NaN where no figure is published.
    acts
        Index of the day of each act.
    directions
        1: a rise was declared; -1: a fall.
    """
    n_days = counts.shape[1]
    if n_days < 4 * DAYS or not acts:
        return None
    moved = contrasts(counts)
    days = (np.asarray(acts)[:, None] + np.arange(n_days)) % n_days  # acts x shifts
    signs: npt.NDArray[np.int64] = np.asarray(directions)
    of_pairs = signs[None, :, None] * moved[:, days]  # series x acts x shifts
    known = ~np.isnan(of_pairs)
    n_pairs = known.sum(axis=(0, 1))
    n_acts = int(known[:, :, 0].any(axis=0).sum())
    comparable = n_pairs >= max(1, n_pairs[0] / 2)
    if n_acts < SMALLEST_N_ACTS or comparable.sum() < _SMALLEST_N_SHIFTS:
        return None
    total = np.nansum(of_pairs, axis=(0, 1))
    # Fewer pairs scatter more: sums over the root of their number are alike from shift to shift.
    statistic = total / np.sqrt(np.maximum(n_pairs, 1))
    return DailyResponse(
        factor=float(np.exp(total[0] / n_pairs[0])),
        p_value=float((statistic[comparable] >= statistic[0] - 1e-12).mean()),
        n_acts=n_acts,
        n_shifts=int(comparable.sum()),
    )
