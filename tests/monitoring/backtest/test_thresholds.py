import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterpoise.errors import InputError
from counterpoise.monitoring.backtest.thresholds import Rate, choose_threshold, events, parse_rate
from tests.monitoring.backtest.builders import DECADE, PERCENT


@pytest.mark.parametrize(
    ("text", "label"),
    [("0.5", "0.5/decade"), ("1/decade", "1/decade"), ("1%", "1%/month"), ("2.5%/month", "2.5%/month")],
)
def test_a_rate_is_read_as_it_is_written(text: str, label: str) -> None:
    assert parse_rate(text).label == label


@pytest.mark.parametrize("text", ["", "0", "-1", "half", "1 per decade", "100%", "1%/decade"])
def test_other_rates_are_refused(text: str) -> None:
    with pytest.raises(InputError) as raised:
        parse_rate(text)
    assert raised.value.where == "--rate"


def test_an_episode_begins_after_three_quiet_months() -> None:
    alarm = np.array([[1, 1, 0, 0, 1, 0, 0, 0, 1, 0]], dtype=bool)
    begun = events(alarm, DECADE)
    assert np.flatnonzero(begun).tolist() == [0, 8]
    assert events(alarm, PERCENT).sum() == 4


def test_training_realises_the_stated_number_exactly() -> None:
    scores = np.random.default_rng(0).normal(size=(40, 150))
    for rate in (Rate(value=0.5, per="decade"), DECADE, PERCENT):
        threshold = choose_threshold(scores, rate, start=30, stop=150, n_series_months=40 * 120)
        realised = events(scores > threshold, rate)[:, 30:].sum()
        assert realised == rate.allowed(40 * 120) > 0


def test_alarms_before_the_months_counted_count_as_recent() -> None:
    scores = np.zeros((1, 40))
    scores[0, 9], scores[0, 10], scores[0, 30] = 5.0, 4.0, 3.0
    threshold = choose_threshold(scores, Rate(value=4.0, per="decade"), start=10, stop=40, n_series_months=30)
    assert threshold == 0.0  # the month before is the first of its episode, so only column 30 begins one
    assert events(scores > threshold, DECADE)[:, 10:].sum() == 1


@given(
    st.lists(
        st.lists(st.integers(0, 6) | st.none(), min_size=30, max_size=30),
        min_size=1,
        max_size=4,
    ),
    st.sampled_from([DECADE, PERCENT, Rate(value=6.0, per="decade"), Rate(value=20.0, per="month")]),
)
def test_no_rate_is_exceeded_and_gaps_raise_no_alarm(rows: list[list[int | None]], rate: Rate) -> None:
    scores = np.array([[np.nan if x is None else x for x in row] for row in rows], dtype=np.float64)
    threshold = choose_threshold(scores, rate, start=5, stop=30, n_series_months=len(rows) * 25)
    assert events(scores > threshold, rate)[:, 5:].sum() <= rate.allowed(len(rows) * 25)


def test_a_detector_that_never_judges_has_no_threshold_to_speak_of() -> None:
    assert (
        choose_threshold(np.full((3, 50), np.nan), DECADE, start=10, stop=50, n_series_months=120) == -np.inf
    )


def test_equal_scores_are_not_lowered_through() -> None:
    scores = np.zeros((10, 120))
    scores[3, 50] = 2.0
    assert choose_threshold(scores, DECADE, start=0, stop=120, n_series_months=1200) == 0.0
