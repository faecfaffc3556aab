"""Choose the settings of the dynamic count model on the months up to December 2018, and write down how.

    python benchmarks/skill/settings.py

Reads the bundled Frontex series as they stand, uses nothing after 2018, and writes ``settings.csv`` beside this
file: for each combination the mean log score of the one-step forecasts (each score no lower than -15, so that a
handful of real surges do not decide) and, for the best combination, the rate of alarms that begin an episode at
several thresholds. The defaults in ``DetectOptions`` are the best row, a nominal threshold of one in a thousand, and
the rate that this threshold realised over all series. That rate counts every real surge before 2019 as a false
alarm, so it is a ceiling; it is above the nominal one because monthly flows have heavier tails than the model.
"""

import itertools
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import polars as pl
from scipy.special import gammaln

from counterpoise.monitoring.dynamic_count import forecast_counts
from counterpoise.monitoring.options import DETECT_DEFAULTS, DetectOptions
from counterpoise.observations.archive import Archive
from counterpoise.observations.bundled import read_bundled
from counterpoise.observations.panel import Panel, build_panels

LAST_MONTH = date(2018, 12, 1)
LOWEST_SCORE = -15.0
SMALLEST_TOTAL = 50
LEVEL_DISCOUNTS = (0.5, 0.6, 0.7, 0.8)
DISPERSIONS = (0.3, 0.6, 1.0, 1.5)
DISPERSION_DISCOUNTS = (0.95, 0.98)
THRESHOLDS = (0.0002, 0.0005, 0.001, 0.002, 0.005)


def training_panel() -> tuple[Panel, np.ndarray]:
    """Return the Frontex panel and its counts up to the last month allowed."""
    known = Archive.from_batch(read_bundled()).as_of()
    panel = next(p for p in build_panels(known) if p.dataset == "frontex.ibc")
    return panel, panel.values[:, (panel.periods["period_start"] <= LAST_MONTH).to_numpy()]


def log_scores(counts: np.ndarray, options: DetectOptions) -> np.ndarray:
    """Return the log probability of each count after the warm-up."""
    nothing = np.zeros(counts.shape, dtype=bool)
    forecasts = forecast_counts(counts, breaks=nothing, unsettled=nothing, first_month=1, options=options)
    after = slice(options.warm_up_periods, None)
    shape, rate, y = forecasts.shape[:, after], forecasts.rate[:, after], counts[:, after]
    return (
        gammaln(shape + y)
        - gammaln(shape)
        - gammaln(y + 1)
        + shape * np.log(rate / (1 + rate))
        - y * np.log1p(rate)
    )


def alarm_rate(counts: np.ndarray, options: DetectOptions) -> float:
    """Return alarms that begin an episode (none in the two months before), per series-month after the warm-up."""
    nothing = np.zeros(counts.shape, dtype=bool)
    forecasts = forecast_counts(counts, breaks=nothing, unsettled=nothing, first_month=1, options=options)
    alarm = forecasts.surge | forecasts.collapse
    before = np.zeros_like(alarm)
    before[:, 1:] |= alarm[:, :-1]
    before[:, 2:] |= alarm[:, :-2]
    return float((alarm & ~before)[:, options.warm_up_periods :].mean())


def main() -> None:
    """Write the table."""
    _, counts = training_panel()
    busy = counts[counts.sum(axis=1) >= SMALLEST_TOTAL]
    rows = []
    for level, dispersion, discount in itertools.product(LEVEL_DISCOUNTS, DISPERSIONS, DISPERSION_DISCOUNTS):
        options = replace(
            DETECT_DEFAULTS, level_discount=level, dispersion=dispersion, dispersion_discount=discount
        )
        scores = log_scores(busy, options)
        rows.append(
            {
                "series": "50 and more",
                "level_discount": level,
                "dispersion": dispersion,
                "dispersion_discount": discount,
                "threshold": None,
                "log_score": round(float(np.maximum(scores, LOWEST_SCORE).mean()), 4),
                "alarm_rate": None,
            }
        )
    best = max(rows, key=lambda row: row["log_score"])
    chosen = {name: best[name] for name in ("level_discount", "dispersion", "dispersion_discount")}
    for threshold in THRESHOLDS:
        options = replace(DETECT_DEFAULTS, **chosen, threshold=threshold)
        rows += [
            {
                "series": name,
                **chosen,
                "threshold": threshold,
                "log_score": None,
                "alarm_rate": round(alarm_rate(some, options), 5),
            }
            for name, some in (("50 and more", busy), ("all", counts))
        ]
    table = pl.DataFrame(rows, infer_schema_length=None)
    table.write_csv(Path(__file__).with_name("settings.csv"))
    print(table.filter(pl.col("threshold").is_null()).sort("log_score", descending=True).head(8))
    print(table.filter(pl.col("threshold").is_not_null()))


if __name__ == "__main__":
    main()
