"""A filter for Poisson counts whose log intensity wanders with a changing volatility; axes are given by name."""

from dataclasses import dataclass

import numpy as np
from scipy.special import digamma, gammaln, ndtr

from counterpoise.monitoring._kernels import gamma_from_log_moments, trigamma
from counterpoise.monitoring.detectors.base import Array

__all__ = ["EXACT_BELOW", "Mixture", "autoregressive_chain"]

EXACT_BELOW = 12
"""Counts below this are integrated over the intensity; above, the log of a gamma is taken as normal."""
_NODES, _WEIGHTS = np.polynomial.hermite_e.hermegauss(25)
_WEIGHTS = _WEIGHTS / _WEIGHTS.sum()
_COUNTS = np.arange(EXACT_BELOW, dtype=np.float64)
_LEAST_WEIGHT = 1e-6
"""No state is ruled out for good: volatility means do not mix by themselves, and a flow may change its nature."""


def autoregressive_chain(n_states: int, persistence: float) -> tuple[Array, Array]:
    """Return states (mean 0, variance 1) and transition matrix of Rouwenhorst's chain for an AR(1).

    It has the autoregression's persistence and unconditional variance exactly (Kopecky & Suen 2010).
    """
    p = (1.0 + persistence) / 2.0
    chain = np.array([[p, 1.0 - p], [1.0 - p, p]])
    for size in range(3, n_states + 1):
        wider = np.zeros((size, size))
        wider[:-1, :-1] += p * chain
        wider[:-1, 1:] += (1.0 - p) * chain
        wider[1:, :-1] += (1.0 - p) * chain
        wider[1:, 1:] += p * chain
        wider[1:-1] /= 2.0
        chain = wider
    spread = np.sqrt(n_states - 1.0)
    return np.linspace(-spread, spread, n_states), chain


@dataclass(frozen=True, slots=True, kw_only=True)
class Mixture:
    """Normal beliefs about the log intensity, one per state of the volatility; arrays are series x states.

    ``weight`` sums to 1 over states.
    """

    mean: Array
    variance: Array
    weight: Array

    def step(self, transition: Array, innovation: Array) -> "Mixture":
        """Return the belief one period later.

        ``transition`` is states x states (from, to), ``innovation`` the variance of a step in each state. Beliefs
        that meet in a state are merged to one normal (the interacting multiple model of Blom & Bar-Shalom 1988).
        """
        weight = self.weight @ transition
        mean = (self.weight * self.mean) @ transition / weight
        square = (self.weight * (self.variance + self.mean**2)) @ transition / weight
        variance = np.maximum(square - mean**2, 1e-8) + innovation
        return Mixture(mean=mean, variance=variance, weight=weight)

    def learn(self, count: Array, responsible: Array) -> "Mixture":
        """Return the belief after a count (one per series) that came from the process with a given probability.

        Moments by the conjugate gamma that has the same log moments (West, Harrison & Migon 1985).
        """
        shape, rate = (
            part.reshape(self.mean.shape)
            for part in gamma_from_log_moments(self.mean.ravel(), self.variance.ravel())
        )
        after = shape + count[:, None]
        mean = digamma(after) - np.log(rate + 1.0)
        variance = trigamma(after.ravel()).reshape(after.shape)
        log_weight = np.log(self.weight) + self._log_likelihood(count)
        weight = np.exp(log_weight - log_weight.max(axis=1, keepdims=True))
        weight = np.maximum(weight / weight.sum(axis=1, keepdims=True), _LEAST_WEIGHT)
        weight /= weight.sum(axis=1, keepdims=True)
        share = responsible[:, None]
        mixed = share * mean + (1.0 - share) * self.mean
        square = share * (variance + mean**2) + (1.0 - share) * (self.variance + self.mean**2)
        weight = share * weight + (1.0 - share) * self.weight
        return Mixture(mean=mixed, variance=np.maximum(square - mixed**2, 1e-8), weight=weight)

    def small_counts(self) -> Array:
        """Return P(Y = 0), ..., P(Y = 11), series x counts."""
        intensity, weight = self._nodes()
        log_intensity = np.log(intensity)[:, None, :]
        logs = (
            _COUNTS[None, :, None] * log_intensity
            - intensity[:, None, :]
            - gammaln(_COUNTS + 1.0)[None, :, None]
        )
        probability: Array = np.einsum("scn,sn->sc", np.exp(logs), weight)
        return probability

    def above(self, count: Array) -> Array:
        """Return P(Y >= count) for counts of 12 and more, series x counts; one row of counts serves all series.

        P(Y >= y) is the probability that a gamma(y) is below the intensity; the log of that gamma has mean psi(y) and
        variance psi'(y), and is close to normal: within 1 % where the belief's standard deviation is 0.5 or more. At
        0.3, probabilities under one in a thousand come out up to a factor of two too small.
        """
        centre = digamma(count)
        spread = trigamma(count.ravel()).reshape(count.shape)
        distance = (self.mean[:, None, :] - centre[:, :, None]) / np.sqrt(
            self.variance[:, None, :] + spread[:, :, None]
        )
        total: Array = (self.weight[:, None, :] * ndtr(distance)).sum(axis=2)
        return total

    def _nodes(self) -> tuple[Array, Array]:
        """Return intensities and weights, each series x (states x nodes)."""
        logs = self.mean[:, :, None] + np.sqrt(self.variance)[:, :, None] * _NODES
        weight = self.weight[:, :, None] * _WEIGHTS
        shape = (len(logs), self.mean.shape[1] * len(_NODES))
        return np.exp(np.clip(logs, -30.0, 30.0)).reshape(shape), weight.reshape(shape)

    def _log_likelihood(self, count: Array) -> Array:
        """Return the log likelihood of a count in each state, up to what is common to states, series x states."""
        small = count < EXACT_BELOW
        result = np.empty(self.mean.shape)
        logs = self.mean[small, :, None] + np.sqrt(self.variance[small])[:, :, None] * _NODES
        logs = np.clip(logs, -30.0, 30.0)
        log_mass = count[small, None, None] * logs - np.exp(logs) + np.log(_WEIGHTS)
        highest = log_mass.max(axis=2, keepdims=True)
        result[small] = np.log(np.exp(log_mass - highest).sum(axis=2)) + highest[:, :, 0]
        large = count[~small]
        total = self.variance[~small] + trigamma(large)[:, None]
        distance = digamma(large)[:, None] - self.mean[~small]
        result[~small] = -0.5 * (np.log(total) + distance**2 / total)
        return result
