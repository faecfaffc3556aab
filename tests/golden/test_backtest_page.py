"""The page of the back-test shows what the files of the benchmark hold."""

from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from benchmarks.skill.detect import DETECT_COLUMNS, run
from counterpoise.monitoring.backtest import BacktestOptions
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


def test_the_files_are_what_the_code_makes(shared: Path) -> None:
    """Three detectors, both of ours among them; simulations and intervals are left small, for they are not compared."""
    assert (shared / "benchmarks" / "surges.csv").is_file()
    names = ["ears_c1", "count_model", "count_model_two_months"]
    detectors = [detector for detector in all_detectors() if detector.name in names]
    made = run(detectors, BacktestOptions(n_simulated=2, n_draws=2))
    why = "run 'python benchmarks/skill/detect.py --renew' and 'python tools/backtest_tables.py', and commit the files"
    frozen = backtest_tables.read("thresholds").filter(pl.col("detector").is_in(names))
    assert made.thresholds["sha256"].to_list() == frozen["sha256"].to_list(), why
    compared = [name for name in DETECT_COLUMNS if name not in {"lower", "upper"}]
    real = pl.col("class") != "ramp_x10"
    committed = backtest_tables.read("detect").filter(pl.col("detector").is_in(names), real).select(compared)
    assert_frame_equal(made.detection.filter(real).select(compared), committed, abs_tol=1e-4)
