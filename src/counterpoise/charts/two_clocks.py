"""Two clocks: figures over the days they are about, each with a line to the day on which it was published."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt
import numpy as np
import polars as pl

from counterpoise.charts.scales import count_axis, inline, panel_title, time_x
from counterpoise.charts.theme import ALARM, INK, MUTED, WIDE, Caption, Layout, finish
from counterpoise.charts.timeline import Span
from counterpoise.observations.words import spoken_days

__all__ = ["ClockPanel", "chart_two_clocks", "describe_two_clocks"]

_PANEL_HEIGHT = 128
_DAY_MS = 86_400_000
_SHORTEST_DAYS = 2.5
"""A single day is drawn no narrower than this, or nobody would see it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockPanel:
    """The figures of one publisher.

    Parameters
    ----------
    title, detail
        Measure and border in words; unit and publisher.
    figures
        Columns ``period_start``, ``period_end`` (inclusive), ``per_day`` (people per day of the period), ``known_on``
        (day of publication) and ``alarm`` (whether it raised one).
    """

    title: str
    detail: str
    figures: pl.DataFrame

    def within(self, span: Span) -> pl.DataFrame:
        """Return the figures about days of the span that were published in it, by day of publication."""
        return self.figures.filter(
            pl.col("period_start") >= span.first, pl.col("known_on") <= span.last
        ).sort("known_on", "period_start")


def chart_two_clocks(
    panels: Sequence[ClockPanel], *, span: Span, layout: Layout = WIDE, caption: Caption | None = None
) -> Any:
    """Return the panels one below the other on one axis of days.

    A bar lies over the days a figure is about, at the height of its people per day; the thin line after it ends on
    the day of publication. Diamonds mark the figures that raised an alarm, on the day they could be read.
    """
    last = len(panels) - 1
    parts = [_panel(panel, span, layout, labels=i == last) for i, panel in enumerate(panels)]
    return finish(parts[0] if not last else alt.vconcat(*parts, spacing=16), layout, caption)


def _panel(panel: ClockPanel, span: Span, layout: Layout, *, labels: bool) -> Any:
    def ms(name: str) -> pl.Expr:
        return pl.col(name).cast(pl.Datetime("ms")).dt.epoch("ms")

    shown = panel.within(span)
    axis = count_axis(shown["per_day"].to_list(), panel.title, headroom=1.22, logarithmic=False)
    rows = shown.select(
        ms("period_start").alias("start"),
        pl.max_horizontal(
            ms("period_end") + _DAY_MS, ms("period_start") + int(_SHORTEST_DAYS * _DAY_MS)
        ).alias("end"),
        (ms("known_on") + _DAY_MS // 2).alias("known"),
        "per_day",
        "alarm",
        pl.concat_str(pl.col("known_on").dt.day(), pl.col("known_on").dt.strftime(" %B")).alias("label"),
    )
    data, marked = inline(rows.to_dicts()), inline(rows.filter("alarm").to_dicts())
    x = time_x("start", span.first, span.last, labels=labels)
    known = time_x("known", span.first, span.last, labels=labels)
    y = axis.y("per_day", layout, n_ticks=3)
    return alt.layer(
        alt.Chart(data)
        .mark_rule(color=MUTED, strokeWidth=0.9)
        .encode(x=time_x("end", span.first, span.last, labels=labels), x2="known:T", y=y),
        alt.Chart(data).mark_tick(color=MUTED, thickness=1, size=8, orient="vertical").encode(x=known, y=y),
        alt.Chart(data).mark_rule(color=INK, strokeWidth=3.5).encode(x=x, x2="end:T", y=y),
        alt.Chart(marked)
        .mark_point(shape="diamond", size=70, filled=True, color=ALARM, opacity=1)
        .encode(x=known, y=y),
        alt.Chart(marked)
        .mark_text(align="left", dx=8, dy=-1, fontSize=layout.font_size - 1, color=INK)
        .encode(x=known, y=y, text="label:N"),
    ).properties(
        width=layout.width,
        height=_PANEL_HEIGHT,
        title=panel_title(panel.title, layout, detail=panel.detail),
    )


def describe_two_clocks(panels: Sequence[ClockPanel], *, span: Span) -> str:
    """Return the panels in words: how many figures, how long they took, and which raised an alarm when."""
    return " ".join(_described(panel, span) for panel in panels)


def _described(panel: ClockPanel, span: Span) -> str:
    shown = panel.within(span)
    if shown.is_empty():
        return f"{panel.title}: no figure in the time shown."
    days = (shown["known_on"] - shown["period_end"]).dt.total_days()
    alarms = [
        f"{row['known_on'].day} {row['known_on']:%B %Y} ({row['per_day']:,.1f} a day)"
        for row in shown.filter("alarm").iter_rows(named=True)
    ]
    median = float(np.median(days.to_numpy()))
    return (
        f"{panel.title} ({panel.detail}): {shown.height} figures, published {spoken_days(median)} after their "
        f"period in the middle case; alarmed: {', '.join(alarms) or 'none'}."
    )
