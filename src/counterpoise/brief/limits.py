"""What the figures cannot tell: rules of counting, delays, provisional months, gaps, conflicts, chance."""

from datetime import timedelta

import polars as pl

from counterpoise.brief.facts import Facts
from counterpoise.brief.text import SourceRef, Text, say, without_hindsight
from counterpoise.cases.known import KnownCase
from counterpoise.charts.timeline import Span
from counterpoise.observations.nationalities import nationality_name
from counterpoise.observations.regimes import regimes_for
from counterpoise.observations.words import MEASURE_TITLES, label_of, spoken_date

__all__ = ["limits", "regime_texts"]


def limits(known: KnownCase, facts: Facts, span: Span) -> tuple[Text, ...]:
    """Return the limits of the figures shown, one text each."""
    fixed: list[Text] = [
        (
            "Detections are crossings that were found, not persons: one person can be counted many times, and "
            "a crossing nobody found is in no figure.",
        ),
        (
            "People stopped or returned at the line, and people who apply at a crossing point, are not "
            "detections. When a state begins to turn people back, its detections fall whatever happens at the "
            "border.",
        ),
        (
            "Publishers count differently: events or persons, at the green border or at crossing points, with "
            "words of their own. Figures of different publishers, measures or units stand apart here.",
        ),
    ]
    left = known.case.leave_out
    fixed += [
        say(
            "Where it says so, totals leave out people from {name}. {reason}",
            name=nationality_name(item.nationality),
            reason=without_hindsight(item.reason.rstrip(".") + ".", facts.known.day)
            or "a choice of the case file.",
        )
        for item in left
    ]
    checks: list[Text] = [
        (check.text,) for check in facts.detection.checks if check.status in {"failed", "inconclusive"}
    ]
    chance: Text = (
        f"About {facts.detection.expected_false_alarms:,.0f} alarms over {facts.detection.n_series:,} series "
        "are to be expected without any unusual event.",
    )
    return (*fixed, *checks, *_sparse(known, facts, span), *_conflicts(known, facts), chance)


def _sparse(known: KnownCase, facts: Facts, span: Span) -> list[Text]:
    """Say on how many days national figures were found."""
    rows = facts.known.observations.filter(
        pl.col("corridor").is_in(list(known.case.corridors)),
        pl.col("frequency") == "D",
        pl.col("measure").is_in(list(known.case.measures)),
        pl.col("period_start") >= span.first,
    )
    found: list[Text] = []
    for row in (
        rows.group_by("corridor", "measure")
        .agg(
            pl.col("period_start").n_unique().alias("n"),
            pl.col("period_start").min().alias("first"),
            pl.col("period_end").max().alias("last"),
        )
        .sort("corridor", "measure")
        .iter_rows(named=True)
    ):
        days = (row["last"] - row["first"] + timedelta(days=1)).days
        if row["n"] < days:
            corridor = facts.known.corridors[row["corridor"]]
            found.append(
                (
                    f"{label_of(corridor)}, {MEASURE_TITLES[row['measure']].lower()}: daily figures were found "
                    f"for {row['n']:,} of the {days:,} days from {spoken_date(row['first'])} to "
                    f"{spoken_date(row['last'])}.",
                )
            )
    return found


def _conflicts(known: KnownCase, facts: Facts) -> list[Text]:
    """Say for which figures other values are in print."""
    rows = facts.known.observations.filter(
        pl.col("corridor").is_in(list(known.case.corridors)),
        pl.col("measure").is_in(list(known.case.measures)),
        pl.col("flag").str.split(" ").list.contains("disputed"),
    )
    if rows.is_empty():
        return []
    parts = [
        f"{label_of(facts.known.corridors[corridor])} {n}"
        for corridor, n in rows.group_by("corridor").len().sort("corridor").iter_rows()
    ]
    return [
        (
            f"For {rows.height} figures other values are in print for the same period ({'; '.join(parts)}); "
            "they carry the mark disputed in the archive.",
        )
    ]


def regime_texts(known: KnownCase, facts: Facts, span: Span) -> tuple[Text, ...]:
    """Return the rules of counting in force in the time shown, each with its source."""
    found: dict[str, Text] = {}
    for corridor in known.case.corridors:
        for regime in regimes_for(facts.known.regimes, facts.known.corridors, corridor):
            if regime.measure not in {*known.case.measures, "ALL"} or regime.start > facts.known.day:
                continue
            if regime.end is not None and regime.end < span.first:
                continue
            end = regime.end if regime.end is not None and regime.end <= facts.known.day else None
            until = f" to {spoken_date(end)}" if end else ""
            source: SourceRef = facts.register.page(title=regime.source, url=regime.url)
            break_ = " Figures before and after cannot be compared." if regime.is_break else ""
            found[regime.id] = say(
                "{corridor}, from {start}{until}: {what}{break_} {source}",
                corridor=label_of(facts.known.corridors[regime.corridor]),
                start=spoken_date(regime.start),
                until=until,
                what=without_hindsight(regime.what, facts.known.day),
                break_=break_,
                source=source,
            )
    return tuple(found.values())
