"""Italy's daily landings, replayed bulletin by bulletin: each replay sees what the bulletins of that day said."""

from datetime import date, timedelta
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from counterpoise.monitoring import Detection, detect_daily
from counterpoise.observations.archive import Archive
from counterpoise.sources import read_document


@pytest.fixture(scope="module")
def bulletins(shared: Path) -> pl.DataFrame:
    file = shared / "data" / "italy" / "sea_arrivals_daily_by_report.csv.gz"
    if not file.is_file():
        pytest.skip("Italy's bulletins are not in ../shared")
    return pl.read_csv(file, try_parse_dates=True)


@pytest.fixture(scope="module")
def landings(bulletins: pl.DataFrame, tmp_path_factory: pytest.TempPathFactory) -> Archive:
    """Return the bulletins read as our columns; a bulletin's last day counts to the morning: provisional."""
    file = tmp_path_factory.mktemp("italy") / "landings.csv"
    bulletins.select(
        pl.lit("italy-sea").alias("corridor"),
        pl.lit("ITA").alias("reporter"),
        pl.lit("TOTAL").alias("nationality"),
        pl.lit("arrivals").alias("measure"),
        pl.lit("sea").alias("place"),
        pl.lit("D").alias("frequency"),
        pl.col("date").alias("period_start"),
        pl.col("arrivals").alias("value"),
        pl.col("report_date").alias("known_on"),
        pl.when(pl.col("date") == pl.col("report_date"))
        .then(pl.lit("provisional"))
        .otherwise(pl.lit(""))
        .alias("flag"),
    ).write_csv(file)
    return Archive.from_batch(read_document(file))


REPORTS = (date(2020, 3, 15), date(2021, 8, 31), date(2023, 9, 15))


@pytest.fixture(scope="module", params=REPORTS, ids=str)
def replay(request: pytest.FixtureRequest, landings: Archive) -> Detection:
    return detect_daily(landings, as_of=request.param)


def test_a_replay_sees_the_newest_bulletin_of_that_day_and_no_later_one(
    replay: Detection, bulletins: pl.DataFrame
) -> None:
    day = replay.provenance.as_of
    said = bulletins.filter(pl.col("report_date") <= day).sort("report_date")
    newest = said.unique("date", keep="last").sort("date")
    seen = replay.bands.filter(pl.col("observed").is_not_null()).sort("period_start")
    assert seen["period_start"].to_list() == newest["date"].to_list()
    assert seen["observed"].to_list() == newest["arrivals"].to_list()
    first = said.group_by("date").agg(pl.col("report_date").min()).sort("date")
    assert seen["known_on"].to_list() == first["report_date"].to_list()


def test_between_bulletins_nothing_changes(landings: Archive) -> None:
    at, after = (
        detect_daily(landings, as_of=day)
        for day in (date(2021, 8, 31), date(2021, 8, 31) + timedelta(days=9))
    )
    assert at.bands.equals(after.bands)
    assert at.n_series == after.n_series == 1


def test_revisions_between_bulletins_are_seen(bulletins: pl.DataFrame, landings: Archive) -> None:
    """So that the replays above could fail: the bulletins do contradict each other."""
    told = bulletins.group_by("date").agg(pl.col("arrivals").n_unique().alias("n"))
    changed = told.filter(pl.col("n") > 1, pl.col("date") > date(2021, 1, 1)).sort("date")["date"][0]
    versions = bulletins.filter(pl.col("date") == changed).sort("report_date")
    seen = [
        detect_daily(landings, as_of=report).bands.filter(period_start=changed)["observed"][0]
        for report in versions["report_date"]
    ]
    assert seen == versions["arrivals"].to_list()


def test_most_people_land_on_sundays(landings: Archive) -> None:
    """Sunday has the largest mean of each of 2019 to 2021, and the model has learnt it by the end of them."""
    result = detect_daily(landings, as_of=date(2021, 12, 31))
    week = next(check for check in result.checks if check.name == "weekdays").table
    assert week is not None
    factors = week.select("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday").row(0)
    assert int(np.argmax(factors)) == 6
    assert max(factors) / min(factors) > 1.2
