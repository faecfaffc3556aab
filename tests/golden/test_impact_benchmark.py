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
        by_predicate=(pl.col("data") == "placebos")
        & (pl.col("group") == "all")
        & (pl.col("method") == "counterpoise"),
        named=True,
    )
    assert found == kept


def test_what_the_table_must_show_is_in_it() -> None:
    table = pl.read_csv(TABLE).filter(pl.col("method") == "counterpoise")
    naive = pl.read_csv(TABLE).row(
        by_predicate=(pl.col("group") == "all") & (pl.col("method") == "naive"), named=True
    )

    def of(data: str, group: str) -> dict[str, float]:
        return table.row(by_predicate=(pl.col("data") == data) & (pl.col("group") == group), named=True)

    for group in ("all", "smallest third", "middle third", "largest third"):
        one = of("placebos", group)
        assert one["lower"] <= 0.95 <= one["upper"], group
    assert of("placebos", "all")["interval_score"] <= 0.85 * naive["interval_score"]
    for phi in ("0", "0.3", "0.6"):
        assert 0.93 <= of("simulated", f"phi {phi}")["coverage"] <= 0.97
    assert of("simulated", "phi 0.8")["coverage"] >= 0.88
    for effect in ("level", "slope", "temporary", "displaced"):
        assert 0.93 <= of("effects", effect)["coverage"] <= 0.97
    null = of("simulated", "phi 0 to 0.6")
    assert null["n"] == 5000
    assert 0.042 <= 1 - null["coverage"] <= 0.058
    assert 0.03 <= 1 - of("peaks", "corrected")["coverage"] <= 0.07
