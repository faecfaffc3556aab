"""One figure of a bundled table, and how a table of figures is written."""

import re
from dataclasses import dataclass, fields
from datetime import date

COLUMNS = [
    "dataset",
    "corridor",
    "nationality",
    "measure",
    "unit",
    "place",
    "publisher_term",
    "period_start",
    "period_end",
    "frequency",
    "value",
    "known_on",
    "flag",
    "publisher",
    "title",
    "url",
    "note",
]

_HOST_DOT = re.compile(r"^(https?://[^/]+)\.(?=/)")
"""The full stop some relays leave behind a host: the same page, but another address."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One published figure; the meaning of each column is in ``counterpoise.schemas``."""

    dataset: str
    corridor: str
    nationality: str = "TOTAL"
    measure: str
    unit: str
    place: str
    publisher_term: str
    period_start: date
    period_end: date
    frequency: str
    value: int
    known_on: date
    flags: frozenset[str]
    publisher: str
    title: str = ""
    url: str
    note: str = ""

    @property
    def cell(self) -> tuple[object, ...]:
        """What names the figure; two vintages of a cell differ in value and day only."""
        return (
            self.dataset,
            self.corridor,
            self.nationality,
            self.measure,
            self.unit,
            self.place,
            self.period_start,
            self.period_end,
            self.frequency,
        )


def table_lines(rows: list[Row]) -> list[list[str]]:
    """Return header and lines, in the order of time within each series."""
    ordered = sorted(
        rows,
        key=lambda r: (
            r.dataset,
            r.corridor,
            r.measure,
            r.nationality,
            r.period_end,
            r.period_start,
            r.known_on,
            r.value,
        ),
    )
    return [COLUMNS, *([_text(row, column) for column in COLUMNS] for row in ordered)]


def _text(row: Row, column: str) -> str:
    if column == "flag":
        return " ".join(sorted(row.flags))
    if column == "url":
        return _HOST_DOT.sub(r"\1", row.url)
    assert column in {f.name for f in fields(row)}
    return str(getattr(row, column))
