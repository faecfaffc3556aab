"""The check that no newest month is provisional."""

import polars as pl

from counterpoise.checks import Check
from counterpoise.observations.nationalities import nationality_name
from counterpoise.vocabulary import UNKNOWN

__all__ = ["check_provisional"]


def check_provisional(provisional: pl.DataFrame) -> Check:
    """Return the check that no newest month is provisional."""
    if provisional.is_empty():
        text = "No newest month has an unusual share of people without a stated nationality."
        return Check(name="provisional_month", status="passed", text=text, table=provisional)
    named = "; ".join(
        f"{row['corridor']} {row['period_start']:%B %Y} ({row['share']:.0%} "
        f"{nationality_name(UNKNOWN).lower()}, usually {row['usual_share']:.0%})"
        for row in provisional.iter_rows(named=True)
    )
    text = (
        f"Provisional, not judged: {named}. The publisher has not yet broken these figures down by "
        "nationality; they are marked and raise no alarm."
    )
    return Check(name="provisional_month", status="inconclusive", text=text, table=provisional)
