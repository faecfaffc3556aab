"""Make ``data/attribution/origins.csv``: annual figures by state of origin, from the collected public figures.

Run it as ``python tools/build_origins.py ../shared``. The same inputs give the same bytes; the card ``origins.yml`` is
written by hand.
"""

import argparse
from pathlib import Path

import polars as pl

from counterpoise.observations.corridors import load_corridors

PACKAGE = Path(__file__).resolve().parent.parent / "src/counterpoise/data"
FIRST, LAST = 2004, 2024
"""The newest year of the source is provisional, so the one before it is the last."""
_NEW = ("N", "V")
"""New applications, and those whose kind is not told; neither repeats nor appeals."""


def origin_years(shared: Path) -> pl.DataFrame:
    """Return one row per origin and year; blank where the source has none."""
    folder = shared / "data" / "unhcr"
    detected = pl.read_csv(PACKAGE / "observations/frontex_ibc.csv", infer_schema_length=0)
    origins = detected["nationality"].unique()
    years = pl.col("year").is_between(FIRST, LAST) & pl.col("origin").is_in(origins.to_list())
    first = pl.read_parquet(folder / "unhcr_asylum_applications.parquet").filter(
        years, pl.col("app_type").is_in(_NEW), pl.col("app_pc") == "P"
    )
    near = sorted({s for c in load_corridors().corridors.values() for s in c.to_states} - {"DEU"})
    applied = first.group_by("origin", "year").agg(pl.col("applied").sum().alias("applications"))
    by_state = (
        first.filter(pl.col("asylum_country").is_in(near))
        .group_by("origin", "year", "asylum_country")
        .agg(pl.col("applied").sum())
        .with_columns(pl.format("in_{}", "asylum_country").alias("asylum_country"))
        .pivot(
            on="asylum_country",
            on_columns=[f"in_{s}" for s in near],
            index=["origin", "year"],
            values="applied",
        )
    )
    decided = (
        pl.read_parquet(folder / "unhcr_asylum_decisions.parquet")
        .filter(years, pl.col("dec_level") == "FI", pl.col("dec_pc") == "P")
        .group_by("origin", "year")
        .agg(
            (pl.col("dec_recognized") + pl.col("dec_other")).sum().alias("protected"),
            (pl.col("dec_recognized") + pl.col("dec_other") + pl.col("dec_rejected")).sum().alias("decided"),
        )
    )
    abroad = (
        pl.read_parquet(folder / "unhcr_population.parquet")
        .filter(years)
        .group_by("origin", "year")
        .agg(pl.sum_horizontal(pl.col("refugees", "asylum_seekers", "oip").sum()).alias("displaced_abroad"))
    )
    joined = applied.join(decided, on=["origin", "year"], how="left")
    joined = joined.join(abroad, on=["origin", "year"], how="left").join(
        by_state, on=["origin", "year"], how="left"
    )
    return joined.with_columns(pl.col(f"in_{s}").fill_null(0) for s in near).sort("origin", "year")


def main() -> None:
    """Write the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("shared", type=Path)
    parser.add_argument("--out", type=Path, default=PACKAGE / "attribution")
    arguments = parser.parse_args()
    origin_years(arguments.shared).write_csv(arguments.out / "origins.csv")


if __name__ == "__main__":
    main()
