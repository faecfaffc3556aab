"""What every detector is: a function from counts to scores, made so that detectors can be compared.

A detector never alarms by itself. It scores each period by how unusually high the count is, given earlier
periods only; a threshold on the score, set for all detectors at the same rate of false alarms, makes the alarm.
"""

from typing import Protocol

import numpy as np
import numpy.typing as npt

__all__ = ["Array", "Detector", "Forecaster"]

Array = npt.NDArray[np.float64]


class Detector(Protocol):
    """A detector of unusually high counts."""

    @property
    def name(self) -> str:
        """Short stable name, e.g. ``ears_c1``."""

    @property
    def reference(self) -> str:
        """Author, year, and equation or section of the method."""

    def score(self, values: Array, *, first_month: int) -> Array:
        """Return how unusually high each count is; larger is more unusual.

        Parameters
        ----------
        values
            Monthly counts, series x periods; NaN where nothing is published.
        first_month
            Calendar month (1 to 12) of the first period.

        Returns
        -------
        numpy.ndarray
            Series x periods. The score of a period uses that period's count and earlier ones only; NaN where
            the detector cannot judge (too little history, nothing published).
        """


class Forecaster(Detector, Protocol):
    """A detector that also gives a predictive distribution, so that its forecasts can be scored."""

    def quantiles(self, values: Array, probabilities: Array, *, first_month: int) -> Array:
        """Return one-step-ahead predictive quantiles, probabilities x series x periods; NaN where there are none."""
