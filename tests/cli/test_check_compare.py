"""``check`` and ``compare`` at the command line: text, JSON, files, and errors of one sentence."""

import json
from pathlib import Path

from typer.testing import CliRunner

from counterpoise.cli.app import app

RUN = CliRunner()


def test_check_says_the_verdict_and_a_true_sentence(tmp_path: Path) -> None:
    out = tmp_path / "claim.json"
    arguments = ["check", "attempts at the Polish border rose from September 2021 to October 2021"]
    ended = RUN.invoke(app, [*arguments, "--archive", str(tmp_path / "a.duckdb")], catch_exceptions=False)
    assert "Supported" in ended.stdout
    assert "True is: " in ended.stdout
    ended = RUN.invoke(app, [*arguments, "--out", str(out), "--archive", str(tmp_path / "a.duckdb")])
    assert json.loads(out.read_text(encoding="utf-8"))["verdict"] == "supported"


def test_compare_gives_json_with_both_sides_and_warnings(tmp_path: Path) -> None:
    ended = RUN.invoke(
        app,
        ["compare", "BY-PL@2021-08", "BY-LV@2022-08", "--json", "--archive", str(tmp_path / "a.duckdb")],
        catch_exceptions=False,
    )
    answer = json.loads(ended.stdout)
    assert (answer["a"]["corridor"], answer["b"]["corridor"]) == ("BY-PL", "BY-LV")
    assert any(m["warnings"] for m in answer["measures"])
