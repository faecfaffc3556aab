r"""The dynamic count model: one-step-ahead negative-binomial forecasts for many series at once.

For each series, with counts :math:`y_t` of one period,

.. math:: y_t \sim \mathrm{Poisson}(e^{\eta_t}), \quad \eta_t = F_t' \theta_t + \varepsilon_t,
          \quad \varepsilon_t \sim (0, v)

where :math:`\theta_t` holds a level and two harmonics of the year (of days: the days of the week), evolves by
discounting, and :math:`\varepsilon_t` is what a period has of its own (extra-Poisson variation). The prior moments of
:math:`\eta_t` are matched to a log-gamma, so that the forecast is negative binomial, and the state is updated by
linear Bayes (West, Harrison & Migon 1985, sections 2 and 3; West & Harrison 1997, chapter 14; random effect
as in Berry & West 2020, section 2.3). The dispersion :math:`v` is learnt on the way from its posterior second
moment, discounted and shrunk to a common prior.

No one speed of learning suits all series, so a few such models run side by side, slow and fast, narrow and
wide, and each series weighs them by how well they have forecast it lately (a multi-process model: West &
Harrison 1997, chapter 12; weights forgotten geometrically: Raftery, Kárný & Ettler 2010, equation 16). Their
forecasts are merged into one negative binomial of the same mean and variance. After a jump the fast models take
over, so the forecast adapts within a month or two; after calm the narrow ones do. Known changes of counting
widen the level beforehand (feed-forward intervention: West & Harrison 1997, chapter 11). A model of this family
that runs forward over thousands of flows is Chen, Irie, Banks, Haslinger, Thomas & West 2018.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from scipy.special import digamma, gammaln

from counterpoise.monitoring._kernels import (
    Array,
    gamma_from_log_moments,
    negative_binomial_quantile,
    negative_binomial_tails,
    trigamma,
)
from counterpoise.monitoring.options import DetectOptions

__all__ = ["Forecasts", "forecast_counts", "surge_probability"]

Mask = npt.NDArray[np.bool_]

_N_HARMONICS = 2
_FIRST_LEVEL = -1.0
_FIRST_LEVEL_SD = 2.0
_LARGEST_VARIANCE = 9.0
"""Log-scale variances are kept below this: a level unknown by a factor of 20 is as unknown as it gets."""
_LARGEST_SEASON_VARIANCE = 1.0
"""The same for a seasonal coefficient, on average: reached after decades without a count."""
_LARGEST_LOSS = 5.0
"""No single period counts for more than this in the weights, in log score lost on the best model."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecasts:
    """One-step-ahead forecasts; every array is series x periods.

    Parameters
    ----------
    shape, rate
        The gamma of the predictive mean; the count is Poisson given it.
    tail_probability, lower_tail_probability
        P(count >= observed), allowing for the background, and P(count <= observed); NaN where nothing is
        published.
    shared
        Share of the log intensity's variance that periods next to each other have in common: what is unknown of
        level and season. The rest is what each period has of its own.
    tail_ahead
        P(count >= observed), allowing for the background, under the forecast made two periods before: it knows
        nothing of the period between. None where it was not asked for.
    """

    shape: Array
    rate: Array
    tail_probability: Array
    lower_tail_probability: Array
    shared: Array
    tail_ahead: Array | None = None

    def quantile(self, probability: float) -> Array:
        """Return a quantile of the forecast for every series and period."""
        return negative_binomial_quantile(probability, self.shape, self.rate)


