"""Two clocks in a brief: what national figures showed by which day, beside the day of the monthly count."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from functools import partial
from typing import Any

import polars as pl

from counterpoise.brief.facts import Facts, SeriesKey
from counterpoise.brief.model import Figure, Finding, Table
from counterpoise.brief.setting import Setting, source_text, unit_of
from counterpoise.brief.text import Cited, Part, Text, say, spoken_month
from counterpoise.charts.theme import Layout
from counterpoise.charts.timeline import Span
from counterpoise.charts.two_clocks import ClockPanel, chart_two_clocks, describe_two_clocks
from counterpoise.observations.words import MEASURE_TITLES, MEASURE_WORDS, label_of, place, spoken_date, who
from counterpoise.vocabulary import ALL_NATIONALITIES

__all__ = ["clock_figure", "clock_finding"]

_BEFORE_DAYS = 92
_AFTER_DAYS = 62
"""Days shown before the first and after the last day a rise was known: a quarter of what was usual, two months on."""
_MOST_PANELS = 2
_SERIES = ("dataset", "corridor", "nationality", "measure")


def clock_finding(facts: Facts, clocks: pl.DataFrame) -> Finding | None:
    """Return on which day national figures first showed a rise, and what of the monthly count was known then."""
    if clocks.is_empty():
        return None
    return Finding(kind="two_clocks", text=_sentence(facts, _told(clocks)))


def _told(clocks: pl.DataFrame) -> dict[str, Any]:
    """Return the rise told first: the earliest one with a monthly alarm, else the earliest."""
    with_month = clocks.drop_nulls("lead_days")
    return (clocks if with_month.is_empty() else with_month).row(0, named=True)


def _sentence(facts: Facts, rise: Mapping[str, Any]) -> Text:
    start, end = rise["period_start"], rise["period_end"]
    days = (end - start).days + 1
    when = spoken_date(start) if days == 1 else f"{spoken_date(start)} to {spoken_date(end)}"
    return say(
        "Two clocks: the national count of {measure} at {where} for {when}, {observed}, was published on {known}; "
        "{before}.{sources} {route}",
        known=spoken_date(rise["known_on"]),
        measure=MEASURE_WORDS[rise["measure"]],
        where=place(facts.known.corridors[rise["corridor"]]),
        observed=_figure(facts, rise),
        when=when,
        before=_before(rise, days),
        sources=_sources(facts, rise),
        route=_route(facts, rise),
    )


def _figure(facts: Facts, rise: Mapping[str, Any]) -> Cited | str:
    """Return the figure with its number; plain where the archive's newest word on these days is another."""
    key = SeriesKey(**{name: rise[name] for name in _SERIES}, frequency=rise["frequency"])
    rows = facts.series(key).filter(pl.col("period_start") == rise["period_start"])
    same = (
        rows.height and rows["value"][-1] == rise["observed"] and rows["period_end"][-1] == rise["period_end"]
    )
    return facts.observed(key, rise["period_start"]) if same else f"{rise['observed']:,.0f}"


def _before(rise: Mapping[str, Any], days: int) -> str:
    if rise["basis"] == "forecast":
        return f"the daily model expected {rise['expected']:,.0f}"
    over = f"{spoken_date(rise['pace_start'])} to {spoken_date(rise['pace_end'])}"
    return f"the mean over {over} was {rise['expected'] / days:,.1f} a day"


def _sources(facts: Facts, rise: Mapping[str, Any]) -> Text:
    parts: list[Part] = []
    for document in rise["document"].split():
        parts += [" ", facts.register.document(document)]
    return tuple(parts)


def _route(facts: Facts, rise: Mapping[str, Any]) -> Text:
    """Return what the monthly count said, and when."""
    if rise["route"] is None:
        return ("No monthly count is monitored for this border.",)
    corridor = place(facts.known.corridors[rise["route"]])
    series = f"monthly {MEASURE_WORDS[rise['route_measure']]}{who(rise['route_nationality'])} on {corridor}"
    newest = rise["newest_month"]
    then = f"were known up to {spoken_month(newest)}" if newest else "were not yet known"
    if rise["lead_days"] is None:
        return (f"By then the {series} {then}; no month of that time is alarmed in what is known of them.",)
    lead = abs(rise["lead_days"])
    key = SeriesKey(**{name: rise[f"route_{name}" if name != "corridor" else "route"] for name in _SERIES})
    return say(
        "By then the {series} {then}; {alarmed} ({count}), the first month alarmed, was published on {day}, "
        "{days} {order}{assumed}.",
        series=series,
        then=then,
        alarmed=spoken_month(rise["month"]),
        count=facts.observed(key, rise["month"]),
        day=spoken_date(rise["month_known_on"]),
        days=f"{lead} {'day' if lead == 1 else 'days'}",
        order="later" if rise["lead_days"] >= 0 else "earlier",
        assumed=" (an assumed day: the usual delay of publication)"
        if "lag_assumed" in rise["month_flag"]
        else "",
    )


