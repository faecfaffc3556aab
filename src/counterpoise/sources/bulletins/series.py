"""From the figures of many bulletins to observations: one for each border, measure and period, and what they dispute.

A later number of the same publisher is a revision, and both are kept with the day they were published. Another
publisher's other number for the same thing is a conflict: the service's own number is kept, before relays, and marked
``disputed``. Running totals of a year are compared with the days between them; a single day that is missing there is
what the totals leave for it, marked ``derived``.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import pairwise

import polars as pl

from counterpoise.checks import Check
from counterpoise.sources.bulletins.documents import Figure

__all__ = ["Series", "series_of"]

_FREQUENCIES = {"day": "D", "week": "W", "month": "M", "year": "Y"}
_ORDER = {"high": 0, "medium": 1, "low": 2}
_FLAGS = {"about": "rounded", "at_least": "at_least"}
_EXACT_DIGITS = 100
COLUMNS = (
    "corridor",
    "nationality",
    "measure",
    "period_start",
    "period_end",
    "frequency",
    "value",
    "known_on",
    "locator",
    "flag",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One value of a series, as published on a day."""

    corridor: str
    measure: str
    period: str
    first: date
    last: date
    value: int
    known_on: date
    publisher: str
    relay: bool
    confidence: str
    locator: str
    flags: tuple[str, ...] = ()

    @property
    def about(self) -> tuple[str, str, str, date, date]:
        """What the value is of."""
        return (self.corridor, self.measure, self.period, self.first, self.last)


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """What many bulletins say together.

    Parameters
    ----------
    observations
        Rows with the columns that ``ingest`` reads.
    left_out
        How many figures were left out, by reason: ``read`` figures are those kept and left out together.
    checks
        Conflicts between publishers, and between running totals and days.
    """

    observations: pl.DataFrame
    read: int
    kept: int
    left_out: dict[str, int]
    checks: tuple[Check, ...]


def series_of(figures: Iterable[Figure]) -> Series:
    """Return the observations of figures, whatever the order they come in."""
    left_out: Counter[str] = Counter()
    cells: list[Cell] = []
    n_read = 0
    for figure in figures:
        n_read += 1
        reason = _reason(figure)
        if reason:
            left_out[reason] += 1
        else:
            cells.append(_cell(figure))
    chosen, conflicts, n_repeated = _chosen(cells)
    n_kept = len(chosen)
    if n_repeated:
        left_out["said again"] = n_repeated
    if conflicts:
        left_out["another value of the same"] = len(conflicts)
    derived, totals = _from_totals(chosen)
    rows = sorted([*chosen, *derived], key=lambda cell: (cell.about, cell.known_on))
    return Series(
        observations=_frame(rows),
        read=n_read,
        kept=n_kept,
        left_out=dict(left_out),
        checks=(_publishers_check(conflicts), totals),
    )


def _reason(figure: Figure) -> str:
    """Return why a figure is no observation; empty if it is one."""
    reading, published = figure.reading, figure.bulletin.published
    if reading.confidence == "low":
        return "not sure"
    if reading.date is None or published is None:
        return "no date"
    if reading.since is None:
        return "first day not said"
    return "after its publication" if reading.date > published else ""


def _cell(figure: Figure) -> Cell:
    reading, bulletin = figure.reading, figure.bulletin
    if reading.date is None or reading.since is None or bulletin.published is None:
        raise ValueError("a figure without days is no observation")
    flags = [_FLAGS[reading.flag]] if reading.flag else []
    flags += ["relay"] if reading.relay else []
    flags += [] if reading.is_said else ["low_confidence"]
    return Cell(
        corridor=reading.sector or reading.corridor,
        measure=reading.measure,
        period=reading.period,
        first=reading.since,
        last=reading.date,
        value=reading.value,
        known_on=bulletin.published,
        publisher=bulletin.publisher or f"a note in {bulletin.lang}",
        relay=reading.relay,
        confidence=reading.confidence,
        locator=f"{bulletin.id} {reading.start}-{reading.end}",
        flags=tuple(flags),
    )


def _rank(cell: Cell) -> tuple[bool, bool, int, date, str]:
    """Return the order of trust: the service's own number, then exact ones, then surer ones, then the first said."""
    return (cell.relay, "rounded" in cell.flags, _ORDER[cell.confidence], cell.known_on, cell.locator)


