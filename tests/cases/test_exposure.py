"""Borders are listed alphabetically, never scored, with a count of those where the same conditions led to nothing."""

from datetime import date

import polars as pl

from counterpoise.cases.exposure import NOT_AT_HAND, exposure


def test_borders_are_in_the_order_of_the_alphabet_and_have_no_score() -> None:
    rows = exposure(date(2026, 3, 31)).rows
    assert rows["corridor"].to_list() == sorted(rows["corridor"].to_list())
    assert not {"score", "rank", "risk"} & set(rows.columns)


def test_conditions_are_those_known_on_the_day() -> None:
    before, after = (
        exposure(day).rows.filter(corridor="BY-PL").row(0, named=True)
        for day in (date(2019, 1, 1), date(2021, 7, 1))
    )
    assert (before["sanctions_in_force"], after["sanctions_in_force"]) == (None, True)
    assert exposure(date(2001, 1, 1)).rows.filter(corridor="BY-PL")["named_before"].item() is False
    assert after["named_before"] is True, "the threats of 2002 and 2004 are catalogued"


def test_the_same_conditions_without_an_attempt_are_counted() -> None:
    rows = exposure(date(2026, 3, 31)).rows
    assert (rows["n_same_without_attempt"] <= rows["n_same_conditions"]).all()
    assert rows["n_same_without_attempt"].max() > 0  # type: ignore[operator]
    grouped = rows.group_by("named_before", "sanctions_in_force").agg(
        pl.len(), pl.col("n_same_conditions").first()
    )
    assert (grouped["len"] == grouped["n_same_conditions"]).all()


def test_what_is_not_at_hand_is_said() -> None:
    assert all(name in exposure(date(2026, 3, 31)).caveat for name in NOT_AT_HAND)
