"""Coincidence with dated facts: whether a flow rises (or falls) in the months after them, more than by chance.

Window and direction are declared beforehand: lags of 0 to 3 months, a rise after facts that open a way, a fall after
facts that close one. The statistic is the mean jump over the facts' months at each lag, and of these the largest.
Its null shifts all facts together around the calendar: that keeps their clusters, and the memory of the series,
where shuffling would break both and reject too often (the torus shift of Berman and Diggle 1989 and of Lotwick and
Silverman 1982, on one axis).
"""

from dataclasses import dataclass
from math import e, log

import numpy as np
import numpy.typing as npt

from counterpoise.attribution._kernels import Array

__all__ = ["LAGS", "SMALLEST_N_MONTHS", "Coincidence", "bayes_factor_bound", "measure_coincidence"]

LAGS = (0, 1, 2, 3)
"""Months after a fact in which its effect is looked for."""
SMALLEST_N_MONTHS = 3
"""Different months with facts needed: with fewer, one month of chance decides."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Coincidence:
    """The outcome of one test.

    Parameters
    ----------
    statistic
        Largest mean jump over the lags, in the declared direction.
    lag
        The lag at which it is largest, months.
    p_value
        Share of the shifts, the one that is not shifted among them, with a statistic at least as large.
    n_months, n_shifts
        Months with facts; shifts made.
    """

    statistic: float
    lag: int
    p_value: float
    n_months: int
    n_shifts: int


def measure_coincidence(jumps: Array, facts: npt.NDArray[np.bool_], direction: int) -> Coincidence | None:
    """Return whether ``jumps`` are large in the months after ``facts``; None with too few months of facts.

    Parameters
    ----------
    jumps
        Jump of each month, without NaN.
    facts
        Whether a fact stands in each month.
    direction
        1: a rise was declared; -1: a fall.
    """
    if facts.sum() < SMALLEST_N_MONTHS:
        return None
    signed = direction * jumps
    # Circular cross-correlation of facts and jumps: entry s is the sum of jumps s months after the facts.
    sums = np.fft.irfft(np.conj(np.fft.rfft(facts.astype(np.float64))) * np.fft.rfft(signed), n=len(signed))
    means = sums / facts.sum()
    by_lag = np.stack([np.roll(means, -lag) for lag in LAGS])
    # Shifts by less than the lags find the same months: such ties are ordered by the mean over all lags.
    largest = by_lag.max(axis=0)
    spread = max(float(np.ptp(largest)), 1e-12)
    ordered = np.round(largest / spread, 9) + 1e-7 * by_lag.mean(axis=0) / spread
    return Coincidence(
        statistic=float(largest[0]),
        lag=LAGS[int(by_lag[:, 0].argmax())],
        p_value=float((ordered >= ordered[0] - 1e-12).mean()),
        n_months=int(facts.sum()),
        n_shifts=len(signed),
    )


def bayes_factor_bound(p_value: float) -> float:
    """Return the largest log Bayes factor against chance that a p-value can stand for; 0 from 1/e on.

    ``-log(-e p log p)`` (Sellke, Bayarri and Berger 2001, "Calibration of p values", section 2).
    """
    if p_value >= 1 / e:
        return 0.0
    return -log(-e * p_value * log(p_value))
