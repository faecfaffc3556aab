"""Reporting regimes as known breaks: a level may jump because the counting changed, not the flow."""

import numpy as np
import numpy.typing as npt
import polars as pl

from counterpoise.observations.archive import Known
from counterpoise.observations.panel import Panel
from counterpoise.observations.regimes import Regime, regimes_for

__all__ = ["breaks_of", "regime_notes", "regimes_starting"]


def regimes_starting(known: Known, panel: Panel, corridor: str) -> tuple[tuple[int, Regime], ...]:
    """Return (column, regime) for the regimes of the corridor and measure that start within the panel.

    A regime that starts after the day of replay is not known yet and is left out.
    """
    starts = panel.periods["period_start"].to_list()
    ends = panel.periods["period_end"].to_list()
    found = []
    for regime in regimes_for(known.regimes, known.corridors, corridor, panel.measure):
        if regime.start > known.day or not starts or not starts[0] <= regime.start <= ends[-1]:
            continue
        found.append((next(i for i, end in enumerate(ends) if regime.start <= end), regime))
    return tuple(found)


def breaks_of(known: Known, panel: Panel) -> npt.NDArray[np.bool_]:
    """Return series x periods: True where a rule starts that makes figures before and after incomparable."""
    breaks = np.zeros(panel.values.shape, dtype=bool)
    corridors = panel.series["corridor"]
    for corridor in corridors.unique().sort():
        rows = (corridors == corridor).to_numpy()
        for column, regime in regimes_starting(known, panel, corridor):
            if regime.is_break:
                breaks[rows, column] = True
    return breaks


def regime_notes(known: Known, panel: Panel) -> pl.DataFrame:
    """Return ``corridor, period_start, regime_note``: the counting rules that start in a period."""
    rows = [
        (corridor, panel.periods["period_start"][column], regime.what)
        for corridor in panel.series["corridor"].unique().sort()
        for column, regime in regimes_starting(known, panel, corridor)
    ]
    schema = {"corridor": pl.String(), "period_start": pl.Date(), "regime_note": pl.String()}
    return (
        pl.DataFrame(rows, schema=schema, orient="row")
        .group_by("corridor", "period_start", maintain_order=True)
        .agg(pl.col("regime_note").str.join(" "))
    )
