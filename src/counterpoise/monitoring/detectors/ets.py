"""Seasonal exponential smoothing: how far the count lies outside the interval of an ETS forecast."""

from dataclasses import dataclass
from itertools import product

import numpy as np
from scipy.special import ndtri

from counterpoise.monitoring.detectors.base import Array

__all__ = ["SeasonalEts"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SeasonalEts:
    r"""Additive-error smoothing of the log count, with season and damped trend.

    On :math:`z_t = \log(1 + y_t)`, the model ETS(A,Ad,A) in error-correction form (Hyndman, Koehler, Ord & Snyder
    2008, table 2.2; Hyndman & Athanasopoulos 2021, section 8.5):

    .. math:: \hat z_t &= \ell_{t-1} + \varphi b_{t-1} + s_{t-m}, \qquad e_t = z_t - \hat z_t \\
              \ell_t &= \ell_{t-1} + \varphi b_{t-1} + \alpha e_t, \quad
              b_t = \varphi b_{t-1} + \beta e_t, \quad s_t = s_{t-m} + \gamma e_t

    with :math:`\beta = 0` in half of the candidates, which is ETS(A,N,A). The score is :math:`e_t / \sigma_t`, with the
    root mean square of earlier errors, so that "outside the 99 % interval" is a score above 2.58.

    Approximated: the smoothing constants are the best of a small grid by the errors so far (one step ahead), not a
    maximum likelihood fit; the first states are means of the first two published years.

    Parameters
    ----------
    level, trend, season
        Candidate smoothing constants: alpha, beta as a share of alpha, and gamma as a share of 1 - alpha.
    damping
        Phi; 0.9 within the 0.8 to 0.98 that Hyndman & Athanasopoulos name.
    min_sigma
        Smallest standard deviation, on the log scale (ours; for constant series).
    least_errors
        One-step errors needed before a score is given.
    periods_per_year
        Periods in a year.
    """

    level: tuple[float, ...] = (0.1, 0.3, 0.5, 0.8)
    trend: tuple[float, ...] = (0.0, 0.1)
    season: tuple[float, ...] = (0.05, 0.3)
    damping: float = 0.9
    min_sigma: float = 0.1
    least_errors: int = 12
    periods_per_year: int = 12

    @property
    def name(self) -> str:
        """Short stable name."""
        return "seasonal_ets"

    @property
    def reference(self) -> str:
        """Where the method comes from."""
        return "Hyndman, Koehler, Ord & Snyder 2008, Forecasting with Exponential Smoothing, table 2.2"

    def score(self, values: Array, *, first_month: int) -> Array:
        """Return standardised one-step errors, series x periods; see ``Detector.score``."""
        mean, sigma = self.forecast(values)
        return (np.log1p(values) - mean) / sigma

    def quantiles(self, values: Array, probabilities: Array, *, first_month: int) -> Array:
        """Return predictive quantiles, probabilities x series x periods; see ``Forecaster.quantiles``."""
        mean, sigma = self.forecast(values)
        return np.maximum(np.expm1(mean + ndtri(probabilities)[:, None, None] * sigma), 0.0)

    def forecast(self, values: Array) -> tuple[Array, Array]:
        """Return mean and standard deviation of the log count, each series x periods; NaN without history."""
        logs = np.log1p(values)
        year = self.periods_per_year
        candidates = np.array(list(product(self.level, self.trend, self.season)))
        alpha = candidates[:, 0]
        beta, gamma = alpha * candidates[:, 1], (1.0 - alpha) * candidates[:, 2]
        n_series, n_candidates = len(values), len(candidates)
        level, slope, squares = (np.zeros((n_series, n_candidates)) for _ in range(3))
        season = np.zeros((year, n_series, n_candidates))
        n_seen, n_errors = np.zeros(n_series, dtype=np.intp), np.zeros(n_series, dtype=np.intp)
        mean, sigma = np.full(values.shape, np.nan), np.full(values.shape, np.nan)
        rows = np.arange(n_series)

        for t in range(values.shape[1]):
            there = ~np.isnan(logs[:, t])
            started = n_seen >= 2 * year
            expected = level + self.damping * slope + season[t % year]
            best = squares.argmin(axis=1)
            judged = started & (n_errors >= self.least_errors)
            mean[judged, t] = expected[rows, best][judged]
            spread = np.sqrt(squares[rows, best] / np.maximum(n_errors, 1))
            sigma[judged, t] = np.maximum(spread, self.min_sigma)[judged]

            error = np.where((started & there)[:, None], np.nan_to_num(logs[:, t])[:, None] - expected, 0.0)
            squares += error**2
            n_errors += started & there
            drift = self.damping * slope * started[:, None]
            level = level + drift + alpha * error
            slope = drift + beta * error
            season[t % year] += gamma * error

            n_seen += there
            begins = np.flatnonzero(there & (n_seen == 2 * year))
            if len(begins):
                first_level, first_season = self._first_states(logs[begins, : t + 1])
                level[begins] = first_level[:, None]
                season[:, begins] = first_season[:, :, None]
        return mean, sigma

    def _first_states(self, logs: Array) -> tuple[Array, Array]:
        """Return level (series) and season (phase x series) from all that is published so far."""
        there = ~np.isnan(logs)
        filled = np.nan_to_num(logs)
        level: Array = filled.sum(axis=1) / there.sum(axis=1)
        deviation = np.where(there, filled - level[:, None], 0.0)
        season = np.stack(
            [
                deviation[:, phase :: self.periods_per_year].sum(axis=1)
                / np.maximum(there[:, phase :: self.periods_per_year].sum(axis=1), 1)
                for phase in range(self.periods_per_year)
            ]
        )
        return level, season - season.mean(axis=0)
