"""One look for every chart: colours that differ in lightness, so that they read in grey and to every eye.

A chart is drawn for a ``Layout``: wide for a page or paper, narrow for a phone. Text is Arial or what has
its metrics, because that is what every machine can measure.
"""

from dataclasses import dataclass
from typing import Any

import altair as alt

__all__ = [
    "ALARM",
    "BAND",
    "EXPECTED",
    "FONT",
    "GRID",
    "INK",
    "MUTED",
    "NARROW",
    "NATIONALITY_SHADES",
    "NO_FIGURE",
    "OTHER_SHADE",
    "PHASE_SHADES",
    "UNKNOWN_SHADE",
    "WIDE",
    "Caption",
    "Layout",
    "finish",
]

FONT = "Arial, 'Liberation Sans', Helvetica, sans-serif"
INK = "#17212b"
MUTED = "#55606c"
GRID = "#dfe3e8"
BAND = "#c4d7e8"
EXPECTED = "#4f7394"
ALARM = "#c2410c"
NO_FIGURE = "#eceff2"
PHASE_SHADES = ("#f8f5ee", "#efeade")
NATIONALITY_SHADES = (
    "#0b2545",
    "#1d4e75",
    "#2f7591",
    "#4f9a94",
    "#84b88a",
    "#bfd28a",
    "#ecdf95",
    "#f6efc9",
)
"""From dark to light in about equal steps of lightness."""
OTHER_SHADE = "#d5d9de"
UNKNOWN_SHADE = "#ffffff"


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """The room a chart has, in pixels of its own drawing."""

    name: str
    width: int
    """Width of the plot, without the axis on its left."""
    axis: int
    """Width kept for the axis on the left, the same in all panels so that they line up."""
    height: int
    font_size: int


WIDE = Layout(name="wide", width=640, axis=56, height=260, font_size=12)
NARROW = Layout(name="narrow", width=292, axis=44, height=230, font_size=11)


@dataclass(frozen=True, slots=True, kw_only=True)
class Caption:
    """What stands around a chart: what it shows, in which unit, and from which source."""

    title: str
    subtitle: str
    source: str


def finish(chart: Any, layout: Layout, caption: Caption | None = None) -> Any:
    """Return the chart with the one theme and, for use on its own, with title, subtitle and source line.

    Parameters
    ----------
    chart
        An Altair chart without configuration.
    layout
        The room it was drawn for.
    caption
        Title (up to 90 characters a line), subtitle with units, source. Left out in a brief, where the page
        carries them as text.
    """
    if caption is not None:
        chart = alt.vconcat(chart, _source_line(caption, layout), spacing=6).properties(
            title=alt.TitleParams(
                text=_wrapped(caption.title, layout, 15),
                subtitle=_wrapped(caption.subtitle, layout, 12),
                anchor="start",
                fontSize=15,
                subtitleFontSize=12,
                subtitleColor=MUTED,
                offset=12,
            )
        )
    size = layout.font_size
    return chart.configure(
        font=FONT,
        background="#ffffff",
        padding=4,
        view={"stroke": None},
        concat={"spacing": 8},
        title={"color": INK, "anchor": "start"},
        axis={
            "labelColor": MUTED,
            "titleColor": MUTED,
            "labelFontSize": size,
            "titleFontSize": size,
            "titleFontWeight": "normal",
            "gridColor": GRID,
            "domainColor": "#9aa4ae",
            "tickColor": "#9aa4ae",
        },
    )


def _wrapped(text: str, layout: Layout, font_size: int) -> list[str]:
    """Return the text in lines that fit the drawing; half the font size is a letter's mean width."""
    import textwrap

    return textwrap.wrap(text, int((layout.width + layout.axis) / (font_size * 0.5)))


def _source_line(caption: Caption, layout: Layout) -> Any:
    lines = _wrapped(f"Source: {caption.source}", layout, 10)
    return (
        alt.Chart(alt.InlineData(values=[{}]))
        .mark_text(align="left", baseline="top", fontSize=10, color=MUTED, text=lines, lineHeight=13)
        .encode(x=alt.value(0), y=alt.value(0))
        .properties(width=layout.width, height=13 * len(lines))
    )
