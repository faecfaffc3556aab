"""A timeline of rights and harms: responses as bars, judgments and laws as marks, limits to access, harm counted."""

from datetime import date, timedelta
from typing import Any

import altair as alt

from counterpoise.charts.scales import inline, panel_title, time_x, to_ms
from counterpoise.charts.theme import ALARM, EXPECTED, INK, MUTED, Caption, Layout, finish
from counterpoise.charts.timeline import Span
from counterpoise.errors import InputError
from counterpoise.impact.results import Evaluation

__all__ = ["chart_ledgers"]

_LAYOUT = Layout(name="ledgers", width=520, axis=330, height=0, font_size=11)
_ROW = 15
_LABEL = 58


def chart_ledgers(result: Evaluation, *, layout: Layout = _LAYOUT) -> Any:
    """Return the timeline of what was shown: responses with a concern, access, instruments, and harm.

    An open bar has no end that was found. Harm and response stand together because border and time are the same,
    not because one is said to come of the other.

    Raises
    ------
    InputError
        If no response shown has a concern, instrument or harm beside it.
    """
    rows = _rows(result)
    if not rows:
        raise InputError(
            expected="a response with a rights concern, an instrument or harm beside it",
            found="none among these responses",
            where="--response",
            hint="leave --response out",
        )
    days = [day for row in rows for day in (row["from"], row["to"]) if day]
    span = Span(first=min(days).replace(day=1), last=max(*days, result.provenance.as_of))
    kinds = (
        ("Responses with a rights concern", "response", INK),
        ("Aid and media kept out", "access", MUTED),
        ("Harm as published (counts nest and overlap: never add them)", "harm", ALARM),
        (
            "Judgments and laws that bear on them (diamond: day decided; pending: heard)",
            "instrument",
            EXPECTED,
        ),
    )
    present = [(title, kind, colour) for title, kind, colour in kinds if any(r["kind"] == kind for r in rows)]
    parts = [
        _panel(
            title,
            [row for row in rows if row["kind"] == kind],
            colour,
            span,
            layout,
            dated=kind == present[-1][1],
        )
        for title, kind, colour in present
    ]
    caption = Caption(
        title="Rights and harm beside the responses",
        subtitle="Bars: from the first to the last day, open where no end was found.",
        source=f"pages named in the answer's JSON, as known on {result.provenance.as_of}; {result.result_id}",
    )
    return finish(alt.vconcat(*parts, spacing=26, bounds="flush"), layout, caption)


def _rows(result: Evaluation) -> list[dict[str, Any]]:
    shown = {name for effect in result.effects for name in effect.responses}
    rights = [row for row in result.rights if row["response"] in shown]
    rows: list[dict[str, Any]] = [
        _row("response", f"{r['response']} {r['country']}: {r['title']}", r["begins_on"], r["ended_on"])
        for r in rights
        if r["rights_concern"] and (r["instruments"] or r["harms"])
    ]
    countries = {r["country"] for r in rights}
    rows += [
        _row("access", f"{a['country']}: {a['what']}", a["from"], a["to"])
        for a in result.access
        if a["country"] in countries
    ]
    beside = {one for r in rights for one in r["harms"]}
    rows += [
        _row("harm", _harm(h), h["period_start"], h["period_end"]) for h in result.harms if h["id"] in beside
    ]
    bearing = {one for r in rights for one in r["instruments"]}
    for one in result.instruments:
        day = one["decided_on"] or one["heard_on"] or one["public_on"]
        if one["id"] in bearing:
            status = one["status"].replace("_", " ")
            rows.append(_row("instrument", f"{one['title']} ({status})", day, day))
    return rows


def _harm(harm: dict[str, Any]) -> str:
    value = "" if harm["value"] is None else f"{'at least ' if harm['at_least'] else ''}{harm['value']:,} "
    return f"{harm['kind'].replace('_', ' ')}: {value}({harm['who_reported']})"


def _row(kind: str, label: str, start: str, end: str | None) -> dict[str, Any]:
    short = label if len(label) <= _LABEL else f"{label[: _LABEL - 1]}…"
    return {
        "kind": kind,
        "label": short,
        "from": date.fromisoformat(start),
        "to": date.fromisoformat(end) if end else None,
    }


def _panel(
    title: str, rows: list[dict[str, Any]], colour: str, span: Span, layout: Layout, *, dated: bool
) -> Any:
    ordered = sorted(rows, key=lambda r: (r["from"], r["label"]))
    drawn = [
        {
            "y": f"{i:03d} {row['label']}",
            "start": to_ms(row["from"]),
            "end": to_ms((row["to"] or span.last) + timedelta(days=1)),
            "open": row["to"] is None,
        }
        for i, row in enumerate(ordered)
    ]
    y = alt.Y(
        "y:N",
        sort=None,
        axis=alt.Axis(
            title=None,
            labelExpr="slice(datum.label, 4)",
            labelLimit=layout.axis - 12,
            minExtent=layout.axis,
            maxExtent=layout.axis,
            domain=False,
            ticks=False,
            labelFontSize=10,
        ),
    )
    base = alt.Chart(inline(drawn)).encode(y=y)
    if ordered[0]["kind"] == "instrument":
        mark = base.mark_point(shape="diamond", filled=True, size=52, color=colour, opacity=1).encode(
            x=time_x("start", span.first, span.last, labels=dated)
        )
    else:
        mark = base.mark_bar(height=8, cornerRadius=1, stroke=colour, strokeWidth=1).encode(
            x=time_x("start", span.first, span.last, labels=dated),
            x2=alt.X2("end:T"),
            fill=alt.condition("datum.open", alt.value("#ffffff"), alt.value(colour)),
        )
    return mark.properties(width=layout.width, height=_ROW * len(drawn), title=panel_title(title, layout))
