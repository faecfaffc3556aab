"""Weeks: sums of whole weeks of days, and what the engine says of them."""

from datetime import timedelta

import numpy as np
import polars as pl
import pytest

from benchmarks.skill.daily import WEEK_CANDIDATES
from counterpoise.monitoring.cumulative import read_daily
from counterpoise.monitoring.weekly import WEEKLY_DEFAULTS, detect_weekly, weeks_of
from counterpoise.observations.archive import Archive
from tests.monitoring.daily_builders import daily_archive, day, figure, figures, simulated


def weeks(archive: Archive) -> pl.DataFrame:
    known = archive.as_of()
    return weeks_of(known, read_daily(known.observations))


def test_only_whole_weeks_are_summed_and_known_when_their_last_day_is() -> None:
    counts = np.arange(21, dtype=float)
    counts[9] = np.nan
    found = weeks(daily_archive(*figures(counts)))
    assert found["value"].to_list() == [sum(range(7)), sum(range(14, 21))]
    assert found["period_start"].to_list() == [day(0), day(14)]
    assert (found["period_end"] - found["period_start"]).to_list() == [timedelta(days=6)] * 2
    assert found["known_on"].to_list() == [day(7), day(21)]
    assert found["flag"].to_list() == ["derived", "derived"]


def test_a_published_week_stands_before_the_sum_and_a_week_of_other_days_is_none() -> None:
    rows = [
        *figures(np.ones(7)),
        figure(0, 9.0, end=6, frequency="W"),
        figure(8, 50.0, end=14, frequency="W"),
    ]
    found = weeks(daily_archive(*rows))
    assert found.select("value", "flag").rows() == [(9.0, "")]


def test_a_provisional_day_makes_a_provisional_week() -> None:
    rows = [*figures(np.ones(6)), figure(6, 1.0, flag="provisional")]
    assert weeks(daily_archive(*rows))["flag"].to_list() == ["derived provisional"]


def test_a_week_at_eight_times_the_usual_is_alarmed_when_it_is_over() -> None:
    counts = simulated(1, 7 * 60)[0]
    counts[7 * 50 : 7 * 51] *= 8
    archive = daily_archive(*figures(counts))
    found = detect_weekly(archive)
    surges = found.alarms.filter(pl.col("kind") == "surge")
    assert (surges["period_start"][0], surges["known_on"][0]) == (day(350), day(357))
    assert "week to" in surges["reason"][0]
    before = detect_weekly(archive, as_of=day(356))
    assert before.alarms.filter(pl.col("period_start") >= day(350)).is_empty()
    same = ["observed", "expected", "upper"]
    assert before.bands.select(same).equals(found.bands.head(before.bands.height).select(same))


def test_too_few_weeks_say_so() -> None:
    (reason,) = detect_weekly(daily_archive(*figures(np.ones(70)))).series["reason"]
    assert reason == "no baseline: 10 whole weeks with figures since 1 January 2024; 26 are needed"


def test_models_and_rate_are_those_of_the_table(repository: object) -> None:
    table = pl.read_csv(f"{repository}/benchmarks/skill/daily.csv").filter(part="weeks")
    scores = table.filter(pl.col("what").str.starts_with("log score"))
    best = scores.sort("value")["what"][-1].removeprefix("log score, ")
    assert best.endswith(", 1 waves")
    assert WEEK_CANDIDATES[best.removesuffix(", 1 waves")] == WEEKLY_DEFAULTS.models
    rates = table.filter(pl.col("what") == "episodes a week", pl.col("period") != "from 2022")
    assert rates.height == 5
    assert pytest.approx(rates["value"].max(), abs=5e-5) == WEEKLY_DEFAULTS.alarm_rate
