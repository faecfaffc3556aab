"""The case model: what a case file may hold, field by field.

A case is the dated story of a border: who is named, where, when, which acts and responses, which harm was
counted, and the source of each. What one entry says about another (a source id, a corridor) is checked in
``references.py``; reading files and naming their lines is left to ``load.py``.
"""

import datetime as dt
from calendar import monthrange
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, field_validator, model_validator
from pydantic_core import PydanticCustomError

from counterpoise.observations.nationalities import is_nationality
from counterpoise.vocabulary import (
    ALL_NATIONALITIES,
    ANSWERS,
    MEASURES,
    Confidence,
    EventKind,
    EventStatus,
    FactKind,
    HarmKind,
    LabelStatus,
    Precision,
    ProbabilityWord,
    ResponseKind,
)

__all__ = [
    "NEVER_EVIDENCE",
    "PUBLIC_KINDS",
    "Actors",
    "AnalystItem",
    "Case",
    "Event",
    "Harm",
    "LeftOut",
    "Phase",
    "Response",
    "Source",
]

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(?:-[a-z0-9]+)*$", max_length=60)]
Day = Annotated[dt.date, Field(strict=True)]
SourceIds = Annotated[tuple[str, ...], Field(min_length=1)]

PUBLIC_KINDS = frozenset(
    {
        EventKind.STATEMENT_THREAT,
        EventKind.SANCTION,
        EventKind.COURT_OR_MONITOR,
        EventKind.PUBLIC_CLAIM,
        EventKind.PROPAGANDA,
        EventKind.DEESCALATION,
        EventKind.RESPONSE_BORDER,
        EventKind.RESPONSE_LEGAL,
        EventKind.RESPONSE_DIPLOMATIC,
        EventKind.RESPONSE_INFORMATION,
        EventKind.RESPONSE_SOLIDARITY,
    }
)
"""Kinds that are public on their date, also when what they began lasted longer."""


NEVER_EVIDENCE = frozenset({EventKind.OUTCOME, EventKind.PUBLIC_CLAIM, EventKind.PROPAGANDA})
_CONTRARY_FACTS = (
    (FactKind.CONTROL_ENDED, FactKind.HELD_BACK),
    (FactKind.LED_TO_LINE, FactKind.HELD_BACK),
    (FactKind.VISAS_EASED, FactKind.WAY_CLOSED),
)
"""Facts one act cannot show together: it stops people or lets them pass, it gives visas or refuses them."""
"""Kinds that no coded fact may rest on: counts, and what was said and not shown."""


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)


def _fault(text: str, hint: str) -> PydanticCustomError:
    return PydanticCustomError("counterpoise", "{text}", {"text": text, "hint": hint})


def _require_country(code: str) -> str:
    if code == ALL_NATIONALITIES or not is_nationality(code):
        raise _fault(
            f"{code!r} is not a country code", "write ISO 3166 alpha-3, e.g. IRQ, or UNK, XXA, XSS, XKX"
        )
    return code


class Source(_Part):
    """A page or document that carries entries of the case."""

    id: Slug
    """Short name by which entries refer to it."""
    title: Text
    """Title as the publisher gives it, or what was read."""
    publisher: Text | None = None
    """Who published it, if the title does not say."""
    url: Annotated[str, StringConstraints(pattern=r"^https?://\S+$")]
    """Address."""


