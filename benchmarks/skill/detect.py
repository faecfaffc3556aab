"""Compare all detectors on the benchmark of added surges, and write down how they did.

    python benchmarks/skill/detect.py [--workers N] [--resume DIR] [--renew]

Reads Frontex's newest workbook as a table and the 3,000 surges from ``../shared`` beside the checkout, sets one
threshold per detector and rate on the untouched series up to December 2018, and writes beside this file

- ``thresholds.csv``: the thresholds, each with a hash of settings, training data and threshold. They are frozen: the
  script refuses to write where one has changed, unless told ``--renew``;
- ``detect.csv``: surges found, by detector, class of series and rate;
- ``detect_rates.csv``: false alarms on training months, on real months after, and on surge-free simulations;
- ``detect_gains.csv``: paired differences against EARS C1, Farrington-Noufaily and our count model;
- ``detect_forecasts.csv``: CRPS, log score and coverage of detectors that forecast;
- ``detect_onsets.csv``: the labelled onsets, which nothing is tuned to.

``tools/backtest_tables.py`` writes the tables of ``docs/backtest.md`` from these files.
"""

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from time import perf_counter

import polars as pl

from counterpoise.monitoring.backtest import Backtest, BacktestOptions, backtest
from counterpoise.monitoring.backtest.labelled import ONSETS
from counterpoise.monitoring.backtest.selection import all_detectors
from counterpoise.monitoring.backtest.series import monthly_panel, select_series
from counterpoise.monitoring.detectors.base import Detector
from counterpoise.observations.corridors import load_corridors
from counterpoise.sources import read_document

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
SHARED = ROOT.parent / "shared"
CODES = {"OOO": "UNK", "OOS": "XSS", "STL": "XXA"}
DETECT_COLUMNS = ("detector", "class", "rate", "realised_rate", "p1", "p2", "p3", "lower", "upper")
REFERENCES = ("ears_c1", "farrington_flexible", "count_model")


def read_surges() -> pl.DataFrame:
    """Return the benchmark's surges with our names of corridors and nationalities."""
    names = load_corridors().by_publisher_name("frontex")
    return pl.read_csv(SHARED / "benchmarks" / "surges.csv", try_parse_dates=True).with_columns(
        pl.col("route").replace_strict(names).alias("corridor"), pl.col("nationality").replace(CODES)
    )


def run(
    detectors: Sequence[Detector], options: BacktestOptions, *, workers: int = 1, resume: Path | None = None
) -> Backtest:
    """Return the back-test of some detectors on the benchmark."""
    newest = SHARED / "data" / "frontex" / "frontex_ibc.parquet"
    panel = monthly_panel(
        read_document(newest, mapping=ROOT / "docs" / "examples" / "frontex_newest.yml"),
        dataset="frontex.ibc",
    )
    return backtest(
        select_series(panel),
        detectors,
        surges=read_surges(),
        readings=select_series(panel, only=[(corridor, nationality) for corridor, nationality, _ in ONSETS]),
        options=options,
        workers=workers,
        resume=resume,
        progress=lambda line: print(line, file=sys.stderr),
    )


def changed_thresholds(result: Backtest) -> pl.DataFrame:
    """Return detector and rate of thresholds that are not the frozen ones; new detectors are no change."""
    path = HERE / "thresholds.csv"
    if not path.exists():
        return result.thresholds.select("detector", "rate").clear()
    frozen = pl.read_csv(path).select("detector", "rate", pl.col("sha256").alias("frozen"))
    joined = result.thresholds.join(frozen, on=["detector", "rate"])
    return joined.filter(pl.col("sha256") != pl.col("frozen")).select("detector", "rate")


def write(result: Backtest) -> None:
    """Write the tables; shares and rates with four digits, so that a difference between files is one of substance."""
    tables = {
        "detect": result.detection.select(DETECT_COLUMNS),
        "detect_rates": result.alarm_rates,
        "detect_gains": result.gains,
        "detect_forecasts": result.forecasts,
        "detect_onsets": result.readings,
    }
    for name, table in tables.items():
        table.with_columns(pl.col(pl.Float64).round(4)).write_csv(HERE / f"{name}.csv")
    result.thresholds.write_csv(HERE / "thresholds.csv")


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--resume", type=Path)
    parser.add_argument("--renew", action="store_true", help="overwrite frozen thresholds that have changed")
    arguments = parser.parse_args()
    started = perf_counter()
    result = run(
        all_detectors(),
        BacktestOptions(references=REFERENCES),
        workers=arguments.workers,
        resume=arguments.resume,
    )
    print(f"{perf_counter() - started:.0f} s with {arguments.workers} processes", file=sys.stderr)
    changed = changed_thresholds(result)
    if changed.height and not arguments.renew:
        print(changed)
        print("These thresholds are not the frozen ones; nothing was written. --renew writes them.")
        return 1
    write(result)
    with pl.Config(tbl_rows=-1, tbl_cols=-1, tbl_width_chars=120):
        print(result.detection.filter(pl.col("class") == "all").select(DETECT_COLUMNS))
    for check in result.checks:
        print(f"{check.status}: {check.text}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
