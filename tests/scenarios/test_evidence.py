"""What evaluate and attribute found, beside the model: effects rule futures out, open answers are told apart."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from counterpoise.errors import AnalysisError, InputError
from counterpoise.scenarios import ExploreOptions, explore
from counterpoise.scenarios.design import sample_scenarios
from counterpoise.scenarios.evidence import consistent_futures, open_answers, read_answer
from counterpoise.scenarios.parameters import PARAMETERS
from counterpoise.scenarios.worlds import load_world

WORLD = load_world("belarus-eu-2021")
N = 400
FUTURES = sample_scenarios(WORLD, N, design="latin_hypercube", seed=3)
MONTHS = [
    {"period_start": "2021-11-01", "period_end": "2021-11-30"},
    {"period_start": "2021-12-01", "period_end": "2021-12-31"},
]
CLOSED = {"response": "r15", "kind": "airline_pressure", "begins_on": "2021-11-12"}


def evaluation(lower: float, upper: float) -> dict[str, Any]:
    effect = {
        "responses": ["r15"],
        "corridor": "eastern-borders",
        "nationality": "TOTAL-UKR",
        "outcome": "detections",
        "lower": lower,
        "upper": upper,
        "pointwise": MONTHS,
    }
    return {"stage": "evaluate", "result_id": "evaluate-1", "rights": [CLOSED], "effects": [effect]}


def test_futures_outside_the_bounds_of_an_effect_take_no_part() -> None:
    every, (row,) = consistent_futures(WORLD, FUTURES, evaluation(-9.0, 9.0), seed=1)
    assert every.all()
    assert row.levers == ("hub_closure",)
    assert row.p10 < row.median < 1  # carriers that stop bring counts down, in the model too
    half, (row,) = consistent_futures(WORLD, FUTURES, evaluation(-9.0, float(np.log(row.median))), seed=1)
    assert half.mean() == pytest.approx(0.5, abs=0.01)
    assert row.kept_share == half.mean()
    options = ExploreOptions(runs=N)
    result = explore(WORLD, options=options, seed=1, impact=evaluation(-9.0, float(np.log(row.median))))
    assert result.n_runs == result.outcomes.shape[2] < N
    assert result.provenance.upstream == ("evaluate-1",)
    assert f"In {result.n_runs:,} of {N} futures" in next(
        c.text for c in result.checks if c.name == "effects_as_estimated"
    )


@pytest.mark.parametrize(
    "changes",
    [
        {"corridor": "RU-FI"},
        {"corridor": "BY-LT-none"},
        {"outcome": "asylum_applications"},
        {"nationality": "IRQ"},
        {"responses": ["r99"]},
        {"pointwise": [{"period_start": "2021-05-01", "period_end": "2021-05-31"}]},
        {"lower": None, "upper": None},
    ],
)
def test_an_effect_the_model_does_not_have_rules_nothing_out(changes: dict[str, Any]) -> None:
    given = evaluation(5.0, 6.0)
    given["effects"][0] |= changes
    keep, rows = consistent_futures(WORLD, FUTURES[:, :16], given, seed=1)
    assert keep.all()
    assert rows == ()


def test_an_effect_no_future_gives_is_said() -> None:
    with pytest.raises(AnalysisError) as raised:
        consistent_futures(WORLD, FUTURES, evaluation(5.0, 6.0), seed=1)
    assert f"0 of {N}" in raised.value.found


def attribution() -> dict[str, Any]:
    def row(name: str, lower: float, upper: float) -> dict[str, Any]:
        return {"name": name, "log_lr_lower": lower, "log_lr_upper": upper}

    return {
        "stage": "attribute",
        "result_id": "attribute-1",
        "questions": {
            "opening": [
                row("none", 0, 0), row("private", -2, 2), row("state_tolerated", 0, 6), row("state_active", 1, 7)
            ],
            "aim": [row("not_shown", 0, 0), row("commercial_or_domestic", 0, 0), row("coercive", 0.7, 2.2)],
        },
        "odds": [
            {"question": "opening", "a": "state_active", "b": "private", "lower": 1.0, "upper": 5.9},
            {"question": "opening", "a": "private", "b": "none", "lower": -2.0, "upper": 2.0},
            {"question": "aim", "a": "not_shown", "b": "coercive", "lower": -2.2, "upper": -0.7},
        ],
    }  # fmt: skip


def test_answers_that_are_behind_stand_for_nothing_and_others_for_their_futures() -> None:
    answers = {(a.question, a.answer): a.among for a in open_answers(FUTURES, attribution())}
    assert list(answers) == [
        ("opening", "none"),
        ("opening", "state_tolerated"),
        ("opening", "state_active"),
        ("aim", "commercial_or_domestic"),
        ("aim", "coercive"),
    ]
    assert answers["opening", "none"] is None  # the model has a coercer in every future
    tolerated, active = answers["opening", "state_tolerated"], answers["opening", "state_active"]
    assert tolerated is not None
    assert active is not None
    np.testing.assert_array_equal(tolerated, FUTURES[list(PARAMETERS).index("strategy")] == 4)
    np.testing.assert_array_equal(tolerated, ~active)
    result = explore(WORLD, options=ExploreOptions(runs=N), attribution=attribution())
    said = {row["answer"]: row for row in result.evidence["answers"]}
    assert said["none"]["recommended"] is None
    assert said["state_active"]["n_runs"] + said["state_tolerated"]["n_runs"] == N
    assert "turn-back-unassessed" not in said["state_active"]["recommended"]


def test_a_file_of_another_stage_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "answer.json"
    for text, found in (("no JSON", "something else"), (json.dumps({"stage": "detect"}), "'detect'")):
        path.write_text(text)
        with pytest.raises(InputError) as raised:
            read_answer(path, "evaluate")
        assert found in raised.value.found
    path.write_text(json.dumps(attribution()))
    assert read_answer(path, "attribute")["result_id"] == "attribute-1"
