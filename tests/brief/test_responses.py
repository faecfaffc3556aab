"""The section on what the responses did: it says what is known, what is not, and names a page for each line."""

from dataclasses import replace

import pytest

from counterpoise.brief.cite import Register
from counterpoise.brief.responses import responses_section
from counterpoise.cases import load_case
from counterpoise.impact import Evaluation, evaluate
from counterpoise.observations.archive import Archive
from counterpoise.observations.bundled import read_bundled

CORRIDORS = Archive.from_batch(read_bundled()).as_of(None).corridors


@pytest.fixture(scope="module")
def result() -> Evaluation:
    archive = Archive.from_batch(read_bundled())
    return evaluate(
        archive, case=load_case("belarus-eu-2021"), outcomes=("detections", "attempts", "onward_detections")
    )


@pytest.fixture
def register(result: Evaluation) -> Register:
    day = result.provenance.as_of
    return Register(Archive.from_batch(read_bundled()).as_of(day).documents, as_of=day)


def test_effects_are_tabled_with_intervals_and_joint_ones_without_a_factor(
    result: Evaluation, register: Register
) -> None:
    table = responses_section(result, register, CORRIDORS).effects
    assert table is not None
    assert len(table.rows) == sum(e.status in {"estimated", "joint_bounds"} for e in result.effects)
    november = next(row for row in table.rows if row[0].startswith("Responses 11 to 29"))
    assert november[2] == "together"


def test_effects_say_whom_they_are_about(result: Evaluation, register: Register) -> None:
    table = responses_section(result, register, CORRIDORS).effects
    assert table is not None
    counts = [str(row[1]) for row in table.rows]
    assert any("without people from Ukraine, Eastern Borders route" in count for count in counts)
    assert any("mean over 7 nationalities" in count for count in counts)
    assert not any("TOTAL" in count or "eastern-borders" in count for count in counts)


def test_where_counts_disagree_it_says_so(result: Evaluation, register: Register) -> None:
    said = responses_section(result, register, CORRIDORS).disagreements
    assert any(
        "people found further inland in Germany rose" in text and text.startswith("Responses 3 to 8")
        for text in said
    )


def test_who_is_counted_is_said_of_unusual_changes_only_and_never_of_a_nationality(
    result: Evaluation, register: Register
) -> None:
    said = responses_section(result, register, CORRIDORS).composition
    assert said[0].startswith("Response 30: Of those counted, 21% before and 47% after")
    assert "After " in said[-2]
    assert "say nothing about the need for protection" in said[-1]
    assert not any("within what is usual" in text for text in said)


def test_every_law_and_cost_has_a_page(result: Evaluation, register: Register) -> None:
    section = responses_section(result, register, CORRIDORS)
    assert section.instruments
    assert section.costs
    assert all(entry.sources for entry in (*section.instruments, *section.costs))


def test_without_any_effect_there_is_no_table_and_no_figure(result: Evaluation, register: Register) -> None:
    nothing = replace(result, effects=tuple(e for e in result.effects if e.status == "refused"))
    section = responses_section(nothing, register, CORRIDORS)
    assert section.effects is None
    assert section.figure is None
    assert "For 0 of them" in section.lead
