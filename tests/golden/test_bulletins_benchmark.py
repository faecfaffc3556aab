"""The table of bulletins is what the grammar reads today."""

from pathlib import Path

import polars as pl
from polars.testing import assert_frame_equal

from benchmarks.skill.bulletins import table

TABLE = Path(__file__).resolve().parents[2] / "benchmarks" / "skill" / "bulletins.csv"


def test_precision_and_recall_are_those_of_the_table() -> None:
    assert_frame_equal(table(), pl.read_csv(TABLE))
