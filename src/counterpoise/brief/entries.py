"""The numbered lists: events, responses and reported harm, with who says so and on which page."""

from collections.abc import Sequence
from datetime import date

from counterpoise.brief.cite import Register
from counterpoise.brief.model import Entry, PhaseText
from counterpoise.brief.text import Part, Text, say, spoken_month
from counterpoise.cases.known import KnownCase
from counterpoise.cases.model import Case, Event, Harm, Response
from counterpoise.charts.timeline import Mark, PhaseBand
from counterpoise.observations.corridors import Corridor
from counterpoise.observations.nationalities import nationality_name
from counterpoise.observations.words import EVENT_WORDS, spoken_date
from counterpoise.vocabulary import Confidence, EventKind, EventStatus, Precision

__all__ = [
    "event_entries",
    "harm_entries",
    "marks_for",
    "marks_of_case",
    "not_yet_known",
    "phase_bands",
    "phase_texts",
    "response_entries",
]

EVENTS, RESPONSES = "Events", "Responses"
_TOWARDS_ANOTHER = frozenset(
    {
        EventKind.COERCER_ACTION,
        EventKind.STATEMENT_THREAT,
        EventKind.TRANSIT_FACILITATION,
        EventKind.AIRLINE_OR_VISA,
        EventKind.SANCTION,
        EventKind.DEESCALATION,
    }
)


def _day(day: date, precision: Precision = Precision.DAY) -> str:
    if precision is Precision.YEAR:
        return str(day.year)
    return spoken_month(day) if precision is Precision.MONTH else spoken_date(day)


def _span(start: date, end: date | None, precision: Precision = Precision.DAY) -> str:
    first = _day(start, precision)
    return first if end is None or _day(end, precision) == first else f"{first} to {_day(end, precision)}"


def _letters(n: int) -> str:
    return chr(ord("A") + n % 26)


def phase_bands(known: KnownCase) -> tuple[PhaseBand, ...]:
    """Return the phases as charts show them: A, B, C… in their order."""
    return tuple(
        PhaseBand(letter=_letters(i), name=p.title, start=p.start, end=p.end)
        for i, p in enumerate(known.phases)
    )


def phase_texts(known: KnownCase, *, replay: bool) -> tuple[PhaseText, ...]:
    """Return the phases in words; in a replay without the notes, which were written later."""
    return tuple(
        PhaseText(
            letter=_letters(i),
            title=p.title,
            span=_span(p.start, p.end) if p.end else f"from {spoken_date(p.start)}",
            note="" if replay or not p.note else p.note,
        )
        for i, p in enumerate(known.phases)
    )


def _sources(case: Case, ids: Sequence[str], register: Register) -> Text:
    pages = {source.id: source for source in case.sources}
    parts: list[Part] = []
    for i in ids:
        page = pages[i]
        parts.append(register.page(title=page.title, url=page.url, publisher=page.publisher or ""))
    return tuple(parts)


def _marks(confidence: Confidence, status: EventStatus | None = None) -> tuple[str, ...]:
    marks = []
    if confidence is Confidence.LOW:
        marks.append("low confidence: the page read carries it in part")
    if status is not None and status is not EventStatus.AS_SOURCED:
        marks.append("not verified")
    return tuple(marks)


def event_entries(known: KnownCase, register: Register) -> tuple[Entry, ...]:
    """Return the known events, numbered in the order in which they begin, as in ``evaluate``."""
    return tuple(
        Entry(
            row=EVENTS,
            number=i,
            when=_span(e.date, e.end_date, e.precision),
            kind=EVENT_WORDS.get(e.kind, str(e.kind).replace("_", " ")),
            who=_event_who(e),
            text=e.text,
            details=(),
            sources=_sources(known.case, e.sources, register),
            marks=_marks(e.confidence, e.status),
        )
        for i, e in enumerate(known.events, start=1)
    )


def _event_who(event: Event) -> str:
    """Return actor and target of an act towards another; else who acted, and of deaths and harm only the area.

    An area is no finding of guilt, and a response of a state is about its own border.
    """
    if event.kind is EventKind.DEATH_OR_HARM:
        return f"area of {event.actor}" if event.actor else ""
    if event.kind not in _TOWARDS_ANOTHER:
        return event.actor or ""
    return " → ".join(part for part in (event.actor, event.target) if part)


def response_entries(known: KnownCase, register: Register, *, replay: bool) -> tuple[Entry, ...]:
    """Return the known responses, numbered in the order in which they begin, as in ``evaluate``.

    In a replay only title and dates: what a response was said to do, and to whom, is not dated in a case file.
    """
    return tuple(
        Entry(
            row=RESPONSES,
            number=i,
            when=_response_dates(r),
            kind=str(r.kind).replace("_", " "),
            who=r.country,
            text=r.title if replay else f"{r.title}. {r.what}",
            details=() if replay else _response_details(r),
            sources=_sources(known.case, r.sources, register),
            marks=_marks(r.confidence),
        )
        for i, r in enumerate(known.responses, start=1)
    )


