"""Random walk on the log intensity with stochastic volatility: how surprising a count is after the last ones."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from counterpoise.monitoring.detectors._volatility import EXACT_BELOW, Mixture, autoregressive_chain
from counterpoise.monitoring.detectors.base import Array

__all__ = ["RandomWalk"]

_FIRST_VARIANCE = 4.0
_LADDER = np.concatenate([np.arange(float(EXACT_BELOW)), EXACT_BELOW * 1.08 ** np.arange(170)])
"""Counts at which the distribution is evaluated for quantiles: each below 12, then steps of 8 %, up to 5 million."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RandomWalk:
    r"""Poisson random walk with stochastic volatility and structural zeros (Zens & Bijak 2026).

    .. math:: y_t \mid x_t &\sim (1 - \pi)\,\mathrm{Poisson}(e^{x_t}) + \pi\,\delta_0 \\
              x_t &= x_{t-1} + e^{h_t / 2} \varepsilon_t, \qquad
              h_t = \mu + \phi (h_{t-1} - \mu) + \sigma \eta_t

    The score is :math:`-\log_{10} P(Y_t \ge y_t \mid y_{1..t-1})`: 2 at one in a hundred.

    Approximated, because the paper's Markov chain Monte Carlo would be run anew for every series and month:

    - the volatility is a chain of ``n_volatilities`` states (Rouwenhorst) for each of a few means :math:`\mu`;
      each series learns which fits, where the paper samples :math:`\mu`, :math:`\phi`, :math:`\sigma`;
    - the belief about :math:`x_t` is normal in each state, and updated through a gamma with the same log moments;
    - :math:`\pi` is learnt from the probability that each zero was structural, weighed against a prior.

    Written for weekly sea crossings; the settings below are ours, for months.

    Parameters
    ----------
    typical_sd
        Standard deviations of a monthly step at the mean volatilities, on the log scale.
    volatility_sd, persistence
        Unconditional standard deviation and autoregression of the log variance h.
    n_volatilities
        States of the chain.
    zero_share, zero_weight
        Prior of the share of structural zeros: its mean, and the months it counts for.
    least
        Published periods before a score is given.
    """

    typical_sd: tuple[float, ...] = (0.15, 0.4, 1.0)
    volatility_sd: float = 0.8
    persistence: float = 0.9
    n_volatilities: int = 3
    zero_share: float = 0.05
    zero_weight: float = 20.0
    least: int = 12

    @property
    def name(self) -> str:
        """Short stable name."""
        return "random_walk_volatility"

    @property
    def reference(self) -> str:
        """Where the method comes from."""
        return "Zens & Bijak 2026, Ann Appl Stat, arXiv:2508.18716"

    def score(self, values: Array, *, first_month: int) -> Array:
        """Return minus the log10 of the upper tail probability, series x periods; see ``Detector.score``."""
        tail = np.full(values.shape, np.nan)
        for t, (forecast, zero, judged) in enumerate(self._forecasts(values)):
            count = np.nan_to_num(values[:, t])
            small = np.cumsum(forecast.small_counts(), axis=1)
            index = np.clip(count - 1.0, 0.0, EXACT_BELOW - 1.0).astype(np.intp)
            exact = 1.0 - small[np.arange(len(count)), index]
            far = forecast.above(np.maximum(count, EXACT_BELOW)[:, None])[:, 0]
            upper = np.where(count <= EXACT_BELOW, exact, far) * (1.0 - zero)
            known = judged & ~np.isnan(values[:, t])
            tail[known, t] = np.where(count == 0, 1.0, upper)[known]
        score: Array = -np.log10(np.clip(tail, 1e-16, 1.0))
        return score

    def quantiles(self, values: Array, probabilities: Array, *, first_month: int) -> Array:
        """Return predictive quantiles, probabilities x series x periods; see ``Forecaster.quantiles``."""
        quantiles = np.full((len(probabilities), *values.shape), np.nan)
        further = _LADDER[None, EXACT_BELOW:] + 1.0
        for t, (forecast, zero, judged) in enumerate(self._forecasts(values)):
            small = np.cumsum(forecast.small_counts(), axis=1)
            within = np.concatenate([small, 1.0 - forecast.above(further)], axis=1)
            within = zero[:, None] + (1.0 - zero[:, None]) * np.maximum.accumulate(within, axis=1)
            for i, probability in enumerate(probabilities):
                place = np.minimum((within < probability).sum(axis=1), len(_LADDER) - 1)
                quantiles[i, judged, t] = _between(within, place, float(probability))[judged]
        return quantiles

    def _forecasts(self, values: Array) -> Iterator[tuple[Mixture, Array, npt.NDArray[np.bool_]]]:
        """Yield, for each period, the belief before its count, the share of structural zeros, and who is judged."""
        centred, chain = autoregressive_chain(self.n_volatilities, self.persistence)
        n_means = len(self.typical_sd)
        log_variance = (2.0 * np.log(self.typical_sd))[:, None] + self.volatility_sd * centred
        innovation = np.exp(log_variance).ravel()
        transition: Array = np.kron(np.eye(n_means), chain).astype(np.float64)
        stationary = np.linalg.matrix_power(chain, 1000)[0]
        shape = (len(values), len(innovation))
        weight = np.broadcast_to(np.tile(stationary, n_means) / n_means, shape)
        belief = Mixture(mean=np.zeros(shape), variance=np.full(shape, _FIRST_VARIANCE), weight=weight)
        n_seen, structural = np.zeros(len(values)), np.full(len(values), self.zero_share * self.zero_weight)

        for t in range(values.shape[1]):
            belief = belief.step(transition, innovation)
            zero = structural / (self.zero_weight + n_seen)
            yield belief, zero, n_seen >= self.least

            there = ~np.isnan(values[:, t])
            count = np.nan_to_num(values[:, t])
            begins = there & (n_seen == 0)
            mean = np.where(begins[:, None], np.log(count + 0.5)[:, None], belief.mean)
            belief = Mixture(mean=mean, variance=belief.variance, weight=belief.weight)
            at_zero = belief.small_counts()[:, 0]
            responsible = np.where(count == 0, (1 - zero) * at_zero / (zero + (1 - zero) * at_zero), 1.0)
            responsible = np.where(there, responsible, 0.0)
            belief = belief.learn(count, responsible)
            structural += np.where(there, 1.0 - responsible, 0.0)
            n_seen += there


def _between(within: Array, place: Array, probability: float) -> Array:
    """Return the count at a probability: the ladder's below 12, interpolated in the log above, one per series."""
    rows = np.arange(len(within))
    before = np.maximum(place - 1, 0)
    low, high = within[rows, before], within[rows, place]
    share = np.clip((probability - low) / np.maximum(high - low, 1e-300), 0.0, 1.0)
    far = np.exp(np.log1p(_LADDER[before]) * (1 - share) + np.log1p(_LADDER[place]) * share) - 1.0
    quantile: Array = np.where(place < EXACT_BELOW, _LADDER[place], np.ceil(far))
    return quantile
