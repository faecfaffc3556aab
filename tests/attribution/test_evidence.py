"""Coded facts, their groups and caps, posteriors, flips and words."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterpoise.attribution.combine import combine, posterior, undominated
from counterpoise.attribution.flips import find_flips, one_deep
from counterpoise.attribution.hypotheses import load_facts, load_questions
from counterpoise.attribution.indicators.catalogue import RULE_CHANGE, STATISTICS, speaks_to
from counterpoise.attribution.indicators.coincidence import bayes_factor_bound, measure_coincidence
from counterpoise.attribution.indicators.means import fact_log_lr, group_cap
from counterpoise.attribution.likelihoods import load_likelihoods
from counterpoise.attribution.words import PROBABILITY_WORDS, in_words
from counterpoise.vocabulary import ANSWERS, FactKind, ProbabilityWord
from tests.attribution.builders import fact

AIM = {"not_shown": "very_unlikely", "commercial_or_domestic": "very_unlikely", "coercive": "very_likely"}
GRADES = st.sampled_from(["high", "medium", "low"])
WORDS = st.sampled_from(list(PROBABILITY_WORDS))


def test_questions_answers_and_facts_are_those_of_the_vocabulary() -> None:
    assert {q.name: q.names for q in load_questions()} == ANSWERS
    assert set(load_facts()) == set(FactKind)
    assert list(PROBABILITY_WORDS) == list(ProbabilityWord)


def test_every_answer_says_what_it_predicts_of_every_indicator_that_speaks_to_it() -> None:
    for question in load_questions():
        for answer in question.answers:
            speaking = {name for name in (*STATISTICS, RULE_CHANGE) if question.name in speaks_to(name)}
            assert speaking <= set(answer.predicts), (question.name, answer.name)
            assert answer.definition


def test_no_statistic_speaks_to_the_aim_or_to_whose_hand_it_was() -> None:
    assert all("aim" not in speaks_to(name) for name in (*STATISTICS, RULE_CHANGE))
    likelihoods = load_likelihoods()
    for name in STATISTICS:
        for reading in range(9):
            assert likelihoods.log_lr("aim", name, reading) is None
            families = likelihoods.log_lr("opening", name, reading)
            if families is not None:
                assert (families[:, 1:] == families[:, 1:2]).all()


@given(GRADES, WORDS, WORDS)
def test_no_report_moves_more_than_its_cap(grade: str, mine: str, other: str) -> None:
    words = {"real": mine, "reporting_artefact": other}
    lower, upper = fact_log_lr("record", words, grade)
    assert np.abs([lower, upper]).max() <= group_cap(grade) + 1e-12
    assert (lower <= upper).all()
    np.testing.assert_allclose(lower, -upper.T)
    if mine == other:
        assert not lower.any()
        assert not upper.any()


def test_five_sources_that_repeat_one_report_count_once() -> None:
    one = combine("aim", [fact("aim", AIM)])
    five = combine("aim", [fact("aim", AIM, indicator=f"f{i}") for i in range(5)])
    cap = group_cap("high")
    assert five.lower.max() <= cap
    assert five.upper.max() == pytest.approx(cap)
    independent = combine("aim", [fact("aim", AIM, group=f"g{i}") for i in range(5)])
    assert independent.lower[2, 0] == pytest.approx(5 * one.lower[2, 0])


def test_planted_items_move_no_more_than_their_declared_cap() -> None:
    honest = [fact("aim", AIM, group="a"), fact("aim", AIM, group="b")]
    against = {"not_shown": "almost_certain", "coercive": "almost_no_chance"}
    planted = [fact("aim", against, group="planted", indicator=f"p{i}") for i in range(10)]
    before, after = combine("aim", honest), combine("aim", [*honest, *planted])
    cap = group_cap("high")
    assert np.abs(after.lower - before.lower).max() <= cap + 1e-12
    assert np.abs(after.upper - before.upper).max() <= cap + 1e-12


def test_posterior_bounds_hold_the_posterior_of_every_ratio_between() -> None:
    odds = combine("aim", [fact("aim", AIM), fact("aim", AIM, group="h", grade="medium")])
    prior = {"not_shown": 0.6, "commercial_or_domestic": 0.3, "coercive": 0.1}
    bounds = posterior(odds, prior)
    rng = np.random.default_rng(1)
    for _ in range(200):
        between = rng.uniform(odds.lower[:, 0], odds.upper[:, 0])
        if not np.all(
            (between[:, None] - between >= odds.lower - 1e-9)
            & (between[:, None] - between <= odds.upper + 1e-9)
        ):
            continue
        weights = np.array([prior[name] for name in odds.answers]) * np.exp(between)
        for name, p in zip(odds.answers, weights / weights.sum(), strict=True):
            assert bounds[name][0] - 1e-9 <= p <= bounds[name][1] + 1e-9


def test_no_evidence_leaves_the_prior_as_it_is() -> None:
    odds = combine("record", [])
    assert posterior(odds, {"real": 0.9, "reporting_artefact": 0.1}) == {
        "real": (pytest.approx(0.9), pytest.approx(0.9)),
        "reporting_artefact": (pytest.approx(0.1), pytest.approx(0.1)),
    }
    assert undominated(odds) == ANSWERS["record"]


def test_a_reading_on_one_group_is_one_deep_and_two_are_not() -> None:
    single = [fact("aim", AIM, group="a")]
    both = [fact("aim", AIM, group="a"), fact("aim", AIM, group="b")]
    assert undominated(combine("aim", single)) == ("coercive",)
    assert one_deep("aim", single) == "a"
    assert one_deep("aim", both) is None


def test_flips_name_the_item_the_reading_rests_on_and_what_an_invention_could_do() -> None:
    flips = find_flips("aim", [fact("aim", AIM, group="a")])
    assert {flip.kind for flip in flips} == {"item", "source", "planted"}
    assert all(flip.before == ("coercive",) for flip in flips)
    many = [fact("aim", AIM, group=f"g{i}") for i in range(6)]
    assert find_flips("aim", many) == ()


def test_words_are_tied_to_numbers() -> None:
    assert in_words(0.97, 0.98) == "almost certain"
    assert in_words(0.3, 0.6) == "unlikely to likely"


def test_a_planted_coincidence_is_found_at_its_lag_and_a_fall_is_not_a_rise() -> None:
    rng = np.random.default_rng(2)
    jumps = rng.normal(0, 0.4, 120)
    facts = np.zeros(120, dtype=bool)
    facts[[20, 21, 60, 90]] = True
    jumps[[22, 23, 62, 92]] += 2.0
    found = measure_coincidence(jumps, facts, 1)
    assert found is not None
    assert (found.lag, found.p_value <= 4 / 120) == (2, True), (
        "shifts by less than the lags find the same months"
    )
    fall = measure_coincidence(jumps, facts, -1)
    assert fall is not None
    assert fall.p_value > 0.2


def test_two_months_of_facts_are_too_few() -> None:
    facts = np.zeros(60, dtype=bool)
    facts[[3, 40]] = True
    assert measure_coincidence(np.zeros(60), facts, 1) is None


def test_a_p_value_stands_for_little() -> None:
    assert bayes_factor_bound(0.5) == 0
    assert bayes_factor_bound(0.05) == pytest.approx(np.log(2.456), abs=0.01)  # Sellke et al. 2001, table 1