def _chosen(cells: list[Cell]) -> tuple[list[Cell], list[tuple[Cell, Cell]], int]:
    """Return the cells to keep, pairs (kept, other) that dispute, and how many say again what is kept."""
    groups: dict[tuple[str, str, str, date, date], list[Cell]] = {}
    for cell in cells:
        groups.setdefault(cell.about, []).append(cell)
    kept: list[Cell] = []
    conflicts: list[tuple[Cell, Cell]] = []
    n_repeated = 0
    for group in groups.values():
        best = min(group, key=_rank)
        series = [best]
        for cell in sorted(group, key=lambda cell: (cell.known_on, _rank(cell))):
            if cell is best:
                continue
            if cell.value == series[-1].value or cell.value == best.value:
                n_repeated += 1
            elif cell.publisher == best.publisher and not cell.relay and cell.known_on > series[-1].known_on:
                series.append(cell)  # a revision
            else:
                conflicts.append((best, cell))
        if any(pair[0] is best for pair in conflicts):
            series[0] = replace(best, flags=(*best.flags, "disputed"))
        kept += series
    return kept, conflicts, n_repeated


def _from_totals(cells: list[Cell]) -> tuple[list[Cell], Check]:
    """Return the days that running totals of a year leave for a missing day, and whether totals and days agree."""
    newest: dict[tuple[str, str, str, date, date], Cell] = {}
    for cell in sorted(cells, key=lambda cell: cell.known_on):
        newest[cell.about] = cell
    days = {(c.corridor, c.measure, c.last): c for c in newest.values() if c.period == "day"}
    totals: dict[tuple[str, str, int], list[Cell]] = {}
    for cell in newest.values():
        if cell.period == "year_to_date" and _is_exact(cell):
            totals.setdefault((cell.corridor, cell.measure, cell.last.year), []).append(cell)
    derived: list[Cell] = []
    apart: list[dict[str, object]] = []
    n_spans = 0
    for series in totals.values():
        ordered = sorted(series, key=lambda cell: cell.last)
        for before, after in pairwise(ordered):
            span = [before.last + timedelta(days=i) for i in range(1, (after.last - before.last).days + 1)]
            known = [days[key] for day in span if (key := (after.corridor, after.measure, day)) in days]
            rest = after.value - before.value - sum(cell.value for cell in known)
            missing = [day for day in span if (after.corridor, after.measure, day) not in days]
            if rest < 0 or (not missing and rest):
                apart.append(_apart(before, after, rest))
            elif len(missing) == 1:
                derived.append(_derived(missing[0], rest, [before, after, *known]))
            n_spans += not missing
    return derived, _totals_check(apart, n_spans)


def _is_exact(cell: Cell) -> bool:
    rounded = cell.value >= _EXACT_DIGITS and cell.value % _EXACT_DIGITS == 0
    return not rounded and not set(cell.flags) & {"rounded", "at_least", "low_confidence"}


def _derived(day: date, value: int, of: list[Cell]) -> Cell:
    after = of[1]
    return replace(
        after,
        period="day",
        first=day,
        last=day,
        value=value,
        known_on=max(cell.known_on for cell in of),
        locator=" and ".join(cell.locator for cell in of[:2]),
        flags=("derived",),
    )


def _apart(before: Cell, after: Cell, rest: int) -> dict[str, object]:
    return {
        "corridor": after.corridor,
        "measure": after.measure,
        "from": before.last,
        "to": after.last,
        "totals_differ_by": after.value - before.value,
        "days_add_up_to": after.value - before.value - rest,
    }


def _publishers_check(conflicts: list[tuple[Cell, Cell]]) -> Check:
    table = pl.DataFrame(
        [
            {
                "corridor": kept.corridor,
                "measure": kept.measure,
                "period": kept.period,
                "last_day": kept.last,
                "kept": kept.value,
                "kept_from": kept.locator,
                "other": other.value,
                "other_from": other.locator,
            }
            for kept, other in conflicts
        ]
    )
    if not conflicts:
        return Check(name="publishers_agree", status="passed", text="No two bulletins dispute a figure.")
    text = f"{len(conflicts)} figures are disputed by another bulletin; a service's own number goes before relays."
    return Check(name="publishers_agree", status="failed", text=text, table=table)


def _totals_check(apart: list[dict[str, object]], n_spans: int) -> Check:
    name = "totals_agree"
    if not apart and not n_spans:
        text = "No two running totals have all days between them, so they cannot be compared."
        return Check(name=name, status="skipped", text=text)
    if not apart:
        return Check(
            name=name, status="passed", text=f"Running totals and days agree, {n_spans} times compared."
        )
    text = f"Between running totals and the days between them are {len(apart)} differences."
    return Check(name=name, status="failed", text=text, table=pl.DataFrame(apart))


def _frame(cells: list[Cell]) -> pl.DataFrame:
    rows = [
        (
            cell.corridor,
            "TOTAL",
            cell.measure,
            cell.first,
            cell.last,
            _FREQUENCIES.get(cell.period, "S"),
            cell.value,
            cell.known_on,
            cell.locator,
            " ".join(cell.flags),
        )
        for cell in cells
    ]
    schema = {
        name: pl.Date
        if name.startswith("period_") or name == "known_on"
        else pl.Int64
        if name == "value"
        else pl.String
        for name in COLUMNS
    }
    return pl.DataFrame(rows, schema=schema, orient="row")
