"""The scenario model's skill table is what the committed futures and code give."""

import csv

import numpy as np

from benchmarks.skill.scenarios import FIT, HELD_OUT, HERE, pattern_rows, predicted, shape_rows


def test_the_tables_are_those_of_the_futures_kept() -> None:
    series, rows = {}, []
    for case in (FIT, HELD_OUT):
        series[case], values = predicted(case)
        rows += pattern_rows(case, values)
    with (HERE / "scenarios_patterns.csv").open(newline="") as file:
        assert [[str(x) for x in row] for row in rows] == list(csv.reader(file))[1:]
    with (HERE / "scenarios_shape.csv").open(newline="") as file:
        assert [[str(x) for x in row] for row in shape_rows(series)] == list(csv.reader(file))[1:]


def test_what_the_page_says_of_the_calibration_holds() -> None:
    with (HERE / "scenarios_shape.csv").open(newline="") as file:
        held = {row["statement"]: float(row["share_of_futures"]) for row in csv.DictReader(file)}
    assert held["month within one and height within a factor 1.5"] > 0.75
    assert held["July to October: detections fall while attempts and onward detections rise"] > 0.95
    assert held["attempts in December are under a third of October"] > 0.95
    assert np.isfinite(list(held.values())).all()


def test_what_the_page_says_of_what_the_figures_inform_holds() -> None:
    with (HERE / "scenarios_identifiability.csv").open(newline="") as file:
        calls = {row["uncertainty"]: row["informed"] for row in csv.DictReader(file)}
    assert sum(informed == "4 of 4" for informed in calls.values()) == 10
    assert sum(informed in {"3 of 4", "4 of 4"} for informed in calls.values()) == 24
    assert not [
        n for n, informed in calls.items() if n.endswith("_gain") and informed in {"3 of 4", "4 of 4"}
    ]
