"""``ingest``: what it says, and what it refuses, leaving the archive byte for byte as it was."""

from collections.abc import Callable
from pathlib import Path

import pytest

from counterpoise.observations.store import read_store
from tests.cli.conftest import Cli, Ended
from tests.sources.builders import CSV_HEAD, HEAD, ROWS, columns_csv, workbook

HEADER = ["stage", "version", "as_of", "seed", "result_id", "checks"]

WRONG: dict[str, tuple[str, Callable[[], bytes]]] = {
    "truncated workbook": ("book.xlsx", lambda: workbook()[:2000]),
    "web page named as a workbook": (
        "page.xlsx",
        lambda: b"<!DOCTYPE html><html><body>Not found</body></html>",
    ),
    "renamed column": ("book.xlsx", lambda: workbook(head=("Way", *HEAD[1:]))),
    "month twice": ("book.xlsx", lambda: workbook(head=(*HEAD[:3], "NOV2022", "NOV2022"))),
    "negative count": (
        "book.xlsx",
        lambda: workbook(rows=[*ROWS, ("Black Sea Route", "Sea", "Iraq", -1, 0)]),
    ),
    "fractional count": (
        "book.xlsx",
        lambda: workbook(rows=[*ROWS, ("Black Sea Route", "Sea", "Iraq", 1.5, 0)]),
    ),
    "renamed column of a table": ("t.csv", lambda: columns_csv(head=CSV_HEAD.replace("corridor", "border"))),
    "negative count of a table": ("t.csv", lambda: columns_csv("BY-PL,IRQ,detections,2021-08-01,M,-2")),
    "fractional count of a table": ("t.csv", lambda: columns_csv("BY-PL,IRQ,detections,2021-08-01,M,2.5")),
    "figure twice": ("t.csv", lambda: columns_csv(*["BY-PL,IRQ,detections,2021-08-01,M,2"] * 2)),
    "column of names": (
        "t.csv",
        lambda: columns_csv("BY-PL,IRQ,detections,2021-08-01,M,1,A. Person", head=f"{CSV_HEAD},first_name"),
    ),
    "column of birth dates": (
        "t.csv",
        lambda: columns_csv(
            "BY-PL,IRQ,detections,2021-08-01,M,1,1990-02-03", head=f"{CSV_HEAD},date_of_birth"
        ),
    ),
}


@pytest.fixture
def stored(cli: Cli, tmp_path: Path) -> Path:
    """Return an archive that holds one table."""
    table = tmp_path / "before.csv"
    table.write_bytes(columns_csv())
    archive = tmp_path / "archive.duckdb"
    assert cli("ingest", table, "--archive", archive).code == 0
    return archive


def write(folder: Path, name: str, content: bytes) -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


def require_refused(ended: Ended, archive: Path, before: bytes) -> None:
    assert ended.code == 2
    assert ended.sentence.count("\n") == 0
    assert ended.out == ""
    assert archive.read_bytes() == before


@pytest.mark.parametrize("fault", WRONG)
def test_wrong_documents_are_refused_in_one_sentence(
    cli: Cli, stored: Path, tmp_path: Path, fault: str
) -> None:
    name, content = WRONG[fault]
    before = stored.read_bytes()
    ended = cli("ingest", write(tmp_path, name, content()), "--archive", stored)
    require_refused(ended, stored, before)
    assert name in ended.sentence


def test_one_wrong_file_among_good_ones_stores_nothing(cli: Cli, stored: Path, tmp_path: Path) -> None:
    good = write(tmp_path, "good.xlsx", workbook())
    bad = write(tmp_path, "bad.csv", columns_csv("BY-PL,IRQ,detections,2021-08-01,M,-2"))
    before = stored.read_bytes()
    require_refused(cli("ingest", good, bad, "--archive", stored), stored, before)
    assert cli("ingest", good, "--archive", stored).code == 0


def test_a_refused_document_makes_no_archive(cli: Cli, tmp_path: Path) -> None:
    ended = cli(
        "ingest", write(tmp_path, "page.xlsx", b"<html></html>"), "--archive", tmp_path / "new.duckdb"
    )
    assert ended.code == 2
    assert not (tmp_path / "new.duckdb").exists()


@pytest.mark.parametrize("words", [["nowhere.csv"], [], ["figures.csv", "--mapping", "nowhere.yml"]])
def test_wrong_usage(cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: list[str]) -> None:
    monkeypatch.chdir(tmp_path)
    write(tmp_path, "figures.csv", columns_csv())
    ended = cli("ingest", *words, "--archive", "archive.duckdb")
    assert ended.code == 2
    assert ended.sentence
    assert not (tmp_path / "archive.duckdb").exists()


def test_an_unknown_nationality_is_kept_aside_and_listed(cli: Cli, tmp_path: Path) -> None:
    archive = tmp_path / "archive.duckdb"
    rows = [*ROWS, ("Eastern Borders Route", "Land", "Ruritania", 9, 2)]
    ended = cli("ingest", write(tmp_path, "book.xlsx", workbook(rows=rows)), "--archive", archive)
    assert ended.code == 0
    assert "'Ruritania'" in ended.out
    listed = cli("observations", "--set-aside", "--json", "--archive", archive).answer["observations"]
    assert [(row["text"], row["value"]) for row in listed] == [("Ruritania", 9.0), ("Ruritania", 2.0)]
    assert "Ruritania" in cli("observations", "--set-aside", "--archive", archive).out


def test_the_answer_as_json(cli: Cli, tmp_path: Path) -> None:
    table, archive = write(tmp_path, "t.csv", columns_csv()), tmp_path / "archive.duckdb"
    first = cli("ingest", table, "--json", "--archive", archive).answer
    assert list(first)[: len(HEADER)] == HEADER
    assert first["stage"] == "ingest"
    assert first["changed"] is True
    assert first["new"]["observations"] == 2
    assert first["vintages"][0]["known_on"] == first["as_of"] == "2021-10-01"
    again = cli("ingest", table, "--json", "--archive", archive).answer
    assert again["changed"] is False
    assert again["result_id"] == first["result_id"]


def test_an_error_as_json(cli: Cli, tmp_path: Path) -> None:
    bad = write(tmp_path, "bad.csv", columns_csv("BY-PL,IRQ,detections,2021-08-01,M,-2"))
    ended = cli("ingest", bad, "--json", "--archive", tmp_path / "archive.duckdb")
    assert ended.code == 2
    assert set(ended.answer["error"]) == {"class", "expected", "found", "where", "hint"}


def test_two_documents_of_one_day_that_differ_are_said(cli: Cli, tmp_path: Path) -> None:
    head = f"{CSV_HEAD},dataset,known_on"
    tables = [
        write(
            tmp_path,
            f"{n}.csv",
            columns_csv(f"BY-PL,IRQ,detections,2021-08-01,M,{n},user.mine,2021-09-05", head=head),
        )
        for n in (10, 12)
    ]
    archive = tmp_path / "archive.duckdb"
    cli("ingest", tables[0], "--archive", archive)
    ended = cli("ingest", tables[1], "--archive", archive)
    assert "other values for 1 cells" in ended.out
    assert read_store(archive).observations.height == 2


def test_without_archive_the_one_in_the_data_directory_is_made(cli: Cli, tmp_path: Path) -> None:
    assert cli("ingest", write(tmp_path, "t.csv", columns_csv())).code == 0
    answer = cli("observations", "--corridor", "BY-PL", "--nationality", "IRQ", "--json").answer
    assert {"user.t"} <= {row["dataset"] for row in answer["observations"]}
    assert answer["archive"].startswith(str(tmp_path))
