"""Several datasets of one's own: seen side by side, told of at ingestion, and withdrawn without being lost."""

import datetime as dt
from pathlib import Path

import pytest

from counterpoise.observations.archive import open_archive
from counterpoise.observations.store import read_store
from counterpoise.observations.withdraw import withdraw_dataset
from tests.cli.conftest import Cli
from tests.cli.test_own_corridor import HEAD


def rows(last: int) -> str:
    """Three quiet years and a surge in the month after them."""
    months = [(2019 + n // 12, n % 12 + 1) for n in range(36)]
    cells = [f"SR-HU,TOTAL,detections,{y}-{m:02},M,{20 + m}" for y, m in months]
    return "\n".join([HEAD, *cells, f"SR-HU,TOTAL,detections,2022-01,M,{last}", ""])


@pytest.fixture
def archive(cli: Cli, tmp_path: Path) -> Path:
    path = tmp_path / "own.duckdb"
    for name, last in (("first", 4000), ("second", 4100)):
        (tmp_path / f"{name}.csv").write_text(rows(last))
        told = cli("ingest", tmp_path / f"{name}.csv", "--archive", path)
        assert told.code == 0, told.err
    assert "36 of 37 figures of user.second are already stored as user.first" in told.out
    return path


def test_two_datasets_of_one_count_are_told_apart(cli: Cli, archive: Path) -> None:
    lines = cli(
        "detect", "--corridor", "SR-HU", "--as-of", "2022-03-01", "--archive", archive
    ).out.splitlines()
    (head,) = [line for line in lines if line.startswith("month ")]
    assert "dataset" in head.split()
    table = [line.split() for line in lines if line.startswith("2022-01")]
    assert {row[4] for row in table} == {"user.first", "user.second"}


def test_a_withdrawn_dataset_is_read_no_more_but_a_replay_still_shows_it(archive: Path) -> None:
    day = dt.date(2026, 5, 1)
    before = read_store(archive).observations
    assert withdraw_dataset(archive, "user.first", day) == day
    assert withdraw_dataset(archive, "user.first", dt.date(2026, 6, 1)) == day, "once is enough"
    assert read_store(archive).observations.equals(before), "nothing stored is lost"
    stored = open_archive(archive)

    def own(when: dt.date | None) -> set[str]:
        held: list[str] = stored.as_of(when).observations["dataset"].to_list()
        return {dataset for dataset in held if dataset.startswith("user.")}

    assert own(dt.date(2026, 4, 30)) == {"user.first", "user.second"}
    assert own(day) == {"user.second"}
    assert stored.newest_known_on >= day
    assert own(None) == {"user.second"}


def test_the_command_marks_it_and_refuses_what_is_not_yours(cli: Cli, archive: Path, tmp_path: Path) -> None:
    words = ("--archive", archive)
    told = cli("sources", "--withdraw", "user.first", *words)
    assert told.code == 0, told.err
    assert "user.first is withdrawn since" in told.out
    states = {row["dataset"]: row for row in cli("sources", "--json", *words).answer["sources"]}
    assert states["user.first"]["state"] == "withdrawn"
    assert states["user.first"]["withdrawn_on"] is not None
    assert states["user.second"]["withdrawn_on"] is None
    refused = cli("ingest", tmp_path / "first.csv", *words)
    assert refused.code == 2
    assert "user.first, withdrawn on" in refused.sentence
    assert "bundled dataset frontex.ibc" in cli("sources", "--withdraw", "frontex.ibc", *words).sentence
    assert "user.second" in cli("sources", "--withdraw", "user.third", *words).sentence


def test_the_same_figures_again_are_told(cli: Cli, archive: Path, tmp_path: Path) -> None:
    (tmp_path / "third.csv").write_text(
        rows(4000).replace(",", ";")
    )  # another document with the same figures
    told = cli("ingest", tmp_path / "third.csv", "--archive", archive, "--json")
    (same, mostly) = told.answer["repeated"]
    assert (same["same_as"], same["n_same"], same["n_figures"]) == ("user.first", 37, 37)
    assert (mostly["same_as"], mostly["n_same"]) == ("user.second", 36)
