"""What stands around the counts in time: phases as shaded bands, numbered events and responses as a rug.

The numbers are those of the list in the text. Marks that would overlap share one label, ``12–17``; numbers
run in order of date, so such a label names neighbours among what is drawn.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import altair as alt

from counterpoise.charts.scales import inline, plain_x, plain_y, time_x, to_ms
from counterpoise.charts.theme import INK, MUTED, PHASE_SHADES, Layout

__all__ = ["Mark", "PhaseBand", "Span", "chart_rug", "cluster_marks", "phase_layers"]

_LANES = 2
_LANE_HEIGHT = 17
_ROW_GAP = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """The days a chart shows, both inclusive."""

    first: date
    last: date

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last

    def pixels(self, day: date, width: int) -> float:
        """Return where a day lies on a plot of ``width`` pixels."""
        return (day - self.first).days / max((self.last - self.first).days + 1, 1) * width


@dataclass(frozen=True, slots=True, kw_only=True)
class PhaseBand:
    """A phase of a case as a chart shows it: a letter that the text explains."""

    letter: str
    name: str
    start: date
    end: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A numbered entry of the list of events (``row`` Events) or of responses (``row`` Responses)."""

    row: str
    number: int
    day: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Cluster:
    """Marks that share one label."""

    row: str
    lane: int
    label: str
    days: tuple[date, ...]

    @property
    def middle(self) -> date:
        """The day under the middle of the label."""
        return self.days[0] + (self.days[-1] - self.days[0]) / 2


def _label(numbers: Sequence[int]) -> str:
    return str(numbers[0]) if len(numbers) == 1 else f"{numbers[0]}–{numbers[-1]}"


def cluster_marks(marks: Sequence[Mark], span: Span, layout: Layout) -> tuple[Cluster, ...]:
    """Return the marks as labels that do not overlap, on at most two lanes per row.

    Neighbours are joined until their labels fit; every mark within the span is in exactly one cluster.
    """
    found: list[Cluster] = []
    for row in dict.fromkeys(mark.row for mark in marks):
        inside = sorted((m for m in marks if m.row == row and m.day in span), key=lambda m: (m.day, m.number))
        groups = [[mark] for mark in inside]
        while (joined := _first_overlap(groups, span, layout)) is not None:
            groups[joined : joined + 2] = [groups[joined] + groups[joined + 1]]
        found += [
            Cluster(
                row=row,
                lane=i % _LANES,
                label=_label([m.number for m in group]),
                days=tuple(m.day for m in group),
            )
            for i, group in enumerate(groups)
        ]
    return tuple(found)


def _first_overlap(groups: list[list[Mark]], span: Span, layout: Layout) -> int | None:
    """Return the first group whose label runs into that of the next one on its lane, joined pairwise."""

    def centre(group: list[Mark]) -> float:
        return (span.pixels(group[0].day, layout.width) + span.pixels(group[-1].day, layout.width)) / 2

    def half(group: list[Mark]) -> float:
        return (len(_label([m.number for m in group])) * layout.font_size * 0.56 + 9) / 2

    for i in range(len(groups) - _LANES):
        here, there = groups[i], groups[i + _LANES]
        if centre(here) + half(here) > centre(there) - half(there):
            # join the two closest of the three, so that labels stay near what they name
            gaps = [centre(groups[i + k + 1]) - centre(groups[i + k]) for k in range(_LANES)]
            return i + gaps.index(min(gaps))
    return None


def phase_layers(phases: Sequence[PhaseBand], span: Span, layout: Layout, *, labels: bool) -> list[Any]:
    """Return shaded bands for the phases, with their letter (and name where it fits) at the top."""
    rows = []
    for i, phase in enumerate(phases):
        start = max(phase.start, span.first)
        end = min(phase.end or span.last, span.last)
        if start > end:
            continue
        room = span.pixels(end, layout.width) - span.pixels(start, layout.width)
        full = f"{phase.letter} {phase.name}"
        rows.append(
            {
                "start": to_ms(start),
                "end": to_ms(end + timedelta(days=1)),
                "shade": PHASE_SHADES[i % 2],
                "text": full if len(full) * 5.6 < room else phase.letter,
            }
        )
    if not rows:
        return []
    data = inline(rows)
    layers: list[Any] = [
        alt.Chart(data)
        .mark_rect()
        .encode(
            x=time_x("start", span.first, span.last),
            x2=alt.X2("end:T"),
            color=alt.Color("shade:N", scale=None),
        )
    ]
    if labels:
        layers.append(
            alt.Chart(data)
            .mark_text(align="left", baseline="top", dx=4, fontSize=10, fontWeight="bold", color=MUTED)
            .encode(x=time_x("start", span.first, span.last), y=alt.value(4), text=alt.Text("text:N"))
        )
    return layers


def chart_rug(marks: Sequence[Mark], span: Span, layout: Layout) -> Any:
    """Return a panel with the numbered marks below a plot of the same span, or None without marks.

    Events are dark labels, responses light ones with a border: the two differ without colour.
    """
    clusters = cluster_marks(marks, span, layout)
    if not clusters:
        return None
    rows = list(dict.fromkeys(c.row for c in clusters))
    row_height = _LANES * _LANE_HEIGHT + _ROW_GAP
    height = len(rows) * row_height
    layers: list[Any] = []
    for i, row in enumerate(rows):
        mine = [c for c in clusters if c.row == row]
        top = i * row_height + _ROW_GAP
        layers += _rug_row(mine, span, layout, top=top, dark=row == rows[0] and row == "Events")
    names = inline([{"y": i * row_height + _ROW_GAP + 5, "row": row} for i, row in enumerate(rows)])
    layers.append(
        alt.Chart(names)
        .mark_text(align="left", baseline="middle", fontSize=10, color=MUTED, dx=-layout.axis + 6)
        .encode(x=alt.value(0), y=plain_y("y"), text=alt.Text("row:N"))
    )
    return alt.layer(*layers).properties(width=layout.width, height=height)


def _rug_row(clusters: Sequence[Cluster], span: Span, layout: Layout, *, top: int, dark: bool) -> list[Any]:
    labels, ticks = [], []
    for cluster in clusters:
        y = top + cluster.lane * _LANE_HEIGHT + 7
        half = len(cluster.label) * 5.6 / 2 + 4
        centre = min(max(span.pixels(cluster.middle, layout.width), half), layout.width - half)
        labels.append(
            {
                "x": centre - half,
                "x2": centre + half,
                "mid": centre,
                "y": y,
                "top": y - 7,
                "bottom": y + 7,
                "label": cluster.label,
            }
        )
        ticks += [
            {"x": span.pixels(day, layout.width), "y": top - _ROW_GAP + 1, "y2": top - 2}
            for day in cluster.days
        ]
    box = alt.Chart(inline(labels))
    return [
        alt.Chart(inline(ticks))
        .mark_rule(color=INK, strokeWidth=1)
        .encode(x=plain_x("x"), y=plain_y("y"), y2=alt.Y2("y2:Q")),
        box.mark_rect(
            cornerRadius=7 if dark else 1,
            fill=INK if dark else "#ffffff",
            stroke=INK,
            strokeWidth=1,
        ).encode(x=plain_x("x"), x2=alt.X2("x2:Q"), y=plain_y("top"), y2=alt.Y2("bottom:Q")),
        box.mark_text(fontSize=10, baseline="middle", dy=0.5, color="#ffffff" if dark else INK).encode(
            x=plain_x("mid"), y=plain_y("y"), text=alt.Text("label:N")
        ),
    ]
