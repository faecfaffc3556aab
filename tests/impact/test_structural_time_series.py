"""The estimator: exact where it can be checked by hand, equivariant, and as sure as it says."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from counterpoise.impact._kernels import level_kernel, mixture_quantiles
from counterpoise.impact.options import EVALUATE_DEFAULTS
from counterpoise.impact.structural_time_series import estimate_structural

N_PRE, N_POST = 48, 12


def walk(seed: int, n: int = N_PRE + N_POST, step: float = 0.3) -> np.ndarray:
    generator = np.random.default_rng(seed)
    return 5 + np.cumsum(generator.normal(0, step, n)) + generator.normal(0, 0.2, n)


@given(seed=st.integers(0, 1000), effect=st.floats(-3, 3))
@settings(max_examples=25, deadline=None)
def test_an_effect_moves_estimate_and_interval_by_itself(seed: int, effect: float) -> None:
    before = walk(seed)
    after = before.copy()
    after[N_PRE:] += effect
    one, two = estimate_structural(before, N_PRE), estimate_structural(after, N_PRE)
    for name in ("estimate", "lower", "upper"):
        assert getattr(two, name) == pytest.approx(getattr(one, name) + effect, abs=1e-6)


@given(seed=st.integers(0, 1000), shift=st.floats(-4, 4))
@settings(max_examples=25, deadline=None)
def test_the_level_of_a_series_does_not_matter(seed: int, shift: float) -> None:
    one, two = (estimate_structural(walk(seed) + by, N_PRE) for by in (0.0, shift))
    assert two.estimate == pytest.approx(one.estimate, abs=1e-6)
    assert two.upper - two.lower == pytest.approx(one.upper - one.lower, rel=1e-6)


def test_what_comes_after_changes_no_counterfactual() -> None:
    other = walk(3)
    other[N_PRE:] = 0.0
    one, two = estimate_structural(walk(3), N_PRE), estimate_structural(other, N_PRE)
    assert np.array_equal(one.expected, two.expected)


def test_a_restless_last_year_makes_a_wider_interval() -> None:
    calm = 5 + np.random.default_rng(4).normal(0, 0.2, N_PRE + N_POST)
    restless = calm.copy()
    restless[N_PRE - 12 : N_PRE] += np.tile([0.8, -0.8], 6)
    usual = calm.copy()
    usual[:12] += np.tile([0.8, -0.8], 6)  # as much, long ago
    widths = [(e.upper - e.lower) for e in (estimate_structural(s, N_PRE) for s in (usual, restless))]
    assert widths[1] > 1.2 * widths[0]


def test_a_control_that_moves_along_narrows_the_interval_and_takes_up_a_common_fall() -> None:
    common = walk(5)
    generator = np.random.default_rng(6)
    series = common + generator.normal(0, 0.05, len(common))
    control = (common + generator.normal(0, 0.05, len(common)))[:, None]
    alone, beside = estimate_structural(series, N_PRE), estimate_structural(series, N_PRE, controls=control)
    assert beside.upper - beside.lower < 0.7 * (alone.upper - alone.lower)
    assert abs(beside.estimate) < 0.3


def test_a_jump_where_a_rule_changed_before_is_not_read_as_drift() -> None:
    series = 5 + np.random.default_rng(7).normal(0, 0.1, N_PRE + N_POST)
    series[24:] -= 3
    known = estimate_structural(series, N_PRE, rule_changes=(24,))
    unknown = estimate_structural(series, N_PRE)
    assert known.upper - known.lower < unknown.upper - unknown.lower
    assert known.lower < 0 < known.upper


def test_the_level_kernel_is_the_conditional_normal() -> None:
    ratio, n = 0.4, N_PRE + N_POST
    time = np.arange(1.0, n + 1)
    covariance = ratio * np.minimum.outer(time, time) + (1 - ratio) * np.eye(n)
    pre, cross, post = covariance[:N_PRE, :N_PRE], covariance[N_PRE:, :N_PRE], covariance[N_PRE:, N_PRE:]
    inverse, gain, rest, log_determinant = level_kernel(
        tuple(range(1, N_PRE + 1)), tuple(range(N_PRE + 1, n + 1)), ratio
    )
    assert np.allclose(gain @ inverse, cross @ np.linalg.inv(pre))
    assert np.allclose(rest, post - cross @ np.linalg.inv(pre) @ cross.T)
    assert log_determinant == pytest.approx(np.linalg.slogdet(pre)[1])


def test_quantiles_of_a_mixture_are_where_its_distribution_says() -> None:
    from scipy.stats import t as student

    weights, means, scales = np.array([0.3, 0.7]), np.array([-1.0, 2.0]), np.array([0.5, 1.5])
    found = mixture_quantiles(np.array([0.025, 0.5, 0.975]), weights, means, scales, 9.0)
    below = [float(weights @ student.cdf((x - means) / scales, 9.0)) for x in found]
    assert below == pytest.approx([0.025, 0.5, 0.975], abs=1e-6)


@pytest.mark.parametrize("step", [0.15, 0.4])
def test_intervals_hold_nearly_what_they_say_on_moving_levels(step: float) -> None:
    held = []
    for seed in range(400):
        found = estimate_structural(walk(seed, step=step), N_PRE, options=EVALUATE_DEFAULTS)
        held.append(found.lower <= 0 <= found.upper)
    assert np.mean(held) > 0.88
