"""``check`` and ``compare`` at the command line: text, JSON, files, and errors of one sentence."""

import json
from pathlib import Path

from tests.cli.conftest import Cli

RISE = "attempts at the Polish border rose from September 2021 to October 2021"


def test_check_says_the_verdict_and_a_true_sentence(cli: Cli, tmp_path: Path) -> None:
    ended = cli("check", RISE)
    assert ended.code == 0
    assert "Supported" in ended.out
    assert "True is: " in ended.out
    out = tmp_path / "claim.json"
    assert cli("check", RISE, "--out", str(out)).code == 0
    assert json.loads(out.read_text(encoding="utf-8"))["verdict"] == "supported"


def test_a_sentence_that_claims_nothing_is_an_error_of_one_sentence(cli: Cli) -> None:
    assert cli("check", "good morning").code == 2


def test_compare_gives_both_sides_and_warnings(cli: Cli) -> None:
    answer = cli("compare", "BY-PL@2021-08", "BY-LV@2022-08", "--json").answer
    assert (answer["a"]["corridor"], answer["b"]["corridor"]) == ("BY-PL", "BY-LV")
    assert any(m["warnings"] for m in answer["measures"])
