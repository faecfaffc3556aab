"""EARS C1, C2 and C3: how many standard deviations above the mean of a short moving baseline."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy.special import ndtri

from counterpoise.monitoring.detectors._windows import lagged, trailing
from counterpoise.monitoring.detectors.base import Array

__all__ = ["Ears"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ears:
    r"""The three methods of the Early Aberration Reporting System.

    With mean and standard deviation (n - 1) of a baseline of 7 periods,

    .. math:: C_1(t) = \frac{y_t - \bar y_{t-7..t-1}}{\sigma_{t-7..t-1}}, \quad
              C_2(t) = \frac{y_t - \bar y_{t-9..t-3}}{\sigma_{t-9..t-3}}, \quad
              C_3(t) = \sum_{i=0}^{2} \max(0, C_2(t-i) - 1)

    (Hutwagner, Thompson, Seeman & Treadwell 2003; Fricker, Hegler & Dunfee 2008, section 2.1, who alarm at 3, 3
    and 2). They were made for daily visits; here a period is a month.

    R ``surveillance::earsC`` agrees for C1 and C2. Its bound for C3 leaves the current period out of the sum
    (``upperbound = y + sd (z - the two earlier terms)``), so that its alarm does not depend on the current count;
    we follow the papers.

    Parameters
    ----------
    method
        ``C1``, ``C2`` or ``C3``.
    baseline
        Periods of the baseline; 7 in the papers.
    min_sigma
        Smallest standard deviation, in people. ``earsC`` has 0, which divides by nothing after seven equal counts;
        half a person (ours) keeps such series in the comparison.
    """

    method: Literal["C1", "C2", "C3"] = "C1"
    baseline: int = 7
    min_sigma: float = 0.5

    @property
    def name(self) -> str:
        """Short stable name."""
        return f"ears_{self.method.lower()}"

    @property
    def reference(self) -> str:
        """Where the method comes from."""
        return "Hutwagner et al. 2003, J Urban Health 80; Fricker, Hegler & Dunfee 2008, Stat Med 27, section 2.1"

    def score(self, values: Array, *, first_month: int) -> Array:
        """Return C1, C2 or C3, series x periods; see ``Detector.score``."""
        mean, sigma = self._baseline(values)
        with np.errstate(divide="ignore", invalid="ignore"):
            standardised = (values - mean) / sigma
        if self.method != "C3":
            return standardised
        excess = np.maximum(0.0, standardised - 1.0)
        return excess + lagged(excess, 1) + lagged(excess, 2)

    def upper_bound(self, values: Array, *, alpha: float = 0.001) -> Array:
        """Return the largest count without an alarm at level ``alpha``, series x periods.

        Mean plus the normal quantile times the standard deviation; ``alpha`` as in ``earsC``. For C3 the count at
        which C2 alone would alarm.
        """
        mean, sigma = self._baseline(values)
        return mean + float(ndtri(1.0 - alpha)) * sigma

    def _baseline(self, values: Array) -> tuple[Array, Array]:
        """Return mean and standard deviation of the baseline, each series x periods."""
        window = trailing(values, self.baseline, skip=1 if self.method == "C1" else 3)
        return window.mean(axis=2), np.maximum(window.std(axis=2, ddof=1), self.min_sigma)
