"""Every fault of a case file is told with its line and what to do."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterpoise.cases import list_cases, load_case, parse_case
from counterpoise.errors import InputError
from tests.cases.builders import TEXT


def line_with(text: str, part: str) -> int:
    return next(n for n, line in enumerate(text.splitlines(), start=1) if part in line)


def fault(text: str) -> InputError:
    with pytest.raises(InputError) as caught:
        parse_case(text, "some.yml")
    return caught.value


def test_a_valid_case_is_read() -> None:
    case = parse_case(TEXT, "some.yml")
    assert case.events[0].text == "A threat is made."
    assert case.harms[0].value == 3


@pytest.mark.parametrize(
    ("old", "new", "marker", "found", "hint"),
    [
        (
            "kind: statement_threat",
            "kind: statment_threat",
            "statment",
            "statment_threat",
            "statement_threat",
        ),
        ("kind: statement_threat", "knd: statement_threat", "knd", "knd", "kind"),
        ("date: 2024-02-01", "date: 1 February 2024", "1 February", "1 February 2024", "YYYY-MM-DD"),
        (
            "sources: [page]\n    confidence: high",
            "sources: [pag]\n    confidence: high",
            "pag]",
            "pag",
            "page",
        ),
        ("value: 3", "value: -3", "value", "-3", "never negative"),
        ("value: 3", "value: 2.5", "value", "2.5", "whole number"),
        ("value: 3", "value: 3\n    nested_in: wde", "nested_in", "wde", "wide"),
        ("value: 3", "value: 3\n    nested_in: wide", "nested_in", "circle", "nested_in"),
        ("corridors: [BY-PL]", "corridors: [BY-PO]", "corridors", "BY-PO", "BY-PL"),
        ("targets: [POL]", "targets: [PL]", "targets", "PL", "alpha-3"),
        ("measures: [attempts]", "measures: [tries]", "measures", "tries", "attempts"),
        ("title: Some border", "title:", "title", "title", "title:"),
        ("url: https://example.org/page", "url: example.org", "url", "example.org", "https://"),
        ("id: some-border-2024", "id: Some border", "id: Some", "Some border", "small letters"),
        (
            "corridors: [BY-PL]",
            "corridors: BY-PL",
            "corridors",
            "BY-PL",
            "list",
        ),
    ],
)
def test_a_fault_has_line_finding_and_remedy(old: str, new: str, marker: str, found: str, hint: str) -> None:
    text = TEXT.replace(old, new, 1)
    assert text != TEXT
    error = fault(text)
    assert error.where == f"some.yml, line {line_with(text, marker)}"
    assert found in error.found
    assert hint in error.hint
    assert error.exit_code == 2


def test_a_missing_key_is_told_at_its_entry() -> None:
    text = TEXT.replace("    text: A threat is made.\n", "", 1)
    error = fault(text)
    assert error.where == f"some.yml, line {line_with(text, '- date')}"
    assert "'text'" in error.found
    assert "text:" in error.hint


def test_all_faults_are_told_together_in_the_order_of_their_lines() -> None:
    text = (
        TEXT.replace("kind: statement_threat", "kind: nonsense")
        .replace("corridors: [BY-PL]", "corridors: [nowhere]")
        .replace("title: A page", "titel: A page")
    )
    error = fault(text)
    numbers = [line_with(text, part) for part in ("nowhere", "nonsense", "titel: A page")]
    assert error.where == f"some.yml, lines {', '.join(map(str, sorted(numbers)))}"
    assert [int(n) for n in re.findall(r"line (\d+):", error.found)] == sorted(numbers)
    assert [int(n) for n in re.findall(r"line (\d+):", error.hint)] == sorted(numbers)


def test_a_source_that_stands_twice_is_told() -> None:
    text = TEXT + "  - id: page\n    title: Again\n    url: https://example.org/again\n"
    error = fault(text)
    assert error.where == f"some.yml, line {len(text.splitlines()) - 2}"
    assert "twice" in error.found


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("id: a: b\n", 1),
        ("id: one\nid: two\n", 2),
        ("title: [open\n", 2),
        ('title: "open\n', 1),
        ("", 1),
        ("- a list\n", 1),
        ("just words\n", 1),
    ],
)
def test_what_is_no_yaml_or_no_mapping_is_told_with_its_line(text: str, line: int) -> None:
    where = fault(text).where
    assert where.startswith("some.yml, line ")
    assert abs(int(where.rsplit(" ", 1)[1]) - line) <= 1


def test_a_control_names_no_coercer_and_a_case_names_one() -> None:
    control = TEXT.replace("label_status: asserted", "label_status: control")
    assert "control" in fault(control).found
    nobody = TEXT.replace("  coercers: [BLR]\n", "")
    assert "coercer" in fault(nobody).found


def test_an_outcome_has_no_actor() -> None:
    assert "outcome" in fault(TEXT.replace("kind: statement_threat", "kind: outcome")).found


def test_a_file_in_another_encoding_is_told_with_its_line(tmp_path: Path) -> None:
    file = tmp_path / "latin.yml"
    file.write_bytes(TEXT.replace("A threat", "Eine Drohung für").encode("latin-1"))
    with pytest.raises(InputError) as caught:
        load_case(file)
    assert caught.value.where == f"{file}, line {line_with(TEXT, 'A threat')}"
    assert "UTF-8" in caught.value.expected


def test_a_byte_order_mark_does_no_harm(tmp_path: Path) -> None:
    file = tmp_path / "bom.yml"
    file.write_bytes(b"\xef\xbb\xbf" + TEXT.encode())
    assert load_case(file).id == "some-border-2024"


def test_a_wrong_name_is_answered_with_the_nearest(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        load_case("belarus-2021")
    assert "belarus-eu-2021" in caught.value.hint
    with pytest.raises(InputError) as caught:
        load_case(tmp_path / "absent.yml")
    assert str(tmp_path / "absent.yml") == caught.value.where


def test_a_file_is_read_by_path_also_as_text(tmp_path: Path) -> None:
    file = tmp_path / "my.yml"
    file.write_text(TEXT, encoding="utf-8")
    assert load_case(str(file)) == load_case(file) == parse_case(TEXT, "x")


@given(st.data())
def test_a_damaged_file_is_refused_in_one_sentence_or_read(data: st.DataObject) -> None:
    """Cut a line out of a bundled case, or cut it short: a case or an InputError, never anything else."""
    lines = TEXT.splitlines(keepends=True)
    i = data.draw(st.integers(0, len(lines) - 1))
    cut = data.draw(st.integers(0, len(lines[i])))
    text = "".join([*lines[:i], lines[i][:cut], *lines[i + 1 :]])
    try:
        parse_case(text, "some.yml")
    except InputError as error:
        assert error.where.startswith("some.yml")
        assert error.hint


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        parse_case(text, "some.yml")
    except InputError as error:
        assert error.where.startswith("some.yml")


def test_the_bundled_cases_are_listed() -> None:
    assert list_cases() == ("belarus-eu-2021", "russia-finland-2023", "ukraine-2022")


@pytest.mark.parametrize(
    ("kind", "told"), [("outcome", "facts on an entry of kind outcome"), ("propaganda", "propaganda")]
)
def test_a_count_or_a_claim_is_no_evidence_of_an_act(kind: str, told: str) -> None:
    text = TEXT.replace(
        "kind: statement_threat\n    actor: Belarus", f"kind: {kind}\n    facts: [linked_threat]"
    )
    with pytest.raises(InputError) as caught:
        parse_case(text, "some.yml")
    assert told in str(caught.value)


def test_one_event_does_not_show_two_acts_that_contradict_each_other() -> None:
    text = TEXT.replace(
        "kind: statement_threat", "kind: statement_threat\n    facts: [control_ended, held_back]"
    )
    with pytest.raises(InputError) as caught:
        parse_case(text, "some.yml")
    assert "control_ended and held_back in one event" in str(caught.value)


EVIDENCE = """\
evidence:
  - id: lists
    question: opening
    statement: Lists were found.
    predicted: {none: unlikely, state_active: likely}
    reason: Nobody else keeps such lists.
    date: 2024-03-01
    known_on: 2024-03-02
    sources: [page]
    confidence: high
"""


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (("    date: 2024-03-01\n", ""), "date"),
        (("known_on: 2024-03-02", "known_on: 2024-02-02"), "before its date"),
        (("state_active: likely", "coercive: likely"), "no answer to opening"),
        (("known_on: 2024-03-02", "known_on: 2024-02-30"), "2024-02-30"),
        (
            ("none: unlikely, state_active: likely", "none: even, state_active: even"),
            "tells none from another",
        ),
        (("state_active: likely", "state_active: probable"), "probable"),
        (("sources: [page]\n    confidence: high", "sources: [pages]\n    confidence: high"), "pages"),
    ],
)
def test_wrong_contradictory_or_undated_evidence_is_told_with_its_line(
    change: tuple[str, str], told: str
) -> None:
    assert parse_case(TEXT + EVIDENCE, "some.yml").evidence[0].id == "lists"
    with pytest.raises(InputError) as caught:
        parse_case(TEXT + EVIDENCE.replace(*change), "some.yml")
    assert told in str(caught.value)
    assert "line" in str(caught.value)
