"""The evidence ledger: statistics, coincidences, coded facts and analyst items of one subject, as items."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from counterpoise.attribution.daily_items import daily_item
from counterpoise.attribution.evidence import OF_WORLDS, Item, Told, of_bounds, of_families
from counterpoise.attribution.hypotheses import load_facts
from counterpoise.attribution.indicators.catalogue import (
    RULE_CHANGE,
    STATISTICS,
    Statistic,
    compute_statistics,
)
from counterpoise.attribution.indicators.coincidence import (
    Coincidence,
    bayes_factor_bound,
    measure_coincidence,
)
from counterpoise.attribution.indicators.means import best_grades, fact_item
from counterpoise.attribution.indicators.shape import monthly_jump
from counterpoise.attribution.likelihoods import Likelihoods, class_of
from counterpoise.attribution.origin_items import origin_items
from counterpoise.attribution.reference import Reading, read_statistics
from counterpoise.attribution.subject import Selected
from counterpoise.observations.archive import Known
from counterpoise.observations.regimes import regimes_for
from counterpoise.vocabulary import ANSWERS, EventStatus

if TYPE_CHECKING:
    from counterpoise.attribution.options import AttributeOptions
    from counterpoise.cases import AnalystItem, Event, KnownCase

__all__ = ["coded_items", "facts_in_window", "ledger_of"]

_QUESTIONSOF_WORLDS = ("driver", "opening", "record")


def ledger_of(
    known: Known,
    selected: Selected,
    case: "KnownCase | None",
    likelihoods: Likelihoods,
    options: "AttributeOptions",
) -> tuple[Item, ...]:
    """Return all items, by question and kind."""
    rerun = rerun_of(selected, known.day)
    items = [*_statistics(known, selected, likelihoods, rerun)]
    events, _ = facts_in_window(case, selected, options)
    if case is not None:
        items += _coincidences(selected, case, options, rerun)
        items.append(daily_item(known, selected, case, options, rerun))
        entries = [e for e in case.evidence if _counts(e.date, None, selected, options)]
        items += coded_items(events, entries, rerun)
    items += origin_items(known, selected, likelihoods, rerun)
    order = list(ANSWERS)
    return tuple(sorted(items, key=lambda item: order.index(item.question)))


def rerun_of(selected: Selected, day: date) -> str:
    """Return the command that makes the answer again."""
    subject = selected.subject
    case = f" {subject.case}" if subject.case else ""
    return (
        f"counterpoise attribute{case} --corridor {subject.corridor} --nationality {subject.nationality} "
        f"--month {subject.month:%Y-%m} --as-of {day}"
    )


def _statistics(known: Known, selected: Selected, likelihoods: Likelihoods, rerun: str) -> Iterable[Item]:
    cube = selected.cube
    at = (selected.corridor, selected.nationality, selected.month)
    readings = read_statistics(cube, compute_statistics(cube), *at)
    first_known = _first_known(known, selected)
    for question in _QUESTIONSOF_WORLDS:
        for name, statistic in STATISTICS.items():
            reading = readings[name]
            families = likelihoods.log_lr(question, name, class_of(reading.tail_probability))
            if families is None:
                continue
            lower, upper = of_families(families)
            yield Item(
                indicator=name,
                statement=_statement(statistic, reading),
                question=question,
                nature="statistic",
                lower=lower,
                upper=upper,
                families=families,
                reliability=OF_WORLDS,
                group=statistic.group,
                known_on=first_known,
                figures={
                    "value": round(reading.value, 4),
                    "tail_probability": round(reading.tail_probability, 4),
                    "n_reference": reading.n_reference,
                    "reference_of_similar_size": reading.similar_size,
                },
                sources=(selected.subject.dataset,),
                rerun=rerun,
            )
    yield _rule_change(known, selected, likelihoods, rerun)


def _statement(statistic: Statistic, reading: Reading) -> str:
    """Return a reading with its place among its like: what is more than in most, or less than in most."""
    higher = 1 - reading.tail_probability
    word, share = ("more", higher) if higher >= 0.5 else ("less", reading.tail_probability)
    size = "of similar size" if reading.similar_size else "of any size, as few are of similar size"
    what = "corridor-months" if statistic.of == "corridor" else "series-months"
    return (
        f"{statistic.said(reading.value)}; {word} than in {share:.{1 if share > 0.99 else 0}%} of "
        f"{reading.n_reference} comparable {what} {size}."
    )


def _first_known(known: Known, selected: Selected) -> date | None:
    covered = known.covered(selected.subject.dataset, selected.panel.frequency)
    rows = covered.filter(pl.col("period_start") == selected.subject.month)
    return rows["first_known_on"][0] if rows.height else None


def _rule_change(known: Known, selected: Selected, likelihoods: Likelihoods, rerun: str) -> Item:
    subject = selected.subject
    begun = [
        r
        for r in regimes_for(known.regimes, known.corridors, subject.corridor, subject.measure)
        if subject.window_start <= r.start <= subject.window_end and r.start <= known.day
    ]
    families = likelihoods.log_lr("record", RULE_CHANGE, int(bool(begun)))
    assert families is not None
    lower, upper = of_families(families)
    rules = "; ".join(f"{r.id} ({r.start})" for r in begun)
    return Item(
        indicator=RULE_CHANGE,
        statement=f"Rules of counting that begin in these months: {rules or 'none in the registry'}.",
        question="record",
        nature="statistic",
        lower=lower,
        upper=upper,
        families=families,
        reliability=OF_WORLDS,
        group="registry",
        known_on=max((r.start for r in begun), default=None),
        figures={"n_rules": len(begun)},
        sources=("regimes.yml",),
        rerun=rerun,
    )


def facts_in_window(
    case: "KnownCase | None", selected: Selected, options: "AttributeOptions"
) -> tuple[tuple["Event", ...], tuple["Event", ...]]:
    """Return the coded facts that count for the subject, and those known but of other months."""
    if case is None:
        return (), ()
    coded = [event for event in case.events if event.facts]
    counting = tuple(e for e in coded if _counts(e.date, e.end_date, selected, options))
    return counting, tuple(e for e in coded if e not in counting)


def _counts(start: date, end: date | None, selected: Selected, options: "AttributeOptions") -> bool:
    first = selected.subject.month - timedelta(days=round(options.fact_months * 30.44))
    return start <= selected.subject.window_end and (end or start) >= first


def _grade(event: "Event") -> str:
    return "low" if event.status is EventStatus.NOT_VERIFIED else str(event.confidence)


def coded_items(events: Iterable["Event"], entries: Iterable["AnalystItem"], rerun: str) -> tuple[Item, ...]:
    """Return the items of coded facts and of an analyst's entries."""
    return (*_facts(events, rerun), *_analyst(entries, rerun))


