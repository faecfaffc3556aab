"""The words of the observation frame: every code a column may hold, each with one line of meaning.

A *measure* is what a figure counts; what a state does is a *response*. Measures are never added to each
other: people turned back are not detections.
"""

import re
from enum import StrEnum

__all__ = [
    "ALL_MEASURES",
    "ALL_NATIONALITIES",
    "ANSWERS",
    "FLAGS",
    "FLOW_MEASURES",
    "MEASURES",
    "NATIONALITY_PATTERN",
    "PLACES",
    "SPECIAL_NATIONALITIES",
    "STATELESS",
    "UNITS",
    "UNKNOWN",
    "AlarmKind",
    "Confidence",
    "EventKind",
    "EventStatus",
    "FactKind",
    "Frequency",
    "HarmKind",
    "LabelStatus",
    "Precision",
    "ProbabilityWord",
    "ResponseKind",
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


class EventKind(StrEnum):
    """What a dated event of a case is. An outcome is never evidence of somebody's act."""

    COERCER_ACTION = "coercer_action"
    """An act of the state named as coercer."""
    STATEMENT_THREAT = "statement_threat"
    """A threat, or a statement that reads as one."""
    TRANSIT_FACILITATION = "transit_facilitation"
    """Help on the way: packages, transport, guides."""
    AIRLINE_OR_VISA = "airline_or_visa"
    """Flights, boarding rules, visas."""
    TRIGGER = "trigger"
    """What set an act off."""
    OUTCOME = "outcome"
    """Counts and arrivals; nobody is the actor."""
    DEATH_OR_HARM = "death_or_harm"
    """People died or were harmed; the actors are authorities of the area, which is no finding of guilt."""
    RESPONSE_BORDER = "response_border"
    """Fences, closures, guards."""
    RESPONSE_LEGAL = "response_legal"
    """Laws and orders."""
    RESPONSE_DIPLOMATIC = "response_diplomatic"
    """Talks, protests, conclusions."""
    RESPONSE_INFORMATION = "response_information"
    """Campaigns, investigations, corrections."""
    RESPONSE_SOLIDARITY = "response_solidarity"
    """Help from other states or bodies."""
    SANCTION = "sanction"
    """Restrictive measures."""
    DEESCALATION = "deescalation"
    """A step back by any side."""
    COURT_OR_MONITOR = "court_or_monitor"
    """Courts and rights bodies."""
    PUBLIC_CLAIM = "public_claim"
    """Said, not shown."""
    PROPAGANDA = "propaganda"
    """Said by a state or its media to persuade, not shown."""
    CONTEXT = "context"
    """What happened beside it and may matter to a reader."""


class ResponseKind(StrEnum):
    """What a response of a state or body is."""

    EMERGENCY_LAW = "emergency_law"
    """Emergencies, closed zones and special powers."""
    TURN_BACK_LAW = "turn_back_law"
    """Rules to return people without, or before, an application."""
    BORDER_CLOSURE = "border_closure"
    """Crossing points closed."""
    BORDER_OPENING = "border_opening"
    """Crossing points opened."""
    FENCE = "fence"
    """Physical and electronic barriers."""
    TROOPS = "troops"
    """Soldiers or police sent to the border."""
    SANCTIONS = "sanctions"
    """Restrictive measures."""
    AIRLINE_PRESSURE = "airline_pressure"
    """Pressure on, or by, airlines and hubs."""
    DIPLOMACY = "diplomacy"
    """Talks, protests, leverage."""
    READMISSION = "readmission"
    """Return agreements and flights."""
    SOLIDARITY_RELOCATION = "solidarity_relocation"
    """Staff, equipment or relocation from others."""
    HUMANITARIAN_ACCESS = "humanitarian_access"
    """Aid, and whether it is let in."""
    INFORMATION_CAMPAIGN = "information_campaign"
    """Messages to people on the way or at home."""
    INFORMATION_COUNTER = "information_counter"
    """Answers to rumours and covert networks."""
    LEGAL_PATHWAY = "legal_pathway"
    """A regular way in."""
    EU_FRAMEWORK = "eu_framework"
    """Law of the European Union."""
    SOFT_LAW_AND_FUNDING = "soft_law_and_funding"
    """Guidance and money."""


class HarmKind(StrEnum):
    """What a published count of harm counts. Counts nest and are never added."""

    DEATH = "death"
    """People who died."""
    MISSING = "missing"
    """People reported missing."""
    INJURY = "injury"
    """People hurt."""
    DETENTION = "detention"
    """People deprived of liberty."""
    PUSHBACK_COUNT = "pushback_count"
    """Returns across the line reported by those who count them."""
    RETURNS = "returns"
    """Returns carried out."""
    REMOVAL_DECISIONS = "removal_decisions"
    """Orders to leave."""
    MEDICAL_ASSISTANCE = "medical_assistance"
    """People who were given medical help."""
    STRANDED = "stranded"
    """People who could go neither way."""
    ENTRIES_BLOCKED_CLAIM = "entries_blocked_claim"
    """Entries a government says it stopped."""


class Precision(StrEnum):
    """How exactly a date is known."""

    DAY = "day"
    MONTH = "month"
    YEAR = "year"


class Confidence(StrEnum):
    """How far the source that was read carries the entry; not how likely a hostile plan is."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"
    """Shown only with its mark."""


class FactKind(StrEnum):
    """What an event shows that speaks to a question of attribution; coded by a person, with the event's source."""

    DANGER_AT_ORIGIN = "danger_at_origin"
    """War or persecution begins or widens where people come from."""
    HARDSHIP_AT_ORIGIN = "hardship_at_origin"
    """Livelihoods or policy where people come from, or stay, grow worse over months."""
    OTHER_WAY_CLOSED = "other_way_closed"
    """Another way was closed, or made harder."""
    VISAS_EASED = "visas_eased"
    """A state eases visas or entry for the people concerned."""
    STATE_CARRIAGE = "state_carriage"
    """A state's own carriers or firms add seats or organise the journey."""
    PRIVATE_CARRIAGE = "private_carriage"
    """Carriers or agencies not of the state concerned add seats or organise the journey."""
    LED_TO_LINE = "led_to_line"
    """Agents of a state lead people to the line, or keep them from turning back."""
    CONTROL_ENDED = "control_ended"
    """A state ends, or says it ends, controls or readmission it used to do."""
    WAY_CLOSED = "way_closed"
    """Carriers stop, boarding or visas are refused, or people are flown home."""
    HELD_BACK = "held_back"
    """A state stops people on its own side."""
    LINKED_THREAT = "linked_threat"
    """Those who act tie people's movement to what the target does."""
    DEMAND_NAMED = "demand_named"
    """Those who act name what the target must do for it to end."""
    FEES_TAKEN = "fees_taken"
    """Fees of travellers go to those who act."""
    COSTLY_EFFORT_AGAINST = "costly_effort_against"
    """Those who act do something against the movement that costs them."""
    COUNTING_CHANGED = "counting_changed"
    """The publisher, or one who checked it, says that the counting changed."""


class ProbabilityWord(StrEnum):
    """Words of estimative probability, as Intelligence Community Directive 203 ties them to numbers."""

    ALMOST_NO_CHANCE = "almost_no_chance"
    """1 to 5 %."""
    VERY_UNLIKELY = "very_unlikely"
    """5 to 20 %."""
    UNLIKELY = "unlikely"
    """20 to 45 %."""
    EVEN = "even"
    """45 to 55 %."""
    LIKELY = "likely"
    """55 to 80 %."""
    VERY_LIKELY = "very_likely"
    """80 to 95 %."""
    ALMOST_CERTAIN = "almost_certain"
    """95 to 99 %."""


class EventStatus(StrEnum):
    """Whether the entry was checked against its source."""

    AS_SOURCED = "as_sourced"
    """The source says so."""
    NOT_VERIFIED = "not_verified"
    """Not confirmed on a page that could be read."""


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
    "resettled": "People brought in from another country under a resettlement programme",
    "refugees_present": "Refugees who live in a state at the end of the period (a stock, never added over time)",
    "asylum_pending": "People whose application is not decided at the end of the period (a stock)",
}
ALL_MEASURES = "ALL"
FLOW_MEASURES = (
    "detections",
    "prevented",
    "attempts",
    "detained",
    "arrivals",
    "admitted_humanitarian",
    "onward_detections",
    "asylum_applications",
)
"""Measures of people arriving or trying to: those in which a surge can be looked for. Deaths are no flow."""

ANSWERS: dict[str, tuple[str, ...]] = {
    "driver": ("seasonal_return", "conflict_displacement", "other_push", "diversion"),
    "opening": ("none", "private", "state_tolerated", "state_active"),
    "aim": ("not_shown", "commercial_or_domestic", "coercive"),
    "record": ("real", "reporting_artefact"),
}
"""The four questions of attribution and their answers, the plain one first."""

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
    "suppressed": "Left out of an export: a small count of a nationality, or one that would give it away",
    "low_confidence": "The source read carries the figure only in part, or calls it unreliable",
    "break": "The publisher marks a break in its series here",
    "definition_differs": "The publisher says that this reporter counts by another definition",
    "corrected": "The document has another number, which is an error: see data/corrections.yml",
    "revised": "The publisher marks the figure as revised",
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
