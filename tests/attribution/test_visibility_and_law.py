"""Where a case cannot be seen it is refused; the legal tests hold for, against and what cannot be shown."""

from dataclasses import replace
from datetime import date, timedelta
from functools import cache

import pytest

from counterpoise.attribution import attribute
from counterpoise.attribution.indicators.catalogue import RULE_CHANGE, STATISTICS
from counterpoise.attribution.legal import CODED, STALE_AFTER_DAYS, _document, legal_annex, stale_warning
from counterpoise.attribution.legal_reading import legal_frame, read_facts
from counterpoise.attribution.visibility import load_visibility
from counterpoise.cases import list_cases, load_case
from counterpoise.errors import AnalysisError
from counterpoise.observations.archive import Archive
from counterpoise.observations.bundled import read_bundled
from counterpoise.observations.corridors import load_corridors
from tests.attribution.builders import fact

NAMES = {*STATISTICS, RULE_CHANGE, "coincidence", "on_off", "daily_response"}
FOR_A_STATE = {
    "none": "very_unlikely",
    "private": "very_unlikely",
    "state_tolerated": "unlikely",
    "state_active": "very_likely",
}
AGAINST_A_STATE = {
    "none": "likely",
    "private": "likely",
    "state_tolerated": "very_unlikely",
    "state_active": "very_unlikely",
}


@cache
def archive() -> Archive:
    return Archive.from_batch(read_bundled())


@pytest.mark.parametrize(
    ("asked", "instead"),
    [
        ({"case": load_case("russia-finland-2023")}, "asylum_applications"),
        ({"corridor": "western-mediterranean", "month": date(2021, 5, 1)}, "arrivals"),
        ({"corridor": "western-mediterranean-land", "month": date(2021, 5, 1)}, "arrivals"),
        ({"corridor": "eastern-mediterranean", "month": date(2020, 3, 1)}, "prevented"),
    ],
)
def test_what_cannot_be_seen_is_refused_with_the_measure_that_would_do(
    asked: dict[str, object], instead: str
) -> None:
    with pytest.raises(AnalysisError) as caught:
        attribute(archive(), **asked)  # type: ignore[arg-type]
    assert instead in caught.value.hint


def test_other_months_of_the_same_corridor_are_not_refused() -> None:
    result = attribute(archive(), corridor="western-mediterranean", month=date(2018, 7, 1))
    assert result.not_visible_in == ()


def test_what_can_partly_be_seen_is_said_only_where_it_applies() -> None:
    case = load_case("belarus-eu-2021")
    before = attribute(archive(), case=case, as_of=date(2021, 10, 1))
    after = attribute(archive(), case=case, month=date(2021, 9, 1))
    assert before.not_visible_in == ()
    assert [entry.status for entry in after.not_visible_in] == ["partly"]
    assert after.to_dict()["not_visible_in"][0]["instead"].startswith("attempts")


def test_the_file_names_cases_and_corridors_that_exist() -> None:
    for entry in load_visibility():
        assert entry.case in {*list_cases(), None}
        assert all(corridor in load_corridors() for corridor in entry.corridors)
        assert bool(entry.case) != bool(entry.corridors)


def parts(*items: object) -> dict[str, object]:
    tables = legal_annex(
        items,  # type: ignore[arg-type]
        {"opening": "why", "aim": None},
        day=date(2026, 11, 23),
        pages={"g": ("A page", "https://example.org/")},
    )
    return {part.id: part for table in tables for part in table.parts}


def test_without_facts_what_counts_cannot_show_stays_so() -> None:
    found = parts()
    for name in ("actor", "aim", "essential_functions", "departure_is_necessary"):
        assert found[name].status == "cannot_be_shown_by_statistics"  # type: ignore[attr-defined]
    assert found["movement_to_border"].status == "not_shown"  # type: ignore[attr-defined]


def test_for_and_against_stand_beside_each_other() -> None:
    supporting = fact("opening", FOR_A_STATE, statement="Seats were added.")
    opposing = fact("opening", AGAINST_A_STATE, statement="Guards held people back.")
    actor = parts(supporting, opposing)["actor"]
    assert [e.text for e in actor.in_favour] == ["Seats were added."]  # type: ignore[attr-defined]
    assert [e.text for e in actor.against] == ["Guards held people back."]  # type: ignore[attr-defined]
    assert actor.in_favour[0].sources == (("g", "A page", "https://example.org/"),)  # type: ignore[attr-defined]
    assert actor.status == "for_and_against"  # type: ignore[attr-defined]
    assert actor.abstained == "why"  # type: ignore[attr-defined]


