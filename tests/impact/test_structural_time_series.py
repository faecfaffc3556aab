"""The estimator: exact where it can be checked by hand, equivariant, and as sure as it says."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from counterpoise.impact._kernels import mixture_quantiles, posterior
from counterpoise.impact.options import EVALUATE_DEFAULTS
from counterpoise.impact.structural_time_series import estimate_structural, estimate_together

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


@given(seed=st.integers(0, 1000), shift=st.floats(0, 8))
@settings(max_examples=25, deadline=None)
def test_the_level_of_a_series_of_many_does_not_matter(seed: int, shift: float) -> None:
    one, two = (estimate_structural(walk(seed) + by, N_PRE) for by in (10.0, 10.0 + shift))
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


def dense(y: np.ndarray, months: list[int], design: np.ndarray, ratio: float, phi: float) -> tuple:  # type: ignore[type-arg]
    """Return mean, scale matrix and scale by the textbook: one normal prior, one inverse gamma, no rotation."""
    time = np.array([*months, *range(N_PRE + 1, N_PRE + N_POST + 1)], dtype=float)
    rows = (time - 1).astype(int)
    prior = 0.7 * design[rows] @ design[rows].T
    noise = phi ** np.abs(time[:, None] - time)
    covariance = ratio * np.minimum.outer(time, time) + (1 - ratio) * noise + prior
    n = len(months)
    pre, cross, post = covariance[:n, :n], covariance[n:, :n], covariance[n:, n:]
    gain = cross @ np.linalg.inv(pre)
    scale = (y @ np.linalg.inv(pre) @ y + 2.0 * 0.1) / (n + 2.0)
    return gain @ y, post - gain @ cross.T, scale


@pytest.mark.parametrize("phi", [0.0, 0.6])
@pytest.mark.parametrize("holes", [(), (3, 17, 40, 48)])
def test_the_posterior_is_that_of_the_textbook_also_with_gaps(holes: tuple[int, ...], phi: float) -> None:
    generator = np.random.default_rng(8)
    design = generator.normal(size=(N_PRE + N_POST, 3))
    months = [month for month in range(1, N_PRE + 1) if month not in holes]
    y = generator.normal(size=len(months))
    found = posterior(
        y,
        tuple(months),
        N_PRE,
        (design[np.array(months) - 1], design[N_PRE:]),
        (np.full(3, 0.7), np.zeros(3, dtype=bool), (1.0,)),
        (0.4,),
        (phi,),
        (2.0, 0.1),
    )
    mean, covariance, scale = dense(y, months, design, 0.4, phi)
    assert np.allclose(found.means[0], mean)
    assert np.allclose(found.covariances[0], covariance)
    assert found.scales[0] == pytest.approx(scale)
    assert found.weights == pytest.approx([1.0])


def test_the_evidence_prefers_the_level_ratio_and_the_noise_that_made_the_series() -> None:
    generator = np.random.default_rng(9)
    months = tuple(range(1, 121))
    design = np.ones((132, 1))

    def weights(y: np.ndarray) -> list[float]:
        prior = (np.array([100.0]), np.zeros(1, dtype=bool), (1.0,))
        parts = (design[:120], design[120:])
        found = posterior(y, months, 120, parts, prior, (0.05, 0.9), (0.0, 0.7), (2.0, 0.1)).weights
        return [float(one) for one in found]  # white still, white moving, lasting still, lasting moving

    white, steps = generator.normal(size=120), generator.normal(size=120)
    lasting = white.copy()
    for month in range(1, 120):
        lasting[month] = 0.7 * lasting[month - 1] + np.sqrt(1 - 0.49) * white[month]
    assert weights(white)[0] > 0.99
    assert sum(weights(np.cumsum(steps))[1::2]) > 0.99
    assert weights(lasting)[2] > 0.9


def test_quantiles_of_many_mixtures_at_once_are_those_of_each() -> None:
    generator = np.random.default_rng(10)
    weights, means, scales = (
        np.array([0.3, 0.7]),
        generator.normal(size=(2, 5)),
        generator.uniform(0.2, 2, (2, 5)),
    )
    wanted = np.array([0.025, 0.975])
    together = mixture_quantiles(wanted, weights, means, scales, 9.0)
    alone = [mixture_quantiles(wanted, weights, means[:, i], scales[:, i], 9.0) for i in range(5)]
    assert np.allclose(together, np.array(alone).T, atol=1e-6)


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
    assert np.mean(held) > 0.87


def test_series_together_are_what_each_is_by_itself() -> None:
    log_counts = np.log1p(np.random.default_rng(5).poisson(20.0, (4, 70)).astype(float))
    log_counts[3] = 0.0
    together = estimate_together(log_counts, 60, first_month=5)
    alone = [estimate_structural(one, 60, first_month=5) for one in log_counts]
    assert together == pytest.approx(np.array([(e.estimate, e.lower, e.upper) for e in alone]), abs=1e-7)
