"""The figures of a brief: which series are drawn for a case, and what stands around each drawing."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from typing import Any

import polars as pl

from counterpoise.brief.facts import Facts, SeriesKey
from counterpoise.brief.model import Figure, Table
from counterpoise.brief.suppress import suppress
from counterpoise.brief.text import SourceRef, Text, say
from counterpoise.brief.words import MEASURE_TITLES, label_of, place, who
from counterpoise.cases.known import KnownCase
from counterpoise.charts.map import chart_map, describe_map, drawn_corridors, load_basemap
from counterpoise.charts.monitoring import chart_band, chart_band_panels, describe_band
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
from counterpoise.charts.timeline import Mark, PhaseBand, Span
from counterpoise.observations.nationalities import nationality_name
from counterpoise.vocabulary import ALL_NATIONALITIES, FLOW_MEASURES

__all__ = ["Setting", "build_figures", "case_span", "main_series", "total_code"]

_LEAD_MONTHS = 18
"""Months shown before the first phase, so that the baseline can be seen."""
_FEWEST_DAYS = 12
"""Daily figures of fewer days are not drawn."""
_FEWEST_MONTHS = 3
_FEWEST_NATIONALITY = 30.0
"""A nationality with fewer people over the whole time shown gets no panel."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """What all figures of a brief share."""

    facts: Facts
    case: KnownCase
    span: Span
    phases: tuple[PhaseBand, ...]
    marks: tuple[Mark, ...]
    marks_of: dict[str, tuple[Mark, ...]]
    """Corridor -> the marks that concern it; ``marks`` for a corridor that is not there."""


def total_code(setting_case: KnownCase, facts: Facts, corridor: str, dataset: str, measure: str) -> str:
    """Return ``TOTAL``, or ``TOTAL-UKR`` where the case leaves a nationality out and the series exists."""
    left_out = setting_case.case.left_out_codes
    code = "-".join([ALL_NATIONALITIES, *left_out])
    found = facts.detection.series.filter(
        pl.col("corridor") == corridor,
        pl.col("dataset") == dataset,
        pl.col("measure") == measure,
        pl.col("nationality") == code,
    )
    return code if left_out and found.height else ALL_NATIONALITIES


def case_span(case: KnownCase, facts: Facts) -> Span:
    """Return the days the figures show: from before the first phase to the last period with a figure."""
    starts = [p.start for p in case.phases] or [e.date for e in case.events] or [facts.known.day]
    first = min(starts)
    months = first.year * 12 + first.month - 1 - _LEAD_MONTHS
    begin = date(months // 12, months % 12 + 1, 1)
    series = facts.detection.series.filter(pl.col("nationality").str.starts_with(ALL_NATIONALITIES))
    last = series["last_period_end"].max()
    end = last if isinstance(last, date) else facts.known.day
    return Span(first=begin, last=max(min(end, facts.known.day), begin))


def main_series(case: KnownCase, facts: Facts) -> tuple[SeriesKey, ...]:
    """Return the monitored totals of the case's corridors, in the order of the case file."""
    found = []
    for corridor in case.case.corridors:
        for measure in (m for m in case.case.measures if m in FLOW_MEASURES):
            rows = facts.detection.series.filter(
                pl.col("corridor") == corridor,
                pl.col("measure") == measure,
                pl.col("status") == "monitored",
                pl.col("nationality") == ALL_NATIONALITIES,
            )
            for dataset in rows["dataset"].unique().sort():
                code = total_code(case, facts, corridor, dataset, measure)
                found.append(SeriesKey(dataset=dataset, corridor=corridor, nationality=code, measure=measure))
    return tuple(found)


def _sources(facts: Facts, keys: Sequence[SeriesKey], span: Span) -> Text:
    """Return the source line: publishers, and the documents that carry most of what is drawn."""
    publishers = list(dict.fromkeys(facts.publisher(key.dataset) for key in keys))
    documents: dict[str, None] = {}
    for key in keys:
        rows = facts.series(key).filter(
            pl.col("period_end") >= span.first, pl.col("period_start") <= span.last
        )
        counted = (
            rows["document"]
            .str.split(" ")
            .explode()
            .drop_nulls()
            .value_counts(sort=True)
            .sort("count", "document", descending=[True, False])
        )
        documents |= dict.fromkeys(counted["document"].head(3))
    refs: list[str | SourceRef] = []
    for document in documents:
        refs += [" ", facts.register.document(document)]
    return (f"{'; '.join(publishers)}, as known on {facts.known.day.isoformat()}.", *refs)


