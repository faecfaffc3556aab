"""``exposure``: which conditions are present at a border, beside how often the same ones led to nothing.

Borders are listed alphabetically; there is no score and no rank. The conditions are those of the case base and the case
files, and only some that matter are at hand. A condition is no forecast.
"""

from dataclasses import dataclass
from datetime import date

import polars as pl

from counterpoise.cases.base_rates import case_base
from counterpoise.cases.known import known_case
from counterpoise.cases.load import list_cases, load_case
from counterpoise.observations.corridors import load_corridors
from counterpoise.observations.nationalities import nationality_name
from counterpoise.vocabulary import EventKind

__all__ = ["NOT_AT_HAND", "Exposure", "exposure"]

NOT_AT_HAND = ("visa rules", "air links", "dependence by deals")
"""Conditions that matter and for which nothing is bundled; unknown, and not absent."""
_CONDITIONS = ("named_before", "sanctions_in_force")


@dataclass(frozen=True, slots=True, kw_only=True)
class Exposure:
    """Borders with their conditions.

    Parameters
    ----------
    rows
        ``corridor, from_state, to_state, adjacent, named_before, sanctions_in_force, n_same_conditions,
        n_same_without_attempt``. ``named_before``: the state on the far side is named in an earlier catalogued attempt,
        anywhere. ``sanctions_in_force``: true, or null where no bundled case file names any. The counts are over the
        borders listed; without attempt: none that names the state on this side is catalogued.
    caveat
        What the table cannot say.
    """

    as_of: date
    rows: pl.DataFrame
    caveat: str


def exposure(as_of: date) -> Exposure:
    """Return every land border of the registry, alphabetically, with the conditions present on a day."""
    attempts = case_base().filter(pl.col("began").str.head(10) <= as_of.isoformat())
    sanctioned = _sanctioned(as_of)
    rows = []
    for corridor in sorted(load_corridors().corridors.values(), key=lambda c: c.id):
        if corridor.kind != "border":
            continue
        for far in corridor.from_states:
            for near in corridor.to_states:
                far_name, near_name = nationality_name(far), nationality_name(near)
                named = attempts.filter(pl.col("named_state").str.contains(far_name, literal=True))
                against = named.filter(pl.col("target").str.contains(near_name, literal=True))
                rows.append(
                    (
                        corridor.id,
                        far_name,
                        near_name,
                        True,
                        named.height > 0,
                        True if far_name in sanctioned else None,
                        against.height > 0,
                    )
                )
    columns = ["corridor", "from_state", "to_state", "adjacent", *_CONDITIONS, "attempted"]
    frame = pl.DataFrame(
        rows, schema=columns, orient="row", schema_overrides={"sanctions_in_force": pl.Boolean}
    )
    counted = frame.with_columns(
        pl.len().over(_CONDITIONS).cast(pl.Int64).alias("n_same_conditions"),
        (~pl.col("attempted")).sum().over(_CONDITIONS).cast(pl.Int64).alias("n_same_without_attempt"),
    ).drop("attempted")
    caveat = (
        f"Not at hand, so unknown and not absent: {', '.join(NOT_AT_HAND)}. Sanctions are those the bundled case files "
        "name; blank is unknown. Conditions are no forecast: the last column counts borders that have the same ones "
        "and saw no attempt that was catalogued."
    )
    return Exposure(as_of=as_of, rows=counted, caveat=caveat)


def _sanctioned(as_of: date) -> set[str]:
    """Return states that a case file names as target of a sanction by that day."""
    events = [event for name in list_cases() for event in known_case(load_case(name), as_of).events]
    return {event.target for event in events if event.kind is EventKind.SANCTION and event.target}
