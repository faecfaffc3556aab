"""Who was counted, over time: shares of nationalities, from dark to light, labelled where they stand.

Shares describe a count, not a group of people: nothing here ranks nationalities. The order is that of the
sizes over the whole time, kept in all periods so that the eye can follow one.
"""

from collections.abc import Sequence
from typing import Any

import altair as alt
import polars as pl

from counterpoise.charts.scales import inline, panel_title, plain_x, plain_y, time_x
from counterpoise.charts.theme import (
    INK,
    MUTED,
    NATIONALITY_SHADES,
    OTHER_SHADE,
    UNKNOWN_SHADE,
    WIDE,
    Caption,
    Layout,
    finish,
)
from counterpoise.charts.timeline import Span
from counterpoise.observations.nationalities import nationality_name

__all__ = ["OTHER", "chart_nationality_mix", "describe_nationality_mix", "nationality_shares"]

OTHER = "OTHER"
_FEWEST_IN_A_BAR = 30
"""A share of fewer people says nothing about a mix."""
_LIGHT_FROM = 4
"""From this shade on, text on it is dark."""
_HEIGHT = 230
_LEGEND_ROW = 19


def nationality_shares(
    figures: pl.DataFrame, *, n: int = 7, every: str = "1q", unknown: Sequence[str] = ("UNK", "XSS")
) -> pl.DataFrame:
    """Return the share of each of the ``n`` largest nationalities, of all others, and of the unknown.

    Parameters
    ----------
    figures
        Columns ``period_start``, ``nationality`` (no totals), ``value``: one route or border, one measure.
    n
        Nationalities shown by name.
    every
        Length of a bar, as Polars writes it: ``1q`` or ``1y``.
    unknown
        Codes that mean the nationality is not stated.

    Returns
    -------
    polars.DataFrame
        ``period_start``, ``period_end`` (inclusive), ``nationality``, ``value``, ``total`` of the period,
        ``share`` (null where the period has fewer than 30), ``rank`` from 0; unknown last.
    """
    named = figures.filter(~pl.col("nationality").is_in(list(unknown)))
    largest = (
        named.group_by("nationality")
        .agg(pl.col("value").sum())
        .filter(pl.col("value") > 0)
        .sort("value", "nationality", descending=[True, False])
        .head(n)["nationality"]
        .to_list()
    )
    order = {code: i for i, code in enumerate([*largest, OTHER, "UNK"])}
    code = pl.col("nationality")
    grouped = (
        figures.with_columns(
            pl.when(code.is_in(list(unknown)))
            .then(pl.lit("UNK"))
            .when(code.is_in(largest))
            .then(code)
            .otherwise(pl.lit(OTHER))
            .alias("nationality"),
            pl.col("period_start").dt.truncate(every),
        )
        .group_by("period_start", "nationality")
        .agg(pl.col("value").sum())
    )
    return (
        grouped.with_columns(
            pl.col("value").sum().over("period_start").alias("total"),
            pl.col("period_start").dt.offset_by(every).dt.offset_by("-1d").alias("period_end"),
            code.replace_strict(order, return_dtype=pl.Int64).alias("rank"),
        )
        .with_columns(
            pl.when(pl.col("total") >= _FEWEST_IN_A_BAR)
            .then(pl.col("value") / pl.col("total"))
            .alias("share")
        )
        .sort("period_start", "rank")
        .select("period_start", "period_end", "nationality", "value", "total", "share", "rank")
    )


def _shade(code: str, rank: int) -> str:
    if code == OTHER:
        return OTHER_SHADE
    if code == "UNK":
        return UNKNOWN_SHADE
    return NATIONALITY_SHADES[rank % len(NATIONALITY_SHADES)]


def _name(code: str) -> str:
    return "Other" if code == OTHER else nationality_name(code)


def chart_nationality_mix(
    shares: pl.DataFrame, *, span: Span, layout: Layout = WIDE, caption: Caption | None = None
) -> Any:
    """Return stacked shares, one bar per period of :func:`nationality_shares`, with a labelled key below.

    A period with too few people for a mix is left empty.
    """
    shown = shares.filter(
        pl.col("period_end") >= span.first, pl.col("period_start") <= span.last, pl.col("share").is_not_null()
    )
    rows = _stacked(shown, span)
    data = inline(rows.to_dicts())
    percent = alt.Axis(
        title=None,
        format=".0%",
        values=[0, 0.25, 0.5, 0.75, 1],
        minExtent=layout.axis - 8,
        maxExtent=layout.axis - 8,
        domain=False,
        ticks=False,
        labelPadding=6,
    )
    scale = alt.Scale(domain=[0, 1], nice=False)
    bars = (
        alt.Chart(data)
        .mark_rect(stroke="#7b8794", strokeWidth=0.5)
        .encode(
            x=time_x("start", span.first, span.last),
            x2=alt.X2("end:T"),
            y=alt.Y("low:Q", scale=scale, axis=percent),
            y2=alt.Y2("high:Q"),
            color=alt.Color("shade:N", scale=None),
        )
    )
    bar_width = layout.width / max((span.last - span.first).days, 1) * 91
    layers = [bars]
    if bar_width > 21:
        layers.append(
            alt.Chart(data)
            .transform_filter("datum.high - datum.low > 0.075 && datum.whole")
            .mark_text(fontSize=8.5, baseline="middle")
            .encode(
                x=time_x("middle", span.first, span.last),
                y=alt.Y("centre:Q", scale=scale, axis=percent),
                text=alt.Text("label:N"),
                color=alt.Color("ink:N", scale=None),
            )
        )
    panel = alt.layer(*layers).properties(
        width=layout.width, height=_HEIGHT, title=panel_title("Share of the count", layout)
    )
    parts = alt.vconcat(panel, _key(shown, layout), spacing=26, bounds="flush")
    return finish(parts, layout, caption)


