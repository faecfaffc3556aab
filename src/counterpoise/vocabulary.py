"""The words of the observation frame: every code a column may hold, each with one line of meaning.

A *measure* is what a figure counts; what a state does is a *response*. Measures are never added to each
other: people turned back are not detections.
"""

import re
from enum import StrEnum

__all__ = [
    "ALL_MEASURES",
    "ALL_NATIONALITIES",
    "FLAGS",
    "MEASURES",
    "NATIONALITY_PATTERN",
    "PLACES",
    "SPECIAL_NATIONALITIES",
    "STATELESS",
    "UNITS",
    "UNKNOWN",
    "AlarmKind",
    "Frequency",
    "LabelStatus",
    "is_unidentified",
    "split_nationality",
]


class Frequency(StrEnum):
    """Length of the period a figure is about; ``S`` spans are never summed with their parts."""

    DAY = "D"
    WEEK = "W"
    MONTH = "M"
    QUARTER = "Q"
    YEAR = "Y"
    SPAN = "S"


class AlarmKind(StrEnum):
    """What an alarm says about a series."""

    SURGE = "surge"
    """Far more than the model expected."""
    LEVEL_SHIFT = "level_shift"
    """A lasting change of level."""
    NEW_ROUTE = "new_route"
    """A nationality that was not seen here before, or not for long."""
    COLLAPSE = "collapse"
    """Far less than the model expected."""
    REPORTING_CHANGE = "reporting_change"
    """The rule or the completeness of counting changed."""


class LabelStatus(StrEnum):
    """How far the label 'instrumentalisation' of a case is carried by its sources."""

    ASSERTED = "asserted"
    """Said by those named."""
    DOCUMENTED = "documented"
    """Statements or acts on record."""
    CONTESTED = "contested"
    """Intent is disputed."""
    ALLEGED = "alleged"
    """No public proof."""
    CONTROL = "control"
    """Not claimed to be instrumentalised; a case to compare with."""


MEASURES: dict[str, str] = {
    "detections": "Irregular border crossings found on entry, as the publisher counts them (events)",
    "prevented": "People stopped or returned at the border, by the publisher's own count",
    "attempts": "Attempts to cross, a publisher's own series; never a sum of other measures",
    "detained": "People detained after crossing",
    "arrivals": "People who arrived",
    "admitted_humanitarian": "People let in for humanitarian reasons",
    "onward_detections": "People found further inland or in another state after using the corridor",
    "asylum_applications": "Applications for international protection",
    "asylum_decisions": "Decisions on applications for international protection",
    "refusals": "Refusals of entry",
    "returns": "Returns carried out",
    "deaths_missing": "People found dead or reported missing (a minimum)",
    "residence_permits": "First residence permits",
}
ALL_MEASURES = "ALL"

UNITS: dict[str, str] = {
    "events": "Events: one person can be counted many times",
    "persons": "Persons, as far as the publisher can tell them apart",
    "decisions": "Administrative decisions",
}

PLACES: dict[str, str] = {
    "green_border": "The land border between crossing points",
    "crossing_point": "An official border crossing point",
    "inland": "Inside a state, away from its border",
    "sea": "At sea or on landing",
    "border": "The external border, land or sea not told apart by the publisher",
    "any": "The publisher does not say where",
}

FLAGS: dict[str, str] = {
    "provisional": "The publisher or a rule of ours marks the figure as not final",
    "rounded": "The publisher rounded the figure",
    "estimated": "An estimate of the publisher",
    "at_least": "The publisher says 'at least' or 'over'",
    "lag_assumed": "Day of publication not stored: period end plus the lag on the source card",
    "relay": "Read from a report about the publisher's figure, not from the publisher",
    "disputed": "Other figures for the same period are in print",
    "derived": "Computed here from two published figures",
    "low_confidence": "The source read carries the figure only in part",
}

ALL_NATIONALITIES = "TOTAL"
UNKNOWN = "UNK"
STATELESS = "XXA"
SPECIAL_NATIONALITIES: dict[str, str] = {
    ALL_NATIONALITIES: "All nationalities together",
    UNKNOWN: "Unknown or unspecified nationality",
    "XSS": "Unspecified sub-Saharan nationals",
    STATELESS: "Stateless persons",
    "XKX": "Kosovo*",
}
NATIONALITY_PATTERN = re.compile(r"^(?:[A-Z]{3}|TOTAL(?:-[A-Z]{3})*)$")


def split_nationality(code: str) -> tuple[str, tuple[str, ...]]:
    """Return ``(base, left_out)`` of a nationality code as commands take it.

    ``TOTAL-UKR`` means all nationalities except Ukraine: ``("TOTAL", ("UKR",))``. Since March 2022 most
    detections on the Eastern borders are of Ukrainians, so every statement about Belarus needs it.
    """
    base, *left_out = code.split("-")
    return base, tuple(left_out)


def is_unidentified(code: str) -> bool:
    """Return whether a code stands for people whose nationality is not stated."""
    return code in {UNKNOWN, "XSS"}
