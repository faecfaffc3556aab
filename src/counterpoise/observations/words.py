"""Codes in words: measures, corridors, kinds; neutral, and with the publisher's meaning kept."""

from datetime import date

from counterpoise.observations.corridors import Corridor
from counterpoise.observations.nationalities import nationality_name
from counterpoise.vocabulary import ALL_NATIONALITIES, split_nationality

__all__ = [
    "ALARM_WORDS",
    "EVENT_WORDS",
    "MEASURE_TITLES",
    "MEASURE_WORDS",
    "joined",
    "label_of",
    "located",
    "place",
    "spoken_date",
    "spoken_days",
    "who",
]

MEASURE_WORDS = {
    "detections": "detections",
    "prevented": "people stopped or returned",
    "attempts": "attempts to cross",
    "detained": "people detained",
    "arrivals": "arrivals",
    "admitted_humanitarian": "people let in for humanitarian reasons",
    "onward_detections": "people found further inland",
    "asylum_applications": "asylum applications",
    "asylum_decisions": "asylum decisions",
    "refusals": "refusals of entry",
    "returns": "returns",
    "deaths_missing": "people found dead or reported missing",
    "residence_permits": "first residence permits",
}
MEASURE_TITLES = {
    "detections": "Detections",
    "prevented": "Stopped or returned",
    "attempts": "Attempts to cross",
    "detained": "Detained",
    "arrivals": "Arrivals",
    "admitted_humanitarian": "Let in for humanitarian reasons",
    "onward_detections": "Onward detections",
    "asylum_applications": "Asylum applications",
    "asylum_decisions": "Asylum decisions",
    "refusals": "Refusals of entry",
    "returns": "Returns",
    "deaths_missing": "Found dead or missing",
    "residence_permits": "First residence permits",
}
EVENT_WORDS = {
    "coercer_action": "act",
    "statement_threat": "statement",
    "transit_facilitation": "help on the way",
    "airline_or_visa": "flights and visas",
    "trigger": "trigger",
    "outcome": "count",
    "death_or_harm": "death or harm",
    "response_border": "response at the border",
    "response_legal": "legal response",
    "response_diplomatic": "diplomacy",
    "response_information": "publication",
    "response_solidarity": "help from others",
    "sanction": "sanction",
    "deescalation": "step back",
    "court_or_monitor": "court or monitor",
    "public_claim": "claim, not shown",
    "propaganda": "said to persuade, not shown",
    "context": "context",
}
ALARM_WORDS = {
    "surge": "surge",
    "level_shift": "change of level",
    "new_route": "nationality new on the route",
    "collapse": "collapse",
    "reporting_change": "change of counting",
}


def place(corridor: Corridor) -> str:
    """Return where the figures of a corridor are from, for use in a sentence."""
    match corridor.kind:
        case "route" | "part":
            return f"the {corridor.name} route"
        case "border" if corridor.from_states and corridor.to_states:
            return f"the border of {_states(corridor.to_states)} with {_states(corridor.from_states)}"
        case _:
            return corridor.name


def located(corridor: Corridor) -> str:
    """Return ``place`` with its preposition: ``on the border of …``, ``in Germany``."""
    if corridor.kind == "country" and corridor.to_states:
        return f"in {_states(corridor.to_states)}"
    where = place(corridor)
    return f"on {where}" if where.startswith("the ") else f"at {where}"


def label_of(corridor: Corridor) -> str:
    """Return the corridor's name for a title: ``Poland's side`` is never meant, so both states are named."""
    if corridor.kind == "border" and corridor.from_states and corridor.to_states:
        return f"{_states(corridor.from_states)}–{_states(corridor.to_states)} border"
    return f"{corridor.name} route" if corridor.kind in {"route", "part"} else corridor.name


def _states(codes: tuple[str, ...]) -> str:
    return joined([nationality_name(code) for code in codes])


def who(nationality: str) -> str:
    """Return a nationality for use in a sentence, with a blank before it; empty for all together, ``A+B`` is a mean."""
    if "+" in nationality:
        return f" (mean over {nationality.count('+') + 1} nationalities)"
    base, left_out = split_nationality(nationality)
    if left_out:
        return f" without people from {joined([nationality_name(code) for code in left_out])}"
    if base == ALL_NATIONALITIES:
        return ""
    if base == "UNK":
        return " of people whose nationality is unknown"
    return f" of people from {nationality_name(base)}"


def joined(items: list[str]) -> str:
    """Return the items as a list in a sentence: ``a, b and c``."""
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} and {items[-1]}" if items else ""


def spoken_date(day: date) -> str:
    """Return a day as it is said: ``3 June 2025``."""
    return f"{day.day} {day:%B %Y}"


def spoken_days(n: float) -> str:
    """Return a number of days as it is said: ``1 day``, ``34 days``."""
    return f"{n:,.0f} {'day' if round(n) == 1 else 'days'}"
