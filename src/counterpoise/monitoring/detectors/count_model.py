"""Our dynamic count model as detectors: how unlikely a count is, by itself or together with the one before."""

from dataclasses import dataclass

import numpy as np
from scipy.special import gammaln

from counterpoise.monitoring.detectors.base import Array
from counterpoise.monitoring.dynamic_count import Forecasts, forecast_counts
from counterpoise.monitoring.options import DETECT_DEFAULTS, DetectOptions
from counterpoise.monitoring.two_periods import two_period_surprise

__all__ = ["CountModel", "TwoMonths"]

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
        tail = _forecasts(values, first_month, self.options).tail_probability
        return _after_warm_up(values, -np.log10(np.maximum(tail, _SMALLEST_PROBABILITY)), self.options)

    def quantiles(self, values: Array, probabilities: Array, *, first_month: int) -> Array:
        """Return predictive quantiles, probabilities x series x periods; see ``Forecaster.quantiles``."""
        forecasts = _forecasts(values, first_month, self.options)
        return np.stack(
            [_after_warm_up(values, forecasts.quantile(float(p)), self.options) for p in probabilities]
        )

    def log_scores(self, values: Array, *, first_month: int) -> Array:
        """Return the log probability of each count under its forecast, series x periods; larger is better."""
        forecasts = _forecasts(values, first_month, self.options)
        shape, rate = forecasts.shape, forecasts.rate
        log_mass = (
            gammaln(shape + values)
            - gammaln(shape)
            - gammaln(values + 1.0)
            - shape * np.log1p(1.0 / rate)
            - values * np.log1p(rate)
        )
        return _after_warm_up(values, log_mass, self.options)


@dataclass(frozen=True, slots=True, kw_only=True)
class TwoMonths:
    r"""The same model; each month is judged together with the one before it (``monitoring.two_periods``).

    Parameters
    ----------
    options
        Settings of the model; ``warm_up_periods`` published periods come before the first score.
    """

    options: DetectOptions = DETECT_DEFAULTS

    @property
    def name(self) -> str:
        """Short stable name."""
        return "count_model_two_months"

    @property
    def reference(self) -> str:
        """Where the method comes from."""
        return "Fisher 1932, section 21.1, on tails of monitoring.dynamic_count; see monitoring.two_periods"

    def score(self, values: Array, *, first_month: int) -> Array:
        """Return minus the decimal logarithm of the probability of two months together; see ``Detector.score``."""
        forecasts = _forecasts(values, first_month, self.options, two_ahead=True)
        assert forecasts.tail_ahead is not None
        surprise = two_period_surprise(forecasts.tail_probability, forecasts.tail_ahead)
        return _after_warm_up(values, surprise, self.options)


def _forecasts(
    values: Array, first_month: int, options: DetectOptions, *, two_ahead: bool = False
) -> Forecasts:
    nothing = np.zeros(values.shape, dtype=bool)
    return forecast_counts(
        values,
        breaks=nothing,
        unsettled=nothing,
        first_month=first_month,
        options=options,
        two_ahead=two_ahead,
    )


def _after_warm_up(values: Array, result: Array, options: DetectOptions) -> Array:
    published = ~np.isnan(values)
    seen_before = np.cumsum(published, axis=1) - published
    return np.where(seen_before >= options.warm_up_periods, result, np.nan)
