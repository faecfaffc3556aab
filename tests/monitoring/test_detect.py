"""``detect`` on small archives: kinds, episodes, sentences, what is not judged, and what names a result."""

import json
import re
from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest

from counterpoise.errors import AnalysisError, InputError
from counterpoise.monitoring import DETECT_DEFAULTS, Detection, detect
from counterpoise.monitoring.alarms import episodes_of
from counterpoise.observations.archive import Archive
from counterpoise.schemas import ALARMS, BANDS, EPISODES, SERIES
from tests.monitoring.builders import (
    Array,
    kinds,
    name_of_month,
    regime,
    series_archive,
    series_batch,
    start_of,
    steady,
)
from tests.observations.builders import archive

ROUTE = "test-route"
ALARM_KEYS = {
    *(
        "dataset",
        "corridor",
        "nationality",
        "measure",
        "kind",
        "period_start",
        "period_end",
        "expected",
        "lower",
    ),
    *(
        "upper",
        "level",
        "observed",
        "tail_probability",
        "known_on",
        "flag",
        "episode",
        "onset",
        "onset_lower",
    ),
    *("onset_upper", "reason", "notes"),
}


def surged(
    at: int = 40, factor: float = 10.0, length: int = 1, *, n_months: int = 60, seed: int = 0
) -> Array:
    counts = steady(n_months, seed=seed)
    counts[at : at + length] *= factor
    return counts


def found(series: dict[str, Array], **other: object) -> Detection:
    return detect(series_archive({(ROUTE, code): counts for code, counts in series.items()}, **other))  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def one_surge() -> Detection:
    return found({"IRQ": surged(), "SYR": steady(60, seed=1)})


# Kinds


def test_a_quiet_archive_has_no_alarm() -> None:
    result = found({code: steady(120, seed=seed) for seed, code in enumerate(("IRQ", "SYR", "AFG"))})
    assert result.alarms.is_empty()
    assert result.episodes.is_empty()


def test_a_surge(one_surge: Detection) -> None:
    assert kinds(one_surge.alarms, nationality="IRQ") == [(40, "surge")]
    assert kinds(one_surge.alarms, nationality="SYR") == []


def test_a_new_route() -> None:
    counts = np.zeros(60)
    counts[40] = 80
    assert kinds(found({"IRQ": counts, "SYR": steady(60)}).alarms, nationality="IRQ") == [(40, "new_route")]


def test_after_somebody_was_seen_it_is_a_surge_and_no_new_route() -> None:
    counts = np.zeros(60)
    counts[17], counts[40] = 1, 80
    assert kinds(found({"IRQ": counts, "SYR": steady(60)}).alarms, nationality="IRQ") == [(40, "surge")]


def test_unpublished_months_are_not_silence() -> None:
    counts = np.zeros(60)
    counts[20:38] = np.nan
    counts[50] = 80
    result = detect(series_archive({(ROUTE, "IRQ"): list(counts)}, dense=False))
    assert kinds(result.alarms) == [(50, "surge")]


def test_a_collapse() -> None:
    counts = steady(60, mean=400)
    counts[40] = 0
    assert kinds(found({"IRQ": counts, "SYR": steady(60)}).alarms, nationality="IRQ")[0] == (40, "collapse")


def test_a_collapse_where_a_rule_starts_is_a_change_of_reporting() -> None:
    counts = steady(60, mean=400)
    counts[40] = 0
    result = found({"IRQ": counts}, regimes=[regime(ROUTE, 40, is_break=False)])
    alarm = result.alarms.filter(pl.col("nationality") == "IRQ").row(0, named=True)
    assert alarm["kind"] == "reporting_change"
    assert alarm["notes"] == "A counting rule starts in this period: Counted in another way."


def test_people_of_unknown_nationality_are_a_change_of_reporting() -> None:
    result = found({"IRQ": steady(60), "UNK": surged()})
    assert kinds(result.alarms, nationality="UNK") == [(40, "reporting_change")]
    assert "same nationality" not in result.alarms.filter(pl.col("nationality") == "UNK")["notes"][0]


def test_a_level_shift() -> None:
    result = found({"IRQ": surged(length=20, factor=8.0)})
    alarms = kinds(result.alarms, nationality="IRQ")
    assert alarms[0] == (40, "surge")
    assert alarms[-1] == (45, "level_shift")
    assert result.episodes.filter(pl.col("nationality") == "IRQ").height == 1


