"""A series beside what was expected of it: band, alarms, phases, numbered events and responses."""

from collections.abc import Sequence
from typing import Any

import altair as alt
import polars as pl

from counterpoise.charts.scales import CountAxis, count_axis, inline, middle_of, panel_title, time_x
from counterpoise.charts.theme import ALARM, BAND, EXPECTED, INK, WIDE, Caption, Layout, finish
from counterpoise.charts.timeline import Mark, PhaseBand, Span, chart_rug, phase_layers

__all__ = ["chart_band", "describe_band"]


def chart_band(
    bands: pl.DataFrame,
    alarms: pl.DataFrame,
    *,
    span: Span,
    measure: str,
    phases: Sequence[PhaseBand] = (),
    marks: Sequence[Mark] = (),
    layout: Layout = WIDE,
    caption: Caption | None = None,
    logarithmic: bool | None = None,
) -> Any:
    """Return the chart of one monitored series.

    Parameters
    ----------
    bands
        Schema ``BANDS``, one series. Periods without a figure have null ``observed`` and break the line.
    alarms
        Schema ``ALARMS``, the same series.
    span
        The days shown.
    measure
        What one count is, for the axis title: 'Detections per month'.
    phases, marks
        Phases of the case; numbered events and responses, as in the list of the text.
    layout, caption
        Room, and what stands around the chart when it is used on its own.
    logarithmic
        True or False decides the scale; None lets the range of the counts decide.
    """
    shown = _shown(bands, span)
    axis = count_axis(
        [*shown["observed"].to_list(), *shown["expected"].to_list()],
        measure,
        headroom=1.18,
        logarithmic=logarithmic,
    )
    panel = alt.layer(
        *phase_layers(phases, span, layout, labels=True),
        *_band_layers(shown, axis, span, layout),
        *_alarm_layers(_shown(alarms, span), axis, span, layout),
    ).properties(width=layout.width, height=layout.height, title=panel_title(axis.title(), layout))
    rug = chart_rug(marks, span, layout)
    parts = panel if rug is None else alt.vconcat(panel, rug, spacing=24, bounds="flush")
    return finish(parts, layout, caption)


def _shown(frame: pl.DataFrame, span: Span) -> pl.DataFrame:
    return frame.filter(pl.col("period_end") >= span.first, pl.col("period_start") <= span.last).sort(
        "period_start"
    )


def _band_layers(shown: pl.DataFrame, axis: CountAxis, span: Span, layout: Layout) -> list[Any]:
    rows = shown.with_columns(middle_of()).select(
        "middle",
        "observed",
        "expected",
        "lower",
        pl.min_horizontal("upper", pl.lit(axis.top)).alias("upper"),
        pl.col("flag").str.contains("provisional").alias("provisional"),
    )
    data = inline(rows.to_dicts())
    x = time_x("middle", span.first, span.last)
    base = alt.Chart(data)
    return [
        base.mark_area(color=BAND, opacity=0.85).encode(x=x, y=axis.y("lower", layout), y2="upper:Q"),
        base.mark_line(color=EXPECTED, strokeWidth=1.4, strokeDash=[5, 3]).encode(
            x=x, y=axis.y("expected", layout)
        ),
        base.mark_line(color=INK, strokeWidth=1.6, invalid="break-paths-filter-domains").encode(
            x=x, y=axis.y("observed", layout)
        ),
        base.transform_filter("isValid(datum.observed)")
        .mark_point(size=14, stroke=INK, strokeWidth=1.2, opacity=1)
        .encode(
            x=x,
            y=axis.y("observed", layout),
            fill=alt.condition("datum.provisional", alt.value("#ffffff"), alt.value(INK)),
        ),
    ]


def _alarm_layers(alarms: pl.DataFrame, axis: CountAxis, span: Span, layout: Layout) -> list[Any]:
    if alarms.is_empty():
        return []
    rows = alarms.with_columns(middle_of()).select(
        "middle",
        "observed",
        pl.when(pl.col("kind") == "collapse")
        .then(pl.lit("triangle-down"))
        .otherwise(pl.lit("diamond"))
        .alias("shape"),
    )
    return [
        alt.Chart(inline(rows.to_dicts()))
        .mark_point(filled=True, size=78, fill=ALARM, stroke="#ffffff", strokeWidth=1, opacity=1)
        .encode(
            x=time_x("middle", span.first, span.last),
            y=axis.y("observed", layout),
            shape=alt.Shape("shape:N", scale=None),
        )
    ]


def describe_band(bands: pl.DataFrame, alarms: pl.DataFrame, *, span: Span, what: str) -> str:
    """Return the chart in words: range, peak, what was expected then, and the alarmed periods.

    Parameters
    ----------
    what
        The series in words, e.g. 'Detections of people from Iraq on the Eastern borders, per month'.
    """
    shown = _shown(bands, span)
    known = shown.drop_nulls("observed")
    if known.is_empty():
        return f"{what}: no figure in the period shown."
    peak = known.sort("observed", "period_start", descending=[True, False]).row(0, named=True)
    first, last = known.row(0, named=True), known.row(-1, named=True)
    text = (
        f"{what}, from {first['period_start']:%B %Y} to {last['period_start']:%B %Y}. "
        f"The largest count is {peak['observed']:,.0f} in {peak['period_start']:%B %Y}"
    )
    if peak["expected"] is not None:
        text += (
            f", when the model expected {peak['expected']:,.0f} "
            f"({peak['level']:.0%} interval {peak['lower']:,.0f} to {peak['upper']:,.0f})"
        )
    text += f". The last count is {last['observed']:,.0f}."
    gaps = shown.height - known.height
    if gaps:
        text += f" In {gaps} of {shown.height} periods there is no figure."
    marked = _shown(alarms, span)
    if marked.is_empty():
        return f"{text} No period is alarmed."
    months = [f"{day:%B %Y}" for day in marked["period_start"].to_list()]
    listed = ", ".join(months[:6]) + (f" and {len(months) - 6} more" if len(months) > 6 else "")
    return f"{text} Alarmed: {listed}."
