"""Make the derived tables under ``src/counterpoise/data/exposure`` from the collected public figures.

Run it as ``python tools/build_exposure.py ../shared``. The same inputs give the same bytes. ``sanctions.csv``,
``deals.csv`` and the card ``exposure.yml`` are written by hand and left alone.
"""

import argparse
from pathlib import Path

import polars as pl

from counterpoise.cases.dyads import NATIONALITIES, dyads
from counterpoise.observations.nationalities import nationality_name

TABLES = Path(__file__).resolve().parent.parent / "src/counterpoise/data/exposure"
WITHOUT_VISA_BEFORE = ("visa_free", "visa_on_arrival", "eta")
CLOSED = ("covid_ban", "no_admission")
HUBS = ("ARE", "EGY", "JOR", "LBN", "QAT", "TUR")
"""States whose airports join journeys from several of the nationalities; more than one nationality's own."""


def visa_rules(shared: Path, states: list[str]) -> pl.DataFrame:
    """Return, per state and day on which its rules were read anew, for how many nationalities which rule held.

    The source table holds a row whenever a rule differs from the reading before; a day on which no count changed is
    left out.
    """
    changes = pl.read_parquet(shared / "data/visas/visa_requirement_changes.parquet")
    days = pl.read_csv(shared / "data/visas/snapshots.csv", try_parse_dates=True)["snapshot"].sort()
    mine = changes.filter(pl.col("destination").is_in(states), pl.col("passport").is_in(NATIONALITIES))
    rows = []
    for state in states:
        before = None
        of_state = mine.filter(pl.col("destination") == state, pl.col("passport") != state)
        for day in days:
            held = of_state.filter(pl.col("snapshot") <= day).sort("snapshot").group_by("passport").last()
            category = held["category"]
            counts = (
                held.height,
                int(category.is_in(WITHOUT_VISA_BEFORE).sum()),
                int((category == "e_visa").sum()),
                int((category == "visa_required").sum()),
                int(category.is_in(CLOSED).sum()),
            )
            if held.height and counts != before:
                rows.append((state, day, *counts))
                before = counts
    columns = [
        "state",
        "known_on",
        "n_nationalities",
        "n_without_visa_before",
        "n_e_visa",
        "n_visa",
        "n_closed",
    ]
    return pl.DataFrame(rows, schema=columns, orient="row")


def air_links(shared: Path) -> pl.DataFrame:
    """Return, per state that has routes in the source, from how many states and from which hubs one flew there."""
    routes = pl.read_csv(shared / "data/flights/openflights_routes_belarus_russia_2014.csv.gz")
    rows = []
    for state in ("BLR", "RUS"):
        there = routes.filter(pl.col("dest_country") == nationality_name(state), pl.col("stops") == 0)
        origins = set(there["source_country"])
        named = {"TUR": "Turkey"}
        of = [c for c in NATIONALITIES if named.get(c, nationality_name(c)) in origins]
        hubs = [c for c in HUBS if named.get(c, nationality_name(c)) in origins]
        rows.append((state, "2014-12-31", len(NATIONALITIES), len(of), " ".join(hubs)))
    columns = ["state", "known_on", "n_nationalities", "n_linked", "hubs"]
    return pl.DataFrame(rows, schema=columns, orient="row")


def main() -> None:
    """Write the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("shared", type=Path)
    parser.add_argument("--out", type=Path, default=TABLES)
    arguments = parser.parse_args()
    shared = arguments.shared
    states = sorted({dyad.far for dyad in dyads()})
    visa_rules(shared, states).write_csv(arguments.out / "visa_rules.csv")
    air_links(shared).write_csv(arguments.out / "air_links.csv")


if __name__ == "__main__":
    main()
