"""Claims: how they are read, and that a verdict follows from figures and intervals only."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterpoise.cases import load_case
from counterpoise.errors import InputError
from counterpoise.impact import check
from counterpoise.impact.check import ClaimCheck, check_claim
from counterpoise.impact.claims import parse_claim, read_as
from counterpoise.impact.evaluate import evaluate
from counterpoise.impact.results import Evaluation
from counterpoise.observations.archive import Archive
from counterpoise.observations.bundled import read_bundled


@pytest.fixture(scope="module")
def archive() -> Archive:
    return Archive.from_batch(read_bundled())


@pytest.fixture(scope="module")
def evaluation(archive: Archive) -> Evaluation:
    return evaluate(archive, case=load_case("belarus-eu-2021"))


@pytest.fixture(autouse=True)
def _evaluated_once(evaluation: Evaluation, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every claim is set against the same result, which takes seconds to make."""
    monkeypatch.setattr(check, "evaluate", lambda *_, **__: evaluation)


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


def test_a_change_that_was_another_is_contradicted_whatever_its_cause(archive: Archive) -> None:
    answer = checked(archive, "crossings fell by 99 % from December 2021 to June 2022 because of the fence")
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


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        ("The Polish wall reduced illegal crossings by 90 percent since 2022", "fence"),
        ("Poland's fence at the Belarus border cut crossings by 90% between 2021 and 2023", "fence"),
        ("The closure led to a fall in crossings by 90 % in 2022", "border_closure"),
        ("Sanctions brought down arrivals in 2022", "sanctions"),
        ("Because of the fence, crossings fell 90 % in 2022", "fence"),
        ("Crossings were cut by 90 % by the fence in 2022", "fence"),
        ("With the sanctions crossings at the border with Belarus fell in 2022", "sanctions"),
        ("Belarus increased crossings in 2021", ""),
        ("the new law halved the flow in 2022", ""),
        ("deaths rose after the pushbacks in 2021", "turn_back_law"),
        ("In 2022 crossings halved", None),
        ("Crossings at the border with Belarus fell in 2022", None),
        ("Pushbacks rose in 2022", None),
        ("Crossings fell after July 2021", None),
    ],
)
def test_what_acts_or_comes_before_is_read_as_the_cause(text: str, cause: str | None) -> None:
    assert parse_claim(text).cause == cause


@pytest.mark.parametrize(
    ("said", "factor"),
    [
        ("rose tenfold", 10),
        ("fell tenfold", 0.1),
        ("rose 5-fold", 5),
        ("rose five times", 5),
        ("rose by a factor of 2.5", 2.5),
        ("trebled", 3),
        ("fell by half", 0.5),
        ("fell by a third", 2 / 3),
        ("fell by two thirds", 1 / 3),
        ("rose by a quarter", 1.25),
        ("fell to a third", 1 / 3),
        ("fell to 10 %", 0.1),
    ],
)
def test_how_far(said: str, factor: float) -> None:
    claim = parse_claim(f"Crossings {said} in 2022")
    assert claim.factor == pytest.approx(factor)
    assert claim.not_read == ()


@pytest.mark.parametrize(
    ("text", "nationality", "outcome"),
    [
        ("the number of Iraqis fell in 2022", "IRQ", "detections"),
        ("Asylum applications by Syrian nationals doubled in 2023", "SYR", "asylum_applications"),
        ("crossings of people from Viet Nam rose in 2021", "VNM", "detections"),
        ("crossings by Belarusians rose in 2021", "BLR", "detections"),
        ("crossings at the Belarusian border rose in 2021", None, "detections"),
        ("deaths rose after the pushbacks in 2021", None, "deaths_missing"),
        ("the number of people stopped rose in 2024", None, "prevented"),
    ],
)
def test_who_and_what_is_counted(text: str, nationality: str | None, outcome: str) -> None:
    claim = parse_claim(text)
    assert (claim.nationality, claim.outcome, claim.not_read) == (nationality, outcome, ())


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("Crossings did not fall in 2022", "not"),
        ("Crossings in Poland and Latvia fell in 2022", "Latvia"),
        ("Crossings in Greece fell in 2022", "Greece"),
        ("Crossings fell from 8,000 to 1,200 in 2022", "8,000"),
        ("Crossings of children rose in 2021", "children"),
    ],
)
def test_words_not_understood_are_said_and_nothing_is_judged(archive: Archive, text: str, word: str) -> None:
    claim = parse_claim(text)
    assert word in claim.not_read
    assert repr(word) in read_as(claim)
    answer = checked(archive, text)
    assert answer.verdict == "not_knowable"
    assert word in answer.reasons[-1]


