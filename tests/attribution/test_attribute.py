"""``attribute`` on the bundled figures: what counts may say, what facts may say, and when."""

from datetime import date, timedelta
from functools import cache
from typing import Any

import numpy as np
import pytest

from counterpoise.attribution import Attribution, attribute
from counterpoise.cases import Case, load_case
from counterpoise.errors import AnalysisError, InputError
from counterpoise.observations.archive import Archive
from counterpoise.observations.bundled import read_bundled
from counterpoise.vocabulary import ANSWERS

DAY = date(2021, 10, 1)


@cache
def archive() -> Archive:
    return Archive.from_batch(read_bundled())


@cache
def with_facts() -> Attribution:
    return attribute(archive(), case=load_case("belarus-eu-2021"), as_of=DAY)


@cache
def counts_alone() -> Attribution:
    return attribute(
        archive(), corridor="eastern-borders", nationality="TOTAL-UKR", month=date(2021, 7, 1), as_of=DAY
    )


def changed(**changes: Any) -> Case:
    return load_case("belarus-eu-2021").model_copy(update=changes)


def test_counts_alone_never_move_the_aim_nor_whose_hand_it_was() -> None:
    odds = counts_alone().odds
    assert not odds["aim"].lower.any()
    assert not odds["aim"].upper.any()
    assert not odds["opening"].lower[1:, 1:].any()
    assert not odds["opening"].upper[1:, 1:].any()
    assert odds["opening"].lower[0, 1] != 0
    assert "counts cannot show an aim" in str(counts_alone().abstained["aim"])


def test_coded_facts_move_the_aim_and_leave_driver_and_record_as_they_were() -> None:
    facts, counts = with_facts().odds, counts_alone().odds
    assert facts["aim"].upper[2, 0] > 0
    for question in ("driver", "record"):
        np.testing.assert_array_equal(facts[question].lower, counts[question].lower)


def test_the_case_is_read_without_ukrainians_in_the_month_of_largest_growth() -> None:
    subject = with_facts().subject
    assert (subject.nationality, subject.month) == ("TOTAL-UKR", date(2021, 7, 1))
    assert subject.chosen_by.startswith("rule")


def test_what_was_not_yet_known_is_listed_and_counts_for_nothing() -> None:
    later = [row for row in with_facts().later if row["reason"].startswith("not yet known")]
    assert any("600 landings" in row["statement"] for row in later)
    events = [e for e in load_case("belarus-eu-2021").events if e.first_known_on <= DAY]
    replayed = attribute(archive(), case=changed(events=tuple(events)), as_of=DAY)
    for question in ANSWERS:
        np.testing.assert_array_equal(replayed.odds[question].lower, with_facts().odds[question].lower)


def test_the_answer_has_the_keys_of_the_contract() -> None:
    answer = with_facts().to_dict()
    assert set(answer["questions"]) == set(ANSWERS)
    for question, answers in answer["questions"].items():
        assert [a["name"] for a in answers] == list(ANSWERS[question])
        for a in answers:
            assert a["log_lr_lower"] <= a["log_lr_upper"]
            assert list(a["posteriors"]) == ["even", "ordinary", "alert"]
            assert all(0 <= low <= high <= 1 for low, high in a["posteriors"].values())
    assert {"question", "a", "b", "lower", "upper"} <= set(answer["odds"][0])
    for row in answer["ledger"]:
        assert {"indicator", "statement", "question", "log_lr", "reliability", "group", "known_on"} <= set(
            row
        )
        assert list(row["log_lr"]) == list(ANSWERS[row["question"]])
        assert row["known_on"] is None or date.fromisoformat(row["known_on"]) <= DAY
    assert answer["says_nothing_about_persons"] is True
    assert "need for protection" in answer["text"]
    assert set(answer["abstained"]) == set(ANSWERS)
    assert answer["not_visible_in"] == [] or answer["not_visible_in"]


def test_the_same_question_gives_the_same_bytes() -> None:
    again = attribute(archive(), case=load_case("belarus-eu-2021"), as_of=DAY)
    assert again.to_dict() == with_facts().to_dict()


