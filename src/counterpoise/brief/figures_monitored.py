"""Figures of monitored series: the count beside what was expected of it."""

from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any

import polars as pl

from counterpoise.brief.facts import Facts, SeriesKey
from counterpoise.brief.model import Figure, Table
from counterpoise.brief.setting import Setting, source_text, unit_of
from counterpoise.brief.text import say, spoken_month
from counterpoise.charts.monitoring import chart_band, chart_band_panels, describe_band
from counterpoise.charts.theme import Layout
from counterpoise.charts.timeline import Span
from counterpoise.observations.nationalities import nationality_name
from counterpoise.observations.suppression import SMALLEST
from counterpoise.observations.words import MEASURE_TITLES, label_of, who

__all__ = ["band_figure", "panels_figure"]

_FEWEST_NATIONALITY = 30.0
"""A nationality with fewer people over the whole time shown gets no panel."""


def band_figure(setting: Setting, key: SeriesKey, number: int) -> Figure:
    """Return the figure of a monitored total: band, alarms, phases, numbered events and responses."""
    facts, span = setting.facts, setting.span
    bands, alarms = _judged(facts, key), key.rows(facts.detection.alarms)
    judged = facts.judged_from(key)
    corridor = facts.known.corridors[key.corridor]
    title = f"{MEASURE_TITLES[key.measure]}{who(key.nationality)}, {label_of(corridor)}"
    unit = unit_of(facts, key)
    marks = setting.marks_of.get(key.corridor, setting.marks)
    return Figure(
        id=f"corridor-{number}",
        corridors=(key.corridor,),
        title=title,
        subtitle=f"{unit.capitalize()} per month, with the range expected from earlier months",
        source=source_text(facts, [key], span),
        words=describe_band(bands, alarms, span=span, what=f"{title}, {unit} per month"),
        draw=partial(
            _draw_band,
            bands=bands,
            alarms=alarms,
            span=span,
            measure=f"{MEASURE_TITLES[key.measure]} per month",
            phases=setting.phases,
            marks=marks,
        ),
        table=_band_table(bands, alarms, span, title),
        note=say(
            "The range is shown from {month} on: the {n} monthly figures before it only teach the model.",
            month=spoken_month(judged),
            n=str(facts.detection.provenance.options["warm_up_periods"]),
        )
        if judged is not None and judged > span.first
        else (),
        legend=(*_legend(bands, alarms, span), *(("phases",) if setting.phases else ())),
    )


def _legend(bands: pl.DataFrame, alarms: pl.DataFrame, span: Span) -> tuple[str, ...]:
    """Return the signs of the legend that the figure uses."""
    inside = pl.col("period_end") >= span.first, pl.col("period_start") <= span.last
    kinds = set(alarms.filter(*inside)["kind"])
    signs = ["observed", "band"]
    signs += ["alarm"] if kinds & {"surge", "new_route"} else []
    signs += [kind for kind in ("collapse", "level_shift", "reporting_change") if kind in kinds]
    if bands.filter(*inside)["flag"].str.contains("provisional").any():
        signs.append("provisional")
    return tuple(signs)


def _judged(facts: Facts, key: SeriesKey) -> pl.DataFrame:
    """Return the bands of a series without the range of months that were not judged: it was still learnt."""
    early = pl.col("period_start") < pl.lit(facts.judged_from(key) or date.max)
    return key.rows(facts.detection.bands).with_columns(
        pl.when(~early).then(column).alias(column) for column in ("expected", "lower", "upper")
    )


def _draw_band(layout: Layout, **arguments: Any) -> Any:
    return chart_band(arguments.pop("bands"), arguments.pop("alarms"), layout=layout, **arguments)


def _band_table(bands: pl.DataFrame, alarms: pl.DataFrame, span: Span, title: str) -> Table:
    shown = bands.filter(pl.col("period_end") >= span.first, pl.col("period_start") <= span.last).sort(
        "period_start"
    )
    alarmed = set(alarms["period_start"])
    rows = [
        (
            f"{row['period_start']:%Y-%m}",
            "no figure" if row["observed"] is None else f"{row['observed']:,.0f}",
            *(f"{row[c]:,.0f}" if row[c] is not None else "" for c in ("expected", "lower", "upper")),
            "alarm"
            if row["period_start"] in alarmed
            else "provisional"
            if "provisional" in row["flag"]
            else "",
        )
        for row in shown.iter_rows(named=True)
    ]
    return Table(
        caption=f"{title}, by month",
        columns=("Month", "Count", "Expected", "Lower", "Upper", "Mark"),
        numeric=(False, True, True, True, True, False),
        rows=tuple(rows),
    )


def panels_figure(setting: Setting, total: SeriesKey) -> Figure | None:
    """Return small figures of the case's nationalities on the route of ``total``."""
    facts, span = setting.facts, setting.span
    keys = []
    for code in setting.case.case.nationalities:
        key = replace(total, nationality=code)
        bands = key.rows(facts.detection.bands).filter(
            pl.col("period_end") >= span.first, pl.col("period_start") <= span.last
        )
        if bands.height and float(bands["observed"].sum()) >= _FEWEST_NATIONALITY:
            keys.append(key)
    if not keys:
        return None
    panels = [
        (nationality_name(k.nationality), k.rows(facts.detection.bands), k.rows(facts.detection.alarms))
        for k in keys
    ]
    corridor = facts.known.corridors[total.corridor]
    unit = unit_of(facts, total)
    words = " ".join(
        describe_band(bands, alarms, span=span, what=f"{name}, {unit} per month", smallest=SMALLEST)
        for name, bands, alarms in panels
    )
    return Figure(
        id="nationality-bands",
        corridors=(total.corridor,),
        title=f"{MEASURE_TITLES[total.measure]} by nationality, {label_of(corridor)}",
        subtitle=f"{unit.capitalize()} per month, each on its own scale; the nationalities the case file names",
        source=source_text(facts, keys[:2], span),
        words=words,
        draw=partial(_draw_panels, panels=panels, span=span),
        legend=_legend(
            pl.concat([bands for _, bands, _ in panels]), pl.concat([alarms for _, _, alarms in panels]), span
        ),
        note=say(
            "The order is that of the case file and ranks nobody. A nationality is shown because sources of the "
            "case name it; panels have different scales, and a range that is wider is cut at the top."
        ),
    )


def _draw_panels(layout: Layout, **arguments: Any) -> Any:
    return chart_band_panels(arguments.pop("panels"), layout=layout, **arguments)
