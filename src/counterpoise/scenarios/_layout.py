"""Sizes of the compiled model: how many scenarios advance together, and what stands where in its working space."""

from itertools import accumulate

from counterpoise.scenarios.model import GONE
from counterpoise.scenarios.parameters import (
    BORDERS,
    HUBS,
    INDICATORS,
    N_LEVER_ROWS,
    ORIGINS,
    OUTCOMES,
    PARAMETERS,
)

__all__ = ["LANES", "N_PEOPLE", "N_WORK", "STARTS", "WORKING"]

LANES = 64
"""Scenarios in a block: with all its state it stays in the processor's nearest cache."""
N_PEOPLE = 4 + len(GONE)
N_STATES = 41
WORKING = {
    "par": len(PARAMETERS),
    "hub_weight": HUBS,
    "border_weight": BORDERS,
    "first_pool": ORIGINS,
    "pool": ORIGINS,
    "staging": ORIGINS,
    "waiting": ORIGINS,
    "through": ORIGINS,
    "belief": ORIGINS,
    "wanted": ORIGINS,
    "departed": ORIGINS,
    "arriving": ORIGINS,
    "by_origin": ORIGINS,
    "left_by": ORIGINS,
    "tried_by": ORIGINS,
    "at_border": BORDERS * ORIGINS,
    "hub_share": HUBS,
    "border_share": BORDERS,
    "ease": BORDERS,
    "wait_weeks": BORDERS,
    "stopped": BORDERS,
    "turned": BORDERS,
    "registered": BORDERS,
    "counted": BORDERS,
    "unassessed": BORDERS,
    "shut_out": BORDERS,
    "tried": BORDERS,
    "x": N_STATES,
    "gone": len(GONE),
    "out": len(OUTCOMES),
    "lever": N_LEVER_ROWS,
    "latch": N_LEVER_ROWS,
    "ind": len(INDICATORS),
}
"""Rows of each array of the working space, of ``LANES`` numbers each; parameters first."""
N_WORK = sum(WORKING.values())
STARTS = tuple(accumulate(WORKING.values(), initial=0))[:-1]
