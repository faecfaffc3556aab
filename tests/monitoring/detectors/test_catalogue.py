"""What every detector promises, tried on every detector."""

from typing import cast

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from counterpoise.monitoring.detectors import Detector, Forecaster, catalogue
from counterpoise.monitoring.detectors.base import Array

DETECTORS = catalogue()
FORECASTERS = [detector for detector in DETECTORS if hasattr(detector, "quantiles")]
N_PERIODS = 100
each = pytest.mark.parametrize("detector", DETECTORS, ids=lambda detector: detector.name)
each_forecaster = pytest.mark.parametrize("detector", FORECASTERS, ids=lambda detector: detector.name)


def simulate(seed: int, n_series: int = 5) -> Array:
    """Return counts of unlike sizes, with gaps and empty years, series x periods."""
    rng = np.random.default_rng(seed)
    level = np.exp(rng.normal(2.5, 2.0, n_series))[:, None]
    season = np.exp(0.5 * np.sin(2 * np.pi * np.arange(N_PERIODS) / 12))
    walk = np.exp(np.cumsum(rng.normal(0, 0.15, (n_series, N_PERIODS)), axis=1))
    counts = rng.negative_binomial(2, 2 / (2 + level * season * walk)).astype(float)
    counts[0, 20:45] = 0.0
    counts[rng.random(counts.shape) < 0.01] = np.nan
    return counts


def test_names_are_unique_and_references_are_given() -> None:
    assert len({detector.name for detector in DETECTORS}) == len(DETECTORS)
    assert all(detector.reference for detector in DETECTORS)
    assert {detector.name for detector in FORECASTERS} == {
        "farrington_1996",
        "farrington_flexible",
        "seasonal_ets",
        "random_walk_volatility",
    }


@each
@settings(max_examples=8, deadline=None)
@given(seed=st.integers(0, 1000), now=st.integers(1, N_PERIODS - 1))
def test_no_score_looks_ahead(detector: Detector, seed: int, now: int) -> None:
    values = simulate(seed)
    changed = values.copy()
    changed[:, now:] = simulate(seed + 1)[:, now:] * 7.0
    before = detector.score(values, first_month=3)[:, :now]
    np.testing.assert_allclose(detector.score(changed, first_month=3)[:, :now], before, rtol=1e-7, atol=1e-9)
    np.testing.assert_allclose(detector.score(values[:, :now], first_month=3), before, rtol=1e-7, atol=1e-9)


@each_forecaster
@settings(max_examples=5, deadline=None)
@given(seed=st.integers(0, 1000), now=st.integers(1, N_PERIODS - 1))
def test_no_forecast_looks_at_its_own_count(detector: Forecaster, seed: int, now: int) -> None:
    values, levels = simulate(seed), np.array([0.05, 0.5, 0.99])
    changed = values.copy()
    changed[:, now:] = simulate(seed + 1)[:, now:] * 7.0
    first, second = (detector.quantiles(v, levels, first_month=1)[:, :, : now + 1] for v in (values, changed))
    np.testing.assert_allclose(first, second, rtol=1e-7, atol=1e-9)


@each
def test_series_do_not_touch_each_other(detector: Detector) -> None:
    values = simulate(4, n_series=8)
    order = np.random.default_rng(1).permutation(len(values))
    scores = detector.score(values, first_month=1)
    np.testing.assert_allclose(
        detector.score(values[order], first_month=1), scores[order], rtol=1e-7, atol=1e-9
    )
    np.testing.assert_allclose(detector.score(values[2:3], first_month=1), scores[2:3], rtol=1e-7, atol=1e-9)


@each
def test_the_input_is_left_as_it_was(detector: Detector) -> None:
    values = simulate(5)
    kept = values.copy()
    detector.score(values, first_month=1)
    np.testing.assert_array_equal(values, kept)


@each
def test_what_is_not_published_is_not_judged(detector: Detector) -> None:
    values = simulate(6)
    values[1, :] = np.nan
    values[2, :50] = np.nan
    scores = detector.score(values, first_month=1)
    assert np.isnan(scores[np.isnan(values)]).all()
    assert scores.shape == values.shape
    assert not np.isinf(scores).any()
    complete = ~np.isnan(values).any(axis=1)
    assert np.isfinite(scores[complete][:, 80:]).all()


@each
@pytest.mark.parametrize("count", [0.0, 7.0])
def test_a_constant_series_has_finite_scores_until_it_jumps(detector: Detector, count: float) -> None:
    values = np.full((2, 90), count)
    values[1, -1] = 500.0
    scores = detector.score(values, first_month=1)
    assert not np.isinf(scores).any()
    judged = scores[0, 70:]
    assert np.isfinite(judged).all()
    assert scores[1, -1] > judged.max() + 0.5


@each
@pytest.mark.parametrize("n_periods", [1, 2, 5])
def test_a_short_series_is_not_judged(detector: Detector, n_periods: int) -> None:
    assert np.isnan(detector.score(np.full((3, n_periods), 4.0), first_month=12)).all()


@each
def test_no_series_give_no_scores(detector: Detector) -> None:
    assert detector.score(np.empty((0, 80)), first_month=1).shape == (0, 80)


@each
def test_more_people_are_never_less_unusual(detector: Detector) -> None:
    base = np.random.default_rng(8).poisson(12, (1, 90)).astype(float)
    values = np.repeat(base, 6, axis=0)
    values[:, -1] = [0, 6, 12, 24, 60, 600]
    last = detector.score(values, first_month=1)[:, -1]
    assert (np.diff(last) >= -1e-9).all()
    assert last[-1] > last[2]


@each_forecaster
def test_quantiles_rise_with_probability(detector: Forecaster) -> None:
    values, levels = simulate(9), np.array([0.01, 0.1, 0.5, 0.9, 0.99, 0.999])
    quantiles = detector.quantiles(values, levels, first_month=1)
    assert quantiles.shape == (6, *values.shape)
    there = np.isfinite(quantiles[0])
    assert there[:, 90:].any()
    assert (np.diff(quantiles[:, there], axis=0) >= 0).all()
    assert cast("float", quantiles[:, there].min()) >= 0
