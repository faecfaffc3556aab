"""Forecasts that hold on data they were made for."""

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.stats import norm, poisson

from counterpoise.monitoring.detectors import RandomWalk, SeasonalEts
from counterpoise.monitoring.detectors._volatility import Mixture, autoregressive_chain


@pytest.mark.parametrize(("mean", "sd"), [(-1.0, 0.3), (1.0, 1.0), (3.0, 0.5), (5.0, 1.2)])
def test_the_mixture_equals_an_integral(mean: float, sd: float) -> None:
    belief = Mixture(mean=np.array([[mean]]), variance=np.array([[sd**2]]), weight=np.array([[1.0]]))

    def upper(count: float) -> float:
        ends = (mean - 9 * sd, mean + 9 * sd)
        return float(
            quad(
                lambda x: poisson.sf(count - 1, np.exp(x)) * norm.pdf(x, mean, sd),
                *ends,
                limit=400,
                points=[np.log(count)],
            )[0]
        )

    exact = 1.0 - np.cumsum(belief.small_counts()[0])
    for count in (1, 4, 8, 12):
        assert exact[count - 1] == pytest.approx(upper(count), rel=0.03, abs=1e-6)
    for count in (12.0, 25.0, 60.0, 400.0):
        assert belief.above(np.array([[count]]))[0, 0] == pytest.approx(upper(count), rel=0.06, abs=1e-5)


def test_the_chain_has_the_moments_of_the_autoregression() -> None:
    states, chain = autoregressive_chain(5, 0.9)
    stationary = np.linalg.matrix_power(chain, 2000)[0]
    assert stationary @ states == pytest.approx(0.0, abs=1e-9)
    assert stationary @ states**2 == pytest.approx(1.0)
    assert (stationary * states) @ (chain @ states) == pytest.approx(0.9)


def test_the_random_walk_covers_what_it_should() -> None:
    rng = np.random.default_rng(11)
    steps = rng.choice([0.15, 0.4], (60, 1)) * rng.normal(size=(60, 200))
    values = rng.poisson(np.exp(np.clip(3.5 + np.cumsum(steps, axis=1), -1, 10))).astype(float)
    levels = np.array([0.05, 0.5, 0.95, 0.99])
    quantiles = RandomWalk().quantiles(values, levels, first_month=1)[:, :, 60:]
    covered = (values[:, 60:] <= quantiles).mean(axis=(1, 2))
    assert (np.abs(covered - levels) < [0.06, 0.06, 0.02, 0.006]).all(), covered
    tail = 10.0 ** -RandomWalk().score(values, first_month=1)[:, 60:]
    assert (tail < 0.01).mean() == pytest.approx(0.01, abs=0.006)


def test_the_random_walk_widens_after_a_jump() -> None:
    values = np.random.default_rng(4).poisson(400, (1, 80)).astype(float)
    values[0, 70] = 4000.0
    low, high = RandomWalk().quantiles(values, np.array([0.05, 0.95]), first_month=1)[:, 0]
    width = np.log(high / low)
    assert width[71] > 1.5 * width[69]


def test_structural_zeros_do_not_pull_the_level_down() -> None:
    values = np.random.default_rng(4).poisson(60, (1, 90)).astype(float)
    values[0, ::5] = 0.0
    median = RandomWalk().quantiles(values, np.array([0.5]), first_month=1)[0, 0]
    assert (median[60:] > 30).all()


def test_ets_learns_the_season() -> None:
    season = np.exp(4 + np.sin(2 * np.pi * np.arange(120) / 12))
    values = np.round(season)[None]
    mean, _ = SeasonalEts().forecast(values)
    np.testing.assert_allclose(mean[0, 60:], np.log1p(values)[0, 60:], atol=0.05)


def test_ets_intervals_hold_on_its_own_model() -> None:
    rng = np.random.default_rng(7)
    level = 5 + np.cumsum(0.3 * rng.normal(0, 0.3, (80, 160)), axis=1)
    values = np.round(np.expm1(level + rng.normal(0, 0.3, level.shape)).clip(0))
    levels = np.array([0.1, 0.5, 0.9])
    quantiles = SeasonalEts().quantiles(values, levels, first_month=1)[:, :, 80:]
    covered = (values[:, 80:] <= quantiles).mean(axis=(1, 2))
    np.testing.assert_allclose(covered, levels, atol=0.03)
