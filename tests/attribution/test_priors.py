"""Priors: three fixed ones, and one's own with every fault told at once."""

from pathlib import Path

import pytest

from counterpoise.attribution.priors import load_priors, parse_prior, read_prior
from counterpoise.errors import InputError
from counterpoise.vocabulary import ANSWERS


def test_there_are_three_and_each_sums_to_one() -> None:
    priors = load_priors()
    assert list(priors) == ["even", "ordinary", "alert"]
    for prior in priors.values():
        assert set(prior) == set(ANSWERS)
        for answers in prior.values():
            assert sum(answers.values()) == pytest.approx(1)


def test_a_question_left_out_is_even() -> None:
    prior = parse_prior({"record": {"real": 0.8, "reporting_artefact": 0.2}}, "here")
    assert prior["aim"] == dict.fromkeys(ANSWERS["aim"], 1 / 3)


@pytest.mark.parametrize(
    ("entries", "told"),
    [
        ({"record": {"real": 0.8, "reporting_artefact": 0.1}}, "record that sums to 0.9"),
        ({"record": {"real": 1}}, "record without reporting_artefact"),
        ({"record": {"real": 1.5, "reporting_artefact": -0.5}}, "real = 1.5"),
        ({"aim": {"evil": 1}}, "unknown answer 'evil'"),
        ({"motive": {}}, "unknown question 'motive'"),
    ],
)
def test_faults_are_told(entries: dict[str, object], told: str) -> None:
    with pytest.raises(InputError) as caught:
        parse_prior(entries, "--prior mine.yml")
    assert told in caught.value.found


def test_all_faults_are_told_together(tmp_path: Path) -> None:
    path = tmp_path / "prior.yml"
    path.write_text("record: {real: 2, reporting_artefact: 0}\naim: {coercive: 1}\n", encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_prior(path)
    assert "record real = 2" in caught.value.found
    assert "aim without not_shown" in caught.value.found


def test_a_file_that_is_not_there_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(InputError):
        read_prior(tmp_path / "none.yml")
