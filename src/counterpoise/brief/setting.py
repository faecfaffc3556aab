"""What all figures and findings of a brief share: the case, the days shown, and which series stand for it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import polars as pl

from counterpoise.brief.facts import Facts, SeriesKey
from counterpoise.brief.text import SourceRef, Text
from counterpoise.cases.known import KnownCase
from counterpoise.charts.timeline import Mark, PhaseBand, Span
from counterpoise.vocabulary import ALL_NATIONALITIES, FLOW_MEASURES

__all__ = ["Setting", "case_span", "main_series", "source_text", "total_code", "unit_of"]

_LEAD_MONTHS = 18
"""Months shown before the first phase, so that the baseline can be seen."""


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


def total_code(case: KnownCase, facts: Facts, corridor: str, dataset: str, measure: str) -> str:
    """Return ``TOTAL``, or ``TOTAL-UKR`` where the case leaves a nationality out and the series exists."""
    left_out = case.case.left_out_codes
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


def source_text(facts: Facts, keys: Sequence[SeriesKey], span: Span) -> Text:
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


def unit_of(facts: Facts, key: SeriesKey) -> str:
    """Return what one count of the series is: events, persons or decisions."""
    rows = facts.series(key)
    return str(rows["unit"][0]) if rows.height else "counts"
