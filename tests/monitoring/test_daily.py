"""``detect_daily``: weekdays, gaps, baselines, what was known when, and settings that are what the script found."""

from datetime import timedelta

import numpy as np
import polars as pl
import pytest

from benchmarks.skill.daily import CANDIDATES, MEMORIES
from counterpoise.errors import AnalysisError, InputError
from counterpoise.monitoring import DAILY_DEFAULTS, Detection, detect_daily
from counterpoise.monitoring.daily import baseline_of, weekday_factors, weekday_regressors
from tests.monitoring.daily_builders import (
    CORRIDOR,
    MONDAY,
    WEEK,
    daily_archive,
    day,
    figure,
    figures,
    forecast_days,
    simulated,
)


def reason_of(result: Detection) -> str:
    return str(result.series["reason"][0])


# The model


def test_weekdays_are_treated_alike() -> None:
    week = weekday_regressors(MONDAY, 14)
    np.testing.assert_allclose(week[:7], week[7:])
    distances = np.linalg.norm(week[:7, None, 1:] - week[None, :7, 1:], axis=2)[~np.eye(7, dtype=bool)]
    np.testing.assert_allclose(distances, distances[0])
    np.testing.assert_allclose(week[:7, 1:].sum(axis=0), 0, atol=1e-12)
    np.testing.assert_allclose(weekday_regressors(day(2), 5), week[2:7])


def test_the_pattern_of_the_week_is_found() -> None:
    factors = weekday_factors(forecast_days(simulated(40, 300)), MONDAY).mean(axis=0)
    truth = WEEK / np.exp(np.log(WEEK).mean())
    np.testing.assert_allclose(factors, truth, atol=0.1)


def test_a_week_that_is_not_there_is_not_found() -> None:
    counts = np.random.default_rng(1).poisson(50, (20, 300)).astype(float)
    np.testing.assert_allclose(weekday_factors(forecast_days(counts), MONDAY).mean(axis=0), 1, atol=0.05)


def test_bands_hold_what_they_say_and_alarms_are_rare_on_quiet_days() -> None:
    counts = simulated(60, 400)
    found = forecast_days(counts)
    for level in (0.5, 0.8, 0.95):
        inside = (counts >= found.quantile((1 - level) / 2)) & (counts <= found.quantile((1 + level) / 2))
        assert inside[:, 60:].mean() == pytest.approx(level, abs=0.04)
    assert (found.tail_probability[:, 60:] < DAILY_DEFAULTS.threshold).mean() < DAILY_DEFAULTS.alarm_rate


def test_a_step_is_alarmed_within_days() -> None:
    counts = simulated(60, 250)
    counts[:, 200:] *= 5
    alarmed = forecast_days(counts).tail_probability[:, 200:207] < DAILY_DEFAULTS.threshold
    assert alarmed[:, :3].any(axis=1).mean() > 0.8
    assert alarmed.any(axis=1).mean() > 0.93


def test_a_gap_widens_the_band_and_moves_nothing_before_it() -> None:
    counts = simulated(1, 200)
    gap = counts.copy()
    gap[:, 150:190] = np.nan
    whole, found = forecast_days(counts), forecast_days(gap)
    np.testing.assert_array_equal(whole.shape[:, :151], found.shape[:, :151])
    relative = 1 / np.sqrt(found.shape[0])
    same_weekday = relative[150:191:7]
    assert (np.diff(same_weekday) > 0).all()
    assert found.shared[0, 189] > found.shared[0, 150]


def test_a_baseline_needs_figures_in_all_and_lately() -> None:
    values = np.ones((1, 300))
    values[0, 100:140] = np.nan
    found = baseline_of(values, np.zeros(values.shape, dtype=bool), DAILY_DEFAULTS)[0]
    assert not found[:56].any()
    assert found[56:129].all()  # 28 of the 56 days before day 128 have figures
    assert not found[129:156].any()
    assert found[168:].all()


# The result


def test_a_surge_is_an_alarm_with_onset_and_sentence() -> None:
    counts = simulated(1, 120)[0]
    counts[110:113] = 1500
    result = detect_daily(daily_archive(*figures(counts)))
    first = result.alarms.row(0, named=True)
    assert (first["kind"], first["period_start"], first["onset"]) == ("surge", day(110), day(110))
    assert first["onset_lower"] <= first["onset"] <= first["onset_upper"]
    assert "20 April 2024: 1,500 arrivals, expected" in first["reason"]
    assert "known 1 day after" in first["reason"]
    assert result.episodes.height == 1
    assert result.n_series == 1
    assert result.expected_false_alarms == pytest.approx(64 * DAILY_DEFAULTS.alarm_rate, abs=0.05)


def test_a_few_scattered_days_are_no_baseline_and_since_when_is_said() -> None:
    result = detect_daily(daily_archive(*(figure(i, 30) for i in range(0, 700, 7))))
    assert result.series["status"].to_list() == ["no_baseline"]
    assert reason_of(result).startswith("no baseline: 100 days with figures since 1 January 2024")
    assert result.n_series == 0
    assert result.expected_false_alarms == 0
    assert result.alarms.is_empty()


