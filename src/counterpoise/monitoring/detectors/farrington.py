"""Farrington: quasi-Poisson regression on the same season of earlier years, with outbreaks weighed down."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
from scipy.special import ndtri, pdtrik, stdtr

from counterpoise.errors import InputError
from counterpoise.monitoring._kernels import negative_binomial_quantile
from counterpoise.monitoring.detectors._factor_trend import Design, Fit, fit_factor_trend
from counterpoise.monitoring.detectors._windows import lagged, trailing
from counterpoise.monitoring.detectors.base import Array

__all__ = ["Baseline", "Farrington"]

_ROWS_AT_ONCE = 2048
"""Small enough that a block of rows stays in the processor's cache."""
_LEAST_YEARS_FOR_TREND = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Baseline:
    """What the regression says of each period; every array is series x periods, NaN where it was not fitted.

    Parameters
    ----------
    expected
        Fitted mean.
    dispersion
        Quasi-Poisson dispersion, at least 1.
    log_sd
        Standard error of the log of ``expected``.
    trend
        Log change per year; 0 where the trend was left out.
    """

    expected: Array
    dispersion: Array
    log_sd: Array
    trend: Array


@dataclass(frozen=True, slots=True, kw_only=True)
class Farrington:
    r"""The exceedance score of the regression used for routine surveillance in many European countries.

    For each period, counts of ``years`` earlier years are regressed (log link, variance :math:`\phi\mu`) on a
    linear trend and a seasonal factor: the months within ``half_window`` of the same month of earlier years are
    the reference level, the other months are cut into ``n_levels - 1`` further levels. The most recent ``skip``
    months are left out. Baseline counts with a standardised Anscombe residual above ``residual_limit`` are weighed down
    by its inverse square, and the model is fitted again. The trend is kept if its p value is below
    ``trend_p_value``, there are three years of data, and it does not carry the expected count above the highest
    baseline count. With upper limit :math:`U`,

    .. math:: X = \frac{y - \hat\mu}{U - \hat\mu}

    and 0 if fewer than 5 people were counted in the last 4 periods. The limit is, by ``limit``,

    - ``delta``: :math:`\{\hat\mu^{2/3} + z_{1-\alpha} \tfrac{2}{3} \hat\mu^{1/6} \sqrt{\phi +
      \mathrm{var}(\hat\mu) / \hat\mu}\}^{3/2}` (Farrington, Andrews, Beale & Catchpole 1996);
    - ``nb_plugin``: the :math:`1-\alpha` quantile of the negative binomial with mean :math:`\hat\mu` and variance
      :math:`\phi\hat\mu` (Noufaily, Enki, Farrington, Garthwaite, Andrews & Charlett 2013);
    - ``muan``: the same with the :math:`1-\alpha` quantile of :math:`\hat\mu` in place of :math:`\hat\mu`.

    Agreement with R ``surveillance::farringtonFlexible`` (fixtures in ``tests/published``) is on expected counts,
    dispersions and limits. We follow the papers where that code (version 1.20.3) does not:

    - with reweighting it overwrites the working weights of the fitted model by the prior weights, so that the standard
      errors behind ``delta``, ``muan`` and the test of the trend are too small for counts above one; ours are
      the regression's;
    - for ``nb_plugin`` and ``muan`` its score subtracts the log of the mean; ours the mean.

    A group of only zeros is fitted as 0. Where :math:`U - \hat\mu` is below one person, one person is used, so
    that a single crossing after years of none does not have an infinite score.

    Parameters
    ----------
    name
        Short stable name.
    years
        Years of baseline; 5 in both papers.
    half_window
        Months on either side of the same month that are alike. The papers have 3 weeks; the nearest is 1 month.
    n_levels
        Levels of the seasonal factor; 10 in Noufaily et al. 2013, which with one month on either side gives each
        of the nine other months its own. 1 leaves those months out, as in Farrington et al. 1996.
    skip
        Latest months left out; 26 weeks in Noufaily et al. 2013.
    residual_limit
        2.58 in Noufaily et al. 2013, 1 in Farrington et al. 1996.
    trend_p_value
        1 in Noufaily et al. 2013 (always fitted), 0.05 in Farrington et al. 1996.
    limit
        How the upper limit is made.
    alpha
        One-sided; the papers' routine systems have 0.005.
    periods_per_year
        Periods in a year.
    """

    name: str = "farrington_flexible"
    years: int = 5
    half_window: int = 1
    n_levels: int = 10
    skip: int = 6
    reweight: bool = True
    residual_limit: float = 2.58
    trend_p_value: float = 1.0
    limit: Literal["delta", "nb_plugin", "muan"] = "nb_plugin"
    alpha: float = 0.005
    periods_per_year: int = 12

    def __post_init__(self) -> None:
        """Refuse a seasonal factor with empty levels."""
        others = self.periods_per_year - 2 * self.half_window - 1
        if self.n_levels - 1 > others:
            raise InputError(
                expected=f"at most {others + 1} levels of the seasonal factor",
                found=str(self.n_levels),
                where="Farrington.n_levels",
                hint=f"a window of {self.half_window} on either side leaves {others} periods of a year",
            )

    @property
    def reference(self) -> str:
        """Where the method comes from."""
        return "Farrington et al. 1996, J R Stat Soc A 159; Noufaily et al. 2013, Stat Med 32"

    def score(self, values: Array, *, first_month: int) -> Array:
        """Return the exceedance score X, series x periods; see ``Detector.score``."""
        baseline = self.baseline(values)
        upper = self._limit(baseline, 1.0 - self.alpha)
        score = (values - baseline.expected) / np.maximum(upper - baseline.expected, 1.0)
        recent = np.stack([values, *(lagged(values, lag) for lag in (1, 2, 3))])
        enough = np.nansum(recent, axis=0) >= 5
        return np.where(enough | np.isnan(score), score, 0.0)

    def quantiles(self, values: Array, probabilities: Array, *, first_month: int) -> Array:
        """Return predictive quantiles, probabilities x series x periods; see ``Forecaster.quantiles``."""
        baseline = self.baseline(values)
        return np.stack([self._limit(baseline, float(probability)) for probability in probabilities])

    def upper_bound(self, values: Array) -> Array:
        """Return the largest count without an alarm, series x periods."""
        return self._limit(self.baseline(values), 1.0 - self.alpha)

    def baseline(self, values: Array) -> Baseline:
        """Return the regression's expected counts, each from counts at least ``skip`` + 1 periods old."""
        length = self.years * self.periods_per_year + self.half_window - self.skip
        windows = trailing(values, length, skip=self.skip + 1)
        design, used = self._design(length)
        expected, dispersion, log_sd, trend = (np.full(values.shape, np.nan) for _ in range(4))
        start = length + self.skip
        rows = windows[:, start:][..., used].reshape(-1, len(used))
        parts = [
            self._fit_rows(rows[i : i + _ROWS_AT_ONCE], design) for i in range(0, len(rows), _ROWS_AT_ONCE)
        ]
        if parts:
            columns = np.concatenate(parts, axis=1).reshape(4, values.shape[0], -1)
            expected[:, start:], dispersion[:, start:], log_sd[:, start:], trend[:, start:] = columns
        return Baseline(expected=expected, dispersion=dispersion, log_sd=log_sd, trend=trend)

    def _design(self, length: int) -> tuple[Design, npt.NDArray[np.intp]]:
        """Return the regression's design and which periods of the window it uses."""
        lags = np.arange(length + self.skip, self.skip, -1)
        phase = (-lags) % self.periods_per_year
        after = phase - self.half_window - 1
        others = self.periods_per_year - 2 * self.half_window - 1
        reference = (after < 0) | (after >= others)
        if self.n_levels == 1:
            used = np.flatnonzero(reference)
            level = np.zeros(len(used), dtype=np.intp)
        else:
            blocks = np.array_split(np.arange(others), self.n_levels - 1)
            level_of = np.concatenate([np.full(len(block), i) for i, block in enumerate(blocks)])
            levels = np.where(reference, self.n_levels - 1, level_of[np.clip(after, 0, others - 1)])
            used = np.argsort(levels, kind="stable")
            level = levels[used]
        group = np.unique(level, return_inverse=True)[1]
        return Design(time=-lags[used] / self.periods_per_year, group=group), used

    def _fit_rows(self, rows: Array, design: Design) -> Array:
        """Return expected count, dispersion, log sd and trend, 4 x rows."""
        trend = np.ones(len(rows), dtype=bool)
        fit = self._fit_robustly(rows, design, trend)
        with np.errstate(invalid="ignore", divide="ignore"):
            ratio = np.abs(fit.slope) / np.sqrt(fit.dispersion * fit.slope_variance)
            p_value = 2.0 * stdtr(np.maximum(fit.degrees_of_freedom, 1.0), -ratio)
            kept = (p_value < self.trend_p_value) & (fit.expected <= np.nanmax(rows, axis=1, initial=0.0))
        kept &= self.years >= _LEAST_YEARS_FOR_TREND
        flat = np.flatnonzero(~kept)
        columns = _columns(fit)
        if len(flat):
            columns[:, flat] = _columns(self._fit_robustly(rows[flat], design, trend[flat] & False))
        return columns

    def _fit_robustly(self, rows: Array, design: Design, trend: npt.NDArray[np.bool_]) -> Fit:
        """Fit, weigh down high residuals, and fit again."""
        there = ~np.isnan(rows)
        counts = np.nan_to_num(rows)
        fit = fit_factor_trend(counts, there.astype(np.float64), design, trend=trend)
        if not self.reweight:
            return fit
        with np.errstate(invalid="ignore", divide="ignore"):
            residual = 1.5 * np.where(
                fit.mean > 0, counts ** (2 / 3) * fit.mean ** (-1 / 6) - fit.mean**0.5, 0.0
            )
            scale = np.maximum(fit.dispersion, 1.0)[:, None] * np.maximum(1.0 - fit.leverage, 1e-9)
            residual /= np.sqrt(scale)
            weights = np.where(residual > self.residual_limit, residual**-2.0, 1.0) * there
        weights *= (there.sum(axis=1) / np.maximum(weights.sum(axis=1), 1e-300))[:, None]
        return fit_factor_trend(counts, np.nan_to_num(weights), design, trend=trend)

    def _limit(self, baseline: Baseline, probability: float) -> Array:
        """Return the upper limit at a probability, series x periods."""
        mean, phi = baseline.expected, baseline.dispersion
        if self.limit == "delta":
            with np.errstate(invalid="ignore"):
                variance = np.where(mean > 0, mean * baseline.log_sd**2, 0.0)
            spread = 2 / 3 * mean ** (1 / 6) * np.sqrt(phi + variance)
            limit: Array = np.maximum(mean ** (2 / 3) + float(ndtri(probability)) * spread, 0.0) ** 1.5
            return limit
        if self.limit == "muan":
            with np.errstate(invalid="ignore"):
                mean = mean * np.exp(float(ndtri(probability)) * baseline.log_sd)
        return _count_quantile(probability, mean, phi)


def _columns(fit: Fit) -> Array:
    """Return expected count, dispersion (at least 1), log sd and trend, 4 x rows."""
    with np.errstate(
        invalid="ignore"
    ):  # an infinite variance of a level of zeros, times no dispersion at all
        log_sd = np.sqrt(fit.dispersion * fit.level_variance)
    return np.stack([fit.expected, np.maximum(fit.dispersion, 1.0), log_sd, fit.slope])


def _count_quantile(probability: float, mean: Array, dispersion: Array) -> Array:
    """Return the quantile of a count with the given mean and variance ``dispersion`` x mean."""
    known = np.isfinite(mean) & np.isfinite(dispersion)
    over = known & (dispersion > 1.0) & (mean > 0)
    exact = known & ~over & (mean > 0)
    quantile = np.where(known, 0.0, np.nan)
    extra = dispersion[over] - 1.0
    quantile[over] = negative_binomial_quantile(probability, mean[over] / extra, 1.0 / extra)
    at_zero = np.exp(-mean[exact]) >= probability
    continuous = pdtrik(probability, mean[exact])
    quantile[exact] = np.where(at_zero, 0.0, np.ceil(np.nan_to_num(continuous) - 1e-9))
    return quantile
