"""What can be told apart: responses in groups by their beginning, windows without others, rules of counting."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

from counterpoise.cases.model import Response
from counterpoise.observations.regimes import Regime

__all__ = ["Group", "closure_in", "group_responses", "rule_change_in", "turn_back_in"]

_TURN_BACK, _CLOSURE = "turn_back_law", "border_closure"


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Responses that begin within one month of the first of them.

    ``last_day`` is the last day before the next group begins; None if none does.
    """

    names: tuple[str, ...]
    responses: tuple[Response, ...]
    begin: date
    last_day: date | None


def group_responses(responses: tuple[Response, ...]) -> tuple[Group, ...]:
    """Return the responses in groups, by day; a group holds what begins within a month of its first.

    Monthly figures cannot tell apart what begins so close together. Names are ``r01``, ``r02``… in the order of
    their beginning.
    """
    ordered = sorted(responses, key=lambda r: (r.begins_on, r.country, r.title))
    members: list[list[tuple[str, Response]]] = []
    for number, response in enumerate(ordered, start=1):
        named = (f"r{number:02d}", response)
        if members and response.begins_on <= _month_later(members[-1][0][1].begins_on):
            members[-1].append(named)
        else:
            members.append([named])
    begins = [group[0][1].begins_on for group in members]
    ends: list[date | None] = [begin - timedelta(days=1) for begin in begins[1:]]
    return tuple(
        Group(
            names=tuple(name for name, _ in group),
            responses=tuple(response for _, response in group),
            begin=begin,
            last_day=end,
        )
        for group, begin, end in zip(members, begins, [*ends, *[None] * bool(members)], strict=True)
    )


def _month_later(day: date) -> date:
    year, month = (day.year + 1, 1) if day.month == 12 else (day.year, day.month + 1)
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def rule_change_in(regimes: tuple[Regime, ...], first: date, last: date) -> Regime | None:
    """Return the first counting rule that starts between two days, both inclusive."""
    return next((r for r in sorted(regimes, key=lambda r: r.start) if first <= r.start <= last), None)


def turn_back_in(group: Group, outcome: str) -> Response | None:
    """Return a response that itself takes people out of the count: people turned back are not detections."""
    if outcome not in {"detections", "detained"}:
        return None
    return next((r for r in group.responses if r.kind == _TURN_BACK), None)


def closure_in(group: Group, outcome: str) -> Response | None:
    """Return a closing of crossing points, if the outcome does not count people who apply at them."""
    if outcome not in {"detections", "detained", "prevented", "attempts"}:
        return None
    return next((r for r in group.responses if r.kind == _CLOSURE), None)
