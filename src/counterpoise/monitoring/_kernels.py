"""Numerics of the dynamic count model: arrays in, arrays out; axis 0 is the series, axis 1 the period."""

import numpy as np
import numpy.typing as npt
from scipy.special import betainc, digamma, nbdtrik

__all__ = ["gamma_from_log_moments", "negative_binomial_quantile", "negative_binomial_tails", "trigamma"]

Array = npt.NDArray[np.float64]

_STEPS = np.arange(6.0)[:, None]
_LARGEST_SUMMED = 128


def trigamma(x: Array) -> Array:
    """Return psi'(x) for x > 0, one axis: recurrence to x + 6, then the series of Abramowitz & Stegun 6.4.12."""
    return _trigamma_and_slope(x)[0]


def _trigamma_and_slope(x: Array) -> tuple[Array, Array]:
    """Return psi'(x) and psi''(x) for x > 0 (Abramowitz & Stegun 6.4.12 and 6.4.14)."""
    steps = 1.0 / (x + _STEPS)
    squares = steps * steps
    z = 1.0 / (x + 6.0)
    z2 = z * z
    value = z + z2 / 2 + z2 * z * (1 / 6 - z2 * (1 / 30 - z2 * (1 / 42 - z2 / 30)))
    slope = -z2 - z2 * z - z2 * z2 * (1 / 2 - z2 * (1 / 6 - z2 * (1 / 6 - z2 * 3 / 10)))
    return value + squares.sum(axis=0), slope - 2.0 * (squares * steps).sum(axis=0)


def gamma_from_log_moments(mean: Array, variance: Array) -> tuple[Array, Array]:
    """Return shape and rate of the gamma whose logarithm has the given mean and variance.

    Solves psi'(shape) = variance by Newton steps on 1/psi' (the function trigammaInverse of Smyth 2004, appendix);
    rate = exp(psi(shape) - mean). Three steps from these starting points give ten digits for every variance from
    1e-6 to 1e6.
    """
    shape = np.where(variance > 3.0, 1.0 / np.sqrt(variance), 0.5 + 1.0 / variance)
    for _ in range(3):
        value, slope = _trigamma_and_slope(shape)
        shape = shape + value * (1.0 - value / variance) / slope
    return shape, np.exp(np.clip(digamma(shape) - mean, -700.0, 700.0))


def negative_binomial_tails(count: Array, shape: Array, rate: Array) -> tuple[Array, Array]:
    """Return P(Y >= count) and P(Y <= count) for Y Poisson with a gamma(shape, rate) mean; NaN where count is."""
    failure = 1.0 / (1.0 + rate)
    upper = np.where(count > 0, betainc(np.maximum(count, 1.0), shape, failure), 1.0)
    lower = betainc(shape, count + 1.0, rate / (1.0 + rate))
    missing = np.isnan(count)
    return np.where(missing, np.nan, upper), np.where(missing, np.nan, lower)


def negative_binomial_quantile(probability: float, shape: Array, rate: Array) -> Array:
    """Return the smallest count whose P(Y <= count) is at least ``probability``; arrays of one shape."""
    a, b = shape.ravel(), rate.ravel()
    quantile = _small_quantile(probability, a, b)
    large = np.isnan(quantile)
    a, success = a[large], (b / (1.0 + b))[large]
    # The continuous solution may lie a rounding error beyond the count wanted: so try the one below it first.
    below = np.maximum(np.ceil(nbdtrik(probability, a, success)) - 1.0, 0.0)
    quantile[large] = below + (betainc(a, below + 1.0, success) < probability)
    return quantile.reshape(shape.shape)


def _small_quantile(probability: float, shape: Array, rate: Array) -> Array:
    """Return the quantile where it is small, by summing probabilities, else NaN: quicker than to invert."""
    quantile = np.full(shape.shape, np.nan)
    left = np.flatnonzero(shape <= _LARGEST_SUMMED * rate)
    shape, rate = shape[left], rate[left]
    failure, mass = 1.0 / (1.0 + rate), np.exp(-shape * np.log1p(1.0 / rate))
    reached = mass.copy()
    for count in range(_LARGEST_SUMMED):
        done = reached >= probability
        if done.any():
            quantile[left[done]] = count
            left = left[~done]
            shape, failure, mass, reached = (part[~done] for part in (shape, failure, mass, reached))
        mass *= failure * (shape + count) / (count + 1.0)
        reached += mass
    return quantile
