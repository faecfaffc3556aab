import json

KEYS = {"date", "corridor", "measure", "period", "value", "confidence", "relay", "start", "end"}


def test_a_file_of_bulletins_becomes_json_lines_in_order(cli, tmp_path):
    file = tmp_path / "notes.jsonl"
    notes = [
        {"id": 7, "text": "Vakar apgręžta 18 migrantų.", "lang": "LT", "published": "2025-10-19T08:00:00Z"},
        {"id": "b", "text": "Nothing about any border."},
        {"id": "c", "text": "On Thursday Poland recorded 12 attempts.", "lang": "en"},
    ]
    file.write_text("\ufeff" + "\n\n".join(json.dumps(note) for note in notes), encoding="utf-8")
    ended = cli("bulletins", str(file))
    assert ended.code == 0, ended.err
    answers = [json.loads(line) for line in ended.out.splitlines()]
    assert [answer["id"] for answer in answers] == ["7", "b", "c"]
    (first,), none, (third,) = (answer["observations"] for answer in answers)
    assert set(first) >= KEYS
    assert (first["date"], first["corridor"], first["value"]) == ("2025-10-18", "BY-LT", 18)
    assert none == []
    assert third["date"] is None

    out = tmp_path / "figures.jsonl"
    assert cli("bulletins", str(file), "--out", str(out)).code == 0
    assert out.read_text(encoding="utf-8") == ended.out


def test_all_bad_lines_are_named_in_one_sentence_and_nothing_is_written(cli, tmp_path):
    file, out = tmp_path / "notes.jsonl", tmp_path / "figures.jsonl"
    bad = ['{"id": 1', '{"id": 1, "text": 3}', '{"id": 1, "text": "a", "published": "soon"}', "[" * 90_000]
    file.write_text("\n".join(['{"id": 1, "text": "a"}', *bad]), encoding="utf-8")
    ended = cli("bulletins", str(file), "--out", str(out))
    assert ended.code == 2
    for number in (2, 3, 4, 5):
        assert f"line {number}:" in ended.sentence
    assert "line 1:" not in ended.sentence
    assert not out.exists()


def test_a_file_in_another_encoding_or_absent_is_said(cli, tmp_path):
    file = tmp_path / "notes.jsonl"
    file.write_bytes('{"id": 1, "text": "próbę"}'.encode("cp1250"))
    assert "not UTF-8" in cli("bulletins", str(file)).sentence
    assert str(tmp_path / "none") in cli("bulletins", str(tmp_path / "none")).sentence


def test_the_table_is_one_that_ingest_reads(cli, tmp_path):
    notes = tmp_path / "notes.jsonl"
    texts = {
        "2025-10-18": "VSAT: pastarąją parą apgręžta 12 migrantų. Šiemet neįleisti 1303 žmonės.",
        "2025-10-19": "VSAT: pastarąją parą apgręžta 18 migrantų. Šiemet neįleistas 1321 žmogus.",
        "2025-10-21": "Pirmadienį apgręžta 10 migrantų. Šiemet neįleisti 1338 žmonės.",
    }
    lines = [{"id": day, "lang": "lt", "published": day, "text": text} for day, text in texts.items()]
    notes.write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    out, archive = tmp_path / "figures.csv", tmp_path / "archive"
    ended = cli("bulletins", str(notes), "--out", str(out))
    assert ended.code == 0, ended.err
    assert "Read 6 figures of 3 bulletins: 6 kept, 1 more days from running totals." in ended.err
    ended = cli("ingest", str(out), "--archive", str(archive))
    assert ended.code == 0, ended.err
    assert "7 new figures" in ended.out
