"""Events, responses and sources of a case as tables of text: for a spreadsheet, and back without loss.

Each row has in its column ``entry`` a short name made from its content, by which it is found again; a new row leaves
it empty. No text of a cell can become a formula: one that a spreadsheet would calculate begins with an apostrophe,
which reading takes off again.
"""

import hashlib
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, cast

from pydantic import BaseModel, ValidationError

from counterpoise.cases.edit import Section, Wanted
from counterpoise.cases.faults import CaseFault, faults_of
from counterpoise.cases.model import Case, Event, Response, Source
from counterpoise.errors import InputError

__all__ = [
    "ENTRY",
    "SECTIONS",
    "CaseTables",
    "Merged",
    "Table",
    "columns_of",
    "in_order",
    "merged",
    "plain_cell",
    "safe_cell",
    "tables_of",
]

SECTIONS: Final[Mapping[Section, type[BaseModel]]] = {
    "events": Event,
    "responses": Response,
    "sources": Source,
}
ENTRY = "entry"
_LISTS = frozenset({"sources", "facts", "raised_by"})
_DAYS = frozenset(
    name
    for part in SECTIONS.values()
    for name in part.model_fields
    if name == "date" or name.endswith(("_on", "_date"))
)
_CALCULATED = "=+-@\t\r＝＋－＠"
_SEPARATOR = re.compile(r"(?<!\\)((?:\\\\)*);")
_MIDNIGHT = re.compile(r"[T ]00:00:00(\.0+)?$")
_SHOWN = 10

Table = Sequence[tuple[int, Mapping[str, str]]]
"""Rows as (number of the row as a spreadsheet shows it, column -> text)."""
CaseTables = Mapping[Section, Table]


@dataclass(frozen=True, slots=True, kw_only=True)
class Merged:
    """What a case shall hold after its tables were edited."""

    wanted: dict[Section, Wanted]
    n_changed: int
    n_added: int
    n_absent: int
    """Entries of the case without a row: they stay as they are."""


def columns_of(section: Section) -> list[str]:
    """Return the columns of a section's table."""
    return [ENTRY, *SECTIONS[section].model_fields]


def tables_of(case: Case) -> CaseTables:
    """Return the tables of a case; the header is row 1."""
    return {
        section: [
            (row, {ENTRY: name, **{field: _cell(getattr(entry, field)) for field in part.model_fields}})
            for row, (name, entry) in enumerate(_named(getattr(case, section)), start=2)
        ]
        for section, part in SECTIONS.items()
    }


def _named(entries: Sequence[BaseModel]) -> Iterator[tuple[str, BaseModel]]:
    """Return each entry with its name; a repetition counts on."""
    seen: dict[str, int] = {}
    for entry in entries:
        content = json.dumps(entry.model_dump(mode="json"), sort_keys=True)
        # begins with a letter and holds no 'e' between digits: no spreadsheet takes it for a number
        name = f"x{hashlib.sha256(content.encode()).hexdigest()[:10]}"
        seen[name] = seen.get(name, 0) + 1
        yield (name if seen[name] == 1 else f"{name}-{seen[name]}"), entry


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, tuple):
        return safe_cell("; ".join(str(item).replace("\\", "\\\\").replace(";", "\\;") for item in value))
    return safe_cell(str(value))


def safe_cell(text: str) -> str:
    """Return a text as a cell that no spreadsheet calculates: with an apostrophe before it where one would."""
    return f"'{text}" if text and (text[0] in _CALCULATED or text[0] == "'") else text


def plain_cell(text: str) -> str:
    """Return the text of a cell, without the apostrophe ``safe_cell`` put before it."""
    text = text.strip()
    return text[1:] if text.startswith("'") else text


