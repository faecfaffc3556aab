"""Policy and model files: what is wrong is said in one sentence, all faults together."""

import re
from pathlib import Path

import numpy as np
import pytest

from counterpoise.errors import InputError
from counterpoise.scenarios.design import sample_scenarios
from counterpoise.scenarios.parameters import LEVERS, PARAMETERS
from counterpoise.scenarios.policies import lever_rows, load_policies, parse_policies
from counterpoise.scenarios.worlds import load_priors, load_world, parse_world, world_names
from tests.scenarios.builders import rows, world

HEAD = "policies:\n  - name: mine\n    title: Mine\n    levers:\n"
MODEL = """id: mine
title: Mine
start: 2024-01-01
borders: [a, b, c]
target_states: [{state: POL, eu_member: true, protocol_4_party: true}]
priors:
"""


@pytest.mark.parametrize(
    ("line", "found", "hint"),
    [
        ("{lever: fense}", "fense", "fence"),
        ("{lever: fence, level: 2}", "2", "less than or equal to 1"),
        ("{lever: fence, hubs: [1]}", "'hubs' for fence", "take it out"),
        ("{lever: fence, start: 9, end: 9}", "an end in week 9", "end after the start"),
        ("{lever: fence, ramp: 0}", "0", "greater than or equal to 1"),
        ("{lever: fence, borders: [4]}", "4", "less than or equal to 3"),
        ("{lever: fence, trigger: {indicator: attempt, at_least: 3}}", "attempt", "counted_attempts"),
        (
            "{lever: fence, trigger: {indicator: salience, at_least: 1, until_below: 2}}",
            "until_below",
            "lower",
        ),
        ("{lever: fence, strat: 1}", "strat", "did you mean start"),
    ],
)
def test_a_bad_response_is_one_sentence(line: str, found: str, hint: str) -> None:
    with pytest.raises(InputError) as raised:
        parse_policies(f"{HEAD}      - {line}\n", "mine.yml")
    assert found in raised.value.found
    assert "line 5" in raised.value.found
    assert hint in raised.value.hint or hint in raised.value.found


def test_all_faults_of_a_file_are_told_together() -> None:
    with pytest.raises(InputError) as raised:
        parse_policies(f"{HEAD}      - {{lever: fense}}\n      - {{lever: tropps}}\n", "mine.yml")
    assert "line 5" in raised.value.found
    assert "line 6" in raised.value.found
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("policies: [", "line"),
        ("policies: []\n", "policies"),
        (HEAD.replace("levers:\n", "levers: []\n") * 2, "policies"),
        (f"{HEAD}      - {{lever: fence}}\n      - {{lever: fence, borders: [2]}}\n", "fence more than once"),
        (f"{HEAD.replace('mine', 'no-response')}      - {{lever: fence}}\n", "1 levers"),
    ],
)
def test_a_bad_file_is_one_sentence(text: str, found: str) -> None:
    with pytest.raises(InputError) as raised:
        parse_policies(text, "mine.yml")
    assert found in str(raised.value)


@pytest.mark.parametrize(
    ("prior", "hint"),
    [
        ("willingness: {low: 0.5, high: 0.1, unit: share, source: none}", "low not above high"),
        ("willingness: {low: 0.5, high: 1.5, unit: share, source: none}", "between 0 and 1"),
        ("seats: {low: 0, high: 10, unit: people, source: none}", "above 0"),
        ("seats: {low: -1, high: 10, scale: log, unit: people, source: none}", "above 0"),
        ("strategy: {low: 0, high: 9, scale: choice, unit: class, source: none}", "within 0 and 5"),
        ("strategy: {low: 0, high: 5, unit: class, source: none}", "scale: choice"),
        ("potential_people: {low: 1, high: 1.0e+9, unit: people, source: none}", "eight million"),
        ("sets: {low: 1, high: 10, unit: people, source: none}", "seats"),
        ("seats: {low: 1, high: 10, unit: people}", "source"),
    ],
)
def test_an_impossible_prior_is_one_sentence(prior: str, hint: str) -> None:
    with pytest.raises(InputError) as raised:
        parse_world(f"{MODEL}  {prior}\n", "mine.yml")
    assert hint in str(raised.value)


