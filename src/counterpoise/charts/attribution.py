"""Forest plot of an evidence ledger: each item's interval for one answer against the plain one, and all together."""

import textwrap
from typing import TYPE_CHECKING, Any

import altair as alt
import polars as pl

from counterpoise.attribution.naming import answer_title, answer_words
from counterpoise.charts.theme import ALARM, BAND, EXPECTED, GRID, INK, MUTED, WIDE, Caption, Layout, finish

if TYPE_CHECKING:
    from counterpoise.attribution.results import Attribution

__all__ = ["chart_forest", "forest_rows"]

_ROW_HEIGHT = 17
_LABEL_WIDTH = 210
TITLES = {
    "driver": "What drives it",
    "opening": "Who opened the way",
    "aim": "To what end",
    "record": "Is the record real",
}
_TOGETHER = "all together"


def forest_rows(result: "Attribution") -> pl.DataFrame:
    """Return one row per question, answer (without the plain one) and item that speaks, and one for all together.

    Columns ``question, answer, item, nature, lower, upper, order``; ``lower`` and ``upper`` are log likelihood
    ratios of the answer to the plain one.
    """
    rows = []
    for question, odds in result.odds.items():
        speaking = [item for item in result.ledger if item.question == question and item.speaks]
        for i, answer in enumerate(odds.answers[1:], start=1):
            entries: list[Any] = [
                (item.indicator.replace("_", " "), item.nature, item.lower, item.upper) for item in speaking
            ]
            entries.append((_TOGETHER, "together", odds.lower, odds.upper))
            rows += [
                (question, answer, name, nature, float(lower[i, 0]), float(upper[i, 0]), order)
                for order, (name, nature, lower, upper) in enumerate(entries)
            ]
    columns = ["question", "answer", "item", "nature", "lower", "upper", "order"]
    return pl.DataFrame(rows, schema=columns, orient="row")


def chart_forest(result: "Attribution", *, layout: Layout = WIDE, captioned: bool = True) -> Any:
    """Return the ledger as a forest plot: a panel per question, a column per answer, a bar per item.

    Bars to the right speak for the answer, bars to the left for the plain one; a bar over 0 decides nothing.
    """
    rows = forest_rows(result)
    reach = max(
        1.0, float(rows.select(pl.max_horizontal(pl.col("lower").abs(), pl.col("upper").abs()).max()).item())
    )
    panels = [
        _question(rows.filter(question=question), question, result, layout, reach)
        for question in result.odds
        if rows.filter(question=question).height
    ]
    s = result.subject
    caption = Caption(
        title=f"Evidence about {s.corridor}, {s.nationality}, {s.window_start:%B} to {s.window_end:%B %Y}",
        subtitle=(
            "Log likelihood ratio of each answer to the plain one, as bounds: right speaks for the answer, left "
            "against it. Bars over the line decide nothing. Blue: counts. Red: coded facts. Black: all together."
        ),
        source=f"{s.dataset}, as of {result.provenance.as_of}; {result.result_id}. It says nothing about any person.",
    )
    described = "; ".join(
        f"{TITLES[q]}: {why or 'leads ' + answer_words(q, result.leading[q])}"
        for q, why in result.abstained.items()
    )
    chart = alt.vconcat(*panels, spacing=22)
    return finish(chart, layout, caption if captioned else None).properties(description=described)


def _question(rows: pl.DataFrame, question: str, result: "Attribution", layout: Layout, reach: float) -> Any:
    answers = result.odds[question].answers[1:]
    width = max(90, (layout.width - _LABEL_WIDTH + layout.axis - 14 * (len(answers) - 1)) // 3)
    order = rows.sort("order")["item"].unique(maintain_order=True).to_list()
    columns = [
        _answer(rows.filter(answer=answer), answer, order, width, reach, first=i == 0)
        for i, answer in enumerate(answers)
    ]
    plain = answer_title(question, result.odds[question].answers[0])
    why = result.abstained[question]
    reading = (
        f"No single answer: {why}" if why else f"Leads: {answer_words(question, result.leading[question])}"
    )
    title = alt.TitleParams(
        text=f"{TITLES[question]}? (plain answer: {plain})",
        # a title is cut at the edge of the picture, so it is broken before
        subtitle=textwrap.wrap(reading, int(layout.width / (0.55 * layout.font_size))),
        anchor="start",
        color=INK,
        subtitleColor=MUTED,
        fontSize=layout.font_size + 1,
        subtitleFontSize=layout.font_size,
    )
    return alt.hconcat(*columns, spacing=14, title=title)


def _answer(
    rows: pl.DataFrame, answer: str, order: list[str], width: int, reach: float, *, first: bool
) -> Any:
    labels = alt.Axis(
        title=None, ticks=False, domain=False, labelLimit=_LABEL_WIDTH - 10, minExtent=_LABEL_WIDTH - 10
    )
    y = alt.Y("item:N", sort=order, axis=labels if first else None)
    x = alt.X(
        "lower:Q",
        scale=alt.Scale(domain=[-reach, reach], nice=False),
        axis=alt.Axis(title=answer.replace("_", " "), grid=True, gridColor=GRID, tickCount=5, titleColor=INK),
    )
    colour = alt.Color(
        "nature:N",
        scale=alt.Scale(
            domain=["statistic", "coincidence", "fact", "analyst", "together"],
            range=[EXPECTED, BAND, ALARM, ALARM, INK],
        ),
        legend=None,
    )
    base = alt.Chart(rows)
    bars = base.mark_rule(strokeWidth=5, strokeCap="butt").encode(
        x=x, x2=alt.X2("upper:Q"), y=y, color=colour
    )
    # An interval of no width would not be seen as a bar.
    points = (
        base.mark_tick(thickness=2, size=9)
        .encode(x=alt.X("middle:Q", scale=alt.Scale(domain=[-reach, reach], nice=False)), y=y, color=colour)
        .transform_calculate(middle="(datum.lower + datum.upper) / 2")
    )
    zero = (
        alt.Chart(pl.DataFrame({"zero": [0.0]}))
        .mark_rule(color=MUTED, strokeWidth=1)
        .encode(x=alt.X("zero:Q"))
    )
    return (zero + bars + points).properties(width=width, height=_ROW_HEIGHT * len(order))
