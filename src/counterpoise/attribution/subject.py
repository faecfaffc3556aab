"""Which series and month an attribution is of: as asked, or by a rule that is stated."""

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from counterpoise.attribution._kernels import Array, log_ratio
from counterpoise.attribution.cube import Cube, cube_of
from counterpoise.attribution.indicators.shape import RISE_FACTOR, SMALLEST_RISE, is_rise
from counterpoise.attribution.indicators.windows import HISTORY_MONTHS, PSEUDO_COUNT, WINDOW_MONTHS, YEAR
from counterpoise.errors import AnalysisError, InputError
from counterpoise.observations.archive import Known
from counterpoise.observations.panel import Panel, build_panels
from counterpoise.observations.questions import require_nationality
from counterpoise.vocabulary import ALL_NATIONALITIES, FLOW_MEASURES, split_nationality

if TYPE_CHECKING:
    from counterpoise.cases import Case

__all__ = ["Selected", "Subject", "select_subject"]

_LARGEST_RISE = "rule: the largest growth against the year before within the case's months"
_AS_ASKED = "as asked"


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """The series and month under test.

    Parameters
    ----------
    month
        First day of the month; the window is this month and the two before it.
    chosen_by
        Who chose the month: the caller, or the rule of the largest rise.
    """

    dataset: str
    corridor: str
    nationality: str
    measure: str
    month: date
    window_start: date
    window_end: date
    counted: float
    year_before: float
    chosen_by: str
    case: str | None

    def to_dict(self) -> dict[str, Any]:
        """Return the subject as it stands in the JSON answer."""
        days = ("month", "window_start", "window_end")
        plain = {name: getattr(self, name) for name in self.__slots__}
        return {**plain, **{name: plain[name].isoformat() for name in days}}


@dataclass(frozen=True, slots=True, kw_only=True)
class Selected:
    """A subject, and where it stands in the cube."""

    subject: Subject
    cube: Cube
    panel: Panel
    corridor: int
    nationality: int
    month: int


def select_subject(
    known: Known,
    *,
    case: "Case | None",
    corridor: str | None,
    nationality: str | None,
    month: date | None,
) -> Selected:
    """Return the series and month under test.

    Raises
    ------
    InputError
        If neither a case nor corridor, nationality and month are given, or one of them does not exist.
    AnalysisError
        If the archive has no monthly series of the corridor, with nationalities and three years before the month.
    """
    if case is None and (corridor is None or month is None):
        raise InputError(
            expected="a case, or a corridor with a month",
            found="neither",
            where="attribute",
            hint="write for example 'attribute belarus-eu-2021', or '--corridor eastern-borders --month 2021-07-01'",
        )
    wanted = (corridor,) if corridor else tuple(case.corridors) if case else ()
    for name in wanted:
        known.corridors.require(name)
    if nationality is not None:
        require_nationality(nationality)
    base, left_out = split_nationality(nationality or _case_total(case))
    panel, place = _panel(known, wanted)
    cube = cube_of(panel, leave_out=left_out)
    row = cube.total if base == ALL_NATIONALITIES else _row(cube, base, place)
    c = cube.corridors.index(place)
    code = "-".join([base, *left_out])
    at, chosen_by = _month(cube, cube.counts[c, row], case, month, f"{place} {code}")
    counts = cube.counts[c, row]
    window = counts[at - WINDOW_MONTHS + 1 : at + 1]
    before = counts[at - WINDOW_MONTHS + 1 - YEAR : at + 1 - YEAR]
    subject = Subject(
        dataset=panel.dataset,
        corridor=place,
        nationality=code,
        measure=panel.measure,
        month=cube.months[at],
        window_start=cube.months[at - WINDOW_MONTHS + 1],
        window_end=panel.periods["period_end"][at],
        counted=float(window.sum()),
        year_before=float(before.sum()),
        chosen_by=chosen_by,
        case=case.id if case else None,
    )
    return Selected(subject=subject, cube=cube, panel=panel, corridor=c, nationality=row, month=at)


def _case_total(case: "Case | None") -> str:
    """Return what a case is read by: its one nationality, else the total without those it leaves out."""
    if case is not None and len(case.nationalities) == 1:
        return case.nationalities[0]
    return "-".join([ALL_NATIONALITIES, *(case.left_out_codes if case else ())])


