from datetime import date

import pytest

from counterpoise.brief.cite import Register, count_text, is_web_address, trace_block
from counterpoise.brief.text import SourceRef, plain, say, without_hindsight
from counterpoise.schemas import DOCUMENTS, empty

DAY = date(2021, 9, 15)


def register() -> Register:
    return Register(empty(DOCUMENTS), as_of=DAY)


def cite(of: Register, value: float = 12.0, **changes: str):  # type: ignore[no-untyped-def]
    key = {"dataset": "a.b", "corridor": "BY-PL", "period_start": "2021-08-01", **changes}
    return of.cite(
        value,
        what="Attempts",
        result_id="observations-1",
        key=key,
        documents=["d-1"],
        locators=["row 3"],
        known_on=DAY,
    )


def test_the_same_number_keeps_its_number_and_another_gets_the_next() -> None:
    numbers = register()
    assert cite(numbers).n == cite(numbers).n == 1
    assert cite(numbers, period_start="2021-09-01").n == 2
    assert [c.n for c in numbers.numbers] == [1, 2]


def test_a_page_is_one_source_however_often_it_is_named() -> None:
    numbers = register()
    first = numbers.page(title="A page", url="https://example.org/a")
    assert numbers.page(title="The same page", url="https://example.org/a") == first
    assert numbers.page(title="A page", url="https://example.org/b") == SourceRef(2)


def test_a_sentence_keeps_its_order_and_wants_every_value() -> None:
    numbers = register()
    text = say("There were {n} of {what}.", n=cite(numbers), what="them")
    assert plain(text) == "There were 12 [1] of them."
    assert plain(text, marks=False) == "There were 12 of them."
    with pytest.raises(KeyError):
        say("{missing}")


def test_the_trace_has_what_finds_a_number_again() -> None:
    numbers = register()
    cite(numbers)
    entry = trace_block(numbers.numbers)["1"]
    assert entry["value"] == 12.0
    assert entry["key"]["corridor"] == "BY-PL"
    assert entry["documents"] == ["d-1"]
    assert entry["locators"] == ["row 3"]
    assert entry["as_of"] == "2021-09-15"


@pytest.mark.parametrize(
    ("url", "linked"),
    [
        ("https://example.org", True),
        ("HTTP://example.org", True),
        ("javascript:alert(1)", False),
        ("data:text/html,x", False),
        (" https://example.org", False),
        ("", False),
    ],
)
def test_only_addresses_of_the_web_are_linked(url: str, linked: bool) -> None:
    assert is_web_address(url) is linked


@pytest.mark.parametrize(("value", "text"), [(3230.0, "3,230"), (0.0, "0"), (2.5, "2.5"), (311.4, "311")])
def test_counts_are_printed_as_counts(value: float, text: str) -> None:
    assert count_text(value) == text


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        (
            "Counted since 2020. Revised in May 2024. People are meant.",
            "Counted since 2020. People are meant.",
        ),
        ("In force from October 2021.", ""),
        ("In force from September 2021.", "In force from September 2021."),
        ("No year is named.", "No year is named."),
    ],
)
def test_a_replay_does_not_tell_of_later_times(text: str, kept: str) -> None:
    assert without_hindsight(text, DAY) == kept
