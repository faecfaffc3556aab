"""Sentences of a brief, written from results and never stronger than they are.

No sentence says why people came, who sent them, or to what end. A party's word is reported as its word. What is
said about a case whose route is shared with others uses the route without them, and says so.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import polars as pl

from counterpoise.brief.facts import Facts, SeriesKey
from counterpoise.brief.model import Finding
from counterpoise.brief.setting import main_series, total_code
from counterpoise.brief.text import Part, Text, say, spoken_month
from counterpoise.brief.two_clocks import clock_finding
from counterpoise.cases.known import KnownCase
from counterpoise.charts.timeline import Span
from counterpoise.observations.nationalities import nationality_name
from counterpoise.observations.suppression import SMALLEST
from counterpoise.observations.words import MEASURE_WORDS, joined, label_of, place, spoken_date, who
from counterpoise.vocabulary import ALL_NATIONALITIES, FLOW_MEASURES, LabelStatus

__all__ = ["NOT_SHOWN", "NO_PERSONS", "N_CAVEATS", "findings", "label_text"]

NOT_SHOWN = (
    "Counts cannot show aim, nor who opened a way. What is said of these further down rests on facts that somebody "
    "reported, stands as bounds beside what speaks against it, and is no verdict."
)
NO_PERSONS = (
    "Nothing here says anything about any person’s need for protection, credibility or right to apply for it."
)
N_CAVEATS = 3
"""So many findings at the end of the list say how the others are to be read."""
_RISES = ("surge", "new_route")
"""A change of level is no rise of its own month: it says that the counts since a surge stayed high."""
_MOST_NATIONALITIES = 4

_STATUS = {
    LabelStatus.ASSERTED: "asserted: said by those named",
    LabelStatus.DOCUMENTED: "documented: statements or acts are on record, which is not a finding of this brief",
    LabelStatus.CONTESTED: "contested: intent is disputed",
    LabelStatus.ALLEGED: "alleged: no public proof",
}


def label_text(known: KnownCase, *, replay: bool) -> Text:
    """Return how the label of the case stands, and with whose words."""
    case = known.case
    if case.label_status is LabelStatus.CONTROL:
        return (
            "This case is a control: nobody’s claim of instrumentalisation is recorded in its file. It is here "
            "to compare with.",
        )
    status = f"The case file gives the label “instrumentalisation” as {_STATUS[case.label_status]}."
    if replay:
        return (
            status,
            " Its words are not dated, so who used the label by this day is not told here.",
        )
    denied = (
        f" Denied by: {'; '.join(case.denied_by)}."
        if case.denied_by
        else " No denial is recorded in the file."
    )
    return (f"{status} Asserted by: {'; '.join(case.asserted_by)}.", denied)


def findings(known: KnownCase, facts: Facts, span: Span, clocks: pl.DataFrame) -> tuple[Finding, ...]:
    """Return the key findings, the last ones saying what is not shown; ``clocks`` is of ``two_clocks``."""
    start = min([p.start for p in known.phases], default=span.first)
    window = Span(first=max(start, span.first), last=span.last)
    found = [_unusual(known, facts, key, window) for key in main_series(known, facts)]
    found += [clock] if (clock := clock_finding(facts, clocks)) else []
    found += _two_measures(known, facts, window)
    found += _nationalities(known, facts, window)
    found += _latest(known, facts)
    found.append(_by_chance(facts))
    found.append(Finding(kind="not_shown", text=(NOT_SHOWN,)))
    found.append(Finding(kind="no_persons", text=(NO_PERSONS,)))
    return tuple(found)


def _series_words(facts: Facts, key: SeriesKey) -> str:
    corridor = facts.known.corridors[key.corridor]
    return f"{MEASURE_WORDS[key.measure]}{who(key.nationality)} on {place(corridor)}"


def _unusual(known: KnownCase, facts: Facts, key: SeriesKey, window: Span) -> Finding:
    """Say which month stands out most against what was expected, or that none is alarmed."""
    judged = facts.judged_from(key)
    start = max(window.first.replace(day=1), judged or window.first)
    rises = key.rows(facts.detection.alarms).filter(
        pl.col("kind").is_in(_RISES),
        pl.col("period_start") >= start,
        pl.col("period_end") <= window.last,
    )
    words = _series_words(facts, key)
    unjudged = (*_unjudged(facts, key, window, start), _wider(known, facts, key.corridor))
    if rises.is_empty():
        text = say(
            "{series}: no month since {start} is alarmed as a rise.{unjudged}",
            series=words[0].upper() + words[1:],
            start=spoken_month(start),
            unjudged=unjudged,
        )
        return Finding(kind="nothing_unusual", text=text)
    top = rises.sort("observed", "period_start", descending=[True, False]).row(0, named=True)
    first = rises.sort("period_start").row(0, named=True)
    text = say(
        "In {month} the count of {series} was {observed}; the model, which knew earlier months only, expected "
        "{expected} ({level} interval {lower} to {upper}). {times}{unjudged}",
        month=spoken_month(top["period_start"]),
        series=words,
        observed=facts.observed(key, top["period_start"]),
        expected=facts.modelled(key, top, "expected"),
        level=f"{top['level']:.0%}",
        lower=facts.modelled(key, top, "lower"),
        upper=facts.modelled(key, top, "upper"),
        times=_times(rises.height, first, start),
        unjudged=unjudged,
    )
    return Finding(kind="unusual", text=text)


def _unjudged(facts: Facts, key: SeriesKey, window: Span, start: date) -> Text:
    """Say which months of the case were too early in the series to be judged, with the largest of them."""
    earlier = (
        key.rows(facts.detection.bands)
        .filter(pl.col("period_start") >= window.first.replace(day=1), pl.col("period_start") < start)
        .drop_nulls("observed")
    )
    if earlier.is_empty():
        return ()
    top = earlier.sort("observed", "period_start", descending=[True, False]).row(0, named=True)
    return say(
        " The series is young or has gaps: its first {n} monthly figures only teach the model, so earlier months "
        "of the case, with {observed} in {month} as the largest, are shown and not judged.",
        n=str(facts.detection.provenance.options["warm_up_periods"]),
        observed=facts.observed(key, top["period_start"]),
        month=spoken_month(top["period_start"]),
    )


def _times(n: int, first: dict[str, Any], start: date) -> str:
    known_on = first["known_on"]
    assumed = "lag_assumed" in first["flag"]
    could = (
        f" The figure that raised the first alarm was known on {spoken_date(known_on)}"
        f"{' (an assumed day: the usual delay of publication)' if assumed else ''}."
        if isinstance(known_on, date)
        else ""
    )
    if n == 1:
        return f"It is the only month alarmed as a rise since {spoken_month(start)}.{could}"
    return (
        f"{n} months since {spoken_month(start)} are alarmed as rises, "
        f"the first of them {spoken_month(first['period_start'])}.{could}"
    )


def _nationalities(known: KnownCase, facts: Facts, window: Span) -> list[Finding]:
    """Say which nationalities of the case file have episodes, with the highest month of each."""
    found = []
    for total in main_series(known, facts):
        chosen = []
        for code in known.case.nationalities:
            key = replace(total, nationality=code)
            rises = key.rows(facts.detection.alarms).filter(
                pl.col("kind").is_in(_RISES),
                pl.col("period_start") >= window.first.replace(day=1),
                pl.col("period_end") <= window.last,
                pl.col("observed") >= SMALLEST,
            )
            if rises.height:
                top = rises.sort("observed", "period_start", descending=[True, False]).row(0, named=True)
                chosen.append((key, top))
        if not chosen:
            continue
        shown = sorted(chosen, key=lambda item: -item[1]["observed"])[:_MOST_NATIONALITIES]
        parts: list[Part] = []
        for i, (key, top) in enumerate(shown):
            parts += [
                "; " if i else "",
                f"{nationality_name(key.nationality)}, highest in {spoken_month(top['period_start'])} with ",
                facts.observed(key, top["period_start"]),
                " where ",
                facts.modelled(key, top, "expected"),
                " were expected",
            ]
        hidden = len(chosen) - len(shown)
        more = f" The table of episodes has the other{f' {hidden}' if hidden > 1 else ''}." if hidden else ""
        named = len(known.case.nationalities)
        text = say(
            "{named}, {n} had a month alarmed as a rise in {measure} on {where}: {list}.{more}",
            named=f"Of the {named} nationalities the case file names"
            if named > 1
            else "Of the one nationality the case file names",
            n=str(len(chosen)),
            measure=MEASURE_WORDS[total.measure],
            where=place(facts.known.corridors[total.corridor]),
            list=tuple(p for p in parts if p != ""),
            more=more,
        )
        found.append(Finding(kind="nationalities", text=text))
    return found


def _wider(known: KnownCase, facts: Facts, corridor: str) -> str:
    """Return that a route takes in more borders than those of the case, with a blank before it."""
    route = facts.known.corridors[corridor]
    others = [code for code in route.to_states if code not in known.case.actors.targets]
    if route.kind != "route" or not others:
        return ""
    return (
        f" That route takes in the borders of {joined([nationality_name(code) for code in others])} too: what is "
        "unusual on it need not have happened at a border of this case."
    )


def _two_measures(known: KnownCase, facts: Facts, window: Span) -> list[Finding]:
    """Set the largest monthly figure of another measure beside detections of the same month."""
    detections = [key for key in main_series(known, facts) if key.measure == "detections"]
    if not detections:
        return []
    route = detections[0]
    candidates = []
    for corridor in known.case.corridors:
        for measure in (m for m in known.case.measures if m in FLOW_MEASURES and m != "detections"):
            rows = facts.known.observations.filter(
                pl.col("corridor") == corridor,
                pl.col("measure") == measure,
                pl.col("frequency") == "M",
                pl.col("nationality") == ALL_NATIONALITIES,
                pl.col("period_start") >= window.first.replace(day=1),
                pl.col("period_end") <= window.last,
            )
            for row in rows.iter_rows(named=True):
                code = total_code(known, facts, corridor, row["dataset"], measure)
                key = SeriesKey(dataset=row["dataset"], corridor=corridor, nationality=code, measure=measure)
                candidates.append((row["value"], row["period_start"], key))
    if not candidates:
        return []
    _, month, key = max(candidates, key=lambda c: (c[0], c[1], c[2].corridor))
    beside = facts.series(route).filter(pl.col("period_start") == month)
    if beside.is_empty():
        return []
    publisher = facts.publisher(key.dataset)
    text = say(
        "In {month}, {other} {words} were counted on {where} (publisher: {publisher}); the same month has "
        "{detections} {series}. The two count different things and are not to be added: people stopped, "
        "returned or applying at a crossing point are not detections, so detections can fall while more people come.",
        month=spoken_month(month),
        publisher=publisher,
        other=facts.observed(key, month),
        words=MEASURE_WORDS[key.measure],
        where=place(facts.known.corridors[key.corridor]),
        detections=facts.observed(route, month),
        series=_series_words(facts, route),
    )
    return [Finding(kind="two_measures", text=text)]


def _latest(known: KnownCase, facts: Facts) -> list[Finding]:
    """Say where the newest month of the first series stands, and whether it is provisional."""
    series = main_series(known, facts)
    if not series:
        return []
    key = series[0]
    bands = key.rows(facts.detection.bands).drop_nulls("observed").sort("period_start")
    if bands.is_empty():
        return []
    last = bands.row(-1, named=True)
    words = _series_words(facts, key)
    if "provisional" in last["flag"]:
        text = say(
            "The newest month known, {month}, has {observed} {series}. It is provisional: {why} No alarm is raised "
            "on it.",
            month=spoken_month(last["period_start"]),
            observed=facts.observed(key, last["period_start"]),
            series=words,
            why="far more of its counts than usual have no nationality yet, so people of a nationality left out "
            "may still be in it."
            if key.nationality != ALL_NATIONALITIES
            else "far more of its counts than usual have no nationality yet.",
        )
    else:
        inside = last["lower"] <= last["observed"] <= last["upper"] if last["lower"] is not None else None
        text = say(
            "The newest month known, {month}, has {observed} {series}{verdict}",
            month=spoken_month(last["period_start"]),
            observed=facts.observed(key, last["period_start"]),
            series=words,
            verdict=""
            if inside is None
            else ", within the expected range."
            if inside
            else ", outside the expected range.",
        )
    return [Finding(kind="latest", text=text)]


def _by_chance(facts: Facts) -> Finding:
    detection = facts.detection
    return Finding(
        kind="by_chance",
        text=say(
            "{n} series were looked at, month by month since their figures begin; about {k} alarms are to be "
            "expected without any unusual event. One alarm alone is a question, not an answer.",
            n=f"{detection.n_series:,}",
            k=f"{detection.expected_false_alarms:,.0f}",
        ),
    )


def lacking(known: KnownCase, facts: Facts, drawn: Sequence[str]) -> tuple[Text, ...]:
    """Return which figures the case asks for and the archive did not hold on the day."""
    found: list[Text] = []
    seen: set[str] = set()
    for corridor in known.case.corridors:
        rows = facts.known.observations.filter(
            pl.col("corridor").is_in(list(facts.known.corridors.subtree(corridor))),
            pl.col("measure").is_in(list(known.case.measures)),
        )
        seen |= set(rows["measure"])
        name = label_of(facts.known.corridors[corridor])
        if rows.is_empty():
            found.append((f"{name}: no figure was known on this day.",))
        elif corridor not in drawn:
            found.append((f"{name}: too few figures to draw; they stand in the table of published figures.",))
    missing = [MEASURE_WORDS[m] for m in known.case.measures if m not in seen]
    if missing:
        found.append((f"No border of the case has figures of {joined(missing)}.",))
    return tuple(found)
