"""``exposure``: which conditions are present at a border, beside how often the same ones led to nothing.

Dyads are listed alphabetically; there is no score and no rank. A condition is no forecast: of most dyads that have the
same conditions no attempt was ever catalogued, and the table says of how many.
"""

from dataclasses import dataclass
from datetime import date

import polars as pl

from counterpoise.cases.conditions import CONDITIONS, attempts_on
from counterpoise.cases.dyads import dyads
from counterpoise.observations.nationalities import nationality_name

__all__ = ["Exposure", "exposure"]

_CAVEAT = (
    "Blank is unknown, and not absent: sanctions, deals and visa rules are those that were read on a public page, air "
    "links are of 2014 and of Belarus and Russia only. Visa rules are law, not practice. Conditions are no forecast: "
    "n_same_conditions counts dyads in which everything present here is present too, n_same_without_attempt those of "
    "them on which no attempt was catalogued by that day. Only attempts that somebody called so are catalogued."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Exposure:
    """Dyads with their conditions.

    Parameters
    ----------
    rows
        ``from_state, to_state, corridor, joined_by``; a column per condition of ``CONDITIONS`` (null: unknown);
        ``n_same_conditions``: dyads, this one among them, in which every condition present here is present;
        ``n_same_without_attempt``: those of them without a catalogued attempt. By the names of the states.
    basis
        ``from_state, to_state, condition, present, because``: on what each known condition rests, with its vintage.
    caveat
        What the table cannot say.
    """

    as_of: date
    rows: pl.DataFrame
    basis: pl.DataFrame
    caveat: str


def exposure(as_of: date) -> Exposure:
    """Return every dyad, alphabetically, with the conditions present on a day."""
    rows, basis, present, attempted = [], [], [], []
    for dyad in sorted(dyads(), key=lambda d: (nationality_name(d.far), nationality_name(d.near))):
        states = nationality_name(dyad.far), nationality_name(dyad.near)
        told = {name: tell(dyad, as_of) for name, tell in CONDITIONS.items()}
        rows.append((*states, dyad.corridor, dyad.joined_by, *(c.present for c in told.values())))
        basis += [(*states, name, c.present, c.because) for name, c in told.items() if c.present is not None]
        present.append(frozenset(name for name, c in told.items() if c.present))
        attempted.append(bool(attempts_on(dyad, as_of)))
    same = [[present[i] <= other for other in present] for i in range(len(present))]
    n_same = [sum(row) for row in same]
    n_nothing = [sum(s and not a for s, a in zip(row, attempted, strict=True)) for row in same]
    columns = ["from_state", "to_state", "corridor", "joined_by", *CONDITIONS]
    overrides = dict.fromkeys(CONDITIONS, pl.Boolean)
    frame = pl.DataFrame(rows, schema=columns, orient="row", schema_overrides=overrides).with_columns(
        pl.Series("n_same_conditions", n_same, dtype=pl.Int64),
        pl.Series("n_same_without_attempt", n_nothing, dtype=pl.Int64),
    )
    names = ["from_state", "to_state", "condition", "present", "because"]
    return Exposure(
        as_of=as_of,
        rows=frame,
        basis=pl.DataFrame(basis, schema=names, orient="row"),
        caveat=_CAVEAT,
    )
