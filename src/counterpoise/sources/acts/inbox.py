"""The file in which a person decides about candidate acts: accept, edit and accept, or reject.

A row for each act. Whoever reads it fills in what the feed cannot say - a sentence of their own, whom it concerns, how
far the source carries it - and writes ``accept`` or ``reject`` under ``decision``. Nothing enters a case otherwise.
Decisions stay; if the publisher changes the entry before it is in a case, the decision is asked for again.
"""

import contextlib
import csv
import io
import re
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from counterpoise.cases.edit import Section, Wanted
from counterpoise.cases.faults import faults_of
from counterpoise.cases.model import Case, Event, Source
from counterpoise.cases.tables import in_order, plain_cell, safe_cell
from counterpoise.errors import InputError
from counterpoise.sources.acts.candidates import Candidate

__all__ = ["COLUMNS", "Rows", "entered", "read_inbox", "render_inbox", "updated"]

COLUMNS = (
    "key",
    "publisher",
    "shape",
    "title",
    "address",
    "published_on",
    "matched",
    "said",
    "date",
    "known_on",
    "kind",
    "actor",
    "target",
    "text",
    "confidence",
    "source_id",
    "decision",
    "entered_in",
    "note",
)
"""``said`` is a hash of what the publisher says; the columns from ``date`` to ``decision`` are a person's."""

Rows = dict[str, dict[str, str]]
_EVENT = ("date", "known_on", "kind", "actor", "target", "text", "confidence")
_DAYS = frozenset({"date", "known_on"})
_SHOWN = 10


def updated(rows: Rows, candidates: Iterable[Candidate]) -> tuple[Rows, int]:
    """Return the rows with the candidates of a feed, and how many are new; decisions of a person stay."""
    rows = {key: dict(row) for key, row in rows.items()}
    n_new = 0
    for candidate in candidates:
        row = rows.get(candidate.key)
        if row is None:
            rows[candidate.key] = _row(candidate)
            n_new += 1
        elif row["said"] != candidate.digest:
            row.update(
                title=candidate.title,
                published_on=_text(candidate.published_on),
                said=candidate.digest,
                note=f"changed by the publisher since it entered {row['entered_in']}"
                if row["entered_in"]
                else "changed by the publisher",
            )
            if row["decision"] and not row["entered_in"]:
                row.update(decision="", note=f"changed by the publisher after '{row['decision']}'")
    return rows, n_new


def _row(candidate: Candidate) -> dict[str, str]:
    acted_on = candidate.acted_on or candidate.published_on
    known_on = (
        candidate.published_on if candidate.published_on and candidate.published_on != acted_on else None
    )
    return {
        "key": candidate.key,
        "publisher": candidate.publisher.publisher,
        "shape": candidate.publisher.shape,
        "title": candidate.title,
        "address": candidate.address,
        "published_on": _text(candidate.published_on),
        "matched": candidate.matched,
        "said": candidate.digest,
        "date": _text(acted_on),
        "known_on": _text(known_on),
        "kind": candidate.publisher.kind,
        "actor": candidate.publisher.actor,
        "target": "",
        "text": "",
        "confidence": "",
        "source_id": re.sub(r"[^a-z0-9]+", "-", f"{candidate.publisher.id}-{candidate.id}".lower())
        .strip("-")[:60]
        .rstrip("-"),
        "decision": "",
        "entered_in": "",
        "note": "",
    }


def _text(day: date | None) -> str:
    return day.isoformat() if day else ""


