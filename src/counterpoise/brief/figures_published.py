"""Figures of what was published as it is: measures apart, days, nationalities, the map."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import polars as pl

from counterpoise.brief.facts import SeriesKey
from counterpoise.brief.model import Figure, Table
from counterpoise.brief.setting import Setting, source_text, total_code, unit_of
from counterpoise.brief.text import say
from counterpoise.charts.map import chart_map, describe_map, drawn_corridors, load_basemap
from counterpoise.charts.nationalities import (
    OTHER,
    chart_nationality_mix,
    describe_nationality_mix,
    nationality_shares,
)
from counterpoise.charts.observations import (
    FigurePanel,
    chart_daily,
    chart_measures,
    describe_daily,
    describe_measures,
)
from counterpoise.charts.theme import WIDE, Layout
from counterpoise.charts.timeline import Span
from counterpoise.observations.nationalities import nationality_name
from counterpoise.observations.suppression import suppress
from counterpoise.observations.words import MEASURE_TITLES, label_of, place, who
from counterpoise.vocabulary import ALL_NATIONALITIES

__all__ = ["border_days_figure", "map_figure", "measures_figure", "mix_figure", "other_days_figure"]

_FEWEST_DAYS = 12
"""Daily figures of fewer days are not drawn."""
_FEWEST_MONTHS = 5


def _monthly_keys(setting: Setting) -> list[SeriesKey]:
    """Return the monthly series of the case's corridors and measures that have at least five figures."""
    facts, span = setting.facts, setting.span
    keys = []
    corridors = list(setting.case.case.corridors)
    for row in facts.detection.series.filter(
        pl.col("nationality") == ALL_NATIONALITIES,
        pl.col("measure").is_in(list(setting.case.case.measures)),
        pl.col("corridor").is_in(corridors),
    ).iter_rows(named=True):
        code = total_code(setting.case, facts, row["corridor"], row["dataset"], row["measure"])
        key = SeriesKey(
            dataset=row["dataset"], corridor=row["corridor"], nationality=code, measure=row["measure"]
        )
        inside = facts.series(key).filter(
            pl.col("period_start") >= span.first, pl.col("period_end") <= span.last
        )
        if inside.height >= _FEWEST_MONTHS:
            keys.append(key)
    order = {c: i for i, c in enumerate(corridors)}
    measures = {m: i for i, m in enumerate(setting.case.case.measures)}
    return sorted(keys, key=lambda k: (measures[k.measure], order[k.corridor], k.dataset))


def _panel(setting: Setting, key: SeriesKey) -> FigurePanel:
    facts = setting.facts
    corridor = facts.known.corridors[key.corridor]
    return FigurePanel(
        title=f"{MEASURE_TITLES[key.measure]}{who(key.nationality)}, {label_of(corridor)}",
        detail=f"{unit_of(facts, key)}; {facts.publisher(key.dataset)}",
        figures=facts.series(key)
        .select("period_start", "period_end", "value")
        .unique(subset=["period_start"], keep="last", maintain_order=True),
    )


def measures_figure(setting: Setting) -> Figure | None:
    """Return the monthly figures of all measures of the case, each in its panel; None if there is only one."""
    keys = _monthly_keys(setting)
    if len(keys) < 2:
        return None
    panels = [_panel(setting, key) for key in keys]
    return Figure(
        id="measures",
        corridors=tuple(dict.fromkeys(key.corridor for key in keys)),
        title="Detections beside attempts and people stopped or returned",
        subtitle="Per month, as each publisher counts; every panel has its own unit and scale",
        source=source_text(setting.facts, keys, setting.span),
        words=describe_measures(panels, span=setting.span),
        draw=partial(_draw_measures, panels=panels, span=setting.span),
        table=_figures_table(panels, setting.span, "Monthly figures", "%Y-%m"),
        note=say(
            "Never add these panels. A person stopped or returned is not a detection, and one person can be "
            "stopped many times. Grey: no figure was found, which is not zero."
        ),
    )


def _draw_measures(layout: Layout, *, panels: Sequence[FigurePanel], span: Span) -> Any:
    return chart_measures(panels, span=span, layout=layout)


