"""Counts side by side: what the same months look like in each, and when the sign depends on the count."""

from datetime import date

import numpy as np
import pytest

from counterpoise.cases import load_case
from counterpoise.cases.model import Response
from counterpoise.impact import evaluate
from counterpoise.impact.families import Family, families_of
from counterpoise.impact.identifiability import Group, group_responses
from counterpoise.impact.outcomes import Series
from counterpoise.observations.archive import Archive
from counterpoise.observations.bundled import read_bundled


def told(groups: list[Group], counts: tuple[Series, ...]) -> tuple[Family, ...]:
    return families_of(groups, counts, Archive.from_batch(read_bundled()).as_of(None).corridors)


def series(outcome: str, values: list[float], corridor: str = "BY-PL") -> Series:
    starts = tuple(date(2021 + i // 12, i % 12 + 1, 1) for i in range(len(values)))
    ends = tuple(date(2021 + (i + 1) // 12, (i + 1) % 12 + 1, 1) for i in range(len(values)))
    return Series(
        dataset="mine",
        corridor=corridor,
        nationality="TOTAL",
        outcome=outcome,
        starts=starts,
        ends=tuple(date.fromordinal(end.toordinal() - 1) for end in ends),
        values=np.array(values),
    )


@pytest.fixture
def group() -> list:  # type: ignore[type-arg]
    response = Response.model_validate(
        {
            "title": "Order",
            "country": "Poland",
            "kind": "turn_back_law",
            "in_force_on": date(2021, 4, 1),
            "what": "…",
            "sources": ("a",),
            "confidence": "high",
        }
    )
    return list(group_responses((response,)))


def test_counts_that_move_apart_make_the_sign_depend_on_the_count(group: list) -> None:  # type: ignore[type-arg]
    (family,) = told(
        group, (series("detections", [9, 9, 90, 5, 4]), series("attempts", [9, 9, 90, 300, 400]))
    )
    assert family.depends_on_count == "yes"
    assert (
        "detections on the border of Poland with Belarus fell from 90 (Mar 2021) to 4 (May 2021)"
        in family.text
    )


def test_counts_that_move_together_do_not(group: list) -> None:  # type: ignore[type-arg]
    (family,) = told(group, (series("detections", [9, 9, 90, 5, 4]), series("attempts", [9, 9, 90, 80, 10])))
    assert family.depends_on_count == "no"


def test_a_month_without_a_figure_is_no_zero(group: list) -> None:  # type: ignore[type-arg]
    (family,) = told(group, (series("detections", [9, 9, float("nan"), float("nan"), 4]),))
    assert [value for _, value in family.movements[0].figures] == [9, 4]
    assert family.depends_on_count == "unknown"


def test_stopped_and_found_give_a_bound_for_the_month_and_no_series(group: list) -> None:  # type: ignore[type-arg]
    nan = float("nan")
    (family,) = told(group, (series("detained", [9, 9, 9, 100]), series("prevented", [nan, nan, nan, 250])))
    assert [(b["lower"], b["upper"]) for b in family.bounds] == [(250, 350)]
    assert {m.outcome for m in family.movements} == {"detained", "prevented"}


def test_august_2021_onward_detections_rose_while_detections_fell() -> None:
    result = evaluate(
        Archive.from_batch(read_bundled()),
        case=load_case("belarus-eu-2021"),
        outcomes=("detections", "attempts", "onward_detections"),
    )
    august = next(f for f in result.families if "r03" in f.responses)
    ways = {(m.outcome, m.direction) for m in august.movements}
    assert {("detections", "fell"), ("onward_detections", "rose"), ("attempts", "rose")} <= ways
    assert august.depends_on_count == "yes"
