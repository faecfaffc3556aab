"""The numerics against SciPy's slower, general functions."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import digamma, polygamma
from scipy.stats import nbinom

from counterpoise.monitoring._kernels import (
    gamma_from_log_moments,
    negative_binomial_quantile,
    negative_binomial_tails,
    trigamma,
)

SHAPES = np.array([1e-3, 0.02, 0.35, 1.0, 7.5, 300.0, 1e6])
MEANS = np.array([1e-6, 0.01, 1.0, 33.0, 4e3, 1e6])
SHAPE, MEAN = (grid.ravel() for grid in np.meshgrid(SHAPES, MEANS))
RATE = SHAPE / MEAN
SUCCESS = RATE / (1.0 + RATE)

shapes = st.floats(-3.0, 6.0).map(lambda exponent: 10.0**exponent)
means = st.floats(-6.0, 6.0).map(lambda exponent: 10.0**exponent)


def test_trigamma_is_polygamma_1() -> None:
    x = np.logspace(-6, 8, 2001)
    np.testing.assert_allclose(trigamma(x), polygamma(1, x), rtol=1e-10)


def test_gamma_has_the_log_moments_asked_for() -> None:
    variance, mean = (grid.ravel() for grid in np.meshgrid(np.logspace(-6, 6, 241), np.linspace(-20, 20, 9)))
    shape, rate = gamma_from_log_moments(mean, variance)
    np.testing.assert_allclose(polygamma(1, shape), variance, rtol=1e-9)
    inside = np.abs(digamma(shape) - mean) < 700.0  # else the rate is clipped, so that it stays a number
    np.testing.assert_allclose((digamma(shape) - np.log(rate))[inside], mean[inside], atol=1e-9)
    assert np.isfinite(rate).all()
    assert (rate > 0.0).all()


@given(st.floats(-12.0, 12.0), st.floats(1e-4, 50.0))
def test_gamma_and_back(mean: float, variance: float) -> None:
    shape, rate = gamma_from_log_moments(np.array([mean]), np.array([variance]))
    again = gamma_from_log_moments(digamma(shape) - np.log(rate), polygamma(1, shape))
    np.testing.assert_allclose(again, (shape, rate), rtol=1e-6)


@pytest.mark.parametrize("count", [0.0, 1.0, 9.0, 350.0, 12_345.0])
def test_tails_are_those_of_scipy(count: float) -> None:
    upper, lower = negative_binomial_tails(np.full(SHAPE.shape, count), SHAPE, RATE)
    told = RATE < 1e6  # beyond it 1 - success, which SciPy starts from, has too few digits left
    np.testing.assert_allclose(
        upper[told], nbinom.sf(count - 1, SHAPE, SUCCESS)[told], rtol=1e-7, atol=1e-290
    )
    np.testing.assert_allclose(lower, nbinom.cdf(count, SHAPE, SUCCESS), rtol=1e-7, atol=1e-290)


@given(st.integers(0, 10**6), shapes, means)
def test_tails_overlap_in_the_count_itself(count: int, shape: float, mean: float) -> None:
    k, a, b = np.array([float(count)]), np.array([shape]), np.array([shape / mean])
    upper, lower = negative_binomial_tails(k, a, b)
    both = nbinom.pmf(count, shape, b / (1.0 + b))
    assert 0.0 <= upper[0] <= 1.0
    assert 0.0 <= lower[0] <= 1.0
    np.testing.assert_allclose(upper + lower - 1.0, both, atol=1e-7)


def test_nothing_is_certain_of_zero_or_more() -> None:
    upper, lower = negative_binomial_tails(np.zeros(SHAPE.shape), SHAPE, RATE)
    assert (upper == 1.0).all()
    np.testing.assert_allclose(lower, SUCCESS**SHAPE, rtol=1e-9)


def test_tails_of_a_missing_count_are_missing() -> None:
    tails = negative_binomial_tails(np.array([np.nan, 3.0]), np.array([2.0, 2.0]), np.array([1.0, 1.0]))
    assert [np.isnan(tail).tolist() for tail in tails] == [[True, False], [True, False]]


@pytest.mark.parametrize("probability", [1e-4, 0.025, 0.5, 0.975, 0.9999])
def test_quantiles_are_those_of_scipy(probability: float) -> None:
    ours = negative_binomial_quantile(probability, SHAPE, RATE)
    np.testing.assert_array_equal(ours, nbinom.ppf(probability, SHAPE, SUCCESS))


@given(st.floats(1e-4, 0.9999), shapes, means)
def test_quantile_is_the_smallest_count_that_reaches_the_probability(
    p: float, shape: float, mean: float
) -> None:
    a, b = np.array([shape]), np.array([shape / mean])
    quantile = negative_binomial_quantile(p, a, b)
    reached = nbinom.cdf(quantile, a, b / (1.0 + b))[0]
    before = nbinom.cdf(quantile - 1.0, a, b / (1.0 + b))[0]
    # The inverse of an incomplete beta function is exact to about ten digits, not to the last one.
    assert reached >= p * (1.0 - 1e-9)
    assert quantile[0] == 0.0 or before < p * (1.0 + 1e-9)


def test_quantiles_keep_the_shape_of_a_matrix() -> None:
    shape = SHAPE.reshape(7, 6)
    matrix = negative_binomial_quantile(0.5, shape, RATE.reshape(7, 6))
    np.testing.assert_array_equal(matrix.ravel(), negative_binomial_quantile(0.5, SHAPE, RATE))
