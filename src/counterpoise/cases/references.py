"""What entries of a case say about each other and about the registries: ids that must exist, once.

Looked up in the document as it was read, before or beside the model, so that these faults are told together
with those of single fields.
"""

import difflib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from counterpoise.cases.faults import CaseFault, Place
from counterpoise.observations.corridors import CorridorRegistry

__all__ = ["reference_faults"]

_CITING = ("events", "responses", "harms", "evidence")


def reference_faults(document: Mapping[str, Any], registry: CorridorRegistry) -> list[CaseFault]:
    """Return a fault for every id that stands twice, or is referred to and does not exist."""
    return [
        *_repeated(document),
        *_unknown_sources(document),
        *_unknown_corridors(document, registry),
        *_nesting(document),
    ]


def _entries(document: Mapping[str, Any], section: str) -> Iterator[tuple[int, Mapping[str, Any]]]:
    entries = document.get(section)
    if isinstance(entries, Sequence) and not isinstance(entries, str):
        for i, entry in enumerate(entries):
            if isinstance(entry, Mapping):
                yield i, entry


def _ids(document: Mapping[str, Any], section: str) -> list[str]:
    return [str(entry["id"]) for _, entry in _entries(document, section) if "id" in entry]


def _texts(value: object) -> Iterator[tuple[int, str]]:
    if isinstance(value, Sequence) and not isinstance(value, str):
        yield from ((i, item) for i, item in enumerate(value) if isinstance(item, str))


def _near(name: str, known: Iterable[str], otherwise: str) -> str:
    near = difflib.get_close_matches(name, list(known), n=2)
    return f"did you mean {' or '.join(near)}?" if near else otherwise


def _repeated(document: Mapping[str, Any]) -> Iterator[CaseFault]:
    for section in ("sources", "phases", "harms", "evidence"):
        seen: set[str] = set()
        for i, entry in _entries(document, section):
            name = str(entry.get("id", ""))
            if name and name in seen:
                yield CaseFault((section, i, "id"), f"the id {name!r} stands twice", "give it another id")
            seen.add(name)


def _unknown_sources(document: Mapping[str, Any]) -> Iterator[CaseFault]:
    known = set(_ids(document, "sources"))
    for section in _CITING:
        for i, entry in _entries(document, section):
            for j, name in _texts(entry.get("sources")):
                if name not in known:
                    place: Place = (section, i, "sources", j)
                    hint = _near(name, known, f"add it under 'sources:' with id: {name}")
                    yield CaseFault(place, f"no source has the id {name!r}", hint)


_LISTED = "'counterpoise corridors' lists them all; figures ingested with this id make it one of yours"


def _unknown_corridors(document: Mapping[str, Any], registry: CorridorRegistry) -> Iterator[CaseFault]:
    named: list[tuple[Place, str]] = [
        (("corridors", i), name) for i, name in _texts(document.get("corridors"))
    ]
    named += [
        (("harms", i, "corridor"), entry["corridor"])
        for i, entry in _entries(document, "harms")
        if isinstance(entry.get("corridor"), str)
    ]
    for place, name in named:
        if name not in registry:
            hint = _near(
                name,
                registry.corridors,
                _LISTED,
            )
            yield CaseFault(place, f"unknown corridor {name!r}", hint)


def _nesting(document: Mapping[str, Any]) -> Iterator[CaseFault]:
    holder = {
        str(e["id"]): str(e.get("nested_in") or "") for _, e in _entries(document, "harms") if "id" in e
    }
    for i, entry in _entries(document, "harms"):
        wider = str(entry.get("nested_in") or "")
        place: Place = ("harms", i, "nested_in")
        if wider and wider not in holder:
            hint = _near(wider, holder, "give the id of the wider count")
            yield CaseFault(place, f"no harm has the id {wider!r}", hint)
            continue
        seen = {str(entry.get("id", ""))}
        while wider:
            if wider in seen:
                yield CaseFault(place, "counts nested in each other in a circle", "take one nested_in out")
                break
            seen.add(wider)
            wider = holder.get(wider, "")
