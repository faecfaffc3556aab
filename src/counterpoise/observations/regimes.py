"""Reporting regimes: from when to when a figure was counted by which rule, read from ``data/regimes.yml``.

A count is made by a rule, and rules change. A model that does not know the rule sees a change of flow where
there was a change of counting.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files

from ruamel.yaml import YAML

from counterpoise.observations.corridors import CorridorRegistry

__all__ = ["Regime", "load_regimes", "regimes_for"]


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
    entries = YAML(typ="safe", pure=True).load(text)["regimes"]
    found = [
        Regime(
            id=e["id"],
            start=e["from"],
            end=e.get("to"),
            corridor=e["corridor"],
            measure=e["measure"],
            what=" ".join(e["what"].split()),
            is_break=bool(e.get("break", False)),
            source=e["source"],
            url=e.get("url", ""),
        )
        for e in entries
    ]
    return tuple(sorted(found, key=lambda r: (r.start, r.id)))


def regimes_for(
    regimes: Iterable[Regime], registry: CorridorRegistry, corridor: str, measure: str | None = None
) -> tuple[Regime, ...]:
    """Return the regimes that touch figures of ``corridor``: its own and those of what lies below or above it."""
    touching = {*registry.subtree(corridor), *registry.ancestors(corridor)}
    return tuple(r for r in regimes if r.corridor in touching and measure in (None, r.measure))
