import json
from datetime import date

import polars as pl
import pytest
import vl_convert
from hypothesis import given
from hypothesis import strategies as st

from counterpoise.charts.map import chart_map, describe_map, drawn_corridors, load_basemap
from counterpoise.charts.nationalities import (
    OTHER,
    chart_nationality_mix,
    describe_nationality_mix,
    nationality_shares,
)
from counterpoise.charts.observations import (
    FigurePanel,
    chart_daily,
    chart_measures,
    describe_daily,
    describe_measures,
)
from counterpoise.charts.save import chart_bytes
from counterpoise.charts.theme import NARROW
from counterpoise.charts.timeline import Span
from counterpoise.errors import InputError
from counterpoise.observations.corridors import load_corridors

SPAN = Span(first=date(2021, 1, 1), last=date(2021, 12, 31))


def panel(title: str, values: dict[date, float]) -> FigurePanel:
    starts = pl.Series(list(values), dtype=pl.Date)
    return FigurePanel(
        title=title,
        detail="events; A service",
        figures=pl.DataFrame(
            {"period_start": starts, "period_end": starts.dt.month_end(), "value": list(values.values())}
        ),
    )


ATTEMPTS = panel("Attempts", {date(2021, 8, 1): 3500.0, date(2021, 10, 1): 17447.0})
DETECTIONS = panel("Detections", {date(2021, m, 1): 10.0 * m for m in range(1, 13)})


def test_measures_never_share_an_axis_of_counts() -> None:
    chart = chart_measures([DETECTIONS, ATTEMPTS], span=SPAN).to_dict()
    tops = {
        layer["encoding"]["y"]["scale"]["domain"][1]
        for part in chart["vconcat"]
        for layer in part["layer"]
        if "scale" in layer["encoding"].get("y", {})
    }
    assert len(chart["vconcat"]) == 2
    assert len(tops) == 2


def test_a_month_without_a_figure_is_marked_as_such() -> None:
    assert "no figure" in vl_convert.vegalite_to_svg(chart_measures([ATTEMPTS], span=SPAN).to_dict())
    assert "no figure" not in vl_convert.vegalite_to_svg(chart_measures([DETECTIONS], span=SPAN).to_dict())


def test_words_name_largest_and_last() -> None:
    words = describe_measures([ATTEMPTS], span=SPAN)
    assert "2 figures by month" in words
    assert "17,447 in October 2021" in words


def test_days_that_do_not_follow_each_other_are_not_joined() -> None:
    days = panel("Days", {date(2021, 8, d): 5.0 for d in (1, 2, 5)})
    daily = FigurePanel(
        title="Days",
        detail="",
        figures=days.figures.with_columns(pl.col("period_start").alias("period_end")),
    )
    chart = chart_daily([daily], span=SPAN).to_dict()
    (rows,) = (json.loads(text) for text in chart["datasets"].values())
    assert [row["run"] for row in rows] == [0, 0, 1]
    assert chart["layer"][0]["encoding"]["detail"]["field"] == "run"
    assert "No figure was found for 362 of 365 days." in describe_daily([daily], span=SPAN)


counts = st.dictionaries(
    st.tuples(st.integers(0, 23), st.sampled_from(["IRQ", "SYR", "AFG", "IRN", "ETH", "UNK", "XSS"])),
    st.integers(0, 500),
    min_size=1,
)


@given(counts, st.integers(1, 5))
def test_shares_sum_to_one_or_are_left_out(cells: dict[tuple[int, str], int], n: int) -> None:
    figures = pl.DataFrame(
        [
            {"period_start": date(2021 + m // 12, m % 12 + 1, 1), "nationality": code, "value": float(v)}
            for (m, code), v in cells.items()
        ]
    )
    shares = nationality_shares(figures, n=n)
    sums = shares.group_by("period_start").agg(pl.col("share").sum(), pl.col("total").first())
    for share, total in sums.select("share", "total").iter_rows():
        assert share == pytest.approx(1.0) if total >= 30 else share == 0
    assert shares["value"].sum() == figures["value"].sum()
    assert shares["nationality"].n_unique() <= n + 2


def test_the_mix_is_drawn_and_told() -> None:
    figures = pl.DataFrame(
        {
            "period_start": [date(2021, 1, 1)] * 3,
            "nationality": ["IRQ", "SYR", "UNK"],
            "value": [60.0, 30.0, 10.0],
        }
    )
    shares = nationality_shares(figures, n=1, every="1y")
    assert set(shares["nationality"]) == {"IRQ", OTHER, "UNK"}
    svg = vl_convert.vegalite_to_svg(chart_nationality_mix(shares, span=SPAN, layout=NARROW).to_dict())
    assert "Iraq" in svg
    words = describe_nationality_mix(shares, span=SPAN)
    assert "2021: Iraq 60%" in words
    assert "10% is unknown" in words


def test_a_map_draws_what_lies_below_a_route_without_a_line() -> None:
    registry = load_corridors()
    assert {c.id for c in drawn_corridors(registry, ["eastern-borders"])} >= {"BY-PL", "BY-LT", "RU-FI"}
    corridors = drawn_corridors(registry, ["BY-PL"])
    svg = vl_convert.vegalite_to_svg(chart_map(corridors, load_basemap()).to_dict())
    assert "BY-PL" in svg
    assert "Belarus" in svg
    assert "Spain" not in svg
    assert "from Belarus to Poland" in describe_map(corridors)


@pytest.mark.parametrize(
    ("suffix", "start"), [(".svg", b"<svg"), (".png", b"\x89PNG"), (".html", b"<!doctype")]
)
def test_a_chart_becomes_a_file(suffix: str, start: bytes) -> None:
    assert chart_bytes(chart_measures([ATTEMPTS], span=SPAN), suffix).startswith(start)


def test_another_suffix_is_refused() -> None:
    with pytest.raises(InputError):
        chart_bytes(chart_measures([ATTEMPTS], span=SPAN), ".gif")
