"""Axes of time and counts, the same in every chart.

Days are handed to the drawing as milliseconds of UTC, so that no clock of the machine can move them.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import altair as alt
import polars as pl

from counterpoise.charts.theme import INK, MUTED, Layout

__all__ = [
    "CountAxis",
    "count_axis",
    "inline",
    "middle_of",
    "panel_title",
    "plain_x",
    "plain_y",
    "time_x",
    "to_ms",
]

_LOG_FROM = 15.0
"""Above this ratio of the largest to the median count a linear axis hides what was expected."""


def inline(rows: Iterable[Mapping[str, Any]]) -> Any:
    """Return rows as data inside the drawing; as one text, because charts copy their data many times over."""
    return alt.InlineData(values=json.dumps(list(rows)), format=alt.JsonDataFormat(type="json"))


def to_ms(day: date) -> int:
    """Return the first instant of a day in UTC, in milliseconds."""
    return int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp() * 1000)


def middle_of(start: str = "period_start", end: str = "period_end") -> pl.Expr:
    """Return the middle of each period in milliseconds; ``end`` is inclusive."""
    first = pl.col(start).cast(pl.Datetime("ms")).dt.epoch("ms")
    last = pl.col(end).cast(pl.Datetime("ms")).dt.epoch("ms") + 86_400_000
    return ((first + last) // 2).alias("middle")


def _ticks(first: date, last: date) -> tuple[list[int], str]:
    years = last.year - first.year + 1
    if years > 2:
        step = 1 if years <= 9 else 3
        marked = [y for y in range(first.year + 1, last.year + 1) if (y - first.year) % step == 0]
        return [to_ms(date(y, 1, 1)) for y in marked], "%Y"
    quarters = [date(y, m, 1) for y in range(first.year, last.year + 1) for m in (1, 4, 7, 10)]
    return [to_ms(day) for day in quarters if first <= day <= last], "%b %Y"


def time_x(
    field: str, first: date, last: date, *, labels: bool = True, pixels: tuple[int, int] | None = None
) -> Any:
    """Return the x channel for a field in milliseconds, from ``first`` to the end of ``last``.

    ``pixels`` is where time begins and ends, if not at the edges of the drawing.
    """
    ticks, pattern = _ticks(first, last)
    return alt.X(
        f"{field}:T",
        scale=alt.Scale(
            type="utc",
            domain=[to_ms(first), to_ms(last + timedelta(days=1))],
            range=list(pixels) if pixels else alt.Undefined,
            nice=False,
            clamp=True,
        ),
        axis=alt.Axis(
            title=None,
            values=ticks,
            format=pattern,  # of an axis of UTC: a type of format named beside it would undo it
            labels=labels,
            ticks=labels,
            domain=labels,
            grid=True,
        ),
    )


def plain_x(field: str) -> Any:
    """Return the x channel for a field that already holds pixels."""
    return alt.X(f"{field}:Q", scale=None, axis=None)


def plain_y(field: str) -> Any:
    """Return the y channel for a field that already holds pixels."""
    return alt.Y(f"{field}:Q", scale=None, axis=None)


def panel_title(text: str, layout: Layout, *, detail: str = "") -> Any:
    """Return what stands above a panel: the title of its vertical axis, to be read level, and a detail."""
    return alt.TitleParams(
        text=text,
        subtitle=detail or alt.Undefined,
        anchor="start",
        frame="bounds",
        fontSize=layout.font_size,
        fontWeight="bold" if detail else "normal",
        color=INK if detail else MUTED,
        subtitleFontSize=layout.font_size,
        subtitleColor=MUTED,
        offset=7,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class CountAxis:
    """How counts are drawn: linear from 0, or linear to 1 and logarithmic above."""

    logarithmic: bool
    top: float | None
    """The largest count the axis reaches; None: what the drawing finds in its data."""
    unit: str
    """What one count is, as the axis title says it."""

    def title(self) -> str:
        """Return the axis title; it says so when the scale is not linear."""
        return f"{self.unit} (log scale)" if self.logarithmic else self.unit

    def ticks(self) -> list[float] | None:
        """Return tick values for a logarithmic axis, None to let the drawing choose."""
        if not self.logarithmic or self.top is None:
            return None
        return [0.0, *(10.0**k for k in range(12) if 10.0**k <= self.top)]

    def y(self, field: str, layout: Layout, *, n_ticks: int = 5) -> Any:
        """Return the y channel for a field of counts."""
        scale = (
            alt.Scale(type="symlog", constant=1, domain=[0, self.top], nice=False, clamp=True)
            if self.logarithmic
            else alt.Scale(domain=[0, self.top], nice=False, clamp=True)
            if self.top is not None
            else alt.Scale(nice=False, zero=True)
        )
        values = self.ticks()
        return alt.Y(
            f"{field}:Q",
            scale=scale,
            axis=alt.Axis(
                title=None,
                format=",.0f",
                tickCount=n_ticks if values is None else alt.Undefined,
                labelOverlap=values is None,
                tickMinStep=1,
                minExtent=layout.axis - 8,
                maxExtent=layout.axis - 8,
                domain=False,
                ticks=False,
                labelPadding=6,
                values=values if values is not None else alt.Undefined,
            ),
        )


def count_axis(
    values: Iterable[float | None],
    unit: str,
    *,
    upper: Iterable[float | None] = (),
    headroom: float = 1.08,
    logarithmic: bool | None = None,
) -> CountAxis:
    """Return the axis that fits the counts: logarithmic where most of them would be pressed to the floor.

    Parameters
    ----------
    values
        All counts that will be drawn.
    unit
        What one count is: 'Detections per month'.
    upper
        Upper ends of intervals; if most of them lie above all counts, the axis is logarithmic too.
    headroom
        How far a linear axis reaches above the largest count; a logarithmic one reaches three times as high.
    logarithmic
        True or False to decide it.
    """
    found = sorted(v for v in values if v is not None)
    largest = found[-1] if found else 1.0
    median = found[len(found) // 2] if found else 1.0
    ends = sorted(v for v in upper if v is not None)
    middle_end, last_end = (ends[len(ends) // 2], ends[-1]) if ends else (0.0, 0.0)
    wide = largest > 100 and (largest > _LOG_FROM * max(median, 1.0) or middle_end > largest)
    chosen = wide if logarithmic is None else logarithmic
    top = max(largest * 3.0, min(last_end, largest * 10.0)) if chosen else max(largest, 4.0) * headroom
    return CountAxis(logarithmic=chosen, top=top, unit=unit)
