"""Synthetic control: the weights that made a series are found, an effect is held, a placebo is none."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from counterpoise.impact.synthetic_control import estimate_synthetic, simplex_weights

N_PRE, N_POST, N_DONORS = 72, 12, 8


def panel(seed: int, effect: float) -> np.ndarray:
    """Return corridors that follow two common walks, the first a mean of the others, with an effect after."""
    generator = np.random.default_rng(seed)
    walks = 2 * np.cumsum(generator.normal(0, 0.15, (2, N_PRE + N_POST)), axis=1)
    loadings = generator.dirichlet([1, 1], N_DONORS)
    noise = generator.normal(0, 0.15, (N_DONORS + 1, N_PRE + N_POST))
    donors = loadings @ walks
    treated = generator.dirichlet(np.ones(N_DONORS)) @ donors
    made = 5 + np.vstack([treated, donors]) + noise
    made[0, N_PRE:] += effect
    return made


@given(seed=st.integers(0, 500))
@settings(max_examples=20, deadline=None)
def test_weights_lie_on_the_simplex_and_no_step_towards_a_vertex_comes_nearer(seed: int) -> None:
    generator = np.random.default_rng(seed)
    donors, target = generator.normal(size=(40, 5)), 2 * generator.normal(size=40)
    weights = simplex_weights(target, donors)
    assert weights.min() >= 0
    assert weights.sum() == pytest.approx(1)
    slope = donors.T @ (donors @ weights - target)
    # the condition of the least distance on a simplex: the slope is least, and the same, wherever there is weight
    assert slope @ weights == pytest.approx(slope.min(), abs=1e-8)


def test_donors_that_all_equal_the_target_share_the_weight() -> None:
    path = np.arange(10.0)
    assert simplex_weights(path, np.column_stack([path] * 4)).tolist() == [0.25] * 4


def test_the_weights_that_made_a_path_are_found() -> None:
    donors = np.random.default_rng(1).normal(size=(60, 4))
    truth = np.array([0.6, 0.4, 0.0, 0.0])
    assert simplex_weights(donors @ truth, donors) == pytest.approx(truth, abs=1e-9)


def test_an_effect_is_held_by_the_conformal_interval() -> None:
    held = []
    for seed in range(20):
        found = estimate_synthetic(panel(seed, -1.0), N_PRE)
        assert found is not None
        held.append(found.lower <= -1.0 <= found.upper < 0)
    assert np.mean(held) >= 0.85


def test_a_large_effect_stands_out_in_space_and_none_does_not() -> None:
    large, none = (estimate_synthetic(panel(3, effect), N_PRE) for effect in (-1.5, 0.0))
    assert large is not None
    assert none is not None
    assert large.p_space == pytest.approx(1 / (N_DONORS + 1))
    assert none.p_space > large.p_space
    assert large.without_one[0] <= large.estimate + 0.2
    assert large.without_one[1] >= large.estimate - 0.2
    assert large.fit < 0.5


def test_two_other_corridors_are_too_few() -> None:
    assert estimate_synthetic(panel(1, 0.0)[:3], N_PRE) is None
