"""Charts of the scenario stage: what is drawn is what was found, and every chart can be written."""

import json

import pytest

from counterpoise.charts.save import chart_bytes
from counterpoise.charts.scenarios import (
    HEADLINE_LABELS,
    chart_parallel,
    chart_regret,
    chart_trade_off,
    standing_of,
)
from counterpoise.charts.scenarios_failures import chart_failures, chart_trajectories
from counterpoise.errors import AnalysisError, InputError
from counterpoise.scenarios import ExploreOptions, explore, load_policies, load_world
from counterpoise.scenarios.robustness import HEADLINE
from counterpoise.scenarios.trajectories import simulate_trajectories

WORLD = load_world("belarus-eu-2021")
RESULT = explore(WORLD, options=ExploreOptions(runs=256))


def texts(chart) -> str:
    return json.dumps(chart.to_dict(), ensure_ascii=False).replace('", "', " ")  # titles are in lines


def test_every_headline_outcome_has_a_name() -> None:
    assert tuple(HEADLINE_LABELS) == HEADLINE


@pytest.mark.parametrize("draw", [chart_trade_off, chart_regret, chart_parallel, chart_failures])
def test_a_chart_can_be_written_and_says_that_it_is_no_forecast(draw) -> None:
    chart = draw(RESULT)
    assert "no forecast" in texts(chart)
    assert chart_bytes(chart, ".svg").startswith(b"<svg")


def test_screened_out_policies_are_drawn_apart() -> None:
    standings = {p.name: standing_of(RESULT, p) for p in RESULT.policies}
    assert standings["turn-back-unassessed"] == "screened out"
    assert {name for name, s in standings.items() if s == "holds up"} == set(RESULT.recommended)
    drawn = chart_regret(RESULT).to_dict()["vconcat"][0]["vconcat"]
    assert [part["title"]["text"] for part in drawn] == ["Holds up", "Admissible", "Screened out"]


def test_only_headline_outcomes_are_set_against_each_other() -> None:
    with pytest.raises(InputError):
        chart_trade_off(RESULT, x="entries")


def test_without_failures_there_is_nothing_to_draw() -> None:
    only = [p for p in load_policies() if p.name == "no-response"]
    with pytest.raises(AnalysisError):
        chart_failures(explore(WORLD, policies=only, options=ExploreOptions(runs=64)))


def test_trajectories_stand_beside_published_months() -> None:
    course = simulate_trajectories(WORLD, options=ExploreOptions(runs=128, futures="calibrated"))
    months = course.months
    assert (months["p10"] <= months["median"]).all()
    assert (months["median"] <= months["p90"]).all()
    october = course.published.filter(series="attempts_1")
    assert 17447 in october["value"].to_list()
    ratio = course.published.filter(series="detections").sort("period_start")
    assert ratio["value"].to_list() == [3200, 600]  # both months of the ratio that was fitted to
    assert set(course.published["use"]) == {"fit", "check"}
    svg = chart_bytes(chart_trajectories(course), ".svg").decode()
    assert "took no part" in svg


def test_a_world_without_history_has_no_course_in_fact() -> None:
    with pytest.raises(InputError):
        simulate_trajectories(WORLD.model_copy(update={"id": "mine"}))
