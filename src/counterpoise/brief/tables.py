"""Tables of a brief: episodes, alarms, published years, documents. Small counts of nationalities are hidden."""

from collections.abc import Sequence
from typing import Any

import polars as pl

from counterpoise.brief.facts import Facts
from counterpoise.brief.model import Table
from counterpoise.cases.known import KnownCase
from counterpoise.charts.timeline import Span
from counterpoise.observations.nationalities import nationality_name
from counterpoise.observations.suppression import SMALLEST
from counterpoise.observations.words import ALARM_WORDS, MEASURE_TITLES, label_of
from counterpoise.vocabulary import ALL_NATIONALITIES

__all__ = ["alarms_table", "documents_table", "episodes_table", "published_table", "yearly_table"]

_SUPPRESSED = (
    f"Counts of a nationality from 1 to {SMALLEST - 1} are printed as <{SMALLEST}. Alarms on single nationalities "
    "say that a count is unusual, nothing about the people counted."
)


def _count(row: dict[str, Any], column: str) -> str:
    value: float | None = row[column]
    if value is None:
        return ""
    is_total = row["nationality"].startswith(ALL_NATIONALITIES)
    if not is_total and 0 < value < SMALLEST:
        return f"<{SMALLEST}"
    return f"{value:,.0f}"


def _as_termed(row: dict[str, Any]) -> str:
    """Return the measure, with the publisher's own word for it where that is known."""
    title = MEASURE_TITLES.get(row["measure"], row["measure"])
    return f"{title} ({row['publisher_term']})" if row["publisher_term"] else title


def episodes_table(known: KnownCase, facts: Facts, span: Span) -> Table | None:
    """Return the episodes in the time shown, or None if there are none."""
    shown = facts.detection.episodes.filter(pl.col("last_alarm_end") >= span.first).sort(
        "onset", "corridor", "nationality", "measure"
    )
    if shown.is_empty():
        return None
    rows = [
        (
            label_of(facts.known.corridors[r["corridor"]]),
            nationality_name(r["nationality"]),
            MEASURE_TITLES.get(r["measure"], r["measure"]),
            ALARM_WORDS.get(r["kind"], r["kind"]),
            f"{r['onset']:%Y-%m}",
            f"{r['last_alarm_end']:%Y-%m}",
            str(r["n_alarms"]),
            _count(r, "peak"),
            f"{r['peak_start']:%Y-%m}",
            _count(r, "observed"),
            f"{r['expected']:,.0f}",
        )
        for r in shown.iter_rows(named=True)
    ]
    return _without_constants(
        "Episodes: alarmed months of one series, taken together",
        (
            "Where",
            "Nationality",
            "Measure",
            "Kind",
            "From",
            "To",
            "Alarms",
            "Highest",
            "When",
            "Sum",
            "Expected",
        ),
        (False, False, False, False, False, False, True, True, False, True, True),
        rows,
        note=f"{_SUPPRESSED} Alarms: alarmed months. Sum and Expected: over these only. Highest: of all from the "
        "first to the last.",
    )


def _without_constants(
    caption: str,
    columns: tuple[str, ...],
    numeric: tuple[bool, ...],
    rows: Sequence[tuple[str, ...]],
    *,
    note: str,
) -> Table:
    """Return the table with columns of one value told in the caption instead, so that it fits a page."""
    told = [
        i
        for i, name in enumerate(columns)
        if name in {"Where", "Measure", "Kind"} and len(rows) > 1 and len({row[i] for row in rows}) == 1
    ]
    kept = [i for i in range(len(columns)) if i not in told]
    return Table(
        caption=", ".join([caption, *(rows[0][i] for i in told)]),
        columns=tuple(columns[i] for i in kept),
        numeric=tuple(numeric[i] for i in kept),
        rows=tuple(tuple(row[i] for i in kept) for row in rows),
        note=note,
    )


