"""Scores: whether and how soon a surge is found, and how good forecasts are, from scores and quantiles alone."""

from typing import Protocol, runtime_checkable

import numpy as np
import numpy.typing as npt

from counterpoise.monitoring.backtest.inject import N_MONTHS
from counterpoise.monitoring.detectors.base import Array, Detector

__all__ = [
    "COVERAGES",
    "FORECAST_SCORES",
    "MISSED",
    "DensityForecaster",
    "QuantileForecaster",
    "crps_of_quantiles",
    "first_new_alarm",
    "score_forecasts",
]

MISSED = N_MONTHS
"""Stands for "no new alarm" where a month 0, 1 or 2 of the surge would."""
COVERAGES = (0.5, 0.8, 0.95, 0.99)
_HIGH = (0.99, 0.999)
FORECAST_SCORES = (
    "crps",
    *(f"covered_{c:g}" for c in COVERAGES),
    *(f"above_{h:g}" for h in _HIGH),
    "log_score",
)
"""What is measured of every forecast, in this order."""
_N_QUANTILES = 50
_ROUNDING = 1e-9


@runtime_checkable
class QuantileForecaster(Detector, Protocol):
    """A detector whose predictive quantiles can be asked for; ``Forecaster`` that can be told at run time."""

    def quantiles(self, values: Array, probabilities: Array, *, first_month: int) -> Array:
        """Return predictive quantiles, probabilities x series x months."""


@runtime_checkable
class DensityForecaster(Detector, Protocol):
    """A detector that knows how probable a count was."""

    def log_scores(self, values: Array, *, first_month: int) -> Array:
        """Return the log probability of each count, series x months."""


def first_new_alarm(before: Array, after: Array, threshold: float) -> npt.NDArray[np.int64]:
    """Return in which month of each surge the first new alarm is raised: 0, 1, 2, or ``MISSED``.

    An alarm in the three months before, in the untouched series, means that no alarm of the surge is new: the
    surge is missed, not left out, for an analyst already warned learns nothing.

    Parameters
    ----------
    before
        Scores of the untouched series in the three months before each surge, surges x 3.
    after
        Scores of the series with the surge in its three months, surges x 3.
    threshold
        An alarm is a score above it; NaN is none.
    """
    alarm = after > threshold
    found = alarm.any(axis=1) & ~(before > threshold).any(axis=1)
    return np.where(found, alarm.argmax(axis=1), MISSED).astype(np.int64)


def crps_of_quantiles(quantiles: Array, values: Array) -> Array:
    r"""Return the continuous ranked probability score, from quantiles at the middles of K equal shares.

    .. math:: \mathrm{CRPS} \approx \frac{2}{K} \sum_k (1\{y < q_k\} - \tau_k)(q_k - y), \quad \tau_k = (k - 1/2) / K

    (Laio & Tamea 2007, Hydrol Earth Syst Sci 11, equation 4 discretised.) In people; smaller is better.

    Parameters
    ----------
    quantiles
        K x series x months.
    values
        Series x months.
    """
    n = len(quantiles)
    middles = (np.arange(n) + 0.5) / n
    total = np.zeros(values.shape)
    for middle, quantile in zip(middles, quantiles, strict=True):
        total += ((values < quantile) - middle) * (quantile - values)
    return 2.0 * total / n


def score_forecasts(detector: QuantileForecaster, values: Array, *, first_month: int) -> Array:
    """Return every score of ``FORECAST_SCORES``, scores x series x months; NaN where there is no forecast.

    A count on the edge of a central interval is inside it. With small counts intervals cover more than they state:
    no interval of whole numbers covers exactly 50 %.
    """
    middles = (np.arange(_N_QUANTILES) + 0.5) / _N_QUANTILES
    edges = [edge for c in COVERAGES for edge in ((1 - c) / 2, (1 + c) / 2)]
    asked = np.array([*middles, *edges, *_HIGH])
    quantiles = detector.quantiles(values, asked, first_month=first_month)
    inner, outer = quantiles[_N_QUANTILES : _N_QUANTILES + len(edges)], quantiles[-len(_HIGH) :]
    rows = [crps_of_quantiles(quantiles[:_N_QUANTILES], values)]
    rows += [
        (
            (values >= np.floor(inner[2 * i] + _ROUNDING)) & (values <= np.ceil(inner[2 * i + 1] - _ROUNDING))
        ).astype(np.float64)
        for i in range(len(COVERAGES))
    ]
    rows += [(values > high).astype(np.float64) for high in outer]
    known = ~np.isnan(quantiles).any(axis=0) & ~np.isnan(values)
    if isinstance(detector, DensityForecaster):
        log_score = detector.log_scores(values, first_month=first_month)
    else:
        log_score = np.full(values.shape, np.nan)
    return np.where(known, np.stack([*rows, log_score]), np.nan)