def read_inbox(path: Path) -> Rows:
    """Return the rows of an inbox by key; none if there is no file yet.

    Raises
    ------
    InputError
        If it is no such file, or an accepted row cannot be an event; all faults together, with line and column.
    """
    if not path.exists():
        return {}
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            text = file.read()
        separator = max(",;\t", key=text.split("\n", 1)[0].count)
        rows = list(
            csv.DictReader(io.StringIO(text, newline=""), delimiter=separator, restval="", strict=True)
        )
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise InputError(
            expected="an inbox in UTF-8", found=str(error), where=str(path), hint="save it as 'CSV UTF-8'"
        ) from error
    missing = [column for column in COLUMNS if rows and column not in rows[0]]
    if missing or (text.strip() and not rows and not text.startswith(COLUMNS[0])):
        raise InputError(
            expected="the columns of an inbox",
            found=f"no {', '.join(missing) or 'header'}",
            where=str(path),
            hint="take another name for --review, and the file is made",
        )
    plain = [{column: plain_cell(row[column] or "") for column in COLUMNS} for row in rows]
    faults = [fault for line, row in enumerate(plain, start=2) for fault in _faults(line, row)]
    keys = [row["key"] for row in plain]
    faults += [f"the key {key} stands twice" for key in sorted({k for k in keys if keys.count(k) > 1})]
    if faults:
        more = f"; and {len(faults) - _SHOWN} more" if len(faults) > _SHOWN else ""
        raise InputError(
            expected="decisions accept or reject, and accepted rows that are whole",
            found="; ".join(faults[:_SHOWN]) + more,
            where=str(path),
            hint="correct these cells; nothing was written",
        )
    return {row["key"]: row for row in plain}


def _faults(row_number: int, row: dict[str, str]) -> list[str]:
    row["decision"] = row["decision"].lower()
    if row["decision"] not in {"accept", "reject", ""}:
        return [f"row {row_number}, column decision: {row['decision']!r} (write accept, reject or nothing)"]
    if row["decision"] != "accept":
        return []
    found = []
    for part, values, names in (
        (Event, _event_values(row), {"sources": "source_id"}),
        (Source, _source_values(row), {"id": "source_id", "url": "address"}),
    ):
        try:
            part.model_validate(values)
        except ValidationError as error:
            for fault in faults_of(error):
                name = str(fault.place[0]) if fault.place else "date"
                remedy = "fill it in" if fault.remedy.startswith("add a line") else fault.remedy
                what = "nothing" if fault.remedy.startswith("add a line") else fault.found
                found.append(f"row {row_number}, column {names.get(name, name)}: {what} ({remedy})")
    return found


def _event_values(row: Mapping[str, str]) -> dict[str, Any]:
    values: dict[str, Any] = {name: row[name] for name in _EVENT if row[name]}
    for name in _DAYS & set(values):
        with contextlib.suppress(ValueError):  # the model tells it, as it tells other cells
            values[name] = date.fromisoformat(values[name])
    return {**values, "sources": (row["source_id"],) if row["source_id"] else ()}


def _source_values(row: Mapping[str, str]) -> dict[str, Any]:
    named = {
        "id": row["source_id"],
        "title": row["title"],
        "publisher": row["publisher"],
        "url": row["address"],
    }
    return {name: value for name, value in named.items() if value}


def entered(rows: Rows, case: Case) -> tuple[dict[Section, Wanted], Rows, int]:
    """Return the entries a case shall have with the accepted acts, the rows marked so, and how many acts are new.

    An act that the case holds already is marked and not added; one marked before is not looked at again, also if
    somebody has taken it out of the case since.
    """
    rows = {key: dict(row) for key, row in rows.items()}
    sources = list(case.sources)
    events: list[BaseModel] = []
    for row in rows.values():
        if row["decision"] != "accept" or row["entered_in"]:
            continue
        row["entered_in"] = case.id
        source = next((s for s in sources if s.url == row["address"]), None)
        if source is None:
            taken = {s.id for s in sources}
            source = Source.model_validate({**_source_values(row), "id": _free(row["source_id"], taken)})
            sources.append(source)
        event = Event.model_validate({**_event_values(row), "sources": (source.id,)})
        if event not in case.events and event not in events:
            events.append(event)
    n_known = len(case.sources)
    wanted: dict[Section, Wanted] = {
        "events": in_order(case.events, events),
        "sources": [(i if i < n_known else None, s) for i, s in enumerate(sources)],
    }
    return wanted, rows, len(events)


def _free(name: str, taken: set[str]) -> str:
    number = 1
    free = name
    while free in taken:
        number += 1
        free = f"{name[:55].rstrip('-')}-{number}"
    return free


def render_inbox(rows: Rows) -> str:
    """Return the inbox, what is not decided first, then the newest."""
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, lineterminator="\n")
    writer.writeheader()
    newest = sorted(rows.values(), key=lambda row: (row["published_on"], row["key"]), reverse=True)
    for row in sorted(newest, key=lambda row: bool(row["decision"])):
        writer.writerow({name: safe_cell(cell) for name, cell in row.items()})
    return text.getvalue()
