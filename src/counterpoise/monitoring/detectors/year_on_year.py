"""Year on year: how many times the same month of the year before."""

from dataclasses import dataclass

import numpy as np

from counterpoise.monitoring.detectors._windows import lagged
from counterpoise.monitoring.detectors.base import Array

__all__ = ["YearOnYear"]


@dataclass(frozen=True, slots=True, kw_only=True)
class YearOnYear:
    r"""The comparison every press release makes, as a score.

    .. math:: s_t = \log \frac{y_t + c}{y_{t-12} + c}

    The logarithm orders periods as the ratio does, and keeps rises and falls symmetric.

    Parameters
    ----------
    constant
        Added to both counts, in people. Without it a month after an empty one has no ratio. Ten is ours, not a
        published value: the smallest count shown by default, so that 0 to 3 is no rise of note and 100 to 300 is.
    periods_per_year
        Periods between a period and the same one of the year before.
    """

    constant: float = 10.0
    periods_per_year: int = 12

    @property
    def name(self) -> str:
        """Short stable name."""
        return "year_on_year"

    @property
    def reference(self) -> str:
        """Where the method comes from."""
        return "Common practice of statistical releases; no paper"

    def score(self, values: Array, *, first_month: int) -> Array:
        """Return the log ratio to the same period a year before, series x periods; see ``Detector.score``."""
        return np.log((values + self.constant) / (lagged(values, self.periods_per_year) + self.constant))
