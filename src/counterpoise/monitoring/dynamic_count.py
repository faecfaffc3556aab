r"""The dynamic count model: one-step-ahead negative-binomial forecasts for many series at once.

For each series, with counts :math:`y_t` of one period,

.. math:: y_t \sim \mathrm{Poisson}(e^{\eta_t}), \quad \eta_t = F_t' \theta_t + \varepsilon_t,
          \quad \varepsilon_t \sim (0, v)

where :math:`\theta_t` holds a level and two harmonics of the year, evolves by discounting, and
:math:`\varepsilon_t` is what a period has of its own (extra-Poisson variation). The prior moments of
:math:`\eta_t` are matched to a log-gamma, so that the forecast is negative binomial, and the state is updated by
linear Bayes (West, Harrison & Migon 1985, sections 2 and 3; West & Harrison 1997, chapter 14; random effect
as in Berry & West 2020, section 2.3). The dispersion :math:`v` is learnt on the way from its posterior second
moment, discounted and shrunk to a common prior. Feed-forward intervention at known changes of counting and
feed-back intervention after alarms follow West & Harrison 1997, chapter 11; a model that runs forward over
thousands of flows and adapts after a signal is Chen, Irie, Banks, Haslinger, Thomas & West 2018.

While an alarm lasts, the state learns no more from a count than the alarm limit would have taught it: the band
shown is what would be expected without the surge. After ``hold_periods`` alarmed periods the new level is learnt.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import digamma

from counterpoise.monitoring._kernels import (
    Array,
    gamma_from_log_moments,
    negative_binomial_quantile,
    negative_binomial_tails,
    trigamma,
)
from counterpoise.monitoring.options import DetectOptions

__all__ = ["Forecasts", "forecast_counts"]

Mask = npt.NDArray[np.bool_]

_N_HARMONICS = 2
_FIRST_LEVEL = -1.0
_FIRST_LEVEL_SD = 2.0
_LARGEST_VARIANCE = 9.0
"""Log-scale variances are kept below this: a level unknown by a factor of 20 is as unknown as it gets."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecasts:
    """One-step-ahead forecasts and alarms; every array is series x periods.

    Parameters
    ----------
    shape, rate
        The gamma of the predictive mean; the count is Poisson given it.
    tail_probability, lower_tail_probability
        P(count >= observed), P(count <= observed); NaN where nothing is published.
    surge, collapse
        Where the engine raised an alarm.
    relearnt
        Where a long alarm made the engine take the new level as the baseline.
    """

    shape: Array
    rate: Array
    tail_probability: Array
    lower_tail_probability: Array
    surge: Mask
    collapse: Mask
    relearnt: Mask

    def quantile(self, probability: float) -> Array:
        """Return a quantile of the forecast for every series and period."""
        return negative_binomial_quantile(probability, self.shape, self.rate)


def _season(n_periods: int, first_month: int, periods_per_year: int) -> Array:
    """Return the regressors, periods x (1 + 2 harmonics)."""
    angle = 2 * np.pi * (np.arange(n_periods) + first_month - 1) / periods_per_year
    waves = [f(h * angle) for h in range(1, _N_HARMONICS + 1) for f in (np.cos, np.sin)]
    return np.column_stack([np.ones(n_periods), *waves])


