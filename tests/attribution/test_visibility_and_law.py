"""Where a case cannot be seen it is refused; the legal tests hold for, against and what cannot be shown."""

from datetime import date, timedelta
from functools import cache

import pytest

from counterpoise.attribution import attribute
from counterpoise.attribution.legal import STALE_AFTER_DAYS, legal_annex, stale_warning
from counterpoise.attribution.visibility import load_visibility
from counterpoise.cases import list_cases, load_case
from counterpoise.errors import AnalysisError
from counterpoise.observations.archive import Archive
from counterpoise.observations.bundled import read_bundled
from counterpoise.observations.corridors import load_corridors
from tests.attribution.builders import fact

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
    tables = legal_annex(items, {"opening": "why", "aim": None})  # type: ignore[arg-type]
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
    assert actor.in_favour == ("Seats were added.",)  # type: ignore[attr-defined]
    assert actor.against == ("Guards held people back.",)  # type: ignore[attr-defined]
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
    tables = legal_annex((), {})
    checked = tables[0].checked_on
    assert stale_warning(tables, checked + timedelta(days=STALE_AFTER_DAYS)) is None
    assert "check it again" in str(stale_warning(tables, checked + timedelta(days=STALE_AFTER_DAYS + 1)))
    assert [table.id for table in tables] == ["crisis-regulation", "schengen-borders-code", "article-72"]
    assert all(table.gates for table in tables)
