import numpy as np
import pytest
from scipy.stats import norm

from counterpoise.monitoring.backtest.bootstrap import interval_of_mean, resample
from counterpoise.monitoring.backtest.score import (
    FORECAST_SCORES,
    MISSED,
    crps_of_quantiles,
    first_new_alarm,
    score_forecasts,
)
from counterpoise.monitoring.detectors.base import Array
from counterpoise.monitoring.detectors.count_model import CountModel


def test_the_first_alarm_counts_only_where_it_is_new() -> None:
    before = np.array([[0, 0, 0], [0, 0, 0], [5, 0, 0], [np.nan, 0, 0], [0, 0, 0]], dtype=np.float64)
    after = np.array([[9, 0, 0], [0, 0, 9], [9, 9, 9], [0, 9, np.nan], [2, 2, 2]], dtype=np.float64)
    assert first_new_alarm(before, after, 2.0).tolist() == [0, 2, MISSED, 1, MISSED]


def test_crps_of_a_normal_is_the_closed_form() -> None:
    levels = (np.arange(400) + 0.5) / 400
    quantiles = norm.ppf(levels)[:, None, None]
    y = 0.7
    exact = y * (2 * norm.cdf(y) - 1) + 2 * norm.pdf(y) - 1 / np.sqrt(np.pi)
    assert crps_of_quantiles(quantiles, np.array([[y]]))[0, 0] == pytest.approx(exact, abs=2e-3)


class Uniform:
    name, reference = "uniform", "none"

    def score(self, values: Array, *, first_month: int) -> Array:
        return values

    def quantiles(self, values: Array, probabilities: Array, *, first_month: int) -> Array:
        return np.broadcast_to(
            1000.0 * probabilities[:, None, None], (len(probabilities), *values.shape)
        ).copy()


def test_coverage_is_as_stated_for_a_right_forecast() -> None:
    values = np.random.default_rng(3).uniform(0, 1000, size=(200, 200)).round()
    means = dict(
        zip(FORECAST_SCORES, score_forecasts(Uniform(), values, first_month=1).mean(axis=(1, 2)), strict=True)
    )
    assert means["covered_0.5"] == pytest.approx(0.5, abs=0.01)
    assert means["covered_0.99"] == pytest.approx(0.99, abs=0.003)
    assert means["above_0.99"] == pytest.approx(0.01, abs=0.003)
    assert means["crps"] == pytest.approx(1000 / 6, rel=0.02)
    assert np.isnan(means["log_score"])  # it gives no density


def test_the_count_model_has_every_score_after_its_warm_up() -> None:
    values = np.random.default_rng(0).poisson(30, size=(5, 60)).astype(np.float64)
    scores = score_forecasts(CountModel(), values, first_month=1)
    assert np.isnan(scores[:, :, :24]).all()
    assert not np.isnan(scores[:, :, 24:]).any()
    assert (scores[-1, :, 24:] < 0).all()


def test_blocks_are_drawn_whole() -> None:
    labels = np.array(["a"] * 50 + ["b"] * 50)
    draws = resample(labels, n_draws=400, generator=np.random.default_rng(0))
    hits = np.repeat([1.0, 0.0], 50)
    lower, upper = interval_of_mean(hits, np.ones(100), draws, level=0.9)
    assert (lower, upper) == (0.0, 1.0)  # two blocks: all or nothing is drawn a quarter of the time each
    alone = resample(np.arange(100).astype(str), n_draws=400, generator=np.random.default_rng(0))
    lower, upper = interval_of_mean(hits, np.ones(100), alone, level=0.9)
    assert (lower, upper) == pytest.approx((0.42, 0.58), abs=0.04)


def test_the_interval_covers_as_often_as_stated() -> None:
    generator = np.random.default_rng(8)
    covered = 0
    for _ in range(200):
        block = np.repeat(np.arange(40), 5)
        hits = (generator.random(40)[block] + generator.normal(0, 0.1, 200) < 0.3).astype(np.float64)
        draws = resample(block.astype(str), n_draws=200, generator=generator)
        lower, upper = interval_of_mean(hits, np.ones(200), draws, level=0.9)
        covered += lower <= 0.305 <= upper
    assert 165 <= covered <= 195


def test_nothing_drawn_has_no_interval() -> None:
    draws = resample(np.array(["a", "b"]), n_draws=10, generator=np.random.default_rng(0))
    assert np.isnan(interval_of_mean(np.zeros(2), np.zeros(2), draws, level=0.9)).all()