def _figures_table(panels: Sequence[FigurePanel], span: Span, caption: str, pattern: str) -> Table:
    rows = [
        (panel.title, f"{row['period_start']:{pattern}}", f"{row['value']:,.0f}")
        for panel in panels
        for row in panel.within(span).iter_rows(named=True)
    ]
    return Table(
        caption=caption,
        columns=("Series", "Period", "Count"),
        numeric=(False, False, True),
        rows=tuple(rows),
    )


def _daily_keys(setting: Setting, corridors: Sequence[str]) -> list[SeriesKey]:
    """Return the series of daily figures that are dense enough to draw, the densest of a border first."""
    rows = setting.facts.known.observations.filter(
        pl.col("corridor").is_in(list(corridors)),
        pl.col("frequency") == "D",
        pl.col("nationality") == ALL_NATIONALITIES,
        pl.col("measure").is_in(list(setting.case.case.measures)),
        pl.col("period_start") >= setting.span.first,
    )
    counted = (
        rows.group_by("dataset", "corridor", "measure")
        .agg(pl.col("period_start").n_unique().alias("n"))
        .filter(pl.col("n") >= _FEWEST_DAYS)
        .sort("corridor", "n", "measure", descending=[False, True, False])
    )
    return [
        SeriesKey(
            dataset=r["dataset"],
            corridor=r["corridor"],
            nationality=ALL_NATIONALITIES,
            measure=r["measure"],
            frequency="D",
        )
        for r in counted.iter_rows(named=True)
    ]


def border_days_figure(setting: Setting, corridor: str, figure_id: str) -> tuple[Figure, SeriesKey] | None:
    """Return the daily figures of a border that cannot be monitored, with phases and marks, and their series."""
    keys = _daily_keys(setting, [corridor])
    if not keys:
        return None
    key = keys[0]
    where = label_of(setting.facts.known.corridors[corridor])
    figure = _days_figure(
        setting,
        [key],
        figure_id=figure_id,
        title=f"{MEASURE_TITLES[key.measure]} by day, {where}",
        why="No expected range is shown: too few monthly figures are published without gaps to say what would "
        "be ordinary.",
        with_story=True,
    )
    return figure, key


def other_days_figure(setting: Setting, shown: Sequence[SeriesKey]) -> Figure | None:
    """Return the daily figures that no other figure shows, or None if there are none."""
    keys = [k for k in _daily_keys(setting, setting.case.case.corridors) if k not in shown]
    if not keys:
        return None
    return _days_figure(
        setting,
        keys,
        figure_id="daily",
        title="National figures by day",
        why="Each panel is one measure of one service.",
        with_story=False,
    )


def _days_figure(
    setting: Setting, keys: Sequence[SeriesKey], *, figure_id: str, title: str, why: str, with_story: bool
) -> Figure:
    facts = setting.facts
    last = max(facts.series(key)["period_end"].to_list()[-1] for key in keys)
    span = Span(first=setting.span.first, last=max(setting.span.last, last))
    panels = [_panel(setting, key) for key in keys]
    named = panels
    if with_story:  # the title of the figure says the rest
        panels = [
            replace(panel, title=f"{panel.detail.split(';')[0].capitalize()} per day", detail="")
            for panel in panels
        ]
    marks = setting.marks_of.get(keys[0].corridor, setting.marks) if with_story else ()
    phases = setting.phases if with_story else ()
    return Figure(
        id=figure_id,
        corridors=tuple(dict.fromkeys(key.corridor for key in keys)),
        title=title,
        subtitle="Per day, as published; only days that follow each other are joined",
        source=source_text(facts, keys, span),
        words=describe_daily(named, span=span),
        draw=partial(_draw_daily, panels=panels, span=span, phases=phases, marks=marks),
        table=_figures_table(named, span, title, "%Y-%m-%d"),
        note=say(
            "{why} Days without a dot are days for which no figure was found, not days without people.",
            why=why,
        ),
        legend=("day", *(("phases",) if phases else ())),
    )


def _draw_daily(layout: Layout, *, panels: Sequence[FigurePanel], **arguments: Any) -> Any:
    return chart_daily(panels, layout=layout, **arguments)


