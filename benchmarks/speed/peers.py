"""Speed of a replay beside its peers: the same months of the same series, judged month by month, in one run.

    python benchmarks/speed/peers.py [--statsforecast PYTHON]

Ours is what ``detect`` does with a panel: forecasts, bands, alarms, episodes over all months of the 315 busiest
series. R's ``surveillance`` (Debian: r-cran-surveillance) judges the last five years of every twentieth of them
with its Farrington-Noufaily and EARS C1; ``statsforecast`` fits an automatic ETS anew for each of the last twelve
months, as a replay must. ``PYTHON`` is an interpreter that has statsforecast; it is no dependency. A peer that is not
there is left out and said. Figures are processor seconds per series-month judged, and their ratio to ours;
``month_ms`` is what one more month of all 315 series adds to our replay. Writes ``peers.csv``.
"""

import argparse
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import polars as pl

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parents[1]))

from benchmarks.speed.detect import N_SERIES, busiest_counts, measure  # noqa: E402

EVERY = 20
FIVE_YEARS = 60
STATSFORECAST = """
import sys, time, warnings
import numpy as np, pandas as pd
from statsforecast import StatsForecast
from statsforecast.models import AutoETS
warnings.simplefilter("ignore")
counts = np.loadtxt(sys.argv[1], delimiter=",", ndmin=2)
dates = pd.date_range("2009-01-01", periods=counts.shape[1], freq="MS")
frame = pd.concat([pd.DataFrame({"unique_id": str(i), "ds": dates, "y": y}) for i, y in enumerate(counts)])
def replay(months):
    model = StatsForecast(models=[AutoETS(season_length=12)], freq="MS", n_jobs=1)
    begin = time.process_time()
    model.cross_validation(df=frame, h=1, step_size=1, n_windows=months, level=[95], refit=True)
    return time.process_time() - begin
replay(1)  # compiles
print(replay(12))
"""


def per_cell(n_series: int, n_months: int, seconds: float) -> float:
    """Return microseconds per series-month."""
    return 1e6 * seconds / (n_series * n_months)


def main() -> None:
    """Run every peer that is there, print the table and write it."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--statsforecast", metavar="PYTHON", help="an interpreter that has statsforecast")
    asked = parser.parse_args().statsforecast
    counts = busiest_counts()
    some = counts[::EVERY]
    ours = measure(1, 1)
    rows = [("counterpoise", N_SERIES, counts.shape[1], ours["total_s"])]
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "counts.csv"
        np.savetxt(file, some, fmt="%d", delimiter=",")
        if shutil.which("Rscript"):
            first = counts.shape[1] - FIVE_YEARS + 1
            command = ["Rscript", str(HERE / "peers.R"), str(file), str(first)]
            done = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()
            for name, seconds in zip(("farringtonFlexible", "earsC"), done, strict=True):
                rows.append((f"surveillance {name}", len(some), FIVE_YEARS, float(seconds)))
        else:
            print("R is not there: surveillance is left out")
        if asked:
            command = [asked, "-c", STATSFORECAST, str(file)]
            done = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()
            rows.append(("statsforecast AutoETS, fitted anew", len(some), 12, float(done[-1])))
        else:
            print("--statsforecast is not given: it is left out")
    mine = per_cell(*rows[0][1:])
    table = pl.DataFrame(
        [
            {
                "program": name,
                "n_series": n_series,
                "n_months": n_months,
                "microseconds": round(per_cell(n_series, n_months, seconds), 2),
                "ratio": round(per_cell(n_series, n_months, seconds) / mine, 1),
            }
            for name, n_series, n_months, seconds in rows
        ]
    ).with_columns(
        pl.when(program="counterpoise")
        .then(round(1e3 * ours["total_s"] / counts.shape[1], 1))
        .alias("month_ms")
    )
    table.write_csv(HERE / "peers.csv")
    with pl.Config(
        tbl_cols=-1, tbl_width_chars=120, tbl_formatting="ASCII_MARKDOWN", tbl_hide_dataframe_shape=True
    ):
        print(table)


if __name__ == "__main__":
    main()
