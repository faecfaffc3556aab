"""``counterpoise cases base``."""

from tests.cli.conftest import Cli


def test_attempts_and_rates_come_with_the_caveat(cli: Cli) -> None:
    assert "no prior for a surge" in cli("cases", "base").out
    answer = cli("cases", "base", "--by", "decade", "--json").answer
    assert {"value", "n_cases", "share", "lower", "upper", "level"} <= set(answer["rows"][0])
    assert "Only attempts" in answer["caveat"]


def test_an_unknown_property_is_one_sentence(cli: Cli) -> None:
    ended = cli("cases", "base", "--by", "colour")
    assert ended.code == 2
    assert "decade" in ended.sentence