def test_a_prior_of_ones_own_is_shown_beside_the_three() -> None:
    prior = {q: dict.fromkeys(names, 1 / len(names)) for q, names in ANSWERS.items()}
    mine = attribute(archive(), case=load_case("belarus-eu-2021"), as_of=DAY, prior=prior)
    assert list(mine.posteriors["aim"]) == ["even", "ordinary", "alert", "yours"]
    assert mine.result_id != with_facts().result_id


def test_months_that_are_no_rise_are_not_attributed() -> None:
    result = attribute(archive(), corridor="eastern-borders", month=date(2019, 2, 1), as_of=DAY)
    assert all(str(why).startswith("no rise") for why in result.abstained.values())
    assert result.checks[0].status == "failed"


def test_an_analyst_item_counts_with_its_reason_and_its_cap() -> None:
    item = {
        "id": "visa-lists",
        "question": "opening",
        "statement": "Lists of visas were found.",
        "predicted": {"none": "very_unlikely", "state_active": "very_likely"},
        "reason": "Without an opening nobody keeps such lists.",
        "date": DAY - timedelta(days=90),
        "known_on": DAY - timedelta(days=30),
        "sources": ("belsat-backlash-attempt",),
        "confidence": "high",
    }
    case = Case.model_validate(
        {**load_case("belarus-eu-2021").model_dump(by_alias=True), "evidence": (item,)}
    )
    result = attribute(archive(), case=case, as_of=DAY)
    (row,) = [i for i in result.ledger if i.nature == "analyst"]
    assert "Added by an analyst: Without an opening" in row.statement
    assert result.odds["opening"].upper[3, 0] > with_facts().odds["opening"].upper[3, 0]
    early = attribute(archive(), case=case, as_of=DAY - timedelta(days=31))
    assert not [i for i in early.ledger if i.nature == "analyst"]
    assert any(row["statement"] == "Lists of visas were found." for row in early.later)


@pytest.mark.parametrize(
    ("asked", "error"),
    [
        ({}, InputError),
        ({"corridor": "eastern-borders"}, InputError),
        ({"corridor": "no-such", "month": date(2021, 7, 1)}, InputError),
        ({"corridor": "eastern-borders", "month": date(2031, 7, 1)}, AnalysisError),
        ({"corridor": "eastern-borders", "month": date(2010, 1, 1)}, AnalysisError),
        ({"corridor": "eastern-borders", "month": date(2021, 7, 1), "nationality": "FJI"}, AnalysisError),
        ({"corridor": "DE-inland", "month": date(2021, 7, 1)}, AnalysisError),
    ],
)
def test_what_cannot_be_attributed_is_one_sentence(asked: dict[str, Any], error: type[Exception]) -> None:
    with pytest.raises(error):
        attribute(archive(), as_of=DAY, **asked)


def test_annual_figures_are_unavailable_until_they_are_out_and_then_speak_to_the_driver_alone() -> None:
    def read(day: date) -> dict[str, Any]:
        result = attribute(
            archive(), corridor="eastern-borders", nationality="UKR", month=date(2022, 4, 1), as_of=day
        )
        return {i.indicator: i for i in result.ledger if i.group in {"origin", "origin_push"}}

    before, after = read(date(2023, 6, 29)), read(date(2023, 6, 30))
    assert list(before) == ["origin_push"]
    assert "2023-06-30" in before["origin_push"].statement
    assert not before["origin_push"].speaks
    assert set(after) == {"applications_elsewhere", "displacement", "recognition"}
    assert {item.question for item in after.values()} == {"driver"}
    assert all(item.known_on == date(2023, 6, 30) for item in after.values())
    assert after["displacement"].figures["tail_probability"] < 0.01, "the war shows in who is displaced"


def test_daily_figures_around_acts_are_read_where_enough_days_are_published() -> None:
    def read(month: date) -> Any:
        result = attribute(archive(), case=load_case("belarus-eu-2021"), month=month, as_of=date(2022, 3, 1))
        return next(i for i in result.ledger if i.indicator == "daily_response")

    early, later = read(date(2021, 7, 1)), read(date(2021, 11, 1))
    assert early.nature == "unavailable"
    assert later.nature == "coincidence"
    assert later.figures["n_acts"] >= 2
    for item in (early, later):
        same_for_any_hand = item.upper[1:, 0]
        assert (same_for_any_hand == same_for_any_hand[0]).all()