def _response_dates(response: Response) -> str:
    given = (
        ("decided", response.adopted_on),
        ("in force", response.in_force_on),
        ("applied", response.applied_on),
        ("completed", response.completed_on),
        ("ended", response.ended_on),
    )
    return "; ".join(f"{word} {spoken_date(day)}" for word, day in given if day is not None)


def _response_details(response: Response) -> tuple[tuple[str, str], ...]:
    details = []
    if response.rights_concern:
        by = f" (raised by {', '.join(response.raised_by)})" if response.raised_by else ""
        details.append(("Rights concern", f"{response.rights_concern}{by}"))
    if response.claimed_effect:
        details.append(("Said effect, not measured", f"{response.claimed_effect} ({response.claimed_by})"))
    return tuple(details)


def harm_entries(known: KnownCase, register: Register) -> tuple[Entry, ...]:
    """Return the known counts of harm; a count that lies within a wider one says so, and nothing is added."""
    numbers = {h.id: i for i, h in enumerate(known.harms, start=1)}
    return tuple(
        Entry(
            row="Harms",
            number=numbers[h.id],
            when=_span(h.period_start, h.period_end),
            kind=str(h.kind).replace("_", " "),
            who=h.who_reported,
            text=_harm_text(h),
            details=_harm_details(h, numbers),
            sources=_sources(known.case, h.sources, register),
            marks=_marks(h.confidence),
        )
        for h in known.harms
    )


def _harm_text(harm: Harm) -> str:
    count = "no count given" if harm.value is None else f"{harm.value:,}"
    least = "at least " if harm.at_least and harm.value is not None else ""
    return (
        f"{str(harm.kind).replace('_', ' ').capitalize()}: {least}{count}, {harm.victim_group}, {harm.place}."
    )


def _harm_details(harm: Harm, numbers: dict[str, int]) -> tuple[tuple[str, str], ...]:
    details = []
    if harm.nested_in in numbers:
        details.append(("Part of", f"count {numbers[harm.nested_in]} of this list; never add the two"))
    if harm.note:
        details.append(("Note", harm.note))
    return tuple(details)


def marks_for(events: Sequence[Event], responses: Sequence[Response]) -> tuple[Mark, ...]:
    """Return the numbered marks of a chart; a response stands where it was first decided or applied."""
    return (
        *(Mark(row=EVENTS, number=i, day=e.date) for i, e in enumerate(events, start=1)),
        *(Mark(row=RESPONSES, number=i, day=r.days[0]) for i, r in enumerate(responses, start=1)),
    )


def marks_of_case(known: KnownCase, corridors: Sequence[Corridor]) -> dict[str, tuple[Mark, ...]]:
    """Return, per national border, the marks that concern it.

    An entry concerns a border if it names the border's state, or names no target state of the case at all.
    """
    everything = marks_for(known.events, known.responses)
    names = {code: nationality_name(code) for code in known.case.actors.targets}
    texts = {
        **{
            (EVENTS, i): f"{e.actor or ''} {e.target or ''} {e.text}"
            for i, e in enumerate(known.events, start=1)
        },
        **{(RESPONSES, i): f"{r.country} {r.title}" for i, r in enumerate(known.responses, start=1)},
    }

    def concerns(mark: Mark, states: Sequence[str]) -> bool:
        named = {code for code, name in names.items() if name in texts[mark.row, mark.number]}
        return not named or bool(named & set(states))

    return {
        corridor.id: tuple(mark for mark in everything if concerns(mark, corridor.to_states))
        for corridor in corridors
        if corridor.kind == "border" and set(corridor.to_states) & set(names)
    }


def not_yet_known(known: KnownCase) -> Text:
    """Return how many entries of the case file are left out because they became known later; no details."""
    counts = (
        (len(known.later_events), "events"),
        (len(known.later_responses), "responses"),
        (len(known.later_harms), "counts of harm"),
    )
    listed = [
        f"{n} {word if n != 1 else word.replace('s', '', 1) if word == 'counts of harm' else word[:-1]}"
        for n, word in counts
        if n
    ]
    if not listed or known.as_of is None:
        return ()
    text = " and ".join([", ".join(listed[:-1]), listed[-1]]) if len(listed) > 1 else listed[0]
    return say(
        "{counts} of the case file became known only after {day} and are left out here.",
        counts=text,
        day=spoken_date(known.as_of),
    )
