"""Published figures as they are: each measure in a panel of its own, gaps shown as gaps.

Measures are never drawn on one axis: a person turned back is not a detection, and one person can be turned
back many times. The panels share the axis of time and nothing else.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import altair as alt
import polars as pl

from counterpoise.charts.scales import count_axis, inline, middle_of, panel_title, time_x, to_ms
from counterpoise.charts.theme import INK, MUTED, NO_FIGURE, WIDE, Caption, Layout, finish
from counterpoise.charts.timeline import Mark, PhaseBand, Span, chart_rug, phase_layers
from counterpoise.observations.words import spoken_date

__all__ = ["FigurePanel", "chart_daily", "chart_measures", "describe_daily", "describe_measures"]

_PANEL_HEIGHT = 84
_BAR = "#3f5f7d"


@dataclass(frozen=True, slots=True, kw_only=True)
class FigurePanel:
    """One measure of one publisher at one border.

    Parameters
    ----------
    title
        Measure and border in words: 'Attempts, Poland's border with Belarus'.
    detail
        Unit and publisher: 'events, Straż Graniczna'.
    figures
        Columns ``period_start``, ``period_end``, ``value``: one row per published figure, no row where none
        is published.
    """

    title: str
    detail: str
    figures: pl.DataFrame

    def within(self, span: Span) -> pl.DataFrame:
        """Return the figures whose period lies in the span, by period."""
        return self.figures.filter(
            pl.col("period_start") >= span.first, pl.col("period_end") <= span.last
        ).sort("period_start", "period_end")


def chart_measures(
    panels: Sequence[FigurePanel], *, span: Span, layout: Layout = WIDE, caption: Caption | None = None
) -> Any:
    """Return monthly figures, one panel per measure, on a shared axis of time.

    A month without a figure is filled pale grey, so that it cannot be read as zero.
    """
    last = len(panels) - 1
    parts = [_monthly_panel(panel, span, layout, labels=i == last) for i, panel in enumerate(panels)]
    return finish(alt.vconcat(*parts, spacing=14), layout, caption)


def _monthly_panel(panel: FigurePanel, span: Span, layout: Layout, *, labels: bool) -> Any:
    shown = panel.within(span)
    axis = count_axis(shown["value"].to_list(), panel.title, logarithmic=False)
    missing = _missing_months(shown, span)
    bars = shown.select(
        pl.col("period_start").cast(pl.Datetime("ms")).dt.epoch("ms").alias("start"),
        (pl.col("period_end").cast(pl.Datetime("ms")).dt.epoch("ms") + 86_400_000).alias("end"),
        "value",
    ).with_columns(  # a hair of white between neighbours
        pl.col("start") + 0.06 * (pl.col("end") - pl.col("start"))
    )
    layers = [
        alt.Chart(inline(missing))
        .mark_rect(color=NO_FIGURE)
        .encode(x=time_x("start", span.first, span.last, labels=labels), x2=alt.X2("end:T")),
        alt.Chart(inline(missing))
        .transform_filter(f"datum.end - datum.start > {_labelled_gap(span, layout)}")
        .mark_text(fontSize=10, color=MUTED, baseline="middle")
        .encode(
            x=time_x("middle", span.first, span.last, labels=labels),
            y=alt.value(_PANEL_HEIGHT / 2),
            text=alt.value("no figure"),
        ),
        alt.Chart(inline(bars.to_dicts()))
        .mark_rect(color=_BAR)
        .encode(
            x=time_x("start", span.first, span.last, labels=labels),
            x2=alt.X2("end:T"),
            y=axis.y("value", layout, n_ticks=3),
            y2=alt.datum(0),
        ),
    ]
    return alt.layer(*layers).properties(
        width=layout.width,
        height=_PANEL_HEIGHT,
        title=panel_title(panel.title, layout, detail=panel.detail),
    )


def _missing_months(shown: pl.DataFrame, span: Span) -> list[dict[str, int]]:
    """Return the runs of months of the span that have no figure, in milliseconds."""
    months = pl.DataFrame(
        {"month": pl.date_range(span.first.replace(day=1), span.last, interval="1mo", eager=True)}
    )
    absent = months.join(
        shown.select(pl.col("period_start").dt.truncate("1mo").alias("month")), on="month", how="anti"
    )["month"].sort()
    runs: list[dict[str, int]] = []
    for month in absent:
        start = to_ms(max(month, span.first))
        end = to_ms(min((month + timedelta(days=31)).replace(day=1), span.last + timedelta(days=1)))
        if runs and runs[-1]["end"] == start:
            runs[-1]["end"] = end
        else:
            runs.append({"start": start, "end": end})
    return [{**run, "middle": (run["start"] + run["end"]) // 2} for run in runs]


def _labelled_gap(span: Span, layout: Layout) -> int:
    """Return how long a gap must be, in milliseconds, to hold its label."""
    return int(56 / layout.width * ((span.last - span.first).days + 1) * 86_400_000)


def describe_measures(panels: Sequence[FigurePanel], *, span: Span) -> str:
    """Return the panels in words: for each its first, largest and last figure, and how many there are."""
    return " ".join(_describe_panel(panel, span, lambda month: f"{month:%B %Y}", "month") for panel in panels)


def _describe_panel(panel: FigurePanel, span: Span, spoken: Callable[[date], str], period: str) -> str:
    shown = panel.within(span)
    name = f"{panel.title} ({panel.detail})" if panel.detail else panel.title
    if shown.is_empty():
        return f"{name}: no figure in the period shown."
    peak = shown.sort("value", "period_start", descending=[True, False]).row(0, named=True)
    first, last = shown.row(0, named=True), shown.row(-1, named=True)
    return (
        f"{name}: {shown.height} figures by {period}, "
        f"from {spoken(first['period_start'])} to {spoken(last['period_start'])}; "
        f"the largest is {peak['value']:,.0f} {'on' if period == 'day' else 'in'} {spoken(peak['period_start'])}, "
        f"the last {last['value']:,.0f}."
    )


def chart_daily(
    panels: Sequence[FigurePanel],
    *,
    span: Span,
    phases: Sequence[PhaseBand] = (),
    marks: Sequence[Mark] = (),
    layout: Layout = WIDE,
    caption: Caption | None = None,
) -> Any:
    """Return daily figures as dots, one panel per measure; a line joins only days that follow each other.

    Phases are shaded behind all panels; numbered events and responses stand below the last one.
    """
    last = len(panels) - 1
    height = _PANEL_HEIGHT if last else 2 * _PANEL_HEIGHT
    parts = [
        _daily_panel(panel, span, phases, layout, height, labels=i == last) for i, panel in enumerate(panels)
    ]
    drawn = parts[0] if len(parts) == 1 else alt.vconcat(*parts, spacing=14)
    rug = chart_rug(marks, span, layout)
    if rug is not None:
        drawn = alt.vconcat(drawn, rug, spacing=24, bounds="flush")
    return finish(drawn, layout, caption)


def _daily_panel(
    panel: FigurePanel,
    span: Span,
    phases: Sequence[PhaseBand],
    layout: Layout,
    height: int,
    *,
    labels: bool,
) -> Any:
    shown = panel.within(span)
    axis = count_axis(shown["value"].to_list(), panel.title, headroom=1.25, logarithmic=False)
    rows = shown.with_columns(
        middle_of(),
        (pl.col("period_start").diff().dt.total_days().fill_null(1) > 1).cum_sum().alias("run"),
    ).select("middle", "value", "run")
    base = alt.Chart(inline(rows.to_dicts())).encode(
        x=time_x("middle", span.first, span.last, labels=labels), y=axis.y("value", layout, n_ticks=3)
    )
    return alt.layer(
        *phase_layers(phases, span, layout, labels=True),
        base.mark_line(color=MUTED, strokeWidth=0.8).encode(detail=alt.Detail("run:N")),
        base.mark_point(size=9, filled=True, fill=INK, opacity=0.75),
    ).properties(
        width=layout.width,
        height=height,
        title=panel_title(panel.title, layout, detail=panel.detail),
    )


def describe_daily(panels: Sequence[FigurePanel], *, span: Span) -> str:
    """Return the panels in words, with how many of the days shown have no figure."""
    days = (span.last - span.first).days + 1
    parts = []
    for panel in panels:
        n = panel.within(span)["period_start"].n_unique()
        figures = _describe_panel(panel, span, spoken_date, "day")
        parts.append(f"{figures} No figure was found for {days - n:,} of {days:,} days.")
    return " ".join(parts)
