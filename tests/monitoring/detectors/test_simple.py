"""Detectors short enough to be worked out by hand."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterpoise.monitoring.detectors import Ears, RollingMaximum, YearOnYear


def test_year_on_year_is_the_log_ratio_with_ten_added() -> None:
    values = np.array([[90.0, *[0.0] * 11, 190.0, 0.0]])
    score = YearOnYear().score(values, first_month=1)
    assert np.isnan(score[0, :12]).all()
    np.testing.assert_allclose(score[0, 12:], [np.log(2), 0.0], atol=1e-12)


@given(st.lists(st.integers(0, 6), min_size=13, max_size=40))
def test_rolling_maximum_alerts_exactly_where_the_rule_does(counts: list[int]) -> None:
    values = np.array([counts], dtype=float)
    score = RollingMaximum(minimum=3.0).score(values, first_month=1)[0]
    for t in range(12, len(counts)):
        assert (score[t] >= 0) == (counts[t] >= max(counts[t - 12 : t + 1]) and counts[t] >= 3)


def test_rolling_maximum_has_no_answer_across_a_gap() -> None:
    values = np.ones((1, 60))
    values[0, 20] = np.nan
    one, three = (RollingMaximum(years=years).score(values, first_month=1)[0] for years in (1, 3))
    assert np.flatnonzero(np.isfinite(one)).tolist() == [*range(12, 20), *range(33, 60)]
    assert np.flatnonzero(np.isfinite(three)).tolist() == [*range(57, 60)]


def test_ears_on_a_hand_worked_series() -> None:
    values = np.array([[1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 4.0, 4.0, 10.0, 12.0, 4.0]])
    sd = np.std([1, 2, 3, 4, 5, 6, 7], ddof=1)
    c1 = Ears(method="C1").score(values, first_month=1)[0]
    c2 = Ears(method="C2").score(values, first_month=1)[0]
    c3 = Ears(method="C3").score(values, first_month=1)[0]
    assert c1[7] == pytest.approx(0.0)
    assert c2[9] == pytest.approx(6.0 / sd)
    assert np.isnan(c1[:7]).all()
    assert np.isnan(c2[:9]).all()
    assert np.isnan(c3[:11]).all()
    assert c3[11] == pytest.approx(np.maximum(0, c2[9:12] - 1).sum())
