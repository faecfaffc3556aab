"""Structural conditions of a state on the far side of a border, as known on a day: present, absent, or unknown.

What no table has is None, which is unknown and not absent.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

import polars as pl

from counterpoise.cases.base_rates import case_base
from counterpoise.cases.dyads import Dyad, exposure_table

__all__ = ["CONDITIONS", "EASY_ENTRY_SHARE", "Condition", "attempts_on"]

EASY_ENTRY_SHARE = 0.25
"""Share of the nationalities that enter without a consulate's visa, from which entry is called easy: one in four,
set before the table was joined with the case base."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """One condition.

    Parameters
    ----------
    present
        None: unknown.
    because
        On what it rests, with the day of its vintage; empty where nothing is at hand.
    """

    present: bool | None
    because: str = ""


_UNKNOWN = Condition(present=None)


def _adjacent(dyad: Dyad, _: date) -> Condition:
    return Condition(present="land" in dyad.joined_by, because=f"joined by {dyad.joined_by}")


def _in_force(dyad: Dyad, day: date, table: str, kind: str | None = None) -> Condition:
    """Return whether a measure or deal with the far state was in force; False only where one is known to have ended."""
    rows = exposure_table(table).filter(pl.col("state") == dyad.far, pl.col("began") <= day)
    if kind is not None:
        rows = rows.filter(pl.col("kind") == kind, pl.col("partner").is_in(["EU", dyad.near]))
    if not rows.height:
        return _UNKNOWN
    held = rows.filter(pl.col("ended").is_null() | (pl.col("ended") >= day))
    row = (held if held.height else rows).sort("began").row(-1, named=True)
    since = f"since {row['began']}" if held.height else f"ended {row['ended']}"
    return Condition(present=held.height > 0, because=f"{since}, {row['publisher']}")


def _sanctions(dyad: Dyad, day: date) -> Condition:
    return _in_force(dyad, day, "sanctions")


def _funded(dyad: Dyad, day: date) -> Condition:
    return _in_force(dyad, day, "deals", "funded")


def _readmission(dyad: Dyad, day: date) -> Condition:
    return _in_force(dyad, day, "deals", "readmission")


def _easy_entry(dyad: Dyad, day: date) -> Condition:
    rows = exposure_table("visa_rules").filter(pl.col("state") == dyad.far, pl.col("known_on") <= day)
    if not rows.height:
        return _UNKNOWN
    row = rows.sort("known_on").row(-1, named=True)
    easy = row["n_without_visa_before"] + row["n_e_visa"]
    return Condition(
        present=easy >= EASY_ENTRY_SHARE * row["n_nationalities"],
        because=f"{easy} of {row['n_nationalities']} nationalities, passportindex.org of {row['known_on']}",
    )


def _air_links(dyad: Dyad, day: date) -> Condition:
    rows = exposure_table("air_links").filter(pl.col("state") == dyad.far, pl.col("known_on") <= day)
    if not rows.height:
        return _UNKNOWN
    row = rows.sort("known_on").row(-1, named=True)
    hubs = (row["hubs"] or "").split()
    return Condition(
        present=row["n_linked"] + len(hubs) > 0,
        because=f"{row['n_linked']} of {row['n_nationalities']} states and {len(hubs)} hubs, OpenFlights of "
        f"{row['known_on'].year}",
    )


def _named_before(dyad: Dyad, day: date) -> Condition:
    earlier = case_base().filter(_began_by(day), _names("named_codes", dyad.far))
    return Condition(present=earlier.height > 0, because=" ".join(earlier["id"]))


CONDITIONS: Mapping[str, Callable[[Dyad, date], Condition]] = {
    "adjacent": _adjacent,
    "sanctions_in_force": _sanctions,
    "easy_entry": _easy_entry,
    "air_links": _air_links,
    "funded_deal": _funded,
    "readmission_agreement": _readmission,
    "named_before": _named_before,
}
"""Name -> what tells it of a dyad on a day."""


def attempts_on(dyad: Dyad, day: date) -> tuple[str, ...]:
    """Return catalogued attempts of the far state, begun by the day, on the near one or on the EU as a whole."""
    wanted = _names("target_codes", dyad.near) | _names("target_codes", "EU")
    rows = case_base().filter(_began_by(day), _names("named_codes", dyad.far), wanted)
    return tuple(rows["id"])


def _began_by(day: date) -> pl.Expr:
    return pl.col("began").str.head(10) <= day.isoformat()


def _names(column: str, code: str) -> pl.Expr:
    return pl.col(column).str.split(" ").list.contains(code)
