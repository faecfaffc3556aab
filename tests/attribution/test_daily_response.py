"""Daily figures around dated acts: found where flows turn on and off, not where nothing has to do with anything."""

import numpy as np
import pytest

from benchmarks.skill.attribution_coincidence import DAILY_DESIGNS, daily_sizes
from counterpoise.attribution.indicators.daily_response import DAYS, contrasts, measure_daily_response

N_DAYS = 200


def _flow(on: list[tuple[int, int]], seed: int = 1) -> np.ndarray:
    rate = np.full(N_DAYS, 4.0)
    for start, end in on:
        rate[start:end] = 80.0
    return np.random.default_rng(seed).poisson(rate).astype(float)[None]


def test_a_flow_that_starts_and_stops_with_the_acts_is_found() -> None:
    counts = _flow([(40, 80), (120, 160)])
    found = measure_daily_response(counts, [40, 80, 120, 160], [1, -1, 1, -1])
    assert found is not None
    assert found.factor > 5
    assert found.p_value < 0.03
    assert found.n_acts == 4


def test_the_opposite_of_what_was_declared_is_no_evidence() -> None:
    found = measure_daily_response(_flow([(40, 80), (120, 160)]), [40, 80, 120, 160], [-1, 1, -1, 1])
    assert found is not None
    assert found.factor < 1
    assert found.p_value > 0.9


def test_days_without_a_figure_are_unknown_and_too_few_say_nothing() -> None:
    counts = _flow([(40, 80), (120, 160)])
    thin = counts.copy()
    thin[0, np.random.default_rng(2).random(N_DAYS) > 0.4] = np.nan
    found = measure_daily_response(thin, [40, 80, 120, 160], [1, -1, 1, -1])
    assert found is not None
    assert found.p_value < 0.05
    empty = np.full_like(counts, np.nan)
    empty[0, :10] = 5.0
    assert measure_daily_response(empty, [40, 80], [1, -1]) is None
    assert measure_daily_response(counts, [40], [1]) is None
    assert measure_daily_response(counts[:, : 3 * DAYS], [10, 20], [1, 1]) is None


def test_a_constant_flow_has_contrasts_of_0() -> None:
    np.testing.assert_allclose(contrasts(np.full((2, 60), 7.0)), 0, atol=1e-12)


@pytest.mark.parametrize("design", DAILY_DESIGNS[-1:])
def test_the_size_is_nominal_for_clustered_acts_and_gaps(design: tuple[str, float, float, float]) -> None:
    size, _ = daily_sizes(*design, n=120)
    assert size <= 0.12  # more than 14 of 120 has a probability under 0.1 % at 5 %
