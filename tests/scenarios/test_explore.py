"""``explore``: rights first, then what holds up; deterministic; the JSON contract."""

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from counterpoise.errors import InputError
from counterpoise.scenarios import ExploreOptions, explore
from counterpoise.scenarios.parameters import OUTCOMES
from counterpoise.scenarios.policies import load_policies
from counterpoise.scenarios.robustness import HEADLINE, regret_of, robustness_of
from counterpoise.scenarios.worlds import load_world
from tests.scenarios.builders import policy, world

SMALL = ExploreOptions(runs=256)
RESULT = explore(world(), options=SMALL)


def test_a_screened_out_policy_is_studied_and_never_recommended() -> None:
    turn_back = next(p for p in RESULT.policies if p.name == "turn-back-unassessed")
    assert not turn_back.admissible
    assert turn_back.outcomes["attempts"]["median"] > 0
    assert RESULT.recommended
    admissible = {p.name for p in RESULT.policies if p.admissible}
    assert set(RESULT.recommended) <= admissible
    assert all(set(row["recommended"]) <= admissible for row in RESULT.stability)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**31))
def test_however_good_a_screened_out_policy_is_it_is_not_recommended(seed: int) -> None:
    rng = np.random.default_rng(seed)
    outcomes = rng.uniform(0.1, 1, (5, len(OUTCOMES), 30)).astype(np.float32)
    outcomes[3] *= 0.01
    admissible = np.array([True, True, True, False, True])
    standing = robustness_of(outcomes, admissible, 0, SMALL)
    assert not standing.recommended[3]
    assert not standing.recommended[0]
    assert (regret_of(outcomes, admissible)[admissible] >= 0).all()


def test_a_dominated_policy_is_not_recommended() -> None:
    outcomes = np.ones((3, len(OUTCOMES), 20), np.float32)
    for name in HEADLINE:
        better = OUTCOMES[name].better
        outcomes[1, list(OUTCOMES).index(name)] = 0.5 if better == "lower" else 2
        outcomes[2, list(OUTCOMES).index(name)] = 0.6 if better == "lower" else 1.8
    standing = robustness_of(outcomes, np.ones(3, np.bool_), 0, SMALL)
    assert standing.recommended.tolist() == [False, True, False]


def test_a_policy_that_harms_in_one_outcome_is_not_recommended_for_help_in_another() -> None:
    outcomes = np.ones((2, len(OUTCOMES), 20), np.float32)
    outcomes[1, list(OUTCOMES).index("attempts")] = 0.1
    outcomes[1, list(OUTCOMES).index("unmet_claims")] = 3
    assert not robustness_of(outcomes, np.ones(2, np.bool_), 0, SMALL).recommended.any()


def test_the_price_of_the_constraint_is_an_interval_with_its_harms_or_is_refused() -> None:
    prices = [p for p in RESULT.price_of_constraint if p.policy == "turn-back-unassessed"]
    assert prices
    for price in prices:
        assert price.lower is not None
        assert price.upper is not None
        assert price.lower <= price.upper
        assert set(price.harms or {}) == {"deaths", "injuries", "stranded_weeks"}
        assert price.legal_exposure
        assert price.coercer_gain
    order = [p.policy for p in RESULT.price_of_constraint]
    file = [p.name for p in RESULT.policies if not p.admissible]
    assert list(dict.fromkeys(order)) == file  # the order of the file, whatever the price
    deal = next(p for p in RESULT.price_of_constraint if p.policy == "deal")
    assert deal.refused
    assert deal.lower is None


def test_without_modelled_deaths_nothing_is_priced() -> None:
    result = explore(world(fixed={"death_rate": 0.0}), options=SMALL)
    assert result.price_of_constraint
    assert all(price.refused and price.lower is None for price in result.price_of_constraint)


def test_the_same_seed_gives_the_same_answer_on_any_number_of_workers() -> None:
    one, four = (explore(world(), options=SMALL, workers=workers).to_dict() for workers in (1, 4))
    assert json.dumps(one) == json.dumps(four) == json.dumps(RESULT.to_dict())
    other = explore(world(), options=SMALL, seed=1)
    assert other.digest != RESULT.digest
    assert other.result_id != RESULT.result_id


def test_an_edited_policy_changes_the_id_and_only_its_own_numbers() -> None:
    policies = [
        p if p.name != "information" else policy("lever: information, level: 0.5") for p in load_policies()
    ]
    result = explore(world(), policies=policies, options=SMALL)
    assert result.result_id != RESULT.result_id
    changed = [bool((a != b).any()) for a, b in zip(result.outcomes, RESULT.outcomes, strict=True)]
    assert [p.name for p, c in zip(RESULT.policies, changed, strict=True) if c] == ["information"]


def test_everybody_is_accounted_for() -> None:
    checks = {check.name: check.status for check in RESULT.checks}
    assert checks["people_conserved"] == "passed"
    assert checks["not_a_forecast"] == "inconclusive"


def test_the_json_contract() -> None:
    answer = json.loads(json.dumps(RESULT.to_dict()))
    assert {"stage", "version", "as_of", "seed", "result_id", "checks", "n_experiments", "digest"} <= set(
        answer
    )
    assert answer["n_experiments"] == 256 * len(answer["policies"])
    for found in answer["policies"]:
        assert {"name", "admissible", "screens", "outcomes", "regret"} <= set(found)
        assert all({"median", "p10", "p90"} <= set(values) for values in found["outcomes"].values())
    for price in answer["price_of_constraint"]:
        assert {"policy", "outcome", "lower", "upper", "harms", "legal_exposure"} <= set(price)
    for failure in answer["failures"]:
        assert {"outcome", "box", "coverage", "density"} <= set(failure)
        assert 0 < failure["coverage"] <= 1
        assert failure["density"] > failure["failing_share"]


@pytest.mark.parametrize("change", [{"runs": 2}, {"design": "grid"}, {"help_by": 1.5}, {"tolerance": -1}])
def test_bad_options_are_refused(change) -> None:
    with pytest.raises(InputError) as raised:
        ExploreOptions(**change)
    assert next(iter(change)) in raised.value.found


def test_what_the_tutorial_says_of_the_first_answer_holds() -> None:
    result = explore(load_world("belarus-eu-2021"), options=ExploreOptions(runs=500))
    page = (Path(__file__).parents[2] / "docs" / "scenarios-tutorial.md").read_text(encoding="utf-8")
    assert f"Four are left: {', '.join(result.recommended)}." in page
    assert (len(result.recommended), sum(not p.admissible for p in result.policies)) == (4, 5)