def clock_figure(setting: Setting, clocks: pl.DataFrame, figures: pl.DataFrame) -> Figure | None:
    """Return the figure of the two clocks around the rise told first, or None without a rise.

    Parameters
    ----------
    setting
        Of the brief.
    clocks, figures
        Results of ``two_clocks`` and ``figures_by_day``.
    """
    if clocks.is_empty():
        return None
    told = _told(clocks)
    span = _span(told, setting.facts.known.day)
    near = clocks.filter(pl.col("known_on").is_between(span.first, span.last), route=told["route"])
    shown = near.head(_MOST_PANELS) if near.height else clocks.head(1)
    national = [
        SeriesKey(**{name: row[name] for name in _SERIES}, frequency="D")
        for row in shown.iter_rows(named=True)
    ]
    panels = [_national_panel(setting.facts, key, figures, clocks) for key in national]
    keys = list(national)
    if told["route"] is not None:
        route = SeriesKey(
            **{name: told[f"route_{name}" if name != "corridor" else "route"] for name in _SERIES}
        )
        panels.append(_monthly_panel(setting.facts, route))
        keys.append(route)
    return Figure(
        id="two-clocks",
        corridors=tuple(dict.fromkeys(key.corridor for key in keys)),
        title="Two clocks: what could be read on which day",
        subtitle="People per day of the period each figure is about; the thin line ends on the day of publication",
        source=source_text(setting.facts, keys, span),
        words=describe_two_clocks(panels, span=span),
        draw=partial(_draw, panels=panels, span=span),
        table=_table(setting.facts, clocks),
        note=say(
            "The panels count different things and have different scales. National figures are those of the pages "
            "at hand, not all that were published. A national rise is a figure at least twenty times (from seven days "
            "on eight times) the pace of a running total known on the same day, or an alarm of the daily model: it "
            "knows no season and misses slow rises."
        ),
        legend=("clock", "alarm"),
    )


def _draw(layout: Layout, *, panels: Sequence[ClockPanel], span: Span) -> Any:
    return chart_two_clocks(panels, span=span, layout=layout)


def _span(told: Mapping[str, Any], day: date) -> Span:
    known = [told["known_on"], *([told["month_known_on"]] if told["month_known_on"] else [])]
    first = min(known) - timedelta(days=_BEFORE_DAYS)
    return Span(
        first=first.replace(day=1), last=min(max(known) + timedelta(days=_AFTER_DAYS), max(day, *known))
    )


def _national_panel(facts: Facts, key: SeriesKey, figures: pl.DataFrame, clocks: pl.DataFrame) -> ClockPanel:
    rises = key.rows(clocks).select("period_start", "period_end", pl.lit(True).alias("alarm"))
    mine = key.rows(figures)
    return ClockPanel(
        title=f"{MEASURE_TITLES[key.measure]}, {label_of(facts.known.corridors[key.corridor])}",
        detail=f"{mine['unit'][0]} a day; {facts.publisher(key.dataset)}",
        figures=mine.join(rises, on=["period_start", "period_end"], how="left")
        .with_columns(pl.col("alarm").fill_null(False))
        .select("period_start", "period_end", "per_day", "known_on", "alarm"),
    )


def _monthly_panel(facts: Facts, key: SeriesKey) -> ClockPanel:
    alarmed = key.rows(facts.detection.alarms).filter(pl.col("kind").is_in(["surge", "new_route"]))
    n_days = (pl.col("period_end") - pl.col("period_start")).dt.total_days() + 1
    return ClockPanel(
        title=f"{MEASURE_TITLES[key.measure]}{who(key.nationality)}, {label_of(facts.known.corridors[key.corridor])}",
        detail=f"{unit_of(facts, key)} a day, by month; {facts.publisher(key.dataset)}",
        figures=key.rows(facts.detection.bands)
        .drop_nulls("observed")
        .select(
            "period_start",
            "period_end",
            (pl.col("observed") / n_days).alias("per_day"),
            "known_on",
            pl.col("period_start").is_in(alarmed["period_start"].implode()).alias("alarm"),
        ),
    )


def _table(facts: Facts, clocks: pl.DataFrame) -> Table:
    rows = [
        (
            row["known_on"].isoformat(),
            label_of(facts.known.corridors[row["corridor"]]),
            MEASURE_TITLES[row["measure"]],
            row["period_start"].isoformat(),
            row["period_end"].isoformat(),
            f"{row['observed']:,.0f}",
            f"{row['expected']:,.1f}",
            f"{row['month']:%Y-%m}" if row["month"] else "none",
            row["month_known_on"].isoformat() if row["month_known_on"] else "",
            "" if row["lead_days"] is None else str(row["lead_days"]),
            " ".join(f"S{facts.register.document(d).number}" for d in row["document"].split()),
        )
        for row in clocks.iter_rows(named=True)
    ]
    return Table(
        caption="Rises in national figures, and the monthly alarm that goes with each",
        columns=(
            "Known on",
            "Where",
            "Measure",
            "From",
            "To",
            "Count",
            "At the pace before",
            "Alarmed month",
            "Known on",
            "Days later",
            "Sources",
        ),
        numeric=(False, False, False, False, False, True, True, False, False, True, False),
        rows=tuple(rows),
        note=f"All nationalities ({ALL_NATIONALITIES}). An alarmed month goes with a rise of the same border or route "
        "within a month; none: no alarm of that time.",
    )
