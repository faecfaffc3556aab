"""The bundled tables that come from machine-readable files: Frontex, Eurostat, IOM."""

import csv
from calendar import monthrange
from collections import defaultdict
from datetime import date
from pathlib import Path

import polars as pl
from bundled_rows import Row

NATIONALITY_CODES = {"OOO": "UNK", "OOS": "XSS", "STL": "XXA"}
"""Codes of the collected copies -> codes of ours."""

ROUTES = {
    "Eastern Borders Route": "eastern-borders",
    "Eastern Mediterranean Route": "eastern-mediterranean",
    "Western Mediterranean Route": "western-mediterranean",
    "Western Balkan Route": "western-balkan",
    "Central Mediterranean Route": "central-mediterranean",
    "Western African Route": "western-african",
    "Circular Route from Albania to Greece": "circular-albania-greece",
    "Black Sea Route": "black-sea",
    "Other": "other",
}
HELD_IN_FULL = "eastern-borders"
LEAST_DETECTIONS = 50
"""A nationality with fewer detections on the Eastern borders in all is held on that route only."""


def read_frontex(shared: Path) -> pl.DataFrame:
    """Return the newest vintage as corridor, place, nationality, month, detections."""
    rows = pl.read_parquet(shared / "data/frontex/frontex_ibc.parquet")
    split = rows.group_by("route").agg(pl.col("border_type").n_unique() > 1).rename({"border_type": "split"})
    part = pl.concat_str(
        pl.col("route").replace_strict(ROUTES), pl.col("border_type").str.to_lowercase(), separator="-"
    )
    return rows.join(split, on="route").select(
        pl.when("split").then(part).otherwise(pl.col("route").replace_strict(ROUTES)).alias("corridor"),
        pl.col("border_type").replace_strict({"Land": "green_border", "Sea": "sea"}).alias("place"),
        pl.col("nationality").replace(NATIONALITY_CODES),
        "month",
        "detections",
    )


def frontex_table(rows: pl.DataFrame) -> list[list[str]]:
    """Return the extract as lines: corridor, place, nationality, then twelve counts a year.

    Eastern borders with every nationality; its larger nationalities on every other corridor; the total of
    every other corridor.
    """
    east = rows.filter(pl.col("corridor") == HELD_IN_FULL)
    sums = east.group_by("nationality").agg(pl.col("detections").sum())
    followed = sums.filter(pl.col("detections") >= LEAST_DETECTIONS)["nationality"]
    elsewhere = rows.filter(pl.col("corridor") != HELD_IN_FULL)
    totals = elsewhere.group_by("corridor", "place", "month").agg(
        pl.lit("TOTAL").alias("nationality"), pl.col("detections").sum()
    )
    kept = [
        east,
        elsewhere.filter(pl.col("nationality").is_in(followed.implode())),
        totals.select(rows.columns),
    ]
    counts: dict[tuple[str, str, str], dict[date, int]] = defaultdict(dict)
    for corridor, place, nationality, month, value in pl.concat(kept).iter_rows():
        counts[corridor, place, nationality][month] = (
            counts[corridor, place, nationality].get(month, 0) + value
        )
    last: date = rows["month"].max()  # type: ignore[assignment]
    years = range(rows["month"].dt.year().min(), last.year + 1)  # type: ignore[arg-type]
    lines = [["corridor", "place", "nationality", *map(str, years)]]
    keys = sorted(counts, key=lambda key: (key[0] != HELD_IN_FULL, key))
    return lines + [[*key, *(_year_cell(counts[key], year, last) for year in years)] for key in keys]


def _year_cell(counts: dict[date, int], year: int, last: date) -> str:
    """Return the monthly counts of a year up to the last month covered; nothing if all are zero."""
    months = range(1, (last.month if year == last.year else 12) + 1)
    values = [counts.get(date(year, month, 1), 0) for month in months]
    return " ".join(map(str, values)) if any(values) else ""


