"""Reporting regimes: from when to when a figure was counted by which rule, read from ``data/regimes.yml``.

A count is made by a rule, and rules change. A model that does not know the rule sees a change of flow where
there was a change of counting.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from functools import cache
from importlib.resources import files
from typing import Any

import polars as pl
from ruamel.yaml import YAML

from counterpoise.errors import InputError
from counterpoise.observations.corridors import CorridorRegistry, load_corridors
from counterpoise.schemas import Column
from counterpoise.vocabulary import ALL_MEASURES, MEASURES

__all__ = [
    "REGIMES",
    "Regime",
    "load_regimes",
    "parse_regimes",
    "regimes_for",
    "regimes_frame",
    "select_regimes",
]

REGIMES: dict[str, Column] = {
    "id": Column(pl.String(), "Stable name of the regime"),
    "from": Column(pl.Date(), "First day of the rule, inclusive"),
    "to": Column(pl.Date(), "Last day of the rule, inclusive; null: in force, or no end known"),
    "corridor": Column(pl.String(), "Corridor id; the regime also concerns what lies above and below it"),
    "measure": Column(pl.String(), "What is counted, or ALL"),
    "what": Column(pl.String(), "The rule, in our words"),
    "break": Column(pl.Boolean(), "Whether figures before and after 'from' are not comparable"),
    "source": Column(pl.String(), "Title of the source"),
    "url": Column(pl.String(), "Address of the source, or empty"),
}

_NEEDED = ("id", "from", "corridor", "measure", "what", "source")


@dataclass(frozen=True, slots=True, kw_only=True)
class Regime:
    """A rule of counting in force from ``start`` to ``end``, both inclusive; ``end`` None: still in force."""

    id: str
    start: date
    end: date | None
    corridor: str
    measure: str
    what: str
    is_break: bool
    """Whether figures before and after ``start`` are not comparable, so that a model must not join them."""
    source: str
    url: str = ""

    def covers(self, day: date) -> bool:
        """Return whether the rule was in force on ``day``."""
        return self.start <= day and (self.end is None or day <= self.end)


@cache
def load_regimes() -> tuple[Regime, ...]:
    """Return the bundled regimes, by start."""
    text = files("counterpoise.data").joinpath("regimes.yml").read_text(encoding="utf-8")
    return parse_regimes(text, load_corridors(), "data/regimes.yml")


def parse_regimes(text: str, registry: CorridorRegistry, where: str) -> tuple[Regime, ...]:
    """Return the regimes of a YAML text, by start, then id.

    Raises
    ------
    InputError
        If an entry lacks a key, ends before it begins, or names a corridor or measure that does not exist;
        all faults together.
    """
    entries: list[Mapping[str, Any]] = YAML(typ="safe", pure=True).load(text)["regimes"]
    ids = [entry.get("id") for entry in entries]
    faults = [f"the id {i} stands twice" for i in sorted({str(i) for i in ids if ids.count(i) > 1})]
    for number, entry in enumerate(entries, start=1):
        name = entry.get("id", f"entry {number}")
        faults += [f"{name}: {fault}" for fault in _faults(entry, registry)]
    if faults:
        raise InputError(
            expected=f"regimes with {', '.join(_NEEDED)}, of known corridors and measures",
            found="; ".join(faults),
            where=where,
            hint="correct these entries",
        )
    return tuple(sorted((_regime(entry) for entry in entries), key=lambda r: (r.start, r.id)))


def _faults(entry: Mapping[str, Any], registry: CorridorRegistry) -> list[str]:
    faults = [f"no {key}" for key in _NEEDED if key not in entry]
    faults += [
        f"{key} is {entry[key]!r}, not a day"
        for key in ("from", "to")
        if entry.get(key) is not None and not isinstance(entry[key], date)
    ]
    if faults:
        return faults
    if entry.get("to") is not None and entry["to"] < entry["from"]:
        faults.append(f"ends {entry['to']}, before it begins {entry['from']}")
    if entry["corridor"] not in registry:
        faults.append(f"unknown corridor {entry['corridor']!r}")
    if entry["measure"] not in {*MEASURES, ALL_MEASURES}:
        faults.append(f"unknown measure {entry['measure']!r}")
    return faults


def _regime(entry: Mapping[str, Any]) -> Regime:
    return Regime(
        id=entry["id"],
        start=entry["from"],
        end=entry.get("to"),
        corridor=entry["corridor"],
        measure=entry["measure"],
        what=" ".join(entry["what"].split()),
        is_break=bool(entry.get("break", False)),
        source=entry["source"],
        url=entry.get("url", ""),
    )


def regimes_for(
    regimes: Iterable[Regime], registry: CorridorRegistry, corridor: str, measure: str | None = None
) -> tuple[Regime, ...]:
    """Return the regimes that touch figures of ``corridor``: its own and those of what lies below or above.

    Without a measure all regimes of these corridors; with one, its own and those of ``ALL`` measures.
    """
    touching = {*registry.subtree(corridor), *registry.ancestors(corridor)}
    return tuple(
        r
        for r in regimes
        if r.corridor in touching and (measure is None or r.measure in (measure, ALL_MEASURES))
    )


def select_regimes(corridor: str | None = None, measure: str | None = None) -> pl.DataFrame:
    """Return the bundled regimes that touch a corridor and a measure, each if given; schema ``REGIMES``.

    Raises
    ------
    InputError
        If there is no such corridor or measure.
    """
    if measure is not None and measure not in MEASURES:
        near = get_close_matches(measure, MEASURES, n=2)
        raise InputError(
            expected=f"one of {', '.join(MEASURES)}",
            found=repr(measure),
            where="--measure",
            hint=f"did you mean {' or '.join(near)}?" if near else "choose one of these",
        )
    registry, found = load_corridors(), load_regimes()
    if corridor is not None:
        registry.require(corridor)
        found = regimes_for(found, registry, corridor)
    return regimes_frame(r for r in found if measure is None or r.measure in (measure, ALL_MEASURES))


def regimes_frame(regimes: Iterable[Regime]) -> pl.DataFrame:
    """Return the regimes as a frame, schema ``REGIMES``."""
    rows = [
        (r.id, r.start, r.end, r.corridor, r.measure, r.what, r.is_break, r.source, r.url) for r in regimes
    ]
    return pl.DataFrame(rows, schema={name: column.dtype for name, column in REGIMES.items()}, orient="row")
