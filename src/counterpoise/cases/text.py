"""A case as lines of plain text for a terminal."""

import textwrap
from collections.abc import Iterator

from counterpoise.cases.known import KnownCase
from counterpoise.cases.model import Event, Harm, Response
from counterpoise.observations.nationalities import nationality_name
from counterpoise.vocabulary import Confidence, Precision

__all__ = ["case_lines"]


def case_lines(known: KnownCase) -> Iterator[str]:
    """Yield the case line by line; events and responses numbered in the order of their dates."""
    case = known.case
    yield f"{case.title} ({case.id})"
    yield from _filled(case.summary)
    yield ""
    said = _named("; asserted by", case.asserted_by) + _named("; denied by", case.denied_by)
    yield f"Label:      {case.label_status}{said}"
    for label, codes in (
        ("Coercer", case.actors.coercers),
        ("Target", case.actors.targets),
        ("Hubs", case.actors.hubs),
    ):
        if codes:
            yield f"{label + ':':<11} {', '.join(nationality_name(code) for code in codes)}"
    yield f"Corridors:  {', '.join(case.corridors)}"
    for item in case.leave_out:
        yield from _filled(f"Totals without {nationality_name(item.nationality)}: {item.reason}")
    for phase in known.phases:
        yield f"Phase:      {phase.start} to {phase.end or '…'}  {phase.title}"
    yield from _section("Events", [_event(event) for event in known.events])
    yield from _section("Responses", [_response(response) for response in known.responses])
    yield from _section("Harms (they nest and are never added)", [_harm(harm) for harm in known.harms])
    n_later = len(known.later_events) + len(known.later_responses) + len(known.later_harms)
    if known.as_of is not None:
        yield ""
        yield f"As of {known.as_of}; {n_later} entries of the file were not yet known."


def _named(words: str, names: tuple[str, ...]) -> str:
    return f"{words} {', '.join(names)}" if names else ""


def _filled(text: str, indent: str = "  ") -> list[str]:
    return textwrap.wrap(
        text, width=100, initial_indent=indent, subsequent_indent=indent, break_on_hyphens=False
    )


def _section(title: str, entries: list[str]) -> Iterator[str]:
    if not entries:
        return
    yield ""
    yield title
    for number, entry in enumerate(entries, start=1):
        lines = textwrap.wrap(
            entry,
            width=100,
            initial_indent=f"{number:>4}  ",
            subsequent_indent=" " * 6,
            break_on_hyphens=False,
        )
        yield from lines


def _mark(confidence: Confidence) -> str:
    return "" if confidence is Confidence.HIGH else f" [{confidence} confidence]"


def _event(event: Event) -> str:
    day = {Precision.DAY: 10, Precision.MONTH: 7, Precision.YEAR: 4}[event.precision]
    span = event.date.isoformat()[:day] + (f" to {event.end_date}" if event.end_date else "")
    who = f"{event.actor}: " if event.actor else ""
    return f"{span}  {event.kind}  {who}{event.text}{_mark(event.confidence)} ({', '.join(event.sources)})"


def _response(response: Response) -> str:
    until = f" to {response.ended_on}" if response.ended_on else ""
    until += f", completed {response.completed_on}" if response.completed_on else ""
    start = response.in_force_on or response.begins_on
    claim = f" Claimed: {response.claimed_effect} ({response.claimed_by})." if response.claimed_effect else ""
    concern = f" Rights: {response.rights_concern}." if response.rights_concern else ""
    return (
        f"{start}{until}  {response.kind}  {response.country}: {response.title}. {response.what}{claim}{concern}"
        f"{_mark(response.confidence)} ({', '.join(response.sources)})"
    )


def _harm(harm: Harm) -> str:
    value = "no count" if harm.value is None else f"{'at least ' if harm.at_least else ''}{harm.value:,}"
    inside = f", within {harm.nested_in}" if harm.nested_in else ""
    return (
        f"{harm.period_start} to {harm.period_end}  {harm.kind}  {value} {harm.victim_group}, {harm.place}, "
        f"by {harm.who_reported}{inside}{_mark(harm.confidence)} ({', '.join(harm.sources)})"
    )