def _stacked(shown: pl.DataFrame, span: Span) -> pl.DataFrame:
    """Return the bars' rectangles: time in milliseconds, shares stacked from the largest at the bottom."""
    start = pl.col("period_start").cast(pl.Datetime("ms")).dt.epoch("ms")
    end = pl.col("period_end").cast(pl.Datetime("ms")).dt.epoch("ms") + 86_400_000
    shades = [_shade(code, rank) for code, rank in shown.select("nationality", "rank").iter_rows()]
    inks = [
        "#ffffff" if code not in {OTHER, "UNK"} and rank < _LIGHT_FROM else INK
        for code, rank in shown.select("nationality", "rank").iter_rows()
    ]
    labels = [{OTHER: "oth", "UNK": "?"}.get(code, code) for code in shown["nationality"]]
    return (
        shown.with_columns(
            pl.Series("shade", shades, dtype=pl.String),
            pl.Series("ink", inks, dtype=pl.String),
            pl.Series("label", labels, dtype=pl.String),
            pl.col("share").cum_sum().over("period_start").alias("high"),
            (start + (end - start) * 0.05).alias("start"),
            (end - (end - start) * 0.05).alias("end"),
            ((start + end) // 2).alias("middle"),
            pl.col("period_start")
            .is_between(span.first, span.last)
            .and_(pl.col("period_end").is_between(span.first, span.last))
            .alias("whole"),
        )
        .with_columns((pl.col("high") - pl.col("share")).alias("low"))
        .with_columns(((pl.col("high") + pl.col("low")) / 2).alias("centre"))
        .select("start", "end", "middle", "low", "high", "centre", "shade", "ink", "label", "whole")
    )


def _key(shown: pl.DataFrame, layout: Layout) -> Any:
    """Return the key: a swatch, the code used on the bars, and the name, in the order of the stack."""
    present = shown.select("nationality", "rank").unique().sort("rank")
    columns = max(1, (layout.width + layout.axis) // 165)
    column_width = (layout.width + layout.axis) / columns
    entries: list[dict[str, str | float]] = []
    for i, (code, rank) in enumerate(present.iter_rows()):
        left = (i % columns) * column_width - layout.axis + 8
        entries.append(
            {
                "swatch": left + 8,
                "name": left + 22,
                "y": (i // columns) * _LEGEND_ROW + 8,
                "shade": _shade(code, rank),
                "text": _name(code) if code in {OTHER, "UNK"} else f"{code}  {_name(code)}",
            }
        )
    base = alt.Chart(inline(entries)).encode(y=plain_y("y"))
    return alt.layer(
        base.mark_point(shape="square", size=140, stroke="#7b8794", strokeWidth=0.8, opacity=1).encode(
            x=plain_x("swatch"), fill=alt.Fill("shade:N", scale=None)
        ),
        base.mark_text(align="left", baseline="middle", fontSize=layout.font_size, color=MUTED).encode(
            x=plain_x("name"), text=alt.Text("text:N")
        ),
    ).properties(width=layout.width, height=-(-len(entries) // columns) * _LEGEND_ROW)


def describe_nationality_mix(shares: pl.DataFrame, *, span: Span) -> str:
    """Return the chart in words: the largest share in each year shown, and how much is unknown."""
    shown = shares.filter(
        pl.col("period_end") >= span.first, pl.col("period_start") <= span.last, pl.col("share").is_not_null()
    )
    if shown.is_empty():
        return "No period has 30 people or more, so no mix is shown."
    yearly = (
        shown.group_by(pl.col("period_start").dt.year().alias("year"), "nationality")
        .agg(pl.col("value").sum())
        .with_columns((pl.col("value") / pl.col("value").sum().over("year")).alias("share"))
    )
    leading = (
        yearly.filter(~pl.col("nationality").is_in([OTHER, "UNK"]))
        .sort("year", "value", "nationality", descending=[False, True, False])
        .unique(subset="year", keep="first", maintain_order=True)
    )
    parts = [f"{year}: {_name(code)} {share:.0%}" for year, code, _, share in leading.iter_rows()]
    unknown = float(yearly.filter(pl.col("nationality") == "UNK")["value"].sum()) / float(
        yearly["value"].sum()
    )
    return (
        f"Largest named nationality by year, as a share of the count: {'; '.join(parts)}. "
        f"Over the whole time the nationality of {unknown:.0%} is unknown."
    )
