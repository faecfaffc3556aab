def test_sources_shows_each_dataset_with_its_three_dates_and_checks_them(cli):
    ended = cli("sources", "--check", "--json")
    assert ended.code == 0, ended.err
    answer = ended.answer
    assert answer["stage"] == "sources"
    (frontex,) = [row for row in answer["sources"] if row["dataset"] == "frontex.ibc"]
    assert frontex["last_period_end"] == "2025-04-30"
    assert frontex["next_expected_on"] == "2025-07-04"
    assert frontex["state"] == "overdue"
    assert {check["status"] for check in answer["checks"]} == {"passed"}
    assert cli("sources", "--json").answer["checks"] == []


def test_sources_as_of_a_day_knows_nothing_later(cli):
    answer = cli("sources", "--as-of", "2023-12-01", "--json").answer
    assert answer["sources"]
    for row in answer["sources"]:
        assert row["last_changed_on"] <= "2023-12-01"


def test_sources_as_text_and_as_a_file(cli, tmp_path):
    out = tmp_path / "sources.csv"
    assert cli("sources", "--out", str(out)).code == 0
    assert out.read_text(encoding="utf-8").startswith("dataset,title,publisher")
    text = cli("sources", "--check").out
    assert "vsat.bulletin" in text
    assert "passed  No document gives a figure twice." in text
