"""The forest plot shows the ledger as it is."""

from datetime import date
from functools import cache

import polars as pl

from counterpoise.attribution import Attribution, attribute
from counterpoise.cases import load_case
from counterpoise.charts.attribution import chart_forest, forest_rows
from counterpoise.charts.theme import NARROW, WIDE
from counterpoise.observations.archive import Archive
from counterpoise.observations.bundled import read_bundled


@cache
def result() -> Attribution:
    archive = Archive.from_batch(read_bundled())
    return attribute(archive, case=load_case("belarus-eu-2021"), as_of=date(2021, 10, 1))


def test_every_item_that_speaks_has_a_bar_for_every_answer_but_the_plain_one() -> None:
    rows = forest_rows(result())
    for question, odds in result().odds.items():
        speaking = [i for i in result().ledger if i.question == question and i.speaks]
        assert rows.filter(question=question).height == (len(odds.answers) - 1) * (len(speaking) + 1)
    together = rows.filter(question="record", item="all together").row(0, named=True)
    assert together["lower"] == result().odds["record"].lower[1, 0]


def test_bars_are_drawn_from_these_rows_in_every_layout() -> None:
    for layout in (WIDE, NARROW):
        drawn = chart_forest(result(), layout=layout).to_dict(validate=False)
        bars = [row for rows in drawn["datasets"].values() for row in rows if "lower" in row]
        assert pl.DataFrame(bars).unique().height == forest_rows(result()).unique().height
    assert "no coded fact" not in drawn["description"]
    assert "cannot be told apart" in drawn["description"]