def test_a_series_that_falls_silent_loses_its_baseline_and_says_since_when() -> None:
    rows = figures(simulated(1, 120)[0])
    later = figure(300, 3, nationality="IRQ")
    fresh = detect_daily(daily_archive(*rows))
    assert reason_of(fresh) == ""
    stale = detect_daily(daily_archive(*rows, later)).series.filter(nationality="TOTAL")
    lost = day(119 + 30)  # 27 of the 56 days before have figures
    assert stale["reason"].to_list() == [
        f"no baseline since {lost:%d %B %Y}: fewer than 28 of the 56 days before have figures"
    ]


def test_a_provisional_day_is_shown_not_judged_and_teaches_nothing() -> None:
    counts = simulated(1, 120)[0]
    rows = figures(counts)
    partial = [*rows[:110], figure(110, 4000, flag="provisional"), *rows[111:]]
    missing = [*rows[:110], *rows[111:]]
    one, other = detect_daily(daily_archive(*partial)), detect_daily(daily_archive(*missing))
    assert one.bands.filter(period_start=day(110))["observed"].to_list() == [4000]
    assert one.alarms.is_empty()
    expected = pl.col("period_start") > day(110)
    assert one.bands.filter(expected)["expected"].equals(other.bands.filter(expected)["expected"])


def test_a_derived_day_counts_once_and_is_flagged() -> None:
    counts = simulated(1, 120)[0]
    counts[115] = np.nan
    totals = [figure(0, 9000, end=114), figure(0, 9041, end=115)]
    result = detect_daily(daily_archive(*figures(counts), *totals))
    row = result.bands.filter(period_start=day(115)).row(0, named=True)
    assert (row["observed"], row["flag"]) == (41, "derived")
    assert result.series["n_periods"].to_list() == [120]


@pytest.mark.parametrize("at", [70, 100, 119])
def test_a_replay_sees_no_later_vintage(at: int) -> None:
    counts = simulated(1, 140)[0]
    rows = figures(counts)
    corrected = [figure(i, 7777, known_on=day(130)) for i in (60, 80, 99)]
    then = day(at + 1)
    seen = [one for one in [*rows, *corrected] if one["known_on"] <= then]
    replay = detect_daily(daily_archive(*rows, *corrected), as_of=then)
    assert replay.bands.equals(detect_daily(daily_archive(*seen)).bands)
    assert replay.bands["period_start"].max() == day(at)


def test_a_corrected_day_is_read_as_corrected_and_known_since_the_first_time() -> None:
    rows = figures(simulated(1, 120)[0])
    result = detect_daily(daily_archive(*rows, figure(110, 5, known_on=day(125))))
    one = result.bands.filter(period_start=day(110)).row(0, named=True)
    assert (one["observed"], one["known_on"]) == (5, day(111))


def test_what_is_asked_for_and_not_there_is_said() -> None:
    small = daily_archive(*figures(simulated(1, 60)[0]))
    with pytest.raises(AnalysisError):
        detect_daily(small, as_of=MONDAY - timedelta(days=30))
    with pytest.raises(AnalysisError):
        detect_daily(small, nationality="IRQ")
    with pytest.raises(InputError):
        detect_daily(small, corridors=["nowhere"])
    assert detect_daily(small, corridors=[CORRIDOR]).series.height == 1


def test_since_cuts_alarms_not_what_was_learnt() -> None:
    counts = simulated(1, 120)[0]
    counts[[80, 110]] = 2000
    whole = detect_daily(daily_archive(*figures(counts)))
    late = detect_daily(daily_archive(*figures(counts)), since=day(100))
    assert whole.alarms["period_start"].min() == day(80)
    assert late.alarms["period_start"].min() == day(110)
    assert whole.bands.equals(late.bands)


# The settings


@pytest.fixture(scope="module")
def table(repository: object) -> pl.DataFrame:
    return pl.read_csv(f"{repository}/benchmarks/skill/daily.csv")


def test_the_models_are_those_with_the_best_score(table: pl.DataFrame) -> None:
    scores = table.filter(pl.col("part") == "settings", pl.col("what").str.starts_with("log score"))
    best = scores.sort("value")["what"][-1].removeprefix("log score, ")
    assert scores.height == len(CANDIDATES)
    assert CANDIDATES[best] == DAILY_DEFAULTS.models


def test_the_dispersion_forgets_as_coverage_before_2022_wants_it(table: pl.DataFrame) -> None:
    off = table.filter(pl.col("what").str.starts_with("coverage off by"))
    best = off.sort("value")["what"][0]
    discount, weight = DAILY_DEFAULTS.dispersion_discount, DAILY_DEFAULTS.dispersion_weight
    assert off.height == len(MEMORIES)
    assert best == f"coverage off by, dispersion discount {discount}, weight {weight:.0f}"


def test_the_rate_is_the_largest_measured(table: pl.DataFrame) -> None:
    rates = table.filter(
        (pl.col("what") == f"episodes a day at {DAILY_DEFAULTS.threshold}")
        | ((pl.col("part") == "simulated") & (pl.col("what") == "episodes a day"))
    )
    assert rates.height == 5
    assert pytest.approx(rates["value"].max(), abs=5e-5) == DAILY_DEFAULTS.alarm_rate