def forecast_counts(
    values: Array,
    *,
    breaks: Mask,
    unsettled: Mask,
    first_month: int = 1,
    options: DetectOptions,
    periods_per_year: int = 12,
    regressors: Array | None = None,
    two_ahead: bool = False,
) -> Forecasts:
    """Run the models forward over all series and return their merged forecasts.

    Parameters
    ----------
    values
        Counts, series x periods; NaN where nothing is published (the forecast goes on, nothing is learnt).
    breaks
        Series x periods: a counting rule changes here, so the level may jump.
    unsettled
        Series x periods: provisional figures, from which nothing is learnt.
    first_month
        Calendar month (1 to 12) of the first period.
    options
        Settings.
    regressors
        Periods x coefficients, the first of them 1 for the level; None: level and two harmonics of the year.
    two_ahead
        Whether each count is also judged by the forecast made two periods before; it takes half as long again.

    Returns
    -------
    Forecasts
        Each forecast uses only counts of earlier periods.
    """
    n_series, n_periods = values.shape
    if regressors is None:
        regressors = _season(n_periods, first_month, periods_per_year)
    models = options.models
    state = _State.start(n_series, regressors.shape[1], models, options)
    log_weights = np.zeros((len(models), n_series))
    shapes, rates, uppers, lowers, shared = (np.full(values.shape, np.nan) for _ in range(5))
    tails_ahead = np.full(values.shape, np.nan) if two_ahead else None

    for t in range(n_periods):
        count = values[:, t]
        state.drift(np.tile(breaks[:, t], len(models)), options)
        belief = state.forecast(regressors[t])
        part_shape = belief.shape.reshape(len(models), n_series)
        part_rate = belief.rate.reshape(len(models), n_series)
        log_weights *= options.weight_memory
        shape, rate = _merge(part_shape, part_rate, log_weights)
        own = (state.dispersion_sum / state.dispersion_weight / belief.variance).reshape(part_shape.shape)
        shared[:, t] = 1.0 - (_weights(log_weights) * own).sum(axis=0)
        shapes[:, t], rates[:, t] = shape, rate
        _, lowers[:, t] = negative_binomial_tails(count, shape, rate)
        uppers[:, t] = surge_probability(count, shape, rate, options)
        if tails_ahead is not None and t + 1 < n_periods:
            later = state.ahead(regressors[t + 1], np.tile(breaks[:, t + 1], len(models)), options)
            merged = _merge(
                later.shape.reshape(part_shape.shape),
                later.rate.reshape(part_rate.shape),
                options.weight_memory * log_weights,
            )
            tails_ahead[:, t + 1] = surge_probability(values[:, t + 1], *merged, options)

        usable = ~np.isnan(count) & ~unsettled[:, t]
        seen = np.where(usable, count, 0.0)
        scores = _log_score(seen, part_shape, part_rate)
        log_weights += np.where(usable, np.maximum(scores - scores.max(axis=0), -_LARGEST_LOSS), 0.0)
        state.learn(belief, np.tile(seen, len(models)), usable=np.tile(usable, len(models)), options=options)
    return Forecasts(
        shape=shapes,
        rate=rates,
        tail_probability=uppers,
        lower_tail_probability=lowers,
        shared=shared,
        tail_ahead=tails_ahead,
    )


def _season(n_periods: int, first_month: int, periods_per_year: int) -> Array:
    """Return the regressors, periods x (1 + 2 harmonics)."""
    angle = 2 * np.pi * (np.arange(n_periods) + first_month - 1) / periods_per_year
    waves = [f(h * angle) for h in range(1, _N_HARMONICS + 1) for f in (np.cos, np.sin)]
    return np.column_stack([np.ones(n_periods), *waves])


def _weights(log_weights: Array) -> Array:
    """Return weights that sum to 1 over axis 0."""
    weights: Array = np.exp(log_weights - log_weights.max(axis=0))
    weights /= weights.sum(axis=0)
    return weights


def _merge(shape: Array, rate: Array, log_weights: Array) -> tuple[Array, Array]:
    """Return the gamma with the mean and variance of the weighted mixture over axis 0."""
    weights = _weights(log_weights)
    means = shape / rate
    mean = (weights * means).sum(axis=0)
    variance = (weights * (means / rate + np.square(means - mean))).sum(axis=0)
    return np.square(mean) / variance, mean / variance


def surge_probability(count: Array, shape: Array, rate: Array, options: DetectOptions) -> Array:
    """Return P(Y >= count) where the predictive mean has a background added: the few people any route sees.

    Parameters
    ----------
    count
        Counts of any shape; NaN where nothing is published.
    shape, rate
        The gamma of the predictive mean, without the background.
    """
    mean = shape / rate + options.background
    variance = shape / np.square(rate) + (options.background * options.background_sd) ** 2
    return negative_binomial_tails(count, np.square(mean) / variance, mean / variance)[0]


def _log_score(count: Array, shape: Array, rate: Array) -> Array:
    """Return the log probability of the counts, without the terms that all models share."""
    return gammaln(shape + count) - gammaln(shape) - shape * np.log1p(1.0 / rate) - count * np.log1p(rate)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Belief:
    """The log intensity of one period: its moments, the gamma matched to them, and how it moves the state."""

    mean: Array
    variance: Array
    gain: Array
    """(Models x series) x coefficients: covariance of the state with the log intensity."""
    shape: Array
    rate: Array


