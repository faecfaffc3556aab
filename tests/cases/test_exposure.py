"""Dyads are listed alphabetically, never scored, with a count of those where the same conditions led to nothing."""

from datetime import date

import polars as pl
import pytest

from counterpoise.cases.base_rates import case_base
from counterpoise.cases.conditions import CONDITIONS, attempts_on
from counterpoise.cases.dyads import NATIONALITIES, Dyad, dyads, exposure_table
from counterpoise.cases.exposure import exposure
from counterpoise.observations.corridors import load_corridors
from counterpoise.observations.nationalities import is_nationality

MAY_2021 = date(2021, 5, 1)


def _dyad(far: str, near: str) -> Dyad:
    return next(d for d in dyads() if (d.far, d.near) == (far, near))


def test_dyads_are_in_the_order_of_the_alphabet_and_have_no_score() -> None:
    rows = exposure(date(2026, 3, 31)).rows
    pairs = list(zip(rows["from_state"], rows["to_state"], strict=True))
    assert pairs == sorted(pairs)
    assert len(pairs) == len(dyads())
    assert not {"score", "rank", "risk"} & set(rows.columns)


def test_dyads_name_corridors_of_the_registry_that_have_both_states() -> None:
    registry = load_corridors().corridors
    for dyad in dyads():
        corridor = registry[dyad.corridor]
        assert dyad.far in corridor.from_states, dyad
        assert dyad.near in corridor.to_states, dyad


@pytest.mark.parametrize(
    ("condition", "far", "near", "day", "present"),
    [
        ("sanctions_in_force", "BLR", "POL", date(2001, 1, 1), None),
        ("sanctions_in_force", "BLR", "POL", MAY_2021, True),
        ("sanctions_in_force", "SYR", "CYP", date(2026, 1, 1), False),
        ("readmission_agreement", "BLR", "LTU", MAY_2021, True),
        ("readmission_agreement", "BLR", "LTU", date(2021, 7, 1), False),
        ("funded_deal", "LBY", "ITA", date(2010, 1, 1), True),
        ("funded_deal", "LBY", "ITA", date(2012, 1, 1), False),
        ("funded_deal", "LBY", "MLT", MAY_2021, None),  # Italy's memorandum is no deal of Malta
        ("easy_entry", "BLR", "POL", date(2019, 1, 1), None),  # before the first reading
        ("easy_entry", "BLR", "POL", MAY_2021, False),  # law, not practice
        ("easy_entry", "TUN", "ITA", MAY_2021, True),
        ("air_links", "BLR", "POL", date(2013, 1, 1), None),
        ("air_links", "BLR", "POL", MAY_2021, True),
        ("air_links", "TUR", "GRC", MAY_2021, None),  # the source has no routes of Türkiye
        ("adjacent", "LBY", "ITA", MAY_2021, False),
        ("named_before", "BLR", "POL", date(2001, 1, 1), False),
        ("named_before", "BLR", "POL", MAY_2021, True),  # the threats of 2002 and 2004
    ],
)
def test_conditions_are_those_known_on_the_day(
    condition: str, far: str, near: str, day: date, present: bool | None
) -> None:
    found = CONDITIONS[condition](_dyad(far, near), day)
    assert found.present is present
    assert bool(found.because) or present is not True


def test_an_attempt_on_the_union_counts_for_each_member_and_one_on_named_states_for_these() -> None:
    assert "libya-2006" in attempts_on(_dyad("LBY", "MLT"), MAY_2021)
    assert "belarus-eu-2021" in attempts_on(_dyad("BLR", "LVA"), date(2022, 1, 1))
    assert attempts_on(_dyad("RUS", "NOR"), date(2016, 1, 1)) == ("russia-nordic-2015",)
    assert attempts_on(_dyad("RUS", "EST"), date(2016, 1, 1)) == ()


def test_the_same_conditions_without_an_attempt_are_counted() -> None:
    rows = exposure(MAY_2021).rows
    assert (rows["n_same_without_attempt"] <= rows["n_same_conditions"]).all()
    for row in rows.iter_rows(named=True):
        present = [name for name in CONDITIONS if row[name]]
        same = rows.filter(pl.all_horizontal(pl.col(present))) if present else rows
        assert row["n_same_conditions"] == same.height >= 1
    finland = rows.filter(from_state="Russia", to_state="Finland").row(0, named=True)
    assert (finland["n_same_conditions"], finland["n_same_without_attempt"]) == (9, 4)


def test_what_is_unknown_has_no_basis_and_what_is_known_has_one() -> None:
    found = exposure(MAY_2021)
    known = sum(found.rows[name].is_not_null().sum() for name in CONDITIONS)
    assert found.basis.height == known
    assert "not absent" in found.caveat


def test_tables_have_codes_days_and_pages() -> None:
    assert list(NATIONALITIES) == sorted(NATIONALITIES)
    for name in ("sanctions", "deals"):
        table = exposure_table(name)
        assert all(is_nationality(code) for code in table["state"])
        assert table["url"].str.starts_with("https://").all()
        assert table.filter(pl.col("ended") < pl.col("began")).is_empty()
        assert (table["checked_on"] >= date(2026, 1, 1)).all()
    codes = " ".join([*case_base()["named_codes"], *case_base()["target_codes"]]).split()
    assert all(is_nationality(code) or code == "EU" for code in codes)
    rules = exposure_table("visa_rules")
    counted = rules.select(pl.sum_horizontal("n_without_visa_before", "n_e_visa", "n_visa", "n_closed"))
    assert (counted.to_series() <= rules["n_nationalities"]).all()
