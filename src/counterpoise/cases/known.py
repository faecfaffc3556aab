"""What of a case was known on a day: no event, response or count from later, and no later date in those kept.

Public acts are known on their date; flights and visas over a stretch at its end; counts when their period is
over; unless the case file says ``known_on``. What comes later is listed as not yet known, never mixed in.
"""

from dataclasses import dataclass
from datetime import date

from counterpoise.cases.model import AnalystItem, Case, Event, Harm, Phase, Response

__all__ = ["KnownCase", "known_case"]


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownCase:
    """A case as it stood on ``as_of``; entries in the order of their dates.

    Parameters
    ----------
    as_of
        The day of replay, inclusive; None: everything in the file.
    later_events, later_responses, later_harms, later_evidence
        Entries of the file that were not yet known.
    """

    case: Case
    as_of: date | None
    phases: tuple[Phase, ...]
    events: tuple[Event, ...]
    responses: tuple[Response, ...]
    harms: tuple[Harm, ...]
    later_events: tuple[Event, ...]
    later_responses: tuple[Response, ...]
    later_harms: tuple[Harm, ...]
    evidence: tuple[AnalystItem, ...]
    later_evidence: tuple[AnalystItem, ...]


def known_case(case: Case, as_of: date | None = None) -> KnownCase:
    """Return what of ``case`` was known on ``as_of``; with None all of it.

    A date later than ``as_of`` in an entry that was known (the end of an emergency, say) is blanked: that it
    would end then was not yet seen.
    """
    day = as_of or date.max
    events = sorted(case.events, key=lambda e: (e.date, e.first_known_on, e.text))
    responses = sorted(case.responses, key=lambda r: (r.begins_on, r.country, r.title))
    harms = sorted(case.harms, key=lambda h: (h.period_start, h.period_end, h.id))
    return KnownCase(
        case=case,
        as_of=as_of,
        phases=tuple(p.model_copy(update={"end": _seen(p.end, day)}) for p in case.phases if p.start <= day),
        events=tuple(
            e.model_copy(update={"end_date": _seen(e.end_date, day)})
            for e in events
            if e.first_known_on <= day
        ),
        responses=tuple(_response_seen(r, day) for r in responses if r.first_known_on <= day),
        harms=tuple(h for h in harms if h.first_known_on <= day),
        later_events=tuple(e for e in events if e.first_known_on > day),
        later_responses=tuple(r for r in responses if r.first_known_on > day),
        later_harms=tuple(h for h in harms if h.first_known_on > day),
        evidence=tuple(e for e in case.evidence if e.known_on <= day),
        later_evidence=tuple(e for e in case.evidence if e.known_on > day),
    )


def _seen(day: date | None, as_of: date) -> date | None:
    return day if day is not None and day <= as_of else None


def _response_seen(response: Response, as_of: date) -> Response:
    names = ("adopted_on", "in_force_on", "applied_on", "completed_on", "ended_on")
    return response.model_copy(update={name: _seen(getattr(response, name), as_of) for name in names})
