"""``cases``, ``corridors`` and ``regimes`` on the command line."""

import json
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from counterpoise.cli import main
from tests.cases.builders import TEXT

HEADER = ["stage", "version", "as_of", "seed", "result_id", "checks"]


class Ended:
    """What a command printed, and its exit code."""

    def __init__(self, capsys: pytest.CaptureFixture[str], *arguments: str) -> None:
        with pytest.raises(SystemExit) as ended:
            main(list(arguments))
        self.code = ended.value.code
        self.out, self.err = capsys.readouterr()

    @property
    def answer(self) -> dict[str, Any]:
        answer: dict[str, Any] = json.loads(self.out)
        return answer


@pytest.mark.parametrize(
    ("arguments", "key"),
    [
        (["cases"], "cases"),
        (["cases", "show", "ukraine-2022"], "case"),
        (["corridors"], "corridors"),
        (["corridors", "BY-PL"], "corridors"),
        (["regimes"], "regimes"),
        (["regimes", "--corridor", "BY-LT", "--measure", "prevented"], "regimes"),
    ],
)
def test_json_answers_begin_alike_and_repeat_exactly(
    arguments: list[str], key: str, capsys: pytest.CaptureFixture[str]
) -> None:
    first, second = (Ended(capsys, *arguments, "--json") for _ in range(2))
    assert first.code == 0
    assert set(HEADER) <= set(first.answer)
    assert next(iter(first.answer)) == "stage"
    assert first.answer["as_of"] is None
    assert first.answer["result_id"].startswith(first.answer["stage"])
    assert first.answer[key]
    assert first.out == second.out


def test_cases_alone_lists_each_with_the_status_of_its_label(capsys: pytest.CaptureFixture[str]) -> None:
    ended = Ended(capsys, "cases")
    for name, status in (
        ("belarus-eu-2021", "documented"),
        ("russia-finland-2023", "asserted"),
        ("ukraine-2022", "control"),
    ):
        line = next(line for line in ended.out.splitlines() if line.startswith(name))
        assert status in line


def test_show_replays_a_day_and_says_how_much_came_later(capsys: pytest.CaptureFixture[str]) -> None:
    answer = Ended(capsys, "cases", "show", "belarus-eu-2021", "--as-of", "2021-06-30", "--json").answer
    assert answer["as_of"] == "2021-06-30"
    assert answer["case"]["events"]
    assert max(event["date"] for event in answer["case"]["events"]) <= "2021-06-30"
    assert min(answer["not_yet_known"]["events"]) > "2021-06-30"
    text = Ended(capsys, "cases", "show", "belarus-eu-2021", "--as-of", "2021-06-30").out
    n_later = sum(len(days) for days in answer["not_yet_known"].values())
    assert f"{n_later} entries of the file were not yet known" in text


def test_show_marks_what_its_source_carries_only_in_part(capsys: pytest.CaptureFixture[str]) -> None:
    assert "[medium confidence]" in Ended(capsys, "cases", "show", "belarus-eu-2021").out


def test_a_new_case_passes_the_check(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "my-border-2026.yml"
    assert Ended(capsys, "cases", "new", "my-border-2026", "--out", str(file)).code == 0
    checked = Ended(capsys, "cases", "check", str(file), "--json")
    assert checked.code == 0
    assert checked.answer["checks"][0]["status"] == "passed"
    assert Ended(capsys, "cases", "new", "my-border-2026").out == file.read_text(encoding="utf-8")


def test_a_file_is_never_written_over(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "mine.yml"
    file.write_text("mine", encoding="utf-8")
    ended = Ended(capsys, "cases", "new", "mine", "--out", str(file))
    assert ended.code == 2
    assert file.read_text(encoding="utf-8") == "mine"


def test_check_tells_the_faults_of_all_files(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    one, two = tmp_path / "one.yml", tmp_path / "two.yml"
    one.write_text(TEXT.replace("BY-PL", "BY-PO"), encoding="utf-8")
    two.write_text(TEXT.replace("value: 3", "value: many"), encoding="utf-8")
    ended = Ended(capsys, "cases", "check", str(one), str(two), "ukraine-2022", "--json")
    assert ended.code == 2
    assert ended.answer["error"]["class"] == "InputError"
    for part in (str(one), "BY-PO", str(two), "many"):
        assert part in ended.answer["error"]["found"]


def test_a_fault_of_one_file_names_file_line_and_remedy(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "one.yml"
    file.write_text(TEXT.replace("BY-PL", "BY-PO"), encoding="utf-8")
    error = Ended(capsys, "cases", "check", str(file), "--json").answer["error"]
    line = next(n for n, text in enumerate(TEXT.splitlines(), start=1) if "corridors:" in text)
    assert error["where"] == f"{file}, line {line}"
    assert "BY-PL" in error["hint"]


def test_the_schema_can_be_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "case.schema.json"
    assert Ended(capsys, "cases", "schema", "--out", str(file)).code == 0
    assert json.loads(file.read_text(encoding="utf-8"))["title"] == "Case"


def test_the_tree_is_set_in_by_depth(capsys: pytest.CaptureFixture[str]) -> None:
    lines = Ended(capsys, "corridors").out.splitlines()
    depth = {line.split()[0]: len(line) - len(line.lstrip()) for line in lines if line.strip()}
    assert depth["eastern-borders"] < depth["BY-PL"] < depth["BY-PL-podlaskie"]


def test_one_corridor_is_shown_with_states_and_names(capsys: pytest.CaptureFixture[str]) -> None:
    out = Ended(capsys, "corridors", "eastern-borders").out
    for part in ("Belarus", "Finland", "Eastern Borders Route", "BY-LT"):
        assert part in out


@pytest.mark.parametrize(
    ("arguments", "near"),
    [
        (["corridors", "by-pl"], "BY-PL"),
        (["regimes", "--corridor", "estern-borders"], "eastern-borders"),
        (["regimes", "--measure", "attemts"], "attempts"),
        (["cases", "show", "belarus-2021"], "belarus-eu-2021"),
    ],
)
def test_a_wrong_name_ends_with_2_and_the_nearest(
    arguments: list[str], near: str, capsys: pytest.CaptureFixture[str]
) -> None:
    ended = Ended(capsys, *arguments, "--json")
    assert ended.code == 2
    assert near in ended.answer["error"]["hint"]


def test_regimes_are_written_as_a_table(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "regimes.csv"
    assert Ended(capsys, "regimes", "--corridor", "BY-LT", "--out", str(file)).code == 0
    frame = pl.read_csv(file)
    assert {"from", "to", "corridor", "measure", "what", "break", "source", "url"} <= set(frame.columns)
    assert frame.filter(pl.col("id") == "lt-turned-back")["break"].to_list() == [True]
    assert Ended(capsys, "regimes", "--out", str(tmp_path / "regimes.docx")).code == 2
