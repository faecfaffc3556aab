"""The file in which a person decides about figures the grammar is not sure of.

A row for each such figure, with its sentence. Whoever reads it writes ``accept`` or ``reject`` under ``decision``, and
may correct date, corridor, measure, period and value first. What a person decided wins over the grammar, as long as the
text is the one they read; if it changes, the decision is asked for again. Rows of other bulletins stay as they are.
"""

import csv
import hashlib
import io
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Literal

from counterpoise.errors import InputError
from counterpoise.sources.bulletins.confidence import DOUBTS
from counterpoise.sources.bulletins.documents import Figure
from counterpoise.vocabulary import MEASURES

__all__ = ["COLUMNS", "PERIODS", "read_reviewed", "render_review", "reviewed", "unsure_figures"]

PERIODS = ("day", "week", "month", "year", "year_to_date", "since_start", "multi_day")
COLUMNS = (
    "key",
    "id",
    "text",
    "published",
    "why",
    "sentence",
    "date",
    "corridor",
    "measure",
    "period",
    "value",
    "decision",
)
_ASKED = frozenset({"time", "border", "measures", "meaning", "numbers", "elsewhere"})
"""Doubts that are worth a person's time: those beside which figures of the labelled notes were wrong more often."""
Rows = dict[str, dict[str, str]]
Decision = Literal["accept", "reject", ""]
_CHANGED = "the text has changed since it was decided"
_SHOWN_FAULTS = 5
_FORMULA = "=+-@"
"""What a spreadsheet would calculate."""


def key_of(figure: Figure) -> str:
    """Return the name of a figure: of its bulletin, what it is about and its value as read, wherever it stands."""
    reading = figure.reading
    parts = (
        figure.bulletin.id,
        reading.sector or reading.corridor,
        reading.measure,
        reading.period,
        reading.date,
        reading.value,
    )
    return hashlib.sha256("|".join(map(str, parts)).encode()).hexdigest()[:12]


def unsure_figures(figures: list[Figure]) -> dict[str, str]:
    """Return why figures are not sure, by key: carried from elsewhere, without a date, or disputed."""
    values: dict[tuple[object, ...], set[int]] = {}
    for figure in figures:
        values.setdefault(_about(figure), set()).add(figure.reading.value)
    unsure: dict[str, str] = {}
    for figure in figures:
        reasons = []
        if not figure.reading.is_said or _ASKED & set(figure.reading.doubts):
            reasons += [DOUBTS[doubt] for doubt in figure.reading.doubts]
        if figure.reading.date is None:
            reasons.append("no date")
        elif len(values[_about(figure)]) > 1:
            others = sorted(values[_about(figure)] - {figure.reading.value})
            reasons.append("elsewhere " + ", ".join(map(str, others)))
        if reasons:
            unsure[key_of(figure)] = "; ".join(reasons)
    return unsure


def _about(figure: Figure) -> tuple[object, ...]:
    reading = figure.reading
    return (reading.corridor, reading.sector, reading.measure, reading.period, reading.since, reading.date)


def read_reviewed(path: Path) -> Rows:
    """Return the rows of a review file by key; none if there is no file yet.

    Raises
    ------
    InputError
        If it is no such file, or what a person wrote into it cannot be read; all faults together.
    """
    if not path.exists():
        return {}
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise InputError(
            expected="a review file in UTF-8", found=str(error), where=str(path), hint="save it as CSV UTF-8"
        ) from error
    if rows and not set(COLUMNS) <= set(rows[0]):
        missing = [column for column in COLUMNS if column not in rows[0]]
        raise InputError(
            expected="the columns of a review file",
            found=f"no {', '.join(missing)}",
            where=str(path),
            hint="take another name for --review, and the file is made",
        )
    faults = [fault for line, row in enumerate(rows, start=2) for fault in _faults(line, row)]
    if faults:
        raise InputError(
            expected="decisions accept or reject, and figures that can be read",
            found="; ".join(faults[:_SHOWN_FAULTS]),
            where=str(path),
            hint="correct these cells; nothing was written",
        )
    return {row["key"]: row for row in rows}


