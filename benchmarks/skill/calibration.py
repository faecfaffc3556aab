"""How often the bands hold and the tails occur on real series: up to 2018, which chose the settings, and after.

    python benchmarks/skill/calibration.py

Reads the bundled Frontex series and writes ``calibration.csv`` beside this file, which ``docs/monitoring.md`` shows:
of the judged months, the share of counts inside the 50, 80, 95 and 99 % bands, and the share whose upper tail
probability is below 5, 1, 0.25 and 0.1 %. A forecast of nobody is nearly always right, so months in which ten people
or more are expected stand apart from the others. Real surges are among the months and count as misses; the newest
month, which may be provisional, is left out.
"""

from pathlib import Path

import numpy as np
import numpy.typing as npt
import polars as pl

from counterpoise.monitoring.dynamic_count import Forecasts, forecast_counts
from counterpoise.monitoring.options import DETECT_DEFAULTS
from counterpoise.observations.archive import Archive
from counterpoise.observations.bundled import read_bundled
from counterpoise.observations.panel import build_panels

LAST_TRAINING_YEAR = 2018
LEVELS = (0.5, 0.8, 0.95, 0.99)
TAILS = (0.05, 0.01, 0.0025, 0.001)
MANY = 10.0


def calibration_table() -> pl.DataFrame:
    """Return shares inside the bands and out in the tail, by span and size of the forecast."""
    known = Archive.from_batch(read_bundled()).as_of()
    panel = next(p for p in build_panels(known) if p.dataset == "frontex.ibc")
    counts = panel.values[:, :-1]  # the newest month may be provisional
    nothing = np.zeros(counts.shape, dtype=bool)
    forecasts = forecast_counts(
        counts, breaks=nothing, unsettled=nothing, first_month=1, options=DETECT_DEFAULTS
    )
    years = panel.periods["period_start"].dt.year().to_numpy()[:-1]
    judged = np.arange(counts.shape[1]) >= DETECT_DEFAULTS.warm_up_periods
    mean = forecasts.shape / forecasts.rate
    rows = []
    for span, of_span in (
        (f"2011 to {LAST_TRAINING_YEAR}", judged & (years <= LAST_TRAINING_YEAR)),
        (f"{LAST_TRAINING_YEAR + 1} to {years[-1]}", judged & (years > LAST_TRAINING_YEAR)),
    ):
        for expected, cells in (
            (f"{MANY:.0f} and more", mean >= MANY),
            (f"under {MANY:.0f}", mean < MANY),
        ):
            rows.append({"span": span, "expected": expected, **shares(counts, forecasts, cells & of_span)})
    return pl.DataFrame(rows)


def main() -> None:
    """Write the table."""
    table = calibration_table()
    table.write_csv(Path(__file__).with_name("calibration.csv"))
    print(table)


def shares(
    counts: npt.NDArray[np.float64], forecasts: Forecasts, cells: npt.NDArray[np.bool_]
) -> dict[str, float]:
    """Return how many counts there are, and the shares inside the bands and out in the upper tail."""
    found: dict[str, float] = {"n": int(cells.sum())}
    for level in LEVELS:
        half = (1.0 - level) / 2
        inside = (counts >= forecasts.quantile(half)) & (counts <= forecasts.quantile(1.0 - half))
        found[f"inside_{level:g}"] = round(float(inside[cells].mean()), 3)
    for tail in TAILS:
        found[f"tail_{tail:g}"] = round(float((forecasts.tail_probability < tail)[cells].mean()), 4)
    return found


if __name__ == "__main__":
    main()
