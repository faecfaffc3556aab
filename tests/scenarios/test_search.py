"""The search: a published front is found, and no policy is kept that rights rule out."""

import numpy as np
import pytest

from counterpoise.errors import AnalysisError
from counterpoise.scenarios.policies import load_policies, parse_policies
from counterpoise.scenarios.rights import is_admissible, newest_check, screen_policy
from counterpoise.scenarios.search import (
    crowding,
    minimise,
    policies_text,
    ranks,
    search_policies,
    survivors,
)
from tests.scenarios.builders import world


@pytest.fixture(autouse=True)
def small_search(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("counterpoise.scenarios.search.FUTURES", 64)
    monkeypatch.setattr("counterpoise.scenarios.search.POPULATION", 24)


def zdt1(x):
    """Return the first test problem of Zitzler, Deb & Thiele (2000); its front is 1 - sqrt(f1)."""
    g = 1 + 9 * x[:, 1:].mean(axis=1)
    return np.stack([x[:, 0], g * (1 - np.sqrt(x[:, 0] / g))], axis=1)


def test_the_front_of_zdt1_is_found() -> None:
    _, values = minimise(zdt1, 30, population=100, generations=200, rng=np.random.default_rng(1))
    f = np.linspace(0, 1, 200)
    front = np.stack([f, 1 - np.sqrt(f)], axis=1)
    distance = np.linalg.norm(front[:, None] - values[None], axis=2).min(axis=1).mean()
    assert distance < 0.01  # Deb et al. 2002 and later peers give about 0.005 for this size


def test_ranks_and_room() -> None:
    values = np.array([[0.0, 3], [1, 1], [3, 0], [2, 2], [3, 3]])
    assert ranks(values).tolist() == [0, 0, 0, 1, 2]
    assert crowding(values[:3]).tolist() == [np.inf, 2.0, np.inf]
    assert set(survivors(values, 3)) == {0, 1, 2}
    assert set(survivors(values[:3], 2)) == {0, 2}  # those at the ends have most room


def test_what_is_found_is_admissible_and_none_is_better_in_everything() -> None:
    place = world()
    found = search_policies(place, generations=3, n=6, seed=1)
    assert found.policies
    for policy in found.policies:
        assert is_admissible(screen_policy(policy, place.target_states, as_of=newest_check()))
        assert not {"turn_back", "emergency_law", "negotiated_deal"} & {r.lever for r in policy.levers}
    assert (ranks(found.objectives) == 0).all()
    again = search_policies(place, generations=3, n=6, seed=1)
    assert again.policies == found.policies


def test_a_longer_search_is_no_worse() -> None:
    short, long = (search_policies(world(), generations=g, n=24, seed=2).objectives for g in (0, 8))
    assert long[:, 0].min() <= short[:, 0].min()
    dominated = ((long[:, None] <= short[None]).all(axis=2) & (long[:, None] < short[None]).any(axis=2)).any(
        axis=0
    )
    assert dominated.mean() > 0.3


def test_found_policies_are_a_file_that_reads_back() -> None:
    for policies in (search_policies(world(), generations=1, n=4, seed=3).policies, load_policies()[1:]):
        read = parse_policies(policies_text(policies), "found.yml")
        assert [(p.name, p.levers, p.circumstances) for p in read[1:]] == [
            (p.name, p.levers, p.circumstances) for p in policies
        ]


def test_where_rights_leave_nothing_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("counterpoise.scenarios.search.is_admissible", lambda _: False)
    with pytest.raises(AnalysisError):
        search_policies(world(), generations=1)
