"""``counterpoise detect --chart``."""

from pathlib import Path

import pytest

from tests.cli.conftest import Cli


@pytest.mark.parametrize(
    ("chart", "text"), [("heat", "How unusual each month was"), ("multiples", "each on a scale")]
)
def test_a_chart_of_many_series_is_written(cli: Cli, tmp_path: Path, chart: str, text: str) -> None:
    out = tmp_path / "chart.svg"
    ended = cli("detect", "--case", "belarus-eu-2021", "--chart", chart, "--out", str(out))
    assert ended.code == 0
    assert text in out.read_text(encoding="utf-8")


def test_a_chart_of_another_kind_is_refused_and_nothing_is_written(cli: Cli, tmp_path: Path) -> None:
    out = tmp_path / "chart.svg"
    ended = cli("detect", "--chart", "pie", "--out", str(out))
    assert ended.code == 2
    assert "--chart" in ended.sentence
    assert not out.exists()


def test_a_calendar_of_days_is_refused(cli: Cli, tmp_path: Path) -> None:
    out = tmp_path / "chart.svg"
    ended = cli("detect", "--frequency", "D", "--corridor", "BY-LT", "--chart", "heat", "--out", str(out))
    assert ended.code == 2
    assert "monthly series" in ended.sentence
