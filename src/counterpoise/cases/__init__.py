"""Cases: the dated story of a border, as data a person can read and edit."""

from counterpoise.cases.known import KnownCase, known_case
from counterpoise.cases.load import list_cases, load_case, parse_case
from counterpoise.cases.model import Actors, AnalystItem, Case, Event, Harm, LeftOut, Phase, Response, Source

__all__ = [
    "Actors",
    "AnalystItem",
    "Case",
    "Event",
    "Harm",
    "KnownCase",
    "LeftOut",
    "Phase",
    "Response",
    "Source",
    "known_case",
    "list_cases",
    "load_case",
    "parse_case",
]