class Actors(_Part):
    """States in the case, ISO 3166 alpha-3. Whom a case names is said by somebody: see asserted_by."""

    coercers: tuple[str, ...] = ()
    """States named as encouraging or facilitating the movement."""
    targets: tuple[str, ...] = Field(min_length=1)
    """States whose border it is."""
    hubs: tuple[str, ...] = ()
    """States people travelled through, or flew from."""

    @field_validator("coercers", "targets", "hubs")
    @classmethod
    def _countries(cls, codes: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(_require_country(code) for code in codes)


class LeftOut(_Part):
    """A nationality without which totals of the case are read, and why."""

    nationality: str
    """ISO 3166 alpha-3."""
    reason: Text
    """Why totals with it would say something else."""

    @field_validator("nationality")
    @classmethod
    def _country(cls, code: str) -> str:
        return _require_country(code)


class Phase(_Part):
    """A stretch of the case, for reading."""

    id: Slug
    """Short name."""
    title: Text
    """A few words."""
    start: Day = Field(alias="from")
    """First day, inclusive."""
    end: Day | None = Field(default=None, alias="to")
    """Last day, inclusive; left out while it lasts."""
    note: Text | None = None
    """What a reader must know of where it begins and ends."""

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.end is not None and self.end < self.start:
            raise _fault(f"ends {self.end}, before it begins {self.start}", "correct 'from' or 'to'")
        return self


class Event(_Part):
    """A dated event."""

    date: Day
    """Day it happened or began; the first of the month or year if that is all that is known."""
    end_date: Day | None = None
    """Last day, inclusive, if it lasted."""
    precision: Precision = Precision.DAY
    """How exactly the date is known."""
    known_on: Day | None = None
    """Day it could be known at the earliest; if left out: its date for public acts, else its end."""
    kind: EventKind
    """What it is."""
    actor: Text | None = None
    """Who did or said it; left out where nobody did."""
    target: Text | None = None
    """Whom it was aimed at or concerned."""
    text: Text
    """One sentence, as it could be written on the day it was known."""
    sources: SourceIds
    """Ids of the sources below."""
    confidence: Confidence
    """How far the source carries it."""
    status: EventStatus = EventStatus.AS_SOURCED
    """Whether the source says so."""
    claimed_by: Text | None = None
    """Who alone says so: a party to the dispute, or a voice that nobody else confirms."""
    facts: tuple[FactKind, ...] = ()
    """What the event shows for attribution, if anything; a count shows nothing of anybody's act."""
    group: Slug | None = None
    """Entries that repeat one report or one body have one group, and count once; if left out: their first source."""

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.end_date is not None and self.end_date < self.date:
            raise _fault(
                f"ends {self.end_date}, before it begins {self.date}", "correct 'date' or 'end_date'"
            )
        if self.known_on is not None and self.known_on < self.date:
            raise _fault(
                f"known on {self.known_on}, before its date {self.date}", "correct 'date' or 'known_on'"
            )
        if self.kind is EventKind.OUTCOME and self.actor is not None:
            raise _fault(
                "an outcome with an actor", "take 'actor' out: a count is not evidence of anybody's act"
            )
        if self.facts and self.kind in NEVER_EVIDENCE:
            raise _fault(
                f"facts on an entry of kind {self.kind}",
                "take 'facts' out: a count, or what was said and not shown, is no evidence of an act",
            )
        contrary = [pair for pair in _CONTRARY_FACTS if set(pair) <= set(self.facts)]
        if contrary:
            raise _fault(
                f"{' and '.join(contrary[0])} in one event, which contradict each other",
                "code the act that the source shows; two acts are two events",
            )
        return self

    @property
    def first_known_on(self) -> dt.date:
        """The day from which the event counts in a replay."""
        if self.known_on is not None:
            return self.known_on
        last = self.end_date if self.end_date and self.kind not in PUBLIC_KINDS else self.date
        if self.precision is Precision.YEAR:
            return last.replace(month=12, day=31)
        if self.precision is Precision.MONTH:
            return last.replace(day=monthrange(last.year, last.month)[1])
        return last


class Response(_Part):
    """What a state or body did in answer. Its claimed effect is a claim, not a measured effect."""

    title: Text
    """A few words."""
    country: Text
    """State or body."""
    kind: ResponseKind
    """What it is."""
    adopted_on: Day | None = None
    """Day of decision."""
    in_force_on: Day | None = None
    """First day in force."""
    applied_on: Day | None = None
    """First day it was used, if that is another."""
    completed_on: Day | None = None
    """Of a work that stays, such as a barrier: the day it was finished. It does not end the response."""
    ended_on: Day | None = None
    """Last day, inclusive; left out if not known or not ended."""
    known_on: Day | None = None
    """Day it could be known at the earliest, if it was not public on its first day."""
    what: Text
    """One sentence: what it changes."""
    rights_concern: Text | None = None
    """Which rights were said to be touched."""
    raised_by: tuple[Text, ...] = ()
    """By whom."""
    claimed_effect: Text | None = None
    """What somebody says it did."""
    claimed_by: Text | None = None
    """Who says so."""
    sources: SourceIds
    """Ids of the sources below."""
    confidence: Confidence
    """How far the source carries it."""

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if not self.days:
            raise _fault("no date", "give adopted_on, in_force_on, applied_on, completed_on or ended_on")
        if self.ended_on is not None and self.ended_on < self.days[0]:
            raise _fault(f"ended {self.ended_on}, before {self.days[0]}", "correct 'ended_on'")
        if (self.claimed_effect is None) != (self.claimed_by is None):
            raise _fault(
                "a claimed effect without a claimant, or the other way round",
                "give both claimed_effect and claimed_by, or neither",
            )
        return self

    @property
    def days(self) -> tuple[dt.date, ...]:
        """The days given, earliest first."""
        given = (self.adopted_on, self.in_force_on, self.applied_on, self.completed_on, self.ended_on)
        return tuple(sorted(day for day in given if day is not None))

    @property
    def begins_on(self) -> dt.date:
        """The day it could begin to act: applied, else in force, else adopted, else the first day given."""
        return self.applied_on or self.in_force_on or self.adopted_on or self.days[0]

    @property
    def first_known_on(self) -> dt.date:
        """The day from which the response counts in a replay: public acts are known on their date."""
        return self.known_on or self.days[0]


class Harm(_Part):
    """A published count of harm. Counts nest in each other (nested_in) and are never added up."""

    id: Slug
    """Short name by which narrower counts refer to it."""
    kind: HarmKind
    """What is counted."""
    value: Annotated[int, Field(ge=0)] | None = None
    """The count; left out if the source reports harm without one."""
    at_least: bool = False
    """Whether the source says 'at least' or 'more than'."""
    period_start: Day
    """First day counted."""
    period_end: Day
    """Last day counted, inclusive."""
    known_on: Day | None = None
    """Day it could be known at the earliest; if left out: period_end."""
    place: Text
    """Where."""
    corridor: str | None = None
    """Corridor id, if the count is of one border."""
    victim_group: Text = "people on the move"
    """Who was harmed."""
    nested_in: str | None = None
    """Id of the wider count that holds this one."""
    who_reported: Text
    """Who counted; an interested party is named as such."""
    note: Text | None = None
    """What a reader must know."""
    sources: SourceIds
    """Ids of the sources below."""
    confidence: Confidence
    """How far the source carries it."""

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.period_end < self.period_start:
            raise _fault(
                f"ends {self.period_end}, before it begins {self.period_start}",
                "correct 'period_start' or 'period_end'",
            )
        return self

    @property
    def first_known_on(self) -> dt.date:
        """The day from which the count counts in a replay."""
        return self.known_on or self.period_end


class AnalystItem(_Part):
    """A piece of evidence an analyst adds to attribution, with the reason why it counts."""

    id: Slug
    """Short name."""
    question: Literal["driver", "opening", "aim", "record"]
    """The question it speaks to."""
    statement: Text
    """What is known, in one sentence."""
    predicted: dict[str, ProbabilityWord] = Field(min_length=1)
    """Answer -> how probable this is under the answer; answers left out are 'even'."""
    reason: Text
    """Why it is so probable under each."""
    date: Day
    """Day it is about."""
    known_on: Day
    """Day it could be known at the earliest."""
    group: Slug | None = None
    """Entries that rest on one report have one group, and count once; if left out: the first source."""
    sources: SourceIds
    """Ids of the sources below."""
    confidence: Confidence
    """How far the source carries it."""

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.known_on < self.date:
            raise _fault(
                f"known on {self.known_on}, before its date {self.date}", "correct 'date' or 'known_on'"
            )
        unknown = [name for name in self.predicted if name not in ANSWERS[self.question]]
        if unknown:
            raise _fault(
                f"{', '.join(unknown)}, which is no answer to {self.question}",
                f"use {', '.join(ANSWERS[self.question])}",
            )
        if len({self.predicted.get(name, "even") for name in ANSWERS[self.question]}) == 1:
            raise _fault(
                "the same probability under every answer, which tells none from another",
                "change 'predicted', or take the entry out",
            )
        return self


class Case(_Part):
    """A case of (claimed) instrumentalisation, or a control to compare with."""

    id: Slug
    """Name of the case, also that of its file."""
    title: Text
    """A few words."""
    summary: Text
    """Three or four sentences a newcomer understands, with whose words the label is."""
    label_status: LabelStatus
    """How far the label is carried by sources."""
    asserted_by: tuple[Text, ...] = ()
    """Who says that it is instrumentalisation."""
    denied_by: tuple[Text, ...] = ()
    """Who denies it."""
    actors: Actors
    """States in the case."""
    corridors: tuple[str, ...] = Field(min_length=1)
    """Ids of the corridor registry, the most telling first."""
    leave_out: tuple[LeftOut, ...] = ()
    """Nationalities without which totals are read."""
    nationalities: tuple[str, ...] = ()
    """Nationalities to show, ISO 3166 alpha-3; a choice for reading, not a ranking."""
    measures: tuple[str, ...] = Field(min_length=1)
    """Measures to show beside each other."""
    phases: tuple[Phase, ...] = ()
    """Stretches, in order."""
    events: tuple[Event, ...] = ()
    """Dated events."""
    responses: tuple[Response, ...] = ()
    """What states and bodies did in answer."""
    harms: tuple[Harm, ...] = ()
    """Published counts of harm."""
    evidence: tuple[AnalystItem, ...] = ()
    """Evidence an analyst adds to attribution, beside the facts coded on events."""
    sources: tuple[Source, ...] = Field(min_length=1)
    """Every page or document the entries refer to."""

    @field_validator("nationalities")
    @classmethod
    def _countries(cls, codes: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(_require_country(code) for code in codes)

    @field_validator("measures")
    @classmethod
    def _known_measures(cls, measures: tuple[str, ...]) -> tuple[str, ...]:
        unknown = [measure for measure in measures if measure not in MEASURES]
        if unknown:
            raise _fault(f"unknown measures {', '.join(unknown)}", f"use {', '.join(MEASURES)}")
        return measures

    @model_validator(mode="after")
    def _label_and_coercer_agree(self) -> Self:
        control = self.label_status is LabelStatus.CONTROL
        if control and (self.actors.coercers or self.asserted_by):
            raise _fault(
                "a control that names a coercer, or somebody who asserts one",
                "take 'coercers' and 'asserted_by' out, or choose another label_status",
            )
        if not control and not (self.actors.coercers and self.asserted_by):
            raise _fault(
                f"label_status {self.label_status} without a coercer and somebody who asserts it",
                "fill in 'actors: coercers' and 'asserted_by', or choose label_status: control",
            )
        return self

    @property
    def left_out_codes(self) -> tuple[str, ...]:
        """The nationalities without which totals are read, e.g. ``("UKR",)``."""
        return tuple(item.nationality for item in self.leave_out)
