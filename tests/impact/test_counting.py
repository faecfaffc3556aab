"""Gaps in a series, and readings of counting rules that changed before."""

import numpy as np
import pytest

from counterpoise.impact.counting import check_counting_rules
from counterpoise.impact.options import EVALUATE_DEFAULTS
from counterpoise.impact.structural_time_series import Estimate, estimate_structural


def test_without_gaps_a_gap_free_answer_and_with_gaps_a_wider_one() -> None:
    generator = np.random.default_rng(1)
    y = 5 + np.cumsum(generator.normal(0, 0.2, 72))
    whole = estimate_structural(y, 60)
    holed = y.copy()
    holed[40:60:2] = np.nan
    gapped = estimate_structural(holed, 60)
    assert gapped.expected.shape == whole.expected.shape
    assert np.isfinite(gapped.expected).all()
    assert gapped.upper - gapped.lower > whole.upper - whole.lower


def test_a_month_without_a_figure_after_is_left_out_of_the_mean() -> None:
    y = np.full(60, 4.0)
    y[48:] = 6.0
    some = y.copy()
    some[50:] = np.nan
    assert estimate_structural(some, 48).estimate == pytest.approx(2.0, abs=0.2)


def _estimate(estimate: float, lower: float, upper: float) -> Estimate:
    return Estimate(estimate=estimate, lower=lower, upper=upper, expected=np.zeros(1))


@pytest.mark.parametrize(
    ("other", "status", "words"),
    [
        (_estimate(-1.0, -2.0, -0.1), "passed", "Neither"),
        (_estimate(-2.0, -3.0, -1.0), "failed", "size"),
        (_estimate(-0.9, -2.0, 0.1), "failed", "Whether there is a difference"),
    ],
)
def test_readings_that_differ_are_said_to(other: Estimate, status: str, words: str) -> None:
    check = check_counting_rules(
        _estimate(-1.1, -2.0, -0.2),
        np.zeros(30),
        24,
        (20,),
        estimate=lambda *_: other,
        options=EVALUATE_DEFAULTS,
    )
    assert check.status == status
    assert words in check.text
    assert check.table.height == 2, "four months since the change are too few for a third reading"


def test_no_change_no_question() -> None:
    check = check_counting_rules(
        _estimate(0, -1, 1),
        np.zeros(30),
        24,
        (),
        estimate=lambda *_: pytest.fail("nothing to refit"),
        options=EVALUATE_DEFAULTS,
    )
    assert check.status == "passed"