def test_the_earlier_time_comes_first_however_it_is_said() -> None:
    claim = parse_claim("There were 50 % fewer crossings in 2022 than in 2021")
    assert claim.months == (date(2021, 1, 1), date(2022, 1, 1))
    assert claim.not_read == ()


def test_what_was_read_is_one_line() -> None:
    claim = parse_claim("The Polish fence cut crossings by more than 90 % between 2021 and 2023")
    assert read_as(claim) == (
        "Read as: detections, border Poland, period 2021 to 2023, change fell to at most 0.1 of what it was, "
        "cause 'Polish fence'"
    )


@pytest.mark.parametrize(
    "text",
    [
        "Poland's fence at the Belarus border cut crossings by 90% between 2021 and 2023",
        "the fence cut crossings by 90 %",
        "crossings fell in 2022 after the fence",
    ],
)
def test_a_fence_that_acts_is_not_supported_by_counts(archive: Archive, text: str) -> None:
    answer = checked(archive, text)
    assert answer.verdict == "not_knowable"
    assert any("never show a cause" in reason for reason in answer.reasons)


def test_an_effect_that_failed_a_check_is_named_and_not_relied_on(archive: Archive) -> None:
    fence = "{} fence cut crossings by 90 % between 2021 and 2023"
    lithuanian = checked(archive, fence.format("The Lithuanian"))
    assert any("failed its check 'peak start'" in reason for reason in lithuanian.reasons)
    assert "135" not in lithuanian.true_sentence
    assert "failed its check 'peak start'" in lithuanian.true_sentence
    polish = checked(archive, fence.format("The Polish")).true_sentence
    assert "times what the months before would lead one to expect, with whatever else began" in polish
    assert "mean over 7 nationalities" in polish  # the estimate on the total failed its placebo outcome


def test_a_provisional_month_is_not_compared(archive: Archive) -> None:
    answer = checked(archive, "Crossings rose in April 2025")
    assert answer.verdict == "not_knowable"
    assert "2,418 in April 2025 (81% of those counted have no stated nationality yet)" in answer.true_sentence
    assert "provisional" in answer.true_sentence
    assert answer.sources


def test_a_year_that_has_not_ended_is_compared_by_its_first_months(archive: Archive) -> None:
    answer = checked(archive, "Crossings rose in 2025 because of Belarus")
    assert answer.verdict == "not_knowable"
    assert "January to March 2025" in answer.true_sentence
    assert "No figures" not in answer.true_sentence
    assert "2,418" not in answer.true_sentence


def test_without_a_time_a_year_is_asked_for(archive: Archive) -> None:
    answer = checked(archive, "Illegal crossings fell tenfold")
    assert answer.verdict == "not_knowable"
    assert "name a year" in answer.reasons[0]
    assert "are published for" in answer.true_sentence


def test_one_nationality_is_judged_on_its_own_series(archive: Archive) -> None:
    answer = checked(archive, "the number of Iraqis fell in 2022")
    assert answer.verdict == "supported"
    assert answer.true_sentence.startswith("Detections of people from Iraq")
    nobody = checked(archive, "asylum applications by Iraqis fell in 2022")
    assert nobody.verdict == "not_knowable"
    assert nobody.true_sentence.startswith("No monthly figures of asylum applications of people from Iraq")


def test_a_route_wider_than_the_border_meant_is_said_to_be(archive: Archive) -> None:
    assert checked(archive, "Crossings rose tenfold in July 2021").verdict == "contradicted"
    answer = checked(archive, "Crossings rose tenfold at the Belarus border in July 2021")
    assert answer.verdict == "not_knowable"
    finnish = checked(
        archive, "Crossings to Finland rose in 2023"
    )  # there they did, on the route they did not
    assert finnish.verdict == "not_knowable"
    assert any("spans Norway to Romania, wider than the border with Belarus" in r for r in answer.reasons)
    assert "spans Norway to Romania" in answer.true_sentence


def test_disputed_figures_are_marked_and_carry_no_size(archive: Archive) -> None:
    answer = checked(archive, "Attempts at the Polish border doubled from September 2021 to October 2021")
    assert answer.verdict == "not_knowable"
    assert "17,447 (disputed" in answer.true_sentence


def test_a_factor_outside_the_interval_of_the_one_response_meant_is_contradicted(
    archive: Archive, evaluation: Evaluation, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = "Crossings fell tenfold from July 2023 to February 2024 because of the troops"
    assert checked(archive, said).verdict == "not_knowable"  # two responses can be meant
    one = tuple(row for row in evaluation.rights if row["title"] == "Soldiers at the border")
    monkeypatch.setattr(check, "evaluate", lambda *_, **__: replace(evaluation, rights=one))
    assert checked(archive, said).verdict == "contradicted"
