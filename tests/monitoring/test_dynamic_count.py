"""Properties of the forecasts: what they may use, and what they must bear."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from counterpoise.monitoring.dynamic_count import Forecasts, forecast_counts
from counterpoise.monitoring.options import DETECT_DEFAULTS
from tests.monitoring.builders import Array, forecast, steady

COUNTS = arrays(
    np.float64,
    st.tuples(st.integers(1, 4), st.integers(2, 40)),
    elements=st.one_of(st.integers(0, 20).map(float), st.integers(0, 200_000).map(float), st.just(np.nan)),
)
FIELDS = ("shape", "rate", "tail_probability", "lower_tail_probability")


def assert_same(left: Forecasts, right: Forecasts, at: object) -> None:
    for name in FIELDS:
        np.testing.assert_array_equal(getattr(left, name)[at], getattr(right, name)[at], err_msg=name)


@given(COUNTS)
@settings(max_examples=80, deadline=None)
def test_any_counts_give_a_proper_forecast(counts: Array) -> None:
    found = forecast(counts)
    for name in ("shape", "rate"):
        values = getattr(found, name)
        assert np.isfinite(values).all()
        assert (values > 0).all()
    missing = np.isnan(counts)
    for name in ("tail_probability", "lower_tail_probability"):
        tail = getattr(found, name)
        np.testing.assert_array_equal(np.isnan(tail), missing)
        assert ((tail[~missing] >= 0) & (tail[~missing] <= 1)).all()
    low, middle, high = (found.quantile(p) for p in (0.025, 0.5, 0.975))
    assert (low <= middle).all()
    assert (middle <= high).all()


@given(COUNTS, st.data())
@settings(max_examples=60, deadline=None)
def test_a_count_changes_no_forecast_at_or_before_its_period(counts: Array, data: st.DataObject) -> None:
    t = data.draw(st.integers(0, counts.shape[1] - 1))
    changed = counts.copy()
    changed[:, t] = data.draw(st.sampled_from([0.0, 3.0, 77_777.0, np.nan]))
    before, after = forecast(counts), forecast(changed)
    for name in ("shape", "rate"):
        np.testing.assert_array_equal(
            getattr(before, name)[:, : t + 1], getattr(after, name)[:, : t + 1], err_msg=name
        )
    assert_same(before, after, np.s_[:, :t])


def test_the_period_after_does_see_the_count() -> None:
    counts = steady(40)[None, :]
    changed = counts.copy()
    changed[0, 30] = 500.0
    moved = forecast(counts).quantile(0.5) != forecast(changed).quantile(0.5)
    assert moved[0].argmax() == 31


@given(COUNTS, st.randoms(use_true_random=False))
@settings(max_examples=40, deadline=None)
def test_the_order_of_series_is_nothing_and_no_series_sees_another(counts: Array, random: object) -> None:
    order = list(range(counts.shape[0]))
    random.shuffle(order)  # type: ignore[attr-defined]
    together = forecast(counts)
    assert_same(forecast(counts[order]), replace(together, **_rows(together, order)), np.s_[:])
    alone = forecast(counts[:1])
    assert_same(alone, replace(together, **_rows(together, [0])), np.s_[:])


def _rows(found: Forecasts, rows: list[int]) -> dict[str, Array]:
    return {name: getattr(found, name)[rows] for name in FIELDS}


def test_the_same_counts_give_the_same_bytes() -> None:
    counts = steady(60)[None, :]
    assert_same(forecast(counts), forecast(counts), np.s_[:])


def test_the_counts_given_are_not_changed() -> None:
    counts = np.array([[3.0, np.nan, 900.0, 0.0] * 10])
    given_ = counts.copy()
    forecast(counts)
    np.testing.assert_array_equal(counts, given_)


def test_through_a_gap_the_expectation_holds_and_the_band_widens_slowly() -> None:
    counts = steady(80)[None, :]
    with_gap = counts.copy()
    with_gap[0, 50:62] = np.nan
    found = forecast(with_gap)
    np.testing.assert_array_equal(forecast(counts).shape[0, :51], found.shape[0, :51])
    upper, expected = found.quantile(0.975)[0], found.quantile(0.5)[0]
    assert (np.diff(upper[51:62]) >= 0).all()
    assert 1.5 * upper[50] < upper[62] < 3 * upper[50]
    assert expected[51:63] == pytest.approx(50, rel=0.35)


def test_an_unsettled_count_is_scored_and_teaches_nothing() -> None:
    counts = steady(41)[None, :]
    counts[0, 39] = 5_000.0
    unsettled = np.zeros(counts.shape, dtype=bool)
    unsettled[0, 39] = True
    found = forecast_counts(
        counts, breaks=np.zeros_like(unsettled), unsettled=unsettled, first_month=1, options=DETECT_DEFAULTS
    )
    missing = counts.copy()
    missing[0, 39] = np.nan
    assert found.tail_probability[0, 39] < 1e-6
    np.testing.assert_array_equal(found.shape[0, 40], forecast(missing).shape[0, 40])


def test_a_constant_series_is_expected_to_stay() -> None:
    found = forecast(np.full((1, 60), 12.0))
    assert found.quantile(0.5)[0, 24:] == pytest.approx(12.0, abs=1.5)
    assert found.tail_probability[0, 24:].min() > 0.2


def test_nobody_for_years_is_expected_to_stay_so_and_stays_a_number() -> None:
    found = forecast(np.zeros((1, 3000)))
    assert (found.quantile(0.975)[0, 120:] == 0).all()
    assert np.isfinite(found.shape).all()
    assert np.isfinite(found.rate).all()


def test_rounding_does_not_grow_over_thousands_of_periods() -> None:
    month = np.arange(6000)
    counts = (
        np.random.default_rng(2).poisson(80 * np.exp(np.cos(2 * np.pi * month / 12)), (3, 6000)).astype(float)
    )
    found = forecast(counts)
    late = (counts >= found.quantile(0.025)) & (counts <= found.quantile(0.975))
    assert late[:, -500:].mean() > 0.9
    assert found.quantile(0.975)[:, -500:].max() < 2_000


@pytest.mark.parametrize("n_periods", [1, 2])
def test_a_very_short_series_has_a_wide_band(n_periods: int) -> None:
    found = forecast(np.full((1, n_periods), 5.0))
    assert found.quantile(0.975)[0, 0] > 5 * found.quantile(0.5)[0, 0]


def test_all_missing_is_a_forecast_of_the_prior() -> None:
    found = forecast(np.full((2, 30), np.nan))
    assert np.isnan(found.tail_probability).all()
    np.testing.assert_array_equal(found.quantile(0.5)[0], found.quantile(0.5)[1])


def test_no_series_and_no_period_is_no_forecast() -> None:
    assert forecast(np.zeros((0, 5))).shape.shape == (0, 5)
    assert forecast(np.zeros((3, 0))).shape.shape == (3, 0)


def test_a_season_is_learnt() -> None:
    month = np.arange(12 * 12)
    mean = 60 * np.exp(0.8 * np.cos(2 * np.pi * month / 12))
    counts = np.random.default_rng(3).poisson(mean, (50, month.size)).astype(float)
    expected = np.log(forecast(counts).quantile(0.5)[:, -12:].mean(axis=0))
    assert np.corrcoef(expected, np.log(mean[-12:]))[0, 1] > 0.9
    error = np.abs(expected - np.log(mean[-12:])).mean()
    lagged = np.abs(np.log(mean[-13:-1]) - np.log(mean[-12:])).mean()
    assert error < lagged  # better than to expect the month before


def test_a_known_break_widens_the_band_of_its_series_only() -> None:
    counts = np.tile(steady(60), (2, 1))
    breaks = np.zeros(counts.shape)
    breaks[0, 50] = 1
    width = np.log(forecast(counts, breaks=breaks).quantile(0.975)[:, 50])
    assert width[0] > width[1] + 1.0


def test_after_a_jump_the_forecast_follows_within_months() -> None:
    counts = steady(60)[None, :]
    counts[0, 48:] *= 6
    expected = forecast(counts).quantile(0.5)[0]
    assert expected[48] < 70
    assert expected[52:] == pytest.approx(300, rel=0.35)