@dataclass(slots=True, kw_only=True)
class _State:
    """What each model believes of every series (models stacked); changed in place within one run."""

    mean: Array
    """(Models x series) x coefficients."""
    variance: Array
    """(Models x series) x coefficients x coefficients."""
    level_discount: Array
    level_drift: Array
    """Variance the level gains from one period to the next."""
    prior_dispersion: Array
    dispersion_sum: Array
    dispersion_weight: Array

    @classmethod
    def start(
        cls, n_series: int, size: int, models: Sequence[tuple[float, float]], options: DetectOptions
    ) -> "_State":
        n_rows = len(models) * n_series
        mean = np.zeros((n_rows, size))
        mean[:, 0] = _FIRST_LEVEL
        variance = np.zeros((n_rows, size, size))
        variance[:, 0, 0] = _FIRST_LEVEL_SD**2
        variance[:, range(1, size), range(1, size)] = options.season_sd**2
        dispersion = np.repeat([dispersion for _, dispersion in models], n_series)
        discount = np.repeat([discount for discount, _ in models], n_series)
        return cls(
            mean=mean,
            variance=variance,
            level_discount=discount,
            level_drift=variance[:, 0, 0] * (1.0 / discount - 1.0),
            prior_dispersion=dispersion,
            dispersion_sum=dispersion * options.dispersion_weight,
            dispersion_weight=np.full(n_rows, options.dispersion_weight),
        )

    def drift(self, breaks: Mask, options: DetectOptions) -> None:
        """Let level and season drift: block discounting (West & Harrison 1997, section 6.3).

        Through a gap in publication the level gains in each period what the last count left it to gain, not a
        share of a variance that itself grows (same section, on forecasts several steps ahead). Counts of nobody
        for years leave the variance to grow too, so each has a ceiling.
        """
        season = self.variance[:, 1:, 1:]
        drifts = season.trace(axis1=1, axis2=2) < season.shape[1] * _LARGEST_SEASON_VARIANCE
        season /= np.where(drifts, options.season_discount, 1.0)[:, None, None]
        self.variance[:, 0, 0] += self.level_drift
        self.variance[breaks, 0, 0] += options.break_sd**2
        np.minimum(self.variance[:, 0, 0], _LARGEST_VARIANCE, out=self.variance[:, 0, 0])

    def forecast(self, x: Array) -> "_Belief":
        """Return what is believed of the next period's log intensity."""
        gain = self.variance @ x
        f = self.mean @ x
        q = gain @ x + self.dispersion_sum / self.dispersion_weight
        shape, rate = gamma_from_log_moments(f, q)
        return _Belief(mean=f, variance=q, gain=gain, shape=shape, rate=rate)

    def ahead(self, x: Array, breaks: Mask, options: DetectOptions) -> "_Belief":
        """Return what is believed of the period after the next, before the next one's count is learnt."""
        later = replace(self, variance=self.variance.copy())
        later.drift(breaks, options)
        return later.forecast(x)

    def learn(self, belief: "_Belief", count: Array, *, usable: Mask, options: DetectOptions) -> None:
        """Update by linear Bayes (West, Harrison & Migon 1985, section 3) and learn the dispersion."""
        q, gain = belief.variance, belief.gain
        moved = digamma(belief.shape + count) - np.log(belief.rate + 1.0) - belief.mean
        resolved = 1.0 - trigamma(belief.shape + count) / q
        self.mean += np.where(usable, moved / q, 0.0)[:, None] * gain
        # The product of gains comes first: so the matrix stays symmetric to the last bit. What is not symmetric
        # is never learnt, and discounting would multiply it until, after some thousand periods, nothing else is left.
        product = gain[:, :, None] * gain[:, None, :]
        self.variance -= np.where(usable, resolved / q, 0.0)[:, None, None] * product
        opened = self.variance[:, 0, 0] * (1.0 / self.level_discount - 1.0)
        self.level_drift = np.where(usable, opened, self.level_drift)

        dispersion = self.dispersion_sum / self.dispersion_weight
        second_moment = (dispersion / q * moved) ** 2 + dispersion - dispersion**2 * resolved / q
        kept = options.dispersion_discount
        prior = (1.0 - kept) * options.dispersion_weight
        total = kept * self.dispersion_sum + second_moment + prior * self.prior_dispersion
        self.dispersion_sum = np.where(usable, total, self.dispersion_sum)
        weight = kept * self.dispersion_weight + 1.0 + prior
        self.dispersion_weight = np.where(usable, weight, self.dispersion_weight)