def test_a_break_of_counting_raises_no_surge() -> None:
    counts = surged(length=20, factor=5.0)
    assert kinds(found({"IRQ": counts}).alarms, nationality="IRQ")[0] == (40, "surge")
    assert found({"IRQ": counts}, regimes=[regime(ROUTE, 40)]).alarms.is_empty()


# Episodes


@pytest.mark.parametrize(("gap", "n_episodes"), [(0, 1), (1, 1), (2, 1), (3, 2), (9, 2)])
def test_alarms_with_at_most_two_quiet_months_between_are_one_episode(gap: int, n_episodes: int) -> None:
    counts = surged(factor=6.0)
    counts[40 + gap + 1] = 40_000
    result = found({"IRQ": counts})
    episodes = result.episodes.filter(pl.col("nationality") == "IRQ")
    assert episodes.height == n_episodes
    assert episodes["n_alarms"].sum() == 2
    alarms = result.alarms.filter(pl.col("nationality") == "IRQ")
    assert alarms["episode"].n_unique() == n_episodes
    assert set(alarms["episode"]) == set(episodes["episode"])


def test_the_peak_may_lie_between_two_alarms() -> None:
    key = {"dataset": "d", "corridor": ROUTE, "nationality": "IRQ", "measure": "detections"}
    onset = {"onset": start_of(0), "onset_lower": start_of(0), "onset_upper": start_of(1) - timedelta(days=1)}
    months = [
        {**key, "period_start": start_of(i), "period_end": start_of(i + 1) - timedelta(days=1), "observed": n}
        for i, n in enumerate([300.0, 900.0, 500.0, 2000.0])
    ]
    alarms = [{**months[i], **onset, "kind": "surge", "expected": 20.0, "episode": "e"} for i in (0, 2)]
    episode = episodes_of(pl.DataFrame(alarms), pl.DataFrame(months)).row(0, named=True)
    assert (episode["peak"], episode["peak_start"]) == (900, start_of(1))
    assert (episode["observed"], episode["n_alarms"]) == (800, 2)


def test_an_onset_begins_after_the_last_calm_month() -> None:
    counts = steady(60)
    counts[37:41] = [30, 95, 110, 900]
    episode = found({"IRQ": counts}).episodes.filter(pl.col("nationality") == "IRQ").row(0, named=True)
    assert episode["onset"] == start_of(40)
    assert (episode["onset_lower"], episode["onset_upper"]) == (start_of(38), date(2013, 5, 31))


def test_an_onset_of_a_collapse_begins_after_the_last_month_as_high_as_expected() -> None:
    counts = steady(60, mean=400)
    counts[37:41] = [700, 250, 200, 0]
    episode = found({"IRQ": counts}).episodes.filter(pl.col("nationality") == "IRQ").row(0, named=True)
    assert episode["kind"] == "collapse"
    assert (episode["onset"], episode["onset_lower"]) == (start_of(40), start_of(38))


def test_episodes_of_two_datasets_are_kept_apart() -> None:
    both = archive(
        series_batch({(ROUTE, "IRQ"): surged()}),
        series_batch({(ROUTE, "IRQ"): surged(factor=20.0)}, dataset="test.other"),
    )
    episodes = detect(both, nationality="IRQ").episodes.sort("dataset")
    assert episodes["dataset"].to_list() == ["test.flow", "test.other"]
    assert episodes["peak"][1] == 2 * episodes["peak"][0]


def test_an_episode_sums_its_alarms(one_surge: Detection) -> None:
    episode = one_surge.episodes.filter(pl.col("nationality") == "IRQ").row(0, named=True)
    alarm = one_surge.alarms.filter(pl.col("nationality") == "IRQ").row(0, named=True)
    assert episode["observed"] == alarm["observed"] == surged()[40]
    assert episode["expected"] == alarm["expected"]
    assert episode["episode"] == f"{ROUTE}/IRQ/detections/{start_of(40)}"
    assert episode["last_alarm_end"] == alarm["period_end"]


# Sentences


def test_the_reason_holds_the_figures_of_the_alarm(one_surge: Detection) -> None:
    alarm = one_surge.alarms.filter(pl.col("nationality") == "IRQ").row(0, named=True)
    figures = "{observed:,.0f} detections, expected {expected:,.0f} [{lower:,.0f}-{upper:,.0f}]".format(
        **alarm
    )
    lag = (alarm["known_on"] - alarm["period_end"]).days
    assert lag == 34
    assert alarm["reason"] == (
        f"Iraq, May 2013: {figures}; the largest count since 2010; known {lag} days after the period's end."
    )


