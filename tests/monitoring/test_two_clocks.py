"""National figures beside the month: what could be read on which day."""

from dataclasses import replace
from datetime import date
from functools import cache

import polars as pl
import pytest

from counterpoise.cases import load_case
from counterpoise.monitoring import Detection, detect, two_clocks
from counterpoise.monitoring.two_clocks import CLOCKS, figures_by_day
from counterpoise.observations.archive import Archive
from counterpoise.observations.bundled import read_bundled
from tests.monitoring.daily_builders import daily_archive, day, figure, figures, simulated

CASE = "belarus-eu-2021"


@cache
def bundled() -> Archive:
    return Archive.from_batch(read_bundled())


@cache
def monthly(as_of: date | None = None) -> Detection:
    return detect(bundled(), case=load_case(CASE), as_of=as_of)


def clocks(as_of: date | None = None) -> pl.DataFrame:
    return two_clocks(bundled(), monthly(as_of), corridors=load_case(CASE).corridors)


def test_lithuania_2021_is_read_in_a_day_a_month_before_the_route() -> None:
    first = clocks().row(0, named=True)
    assert (first["corridor"], first["measure"], first["basis"]) == ("BY-LT", "detained", "pace")
    assert (first["observed"], first["known_on"]) == (150.0, date(2021, 7, 2))
    assert first["expected"] == pytest.approx((822 - 150) / 181)
    assert (first["route"], first["route_nationality"]) == ("eastern-borders", "TOTAL-UKR")
    assert (first["newest_month"], first["month"]) == (date(2021, 4, 1), date(2021, 6, 1))
    assert first["lead_days"] == (first["month_known_on"] - first["known_on"]).days == 32
    assert "lag_assumed" in first["month_flag"]


@pytest.mark.parametrize("as_of", [date(2021, 7, 1), date(2021, 7, 20), date(2021, 9, 15)])
def test_a_replay_knows_no_rise_and_no_month_of_later(as_of: date) -> None:
    replayed = clocks(as_of)
    assert (replayed["known_on"] <= as_of).all()
    assert (replayed["month_known_on"].drop_nulls() <= as_of).all()
    assert replayed.height == int(as_of >= date(2021, 7, 2))
    assert replayed["lead_days"].drop_nulls().len() == int(as_of >= date(2021, 8, 3))


def test_a_series_of_days_with_a_baseline_rises_by_its_forecast() -> None:
    counts = simulated(1, 120)[0]
    counts[100] = 20 * counts[:100].mean()
    archive = daily_archive(*figures(counts))
    found = two_clocks(archive, _no_months(archive), corridors=["test-sea"])
    assert found["basis"].to_list() == ["forecast"]
    assert (found["period_start"][0], found["known_on"][0]) == (day(100), day(101))
    assert found["route"].null_count() == 1


def test_rises_near_each_other_are_one_and_far_ones_two() -> None:
    rows = [
        figure(0, 30.0, end=99),
        figure(101, 40.0),
        figure(120, 60.0),
        figure(0, 130.0, end=240),
        figure(242, 90.0),
    ]
    archive = daily_archive(*rows)
    found = two_clocks(archive, _no_months(archive), corridors=["test-sea"])
    assert found["period_start"].to_list() == [day(101), day(242)]
    assert found["last_rise_end"].to_list() == [day(120), day(242)]


def test_without_national_figures_the_frame_is_empty_and_has_its_columns() -> None:
    found = two_clocks(bundled(), monthly(), corridors=["UA-SK"])
    assert found.is_empty()
    assert found.columns == list(CLOCKS)


def test_figures_by_day_are_as_first_published_and_per_day() -> None:
    archive = daily_archive(figure(10, 5.0), figure(10, 9.0, known_on=day(50)), figure(20, 70.0, end=26))
    shown = figures_by_day(archive, day(60), corridors=["test-sea"])
    assert shown["per_day"].to_list() == [5.0, 10.0]
    assert figures_by_day(archive, day(20), corridors=["test-sea"]).height == 1


def _no_months(archive: Archive) -> Detection:
    """Return a detection without any monthly series, of the archive's newest day."""
    whole = monthly()
    nothing = {name: getattr(whole, name).clear() for name in ("alarms", "episodes", "bands", "series")}
    return replace(whole, **nothing, provenance=replace(whole.provenance, as_of=archive.newest_known_on))
