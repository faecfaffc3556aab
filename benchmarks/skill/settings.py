"""Choose the settings of the dynamic count model on the months up to December 2018, and write down how.

    python benchmarks/skill/settings.py

Reads the bundled Frontex series, uses nothing after 2018, and writes ``settings.csv`` beside this file. For each
candidate: the mean log score of the one-step forecasts (each no lower than -15, so that a handful of real surges
do not decide), and the share of 3,000 surges of our own (a fixed seed and a recipe of its own, below; not the
benchmark's surges) that raise a new alarm in their first or second month, at thresholds that raise 0.5 and 1 alarm
episode per series-decade on the untouched series. The candidate with the largest sum of the two shares is the
default in ``DetectOptions``. With it, each month is also judged together with the one before (``two_periods.py``), for
several shares above which a month by itself lends no weight to the one before; the share with the largest sum is
``HIGH_BY_ITSELF``. For months by themselves, the rate of episodes at several thresholds: the default threshold is the
one nearest to 1 % per series-month on series with 50 people and more, and ``alarm_rate`` what it realises over all
series. Every real surge before 2019 counts as a false alarm there, so that rate is a ceiling.
"""

from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import numpy.typing as npt
import polars as pl
from scipy.special import gammaln

from counterpoise.monitoring.decision import n_marked_before
from counterpoise.monitoring.dynamic_count import Forecasts, forecast_counts
from counterpoise.monitoring.options import DETECT_DEFAULTS, DetectOptions
from counterpoise.monitoring.two_periods import two_period_surprise
from counterpoise.observations.archive import Archive
from counterpoise.observations.bundled import read_bundled
from counterpoise.observations.panel import build_panels

Array = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]

LAST_MONTH = date(2018, 12, 1)
LOWEST_SCORE = -15.0
SMALLEST_TOTAL = 50
WARM_UP = 24
RATES = {"p2_at_half": 1 / 240, "p2_at_one": 1 / 120}
THRESHOLDS = (0.0005, 0.001, 0.0015, 0.002, 0.0025, 0.003, 0.004, 0.005, 0.01)
SHARES_HIGH = (1.0, 0.5, 0.3, 0.1, 0.05)
N_SURGES = 3000
SEED = 7

FOUR = ((0.6, 0.2), (0.6, 1.0), (0.85, 0.2), (0.85, 1.0))
SIX = tuple((discount, v) for discount in (0.5, 0.8) for v in (0.1, 0.5, 2.0))
CANDIDATES: dict[str, DetectOptions] = {
    "one model": replace(DETECT_DEFAULTS, models=((0.6, 0.6),)),
    "two speeds": replace(DETECT_DEFAULTS, models=((0.6, 0.3), (0.9, 0.3))),
    "four": replace(DETECT_DEFAULTS, models=FOUR),
    "six": replace(DETECT_DEFAULTS, models=SIX),
    "four, no background": replace(DETECT_DEFAULTS, models=FOUR, background=1e-6),
    "four, background 1": replace(DETECT_DEFAULTS, models=FOUR, background=1.0),
    "four, background 4": replace(DETECT_DEFAULTS, models=FOUR, background=4.0),
    "four, slow dispersion": replace(
        DETECT_DEFAULTS, models=FOUR, dispersion_discount=0.98, dispersion_weight=12.0
    ),
    "four, long memory": replace(DETECT_DEFAULTS, models=FOUR, weight_memory=0.97),
    "four, strong season": replace(DETECT_DEFAULTS, models=FOUR, season_sd=0.3),
}


def training_counts() -> Array:
    """Return the bundled Frontex counts up to the last month allowed, series x months."""
    known = Archive.from_batch(read_bundled()).as_of()
    panel = next(p for p in build_panels(known) if p.dataset == "frontex.ibc")
    return panel.values[:, (panel.periods["period_start"] <= LAST_MONTH).to_numpy()]


