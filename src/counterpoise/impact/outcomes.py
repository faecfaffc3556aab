"""Outcome families: the monthly series of a case, one per corridor and measure, and series that stand aside."""

from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

from counterpoise.cases.model import Case
from counterpoise.observations.archive import Known
from counterpoise.observations.panel import Panel, build_panels
from counterpoise.vocabulary import ALL_NATIONALITIES

__all__ = ["OUTCOMES", "Series", "controls_of", "outcome_series"]

OUTCOMES = (
    "detections",
    "prevented",
    "attempts",
    "detained",
    "onward_detections",
    "asylum_applications",
    "refusals",
    "deaths_missing",
)
"""Shown together, because each counts something else; onward detections do not depend on turning back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """One monthly series; ``values`` NaN where nothing is published."""

    dataset: str
    corridor: str
    nationality: str
    outcome: str
    starts: tuple[date, ...]
    ends: tuple[date, ...]
    values: npt.NDArray[np.float64]


def outcome_series(known: Known, case: Case, outcomes: tuple[str, ...]) -> tuple[Series, ...]:
    """Return the totals of the case's corridors, without the nationalities the case leaves out where they can be.

    Where several datasets count the same at the same corridor, the one with the most months stands for it.
    """
    without = "".join(f"-{code}" for code in case.left_out_codes)
    found = []
    for panel in build_panels(known, corridors=case.corridors, measures=outcomes, totals_only=True):
        names = panel.series.rows()
        for corridor in case.corridors:
            for nationality in dict.fromkeys((f"{ALL_NATIONALITIES}{without}", ALL_NATIONALITIES)):
                if (corridor, nationality) in names:
                    row = names.index((corridor, nationality))
                    found.append(_series(panel, row, corridor, nationality))
                    break
    most: dict[tuple[str, str], Series] = {}
    for one in found:
        key = (one.outcome, one.corridor)
        if key not in most or _n_figures(one) > _n_figures(most[key]):
            most[key] = one
    return tuple(most.values())


def _n_figures(series: Series) -> int:
    return int((~np.isnan(series.values)).sum())


def _series(panel: Panel, row: int, corridor: str, nationality: str) -> Series:
    return Series(
        dataset=panel.dataset,
        corridor=corridor,
        nationality=nationality,
        outcome=panel.measure,
        starts=tuple(panel.periods["period_start"]),
        ends=tuple(panel.periods["period_end"]),
        values=panel.values[row],
    )


def controls_of(panels: tuple[Panel, ...], known: Known, series: Series, case: Case) -> tuple[Series, ...]:
    """Return totals of other routes in the same dataset: none of the case, and none above or below its corridors."""
    near = {c for corridor in case.corridors for c in known.corridors.subtree(corridor)}
    near |= {c for corridor in case.corridors for c in known.corridors.ancestors(corridor)}
    return tuple(
        _series(panel, row, corridor, nationality)
        for panel in panels
        if panel.dataset == series.dataset and panel.measure == series.outcome
        for row, (corridor, nationality) in enumerate(panel.series.rows())
        if nationality == ALL_NATIONALITIES and corridor not in near
    )
