"""Displacement: what was counted less here and more elsewhere, corridor by corridor, each with its interval."""

from typing import Any

import altair as alt

from counterpoise.charts.scales import inline
from counterpoise.charts.theme import ALARM, INK, MUTED, WIDE, Caption, Layout, finish
from counterpoise.errors import InputError
from counterpoise.impact.results import Evaluation
from counterpoise.numbers import plain

__all__ = ["chart_displacement"]

_ROW = 26


def chart_displacement(result: Evaluation, *, layout: Layout = WIDE) -> Any:
    """Return the differences of the first effect that has any: here first, then each other corridor.

    Raises
    ------
    InputError
        If nothing is estimated: then no difference can be drawn.
    """
    rows = [row for row in result.displacement if row["difference_to"] is not None]
    if not rows:
        raise InputError(
            expected="an effect whose differences elsewhere can be drawn",
            found="none among these responses and outcomes",
            where="--response, --outcome",
            hint="leave them out",
        )
    first = rows[0]
    mine = [r for r in rows if (r["responses"], r["from"]) == (first["responses"], first["from"])]
    drawn = [{"where": f"{first['from']} (here)", **first["difference_from"], "here": True}]
    drawn += [{"where": r["to"], **r["difference_to"], "here": False} for r in mine]
    largest = max(abs(row[key]) for row in drawn for key in ("lower", "upper"))
    powers = [10.0**k for k in range(2, 12, 2) if 10.0**k <= largest]
    x = alt.X(
        "lower:Q",
        scale=alt.Scale(type="symlog", constant=10),
        axis=alt.Axis(
            title=None, values=[*(-p for p in reversed(powers)), 0, *powers], format=",.0f", domain=False
        ),
    )
    base = alt.Chart(inline(drawn)).encode(
        y=alt.Y(
            "where:N",
            sort=None,
            axis=alt.Axis(
                title=None, labelLimit=190, domain=False, ticks=False, minExtent=190, maxExtent=190
            ),
        ),
        color=alt.condition("datum.here", alt.value(ALARM), alt.value(MUTED)),
    )
    zero = alt.Chart(inline([{"zero": 0}])).mark_rule(color=INK).encode(x=alt.X("zero:Q"))
    panel = alt.layer(
        zero,
        base.mark_rule(strokeWidth=3).encode(x=x, x2=alt.X2("upper:Q")),
        base.mark_point(filled=True, size=60, opacity=1).encode(x=alt.X("estimate:Q")),
    ).properties(width=layout.width - 134, height=_ROW * len(drawn))
    ratio = next((r["ratio"] for r in reversed(mine) if r["ratio"]), None)
    said = (
        "no diversion ratio: what was counted here cannot be told to be less than expected"
        if ratio is None
        else f"diversion ratio {plain(ratio['estimate'])} [{plain(ratio['lower'])} to {plain(ratio['upper'])}]"
    )
    caption = Caption(
        title=f"Counted less expected, {first['outcome'].replace('_', ' ')}, {' '.join(first['responses'][:1])} on",
        subtitle=f"Sum over the window, in events, log scale both ways, with intervals; {said}.",
        source=f"as known on {result.provenance.as_of}; {result.result_id}",
    )
    return finish(panel, layout, caption)
