"""When a forecast makes an alarm."""

from dataclasses import replace

import numpy as np
import pytest

from counterpoise.monitoring.decision import Decisions, decide, n_marked_before
from counterpoise.monitoring.options import DETECT_DEFAULTS, DetectOptions
from tests.monitoring.builders import Array, forecast, steady


def decisions(
    counts: Array, *, options: DetectOptions = DETECT_DEFAULTS, breaks: Array | None = None
) -> Decisions:
    found = forecast(counts, options=options, breaks=breaks)
    return decide(counts, np.zeros(counts.shape, dtype=bool), found, found.quantile(0.975), options)


def jump(n_months: int, at: int, factor: float, length: int | None = None) -> Array:
    counts = steady(n_months)[None, :]
    counts[0, at : None if length is None else at + length] *= factor
    return counts


@pytest.mark.parametrize("n_periods", [1, 3, 10, 99])
def test_marks_before_are_counted_without_the_period_itself(n_periods: int) -> None:
    marked = np.random.default_rng(5).random((4, 30)) < 0.3
    expected = [[row[max(0, t - n_periods) : t].sum() for t in range(30)] for row in marked]
    np.testing.assert_array_equal(n_marked_before(marked, n_periods), expected)


def test_nothing_is_judged_before_two_years_of_figures() -> None:
    counts = jump(60, 23, 20.0)
    found = decisions(counts)
    assert found.judged[0].tolist() == [False] * 24 + [True] * 36
    assert not found.surge[0, :24].any()
    counts[0, :6] = np.nan
    assert decisions(counts).judged[0].argmax() == 30


def test_a_surge_is_raised_in_its_first_month() -> None:
    assert np.flatnonzero(decisions(jump(60, 40, 10.0, length=1)).surge).tolist() == [40]


def test_fewer_than_ten_people_are_no_surge() -> None:
    counts = np.zeros((2, 60))
    counts[0, 50], counts[1, 50] = 9, 60
    assert decisions(counts).surge[:, 50].tolist() == [False, True]


def test_a_collapse_needs_an_expectation_and_no_surge_before() -> None:
    gone = steady(60, mean=400)[None, :]
    gone[0, 40:] = 0
    assert decisions(gone).collapse[0, 40]
    few = steady(60, mean=15)[None, :]
    few[0, 40:] = 0
    assert not decisions(few).collapse.any()
    after_a_surge = steady(60, mean=400)[None, :]
    after_a_surge[0, 34:40] *= 20
    after_a_surge[0, 40:] = 0
    found = decisions(after_a_surge)
    assert found.surge[0, 34]
    assert not found.collapse.any()
    ready = replace(DETECT_DEFAULTS, quiet_periods_before_collapse=1)
    assert decisions(after_a_surge, options=ready).collapse[0, 40]


def test_a_level_shift_is_the_sixth_month_above_the_band_of_the_onset() -> None:
    found = decisions(jump(70, 40, 8.0))
    assert found.surge[0, 40]
    assert np.flatnonzero(found.level_shift).tolist() == [45]


@pytest.mark.parametrize("length", [1, 5])
def test_a_surge_that_ends_is_no_level_shift(length: int) -> None:
    found = decisions(jump(70, 40, 8.0, length=length))
    assert found.surge[0, 40]
    assert not found.level_shift.any()


def test_a_gap_is_passed_over_on_the_way_to_a_level_shift() -> None:
    counts = jump(70, 40, 8.0)
    counts[0, 42:44] = np.nan
    assert np.flatnonzero(decisions(counts).level_shift).tolist() == [47]


def test_no_level_shift_on_fewer_than_ten_people() -> None:
    counts = np.zeros((1, 70))
    counts[0, 40] = 30
    counts[0, 41:] = 6
    found = decisions(counts)
    assert found.surge[0, 40]
    assert not found.level_shift.any()


def test_a_jump_where_the_rule_changes_is_no_surge() -> None:
    counts = jump(60, 40, 5.0)
    breaks = np.zeros(counts.shape)
    breaks[0, 40] = 1
    assert decisions(counts).surge.any()
    assert not decisions(counts, breaks=breaks).surge.any()


def test_what_comes_later_changes_no_decision() -> None:
    counts = np.random.default_rng(8).poisson(np.random.default_rng(9).gamma(0.4, 60, (20, 90))).astype(float)
    whole = decisions(counts)
    for end in (30, 55, 89):
        part = decisions(counts[:, :end])
        for name in ("judged", "surge", "collapse", "level_shift"):
            np.testing.assert_array_equal(getattr(part, name), getattr(whole, name)[:, :end], err_msg=name)
    assert whole.surge.any()
