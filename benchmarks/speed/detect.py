"""Speed of monitoring: the 315 busiest monthly series from 2009 on, replicated, in one process.

    python benchmarks/speed/detect.py

Reads the publisher's whole table from ``../shared`` where it is, else the bundled series. Each size runs in a process
of its own, so that peak memory is its own too: forecasts, then bands (quantiles, decisions, the table), then alarms and
episodes. Beside it in the same run: the same engine given one series at a time, which is what a loop over series
costs. The exponents say how time grows with the number of series and of months (1 is linear). Seconds are of the
processor, all threads together, so that other programs on the machine do not count. Writes ``detect.csv``.
"""

import json
import resource
import subprocess
import sys
import time
from datetime import date
from pathlib import Path

import numpy as np
import polars as pl

N_SERIES = 315
SIZES = ((1, 1), (10, 1), (100, 1), (1, 10), (1, 100))
"""How often the series, and the months, are repeated."""
N_NATIONALITIES = 45
N_ALONE = 15
REPEATS = 3
ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT.parent / "shared" / "data" / "frontex" / "frontex_ibc.parquet"


def busiest_counts() -> np.ndarray:
    """Return the counts of the busiest series of route and nationality, series x months."""
    if SOURCE.exists():
        rows = pl.read_parquet(SOURCE).rename({"route": "corridor", "detections": "value"})
    else:
        from counterpoise.observations.bundled import read_bundled

        rows = read_bundled().observations.filter(pl.col("dataset") == "frontex.ibc")
        rows = rows.rename({"period_start": "month"})
    cells = rows.group_by("corridor", "nationality", "month").agg(pl.col("value").sum())
    span = cells.select(pl.date_range(pl.col("month").min(), pl.col("month").max(), "1mo"))
    months = span["month"]
    total = cells.group_by("corridor", "nationality").agg(pl.col("value").sum().alias("total"))
    top = total.sort("total", "corridor", "nationality", descending=[True, False, False]).head(N_SERIES)
    grid = top.drop("total").join(months.to_frame(), how="cross")
    filled = grid.join(
        cells, on=["corridor", "nationality", "month"], how="left", maintain_order="left"
    ).with_columns(pl.col("value").fill_null(0))
    return filled["value"].to_numpy().astype(np.float64).reshape(top.height, len(months))


def measure(series_times: int, months_times: int) -> dict[str, float]:
    """Return processor seconds by part, best of several runs, and the peak memory of this process."""
    from counterpoise.monitoring.alarms import alarms_of, bands_of, episodes_of
    from counterpoise.monitoring.dynamic_count import forecast_counts
    from counterpoise.monitoring.options import DETECT_DEFAULTS
    from counterpoise.observations.panel import Panel

    counts = np.tile(busiest_counts(), (series_times, months_times))
    n_series, n_months = counts.shape
    starts = pl.date_range(date(1000, 1, 1), interval="1mo", end=date(9999, 12, 1), eager=True).head(n_months)
    panel = Panel(
        dataset="bench",
        measure="detections",
        frequency="M",
        series=pl.DataFrame(
            {
                "corridor": [f"c{i // N_NATIONALITIES}" for i in range(n_series)],
                "nationality": [f"N{i % N_NATIONALITIES:02d}" for i in range(n_series)],
            }
        ),
        periods=pl.DataFrame({"period_start": starts, "period_end": starts.dt.month_end()}),
        values=counts,
        known_on=np.zeros(counts.shape),
        flags=np.full(counts.shape, "", dtype=object),
    )
    nothing = np.zeros(counts.shape, dtype=bool)
    no_notes = pl.DataFrame(
        schema={"corridor": pl.String(), "period_start": pl.Date(), "regime_note": pl.String()}
    )
    best: dict[str, float] = {}
    for _ in range(REPEATS if counts.size < 1_000_000 else 1):
        begin = time.process_time()
        forecasts = forecast_counts(
            counts, breaks=nothing, unsettled=nothing, first_month=1, options=DETECT_DEFAULTS
        )
        forecast = time.process_time()
        bands = bands_of(panel, forecasts, nothing, DETECT_DEFAULTS)
        banded = time.process_time()
        alarms = alarms_of(bands, no_notes, "M", DETECT_DEFAULTS.silence_periods)
        episodes_of(alarms, bands)
        end = time.process_time()
        parts = {
            "forecast_s": forecast - begin,
            "bands_s": banded - forecast,
            "alarms_s": end - banded,
            "total_s": end - begin,
        }
        best = parts if not best or parts["total_s"] < best["total_s"] else best
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"n_series": n_series, "n_months": n_months, **best, "peak_mb": peak}


def one_at_a_time() -> float:
    """Return nanoseconds per series-month of the same forecasts made in a loop over series."""
    from counterpoise.monitoring.dynamic_count import forecast_counts
    from counterpoise.monitoring.options import DETECT_DEFAULTS

    counts = busiest_counts()[:: N_SERIES // N_ALONE]
    nothing = np.zeros((1, counts.shape[1]), dtype=bool)
    begin = time.process_time()
    for row in counts:
        forecast_counts(
            row[None, :], breaks=nothing, unsettled=nothing, first_month=1, options=DETECT_DEFAULTS
        )
    return 1e9 * (time.process_time() - begin) / counts.size


def exponent(small: dict[str, float], large: dict[str, float], size: str) -> float:
    """Return how the time grows: 1 is in proportion."""
    return float(np.log(large["total_s"] / small["total_s"]) / np.log(large[size] / small[size]))


def main() -> None:
    """Run every size, print the table and write it."""
    results = []
    for series_times, months_times in SIZES:
        command = [sys.executable, __file__, str(series_times), str(months_times)]
        run = subprocess.run(command, check=True, capture_output=True, text=True)
        results.append(json.loads(run.stdout))
    table = pl.DataFrame(results).with_columns(
        (1e9 * pl.col("total_s") / (pl.col("n_series") * pl.col("n_months"))).alias("ns_per_series_month")
    )
    places = {"ns_per_series_month": 0, "peak_mb": 0}
    table = table.with_columns(
        *(pl.col(name).round(places.get(name, 3)) for name in table.columns if name[:2] != "n_")
    )
    table.write_csv(Path(__file__).with_suffix(".csv"))
    with pl.Config(
        tbl_cols=-1, tbl_width_chars=120, tbl_formatting="ASCII_MARKDOWN", tbl_hide_dataframe_shape=True
    ):
        print(table)
    base, series_10, series_100, months_10, months_100 = results
    print(f"Exponent in series: {exponent(series_10, series_100, 'n_series'):.2f} from 10x to 100x")
    print(f"Exponent in months: {exponent(months_10, months_100, 'n_months'):.2f} from 10x to 100x")
    together = 1e9 * base["forecast_s"] / (base["n_series"] * base["n_months"])
    alone = one_at_a_time()
    print(
        f"Forecasts: {together:,.0f} ns per series-month together, {alone:,.0f} one series at a time: "
        f"{alone / together:.0f} times as long"
    )


if __name__ == "__main__":
    if len(sys.argv) == 3:
        print(json.dumps(measure(int(sys.argv[1]), int(sys.argv[2]))))
    else:
        main()
