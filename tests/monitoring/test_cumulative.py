"""Running totals on a clock of days: differences, sums over days, and nothing twice."""

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from counterpoise.monitoring.cumulative import read_daily
from tests.monitoring.daily_builders import day, figure
from tests.observations.builders import observations


def days_of(frame: pl.DataFrame) -> list[tuple[object, object, float]]:
    return list(frame.select("period_start", "period_end", "value").iter_rows())


def test_readings_a_day_apart_give_the_day_between_and_when_both_were_known() -> None:
    found = read_daily(
        observations(
            figure(0, 400, end=50, known_on=day(60)), figure(0, 412, end=51, known_on=day(52), flag="relay")
        )
    )
    assert days_of(found.days) == [(day(51), day(51), 12.0)]
    one = found.days.row(0, named=True)
    assert one["frequency"] == "D"
    assert one["known_on"] == day(60)
    assert one["flag"] == "derived relay"
    assert one["locator"] == "0 to 51 less 0 to 50"


def test_readings_further_apart_give_a_sum_over_the_days_between() -> None:
    found = read_daily(observations(figure(0, 400, end=50), figure(0, 430, end=53)))
    assert found.days.is_empty()
    assert days_of(found.spans) == [(day(51), day(53), 30.0)]


def test_a_published_day_keeps_its_own_figure() -> None:
    found = read_daily(observations(figure(51, 9), figure(0, 400, end=50), figure(0, 412, end=51)))
    assert days_of(found.days) == [(day(51), day(51), 9.0)]
    assert found.days["flag"].to_list() == [""]


def test_totals_with_another_start_or_unit_are_not_subtracted_from_each_other() -> None:
    found = read_daily(
        observations(figure(0, 400, end=50), figure(1, 412, end=51), figure(0, 413, end=51, unit="events"))
    )
    assert found.days.is_empty()
    assert found.spans.is_empty()


def test_a_falling_total_is_named_and_gives_nothing() -> None:
    found = read_daily(observations(figure(0, 400, end=50), figure(0, 390, end=51)))
    assert found.days.is_empty()
    assert days_of(found.falling) == [(day(51), day(51), -10.0)]


def test_a_rounded_total_gives_no_difference() -> None:
    found = read_daily(observations(figure(0, 400, end=50, flag="relay rounded"), figure(0, 412, end=51)))
    assert found.days.is_empty()


def test_a_week_and_a_weekend_are_sums_as_they_stand_and_a_half_year_is_none() -> None:
    found = read_daily(
        observations(figure(0, 70, end=6, frequency="W"), figure(11, 8, end=13), figure(20, 900, end=200))
    )
    assert days_of(found.spans) == [(day(0), day(6), 70.0), (day(11), day(13), 8.0)]


def test_of_sums_that_overlap_the_shortest_is_kept() -> None:
    found = read_daily(observations(figure(0, 70, end=6), figure(5, 8, end=7), figure(7, 9, end=13)))
    assert days_of(found.spans) == [(day(5), day(7), 8.0)]


@given(st.lists(st.integers(0, 50), min_size=40, max_size=60), st.sets(st.integers(33, 58), min_size=1))
def test_days_and_sums_of_one_total_add_up_to_it(counts: list[int], ends: set[int]) -> None:
    read = sorted(end for end in ends if end < len(counts)) or [len(counts) - 1]
    found = read_daily(observations(*(figure(0, sum(counts[: end + 1]), end=end) for end in read)))
    parts = pl.concat([found.days, found.spans])
    assert parts["value"].sum() == sum(counts[read[0] + 1 : read[-1] + 1])
    assert found.days["period_start"].is_unique().all()
