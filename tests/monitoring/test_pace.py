"""A figure beside the pace of a running total known on the same day."""

from typing import Any

import polars as pl
import pytest

from counterpoise.monitoring.pace import DAY_RATIO, WEEK_RATIO, judge_pace
from tests.monitoring.daily_builders import day, figure
from tests.observations.builders import observations


def judged(*rows: dict[str, Any]) -> list[dict[str, Any]]:
    return judge_pace(observations(*rows)).to_dicts()


def total(value: float, end: int, **other: Any) -> dict[str, Any]:
    return figure(0, value, end=end, **other)


def test_the_day_a_total_ends_with_is_taken_off_before_its_mean_is_made() -> None:
    (row,) = judged(total(250.0, 100), figure(100, 150.0))
    assert row["per_day"] == 1.0
    assert (row["pace_start"], row["pace_end"]) == (day(0), day(99))
    assert row["ratio"] == pytest.approx(151 / 2)
    assert row["rise"]


def test_of_a_total_that_ended_before_the_whole_is_the_pace() -> None:
    (row,) = judged(total(101.0, 100), figure(105, 150.0))
    assert (row["per_day"], row["pace_end"]) == (1.0, day(100))


@pytest.mark.parametrize(
    "beside",
    [
        total(250.0, 100, known_on=day(102)),
        total(250.0, 40),
        total(250.0, 60, known_on=day(61)),
        total(250.0, 100, flag="at_least"),
        total(250.0, 130, known_on=day(101)),
        total(250.0, 100, place="border"),
        total(100.0, 100),
    ],
    ids=[
        "later known",
        "too short",
        "too old",
        "may be more",
        "beyond the day",
        "another place",
        "less than the day",
    ],
)
def test_what_is_no_pace(beside: dict[str, Any]) -> None:
    assert judged(beside, figure(100, 150.0)) == []


def test_the_newest_total_is_the_pace_and_of_those_the_longest() -> None:
    rows = judged(total(80.0, 80), figure(20, 80.0, end=98), total(198.0, 98), figure(100, 30.0))
    assert [(r["pace_start"], r["pace_end"]) for r in rows if r["value"] == 30.0] == [(day(0), day(98))]


def test_few_people_and_small_ratios_are_no_rise_and_a_week_needs_less_than_a_day() -> None:
    base = total(0.0, 99)
    assert not judged(base, figure(101, 9.0))[0]["rise"]
    assert judged(base, figure(101, DAY_RATIO - 1))[0]["rise"]
    assert not judged(base, figure(101, DAY_RATIO - 2))[0]["rise"]
    assert judged(base, figure(101, 7 * (WEEK_RATIO - 1), end=107))[0]["rise"]
    assert not judged(base, figure(101, 7 * (WEEK_RATIO - 1) - 1, end=107))[0]["rise"]


def test_a_figure_is_read_as_first_published_and_once() -> None:
    again = figure(101, 500.0, known_on=day(140))
    (row,) = judged(total(0.0, 99), figure(101, 30.0), again)
    assert (row["value"], row["known_on"]) == (30.0, day(102))


def test_the_limits_are_those_of_the_table(repository: object) -> None:
    table = pl.read_csv(f"{repository}/benchmarks/skill/daily.csv").filter(part="pace", period="before 2022")
    found = dict(table.select("what", "value").iter_rows())
    assert found["a day, 99.9% quantile"] < DAY_RATIO < found["a day, largest"]
    assert found["a day, share from 20 on"] <= 0.0015
    assert found["7 days, largest"] < WEEK_RATIO < found["7 days, largest"] + 0.1
