"""The table of placebos is what the estimator gives today."""

from pathlib import Path

import numpy as np
import polars as pl

from benchmarks.skill.impact import ours, placebos, row

TABLE = Path(__file__).resolve().parents[2] / "benchmarks" / "skill" / "impact.csv"


def test_coverage_and_score_on_real_placebos_are_those_of_the_table() -> None:
    drawn, series, _ = placebos()
    found = row("placebos", "all", "counterpoise", np.array([ours(*one) for one in drawn]), series)
    kept = pl.read_csv(TABLE).row(
        by_predicate=(pl.col("group") == "all") & (pl.col("method") == "counterpoise"), named=True
    )
    assert found == kept
