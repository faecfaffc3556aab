"""Outcome families: what every count did around the same responses, side by side, before anything is estimated."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np

from counterpoise.impact.identifiability import Group
from counterpoise.impact.outcomes import Series, Unsettled
from counterpoise.observations.corridors import CorridorRegistry
from counterpoise.observations.words import MEASURE_WORDS, located

__all__ = ["Family", "Movement", "families_of"]

_BEFORE, _AFTER = 2, 6
"""Months shown before the responses begin, and from then on at most: enough to see where each count went."""
_SAME = 0.1
"""A change by under a tenth is called none."""
_NOT_A_FLOW = frozenset({"deaths_missing", "refusals"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Movement:
    """Published figures of one count around the beginning of a group of responses.

    ``direction`` compares the last figure with that of the last month before the responses, or else with the first
    one from then on: ``rose``, ``fell``, ``stayed``, or ``unknown`` with fewer than two figures. Provisional figures
    are not compared, and stand in ``unsettled``.
    """

    outcome: str
    corridor: str
    nationality: str
    dataset: str
    figures: tuple[tuple[date, float], ...]
    compared: tuple[date, date]
    direction: str
    unsettled: tuple[Unsettled, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Return the movement as it stands in the JSON answer."""
        return {
            "outcome": self.outcome,
            "corridor": self.corridor,
            "nationality": self.nationality,
            "dataset": self.dataset,
            "figures": [{"month": month.isoformat(), "value": value} for month, value in self.figures],
            "direction": self.direction,
            "provisional": [
                {"month": one.month.isoformat(), "value": one.value, "why": one.why} for one in self.unsettled
            ],
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """All counts around one group of responses.

    Parameters
    ----------
    depends_on_count
        ``yes`` where counts of people arriving or trying to move in different directions, ``no`` where two or
        more agree, ``unknown`` else.
    bounds
        Months for which one corridor has both people found after crossing and people stopped: crossings tried lie
        between the larger of the two and their sum. A sensitivity bound, never a series.
    """

    responses: tuple[str, ...]
    movements: tuple[Movement, ...]
    depends_on_count: str
    text: str
    bounds: tuple[dict[str, Any], ...]

    def to_dict(self) -> dict[str, Any]:
        """Return the family as it stands in the JSON answer."""
        return {
            "responses": list(self.responses),
            "depends_on_count": self.depends_on_count,
            "text": self.text,
            "movements": [movement.to_dict() for movement in self.movements],
            "bounds": list(self.bounds),
        }


def families_of(
    groups: list[Group], series: tuple[Series, ...], corridors: CorridorRegistry
) -> tuple[Family, ...]:
    """Return the family of each group around whose beginning at least one count has a figure."""
    found = []
    for group in groups:
        movements = tuple(m for one in series if (m := _movement(group, one)) is not None)
        if not movements:
            continue
        depends, text = _depends(movements, corridors)
        found.append(
            Family(
                responses=group.names,
                movements=movements,
                depends_on_count=depends,
                text=" ".join([text, *(_aside(m, corridors) for m in movements if m.unsettled)]),
                bounds=_bounds(group, series),
            )
        )
    return tuple(found)


def _columns(group: Group, series: Series) -> tuple[list[int], list[int]]:
    """Return the months with a figure before and from the beginning on.

    Two calendar months before; from then on whole months before the next group, at most six, or the first month
    alone where the next group begins in it.
    """
    month = group.begin.replace(day=1)
    earliest, latest = _months_from(month, -_BEFORE), _months_from(month, _AFTER)
    last = group.last_day or date.max
    published = [i for i in range(len(series.starts)) if not np.isnan(series.values[i])]
    before = [i for i in published if earliest <= series.starts[i] < month]
    after = [
        i
        for i in published
        if month <= series.starts[i] < latest and (series.ends[i] <= last or series.starts[i] == month)
    ]
    return before, after


def _months_from(month: date, n: int) -> date:
    index = month.year * 12 + month.month - 1 + n
    return date(index // 12, index % 12 + 1, 1)


def _movement(group: Group, series: Series) -> Movement | None:
    before, after = _columns(group, series)
    if not after:
        return None
    figures = tuple((series.starts[i], float(series.values[i])) for i in [*before, *after])
    compared = [*before[-1:], *after]
    return Movement(
        outcome=series.outcome,
        corridor=series.corridor,
        nationality=series.nationality,
        dataset=series.dataset,
        figures=figures,
        compared=(series.starts[compared[0]], series.starts[compared[-1]]),
        direction=_direction([float(series.values[i]) for i in compared]),
        unsettled=_unsettled(group, series),
    )


def _unsettled(group: Group, series: Series) -> tuple[Unsettled, ...]:
    """Return the provisional figures in the months shown."""
    month = group.begin.replace(day=1)
    latest = min(_months_from(month, _AFTER), group.last_day or date.max)
    return tuple(one for one in series.unsettled if _months_from(month, -_BEFORE) <= one.month < latest)


def _direction(values: list[float]) -> str:
    if len(values) < 2:
        return "unknown"
    change = values[-1] - values[0]
    if abs(change) <= _SAME * max(values[0], 1.0):
        return "stayed"
    return "rose" if change > 0 else "fell"


def _depends(movements: tuple[Movement, ...], corridors: CorridorRegistry) -> tuple[str, str]:
    telling = [m for m in movements if m.direction in {"rose", "fell"} and m.outcome not in _NOT_A_FLOW]
    said = "; ".join(_said(m, corridors) for m in telling)
    ways = {m.direction for m in telling}
    if len(ways) > 1:
        return "yes", f"The sign depends on what is counted: {said}."
    if len(telling) > 1:
        return "no", f"The counts move the same way: {said}."
    if telling:
        return "unknown", f"Only one count has figures on both sides: {said}."
    return "unknown", "No count has figures enough to see where it went."


def _said(movement: Movement, corridors: CorridorRegistry) -> str:
    values = dict(movement.figures)
    first, last = movement.compared
    start, end = values[first], values[last]
    return (
        f"{MEASURE_WORDS[movement.outcome]} {located(corridors[movement.corridor])} {movement.direction} from "
        f"{start:,.0f} ({first:%b %Y}) to {end:,.0f} ({last:%b %Y})"
    )


def _aside(movement: Movement, corridors: CorridorRegistry) -> str:
    named = "; ".join(f"{one.value:,.0f} in {one.month:%B %Y} ({one.why})" for one in movement.unsettled)
    where = located(corridors[movement.corridor])
    return f"Provisional, and not compared: {MEASURE_WORDS[movement.outcome]} {where}, {named}."


def _bounds(group: Group, series: tuple[Series, ...]) -> tuple[dict[str, Any], ...]:
    found = []
    for crossed in series:
        if crossed.outcome not in {"detections", "detained"}:
            continue
        for stopped in series:
            if stopped.outcome != "prevented" or stopped.corridor != crossed.corridor:
                continue
            published = dict(zip(stopped.starts, stopped.values.tolist(), strict=True))
            for i in [i for part in _columns(group, crossed) for i in part]:
                value = published.get(crossed.starts[i], float("nan"))
                if np.isnan(value):
                    continue
                pair = float(crossed.values[i]), float(value)
                found.append(
                    {
                        "corridor": crossed.corridor,
                        "month": crossed.starts[i].isoformat(),
                        "of": [crossed.outcome, "prevented"],
                        "lower": max(pair),
                        "upper": sum(pair),
                    }
                )
    return tuple(found)
