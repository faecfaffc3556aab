"""Claims: how they are read, and that a verdict follows from figures and intervals only."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterpoise.cases import load_case
from counterpoise.errors import InputError
from counterpoise.impact.check import ClaimCheck, check_claim
from counterpoise.impact.claims import parse_claim
from counterpoise.observations.archive import Archive
from counterpoise.observations.bundled import read_bundled


@pytest.fixture(scope="module")
def archive() -> Archive:
    return Archive.from_batch(read_bundled())


def checked(archive: Archive, text: str) -> ClaimCheck:
    return check_claim(archive, text, case=load_case("belarus-eu-2021"))


def test_a_sentence_is_taken_apart() -> None:
    claim = parse_claim(
        "Attempts at the Polish border fell by 90 % from October to December 2021 thanks to the fence"
    )
    assert (claim.factor, claim.direction, claim.outcome) == (pytest.approx(0.1), "fell", "attempts")
    assert (claim.state, claim.cause) == ("POL", "fence")
    assert claim.months == (date(2021, 10, 1), date(2021, 12, 1))
    assert not claim.whole_years


@pytest.mark.parametrize(
    ("text", "factor", "direction", "outcome", "cause"),
    [
        ("crossings doubled in 2024", 2.0, "rose", "detections", None),
        (
            "asylum applications halved because of the closure",
            0.5,
            "fell",
            "asylum_applications",
            "border_closure",
        ),
        ("deaths rose by 12.5 per cent", 1.125, "rose", "deaths_missing", None),
        ("the flow dropped due to the weather", None, "fell", "detections", ""),
        ("fewer people were turned back because of the troops", None, "fell", "prevented", "troops"),
    ],
)
def test_words_of_claims(
    text: str, factor: float | None, direction: str, outcome: str, cause: str | None
) -> None:
    claim = parse_claim(text)
    assert claim.factor == (None if factor is None else pytest.approx(factor))
    assert (claim.direction, claim.outcome, claim.cause) == (direction, outcome, cause)


@given(percent=st.integers(1, 100))
def test_a_fall_by_any_per_cent_leaves_the_rest(percent: int) -> None:
    assert parse_claim(f"crossings fell {percent} %").factor == pytest.approx(1 - percent / 100)


def test_what_says_nothing_of_a_count_is_refused() -> None:
    with pytest.raises(InputError, match="fell or rose"):
        parse_claim("the moon is made of cheese")


def test_the_fence_claim_cannot_be_known(archive: Archive) -> None:
    answer = checked(archive, "crossings fell 90 % because of the fence")
    assert answer.verdict == "not_knowable"
    assert any("Steel barrier" in reason for reason in answer.reasons)
    assert answer.true_sentence.endswith(".")
    assert answer.sources
    assert all(source["title"] for source in answer.sources)


def test_a_rise_that_was_counted_is_supported_and_the_opposite_contradicted(archive: Archive) -> None:
    said = "Attempts at the Polish border {} from September 2021 to October 2021"
    assert checked(archive, said.format("rose")).verdict == "supported"
    assert checked(archive, said.format("fell")).verdict == "contradicted"
    assert "17,447" in checked(archive, said.format("fell")).true_sentence


def test_the_fall_of_august_2021_is_not_supported_because_other_counts_rose(archive: Archive) -> None:
    answer = checked(archive, "Detections fell from August 2021 to September 2021")
    assert answer.verdict == "not_knowable"
    assert any("people found further inland" in reason and "other way" in reason for reason in answer.reasons)


def test_a_cause_is_never_supported_by_counts_alone(archive: Archive) -> None:
    answer = checked(
        archive,
        "attempts at the Polish border fell by 90 % from October 2021 to December 2021 due to the flights",
    )
    assert answer.verdict == "not_knowable"


def test_a_factor_outside_the_interval_of_the_one_response_meant_is_contradicted(archive: Archive) -> None:
    answer = checked(
        archive, "crossings in Poland fell by 99 % from December 2021 to June 2022 because of the fence"
    )
    assert answer.verdict == "contradicted"
    assert set(answer.to_dict()) >= {
        "stage",
        "version",
        "result_id",
        "claim",
        "verdict",
        "true_sentence",
        "sources",
    }