def test_a_private_opening_is_no_act_of_a_state() -> None:
    private = {
        "none": "unlikely",
        "private": "very_likely",
        "state_tolerated": "likely",
        "state_active": "likely",
    }
    assert parts(fact("opening", private))["actor"].in_favour == ()  # type: ignore[attr-defined]


def test_nothing_computed_speaks_to_essential_functions() -> None:
    result = attribute(archive(), case=load_case("belarus-eu-2021"), as_of=date(2021, 10, 1))
    (part,) = [p for t in result.legal for p in t.parts if p.id == "essential_functions"]
    assert part.status == "cannot_be_shown_by_statistics"
    assert (part.in_favour, part.against) == ((), ())


def test_the_tables_warn_when_their_check_is_old() -> None:
    tables = legal_annex((), {}, day=date(2026, 11, 23), pages={})
    checked = tables[0].checked_on
    assert stale_warning(tables, checked + timedelta(days=STALE_AFTER_DAYS)) is None
    assert "check it again" in str(stale_warning(tables, checked + timedelta(days=STALE_AFTER_DAYS + 1)))
    assert [table.id for table in tables] == ["crisis-regulation", "schengen-borders-code", "article-72"]
    assert all(table.gates for table in tables)


def test_no_count_stands_under_what_counts_cannot_show() -> None:
    entries = [p for t in _document()["tables"] for p in t["parts"]]
    assert all(set(p["bears"]) <= {CODED} for p in entries if p["statistics"] == "cannot_show")
    assert {name for p in entries for name in p["bears"]} - {CODED} <= NAMES
    counts = replace(fact("opening", FOR_A_STATE), nature="statistic", indicator="abruptness")
    found = parts(counts)
    assert found["actor"].in_favour == found["situation"].in_favour == ()  # type: ignore[attr-defined]
    assert found["encourages_or_facilitates"].in_favour  # type: ignore[attr-defined]


def test_no_nationality_mix_says_that_crossing_points_must_close() -> None:
    result = attribute(archive(), case=load_case("belarus-eu-2021"), as_of=date(2021, 10, 1))
    found = {p.id: p for t in result.legal for p in t.parts}
    assert found["circumstances_require"].status == "not_shown"
    assert not any("mix" in e.text for e in found["movement_to_border"].in_favour)
    assert any("one and two years before" in e.text for e in found["movement_to_border"].in_favour)
    assert all(e.text.startswith(("A ", "Agents", "Those")) for e in found["actor"].in_favour)


def test_each_report_of_a_fact_stands_by_itself_with_its_source_and_day() -> None:
    result = attribute(archive(), case=load_case("belarus-eu-2021"), as_of=date(2021, 10, 1))
    (actor,) = [p for t in result.legal for p in t.parts if p.id == "actor"]
    ended = [e for e in actor.in_favour if e.text.startswith("A state ends")]
    assert len(ended) == 3
    assert len({e.sources for e in ended}) == 3
    assert all(url.startswith("https://") and e.known_on for e in ended for _, _, url in e.sources)


def test_what_became_law_later_is_told_apart() -> None:
    crisis, _, article_72 = legal_annex((), {}, day=date(2021, 10, 1), pages={})
    assert crisis.legal_status == "It was not law on 2021-10-01."
    assert crisis.not_yet.startswith("In force since 11 June 2024")
    assert "C-808/18" in article_72.legal_status
    assert "C-72/22" in article_72.not_yet
    (between, *_) = legal_annex((), {}, day=date(2025, 1, 1), pages={})
    assert between.legal_status == "In force since 11 June 2024."
    assert between.limits


def test_the_facts_of_a_case_no_count_shows_stand_in_the_table() -> None:
    reading = read_facts(load_case("russia-finland-2023"), date(2023, 12, 1), "nobody counts it")
    (actor,) = [p for t in reading.tables for p in t.parts if p.id == "actor"]
    assert [e.claimed_by for e in actor.in_favour] == ["Finnish Border Guard", "a channel in Arabic"]
    assert "(claimed by Finnish Border Guard)" in actor.in_favour[0].text
    rows = legal_frame(reading)
    assert rows.filter(element="movement_to_border")["standing"].to_list() == ["not shown"]
    assert rows.filter(element="actor", side="for").height == 2
    assert rows["checked"].null_count() == 0
