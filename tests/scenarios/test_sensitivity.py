"""Sobol indices of the model: what must matter does, and what cannot does not."""

import numpy as np
import pytest

from counterpoise.errors import InputError
from counterpoise.scenarios import ExploreOptions, explore
from counterpoise.scenarios.sensitivity import sensitivities
from tests.scenarios.builders import policy, rows, world


def test_what_cannot_matter_does_not_and_what_must_does() -> None:
    found = sensitivities(world(), [("no-response", rows())], n=64, seed=1, level=0.8)
    total = {s.uncertainty: s.total for s in found if s.outcome == "attempts"}
    assert abs(total["closure_compliance"]) < 1e-12  # nothing is closed
    assert abs(total["injury_ratio"]) < 1e-12
    assert max(total, key=lambda name: total[name]) in {
        "base_prevention", "seats", "potential_people", "attempts_per_week", "willingness",
    }  # fmt: skip
    deaths = {s.uncertainty: s for s in found if s.outcome == "deaths"}
    assert deaths["death_rate"].total > 0.1
    assert deaths["death_rate"].total_lower <= deaths["death_rate"].total <= deaths["death_rate"].total_upper


def test_explore_gives_them_where_asked() -> None:
    chosen = [policy(name="no-response"), policy("lever: aid_access")]
    result = explore(world(), policies=chosen, options=ExploreOptions(runs=64, sensitivity_runs=16))
    assert {s.policy for s in result.sensitivity} <= {"no-response", "tried"}
    assert all(np.isfinite(s.first) for s in result.sensitivity)
    assert not explore(world(), policies=chosen, options=ExploreOptions(runs=64)).sensitivity


def test_a_size_that_is_no_power_of_two_is_refused() -> None:
    with pytest.raises(InputError) as raised:
        ExploreOptions(sensitivity_runs=100)
    assert "power of two" in raised.value.found
