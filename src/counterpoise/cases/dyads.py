"""Dyads: a state on the far side and an EU or Schengen state, joined by land or by a sea route."""

from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import polars as pl

__all__ = ["NATIONALITIES", "Dyad", "dyads", "exposure_table"]

NATIONALITIES = (
    *("AFG", "BGD", "CIV", "ERI", "GIN", "GMB", "IRN", "IRQ"),
    *("MAR", "MLI", "NGA", "PAK", "SDN", "SEN", "SOM", "SYR"),
)
"""Of whom entry rules and flights are asked: most detected at the external borders in 2014 to 2018, in code order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dyad:
    """Two states; ``joined_by``: land, sea, or land and sea; ``corridor``: the finest of the registry that has both."""

    far: str
    near: str
    joined_by: str
    corridor: str


@cache
def exposure_table(name: str) -> pl.DataFrame:
    """Return a table of ``data/exposure``, dates read as dates; blank is null."""
    content = files("counterpoise.data").joinpath("exposure", f"{name}.csv").read_bytes()
    return pl.read_csv(content, try_parse_dates=True)


@cache
def dyads() -> tuple[Dyad, ...]:
    """Return every dyad, by the codes of its states."""
    rows = exposure_table("borders").iter_rows()
    return tuple(Dyad(far=far, near=near, joined_by=by, corridor=c) for far, near, by, c in rows)