def add_surges(counts: Array) -> tuple[Array, npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Return series with one surge each, the series it was added to, and its first month.

    Half are multiples (1.5 to 10, log-uniform) of the mean of the year before, where that is 5 or more; half add
    12 to 110 people (log-uniform) a month where it is 30 or less. A third each are ramps (1/3, 2/3, 1), pulses
    (1, 1/2, 1/4) and steps (1, 1, 1); what is added is Poisson. First months lie in 2012 to October 2018.
    """
    rng = np.random.default_rng(SEED)
    profiles = np.array([(1 / 3, 2 / 3, 1), (1, 1 / 2, 1 / 4), (1, 1, 1)])
    rows: list[int] = []
    starts: list[int] = []
    added: list[npt.NDArray[np.int64]] = []
    while len(rows) < N_SURGES:
        row, start = rng.integers(counts.shape[0]), rng.integers(36, counts.shape[1] - 2)
        usual = counts[row, start - 12 : start].mean()
        if rng.random() < 0.5:
            if usual < 5:
                continue
            size = usual * np.exp(rng.uniform(np.log(1.5), np.log(10)))
        else:
            if usual > 30:
                continue
            size = np.exp(rng.uniform(np.log(12), np.log(110)))
        rows.append(int(row))
        starts.append(int(start))
        added.append(rng.poisson(size * profiles[rng.integers(3)]))
    series, first = np.array(rows), np.array(starts)
    surged = counts[series].copy()
    for month in range(3):
        surged[np.arange(N_SURGES), first + month] += np.array(added)[:, month]
    return surged, series, first


def run(counts: Array, options: DetectOptions) -> Forecasts:
    """Return the forecasts of plain counts."""
    nothing = np.zeros(counts.shape, dtype=bool)
    return forecast_counts(
        counts, breaks=nothing, unsettled=nothing, first_month=1, options=options, two_ahead=True
    )


def log_score(counts: Array, forecasts: Forecasts) -> float:
    """Return the mean log probability of each count after the warm-up, none lower than the lowest."""
    shape, rate, y = forecasts.shape[:, WARM_UP:], forecasts.rate[:, WARM_UP:], counts[:, WARM_UP:]
    score = (
        gammaln(shape + y) - gammaln(shape) - gammaln(y + 1) - shape * np.log1p(1 / rate) - y * np.log1p(rate)
    )
    return float(np.maximum(score, LOWEST_SCORE).mean())


def episodes(alarm: Mask) -> Mask:
    """Return the alarms with none in the three months before."""
    first: Mask = alarm & (n_marked_before(alarm, 3) == 0)
    return first


def threshold_at(tail: Array, rate: float) -> float:
    """Return the largest tail probability at which episodes begin no more often than ``rate``."""
    tails = np.unique(np.quantile(tail[:, WARM_UP:], np.geomspace(1e-4, 0.1, 500)))
    allowed = [t for t in tails if episodes(tail < t)[:, WARM_UP:].mean() <= rate]
    return float(max(allowed, default=tails[0]))


def share_found(
    tail: Array,
    surged: Array,
    series: npt.NDArray[np.int64],
    first: npt.NDArray[np.int64],
    rate: float,
) -> float:
    """Return the share of surges with a new alarm in their first or second month."""
    limit = threshold_at(tail, rate)
    each = np.arange(len(first))
    before = n_marked_before(tail < limit, 3)[series, first] > 0
    found = (surged[each, first] < limit) | (surged[each, first + 1] < limit)
    return float((found & ~before).mean())


def together(forecasts: Forecasts, high: float) -> Array:
    """Return the probability of each month and the one before it together."""
    assert forecasts.tail_ahead is not None
    tail: Array = 10.0 ** -two_period_surprise(forecasts.tail_probability, forecasts.tail_ahead, high=high)
    return tail


def main() -> None:
    """Write the table."""
    counts = training_counts()
    busy = counts[counts.sum(axis=1) >= SMALLEST_TOTAL]
    surged, series, first = add_surges(busy)
    rows: list[dict[str, object]] = []
    for name, options in CANDIDATES.items():
        forecasts = run(busy, options)
        with_surges = run(surged, options).tail_probability
        shares = {
            key: round(share_found(forecasts.tail_probability, with_surges, series, first, rate), 4)
            for key, rate in RATES.items()
        }
        rows.append({"candidate": name, "log_score": round(log_score(busy, forecasts), 4), **shares})
        print(rows[-1], flush=True)
    best = max(rows, key=lambda row: float(str(row["p2_at_half"])) + float(str(row["p2_at_one"])))
    options = CANDIDATES[str(best["candidate"])]
    quiet, with_surge = run(busy, options), run(surged, options)
    for high in SHARES_HIGH:
        tails = together(quiet, high), together(with_surge, high)
        shares = {key: round(share_found(*tails, series, first, rate), 4) for key, rate in RATES.items()}
        rows.append({"candidate": f"{best['candidate']}, two months, high {high:g}", **shares})
        print(rows[-1], flush=True)
    for threshold in THRESHOLDS:
        for label, some in (("50 and more", busy), ("all", counts)):
            tail = run(some, CANDIDATES[str(best["candidate"])]).tail_probability
            alarm = (tail < threshold) & (some >= DETECT_DEFAULTS.min_observed)
            rate = float(episodes(alarm)[:, WARM_UP:].mean())
            rows.append(
                {
                    "candidate": best["candidate"],
                    "series": label,
                    "threshold": threshold,
                    "rate": round(rate, 5),
                }
            )
    table = pl.DataFrame(rows, infer_schema_length=None)
    table.write_csv(Path(__file__).with_name("settings.csv"))
    print(table.filter(pl.col("threshold").is_not_null()).drop("log_score", *RATES))


if __name__ == "__main__":
    main()