def merged(case: Case, tables: CaseTables, *, where: Callable[[Section], str]) -> Merged:
    """Return what a case shall hold after people edited its tables.

    A row that names an entry stands for it; one without a name is new, and goes where its date belongs, unless the
    case holds the same already. Entries without a row stay.

    Parameters
    ----------
    where
        The words for a section's table in messages, e.g. its file and sheet.

    Raises
    ------
    InputError
        If cells cannot be read, or name an entry or source there is not; all faults together, with row and column.
    """
    faults: list[str] = []
    wanted: dict[Section, Wanted] = {}
    n_changed = n_added = n_absent = 0
    for section, table in tables.items():
        entries: tuple[BaseModel, ...] = getattr(case, section)
        places = {name: place for place, (name, _) in enumerate(_named(entries))}
        kept: dict[int, BaseModel] = {}
        added: list[BaseModel] = []
        for row, cells in table:
            entry, found = _read(section, cells)
            name = cells[ENTRY].strip()
            if name and name not in places and (entry is None or entry not in entries):
                found.append(CaseFault((ENTRY,), repr(name), "export the case again: it has changed since"))
            elif name in places and places[name] in kept:
                found.append(CaseFault((ENTRY,), f"{name} a second time", "leave it empty in a new row"))
            faults += [
                f"{where(section)}, row {row}, column {fault.place[0] if fault.place else ENTRY}: "
                f"{fault.found} ({fault.remedy})"
                for fault in found
            ]
            if entry is None:
                continue
            if name in places:
                kept[places[name]] = entry
            elif entry not in entries and entry not in added:
                added.append(entry)
        n_changed += sum(entry != entries[place] for place, entry in kept.items())
        n_added += len(added)
        n_absent += len(entries) - len(kept)
        wanted[section] = in_order([kept.get(i, entry) for i, entry in enumerate(entries)], added)
    if not faults:
        faults = list(_reference_faults(case, tables, wanted, where))
    if faults:
        more = f"; and {len(faults) - _SHOWN} more" if len(faults) > _SHOWN else ""
        raise InputError(
            expected="cells as 'counterpoise cases export' writes them",
            found="; ".join(faults[:_SHOWN]) + more,
            where=" and ".join(dict.fromkeys(where(section) for section in tables)),
            hint="correct these cells; nothing was written",
        )
    return Merged(wanted=wanted, n_changed=n_changed, n_added=n_added, n_absent=n_absent)


def _read(section: Section, cells: Mapping[str, str]) -> tuple[BaseModel | None, list[CaseFault]]:
    part = SECTIONS[section]
    values: dict[str, Any] = {}
    faults = []
    for name in part.model_fields:
        text = plain_cell(cells[name])
        if not text:
            continue
        if name in _DAYS:
            try:
                values[name] = date.fromisoformat(_MIDNIGHT.sub("", text))
            except ValueError:
                faults.append(CaseFault((name,), repr(text), "write a day as YYYY-MM-DD"))
                values[name] = date(2000, 1, 1)
        else:
            values[name] = _items(text) if name in _LISTS else text
    try:
        entry = part.model_validate(values)
    except ValidationError as error:
        faults += [
            CaseFault(f.place, "nothing", "fill it in") if f.remedy.startswith("add a line") else f
            for f in faults_of(error)
        ]
        return None, faults
    return (None if faults else entry), faults


def _items(text: str) -> tuple[str, ...]:
    items = _SEPARATOR.sub(lambda found: f"{found[1]}\0", text).split("\0")
    return tuple(item for raw in items if (item := re.sub(r"\\(.)", r"\1", raw.strip(), flags=re.DOTALL)))


def in_order(entries: Sequence[BaseModel], added: Sequence[BaseModel]) -> Wanted:
    """Return the entries with the new ones behind the last that is not later."""
    order: list[tuple[int | None, BaseModel]] = [*enumerate(entries)]
    for entry in added:
        day = _day(entry)
        earlier = [i for i, (_, other) in enumerate(order) if day is None or (_day(other) or day) <= day]
        order.insert(earlier[-1] + 1 if earlier else 0, (None, entry))
    return order


def _day(entry: BaseModel) -> date | None:
    if isinstance(entry, Event):
        return entry.date
    return entry.days[0] if isinstance(entry, Response) else None


def _reference_faults(
    case: Case, tables: CaseTables, wanted: Mapping[Section, Wanted], where: Callable[[Section], str]
) -> Iterator[str]:
    """Return a fault for each id of a source that is not there, stands twice, or was renamed under an entry."""
    ids = [cast("Source", source).id for _, source in wanted.get("sources", [*enumerate(case.sources)])]
    for name in sorted({name for name in ids if ids.count(name) > 1}):
        yield f"{where('sources')}, column id: {name} stands twice (give one another id)"
    for section in ("events", "responses"):
        for row, cells in tables.get(section, ()):
            unknown = [name for name in _items(plain_cell(cells["sources"])) if name not in ids]
            if unknown:
                missing = ", ".join(unknown)
                yield (
                    f"{where(section)}, row {row}, column sources: {missing} (add a row for it to the sources)"
                )
    entries = [
        e for name in ("events", "responses") for _, e in wanted.get(name, enumerate(getattr(case, name)))
    ]
    cited = {
        name for entry in (*entries, *case.harms, *case.evidence) for name in cast("Event", entry).sources
    }
    for name in sorted(cited & {source.id for source in case.sources} - set(ids)):
        yield f"{where('sources')}, column id: {name} is gone, which other entries name (keep the id)"
