"""What was counted beside what was to be expected, with every response drawn, and the same at earlier dates."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import altair as alt
import polars as pl

from counterpoise.charts.scales import CountAxis, count_axis, inline, middle_of, panel_title, time_x, to_ms
from counterpoise.charts.theme import ALARM, BAND, EXPECTED, INK, MUTED, WIDE, Caption, Layout, finish
from counterpoise.charts.timeline import Mark, Span, chart_rug
from counterpoise.errors import InputError
from counterpoise.impact.results import Effect, Evaluation
from counterpoise.numbers import plain
from counterpoise.observations.nationalities import nationality_name

__all__ = ["chart_effect", "chart_evaluation", "describe_effect", "drawn_effect"]

_MONTHS_BEFORE = 30
_PLACEBO_HEIGHT = 76
_SHADE = "#f3e9e2"


def drawn_effect(result: Evaluation) -> Effect:
    """Return the effect a chart is made of: the first with a single estimate, else the first with joint bounds.

    Raises
    ------
    InputError
        If there is none: what is not identifiable or refused has no counterfactual to draw.
    """
    for status in ("estimated", "joint_bounds"):
        for effect in result.effects:
            if effect.status == status:
                return effect
    raise InputError(
        expected="an effect that is estimated or bounded, to draw",
        found="none among these responses and outcomes",
        where="--response, --outcome",
        hint="leave them out, or draw the ledgers with --chart ledgers",
    )


def chart_evaluation(result: Evaluation, *, layout: Layout = WIDE) -> Any:
    """Return the chart of the effect that ``drawn_effect`` chooses, with title and source line."""
    effect = drawn_effect(result)
    begins = {
        row["response"]: date.fromisoformat(row["begins_on"]) for row in result.rights if row["begins_on"]
    }
    names = (
        f"{effect.responses[0]} to {effect.responses[-1]}"
        if len(effect.responses) > 1
        else effect.responses[0]
    )
    outcome = effect.outcome.replace("_", " ").capitalize()
    factors, whom = effect.relative or {}, nationality_name(effect.nationality)
    middle = "" if factors.get("estimate") is None else f"{plain(factors['estimate'])} "
    how = "together, not split" if effect.status == "joint_bounds" else "of what was expected"
    caption = Caption(
        title=f"{outcome}, {effect.corridor} ({whom[0].lower()}{whom[1:]}), from {names} on",
        subtitle=(
            f"Line: counted. Band: expected from the months before. Factor {middle}"
            f"[{plain(factors['lower'])} to {plain(factors['upper'])}] {how}; whatever else began is in it."
        ),
        source=f"as known on {result.provenance.as_of}; {result.result_id}",
    )
    return chart_effect(effect, begins=begins, layout=layout, caption=caption)


def chart_effect(
    effect: Effect,
    *,
    begins: dict[str, date],
    layout: Layout = WIDE,
    caption: Caption | None = None,
) -> Any:
    """Return observed against counterfactual, every response of the time as a numbered mark, and the placebos.

    Parameters
    ----------
    effect
        With its months.
    begins
        Response id, ``r07``, -> the day it begins; all of the case, not only those of the effect.
    """
    months = effect.pointwise.tail(_MONTHS_BEFORE + effect.pointwise["upper"].count())
    span = Span(first=months["period_start"][0], last=months["period_end"][-1])
    axis = count_axis(
        months["observed"].to_list(),
        f"{effect.outcome.replace('_', ' ').capitalize()} per month",
        upper=months["upper"].to_list(),
        headroom=1.18,
    )
    panel = alt.layer(*_layers(months, axis, span, layout)).properties(
        width=layout.width, height=layout.height, title=panel_title(axis.title(), layout)
    )
    marks = [
        Mark(row="Responses", number=int(name[1:]), day=day) for name, day in begins.items() if day in span
    ]
    parts = [panel]
    rug = chart_rug(marks, span, layout)
    parts += [] if rug is None else [rug]
    placebos = _placebo_panel(effect, months, span, layout)
    parts += [] if placebos is None else [placebos]
    chart = parts[0] if len(parts) == 1 else alt.vconcat(*parts, spacing=24, bounds="flush")
    return finish(chart, layout, caption)


def _layers(months: pl.DataFrame, axis: CountAxis, span: Span, layout: Layout) -> list[Any]:
    top = axis.top
    rows = months.with_columns(
        middle_of(),
        # a missing value stays missing: the least of null and a number would be the number
        *(
            pl.when(pl.col(c).is_not_null()).then(pl.min_horizontal(c, pl.lit(top))).alias(c)
            for c in ("expected", "upper", "lower")
        ),
    ).drop("period_start", "period_end")
    after = months.filter(pl.col("upper").is_not_null())
    begin, end = after["period_start"][0], after["period_end"][-1]
    window = inline([{"start": to_ms(begin), "end": to_ms(end + timedelta(days=1))}])
    base = alt.Chart(inline(rows.to_dicts())).encode(x=time_x("middle", span.first, span.last))
    return [
        alt.Chart(window)
        .mark_rect(color=_SHADE)
        .encode(x=time_x("start", span.first, span.last), x2=alt.X2("end:T")),
        base.transform_filter("isValid(datum.upper)")
        .mark_area(color=BAND, opacity=0.85)
        .encode(y=axis.y("lower", layout), y2=alt.Y2("upper:Q")),
        *_single_month(base, after, axis, layout),
        base.transform_filter("isValid(datum.expected)")
        .mark_line(color=EXPECTED, strokeWidth=1.4, strokeDash=[5, 3], point={"size": 12, "color": EXPECTED})
        .encode(y=axis.y("expected", layout)),
        base.mark_line(color=INK, strokeWidth=1.6, invalid="break-paths-filter-domains").encode(
            y=axis.y("observed", layout)
        ),
        base.transform_filter("isValid(datum.observed)")
        .mark_point(size=14, filled=True, color=INK, opacity=1)
        .encode(y=axis.y("observed", layout)),
    ]


def _single_month(base: Any, after: pl.DataFrame, axis: CountAxis, layout: Layout) -> list[Any]:
    """Return a bar where the band is one month wide: an area of one point is not seen."""
    if after.height > 1:
        return []
    bar = base.transform_filter("isValid(datum.upper)").mark_rule(color=BAND, strokeWidth=7)
    return [bar.encode(y=axis.y("lower", layout), y2=alt.Y2("upper:Q"))]


def _placebo_panel(effect: Effect, months: pl.DataFrame, span: Span, layout: Layout) -> Any:
    """Return what the estimator reports at earlier dates of the series beside what it reports here; None without."""
    found = next((check for check in effect.checks if check.name == "placebo_in_time"), None)
    if found is None or found.table.is_empty():
        return None
    rows = [
        {**row, "what": f"{effect.pointwise['period_start'][row['n_pre']]:%b %Y}", "here": False}
        for row in found.table.sort("n_pre").iter_rows(named=True)
    ]
    begin = effect.pointwise.filter(pl.col("upper").is_not_null())["period_start"][0]
    here = {
        "what": f"{begin:%b %Y}",
        "estimate": effect.estimate,
        "lower": effect.lower,
        "upper": effect.upper,
    }
    rows.append({**here, "here": True})
    base = alt.Chart(inline(rows)).encode(
        x=alt.X(
            "what:N",
            sort=[row["what"] for row in rows],
            axis=alt.Axis(title=None, labelAngle=0, labelOverlap=True, domain=False, ticks=False),
        ),
        color=alt.condition("datum.here", alt.value(ALARM), alt.value(MUTED)),
    )
    y = alt.Y(
        "lower:Q",
        axis=alt.Axis(
            title=None,
            tickCount=4,
            domain=False,
            ticks=False,
            minExtent=layout.axis - 8,
            maxExtent=layout.axis - 8,
        ),
    )
    zero = alt.Chart(inline([{"zero": 0}])).mark_rule(color=INK, strokeWidth=1).encode(y=alt.Y("zero:Q"))
    dots = base.transform_filter("isValid(datum.estimate)").mark_point(size=34, filled=True, opacity=1)
    return alt.layer(
        zero,
        base.mark_rule(strokeWidth=2).encode(y=y, y2=alt.Y2("upper:Q")),
        dots.encode(y=alt.Y("estimate:Q")),
    ).properties(
        width=layout.width,
        height=_PLACEBO_HEIGHT,
        title=panel_title(
            "Log factor at earlier dates without these responses, and here (last): 0 is no difference", layout
        ),
    )


def describe_effect(effect: Effect, names: Sequence[str] = ()) -> str:
    """Return the chart in words.

    Parameters
    ----------
    names
        What the responses are called, if ids do not suffice.
    """
    after = effect.pointwise.filter(pl.col("upper").is_not_null())
    first, last = after["period_start"][0], after["period_start"][-1]
    factors = effect.relative or {}
    responses = "; ".join(names or effect.responses)
    middle = (
        "no single factor is given, because these responses began together"
        if factors.get("estimate") is None
        else f"the mean factor is {plain(factors['estimate'])}"
    )
    counted = after["observed"].sum()
    return (
        f"{effect.outcome.replace('_', ' ').capitalize()} at {effect.corridor}, {first:%B %Y} to {last:%B %Y}, after "
        f"{responses}: {counted:,.0f} were counted; {middle}, {effect.level:.0%} interval {plain(factors['lower'])} to "
        f"{plain(factors['upper'])}. 1 means no difference from what the months before let expect."
    )