def test_a_list_of_another_length_is_said_in_plain_words() -> None:
    with pytest.raises(InputError) as raised:
        parse_world(MODEL.replace("[a, b, c]", "[a, b]").replace("priors:\n", ""), "mine.yml")
    assert "2 entries in place of 3 in 'borders'" in raised.value.found
    assert raised.value.hint == "write 3 entries in 'borders'"


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(InputError):
        load_policies(tmp_path / "none.yml")
    with pytest.raises(InputError) as raised:
        load_world("belarus")
    assert "belarus-eu-2021" in raised.value.hint


def test_the_bundled_files_are_whole() -> None:
    assert list(load_priors()) == list(PARAMETERS)
    used = {response.lever for policy in load_policies() for response in policy.levers}
    assert used == set(LEVERS)
    assert set(world_names()) == {"belarus-eu-2021", "russia-finland-2023"}
    for name in world_names():
        assert load_world(name).id == name


def test_every_prior_says_where_it_comes_from() -> None:
    for name, prior in load_priors().items():
        assert re.match("assumption|by definition|cases", prior.source), name


def test_no_response_is_always_there() -> None:
    policies = parse_policies(f"{HEAD}      - {{lever: fence}}\n", "mine.yml")
    assert [policy.name for policy in policies] == ["no-response", "mine"]


def test_a_lever_with_a_scope_sets_the_rows_of_its_places() -> None:
    assert (rows("lever: fence").level > 0).sum() == 3
    assert (rows("lever: fence, borders: [2]").level > 0).sum() == 1
    assert (rows("lever: tone, level: 0.5, ramp: 5").step[rows("lever: tone").level > 0]) == pytest.approx(
        0.1
    )
    assert (lever_rows(load_policies()[0]).level == 0).all()


@pytest.mark.parametrize("design", ["latin_hypercube", "sobol"])
def test_scenarios_lie_within_their_priors_and_fill_them(design: str) -> None:
    place = world()
    parameters = sample_scenarios(place, 512, design=design, seed=1)  # type: ignore[arg-type]
    for row, (name, prior) in zip(parameters, place.all_priors.items(), strict=True):
        assert row.min() >= np.float32(prior.low), name
        assert row.max() <= np.float32(prior.high), name
        if prior.scale == "choice":
            assert set(row) == set(range(int(prior.low), int(prior.high)))
        elif prior.low < prior.high:
            share = (np.median(row) - prior.low) / (prior.high - prior.low)
            assert prior.scale == "log" or 0.48 < share < 0.52, name


def test_a_latin_hypercube_has_one_scenario_in_each_slice() -> None:
    place = world()
    row = list(PARAMETERS).index("rumour")
    prior = place.all_priors["rumour"]
    values = np.sort(sample_scenarios(place, 100, design="latin_hypercube", seed=1)[row])
    slices = np.floor((values - prior.low) / (prior.high - prior.low) * 100 + 1e-4)
    np.testing.assert_array_equal(slices, np.arange(100))


def test_winter_is_cold() -> None:
    cold = world().cold
    assert cold[33] > 0.95  # the third week of January 2022
    assert cold[6] < 0.05


def test_the_policy_of_the_tutorial_reads() -> None:
    page = (Path(__file__).parents[2] / "docs" / "scenarios-tutorial.md").read_text(encoding="utf-8")
    written = page.split("```yaml\n")[1].split("```")[0]
    assert parse_policies(written, "the tutorial")[1].name == "carriers-and-help"


def test_the_model_file_of_the_page_reads() -> None:
    page = (Path(__file__).parents[2] / "docs" / "scenarios.md").read_text(encoding="utf-8")
    written = next(block for block in page.split("```yaml\n")[1:] if block.startswith("id:")).split("```")[0]
    place = parse_world(written, "the page")
    assert place.all_priors["seats"].high == 2000
    assert not place.target_states[0].protocol_4_party


def test_two_bundled_policies_differ_by_the_blocked_lever_alone() -> None:
    named = {policy.name: policy for policy in load_policies()}
    kept, broken = named["five-together"].levers, named["five-with-turn-back"].levers
    assert broken[:-1] == kept
    assert broken[-1].lever == "turn_back"
