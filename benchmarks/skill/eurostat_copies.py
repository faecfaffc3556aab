"""What the cards of Eurostat's datasets say of their figures, held against copies of published figures.

    python benchmarks/skill/eurostat_copies.py

The copies in ``../shared`` are tables that others made from Eurostat's, not its own documents: they check what a figure
looks like (rounding, largest figure, revisions), not how a document is laid out. Groups of states are left out, as our
reader does. Writes ``eurostat_copies.csv``.
"""

from pathlib import Path

import polars as pl

from counterpoise.sources.cards import load_cards

HERE = Path(__file__).resolve().parent
FOLDER = HERE.parents[2] / "shared" / "data" / "eurostat"
GROUPS = ("EU27", "EU28", "EXT_EU28", "TOTAL")


def read(name: str) -> pl.DataFrame:
    """Return a copy with columns ``geo, citizen, n``."""
    path = FOLDER / name
    table = pl.read_parquet(path) if path.suffix == ".parquet" else pl.read_csv(path, try_parse_dates=True)
    return table.rename({"applicants": "n", "first_time_applicants": "n"}, strict=False).filter(
        ~pl.col("geo").is_in(GROUPS)
    )


def row(dataset: str, name: str, table: pl.DataFrame) -> dict[str, object]:
    """Return how a copy compares with the card of a dataset."""
    low, high = load_cards()[dataset].expected_range
    figures = table.drop_nulls("n")["n"]
    return {
        "dataset": dataset,
        "copy": name,
        "figures": len(figures),
        "multiples_of_5": int((figures % 5 == 0).sum()),
        "largest": int(figures.max() or 0),  # type: ignore[arg-type]
        "outside_the_range": int((~figures.is_between(low, high)).sum()),
    }


def revisions(table: pl.DataFrame) -> dict[str, object]:
    """Return how far figures of January to June 2015 changed from September 2015 to January 2016."""
    key = ["month", "geo", "citizen"]
    whole = table.filter(~pl.col("citizen").is_in(["TOTAL", "EXT_EU28"]))
    first, last = (
        whole.filter(pl.col("vintage").cast(pl.String) == day) for day in ("2015-09-24", "2016-01-19")
    )
    both = first.join(last, on=key, suffix="_later")
    changed = both.filter(pl.col("n") != pl.col("n_later"))
    totals = both.group_by("month", "geo").agg(pl.col("n", "n_later").sum()).filter(pl.col("n") > 100)
    off = (totals["n_later"] / totals["n"] - 1).abs()
    return {
        "figures_in_both": both.height,
        "revised": changed.height,
        "state_months_over_100": totals.height,
        "median_change_of_a_state_month": round(float(off.median() or 0), 4),  # type: ignore[arg-type]
        "largest_change_of_a_state_month": round(float(off.max() or 0), 3),  # type: ignore[arg-type]
    }


def main() -> None:
    """Compare, and write the table."""
    monthly = "asylum_applicants_monthly_2015_by_citizen_geo.csv.gz"
    totals = "asylum_applicants_monthly_total_by_geo_2008_2015.csv.gz"
    refused = "migr_eirfs_refused_entry_2012_2016.parquet"
    decisions = "first_instance_decisions_2014_by_citizen_geo.csv.gz"
    rows = [
        row("eurostat.migr_asyappctzm", monthly, read(monthly)),
        row("eurostat.migr_asyappctzm", totals, read(totals)),
        row("eurostat.migr_eirfs", refused, read(refused)),
        row("eurostat.migr_asydcfstq", f"{decisions} (years)", read(decisions)),
    ]
    rows[0] |= revisions(read(monthly))
    table = pl.DataFrame(rows, infer_schema_length=None)
    table.write_csv(HERE / "eurostat_copies.csv")
    with pl.Config(tbl_cols=-1, tbl_width_chars=200):
        print(table)


if __name__ == "__main__":
    main()