def forecast_counts(
    values: Array,
    *,
    breaks: Mask,
    unsettled: Mask,
    first_month: int,
    options: DetectOptions,
    periods_per_year: int = 12,
) -> Forecasts:
    """Run the model forward over all series and return its forecasts.

    Parameters
    ----------
    values
        Counts, series x periods; NaN where nothing is published (the forecast goes on, nothing is learnt).
    breaks
        Series x periods: a counting rule changes here, so the level may jump.
    unsettled
        Series x periods: provisional figures, from which nothing is learnt and no alarm is raised.
    first_month
        Calendar month (1 to 12) of the first period.
    options
        Settings.

    Returns
    -------
    Forecasts
        Each forecast uses only counts of earlier periods.
    """
    n_series, n_periods = values.shape
    regressors = _season(n_periods, first_month, periods_per_year)
    state = _State.start(n_series, regressors.shape[1], options)
    n_seen = np.zeros(n_series)
    run = np.zeros(n_series)
    since_surge = np.full(n_series, np.inf)
    shapes, rates, uppers, lowers = (np.full(values.shape, np.nan) for _ in range(4))
    surges, collapses, relearnt = (np.zeros(values.shape, dtype=bool) for _ in range(3))

    for t in range(n_periods):
        count = values[:, t]
        state.drift(breaks[:, t], options)
        shape, rate = gamma_from_log_moments(*state.forecast(regressors[t]))
        upper, lower = negative_binomial_tails(count, shape, rate)
        shapes[:, t], rates[:, t], uppers[:, t], lowers[:, t] = shape, rate, upper, lower

        usable = ~np.isnan(count) & ~unsettled[:, t]
        settled = usable & (n_seen >= options.warm_up_periods)
        surge = settled & (upper < options.threshold) & (count >= options.min_observed)
        collapses[:, t] = (
            settled
            & (lower < options.threshold)
            & (shape / rate >= options.min_expected_for_collapse)
            & (since_surge > 2 * options.hold_periods)
        )
        surges[:, t] = surge
        run = np.where(surge, run + 1, np.where(usable, 0, run))
        relearn = run >= options.hold_periods
        relearnt[:, t] = relearn
        run[relearn] = 0

        seen = np.nan_to_num(count)
        held = surge & ~relearn
        seen[held] = np.minimum(seen[held], _limit(shape[held], rate[held], options))
        state.learn(regressors[t], seen, usable=usable, relearn=relearn, options=options)
        n_seen += usable
        since_surge = np.where(surge, 0, since_surge + 1)

    return Forecasts(
        shape=shapes,
        rate=rates,
        tail_probability=uppers,
        lower_tail_probability=lowers,
        surge=surges,
        collapse=collapses,
        relearnt=relearnt,
    )


@dataclass(slots=True, kw_only=True)
class _State:
    """What the model believes of every series; changed in place, within one call of ``forecast_counts``."""

    mean: Array
    """Series x coefficients."""
    variance: Array
    """Series x coefficients x coefficients."""
    dispersion_sum: Array
    dispersion_weight: Array

    @classmethod
    def start(cls, n_series: int, size: int, options: DetectOptions) -> "_State":
        mean = np.zeros((n_series, size))
        mean[:, 0] = _FIRST_LEVEL
        variance = np.zeros((n_series, size, size))
        variance[:, 0, 0] = _FIRST_LEVEL_SD**2
        variance[:, range(1, size), range(1, size)] = options.season_sd**2
        return cls(
            mean=mean,
            variance=variance,
            dispersion_sum=np.full(n_series, options.dispersion * options.dispersion_weight),
            dispersion_weight=np.full(n_series, options.dispersion_weight),
        )

    def drift(self, breaks: Mask, options: DetectOptions) -> None:
        """Let level and season drift: block discounting (West & Harrison 1997, section 6.3)."""
        self.variance[:, 0, 0] /= options.level_discount
        self.variance[:, 1:, 1:] /= options.season_discount
        self.variance[breaks, 0, 0] += options.break_sd**2
        np.minimum(self.variance[:, 0, 0], _LARGEST_VARIANCE, out=self.variance[:, 0, 0])

    def forecast(self, x: Array) -> tuple[Array, Array]:
        """Return mean and variance of the next period's log intensity."""
        return self.mean @ x, (self.variance @ x) @ x + self.dispersion_sum / self.dispersion_weight

    def learn(self, x: Array, count: Array, *, usable: Mask, relearn: Mask, options: DetectOptions) -> None:
        """Update by linear Bayes (West, Harrison & Migon 1985, section 3) and learn the dispersion."""
        self.variance[relearn, 0, 0] += options.break_sd**2
        f, q = self.forecast(x)
        shape, rate = gamma_from_log_moments(f, q)
        moved = digamma(shape + count) - np.log(rate + 1.0) - f
        resolved = 1.0 - trigamma(shape + count) / q
        gain = self.variance @ x
        self.mean += np.where(usable, moved / q, 0.0)[:, None] * gain
        self.variance -= (
            np.where(usable, resolved / q, 0.0)[:, None, None] * gain[:, :, None] * gain[:, None, :]
        )

        learns = usable & ~relearn
        dispersion = self.dispersion_sum / self.dispersion_weight
        second_moment = (dispersion / q * moved) ** 2 + dispersion - dispersion**2 * resolved / q
        kept = options.dispersion_discount
        prior = (1.0 - kept) * options.dispersion_weight
        total = kept * self.dispersion_sum + second_moment + prior * options.dispersion
        self.dispersion_sum = np.where(learns, total, self.dispersion_sum)
        weight = kept * self.dispersion_weight + 1.0 + prior
        self.dispersion_weight = np.where(learns, weight, self.dispersion_weight)


def _limit(shape: Array, rate: Array, options: DetectOptions) -> Array:
    """Return the smallest count that would have raised an alarm."""
    return negative_binomial_quantile(1.0 - options.threshold, shape, rate) + 1.0
