"""The page of the back-test shows what the files of the benchmark hold."""

import polars as pl
import pytest

from counterpoise.monitoring.backtest.selection import all_detectors
from tools import backtest_tables


def test_the_tables_are_fresh() -> None:
    text = backtest_tables.PAGE.read_text(encoding="utf-8")
    assert backtest_tables.page(text) == text, "run 'python tools/backtest_tables.py' and commit the page"


@pytest.mark.parametrize("name", ["detect", "thresholds"])
def test_the_files_hold_every_detector_at_every_rate(name: str) -> None:
    frame = backtest_tables.read(name)
    pairs = set(frame.select("detector", "rate").iter_rows())
    wanted = {(d.name, rate) for d in all_detectors() for rate in backtest_tables.RATES}
    assert pairs == wanted


def test_detection_has_the_columns_promised() -> None:
    frame = backtest_tables.read("detect")
    promised = ["detector", "class", "rate", "realised_rate", "p1", "p2", "p3", "lower", "upper"]
    assert frame.columns == promised
    real = frame.filter(pl.col("class") != "ramp_x10")
    assert ((real["lower"] <= real["p2"]) & (real["p2"] <= real["upper"])).all()
