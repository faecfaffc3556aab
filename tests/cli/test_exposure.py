"""``counterpoise exposure``."""

from tests.cli.conftest import Cli


def test_the_table_comes_with_its_caveat_as_text_and_json(cli: Cli) -> None:
    assert "no forecast" in cli("exposure", "--as-of", "2021-01-01").out
    answer = cli("exposure", "--json").answer
    assert answer["stage"] == "exposure"
    assert {"corridor", "n_same_conditions", "n_same_without_attempt"} <= set(answer["rows"][0])
    assert {"condition", "because"} <= set(answer["basis"][0])