def alarms_table(known: KnownCase, facts: Facts, span: Span) -> Table | None:
    """Return all alarmed months in the time shown, or None if there are none."""
    shown = facts.detection.alarms.filter(pl.col("period_end") >= span.first)
    if shown.is_empty():
        return None
    rows = [
        (
            f"{r['period_start']:%Y-%m}",
            label_of(facts.known.corridors[r["corridor"]]),
            nationality_name(r["nationality"]),
            MEASURE_TITLES.get(r["measure"], r["measure"]),
            ALARM_WORDS.get(r["kind"], r["kind"]),
            _count(r, "observed"),
            f"{r['expected']:,.0f}",
            f"{r['lower']:,.0f} to {r['upper']:,.0f}",
            f"{r['tail_probability']:.1g}",
            r["known_on"].isoformat() if r["known_on"] else "",
            r["notes"],
        )
        for r in shown.iter_rows(named=True)
    ]
    level = f"{shown['level'][0]:.0%}"
    return _without_constants(
        "All alarmed months",
        (
            "Month",
            "Where",
            "Nationality",
            "Measure",
            "Kind",
            "Count",
            "Expected",
            f"{level} interval",
            "Probability",
            "Known on",
            "Bear in mind",
        ),
        (False, False, False, False, False, True, True, True, True, False, False),
        rows,
        note=f"{_SUPPRESSED} Probability: of a count at least as extreme, under the model. Known on: first day "
        "of publication, for older months an assumed one.",
    )


def yearly_table(known: KnownCase, facts: Facts, span: Span) -> Table | None:
    """Return the totals publishers give for whole years, or None if none is known."""
    shown = (
        facts.known.observations.filter(
            pl.col("corridor").is_in(list(known.case.corridors)),
            pl.col("measure").is_in(list(known.case.measures)),
            pl.col("frequency") == "Y",
            pl.col("nationality") == ALL_NATIONALITIES,
            pl.col("period_end") >= span.first,
        )
        .sort("corridor", "measure", "dataset", "period_start")
        .unique(subset=["corridor", "measure", "dataset", "period_start"], keep="last", maintain_order=True)
    )
    if shown.is_empty():
        return None
    rows = [
        (
            label_of(facts.known.corridors[r["corridor"]]),
            _as_termed(r),
            r["unit"],
            str(r["period_start"].year),
            f"{r['value']:,.0f}",
            r["flag"].replace(" ", ", ").replace("_", " "),
            r["known_on"].isoformat(),
            f"S{facts.register.document(r['document']).number}",
        )
        for r in shown.iter_rows(named=True)
    ]
    return Table(
        caption="Totals as published for whole years",
        columns=("Where", "Measure", "Unit", "Year", "Count", "Marks", "Known on", "Source"),
        numeric=(False, False, False, False, True, False, False, False),
        rows=tuple(rows),
        note="Never add different measures. Relay: read from a report about the publisher’s figure.",
    )


def published_table(known: KnownCase, facts: Facts, span: Span, drawn: Sequence[str]) -> Table | None:
    """Return the figures of the case's corridors that no figure draws, as they were published, or None."""
    shown = facts.known.observations.filter(
        pl.col("corridor").is_in([c for c in known.case.corridors if c not in drawn]),
        pl.col("measure").is_in(list(known.case.measures)),
        pl.col("frequency") != "Y",
        pl.col("nationality") == ALL_NATIONALITIES,
        pl.col("period_end") >= span.first,
    ).sort("period_start", "period_end", "corridor", "measure", "dataset")
    if shown.is_empty():
        return None
    rows = [
        (
            r["period_start"].isoformat(),
            r["period_end"].isoformat(),
            label_of(facts.known.corridors[r["corridor"]]),
            _as_termed(r),
            f"{r['value']:,.0f}",
            r["flag"].replace(" ", ", ").replace("_", " "),
            " ".join(f"S{facts.register.document(d).number}" for d in r["document"].split()),
        )
        for r in shown.iter_rows(named=True)
    ]
    return Table(
        caption="Figures as published, too few to draw",
        columns=("From", "To", "Where", "Measure", "Count", "Marks", "Source"),
        numeric=(False, False, False, False, True, False, False),
        rows=tuple(rows),
        note="Spans overlap: never add them. A span since a start holds the shorter ones.",
    )


def documents_table(facts: Facts) -> Table:
    """Return the documents of the archive the brief cites, with their digests."""
    cited = {s.document: s.number for s in facts.register.sources if s.document}
    rows = facts.known.documents.filter(pl.col("document").is_in(list(cited)))
    by_id = {r["document"]: r for r in rows.iter_rows(named=True)}
    return Table(
        caption="Documents cited from the archive",
        columns=("Source", "Document", "SHA-256"),
        numeric=(False, False, False),
        rows=tuple(
            (f"S{number}", document, by_id[document]["sha256"] if document in by_id else "")
            for document, number in cited.items()
        ),
    )