EUROSTAT_URL = "https://ec.europa.eu/eurostat/databrowser/view/migr_asyappctza/default/table"
CASE_NATIONALITIES = ("AFG", "ERI", "ETH", "IRN", "IRQ", "MAR", "PAK", "RUS", "SOM", "SYR", "TUR", "YEM")
"""The nationalities the sources name for Finland's border with Russia, and those asked about beside them."""
FIRST_TIME_KNOWN_ON = date(2025, 6, 4)
ALL_APPLICANTS_KNOWN_ON = date(2026, 8, 6)


def finland_rows(shared: Path) -> list[Row]:
    """Return Finland's applicants per year: first-time by citizenship and in all; all applicants in all."""
    folder = shared / "data/eurostat"
    first = (
        pl.read_parquet(folder / "migr_asyappctza_first_time_annual_2011_2024.parquet")
        .filter(pl.col("geo") == "FIN")
        .group_by("year", "citizen")
        .agg(pl.col("first_time_applicants").sum().alias("value"))
    )
    totals = first.group_by("year").agg(pl.lit("TOTAL").alias("citizen"), pl.col("value").sum())
    named = first.filter(pl.col("citizen").is_in(CASE_NATIONALITIES))
    found = [
        _applicants("eurostat.migr_asyappctza.first_time", year, citizen, value, FIRST_TIME_KNOWN_ON)
        for year, citizen, value in pl.concat([named, totals.select(first.columns)]).iter_rows()
    ]
    everyone = pl.read_csv(folder / "migr_asyappctza_total_by_geo_2010_2025.csv").filter(
        pl.col("geo") == "FIN"
    )
    found += [
        _applicants("eurostat.migr_asyappctza", year, "TOTAL", value, ALL_APPLICANTS_KNOWN_ON)
        for year, value in everyone.select("year", "applicants").iter_rows()
    ]
    return found


def _applicants(dataset: str, year: int, citizen: str, value: int, known_on: date) -> Row:
    first_time = dataset.endswith("first_time")
    summed = first_time and citizen == "TOTAL"
    return Row(
        dataset=dataset,
        corridor="FI",
        nationality=citizen,
        measure="asylum_applications",
        unit="persons",
        place="any",
        publisher_term="First-time applicant" if first_time else "Asylum applicant",
        period_start=date(year, 1, 1),
        period_end=date(year, 12, 31),
        frequency="Y",
        value=value,
        known_on=known_on,
        flags=frozenset({"rounded", "derived"} if summed else {"rounded"}),
        publisher="Eurostat",
        title="Asylum applicants by type, citizenship, age and sex, annual aggregated data (migr_asyappctza)",
        url=EUROSTAT_URL,
        note="sum of all citizenships" if summed else "",
    )


IOM_CORRIDORS = {"POL": "BY-PL", "LTU": "BY-LT", "LVA": "BY-LV", "FIN": "RU-FI", "BLR": "BY-inland"}
IOM_KNOWN_ON = date(2025, 6, 4)


def deaths_rows(shared: Path) -> list[Row]:
    """Return people found dead or missing per month and country of incident, all causes together."""
    sums: dict[tuple[str, date], int] = defaultdict(int)
    with (shared / "data/iom/missing_migrants_eastern_border_monthly.csv").open(encoding="utf-8") as file:
        for line in csv.DictReader(file):
            corridor = IOM_CORRIDORS[line["country_of_incident"]]
            sums[corridor, date.fromisoformat(line["month"])] += int(line["dead_or_missing"])
    return [
        Row(
            dataset="iom.missing_migrants",
            corridor=corridor,
            measure="deaths_missing",
            unit="persons",
            place="any",
            publisher_term="Total number of dead and missing",
            period_start=month,
            period_end=month.replace(day=monthrange(month.year, month.month)[1]),
            frequency="M",
            value=value,
            known_on=IOM_KNOWN_ON,
            flags=frozenset({"at_least"}),
            publisher="IOM Missing Migrants Project",
            title="Missing Migrants Project, downloaded data",
            url="https://missingmigrants.iom.int/downloads",
        )
        for (corridor, month), value in sums.items()
    ]