def build_figures(setting: Setting) -> dict[str, tuple[Figure, ...]]:
    """Return the figures by part of the page: ``corridors``, ``measures``, ``nationalities``, ``map``."""
    monitored = main_series(setting.case, setting.facts)
    corridors: list[Figure] = []
    drawn_daily: set[str] = set()
    for corridor in setting.case.case.corridors:
        mine = [key for key in monitored if key.corridor == corridor]
        corridors += [_band_figure(setting, key, len(corridors) + i + 1) for i, key in enumerate(mine)]
        if not mine and (figure := _daily_figure(setting, [corridor], f"corridor-{len(corridors) + 1}")):
            corridors.append(figure)
            drawn_daily.add(corridor)
    rest = [c for c in setting.case.case.corridors if c not in drawn_daily]
    measures = [_measures_figure(setting), _daily_figure(setting, rest, "daily", marks=False)]
    nationalities: list[Figure | None] = []
    for key in monitored:
        if key.nationality != ALL_NATIONALITIES or _has_nationalities(setting.facts, key):
            nationalities += [_panels_figure(setting, key), _mix_figure(setting, key)]
            break
    return {
        "corridors": tuple(corridors),
        "measures": tuple(f for f in measures if f is not None),
        "nationalities": tuple(f for f in nationalities if f is not None),
        "map": tuple(f for f in [_map_figure(setting)] if f is not None),
    }


def _has_nationalities(facts: Facts, key: SeriesKey) -> bool:
    rows = facts.detection.series.filter(
        pl.col("corridor") == key.corridor,
        pl.col("dataset") == key.dataset,
        ~pl.col("nationality").str.starts_with(ALL_NATIONALITIES),
    )
    return not rows.is_empty()


def _band_figure(setting: Setting, key: SeriesKey, number: int) -> Figure:
    facts, span = setting.facts, setting.span
    bands, alarms = key.rows(facts.detection.bands), key.rows(facts.detection.alarms)
    corridor = facts.known.corridors[key.corridor]
    title = f"{MEASURE_TITLES[key.measure]}{who(key.nationality)}, {label_of(corridor)}"
    unit = _unit(facts, key)
    marks = setting.marks_of.get(key.corridor, setting.marks)
    return Figure(
        id=f"corridor-{number}",
        corridors=(key.corridor,),
        title=title,
        subtitle=f"{unit.capitalize()} per month, with the range expected from earlier months",
        source=_sources(facts, [key], span),
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
        legend=("observed", "band", "alarm", "provisional", *(("phases",) if setting.phases else ())),
    )


def _draw_band(layout: Layout, **arguments: Any) -> Any:
    return chart_band(arguments.pop("bands"), arguments.pop("alarms"), layout=layout, **arguments)


def _unit(facts: Facts, key: SeriesKey) -> str:
    rows = facts.series(key)
    return str(rows["unit"][0]) if rows.height else "counts"


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


def _panels_figure(setting: Setting, total: SeriesKey) -> Figure | None:
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
    unit = _unit(facts, total)
    words = " ".join(
        describe_band(bands, alarms, span=span, what=f"{name}, {unit} per month")
        for name, bands, alarms in panels
    )
    return Figure(
        id="nationality-bands",
        corridors=(total.corridor,),
        title=f"{MEASURE_TITLES[total.measure]} by nationality, {label_of(corridor)}",
        subtitle=f"{unit.capitalize()} per month, each on its own scale; the nationalities the case file names",
        source=_sources(facts, keys[:2], span),
        words=words,
        draw=partial(_draw_panels, panels=panels, span=span),
        legend=("observed", "band", "alarm"),
        note=say(
            "The order is that of the case file and ranks nobody. A nationality is shown because sources of the "
            "case name it; panels have different scales."
        ),
    )


def _draw_panels(layout: Layout, **arguments: Any) -> Any:
    return chart_band_panels(arguments.pop("panels"), layout=layout, **arguments)


