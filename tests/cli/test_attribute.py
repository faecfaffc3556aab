"""``counterpoise attribute``."""

from pathlib import Path

import polars as pl

from tests.cli.conftest import Cli


def test_four_questions_with_reasons_and_the_sentence_on_persons(cli: Cli) -> None:
    ended = cli("attribute", "belarus-eu-2021", "--as-of", "2021-10-01")
    assert ended.code == 0
    for title in ("What drives it?", "Who opened the way?", "To what end?", "Is the record real?"):
        assert title in ended.out
    assert "cannot be told apart" in ended.out
    assert "Not yet known on 2021-10-01" in ended.out
    assert "says nothing about any person's need for protection" in ended.out


def test_a_series_without_a_case(cli: Cli) -> None:
    answer = cli(
        "attribute", "--corridor", "eastern-borders", "--nationality", "IRQ", "--month", "2021-07", "--json"
    ).answer
    assert answer["subject"]["case"] is None
    assert {row["nature"] for row in answer["ledger"]} <= {"statistic", "unavailable"}
    assert all(a["log_lr_lower"] == a["log_lr_upper"] == 0 for a in answer["questions"]["aim"])


def test_the_ledger_is_a_table(cli: Cli, tmp_path: Path) -> None:
    out = tmp_path / "ledger.csv"
    assert cli("attribute", "ukraine-2022", "--out", str(out)).code == 0
    ledger = pl.read_csv(out)
    assert "danger_at_origin" in ledger["indicator"].to_list()
    assert (ledger["log_lr_lower"] <= ledger["log_lr_upper"]).all()


def test_a_prior_that_does_not_sum_to_one_is_one_sentence(cli: Cli, tmp_path: Path) -> None:
    prior = tmp_path / "prior.yml"
    prior.write_text("record: {real: 0.9, reporting_artefact: 0.2}\n", encoding="utf-8")
    ended = cli("attribute", "ukraine-2022", "--prior", str(prior))
    assert ended.code == 2
    assert "record that sums to 1.1" in ended.sentence


def test_nothing_asked_is_one_sentence(cli: Cli) -> None:
    ended = cli("attribute")
    assert ended.code == 2
    assert "a case, or a corridor with a month" in ended.sentence


def test_the_questions_are_printed_with_their_definitions(cli: Cli) -> None:
    ended = cli("attribute", "--questions")
    assert "state_tolerated: Guards or services of a state stop doing" in ended.out
    assert "linked_threat" in ended.out


def test_the_legal_test_gives_evidence_in_full_with_sources_and_as_a_table(cli: Cli, tmp_path: Path) -> None:
    asked = ("attribute", "belarus-eu-2021", "--as-of", "2021-10-01", "--legal")
    ended = cli(*asked)
    assert "As of 2021-10-01: belarus-eu-2021" in ended.out
    assert "It was not law on 2021-10-01." in ended.out
    assert "…" not in ended.out
    assert "[interfax-ukraine-23-june-2021] Interfax-Ukraine, 23 June 2021, https://" in ended.out
    assert "known on 2021-06-22" in ended.out
    assert "state_tolerated" not in ended.out
    assert "Result attribute-" in ended.out
    out = tmp_path / "leg.csv"
    assert cli(*asked, "--out", str(out)).code == 0
    table = pl.read_csv(out)
    assert {"element", "part", "standing", "evidence", "source", "url", "checked"} <= set(table.columns)
    assert set(table["standing"]) >= {"for", "not shown", "cannot be shown by statistics"}


def test_a_case_no_count_shows_keeps_its_legal_table(cli: Cli, tmp_path: Path) -> None:
    ended = cli("attribute", "russia-finland-2023", "--legal")
    assert ended.code == 0
    assert "Counts cannot show this case: expected a measure in which finland-2023 can be seen" in ended.out
    assert "claimed by Finnish Border Guard" in ended.out
    assert cli("attribute", "russia-finland-2023", "--legal", "--json").answer["legal_annex"]
    out = tmp_path / "leg.csv"
    assert cli("attribute", "russia-finland-2023", "--legal", "--out", str(out)).code == 0
    assert "actor" in pl.read_csv(out)["element"].to_list()
    refused = cli("attribute", "russia-finland-2023")
    assert refused.code == 1
    assert "asylum_applications" in refused.sentence


def own_figures(cli: Cli, tmp_path: Path, *, dense: bool) -> str:
    """Ingest one corridor of one's own and return the archive."""
    rows = [
        f"BY-LT,IRQ,{year}-{month:02d},{(120 if year == 2023 and month > 5 else 10) + month},2024-02-01"
        for year in range(2018, 2024)
        for month in range(1, 13)
    ]
    table = tmp_path / "own.csv"
    table.write_text("\n".join(["section,citizenship,month,n,published", *rows]) + "\n", encoding="utf-8")
    mapping = tmp_path / "own.yml"
    mapping.write_text(
        "dataset: police.monthly\ntitle: Monthly\npublisher: Example\n"
        f"dense: {str(dense).lower()}\n"
        "columns: {corridor: section, nationality: citizenship, period_start: month, value: n, known_on: published}\n"
        "constants: {measure: detections, frequency: M}\n",
        encoding="utf-8",
    )
    archive = str(tmp_path / "own.sqlite")
    assert cli("ingest", str(table), "--mapping", str(mapping), "--archive", archive).code == 0
    return archive


def test_one_corridor_of_ones_own_says_what_is_missing(cli: Cli, tmp_path: Path) -> None:
    asked = ("attribute", "--corridor", "BY-LT", "--nationality", "IRQ", "--month", "2023-08")
    refused = cli(*asked, "--archive", own_figures(cli, tmp_path, dense=False))
    assert refused.code == 1
    assert "police.monthly, where a missing cell may mean that nobody looked" in refused.sentence
    assert "'dense: true'" in refused.sentence
    (tmp_path / "dense").mkdir()
    answered = cli(*asked, "--archive", own_figures(cli, tmp_path / "dense", dense=True))
    assert answered.code == 0
    assert "Not read: growth of the same nationality on all other corridors" in answered.out
    assert "The dataset has 0 other corridors" in answered.out
