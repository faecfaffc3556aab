"""Numbers of the sources that the bundled tables must give, and the proof that they are made by the tool."""

import subprocess
import sys
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from counterpoise.observations.as_of import as_of
from counterpoise.observations.bundled import read_bundled

FRONTEX = read_bundled().observations.filter(pl.col("dataset") == "frontex.ibc")

ROUTES = {
    "Black Sea Route": "black-sea",
    "Central Mediterranean Route": "central-mediterranean",
    "Circular Route from Albania to Greece": "circular-albania-greece",
    "Eastern Borders Route": "eastern-borders",
    "Western African Route": "western-african",
}
PARTED = {
    "Eastern Mediterranean Route": "eastern-mediterranean",
    "Other": "other",
    "Western Balkan Route": "western-balkan",
    "Western Mediterranean Route": "western-mediterranean",
}

Series = tuple[str, str, str, date, str]
"""Dataset, corridor, measure, first day, frequency."""


def _known(series: Series, day: date) -> list[float]:
    dataset, corridor, measure, start, frequency = series
    batch = read_bundled()
    known = as_of(batch.observations, batch.datasets, batch.vintages, day)
    return known.filter(
        pl.col("dataset") == dataset,
        pl.col("corridor") == corridor,
        pl.col("measure") == measure,
        pl.col("period_start") == start,
        pl.col("frequency") == frequency,
    )["value"].to_list()


@pytest.mark.parametrize(
    ("year", "total"), [(2019, 642), (2020, 615), (2021, 8075), (2022, 6332), (2023, 5748), (2024, 17260)]
)
def test_eastern_borders_by_year(year: int, total: int) -> None:
    rows = FRONTEX.filter(pl.col("corridor") == "eastern-borders", pl.col("period_start").dt.year() == year)
    assert rows["value"].sum() == total


@pytest.mark.parametrize(
    ("nationality", "month", "value"), [("IRQ", date(2021, 6, 1), 352), ("UKR", date(2022, 3, 1), 1035)]
)
def test_eastern_borders_by_month(nationality: str, month: date, value: int) -> None:
    rows = FRONTEX.filter(
        pl.col("corridor") == "eastern-borders",
        pl.col("nationality") == nationality,
        pl.col("period_start") == month,
    )
    assert rows["value"].to_list() == [value]


def test_route_totals_equal_the_source(shared: Path) -> None:
    source = pl.read_parquet(shared / "data/frontex/frontex_ibc.parquet")
    totals = FRONTEX.filter((pl.col("nationality") == "TOTAL") | (pl.col("corridor") == "eastern-borders"))
    ours = totals.group_by("period_start").agg(pl.col("value").sum().cast(pl.Int64)).sort("period_start")
    theirs = source.group_by("month").agg(pl.col("detections").sum()).sort("month")
    assert ours.rows() == theirs.rows()
    by_corridor = dict(totals.group_by("corridor").agg(pl.col("value").sum()).iter_rows())
    for (route, border_type), rows in source.group_by("route", "border_type"):
        corridor = ROUTES.get(route, f"{PARTED.get(route)}-{str(border_type).lower()}")
        assert by_corridor[corridor] == rows["detections"].sum(), corridor


def test_every_nationality_kept_elsewhere_is_whole(shared: Path) -> None:
    source = pl.read_parquet(shared / "data/frontex/frontex_ibc.parquet")
    for code, ours in (("IRQ", "IRQ"), ("SYR", "SYR"), ("OOO", "UNK"), ("STL", "XXA")):
        kept = FRONTEX.filter(pl.col("nationality") == ours)["value"].sum()
        assert kept == source.filter(pl.col("nationality") == code)["detections"].sum()


NEWEST = date(2026, 8, 6)


