"""Rolling maximum: the rule of HDX Signals, "levels not seen in the past one or three years"."""

from dataclasses import dataclass

import numpy as np

from counterpoise.monitoring.detectors._windows import trailing
from counterpoise.monitoring.detectors.base import Array

__all__ = ["RollingMaximum"]

_CONSTANT = 1.0
"""People added to both sides of the ratio, so that empty series have one; it moves no count across the rule."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RollingMaximum:
    r"""How the count compares with the highest of the past year or years.

    The repository ``OCHA-DAP/hdx-signals`` defines it for displacement in ``src/utils/alert_daily_ts.R``: a
    30-day sum alerts when it is at least the maximum of a window of 366 days (first level) or 1,096 days
    (second level) that ends with it, and at least a minimum; 10,000 people for displacement by conflict
    (``src/indicators/idmc_displacement/utils/alert_displacement.R``). A 30-day sum is here the month, so the windows
    are the month and the 12 or 36 before it:

    .. math:: s_t = \log \frac{y_t + 1}{\max(y_{t-1}, \dots, y_{t-w}, m) + 1}

    which is 0 or more exactly where the rule alerts. As there, a gap in the window leaves no answer. That a
    second alert within 180 days is not sent (``src/signals/filter_alerts.R``) is left to whoever merges
    alarms to episodes.

    Parameters
    ----------
    years
        1 for the first level, 3 for the second.
    minimum
        Smallest count that can alert. HDX Signals watches countries with 10,000; nearly no corridor and nationality
        ever has that many, so here one person is enough and the threshold on the score does the rest.
    periods_per_year
        Periods in a year.
    """

    years: int = 1
    minimum: float = 1.0
    periods_per_year: int = 12

    @property
    def name(self) -> str:
        """Short stable name."""
        return "rolling_maximum" if self.years == 1 else f"rolling_maximum_{self.years}y"

    @property
    def reference(self) -> str:
        """Where the method comes from."""
        return "HDX Signals (UN OCHA), github.com/OCHA-DAP/hdx-signals, src/utils/alert_daily_ts.R"

    def score(self, values: Array, *, first_month: int) -> Array:
        """Return the log ratio to the highest earlier count, series x periods; see ``Detector.score``."""
        highest: Array = trailing(values, self.years * self.periods_per_year).max(axis=2)
        score: Array = np.log((values + _CONSTANT) / (np.maximum(highest, self.minimum) + _CONSTANT))
        return score
