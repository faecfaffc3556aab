"""Corridors: a tree of routes, borders and sectors, read from ``data/corridors.yml``.

A Frontex route contains its land and sea parts and the borders along it; a border contains sectors. Each
figure is stored once, at the finest corridor it was published for; a parent is summed on reading.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from importlib.resources import files
from typing import Any, Literal, cast

from ruamel.yaml import YAML

from counterpoise.errors import InputError

__all__ = ["Corridor", "CorridorKind", "CorridorRegistry", "load_corridors"]

CorridorKind = Literal["route", "part", "border", "sector", "country", "user"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Corridor:
    """A way people take across one or several borders."""

    id: str
    name: str
    kind: CorridorKind
    parent: str | None = None
    from_states: tuple[str, ...] = ()
    to_states: tuple[str, ...] = ()
    names: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Publisher -> the names it uses, e.g. ``{"frontex": ("Eastern Borders Route",)}``."""
    line: tuple[tuple[float, float], ...] = ()
    """Longitude, latitude pairs, coarse, for a small map; empty if none."""
    totals_without: tuple[str, ...] = ()
    """Nationalities without which a total is shown too: ``UKR`` gives the series ``TOTAL-UKR``."""
    note: str = ""


@dataclass(frozen=True, slots=True)
class CorridorRegistry:
    """The tree of corridors, by id."""

    corridors: Mapping[str, Corridor]

    def __contains__(self, corridor: str) -> bool:
        return corridor in self.corridors

    def __getitem__(self, corridor: str) -> Corridor:
        return self.corridors[corridor]

    def require(self, corridor: str, where: str = "--corridor") -> Corridor:
        """Return the corridor, or say which ids come near.

        Raises
        ------
        InputError
            If there is no such corridor.
        """
        if corridor not in self.corridors:
            import difflib

            by_small_letters = {name.lower(): name for name in self.corridors}
            found = difflib.get_close_matches(corridor.lower(), by_small_letters, n=3, cutoff=0.4)
            near = [by_small_letters[name] for name in found]
            raise InputError(
                expected="a corridor id of the registry",
                found=repr(corridor),
                where=where,
                hint=(f"did you mean {' or '.join(near)}? " if near else "")
                + "'counterpoise corridors' lists them all",
            )
        return self.corridors[corridor]

    def children(self, corridor: str) -> tuple[str, ...]:
        """Return the ids of the direct children, in the order of the registry."""
        return tuple(c.id for c in self.corridors.values() if c.parent == corridor)

    def subtree(self, corridor: str) -> tuple[str, ...]:
        """Return the corridor and everything below it."""
        found = [corridor]
        for child in self.children(corridor):
            found.extend(self.subtree(child))
        return tuple(found)

    def ancestors(self, corridor: str) -> tuple[str, ...]:
        """Return parent, grandparent and so on, nearest first."""
        found: list[str] = []
        parent = self.corridors[corridor].parent if corridor in self.corridors else None
        while parent is not None:
            found.append(parent)
            parent = self.corridors[parent].parent
        return tuple(found)

    def by_publisher_name(self, publisher: str) -> dict[str, str]:
        """Return ``{publisher's own name: corridor id}``."""
        return {name: c.id for c in self.corridors.values() for name in c.names.get(publisher, ())}

    def with_user_corridors(self, ids: Iterable[str]) -> "CorridorRegistry":
        """Return a registry that also has the given ids as corridors of the user's own, without parent."""
        added = {
            i: Corridor(id=i, name=i, kind="user", note="Created by an ingestion")
            for i in sorted(set(ids))
            if i not in self.corridors
        }
        return replace(self, corridors={**self.corridors, **added})


def _corridor(entry: Mapping[str, Any]) -> Corridor:
    return Corridor(
        id=entry["id"],
        name=entry["name"],
        kind=cast(CorridorKind, entry["kind"]),
        parent=entry.get("parent"),
        from_states=tuple(entry.get("from", ())),
        to_states=tuple(entry.get("to", ())),
        names={publisher: tuple(names) for publisher, names in entry.get("names", {}).items()},
        line=tuple((float(lon), float(lat)) for lon, lat in entry.get("line", ())),
        totals_without=tuple(entry.get("totals_without", ())),
        note=entry.get("note", ""),
    )


@cache
def load_corridors() -> CorridorRegistry:
    """Return the bundled registry.

    Raises
    ------
    InputError
        If an id stands twice or a parent does not exist.
    """
    text = files("counterpoise.data").joinpath("corridors.yml").read_text(encoding="utf-8")
    found = [_corridor(entry) for entry in YAML(typ="safe", pure=True).load(text)["corridors"]]
    ids = [c.id for c in found]
    faults = [f"{i} stands twice" for i in ids if ids.count(i) > 1]
    faults += [f"{c.id} has the unknown parent {c.parent}" for c in found if c.parent and c.parent not in ids]
    if faults:
        raise InputError(
            expected="unique ids with known parents",
            found="; ".join(sorted(set(faults))),
            where="data/corridors.yml",
            hint="correct these entries",
        )
    return CorridorRegistry({c.id: c for c in found})