def mix_figure(setting: Setting, total: SeriesKey) -> Figure | None:
    """Return the shares of nationalities over time on the route of ``total``, or None without figures."""
    facts, span = setting.facts, setting.span
    codes = facts.detection.series.filter(
        pl.col("corridor") == total.corridor,
        pl.col("dataset") == total.dataset,
        pl.col("measure") == total.measure,
        ~pl.col("nationality").str.starts_with(ALL_NATIONALITIES),
        ~pl.col("nationality").is_in(list(setting.case.case.left_out_codes)),
    )["nationality"]
    figures = facts.detection.bands.filter(
        pl.col("corridor") == total.corridor,
        pl.col("dataset") == total.dataset,
        pl.col("measure") == total.measure,
        pl.col("nationality").is_in(codes.implode()),
        pl.col("period_end") >= span.first,
        pl.col("period_start") <= span.last,
        pl.col("observed").is_not_null(),
    ).select("period_start", "nationality", pl.col("observed").alias("value"))
    if figures.is_empty() or not figures["value"].sum():
        return None
    yearly = nationality_shares(figures, every="1y")
    quarterly = nationality_shares(figures, every="1q")
    corridor = facts.known.corridors[total.corridor]
    unit = unit_of(facts, total)
    title = f"Who was counted: nationality mix{who(total.nationality)}, {label_of(corridor)}"
    return Figure(
        id="nationality-mix",
        corridors=(total.corridor,),
        title=title,
        subtitle=f"Share of {unit} by nationality; a quarter (on a phone: year) with fewer than 30 is left empty",
        source=source_text(facts, [total], span),
        words=describe_nationality_mix(yearly, span=span),
        draw=partial(_draw_mix, quarterly=quarterly, yearly=yearly, span=span),
        table=_mix_table(yearly, title),
        note=say(
            "Nationality is recorded by border services. Each count is of a crossing found, so one person can "
            "stand in it several times."
        ),
    )


def _draw_mix(layout: Layout, *, quarterly: pl.DataFrame, yearly: pl.DataFrame, span: Span) -> Any:
    return chart_nationality_mix(quarterly if layout == WIDE else yearly, span=span, layout=layout)


def _mix_table(yearly: pl.DataFrame, title: str) -> Table:
    hidden = suppress(yearly, group=["period_start"])
    years = hidden["period_start"].unique().sort().to_list()
    codes = hidden.select("nationality", "rank").unique().sort("rank")["nationality"].to_list()
    cells = {(r["period_start"], r["nationality"]): r["shown"] for r in hidden.iter_rows(named=True)}
    names = {OTHER: "Other"}
    rows = [
        (names.get(code, nationality_name(code)), *(cells.get((year, code), "0") for year in years))
        for code in codes
    ]
    totals = {r["period_start"]: f"{r['total']:,.0f}" for r in hidden.iter_rows(named=True)}
    rows.append(("All shown", *(totals[year] for year in years)))
    return Table(
        caption=f"{title}, by year",
        columns=("Nationality", *(str(year.year) for year in years)),
        numeric=(False, *(True for _ in years)),
        rows=tuple(rows),
        note="Counts under 10 are printed as <10; a further cell is withheld where the hidden one could be "
        "worked out. The first and the last year may be covered in part.",
    )


def map_figure(setting: Setting) -> Figure | None:
    """Return the map of the case's borders, or None if none of its corridors has a line."""
    registry = setting.facts.known.corridors
    borders = [c for c in setting.case.case.corridors if registry[c].kind == "border"]
    corridors = drawn_corridors(registry, borders or setting.case.case.corridors)
    if not corridors:
        return None
    names = ", ".join(dict.fromkeys(place(c) for c in corridors))
    return Figure(
        id="map",
        title="The borders the figures are about",
        subtitle="Coarse lines; nothing finer than a border is shown",
        source=(
            "Outlines: Natural Earth 1:50 million, public domain. They say nothing on the status of any "
            "territory.",
        ),
        words=f"{describe_map(corridors)} Shown: {names}.",
        draw=partial(_draw_map, corridors=corridors),
    )


def _draw_map(layout: Layout, *, corridors: Sequence[Any]) -> Any:
    return chart_map(corridors, load_basemap(), layout=layout)
