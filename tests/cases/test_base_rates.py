"""The case base keeps label status and source with every row, and its rates are what they say."""

import pytest

from counterpoise.cases import base_rates as module
from counterpoise.cases.base_rates import CASE_BASE, LEVEL, base_rates, case_base
from counterpoise.vocabulary import Confidence, LabelStatus

BY = ("decade", "actor_type", "label_status", "means", "outcome")


def test_every_row_has_its_status_its_confidence_and_its_source() -> None:
    rows = case_base()
    assert rows.columns == list(CASE_BASE)
    assert rows["id"].n_unique() == rows.height
    assert set(rows["label_status"]) <= set(LabelStatus)
    assert set(rows["confidence"]) <= set(Confidence)
    assert rows["url"].str.starts_with("http").all()


def test_codes_are_those_of_the_card() -> None:
    card = module._card()
    assert set(" ".join(case_base()["means"]).split()) <= set(card["means"])
    assert set(" ".join(case_base()["objectives"]).split()) <= set(card["objectives"])
    assert set(card["columns"]) >= set(CASE_BASE) - {"began", "ended", "source", "url"}


def test_an_outcome_that_was_judged_says_by_whom() -> None:
    judged = case_base().filter(case_base()["outcome"].is_in(["success", "partial", "failure"]))
    assert (judged["outcome_according_to"] != "").all()


@pytest.mark.parametrize("by", BY)
def test_rates_lie_in_their_intervals_and_cases_are_counted_once(by: str) -> None:
    rates = base_rates(by)  # type: ignore[arg-type]
    for row in rates.rows.iter_rows(named=True):
        assert row["level"] == LEVEL
        assert 0 <= row["lower"] <= row["upper"] <= 1
        if row["share"] is not None:
            assert row["lower"] <= row["share"] <= row["upper"]
        assert row["n_success"] + row["n_partial"] <= row["n_judged"] <= row["n_cases"]
    if by != "means":
        assert rates.rows["n_cases"].sum() == case_base().height - 1, "two phases of one case count once"
    assert "no prior for a surge" in rates.caveat


def test_no_judged_attempt_gives_no_share_and_the_whole_interval() -> None:
    assert module._jeffreys(0, 0) == (0.0, 1.0)
    lower, upper = module._jeffreys(5, 10)
    assert (round(lower, 2), round(upper, 2)) == (0.26, 0.74)