def _panel(known: Known, wanted: tuple[str, ...]) -> tuple[Panel, str]:
    """Return the first wanted corridor with a monthly series by nationality beside others, and its panel.

    A part of a route stands in the panel instead of the route, so that nobody is counted on both.
    """
    whole = [p for p in build_panels(known) if p.measure in FLOW_MEASURES and p.dataset in known.dense]
    for name in wanted:
        for panel in whole:
            places = set(panel.series["corridor"])
            if name in places:
                return panel, name
            above = places.intersection(known.corridors.ancestors(name))
            if not above:
                continue
            others = (*sorted(places - above), name)
            for part in build_panels(known, corridors=others):
                if (part.dataset, part.measure) == (panel.dataset, panel.measure) and name in set(
                    part.series["corridor"]
                ):
                    return part, name
    raise _no_panel(known, wanted)


def _no_panel(known: Known, wanted: tuple[str, ...]) -> AnalysisError:
    """Say what is missing: monthly figures at all, or the word that a cell which is not there means 0."""
    places = {part for name in wanted for part in known.corridors.subtree(name)}
    rows = known.observations.filter(
        pl.col("corridor").is_in(places)
        & (pl.col("frequency") == "M")
        & pl.col("measure").is_in(FLOW_MEASURES)
    )
    sparse = sorted(set(rows["dataset"]))
    return AnalysisError(
        expected="monthly figures by nationality of a dataset in which a missing cell means 0",
        found=f"only {', '.join(sparse)}, where a missing cell may mean that nobody looked"
        if sparse
        else f"no monthly figures known on {known.day}",
        where=", ".join(wanted),
        hint="ingest whole files of your own with a mapping that says 'dense: true' (one corridor is enough; with "
        "one other or more, growth can be compared), or choose a Frontex route such as eastern-borders",
    )


def _row(cube: Cube, code: str, place: str) -> int:
    c = cube.corridors.index(place)
    if code not in cube.nationalities or not cube.held[c, cube.nationalities.index(code)]:
        raise AnalysisError(
            expected=f"monthly figures of {code} at {place}",
            found="none",
            where="the archive",
            hint="nationalities are ISO 3166 alpha-3 codes such as IRQ, or TOTAL; choose another one",
        )
    return cube.nationalities.index(code)


def _month(cube: Cube, counts: Array, case: "Case | None", month: date | None, where: str) -> tuple[int, str]:
    first = HISTORY_MONTHS + WINDOW_MONTHS - 1
    if month is not None:
        start = month.replace(day=1)
        if start not in cube.months:
            raise AnalysisError(
                expected=f"a month from {cube.months[0]} to {cube.months[-1]}",
                found=f"{start}",
                where=where,
                hint="choose another --month, or a later --as-of",
            )
        at = cube.months.index(start)
        if at < first:
            raise AnalysisError(
                expected=f"a month with {first} months before it, so from {cube.months[first]} on",
                found=f"{start}",
                where=where,
                hint="choose a later --month",
            )
        return at, _AS_ASKED
    assert case is not None
    begins = case.phases[0].start if case.phases else case.events[0].date
    last = case.phases[-1].end if case.phases else None
    candidates = [
        i
        for i, start in enumerate(cube.months)
        if i >= first
        and start >= begins.replace(day=1)
        and (last is None or start <= last)
        and is_rise(counts[: i + 1])
    ]
    if not candidates:
        raise AnalysisError(
            expected=f"a rise: {SMALLEST_RISE:.0f} people in three months, {RISE_FACTOR:g} times the year before",
            found=f"none from {begins} to {cube.months[-1]}",
            where=where,
            hint="name a month with --month, or another corridor",
        )
    windows = [counts[i - WINDOW_MONTHS + 1 : i + 1].sum() for i in candidates]
    before = [counts[i - WINDOW_MONTHS + 1 - YEAR : i + 1 - YEAR].sum() for i in candidates]
    rises = log_ratio(np.array(windows), np.array(before), PSEUDO_COUNT)
    return candidates[int(rises.argmax())], _LARGEST_RISE
