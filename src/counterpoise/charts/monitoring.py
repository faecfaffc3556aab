"""A series beside what was expected of it: band, alarms, phases, numbered events and responses."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import altair as alt
import polars as pl

from counterpoise.charts.scales import CountAxis, count_axis, inline, middle_of, panel_title, time_x
from counterpoise.charts.theme import ALARM, BAND, EXPECTED, INK, WIDE, Caption, Layout, finish
from counterpoise.charts.timeline import Mark, PhaseBand, Span, chart_rug, phase_layers
from counterpoise.errors import InputError
from counterpoise.monitoring.results import Detection
from counterpoise.observations.nationalities import nationality_name

__all__ = [
    "ALARM_KINDS",
    "ALARM_SHAPES",
    "chart_band",
    "chart_band_panels",
    "chart_detection",
    "describe_band",
]

_PANEL_HEIGHT = 92
_SHOWN_DAYS = 183
"""Of daily series the newest half year is drawn: more dots than that are a smear."""
ALARM_SHAPES = {"collapse": "triangle-down", "level_shift": "square", "reporting_change": "cross"}
"""Marks that differ without colour; rises are diamonds."""
ALARM_KINDS = {
    "surge": "as a rise",
    "new_route": "as a nationality new on the route",
    "collapse": "as a fall",
    "level_shift": "as a new level",
    "reporting_change": "as a change of counting",
}

_UNITS = {"D": "day", "W": "week", "M": "month"}


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
        upper=shown["upper"].to_list(),
        headroom=1.18,
        logarithmic=logarithmic,
    )
    panel = alt.layer(
        *phase_layers(phases, span, layout, labels=True),
        *_layers(inline(_rows(shown, alarms, axis.top).to_dicts()), axis, span, layout),
    ).properties(width=layout.width, height=layout.height, title=panel_title(axis.title(), layout))
    rug = chart_rug(marks, span, layout)
    parts = panel if rug is None else alt.vconcat(panel, rug, spacing=24, bounds="flush")
    return finish(parts, layout, caption)


def chart_band_panels(
    panels: Sequence[tuple[str, pl.DataFrame, pl.DataFrame]],
    *,
    span: Span,
    layout: Layout = WIDE,
    caption: Caption | None = None,
) -> Any:
    """Return small charts of several series, each on a scale of its own: two in a row, on a phone one.

    Parameters
    ----------
    panels
        Title, bands and alarms of each series; see :func:`chart_band`.
    """
    n_columns = 2 if layout.width > 400 else 1
    width = (layout.width - (n_columns - 1) * layout.axis) // n_columns - 8 * (n_columns - 1)
    # one drawing repeated over its panels: building each by itself takes ten times as long
    rows = pl.concat([_panel_rows(title, bands, alarms, span) for title, bands, alarms in panels])
    titles = [title for title, _, _ in panels]
    axis = CountAxis(logarithmic=False, top=None, unit="")
    small = replace(layout, width=width)
    shown = alt.layer(*_layers(inline(rows.to_dicts()), axis, span, small)).properties(
        width=width, height=_PANEL_HEIGHT
    )
    chart = (
        shown.facet(
            facet=alt.Facet(
                "panel:N",
                sort=titles,
                title=None,
                header=alt.Header(
                    labelAnchor="start",
                    labelFontSize=layout.font_size,
                    labelFontWeight="bold",
                    labelColor=INK,
                    labelPadding=3,
                ),
            ),
            columns=n_columns,
            spacing={"row": 14, "column": 16},
        )
        .resolve_scale(y="independent")
        .resolve_axis(x="independent")
        .properties(align="all")
    )
    return finish(chart, layout, caption)


def _panel_rows(title: str, bands: pl.DataFrame, alarms: pl.DataFrame, span: Span) -> pl.DataFrame:
    shown = _shown(bands, span)
    top = count_axis(shown["observed"].to_list(), "", headroom=1.18, logarithmic=False).top
    return _rows(shown, alarms, top).with_columns(pl.lit(title).alias("panel"))


def chart_detection(
    detection: Detection,
    corridor: str | None,
    nationality: str | None,
    *,
    layout: Layout = WIDE,
) -> Any:
    """Return the chart of one series of a detection, with title and source line.

    Parameters
    ----------
    corridor, nationality
        The series. Left out: the corridor, or the total, that the detection looked at first.

    Raises
    ------
    InputError
        If the detection holds no such series.
    """
    wanted = detection.series
    if corridor is not None:
        wanted = wanted.filter(pl.col("corridor") == corridor)
    monitored = wanted.filter(pl.col("status") == "monitored")
    chosen = nationality or ("TOTAL" if "TOTAL" in monitored["nationality"] else None)
    if chosen is not None:
        wanted, monitored = (frame.filter(pl.col("nationality") == chosen) for frame in (wanted, monitored))
    if monitored.is_empty():
        reasons = [f"{row['measure']}: {row['reason']}" for row in wanted.head(1).iter_rows(named=True)]
        raise InputError(
            expected="a monitored series to draw",
            found=f"none for {corridor or 'any corridor'} and {nationality or 'all nationalities'}"
            + "".join(f" ({reason})" for reason in reasons),
            where="--corridor, --nationality",
            hint="choose an earlier --as-of or another series"
            if reasons
            else "'counterpoise detect --json' lists the series with alarms",
        )
    row = monitored.sort("dataset", "corridor", "nationality", "measure").row(0, named=True)
    keys = [pl.col(name) == row[name] for name in ("dataset", "corridor", "nationality", "measure")]
    bands, alarms = detection.bands.filter(*keys), detection.alarms.filter(*keys)
    measure = row["measure"].replace("_", " ").capitalize()
    first, last = row["first_period_start"], row["last_period_end"]
    unit = _UNITS[row["frequency"]]
    if row["frequency"] == "D":
        first = max(first, last - timedelta(days=_SHOWN_DAYS))
        # A sum over several days has no day to stand at.
        alarms = alarms.filter(pl.col("period_start") == pl.col("period_end"))
    return chart_band(
        bands,
        alarms,
        span=Span(first=first, last=last),
        measure=f"{measure} per {unit}",
        layout=layout,
        caption=Caption(
            title=f"{measure}, {row['corridor']}: {nationality_name(row['nationality'])}",
            subtitle=f"Line: published counts. Band: expected from earlier {unit}s. Diamonds: alarms.",
            source=f"{row['dataset']}, as known on {detection.provenance.as_of}; {detection.result_id}",
        ),
    )


def _shown(frame: pl.DataFrame, span: Span) -> pl.DataFrame:
    return frame.filter(pl.col("period_end") >= span.first, pl.col("period_start") <= span.last).sort(
        "period_start"
    )


def _rows(shown: pl.DataFrame, alarms: pl.DataFrame, top: float | None) -> pl.DataFrame:
    """Return what is drawn of a series: one row per period, the band cut at ``top``, alarms by their shape."""
    shapes = alarms.select(
        "period_start",
        pl.col("kind").replace_strict(ALARM_SHAPES, default="diamond").alias("shape"),
    ).unique(subset="period_start", keep="first", maintain_order=True)
    return (
        shown.with_columns(middle_of())
        .join(shapes, on="period_start", how="left", maintain_order="left")
        .select(
            "middle",
            "observed",
            # a missing value stays missing: the least of null and a number would be the number
            pl.when(pl.col("expected").is_not_null())
            .then(pl.min_horizontal("expected", pl.lit(top)))
            .alias("expected"),
            "lower",
            pl.when(pl.col("upper").is_not_null())
            .then(pl.min_horizontal("upper", pl.lit(top)))
            .alias("upper"),
            pl.col("flag").str.contains("provisional").alias("provisional"),
            "shape",
        )
    )


def _layers(data: Any, axis: CountAxis, span: Span, layout: Layout) -> list[Any]:
    base = alt.Chart(data).encode(x=time_x("middle", span.first, span.last))
    return [
        base.transform_filter("isValid(datum.upper)")
        .mark_area(color=BAND, opacity=0.85)
        .encode(y=axis.y("lower", layout), y2=alt.Y2("upper:Q")),
        base.mark_line(color=EXPECTED, strokeWidth=1.4, strokeDash=[5, 3]).encode(
            y=axis.y("expected", layout)
        ),
        base.mark_line(color=INK, strokeWidth=1.6, invalid="break-paths-filter-domains").encode(
            y=axis.y("observed", layout)
        ),
        base.transform_filter("isValid(datum.observed)")
        .mark_point(size=14, stroke=INK, strokeWidth=1.2, opacity=1)
        .encode(
            y=axis.y("observed", layout),
            fill=alt.condition("datum.provisional", alt.value("#ffffff"), alt.value(INK)),
        ),
        base.transform_filter("isValid(datum.shape)")
        .mark_point(filled=True, size=78, fill=ALARM, stroke="#ffffff", strokeWidth=1, opacity=1)
        .encode(y=axis.y("observed", layout), shape=alt.Shape("shape:N", scale=None)),
    ]


def describe_band(
    bands: pl.DataFrame, alarms: pl.DataFrame, *, span: Span, what: str, smallest: int = 1
) -> str:
    """Return the chart in words: range, peak, what was expected then, and the alarmed periods.

    Parameters
    ----------
    what
        The series in words, e.g. 'Detections of people from Iraq on the Eastern borders, per month'.
    smallest
        Counts from 1 up to, not including, this one are told as 'fewer than'.
    """
    shown = _shown(bands, span)
    known = shown.drop_nulls("observed")
    if known.is_empty():
        return f"{what}: no figure in the period shown."
    peak = known.sort("observed", "period_start", descending=[True, False]).row(0, named=True)
    first, last = known.row(0, named=True), known.row(-1, named=True)
    text = (
        f"{what}, from {first['period_start']:%B %Y} to {last['period_start']:%B %Y}. "
        f"The largest count is {_told(peak['observed'], smallest)} in {peak['period_start']:%B %Y}"
    )
    if peak["expected"] is not None:
        text += (
            f", when the model expected {peak['expected']:,.0f} "
            f"({peak['level']:.0%} interval {peak['lower']:,.0f} to {peak['upper']:,.0f})"
        )
    text += f". The last count is {_told(last['observed'], smallest)}."
    gaps = shown.height - known.height
    if gaps:
        text += f" In {gaps} of {shown.height} periods there is no figure."
    marked = _shown(alarms, span)
    if marked.is_empty():
        return f"{text} No period is alarmed."
    parts = []
    for kind, words in ALARM_KINDS.items():
        months = [f"{day:%B %Y}" for day in marked.filter(pl.col("kind") == kind)["period_start"].to_list()]
        if months:
            listed = ", ".join(months[:6]) + (f" and {len(months) - 6} more" if len(months) > 6 else "")
            parts.append(f"{words} {listed}")
    return f"{text} Alarmed {'; '.join(parts)}."


def _told(count: float, smallest: int) -> str:
    return f"fewer than {smallest}" if 0 < count < smallest else f"{count:,.0f}"
