"""Synthetic worlds: the truth they are made with, and that the frozen tables are theirs."""

import hashlib
from importlib.resources import files

import numpy as np
import pytest
from ruamel.yaml import YAML

from benchmarks.skill.attribution_tables import probe_hash
from counterpoise.attribution.indicators.shape import is_rise
from counterpoise.attribution.likelihoods import load_likelihoods, tables_sha256
from counterpoise.attribution.worlds.families import RANGES, make_families
from counterpoise.attribution.worlds.simulate import ARTEFACTS, DRIVERS, simulate_world


@pytest.fixture(scope="module")
def card() -> dict[str, object]:
    text = files("counterpoise.data").joinpath("attribution", "likelihoods.yml").read_text(encoding="utf-8")
    entries: dict[str, object] = YAML(typ="safe", pure=True).load(text)
    return entries


def test_the_frozen_tables_are_those_of_the_card_and_of_this_generator(card: dict[str, object]) -> None:
    assert tables_sha256() == card["sha256"]
    assert probe_hash() == card["probe_sha256"], "worlds changed: run benchmarks/skill/attribution_tables.py"


def test_families_stay_in_their_ranges_and_differ() -> None:
    families = make_families(8, 1)
    for name, (lowest, highest) in RANGES.items():
        values = [getattr(f, name) for f in families]
        assert lowest <= min(values) < max(values) <= highest


def test_a_world_is_made_again_from_its_seed() -> None:
    family = make_families(2, 1)[0]
    first, second = (
        simulate_world(family, np.random.default_rng(5), driver="diversion", is_open=True, artefact=None)
        for _ in range(2)
    )
    assert (
        hashlib.sha256(first.cube.counts.tobytes()).digest()
        == hashlib.sha256(second.cube.counts.tobytes()).digest()
    )


@pytest.mark.parametrize("driver", DRIVERS)
def test_worlds_are_drawn_until_there_is_a_rise(driver: str) -> None:
    family, rng = make_families(2, 1)[1], np.random.default_rng(8)
    worlds = [simulate_world(family, rng, driver=driver, is_open=False, artefact=None) for _ in range(10)]
    rises = [is_rise(w.cube.counts[w.corridor, w.nationality]) for w in worlds]
    assert sum(rises) >= 9
    assert all(w.cube.counts.shape[-1] == w.month + 1 for w in worlds), "no month after the one under test"


@pytest.mark.parametrize("artefact", ARTEFACTS)
def test_totals_stay_sums_whatever_is_done_to_the_record(artefact: str) -> None:
    family, rng = make_families(2, 1)[0], np.random.default_rng(9)
    world = simulate_world(family, rng, driver="other_push", is_open=False, artefact=artefact)
    np.testing.assert_allclose(world.cube.counts[:, -1], world.cube.counts[:, :-1].sum(axis=1))


def test_each_indicator_points_where_its_definition_says() -> None:
    likelihoods = load_likelihoods()

    def mean(question: str, indicator: str, reading: int, answer: int) -> float:
        found = likelihoods.log_lr(question, indicator, reading)
        assert found is not None
        return float(found[:, answer].mean())

    assert mean("record", "unidentified_rise", 0, 1) > 1
    assert mean("record", "rule_change", 1, 1) > 1
    assert mean("record", "rule_change", 0, 1) < 0
    assert mean("opening", "new_share", 0, 1) > 0.7
    assert mean("driver", "growth_elsewhere", 8, 3) > 0, "a fall elsewhere speaks for diversion"
    assert mean("driver", "run_up", 0, 2) > 0, "a rise under way speaks for a slow push"
