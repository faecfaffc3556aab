"""Acts of feeds enter a case when a person says so, once, and only in the lines added."""

import csv
import difflib
import json

import pytest

from counterpoise.cases import load_case
from tests.cases.builders import TEXT
from tests.sources.acts.test_candidates import ACT, EUR_LEX, HUDOC


@pytest.fixture
def desk(cli, tmp_path):
    """Return a folder with a case and feeds, and how to run and edit the inbox."""
    (tmp_path / "c.yml").write_text(f"# kept\n{TEXT}", encoding="utf-8")
    (tmp_path / "oj.rss").write_text(EUR_LEX, encoding="utf-8")
    (tmp_path / "echr.rss").write_text(HUDOC, encoding="utf-8")
    (tmp_path / "du.json").write_text(json.dumps({"items": [ACT]}), encoding="utf-8")

    class Desk:
        folder = tmp_path
        review = tmp_path / "inbox.csv"
        case = tmp_path / "c.yml"

        def run(self, *feeds, case=False):
            words = [str(tmp_path / feed) for feed in feeds]
            return cli(
                "events", "inbox", *words, "--review", self.review, *(["--case", self.case] if case else [])
            )

        def rows(self):
            with self.review.open(encoding="utf-8", newline="") as file:
                return {row["address"].rsplit("/", 1)[-1]: row for row in csv.DictReader(file)}

        def write(self, name, **cells):
            rows = self.rows()
            rows[name].update(cells)
            with self.review.open("w", encoding="utf-8", newline="") as file:
                writer = csv.DictWriter(file, rows[name])
                writer.writeheader()
                writer.writerows(rows.values())

    return Desk()


def test_nothing_enters_without_a_decision(desk) -> None:
    before = desk.case.read_bytes()
    ended = desk.run("oj.rss", "du.json", "echr.rss", case=True)
    assert ended.code == 0
    assert "0 events entered" in ended.out
    assert "Unverified: nobody here saw an answer of EUR-Lex" in ended.out
    assert "3 wait for a decision" in ended.out
    assert desk.case.read_bytes() == before
    assert {row["text"] for row in desk.rows().values()} == {""}


def test_an_accepted_act_enters_once_and_a_run_again_changes_nothing(desk) -> None:
    desk.run("du.json", "echr.rss")
    desk.write(
        "9001", decision="Accept", text="A rule limits applications.", confidence="high", target="Belarus"
    )
    desk.write("?i=001-249999", decision="reject")
    before = desk.case.read_text(encoding="utf-8")
    assert "1 events entered" in desk.run(case=True).out
    after = desk.case.read_text(encoding="utf-8")
    assert not [line for line in difflib.ndiff(before.splitlines(), after.splitlines()) if line[0] == "-"]
    event = load_case(desk.case).events[-1]
    assert (event.date.isoformat(), event.first_known_on.isoformat()) == ("2026-03-12", "2026-03-26")
    assert event.sources == ("dziennik-ustaw-du-2026-9001",)
    assert desk.rows()["9001"]["entered_in"] == "some-border-2024"
    state = desk.case.read_bytes(), desk.review.read_bytes()
    desk.run("du.json", "echr.rss", case=True)
    assert (desk.case.read_bytes(), desk.review.read_bytes()) == state


def test_a_run_cut_off_between_case_and_inbox_adds_nothing_twice(desk) -> None:
    desk.run("du.json")
    desk.write("9001", decision="accept", text="A rule limits applications.", confidence="high")
    undone = desk.review.read_bytes()
    desk.run(case=True)
    case = desk.case.read_bytes()
    desk.review.write_bytes(undone)
    assert "0 events entered" in desk.run(case=True).out
    assert desk.case.read_bytes() == case
    assert desk.rows()["9001"]["entered_in"]


def test_a_changed_act_is_asked_for_again_unless_it_is_in_the_case(desk) -> None:
    desk.run("du.json", "echr.rss")
    desk.write("?i=001-249999", decision="accept", text="The court rules.", confidence="high")
    desk.write(
        "9001",
        decision="accept",
        text="A rule limits applications.",
        confidence="high",
        actor="Poland's government",
    )
    (desk.folder / "echr.rss").write_text(HUDOC.replace("Chamber", "Grand Chamber"), encoding="utf-8")
    desk.run("echr.rss", case=True)
    assert desk.rows()["?i=001-249999"]["decision"] == ""
    assert "after 'accept'" in desk.rows()["?i=001-249999"]["note"]
    assert desk.rows()["?i=001-249999"]["text"] == "The court rules."
    assert load_case(desk.case).events[-1].actor == "Poland's government"
    (desk.folder / "du.json").write_text(
        json.dumps([{**ACT, "promulgation": "2026-03-27"}]), encoding="utf-8"
    )
    desk.run("du.json", case=True)
    row = desk.rows()["9001"]
    assert (row["decision"], row["entered_in"]) == ("accept", "some-border-2024")
    assert "since it entered" in row["note"]


@pytest.mark.parametrize(
    ("cells", "column", "found"),
    [
        ({"decision": "yes"}, "decision", "'yes'"),
        ({"decision": "accept", "confidence": "high"}, "text", "nothing"),
        ({"decision": "accept", "text": "A rule.", "confidence": "hihg"}, "confidence", "did you mean high?"),
        (
            {"decision": "accept", "text": "A rule.", "confidence": "high", "date": "12.3.2026"},
            "date",
            "'12.3.2026'",
        ),
        (
            {"decision": "accept", "text": "A rule.", "confidence": "high", "source_id": "A B"},
            "source_id",
            "'A B'",
        ),
    ],
)
def test_a_bad_cell_is_told_with_row_and_column_and_nothing_is_written(desk, cells, column, found) -> None:
    desk.run("du.json")
    desk.write("9001", **cells)
    state = desk.case.read_bytes(), desk.review.read_bytes()
    ended = desk.run("echr.rss", case=True)
    assert ended.code == 2
    assert f"row 2, column {column}: " in ended.sentence
    assert found in ended.sentence
    assert (desk.case.read_bytes(), desk.review.read_bytes()) == state


def test_a_hostile_title_is_no_formula_in_the_inbox(desk) -> None:
    (desk.folder / "du.json").write_text(
        json.dumps([{**ACT, "title": "=HYPERLINK(1) granica"}]), encoding="utf-8"
    )
    desk.run("du.json")
    assert desk.rows()["9001"]["title"].startswith("'=")
    state = desk.review.read_bytes()
    desk.run("du.json")
    assert desk.review.read_bytes() == state


def test_a_hostile_feed_leaves_the_inbox_as_it_was(desk) -> None:
    desk.run("du.json")
    state = desk.review.read_bytes()
    bad = desk.folder / "bad.rss"
    bad.write_text(
        '<!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/passwd">]><rss><a>&x;</a></rss>', encoding="utf-8"
    )
    assert "document type" in desk.run("echr.rss", "bad.rss").sentence
    assert desk.review.read_bytes() == state