def _faults(line: int, row: Mapping[str | None, object]) -> list[str]:
    cells = [row[name] for name in COLUMNS]
    if None in row or not all(isinstance(cell, str) for cell in cells):
        return [f"line {line}: another number of cells than columns"]
    return _cell_faults(line, {name: str(row[name]) for name in COLUMNS})


def _cell_faults(line: int, row: Mapping[str, str]) -> list[str]:
    faults = []
    if row["decision"].strip().lower() not in {"accept", "reject", ""}:
        faults.append(f"line {line}: decision {row['decision']!r}")
    if row["measure"] not in MEASURES:
        faults.append(f"line {line}: measure {row['measure']!r}")
    if row["period"] not in PERIODS:
        faults.append(f"line {line}: period {row['period']!r}")
    if not row["value"].strip().isdecimal():
        faults.append(f"line {line}: value {row['value']!r}")
    try:
        date.fromisoformat(row["date"] or "2000-01-01")
    except ValueError:
        faults.append(f"line {line}: date {row['date']!r}")
    return faults


def reviewed(figures: list[Figure], rows: Rows, unsure: dict[str, str]) -> tuple[list[Figure], Rows]:
    """Return the figures as people decided, and the rows of the review file that now has to be kept.

    Parameters
    ----------
    rows
        The file so far, by key.
    unsure
        Why each figure that is not sure is not, by key.
    """
    kept: list[Figure] = []
    outdated = _outdated(figures, rows)
    file = {key: row for key, row in rows.items() if key not in outdated}
    asked = {
        (row["corridor"], row["measure"], row["period"])
        for row in outdated.values()
        if row["decision"].strip()
    }
    for figure in figures:
        key = key_of(figure)
        again = (figure.reading.corridor, figure.reading.measure, figure.reading.period) in asked
        row = rows.get(key)
        decided = row["decision"].strip().lower() if row else ""
        same = row is not None and row["text"] == figure.bulletin.digest
        if decided and same and row:
            if decided == "accept":
                kept.append(_as_decided(figure, row))
            continue
        if key in unsure or decided or again:
            file[key] = _row(key, figure, _CHANGED if decided or again else unsure[key])
        kept.append(figure)
    return kept, file


def _outdated(figures: list[Figure], rows: Rows) -> Rows:
    """Return the rows of figures that a changed text no longer has, such as the value before a correction."""
    keys = {key_of(figure) for figure in figures}
    digests = {figure.bulletin.id: figure.bulletin.digest for figure in figures}
    return {
        key: row
        for key, row in rows.items()
        if key not in keys and row["id"] in digests and row["text"] != digests[row["id"]]
    }


def _as_decided(figure: Figure, row: dict[str, str]) -> Figure:
    day = date.fromisoformat(row["date"]) if row["date"] else None
    reading = replace(
        figure.reading,
        date=day,
        corridor=row["corridor"],
        measure=row["measure"],
        period=row["period"],
        value=int(row["value"]),
        confidence="high",
        doubts=(),
        is_said=True,
        sector=figure.reading.sector if row["corridor"] == figure.reading.corridor else "",
        since=figure.reading.since if day == figure.reading.date else None,
    )
    return replace(figure, reading=reading)


def _row(key: str, figure: Figure, why: str) -> dict[str, str]:
    reading = figure.reading
    return {
        "key": key,
        "id": figure.bulletin.id,
        "text": figure.bulletin.digest,
        "published": figure.bulletin.published.isoformat() if figure.bulletin.published else "",
        "why": why,
        "sentence": f" {figure.sentence}" if figure.sentence[:1] in _FORMULA else figure.sentence,
        "date": reading.date.isoformat() if reading.date else "",
        "corridor": reading.corridor,
        "measure": reading.measure,
        "period": reading.period,
        "value": str(reading.value),
        "decision": "",
    }


def render_review(rows: Rows) -> str:
    """Return the review file, what is not decided first."""
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    writer.writerows(
        sorted(rows.values(), key=lambda row: (bool(row["decision"].strip()), row["id"], row["key"]))
    )
    return text.getvalue()
