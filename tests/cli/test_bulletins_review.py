"""A person's decisions about what the grammar is not sure of: they win, and are asked again when the text changes."""

import csv
import json

import pytest

NOTES = [
    {"id": "a", "lang": "lt", "published": "2025-10-19", "text": "VSAT: vakar apgręžta 18 migrantų."},
    {
        "id": "b",
        "lang": "en",
        "published": "2025-10-20",
        "text": "Lithuania turned back 19 migrants on Saturday.",
    },
    {"id": "c", "lang": "lt", "published": "2025-10-21", "text": "šiemet – 1 258"},
]


@pytest.fixture
def run(cli, tmp_path):
    notes, review = tmp_path / "notes.jsonl", tmp_path / "reviewed.csv"

    def run(lines=NOTES):
        notes.write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
        ended = cli("bulletins", str(notes), "--review", str(review))
        if ended.code:
            return ended
        return [json.loads(line)["observations"] for line in ended.out.splitlines()]

    run.review = review
    return run


def rows(review):
    with review.open(encoding="utf-8", newline="") as file:
        return {row["id"]: row for row in csv.DictReader(file)}


def decide(review, decisions, **cells):
    table = list(rows(review).values())
    for row in table:
        row["decision"] = decisions.get(row["id"], row["decision"])
        row.update({name: value[row["id"]] for name, value in cells.items() if row["id"] in value})
    with review.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, table[0])
        writer.writeheader()
        writer.writerows(table)


def test_what_is_not_sure_goes_to_the_file_with_its_sentence(run):
    run()
    found = rows(run.review)
    assert set(found) == {"a", "b", "c"}
    assert found["a"]["why"] == "elsewhere 19"
    assert "the border does not stand by the number" in found["c"]["why"]
    assert found["b"]["sentence"] == NOTES[1]["text"]


def test_what_a_person_decided_wins_the_next_time(run):
    run()
    decide(run.review, {"a": "accept", "b": "reject", "c": "accept"}, value={"c": "1259"})
    a, b, c = run()
    assert [one["value"] for one in a] == [18]
    assert b == []
    assert [(one["value"], one["confidence"]) for one in c] == [(1259, "high")]
    assert {row["decision"] for row in rows(run.review).values()} == {"accept", "reject"}


def test_a_changed_text_asks_again(run):
    run()
    decide(run.review, {"b": "reject"})
    changed = [NOTES[0], {**NOTES[1], "text": NOTES[1]["text"] + " Updated."}, NOTES[2]]
    assert len(run(changed)[1]) == 1
    row = rows(run.review)["b"]
    assert row["decision"] == ""
    assert "has changed" in row["why"]


def test_a_corrected_value_is_asked_for_where_the_old_one_was_decided(run):
    run()
    decide(run.review, {"b": "reject"})
    corrected = {**NOTES[1], "text": "Correction. Lithuania turned back 21 migrants on Saturday."}
    assert [one["value"] for one in run([corrected])[0]] == [21]
    row = rows(run.review)["b"]
    assert (row["value"], row["decision"]) == ("21", "")
    assert "has changed" in row["why"]


def test_decisions_about_other_bulletins_stay(run):
    run()
    decide(run.review, {"b": "reject"})
    run(NOTES[:1])
    assert rows(run.review)["b"]["decision"] == "reject"


def test_a_sentence_is_never_a_formula_of_a_spreadsheet(run):
    run([{"id": "x", "lang": "lt", "text": "=HYPERLINK(0) vakar apgręžta 18 migrantų."}, NOTES[2]])
    assert not any(row["sentence"].startswith(("=", "+", "-", "@")) for row in rows(run.review).values())


def test_cells_that_cannot_be_read_are_named_together_and_the_file_is_left_alone(run):
    run()
    decide(run.review, {"a": "maybe"}, value={"b": "many"}, date={"c": "soon"})
    before = run.review.read_bytes()
    ended = run()
    assert ended.code == 2
    for word in ("'maybe'", "'many'", "'soon'"):
        assert word in ended.sentence
    assert run.review.read_bytes() == before


def test_another_table_is_no_review_file(run):
    run.review.write_text("a,b\n1,2\n", encoding="utf-8")
    ended = run()
    assert ended.code == 2
    assert "no key" in ended.sentence