def test_a_smaller_surge_than_one_before_is_not_called_the_largest() -> None:
    counts = surged(factor=30.0)
    counts[55] = 700
    reasons = found({"IRQ": counts}).alarms.filter(pl.col("nationality") == "IRQ")["reason"]
    assert ["the largest" in reason for reason in reasons] == [True, False]


def test_the_largest_before_is_remembered_through_a_gap() -> None:
    counts = surged(factor=30.0)
    counts[54], counts[55] = np.nan, 900
    alarms = detect(series_archive({(ROUTE, "IRQ"): list(counts)}, dense=False)).alarms
    last = alarms.filter(pl.col("period_start") == start_of(55))["reason"].item()
    assert "the largest" not in last


def test_a_new_route_says_for_how_long_nobody_was_seen() -> None:
    counts = np.zeros(60)
    counts[50] = 80
    observations = series_archive({(ROUTE, "IRQ"): counts, (ROUTE, "SYR"): steady(60)})
    options = replace(DETECT_DEFAULTS, silence_periods=36)
    reason = detect(observations, options=options, nationality="IRQ").alarms["reason"].item()
    assert "not seen on this corridor in the 36 months before" in reason


def test_the_same_nationality_elsewhere_is_noted() -> None:
    series = {
        ("route-a", "IRQ"): surged(),
        ("route-b", "IRQ"): surged(seed=4),
        ("route-c", "IRQ"): steady(60),
    }
    alarms = detect(series_archive(series)).alarms
    notes = alarms.filter(pl.col("nationality") == "IRQ")["notes"]
    unusual = "The same nationality is unusual on 1 other corridor(s) in this period."
    assert [note.startswith(unusual) for note in notes] == [True, True]
    assert all("times what was expected on all other corridors together" in note for note in notes)
    assert not alarms.filter(pl.col("nationality") == "TOTAL")["notes"].str.contains("same nationality").any()


# What is shown, judged and said


def test_since_hides_earlier_alarms_and_changes_none() -> None:
    counts = surged()
    counts[55] *= 12
    observations = series_archive({(ROUTE, "IRQ"): counts})
    whole = detect(observations, nationality="IRQ")
    part = detect(observations, nationality="IRQ", since=start_of(50))
    assert [month for month, _ in kinds(whole.alarms)] == [40, 55]
    assert part.alarms.equals(whole.alarms.filter(pl.col("period_start") >= start_of(50)))
    assert part.bands.equals(whole.bands)
    assert part.episodes["onset"].to_list() == [start_of(55)]


def test_nationality_shows_one_series(one_surge: Detection) -> None:
    observations = series_archive({(ROUTE, "IRQ"): surged(), (ROUTE, "SYR"): steady(60, seed=1)})
    alone = detect(observations, nationality="IRQ")
    assert alone.n_series == 1
    assert alone.alarms.equals(one_surge.alarms.filter(pl.col("nationality") == "IRQ"))


def test_corridors_show_these_only() -> None:
    series = {("route-a", "IRQ"): surged(), ("route-b", "IRQ"): surged(seed=4)}
    result = detect(series_archive(series), corridors=["route-b"])
    assert set(result.series["corridor"]) == set(result.alarms["corridor"]) == {"route-b"}


def test_an_unknown_corridor_is_refused() -> None:
    with pytest.raises(InputError):
        detect(series_archive({(ROUTE, "IRQ"): steady(30)}), corridors=["nowhere"])


def test_a_nationality_without_figures_is_said() -> None:
    with pytest.raises(AnalysisError) as caught:
        detect(series_archive({(ROUTE, "IRQ"): steady(30)}), nationality="VEN")
    assert "VEN" in caught.value.expected


def test_before_any_figure_there_is_nothing_to_monitor() -> None:
    with pytest.raises(AnalysisError):
        detect(series_archive({(ROUTE, "IRQ"): steady(30)}), as_of=date(2009, 1, 1))


def test_a_series_without_a_baseline_is_said_and_the_others_carry_on() -> None:
    series = {("A-B", "TOTAL"): list(surged()), ("C-D", "TOTAL"): [None] * 45 + [5.0] * 15}
    result = detect(series_archive(series, dense=False))
    short = result.series.filter(pl.col("corridor") == "C-D").row(0, named=True)
    assert (short["status"], short["n_periods"]) == ("no_baseline", 15)
    assert short["reason"] == "no baseline: 15 months with figures since October 2013, 24 are needed"
    assert short["first_period_start"] == start_of(45)
    assert result.n_series == 1
    assert kinds(result.alarms) == [(40, "surge")]
    check = next(check for check in result.checks if check.name == "baseline")
    assert check.status == "inconclusive"
    assert "1 of 2 series" in check.text


