"""``counterpoise screen``."""

from pathlib import Path

import polars as pl

from tests.cli.conftest import Cli


def test_the_list_is_printed_with_reasons_and_written_whole(cli: Cli, tmp_path: Path) -> None:
    out = tmp_path / "screen.csv"
    ended = cli("screen", "--since", "2021-01-01", "--top", "3")
    assert ended.code == 0
    assert "corridor-months with a rise" in ended.out
    assert "for:" in ended.out
    assert cli("screen", "--since", "2021-01-01", "--out", str(out)).code == 0
    answer = cli("screen", "--since", "2021-01-01", "--json").answer
    assert pl.read_csv(out).height == len(answer["rows"]) > 3
