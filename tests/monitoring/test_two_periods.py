"""Two periods judged together: the probability is right, and one high month does not alarm the month after it."""

import numpy as np

from counterpoise.monitoring.dynamic_count import Forecasts, forecast_counts
from counterpoise.monitoring.options import DETECT_DEFAULTS
from counterpoise.monitoring.two_periods import HIGH_BY_ITSELF, two_period_surprise


def test_the_product_of_two_uniform_tails_is_as_rare_as_is_said() -> None:
    tails = np.random.default_rng(3).random((2, 100_000))
    p = (
        10.0
        ** -two_period_surprise(np.column_stack([tails[0]] * 2), np.column_stack([tails[1]] * 2), high=1.0)[
            :, 1
        ]
    )
    for share in (0.5, 0.1, 0.01):
        assert abs((p <= share).mean() - share) < 3 * np.sqrt(share / 100_000)


def test_a_month_that_is_not_high_itself_is_not_alarmed_for_the_one_before() -> None:
    tail, ahead = np.array([[1e-9, 0.4]]), np.array([[1e-9, 0.5]])
    assert two_period_surprise(tail, ahead)[0, 1] == -np.log10(0.4)
    ahead[0, 1] = HIGH_BY_ITSELF
    assert two_period_surprise(tail, ahead)[0, 1] > 8


def test_where_the_month_before_is_not_published_the_month_counts_by_itself() -> None:
    surprise = two_period_surprise(np.array([[np.nan, 0.01]]), np.array([[np.nan, 0.02]]))
    assert np.isnan(surprise[0, 0])
    assert surprise[0, 1] == 2.0


def test_the_forecast_two_months_ahead_is_that_of_a_month_that_was_not_published() -> None:
    counts = np.random.default_rng(5).poisson(40.0, (3, 40)).astype(float)
    nothing = np.zeros(counts.shape, dtype=bool)

    def run(values: np.ndarray, *, two_ahead: bool) -> Forecasts:
        return forecast_counts(
            values, breaks=nothing, unsettled=nothing, options=DETECT_DEFAULTS, two_ahead=two_ahead
        )

    ahead = run(counts, two_ahead=True).tail_ahead
    assert ahead is not None
    gap = counts.copy()
    gap[:, 38] = np.nan
    np.testing.assert_allclose(ahead[:, 39], run(gap, two_ahead=False).tail_probability[:, 39], rtol=1e-9)
    assert run(counts, two_ahead=False).tail_ahead is None
