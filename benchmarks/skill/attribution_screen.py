"""How the screen lists 15 years of detections on all routes: its speed, and where labelled months stand.

Run: python benchmarks/skill/attribution_screen.py (needs the publisher's figures in ../shared). Writes
attribution_screen.csv. Totals alone, without Ukrainians; settings are those of the held-out worlds. A place is
reported, whatever it is: nothing is tuned on it.
"""

import sys
import time
from datetime import date
from pathlib import Path

import numpy as np
import polars as pl

sys.path.insert(0, str(Path(__file__).parents[2]))

from benchmarks.skill.attribution import settings_hash
from counterpoise.attribution.cube import Cube
from counterpoise.attribution.likelihoods import load_likelihoods
from counterpoise.attribution.screen import screen_cube

OUT = Path(__file__).with_suffix(".csv")
DETECTIONS = Path(__file__).parents[3] / "shared" / "data" / "frontex" / "frontex_ibc.parquet"
UNIDENTIFIED = ("OOO", "OOS", "STL")
ASKED = (
    # what it is, route, month
    ("belarus-2021", "Eastern Borders Route", date(2021, 7, 1)),
    ("belarus-2021", "Eastern Borders Route", date(2021, 8, 1)),
    ("evros-2020, not visible", "Eastern Mediterranean Route", date(2020, 3, 1)),
    ("ceuta-2021, not visible", "Western Mediterranean Route", date(2021, 5, 1)),
    ("finland-2023, not visible", "Eastern Borders Route", date(2023, 11, 1)),
    ("look-alike", "Western African Route", date(2017, 12, 1)),
    ("look-alike", "Western African Route", date(2023, 10, 1)),
    ("look-alike", "Eastern Mediterranean Route", date(2015, 11, 1)),
    ("look-alike", "Western Balkan Route", date(2013, 6, 1)),
)


def whole_cube() -> Cube:
    """Return all detections by route, nationality and month, without Ukrainians."""
    rows = (
        pl.read_parquet(DETECTIONS)
        .filter(pl.col("nationality") != "UKR", pl.col("route") != "Other")
        .group_by("route", "nationality", "month")
        .agg(pl.col("detections").sum())
    )
    routes, names, months = (sorted(rows[c].unique()) for c in ("route", "nationality", "month"))
    counts = np.zeros((len(routes), len(names) + 1, len(months)))
    at = [dict(zip(axis, range(len(axis)), strict=True)) for axis in (routes, names, months)]
    for route, name, month, value in rows.iter_rows():
        counts[at[0][route], at[1][name], at[2][month]] = value
    counts[:, -1] = counts[:, :-1].sum(axis=1)
    return Cube(
        corridors=tuple(routes),
        nationalities=tuple(names),
        months=tuple(months),
        counts=counts,
        held=np.ones(counts.shape[:2], dtype=bool),
        unidentified=np.array([name in UNIDENTIFIED for name in names]),
    )


def main() -> None:
    """Screen, time and write."""
    cube = whole_cube()
    begin = time.process_time()
    listed = screen_cube(cube, load_likelihoods(), corridors=cube.corridors)
    seconds = time.process_time() - begin
    middle = (pl.col("opening_lower") + pl.col("opening_upper")) / 2
    ranked = listed.sort(middle, descending=True).with_row_index("rank", offset=1)
    rows = []
    for name, route, month in ASKED:
        found = ranked.filter(pl.col("corridor") == route, pl.col("month") == month)
        rank, bounds = None, (None, None)
        if found.height:
            rank, bounds = found["rank"][0], (found["opening_lower"][0], found["opening_upper"][0])
        rows.append((settings_hash(), name, route, month, rank, ranked.height, *bounds))
    columns = ["settings", "reading", "route", "month", "rank", "n_rises", "opening_lower", "opening_upper"]
    frame = pl.DataFrame(rows, schema=columns, orient="row", infer_schema_length=None)
    frame.write_csv(OUT, float_precision=2)
    n_months = len(cube.months)
    print(frame)
    print(
        f"{len(cube.corridors)} routes, {n_months} months, {len(cube.nationalities)} nationalities: {seconds:.1f} s"
    )


if __name__ == "__main__":
    main()
