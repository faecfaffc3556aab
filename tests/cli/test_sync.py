"""``sync`` as people run it: the plan, a mirror, failures that leave the rest, and JSON."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.conftest import Cli
from tests.sources.sync.lab import BOOK, book, page_with
from tests.sources.sync.loopback import Loopback, body, serving

HOST = "/www.frontex.europa.eu"
PAGE = f"{HOST}/what-we-do/monitoring-and-risk-analysis/migratory-map/"


@pytest.fixture
def mirror(monkeypatch: pytest.MonkeyPatch) -> Iterator[Loopback]:
    monkeypatch.setenv("NO_PROXY", "*")
    with serving() as server:
        server.answers = {PAGE: body(page_with(BOOK), "text/html"), HOST + BOOK: body(book())}
        yield server


def test_a_dry_run_shows_the_plan_and_asks_nobody(cli: Cli, tmp_path: Path) -> None:
    ended = cli("sync", "--dry-run", "--archive", tmp_path / "a.duckdb")

    assert ended.code == 0
    assert "https://vsat.lrv.lt/lt/naujienos/rss/" in ended.out
    assert "unverified" in ended.out
    assert "second grade" in ended.out
    assert list(tmp_path.glob("a.duckdb*")) == []


def test_a_mirror_fills_an_archive_and_one_failure_is_exit_code_3(
    cli: Cli, tmp_path: Path, mirror: Loopback
) -> None:
    archive = tmp_path / "a.duckdb"
    ended = cli("sync", "frontex", "vsat.bulletin", "--mirror", mirror.url, "--archive", archive)

    assert ended.code == 3
    assert (
        "frontex.ibc: new figures stored. Documents: 1 read = 1 kept. Figures: 4 read = 2 kept, 2 zero"
        in ended.out
    )
    assert "vsat.bulletin: failed. vsat.bulletin, https://vsat.lrv.lt" in ended.out
    assert ended.err.startswith("Plan: frontex.ibc: http://127.0.0.1")

    again = cli("sync", "frontex", "--mirror", mirror.url, "--archive", archive, "--json")
    assert again.code == 0
    [source] = again.answer["sources"]
    assert (again.answer["stage"], source["state"], source["error"]) == ("sync", "nothing_new", None)
    assert again.answer["plan"][0]["unverified"]

    shown = cli("sources", "--archive", archive, "--json")
    [row] = [row for row in shown.answer["sources"] if row["dataset"] == "frontex.ibc"]
    assert row["last_checked_on"] == source["checked_at"][:10]


@pytest.mark.parametrize(
    ("words", "found"),
    [(("nobody",), "nobody"), (("frontec",), "frontec"), (("frontex", "--mirror", "folder"), "'folder'")],
)
def test_wrong_words_are_exit_code_2(cli: Cli, words: tuple[str, ...], found: str) -> None:
    ended = cli("sync", *words)

    assert ended.code == 2
    assert found in ended.sentence