def _told_of(event: "Event") -> Told:
    claimed = f" (claimed by {event.claimed_by})" if event.claimed_by else ""
    return Told(
        text=f"{event.date}: {event.text.rstrip('.')}{claimed}.",
        known_on=event.first_known_on,
        sources=event.sources,
        claimed_by=event.claimed_by,
        group=event.group or event.sources[0],
    )


def _facts(events: Iterable["Event"], rerun: str) -> Iterable[Item]:
    """Return one item per kind of fact and question: independent groups of reports support it together."""
    by_kind: dict[str, list[Event]] = {}
    for event in events:
        for fact in event.facts:
            by_kind.setdefault(str(fact), []).append(event)
    kinds = load_facts()
    for name, reports in by_kind.items():
        best = best_grades((event.group or event.sources[0], _grade(event)) for event in reports)
        told = tuple(_told_of(event) for event in reports)
        for question, words in kinds[name].predicted.items():
            yield fact_item(
                name,
                question,
                words,
                best,
                statement=f"{kinds[name].title}. {'; '.join(t.text.rstrip('.') for t in told)}.",
                told=told,
                known_on=max(e.first_known_on for e in reports),
                figures={"n_reports": len(reports), "n_independent_groups": len(best)},
                sources=tuple(dict.fromkeys(s for e in reports for s in e.sources)),
                rerun=rerun,
            )


def _analyst(entries: Iterable["AnalystItem"], rerun: str) -> Iterable[Item]:
    for entry in entries:
        yield fact_item(
            entry.id,
            entry.question,
            {name: str(word) for name, word in entry.predicted.items()},
            {entry.group or entry.sources[0]: str(entry.confidence)},
            nature="analyst",
            statement=f"{entry.statement} Added by an analyst: {entry.reason}",
            known_on=entry.known_on,
            sources=entry.sources,
            rerun=rerun,
        )


def _coincidences(
    selected: Selected, case: "KnownCase", options: "AttributeOptions", rerun: str
) -> Iterable[Item]:
    """Return whether rises follow facts that open, and falls facts that close; both were declared beforehand."""
    for name, direction, title in (
        ("coincidence", "up", "Rises in the months after dated facts that open a way"),
        ("on_off", "down", "Falls in the months after dated facts that close a way"),
    ):
        found, last_known = _tested(selected, case, options, direction)
        sign = "Not enough months with such facts to test." if found is None else _told(found)
        bound = 0.0 if found is None else bayes_factor_bound(found.p_value)
        n = len(ANSWERS["opening"])
        # Any opening, whoever's: a coincidence with dated facts does not say whose hand it was.
        upper = np.array([0.0] + [bound] * (n - 1))
        pair_lower, pair_upper = of_bounds(np.zeros(n), upper)
        yield Item(
            indicator=name,
            statement=f"{title}: {sign}",
            question="opening",
            nature="unavailable" if found is None else "coincidence",
            lower=pair_lower,
            upper=pair_upper,
            reliability="bound of a p-value",
            group=name,
            known_on=last_known,
            figures={}
            if found is None
            else {"p_value": round(found.p_value, 4), "lag_months": found.lag, "n_months": found.n_months},
            sources=(selected.subject.dataset,),
            rerun=rerun,
        )


def _told(found: Coincidence) -> str:
    return (
        f"largest at a lag of {found.lag} months, p = {found.p_value:.3f} among {found.n_shifts} shifts of "
        f"{found.n_months} months with facts."
    )


def _tested(
    selected: Selected, case: "KnownCase", options: "AttributeOptions", direction: str
) -> tuple[Coincidence | None, date | None]:
    kinds = load_facts()
    events = [e for e in case.events if any(kinds[str(fact)].direction == direction for fact in e.facts)]
    jumps = monthly_jump(selected.cube.counts[selected.corridor, selected.nationality])
    first = max(int(np.flatnonzero(~np.isnan(jumps))[0]), len(jumps) - options.coincidence_months)
    months = selected.cube.months[first:]
    dated = {e.date.replace(day=1) for e in events}
    marked = np.array([month in dated for month in months], dtype=bool)
    found = measure_coincidence(jumps[first:], marked, 1 if direction == "up" else -1)
    return found, max((e.first_known_on for e in events), default=None)