def test_false_alarms_are_expected_over_judged_months_only() -> None:
    observations = series_archive({(ROUTE, code): steady(60, seed=3) for code in ("IRQ", "SYR")})
    n_series, n_judged = 3, 60 - 24  # the total is a series too
    rate = DETECT_DEFAULTS.alarm_rate
    assert detect(observations).expected_false_alarms == pytest.approx(n_series * n_judged * rate, abs=0.05)
    since = detect(observations, since=start_of(50), nationality="IRQ")
    assert since.expected_false_alarms == pytest.approx(10 * rate, abs=0.05)
    early = detect(observations, as_of=date(2011, 6, 30))
    assert (early.n_series, early.expected_false_alarms) == (0, 0.0)


# The result


def test_tables_have_their_schemas(one_surge: Detection) -> None:
    for table, schema in (
        (one_surge.alarms, ALARMS),
        (one_surge.bands, BANDS),
        (one_surge.episodes, EPISODES),
        (one_surge.series, SERIES),
    ):
        assert dict(table.schema) == {name: column.dtype for name, column in schema.items()}
    assert one_surge.bands.height == one_surge.series.height * 60


def test_the_answer_is_the_contract(one_surge: Detection) -> None:
    answer = json.loads(json.dumps(one_surge.to_dict(), allow_nan=False))
    assert set(answer) >= {"stage", "version", "as_of", "seed", "result_id", "checks", "alarms"}
    assert set(answer) >= {"n_series", "expected_false_alarms"}
    further = {"calibrated_probability", "discovery", "growth_elsewhere", "specific_probability"}
    assert all(set(alarm) == ALARM_KEYS | further for alarm in answer["alarms"])
    assert all(set(check) == {"name", "status", "text"} for check in answer["checks"])
    alarm = answer["alarms"][0]
    assert alarm["period_start"] == f"{name_of_month(40)}-01"
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\d", alarm[name]) for name in ("known_on", "onset", "onset_lower"))
    assert answer["stage"] == "detect"


def test_an_id_names_everything_that_made_the_result(one_surge: Detection) -> None:
    series = {(ROUTE, "IRQ"): surged(), (ROUTE, "SYR"): steady(60, seed=1)}
    observations = series_archive(series)
    assert detect(observations).result_id == one_surge.result_id
    other = series_archive({**series, (ROUTE, "SYR"): surged(seed=1)})

    def variants(a: Archive) -> list[Detection]:
        return [
            detect(other),
            detect(a, options=replace(DETECT_DEFAULTS, threshold=0.01)),
            detect(a, nationality="IRQ"),
            detect(a, since=date(2012, 1, 1)),
            detect(a, corridors=[ROUTE]),
            detect(a, as_of=date(2014, 1, 1)),
            detect(a, seed=1),
        ]

    ids = {one_surge.result_id, *(result.result_id for result in variants(observations))}
    assert len(ids) == 8


def test_the_same_question_gives_the_same_tables(one_surge: Detection) -> None:
    again = found({"IRQ": surged(), "SYR": steady(60, seed=1)})
    assert again.to_dict() == one_surge.to_dict()
    assert again.bands.equals(one_surge.bands)


def test_a_later_vintage_changes_no_earlier_day() -> None:
    first = series_batch({(ROUTE, "IRQ"): surged()})
    later = series_batch({(ROUTE, "IRQ"): surged(n_months=72, factor=3.0)})
    day = first.observations["known_on"][0]
    alone, together = detect(archive(first), as_of=day), detect(archive(first, later), as_of=day)
    assert together.alarms.equals(alone.alarms)
    assert together.bands.equals(alone.bands)


def test_a_figure_is_known_since_it_was_first_published() -> None:
    first = series_batch({(ROUTE, "IRQ"): steady(60)})
    later = series_batch({(ROUTE, "IRQ"): steady(72)})
    bands = detect(archive(first, later), nationality="IRQ").bands
    known = dict(bands.select("period_start", "known_on").iter_rows())
    assert known[start_of(59)] == first.observations["known_on"][0]
    assert known[start_of(71)] == later.observations["known_on"][0]
    flags = dict(bands.select("period_start", "flag").iter_rows())
    assert flags[start_of(10)] == "lag_assumed"
    assert flags[start_of(71)] == ""