def _mix_figure(setting: Setting, total: SeriesKey) -> Figure | None:
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
    unit = _unit(facts, total)
    title = f"Who was counted: nationality mix{who(total.nationality)}, {label_of(corridor)}"
    return Figure(
        id="nationality-mix",
        corridors=(total.corridor,),
        title=title,
        subtitle=f"Share of {unit} by nationality; a quarter (on a phone: year) with fewer than 30 is left empty",
        source=_sources(facts, [total], span),
        words=describe_nationality_mix(yearly, span=span),
        draw=partial(_draw_mix, quarterly=quarterly, yearly=yearly, span=span),
        table=_mix_table(yearly, title),
        note=say(
            "Nationality is recorded by border services. Each count is of a crossing found, so one person can "
            "stand in it several times."
        ),
    )


def _draw_mix(layout: Layout, *, quarterly: pl.DataFrame, yearly: pl.DataFrame, span: Span) -> Any:
    return chart_nationality_mix(quarterly if layout is WIDE else yearly, span=span, layout=layout)


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


def _monthly_keys(setting: Setting) -> list[SeriesKey]:
    """Return the monthly series of the case's corridors and measures that have at least three figures."""
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
        detail=f"{_unit(facts, key)}; {facts.publisher(key.dataset)}",
        figures=facts.series(key)
        .select("period_start", "period_end", "value")
        .unique(subset=["period_start"], keep="last", maintain_order=True),
    )


def _measures_figure(setting: Setting) -> Figure | None:
    keys = _monthly_keys(setting)
    if len(keys) < 2:
        return None
    panels = [_panel(setting, key) for key in keys]
    return Figure(
        id="measures",
        corridors=tuple(dict.fromkeys(key.corridor for key in keys)),
        title="Detections beside attempts and people stopped or returned",
        subtitle="Per month, as each publisher counts; every panel has its own unit and scale",
        source=_sources(setting.facts, keys, setting.span),
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


def _daily_figure(
    setting: Setting, corridors: Sequence[str], figure_id: str, *, marks: bool = True
) -> Figure | None:
    """Return daily figures of the corridors, or None where too few days have one."""
    facts = setting.facts
    rows = facts.known.observations.filter(
        pl.col("corridor").is_in(list(corridors)),
        pl.col("frequency") == "D",
        pl.col("nationality") == ALL_NATIONALITIES,
        pl.col("measure").is_in(list(setting.case.case.measures)),
        pl.col("period_start") >= setting.span.first,
    )
    counted = (
        rows.group_by("dataset", "corridor", "measure")
        .agg(pl.col("period_start").n_unique().alias("n"), pl.col("period_end").max().alias("last"))
        .filter(pl.col("n") >= _FEWEST_DAYS)
        .sort("corridor", "n", "measure", descending=[False, True, False])
    )
    if counted.is_empty():
        return None
    keys = [
        SeriesKey(
            dataset=r["dataset"],
            corridor=r["corridor"],
            nationality=ALL_NATIONALITIES,
            measure=r["measure"],
            frequency="D",
        )
        for r in counted.iter_rows(named=True)
    ]
    span = Span(first=setting.span.first, last=max(setting.span.last, counted["last"].max()))  # type: ignore[type-var, arg-type]
    panels = [_panel(setting, key) for key in keys]
    one = len(set(corridors)) == 1
    where = label_of(facts.known.corridors[corridors[0]]) if one else "national figures"
    measures = list(dict.fromkeys(MEASURE_TITLES[k.measure].lower() for k in keys))
    title = f"{', '.join(measures).capitalize()} by day, {where}"
    shown = setting.marks_of.get(corridors[0], setting.marks) if marks and one else ()
    return Figure(
        id=figure_id,
        corridors=tuple(dict.fromkeys(key.corridor for key in keys)),
        title=title,
        subtitle="Per day, as published; only days that follow each other are joined",
        source=_sources(facts, keys, span),
        words=describe_daily(panels, span=span),
        draw=partial(
            _draw_daily, panels=panels, span=span, phases=setting.phases if marks else (), marks=shown
        ),
        table=_figures_table(panels, span, title, "%Y-%m-%d"),
        note=say(
            "No expected range is shown: too few {place} figures are published without gaps to say what would be "
            "ordinary. Days without a dot are days for which no figure was found, not days without people.",
            place="monthly" if marks else "daily",
        ),
        legend=("day", *(("phases",) if marks and setting.phases else ())),
    )


def _draw_daily(layout: Layout, *, panels: Sequence[FigurePanel], **arguments: Any) -> Any:
    return chart_daily(panels, layout=layout, **arguments)


def _map_figure(setting: Setting) -> Figure | None:
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
