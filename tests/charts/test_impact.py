"""Charts of effects and ledgers: what is drawn is what the result holds."""

import json
from typing import Any

import pytest

from counterpoise.cases import load_case
from counterpoise.charts.impact import chart_evaluation, describe_effect, drawn_effect
from counterpoise.charts.ledgers import chart_ledgers
from counterpoise.charts.save import chart_bytes
from counterpoise.errors import InputError
from counterpoise.impact import Evaluation, evaluate
from counterpoise.observations.archive import Archive
from counterpoise.observations.bundled import read_bundled


def evaluated(response: str) -> Evaluation:
    archive = Archive.from_batch(read_bundled())
    return evaluate(archive, case=load_case("belarus-eu-2021"), response=response, outcomes=("detections",))


@pytest.fixture(scope="module")
def barrier() -> Evaluation:
    return evaluated("r30")


@pytest.fixture(scope="module")
def november() -> Evaluation:
    return evaluated("r16")


def rows_of(chart: Any) -> list[dict[str, Any]]:
    """Return every row of data anywhere in a drawing."""
    found: list[dict[str, Any]] = []

    def walk(node: Any) -> None:
        if isinstance(node, str) and node.startswith("[{"):
            found.extend(json.loads(node))
        elif isinstance(node, dict):
            for part in node.values():
                walk(part)
        elif isinstance(node, list):
            for part in node:
                walk(part)

    walk(chart.to_dict())
    return found


def test_the_chart_holds_counts_counterfactual_and_every_response_of_the_time(barrier: Evaluation) -> None:
    rows = rows_of(chart_evaluation(barrier))
    effect = drawn_effect(barrier)
    counted = [row["observed"] for row in rows if row.get("observed") is not None]
    assert effect.pointwise["observed"][-1] in counted
    assert any(row.get("expected") for row in rows)
    labels = {row["label"] for row in rows if "label" in row}
    assert any("30" in label for label in labels)
    assert len(labels) > 1, "responses that are not of this effect are drawn too"


def test_placebos_stand_beside_the_estimate(barrier: Evaluation) -> None:
    rows = [row for row in rows_of(chart_evaluation(barrier)) if "here" in row]
    assert sum(row["here"] for row in rows) == 1
    assert len(rows) > 5


def test_joint_bounds_have_a_band_and_no_line_of_their_own(november: Evaluation) -> None:
    effect = drawn_effect(november)
    assert effect.status == "joint_bounds"
    rows = rows_of(chart_evaluation(november))
    assert any(row.get("upper") for row in rows)
    assert not any(row.get("expected") for row in rows)
    assert "no single factor" in describe_effect(effect)


def test_what_is_not_identifiable_is_not_drawn() -> None:
    with pytest.raises(InputError, match="--chart ledgers"):
        chart_evaluation(evaluated("r08"))


def test_the_timeline_has_rights_access_harm_and_law_of_what_is_shown() -> None:
    emergency = evaluated("r08")
    rows = [row for row in rows_of(chart_ledgers(emergency)) if "y" in row]
    text = " ".join(row["y"] for row in rows)
    for words in ("r08 Poland", "183 localities", "death: 116", "M.K. and Others"):
        assert words in text
    assert "balloons" not in text
    assert chart_bytes(chart_ledgers(emergency), ".svg").startswith(b"<svg")
