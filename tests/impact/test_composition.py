"""Composition: shares of a corridor by how often decisions gave protection, and never a nationality."""

import json
from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest

from counterpoise.cases import load_case
from counterpoise.impact import evaluate
from counterpoise.impact.composition import BANDS, composition_of
from counterpoise.impact.estimate import Window
from counterpoise.impact.identifiability import group_responses
from counterpoise.impact.outcomes import Series
from counterpoise.observations.archive import Archive
from counterpoise.observations.bundled import read_bundled
from counterpoise.observations.origins import OriginFigures
from counterpoise.observations.panel import Panel

N = 60
STARTS = tuple(date(2016 + m // 12, m % 12 + 1, 1) for m in range(N))
NAMES = ("AAA", "BBB", "CCC", "UNK")


def origins(decided: float = 1000.0) -> OriginFigures:
    ones = np.full((3, 5), np.nan)
    return OriginFigures(
        origins=NAMES[:3],
        years=(2015, 2016, 2017, 2018, 2019),
        applications=ones,
        protected=np.array([[0.1], [0.3], [0.8]]) * decided * np.ones((1, 5)),
        decided=np.full((3, 5), decided),
        displaced=ones,
    )


def made(after: tuple[float, ...], figures: OriginFigures, **asked: object) -> dict[str, object]:
    """Thirty a month of each of three, and what follows 48 months."""
    values = np.array([[30.0] * 48 + [one] * 12 for one in (*after, 0.0)])
    ends = tuple(start + timedelta(days=27) for start in STARTS)
    series = Series(
        dataset="d", corridor="X-Y", nationality="TOTAL", outcome="detections", starts=STARTS, ends=ends,
        values=values.sum(axis=0),
    )  # fmt: skip
    panel = Panel(
        dataset="d",
        measure="detections",
        frequency="M",
        series=pl.DataFrame({"corridor": ["X-Y"] * 4, "nationality": NAMES}),
        periods=pl.DataFrame({"period_start": STARTS, "period_end": ends}),
        values=values,
        known_on=np.zeros_like(values),
        flags=np.full(values.shape, "", dtype=object),
    )
    group = group_responses(load_case("belarus-eu-2021").responses)[0]
    window = Window(begin=0, first=48, stop=60)
    options = {"left_out": (), "rule_changed": False, **asked}
    return composition_of(group, series, window, panel=panel, origins=figures, **options)  # type: ignore[arg-type]


def test_shares_of_each_band_add_up_and_are_those_of_the_counts() -> None:
    row = made((30.0, 30.0, 10.0), origins())
    # of an origin without decisions nobody is counted after
    before, after = ([band[f"share_{when}"] for band in row["bands"]] for when in ("before", "after"))  # type: ignore[attr-defined]
    assert [band["protection_given"] for band in row["bands"]] == list(BANDS)  # type: ignore[attr-defined]
    assert before == [0.25, 0.25, 0.25, 0.25]
    assert after == pytest.approx([30 / 70, 30 / 70, 10 / 70, 0], abs=1e-3)
    assert row["rates_of_year"] == 2019
    assert row["usual_change"] == [0.0, 0.0]
    assert "0.33 times as many from origins with half and more protected" in str(row["text"])
    assert "within what is usual" not in str(row["text"])


def test_a_change_of_counting_is_said() -> None:
    assert "count different people" in str(made((30.0, 30.0, 10.0), origins(), rule_changed=True)["text"])


@pytest.mark.parametrize(
    ("after", "figures", "reason"),
    [
        ((2.0, 2.0, 2.0), origins(), "fewer than 100 counted"),
        ((30.0, 30.0, 30.0), origins(decided=50.0), "without a known share"),
        ((30.0, 30.0, 30.0), replace(origins(), years=(2031, 2032, 2033, 2034, 2035)), "no decisions"),
    ],
)
def test_where_it_would_be_chance_the_reason_stands_instead(
    after: tuple[float, ...], figures: OriginFigures, reason: str
) -> None:
    row = made(after, figures)
    assert reason in str(row["reason"])
    assert row["bands"] == []


def test_a_nationality_the_case_leaves_out_is_left_out() -> None:
    row = made((30.0, 30.0, 10.0), origins(), left_out=("CCC", "UNK"))
    assert row["bands"][2]["share_before"] == 0.0  # type: ignore[index]


def test_the_answer_names_no_nationality_and_says_that_it_says_nothing_of_persons() -> None:
    archive, case = Archive.from_batch(read_bundled()), load_case("belarus-eu-2021")
    answer = evaluate(archive, case=case, response="r30", outcomes=("detections",)).to_dict()
    (row,) = answer["composition"]
    assert answer["says_nothing_about_persons"] is True
    assert row["bands"][2]["share_after"] > row["bands"][2]["share_before"]
    text = json.dumps(row)
    assert not [code for code in case.nationalities if code in text]
    # in a replay the decisions of a year count from June of the next
    early = evaluate(archive, case=case, response="r01", outcomes=("detections",), as_of=date(2022, 5, 1))
    assert {row["rates_of_year"] for row in early.to_dict()["composition"]} == {2020}
