"""The model: people are conserved, limits hold, and the compiled version computes the same numbers."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from counterpoise.scenarios.model import simulate
from counterpoise.scenarios.noise import noise_of
from counterpoise.scenarios.parameters import OUTCOMES, PARAMETERS, SERIES
from counterpoise.scenarios.policies import lever_rows, load_policies
from counterpoise.scenarios.run import run_experiments
from tests.scenarios.builders import COLD, draw, random_rows, rows

OUT = list(OUTCOMES)
SER = list(SERIES)


def series(parameters, policy, name, cold=COLD):
    return simulate(parameters, policy, cold, seed=3).series[:, SER.index(name)]


def outcome(parameters, policy, name):
    return simulate(parameters, policy, COLD, seed=3).outcomes[OUT.index(name)]


def started(parameters):
    """Return the people of each scenario before the first week."""
    p = dict(zip(PARAMETERS, parameters, strict=True))
    weights = np.stack([p[f"origin_weight_{o}"] for o in range(1, 5)])
    return np.floor(p["potential_people"] * weights / weights.sum(axis=0)).sum(axis=0)


def test_the_compiled_model_computes_the_plain_one_to_the_last_bit() -> None:
    rng = np.random.default_rng(5)
    policies = [lever_rows(policy) for policy in load_policies()] + [random_rows(rng) for _ in range(4)]
    parameters = draw(150)
    fast = run_experiments(parameters, policies, COLD, seed=9, keep_series=True)
    for k, policy in enumerate(policies):
        plain = simulate(parameters, policy, COLD, seed=9)
        np.testing.assert_array_equal(fast.outcomes[k], plain.outcomes)
        np.testing.assert_array_equal(fast.series[k], plain.series)
        np.testing.assert_array_equal(fast.people[k], sum(plain.people.values()))


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**31), st.integers(0, 2**40))
def test_people_are_conserved_to_the_last_one(draws: int, seed: int) -> None:
    rng = np.random.default_rng(draws)
    parameters = draw(8, seed=draws)
    ended = simulate(parameters, random_rows(rng), COLD[:60], seed=seed)
    assert all((pool >= 0).all() and (pool == np.floor(pool)).all() for pool in ended.people.values())
    np.testing.assert_array_equal(sum(ended.people.values()), started(parameters))
    assert np.isfinite(ended.outcomes).all()
    assert (ended.outcomes >= 0).all()


def test_without_effort_there_is_no_episode() -> None:
    parameters = draw(32, effort_limit=0.0)
    for policy in (rows(), rows("lever: troops", "lever: turn_back")):
        ended = simulate(parameters, policy, COLD, seed=3)
        for name in ("attempts", "entries", "deaths", "coercer_gain", "episode_weeks"):
            assert (ended.outcomes[OUT.index(name)] == 0).all(), name


def test_before_the_onset_nobody_leaves() -> None:
    departures = series(draw(32, onset_week=20.0), rows(), "departures_1")
    assert (departures[:20] == 0).all()
    assert departures[21:60].sum() > 0


def test_complete_closure_of_all_hubs_stops_travel() -> None:
    shut = rows("lever: hub_closure, start: 30")
    for origin in range(1, 5):
        departures = series(draw(32, closure_compliance=1.0), shut, f"departures_{origin}")
        assert (departures[30:] == 0).all()
        assert departures[:30].sum() > 0


def test_partial_closure_goes_round_with_a_delay() -> None:
    calm = {
        "closure_compliance": 1.0, "strategy": 0.0, "adaptation": 0.0, "reroute_weeks": 6.0, "weekly_noise": 0.0,
        "price_elasticity": 0.0, "seats": 3000.0, "potential_people": 200_000.0, "willingness": 0.01,
        "success_learning": 0.0, "effort_growth": 0.3, "effort_limit": 1.0, "onset_week": 0.0, "diffusion": 0.0,
    }  # fmt: skip
    open_ = series(draw(16, **calm), rows(), "departures_1").sum(axis=1)
    part = series(draw(16, **calm), rows("lever: hub_closure, hubs: [1], start: 20"), "departures_1").sum(
        axis=1
    )
    np.testing.assert_array_equal(part[:20], open_[:20])
    assert part[20:22].sum() < 0.85 * open_[20:22].sum()  # those who would have gone by the closed hub wait
    assert part[50:60].sum() > 0.95 * open_[50:60].sum()  # by now they go by the others


def test_people_turned_back_are_no_detections() -> None:
    sure = {"turn_back_reach": 1.0, "adaptation": 0.0, "strategy": 0.0, "base_interception": 0.7}
    parameters = draw(64, **sure)
    law = rows("lever: turn_back, start: 15")
    before, after = (
        sum(series(parameters, policy, f"detections_{b}") for b in (1, 2, 3)) for policy in (rows(), law)
    )
    assert (after[16:] == 0).all()
    assert before[16:].sum() > 0
    attempts = [
        sum(series(parameters, policy, f"attempts_{b}") for b in (1, 2, 3)) for policy in (rows(), law)
    ]
    assert attempts[1][16:40].sum() > attempts[0][16:40].sum()


def test_nobody_is_stopped_at_an_open_crossing_and_a_closed_one_is_not_tried() -> None:
    parameters = draw(32, crossing_share=1.0)
    prevented = [
        series(parameters, rows("lever: fence", "lever: troops"), f"prevented_{b}") for b in (1, 2, 3)
    ]
    assert all((p == 0).all() for p in prevented)
    closed = rows("lever: crossing_closure, start: 20")
    assert (series(parameters, closed, "attempts_1")[21:] == 0).all()


def test_help_prevents_deaths_and_changes_no_flow_before() -> None:
    parameters = draw(128, rights_gain=0.0, attention_gain=0.0)
    without, with_ = (outcome(parameters, policy, "deaths") for policy in (rows(), rows("lever: aid_access")))
    assert with_.sum() < without.sum()


def test_in_the_null_model_polarisation_stays() -> None:
    still = outcome(draw(32, polarisation_switch=0.0), rows(), "polarisation")
    np.testing.assert_allclose(still, 0.2, atol=1e-6)
    moved = outcome(draw(32, polarisation_switch=1.0), rows(), "polarisation")
    assert (moved > 0.2).any()


@pytest.mark.parametrize("name", ["polarisation", "trust", "cohesion"])
def test_indices_stay_within_their_limits(name: str) -> None:
    values = outcome(draw(256), rows("lever: turn_back"), name)
    assert (values >= 0).all()
    assert (values <= 1 + 1e-6).all()


def test_noise_has_mean_0_and_variance_1_and_is_uncorrelated() -> None:
    normals, uniforms = noise_of(4, 0, 20_000, 6)
    flat = normals.transpose(2, 0, 1).reshape(20_000, -1).astype(float)
    assert abs(flat.mean()) < 0.005
    np.testing.assert_allclose(flat.var(axis=0), 1, atol=0.05)
    off = np.corrcoef(flat.T) - np.eye(flat.shape[1])
    assert abs(off).max() < 5 / np.sqrt(20_000)
    assert uniforms.min() >= 0
    assert uniforms.max() < 1
    np.testing.assert_allclose(np.histogram(uniforms, 10, (0, 1))[0] / uniforms.size, 0.1, atol=0.004)


def test_noise_of_a_part_is_part_of_the_noise_and_another_seed_another() -> None:
    whole = noise_of(4, 0, 100, 5)
    part = noise_of(4, 40, 10, 5)
    np.testing.assert_array_equal(part[0], whole[0][:, :, 40:50])
    np.testing.assert_array_equal(part[1], whole[1][:, 40:50])
    assert (noise_of(5, 0, 100, 5)[1] != whole[1]).mean() > 0.99
    assert (noise_of(4 + 2**32, 0, 100, 5)[1] != whole[1]).mean() > 0.99
