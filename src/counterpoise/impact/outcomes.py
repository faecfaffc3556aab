"""Outcome families: the monthly series of a case, one per corridor and measure, and series that stand aside."""

from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import numpy.typing as npt

from counterpoise.cases.model import Case
from counterpoise.observations.archive import Known
from counterpoise.observations.panel import Panel, build_panels
from counterpoise.observations.provisional import provisional_corridors
from counterpoise.vocabulary import ALL_NATIONALITIES

__all__ = ["OUTCOMES", "Series", "Unsettled", "controls_of", "outcome_series"]

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
class Unsettled:
    """A provisional figure, which nothing is compared with, and why it is one."""

    month: date
    value: float
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """One monthly series; ``values`` NaN where nothing is published, or only what is provisional.

    ``unsettled`` holds the provisional figures; ``flags`` has the marks of each month, or is empty if there are none.
    """

    dataset: str
    corridor: str
    nationality: str
    outcome: str
    starts: tuple[date, ...]
    ends: tuple[date, ...]
    values: npt.NDArray[np.float64]
    flags: tuple[str, ...] = ()
    unsettled: tuple[Unsettled, ...] = ()


def outcome_series(
    known: Known, case: Case, outcomes: tuple[str, ...], *, nationality: str | None = None
) -> tuple[Series, ...]:
    """Return the totals of the case's corridors, without the nationalities the case leaves out where they can be.

    With a ``nationality``, its series instead. Where several datasets count the same at the same corridor, the one
    with the most months stands for it. Provisional months stand aside, by the rule of ``detect`` and by flag.
    """
    without = "".join(f"-{code}" for code in case.left_out_codes)
    wanted = (nationality,) if nationality else (f"{ALL_NATIONALITIES}{without}", ALL_NATIONALITIES)
    found = []
    for panel in build_panels(known, corridors=case.corridors, measures=outcomes):
        names = panel.series.rows()
        unidentified = {
            corridor: (month, share) for corridor, month, share, _ in provisional_corridors(panel).iter_rows()
        }
        for corridor in case.corridors:
            for code in dict.fromkeys(wanted):
                if (corridor, code) in names:
                    one = _series(panel, names.index((corridor, code)), corridor, code)
                    found.append(_settled(one, *unidentified.get(corridor, (None, 0.0))))
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
        flags=tuple(panel.flags[row]),
    )


def _settled(series: Series, newest: date | None, share: float) -> Series:
    """Return the series with its provisional months set aside."""
    aside = tuple(
        Unsettled(
            month=month,
            value=float(value),
            why=f"{share:.0%} of those counted have no stated nationality yet"
            if month == newest
            else "it is marked as not final",
        )
        for month, value, flag in zip(series.starts, series.values, series.flags, strict=True)
        if not np.isnan(value) and (month == newest or "provisional" in flag.split())
    )
    months = {one.month for one in aside}
    values = np.where([month in months for month in series.starts], np.nan, series.values)
    return replace(series, values=values, unsettled=aside)


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
