"""Panels: calendar, zeros where a vintage covers, NaN where nothing is published, totals beside nationalities."""

from datetime import date

import numpy as np
import pytest

from counterpoise.observations.batch import Batch
from counterpoise.observations.panel import Panel, build_panels
from tests.observations.builders import Cell, archive, batch

MARCH: Cell = ("BY-PL", "IRQ", "2021-03")
MAY: Cell = ("BY-PL", "IRQ", "2021-05")


def panel(*batches: Batch, corridors: tuple[str, ...] = ()) -> Panel:
    (found,) = build_panels(archive(*batches).as_of(), corridors=corridors)
    return found


def line(found: Panel, corridor: str, nationality: str) -> list[float]:
    row = found.series.rows().index((corridor, nationality))
    values: list[float] = found.values[row].tolist()
    return values


def test_a_dense_dataset_has_zeros_in_every_covered_month() -> None:
    found = panel(batch("2021-08-04", {MARCH: 7, MAY: 2}))
    assert found.periods["period_start"].to_list() == [date(2021, m, 1) for m in range(1, 7)]
    assert found.periods["period_end"][1] == date(2021, 2, 28)
    assert line(found, "eastern-borders", "IRQ") == [0, 0, 7, 0, 2, 0]
    assert line(found, "eastern-borders", "TOTAL") == [0, 0, 7, 0, 2, 0]
    assert np.all(found.known_on == (date(2021, 8, 4) - date(1970, 1, 1)).days)


def test_a_sparse_dataset_has_gaps_between_its_figures() -> None:
    found = panel(batch("2021-08-04", {MARCH: 7, MAY: 2}, dense=False))
    assert found.periods["period_start"].to_list() == [date(2021, m, 1) for m in (3, 4, 5)]
    np.testing.assert_array_equal(line(found, "BY-PL", "IRQ"), [7, np.nan, 2])
    assert np.isnan(found.known_on[0, 1])
    assert found.series["nationality"].to_list() == ["IRQ"]


def test_routes_of_a_dense_dataset_and_borders_of_a_sparse_one_are_monitored() -> None:
    dense = batch("2021-08-04", {MARCH: 7, ("western-balkan-sea", "SYR", "2021-03"): 1})
    sparse = batch("2021-08-04", {MARCH: 5}, dataset="test.sparse", dense=False)
    found = build_panels(archive(dense, sparse).as_of())
    assert [p.dataset for p in found] == ["test.flow", "test.sparse"]
    assert set(found[0].series["corridor"]) == {"eastern-borders", "western-balkan"}
    assert set(found[1].series["corridor"]) == {"BY-PL"}


def test_only_the_corridors_asked_for() -> None:
    cells: dict[Cell, float] = {MARCH: 7, ("western-balkan-sea", "SYR", "2021-03"): 1}
    found = panel(batch("2021-08-04", cells), corridors=("BY-PL",))
    assert found.series.rows() == [("BY-PL", "IRQ"), ("BY-PL", "TOTAL")]
    assert build_panels(archive(batch("2021-08-04", cells)).as_of(), corridors=("black-sea",)) == ()


def test_only_the_measures_and_totals_asked_for() -> None:
    known = archive(batch("2021-08-04", {MARCH: 7, MAY: 2})).as_of()
    (found,) = build_panels(
        known, corridors=("BY-PL", "black-sea"), measures=("detections",), totals_only=True
    )
    assert found.series.rows() == [("BY-PL", "TOTAL")]
    assert line(found, "BY-PL", "TOTAL") == line(build_panels(known)[0], "eastern-borders", "TOTAL")
    assert build_panels(known, measures=("refusals",)) == ()


def test_the_eastern_route_is_also_shown_without_ukrainians() -> None:
    found = panel(batch("2022-08-04", {MARCH: 7, ("UA-PL", "UKR", "2021-03"): 100}))
    assert line(found, "eastern-borders", "TOTAL") == [0, 0, 107, 0, 0, 0]
    assert line(found, "eastern-borders", "TOTAL-UKR") == [0, 0, 7, 0, 0, 0]


def test_periods_before_the_first_vintage_are_flagged_zeros_too() -> None:
    known = archive(batch("2023-02-03", {MARCH: 7})).as_of(date(2021, 6, 3))
    (found,) = build_panels(known)
    assert found.periods.height == 4
    assert set(found.flags.ravel()) == {"lag_assumed"}


@pytest.mark.parametrize("other", [{"place": "sea"}, {"unit": "persons"}], ids=["place", "unit"])
def test_a_sparse_series_follows_one_unit_and_place_and_adds_none(other: dict[str, str]) -> None:
    most = batch("2021-08-04", {MARCH: 7, MAY: 2}, dense=False)
    less = batch("2021-08-04", {MARCH: 100}, dense=False, **other)
    np.testing.assert_array_equal(line(panel(less, most), "BY-PL", "IRQ"), [7, np.nan, 2])


def test_land_and_sea_of_a_dense_series_are_summed_though_a_month_may_have_only_one() -> None:
    land = batch("2021-08-04", {("western-balkan-land", "SYR", m): 3 for m in ("2021-01", "2021-02")})
    sea = batch("2021-08-04", {("western-balkan-sea", "SYR", "2021-02"): 4}, place="sea")
    assert line(panel(land, sea), "western-balkan", "SYR") == [3, 7, 0, 0, 0, 0]


def test_series_of_another_length_of_periods_are_left_out() -> None:
    yearly = batch("2021-08-04", {MARCH: 7}, frequency="Y")
    assert build_panels(archive(yearly).as_of()) == ()
