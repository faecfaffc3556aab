from datetime import date

import polars as pl
import pytest
import vl_convert

from counterpoise.charts.heat_map import ABOVE_SHADES, BELOW_SHADES, chart_heat_map, describe_heat_map
from counterpoise.charts.heat_rows import MOST_ROWS, heat_rows
from counterpoise.charts.multiples import MOST_PANELS, chart_multiples, panels_of
from counterpoise.charts.theme import NARROW
from counterpoise.errors import InputError
from counterpoise.monitoring import Detection, detect
from counterpoise.observations.archive import Archive
from counterpoise.observations.bundled import read_bundled


@pytest.fixture(scope="module")
def archive() -> Archive:
    return Archive.from_batch(read_bundled())


@pytest.fixture(scope="module")
def whole(archive: Archive) -> Detection:
    return detect(archive)


@pytest.fixture(scope="module")
def lately(archive: Archive) -> Detection:
    return detect(archive, corridors=["eastern-borders"], since=date(2023, 6, 15))


def drawn(chart: object) -> str:
    return vl_convert.vegalite_to_svg(chart.to_dict())  # type: ignore[attr-defined]


def test_every_row_has_a_cell_for_every_month(whole: Detection) -> None:
    heat = heat_rows(whole)
    n_months = heat.cells["period_start"].n_unique()
    assert heat.rows.height == MOST_ROWS
    assert heat.cells.height == MOST_ROWS * n_months
    assert n_months == 60
    assert heat.n_left_out == whole.n_series - MOST_ROWS


def test_all_totals_come_before_any_nationality_is_left_out(whole: Detection) -> None:
    rows = heat_rows(whole).rows
    totals = whole.series.filter(pl.col("nationality").str.starts_with("TOTAL"), status="monitored")
    assert rows.filter(pl.col("nationality").str.starts_with("TOTAL")).height == totals.height


def test_an_alarm_is_marked_in_its_month_and_only_there(whole: Detection) -> None:
    heat = heat_rows(whole)
    key = ["dataset", "corridor", "nationality", "measure"]
    marked = heat.cells.filter(pl.col("kind").is_not_null()).join(heat.rows, on="row")
    expected = heat.alarms.join(heat.rows, on=key, how="semi").select(*key, "period_start").unique()
    assert set(marked.select(*key, "period_start").iter_rows()) == set(expected.iter_rows())
    assert heat.rows["n_alarms"].sum() == heat.alarms.join(heat.rows, on=key, how="semi").height


def test_a_month_is_as_dark_as_its_count_is_rare(whole: Detection) -> None:
    heat = heat_rows(whole)
    key = ["dataset", "corridor", "nationality", "measure"]
    cells = heat.cells.join(heat.rows, on="row").join(whole.bands, on=[*key, "period_start"])
    rare = cells.filter(state="judged").filter(pl.col("tail_probability") < 1e-3)
    assert rare.height > 10
    assert rare["distance"].unique().to_list() == [3]
    usual = cells.filter(state="judged").filter(
        pl.col("tail_probability") > 0.1, pl.col("lower_tail_probability") > 0.1
    )
    assert usual["distance"].unique().to_list() == [0]


def test_the_provisional_month_and_months_without_a_figure_are_not_shaded(whole: Detection) -> None:
    unread = heat_rows(whole).cells.filter(pl.col("state").is_in(["provisional", "no_figure", "learning"]))
    assert set(unread["state"]) >= {"provisional", "no_figure"}
    assert unread["distance"].unique().to_list() == [0]


def test_no_small_count_of_a_nationality_is_told(lately: Detection) -> None:
    heat = heat_rows(lately)
    key = ["dataset", "corridor", "nationality", "measure"]
    cells = heat.cells.join(heat.rows, on="row").join(
        lately.bands.select(*key, "period_start", "observed"), on=[*key, "period_start"]
    )
    small = cells.filter(pl.col("observed").is_between(1, 9), ~pl.col("nationality").str.starts_with("TOTAL"))
    assert small.height > 20
    assert small["number"].unique().to_list() == [""]


def test_the_picture_says_what_it_shows_and_what_it_leaves_out(whole: Detection) -> None:
    svg = drawn(chart_heat_map(whole))
    for text in (
        f"{MOST_ROWS} of {whole.n_series} series",
        "no figure published",
        "alarm: fall",
        whole.result_id,
    ):
        assert text in svg
    assert ABOVE_SHADES[2] in svg
    assert BELOW_SHADES[2] in svg


def test_the_picture_has_the_same_bytes_twice_and_fits_a_phone(lately: Detection) -> None:
    assert drawn(chart_heat_map(lately)) == drawn(chart_heat_map(lately))
    assert drawn(chart_heat_map(lately, layout=NARROW)) != drawn(chart_heat_map(lately))


def test_a_month_that_began_before_since_is_not_drawn(lately: Detection) -> None:
    heat = heat_rows(lately)
    assert heat.span.first == date(2023, 7, 1)
    assert (lately.alarms.filter(pl.col("period_start") >= heat.span.first)).equals(heat.alarms)


def test_the_heat_map_in_words_names_alarms_and_what_is_not_judged(whole: Detection) -> None:
    words = describe_heat_map(whole)
    assert "Alarms in these months by corridor: eastern-borders" in words
    assert "Provisional and not judged: eastern-borders April 2025" in words


def test_since_after_the_newest_month_is_refused(archive: Archive) -> None:
    with pytest.raises(InputError, match="--since"):
        chart_heat_map(detect(archive, since=date(2099, 1, 1)))


def test_small_multiples_show_totals_first_and_then_what_was_alarmed(whole: Detection) -> None:
    chosen = panels_of(whole)
    assert chosen.height == MOST_PANELS
    totals = whole.series.filter(nationality="TOTAL", status="monitored", frequency="M").height
    assert chosen["nationality"].head(totals).unique().to_list() == ["TOTAL"]
    assert chosen["n_alarms"].tail(MOST_PANELS - totals).min() > 0
    svg = drawn(chart_multiples(whole))
    assert f"{MOST_PANELS} of {whole.n_series} series" in svg
    assert "eastern-borders: All nationalities" in svg


def test_small_multiples_reach_back_far_enough_to_show_what_is_usual(archive: Archive) -> None:
    recent = detect(archive, corridors=["eastern-borders"], since=date(2025, 3, 1))
    assert "May 2023 to April 2025" in drawn(chart_multiples(recent))
