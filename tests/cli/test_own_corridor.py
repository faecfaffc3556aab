"""An analyst with her own monthly figures of her own corridor: from the CSV to a case that uses it."""

from pathlib import Path

import pytest

from tests.cli.conftest import Cli

HEAD = "corridor,nationality,measure,period_start,frequency,value"


def own_rows(nationalities: tuple[str, ...] = ("TOTAL",), corridor: str = "SR-HU") -> str:
    months = [(year, month) for year in (2019, 2020, 2021) for month in range(1, 13)]
    rows = [
        f"{corridor},{nationality},detections,{year}-{month:02},M,{100 + 7 * month + n + year % 5}"
        for n, nationality in enumerate(nationalities)
        for year, month in months
    ]
    return "\n".join([HEAD, *rows, ""])


CASE = """\
id: own-border
title: Own border
summary: A border of our own, counted by ourselves.
label_status: control
actors: {coercers: [], targets: [HUN], hubs: []}
corridors: [SR-HU]
measures: [detections]
responses:
  - title: A response
    country: HUN
    kind: fence
    applied_on: 2021-03-01
    what: Something was built.
    sources: [one]
    confidence: high
sources:
  - {id: one, title: One, publisher: Ourselves, url: "https://example.org/one"}
"""


@pytest.fixture
def case(tmp_path: Path) -> Path:
    path = tmp_path / "mycase.yml"
    path.write_text(CASE)
    return path


def test_a_case_uses_a_corridor_of_ones_own(cli: Cli, case: Path, tmp_path: Path) -> None:
    archive = ("--archive", tmp_path / "own.duckdb")
    figures = tmp_path / "mine.csv"
    figures.write_text(own_rows())
    assert cli("ingest", figures, *archive).code == 0
    checked = cli("cases", "check", case, *archive)
    assert checked.code == 0, checked.err
    assert "SR-HU" in cli("corridors", *archive).out
    answer = cli("evaluate", case, "--outcome", "detections", "--json", *archive).answer
    assert {effect["corridor"] for effect in answer["effects"]} == {"SR-HU"}
    assert cli("detect", "--case", case, *archive).code == 0
    without = cli("cases", "check", case)
    assert without.code == 2, "the bundled registry has no such corridor"
    assert "unknown corridor 'SR-HU'" in without.sentence
    assert "SR-HU" not in cli("corridors").out


def test_a_corridor_nobody_has_stays_a_fault(cli: Cli, case: Path, tmp_path: Path) -> None:
    archive = ("--archive", tmp_path / "own.duckdb")
    figures = tmp_path / "mine.csv"
    figures.write_text(own_rows(corridor="SR-RO"))
    cli("ingest", figures, *archive)
    for command in (("cases", "check"), ("evaluate",), ("attribute",), ("brief",)):
        assert "unknown corridor 'SR-HU'" in cli(*command, case, *archive).sentence


def test_figures_by_nationality_alone_are_told(cli: Cli, case: Path, tmp_path: Path) -> None:
    archive = ("--archive", tmp_path / "own.duckdb")
    figures = tmp_path / "mine.csv"
    figures.write_text(own_rows(("IRQ", "SYR")))
    cli("ingest", figures, *archive)
    (effect,) = cli("evaluate", case, "--outcome", "detections", "--json", *archive).answer["effects"]
    assert effect["status"] == "refused"
    assert "only figures by nationality are stored (72)" in effect["reason"]
    assert "TOTAL" in effect["reason"]


def test_explore_says_that_it_was_given_a_case_file(cli: Cli, case: Path) -> None:
    sentence = cli("explore", case).sentence
    assert "found a case file" in sentence
    assert "belarus-eu-2021" in sentence
    assert "line" not in sentence