@pytest.mark.parametrize(
    ("series", "day", "value"),
    [
        (("sg.bulletin", "BY-PL", "attempts", date(2021, 1, 1), "Y"), NEWEST, 39670),
        (("sg.bulletin", "BY-PL", "attempts", date(2021, 1, 1), "Y"), date(2022, 1, 3), 39700),
        (("sg.bulletin", "BY-PL", "attempts", date(2021, 9, 1), "M"), date(2021, 10, 10), 7535),
        (("sg.bulletin", "BY-PL", "attempts", date(2021, 10, 1), "M"), NEWEST, 17447),
        (("vsat.bulletin", "BY-LT", "prevented", date(2021, 1, 1), "Y"), NEWEST, 8106),
        (("vsat.bulletin", "BY-LT", "prevented", date(2021, 1, 1), "Y"), date(2023, 6, 1), 8120),
        (("vsat.bulletin", "BY-LT", "detained", date(2021, 7, 1), "M"), NEWEST, 2882),
        (("vrs.bulletin", "BY-LV", "prevented", date(2025, 1, 1), "Y"), NEWEST, 12046),
        (("raja.bulletin", "RU-FI", "asylum_applications", date(2023, 12, 15), "D"), NEWEST, 208),
        (("politiet.bulletin", "RU-NO", "asylum_applications", date(2015, 7, 1), "M"), NEWEST, 50),
        (
            ("bundespolizei.onward", "DE-inland", "onward_detections", date(2021, 9, 1), "M"),
            date(2021, 11, 1),
            1903,
        ),
        (("bundespolizei.onward", "DE-inland", "onward_detections", date(2021, 9, 1), "M"), NEWEST, 2049),
        (("eurostat.migr_asyappctza", "FI", "asylum_applications", date(2015, 1, 1), "Y"), NEWEST, 32345),
    ],
)
def test_national_figures_as_known_on_a_day(series: Series, day: date, value: int) -> None:
    assert _known(series, day) == [value]


def test_derived_spans_are_not_known_before_their_readings() -> None:
    # The year 2021 of Latvia was read on a page of 31 January 2023, so what is derived from it is too.
    span = ("vrs.bulletin", "BY-LV", "prevented", date(2021, 12, 14), "S")
    assert _known(span, date(2023, 1, 30)) == []
    assert _known(span, date(2023, 1, 31)) == [1070]


def test_deaths_add_up_to_the_source() -> None:
    rows = read_bundled().observations.filter(pl.col("measure") == "deaths_missing")
    by_year = rows.group_by(pl.col("period_start").dt.year().alias("year")).agg(pl.col("value").sum())
    assert dict(by_year.iter_rows()) == {2019: 4, 2021: 24, 2022: 11, 2023: 45, 2024: 21, 2025: 10}


def test_tables_are_what_the_tool_makes(repository: Path, shared: Path, tmp_path: Path) -> None:
    tool = repository / "tools/build_bundled.py"
    subprocess.run([sys.executable, tool, shared, "--out", tmp_path], check=True, capture_output=True)
    tables = repository / "src/counterpoise/data/observations"
    made = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert made == {path.name: path.read_bytes() for path in tables.glob("*.csv")}


@pytest.mark.parametrize(
    ("tool", "folder"), [("build_exposure", "exposure"), ("build_origins", "attribution")]
)
def test_derived_tables_of_conditions_and_origins_are_what_their_tools_make(
    repository: Path, shared: Path, tmp_path: Path, tool: str, folder: str
) -> None:
    program = repository / "tools" / f"{tool}.py"
    subprocess.run([sys.executable, program, shared, "--out", tmp_path], check=True, capture_output=True)
    tables = repository / "src/counterpoise/data" / folder
    made = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert made
    assert made == {name: (tables / name).read_bytes() for name in made}


def test_published_months_of_the_collected_table_are_all_held(shared: Path) -> None:
    lines = pl.read_csv(shared / "facts/border_monthly_totals.csv", try_parse_dates=True)
    published = lines.filter(pl.col("kind").str.starts_with("published")).select(
        pl.col("start_date").alias("period_start"), "measure", pl.col("value").cast(pl.Float64)
    )
    months = read_bundled().observations.filter(pl.col("frequency") == "M")
    assert published.join(months, on=["period_start", "measure", "value"], how="anti").is_empty()
