"""Our dynamic count model as a detector: how unlikely the count is under its one-step forecast."""

from dataclasses import dataclass

import numpy as np
from scipy.special import gammaln

from counterpoise.monitoring.detectors.base import Array
from counterpoise.monitoring.dynamic_count import Forecasts, forecast_counts
from counterpoise.monitoring.options import DETECT_DEFAULTS, DetectOptions

__all__ = ["CountModel"]

_SMALLEST_PROBABILITY = 1e-300
"""Smaller tail probabilities are all the same surprise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CountModel:
    r"""The model of ``monitoring.dynamic_count`` behind the interface of all detectors.

    The score is :math:`-\log_{10} P(Y_t \ge y_t \mid y_{1..t-1})`, background included: 3 at one in a thousand.
    Counting rules and provisional figures, which ``detect`` knows of, are not in the interface and not used.

    Parameters
    ----------
    options
        Settings of the model; ``warm_up_periods`` published periods come before the first score.
    """

    options: DetectOptions = DETECT_DEFAULTS

    @property
    def name(self) -> str:
        """Short stable name."""
        return "count_model"

    @property
    def reference(self) -> str:
        """Where the method comes from."""
        return "West, Harrison & Migon 1985; Raftery, Kárný & Ettler 2010; see monitoring.dynamic_count"

    def score(self, values: Array, *, first_month: int) -> Array:
        """Return minus the decimal logarithm of the tail probability; see ``Detector.score``."""
        tail = self._forecasts(values, first_month).tail_probability
        return self._after_warm_up(values, -np.log10(np.maximum(tail, _SMALLEST_PROBABILITY)))

    def quantiles(self, values: Array, probabilities: Array, *, first_month: int) -> Array:
        """Return predictive quantiles, probabilities x series x periods; see ``Forecaster.quantiles``."""
        forecasts = self._forecasts(values, first_month)
        return np.stack([self._after_warm_up(values, forecasts.quantile(float(p))) for p in probabilities])

    def log_scores(self, values: Array, *, first_month: int) -> Array:
        """Return the log probability of each count under its forecast, series x periods; larger is better."""
        forecasts = self._forecasts(values, first_month)
        shape, rate = forecasts.shape, forecasts.rate
        log_mass = (
            gammaln(shape + values)
            - gammaln(shape)
            - gammaln(values + 1.0)
            - shape * np.log1p(1.0 / rate)
            - values * np.log1p(rate)
        )
        return self._after_warm_up(values, log_mass)

    def _forecasts(self, values: Array, first_month: int) -> Forecasts:
        nothing = np.zeros(values.shape, dtype=bool)
        return forecast_counts(
            values, breaks=nothing, unsettled=nothing, first_month=first_month, options=self.options
        )

    def _after_warm_up(self, values: Array, result: Array) -> Array:
        published = ~np.isnan(values)
        seen_before = np.cumsum(published, axis=1) - published
        return np.where(seen_before >= self.options.warm_up_periods, result, np.nan)
