"""A replay of a case sees nothing from later."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterpoise.cases import Case, Event, known_case, list_cases, load_case
from counterpoise.impact.identifiability import group_responses
from tests.cases.builders import case, event, response

DAYS = st.dates(dt.date(2020, 1, 1), dt.date(2026, 12, 31))
BUNDLED = {name: load_case(name) for name in list_cases()}


@given(st.sampled_from(sorted(BUNDLED)), DAYS)
def test_nothing_known_carries_a_later_date(name: str, day: dt.date) -> None:
    known = known_case(BUNDLED[name], day)
    dates = [d for e in known.events for d in (e.date, e.end_date, e.first_known_on)]
    dates += [d for r in known.responses for d in (*r.days, r.first_known_on)]
    dates += [d for h in known.harms for d in (h.period_start, h.period_end)]
    dates += [d for p in known.phases for d in (p.start, p.end)]
    assert all(d is None or d <= day for d in dates)


@given(st.sampled_from(sorted(BUNDLED)), DAYS, DAYS)
def test_what_is_known_only_grows(name: str, one: dt.date, other: dt.date) -> None:
    early, late = (known_case(BUNDLED[name], day) for day in sorted((one, other)))
    assert {e.text for e in early.events} <= {e.text for e in late.events}
    assert {r.title for r in early.responses} <= {r.title for r in late.responses}
    whole = BUNDLED[name]
    for known in (early, late):
        assert len(known.events) + len(known.later_events) == len(whole.events)
        assert len(known.responses) + len(known.later_responses) == len(whole.responses)
        assert len(known.harms) + len(known.later_harms) == len(whole.harms)


def test_without_a_day_everything_is_known() -> None:
    for whole in BUNDLED.values():
        known = known_case(whole)
        assert sorted(known.events, key=str) == sorted(whole.events, key=str)
        assert not known.later_events


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, dt.date(2024, 2, 1)),
        ({"kind": "response_legal", "end_date": dt.date(2024, 5, 1)}, dt.date(2024, 2, 1)),
        ({"kind": "airline_or_visa", "end_date": dt.date(2024, 5, 1)}, dt.date(2024, 5, 1)),
        ({"precision": "month"}, dt.date(2024, 2, 29)),
        ({"precision": "year"}, dt.date(2024, 12, 31)),
        ({"known_on": dt.date(2024, 3, 7)}, dt.date(2024, 3, 7)),
    ],
)
def test_the_day_an_event_is_known(changes: dict[str, object], expected: dt.date) -> None:
    assert Event.model_validate(event(**changes)).first_known_on == expected


def test_an_end_not_yet_seen_is_blank() -> None:
    whole = case(
        events=(event(kind="response_legal", end_date=dt.date(2024, 5, 1)),),
        responses=(response(adopted_on=dt.date(2024, 2, 1), ended_on=dt.date(2024, 5, 1)),),
        phases=({"id": "one", "title": "One", "from": dt.date(2024, 1, 1), "to": dt.date(2024, 6, 1)},),
    )
    known = known_case(whole, dt.date(2024, 3, 1))
    assert known.events[0].end_date is None
    assert known.responses[0].ended_on is None
    assert known.phases[0].end is None
    assert whole.events[0].end_date == dt.date(2024, 5, 1), "the case itself is not changed"


def test_entries_come_in_the_order_of_their_dates() -> None:
    whole: Case = case(events=(event(date=dt.date(2024, 3, 1)), event(date=dt.date(2024, 1, 1))))
    assert [e.date.month for e in known_case(whole).events] == [1, 3]


def test_responses_are_numbered_alike_in_a_brief_and_in_an_evaluation() -> None:
    bundled = known_case(load_case("belarus-eu-2021"))
    named = [r for group in group_responses(bundled.responses) for r in group.responses]
    assert list(bundled.responses) == named


def test_a_work_is_completed_and_does_not_end() -> None:
    whole = case(responses=(response(adopted_on=dt.date(2024, 2, 1), completed_on=dt.date(2024, 5, 1)),))
    assert known_case(whole).responses[0].ended_on is None
    assert known_case(whole, dt.date(2024, 3, 1)).responses[0].completed_on is None, "not yet seen"
