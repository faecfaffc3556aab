"""``counterpoise brief``: files, JSON, lines, and what it refuses."""

import json
from pathlib import Path

import pytest

from counterpoise.cli import main


@pytest.fixture(autouse=True)
def empty_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no archive of the user's be found."""
    for name in ("HOME", "XDG_DATA_HOME", "LOCALAPPDATA"):
        monkeypatch.setenv(name, str(tmp_path / "home"))


def run(*arguments: str) -> int:
    with pytest.raises(SystemExit) as ended:
        main(["brief", *arguments])
    code = ended.value.code
    assert isinstance(code, int)
    return code


def test_it_writes_a_page(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "brief.html"
    assert run("ukraine-2022", "--out", str(out)) == 0
    assert out.read_text(encoding="utf-8").startswith("<!doctype html>")
    assert capsys.readouterr().out == ""


def test_json_and_the_json_file_say_the_same(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "brief.json"
    assert run("ukraine-2022", "--as-of", "2022-06-30", "--json", "--out", str(out)) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer == json.loads(out.read_text(encoding="utf-8"))
    assert {"stage", "version", "as_of", "seed", "result_id", "checks", "findings", "trace"} <= set(answer)
    assert answer["stage"] == "brief"
    assert answer["as_of"] == "2022-06-30"


def test_without_out_the_findings_are_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("ukraine-2022") == 0
    said = capsys.readouterr().out
    assert "Counts cannot show aim" in said
    assert "--out brief.html" in said


def test_a_case_file_of_ones_own(
    tmp_path: Path, repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = (repository / "src/counterpoise/data/cases/ukraine-2022.yml").read_text(encoding="utf-8")
    path = tmp_path / "mine.yml"
    path.write_text(text.replace("id: ukraine-2022", "id: mine-2022"), encoding="utf-8")
    assert run(str(path), "--json") == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["case"] == "mine-2022"
    assert answer["reproduce"]["commands"][0].startswith("counterpoise brief mine.yml ")
    assert str(tmp_path) not in json.dumps(answer)


@pytest.mark.parametrize(
    "arguments",
    [
        ("no-such-case",),
        ("ukraine-2022", "--out", "brief.docx"),
        ("ukraine-2022", "--as-of", "yesterday"),
    ],
)
def test_wrong_input_is_refused(arguments: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(*arguments) == 2
    assert capsys.readouterr().err.startswith("Error: ")


def test_a_day_before_all_figures_gives_no_brief(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("ukraine-2022", "--as-of", "1990-01-01") == 1
    assert "Error: " in capsys.readouterr().err
