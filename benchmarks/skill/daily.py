"""Choose the settings for days on Italy's landings before 2022 and on simulations, and report what came after.

    python benchmarks/skill/daily.py [BULLETINS.csv.gz]

The file has ``date, arrivals, report_date``: the daily landings of Italy's Ministry of the Interior as each of its
bulletins gave them (ondata/liberiamoli-tutti, CC BY 4.0); without a name the one in the shared inputs beside the
checkout is read. Writes ``daily.csv`` beside this file, ``part, what, period, n, value``:

``settings``      mean log score (none lower than -15) of candidates for the models on days before 2022; the largest is
                  the default in ``DAILY_DEFAULTS``. For how quickly the dispersion forgets, and what its prior is
                  worth, the mean distance of coverage from what is stated; the smallest is the default. For it, the
                  rates at which alarms begin an episode at several thresholds. ``alarm_rate`` is the largest at the
                  default threshold, there or ``simulated``.
``next_day``      coverage of the bands one day ahead, each day as first published, given the bulletin it stood in.
``next_bulletin`` the same for all days of a bulletin forecast from the bulletin before: 1 to 16 days ahead.
``simulated``     coverage, false alarms per series-day, and the share of fivefold steps alarmed within some days.
``weeks``         the same for weeks (``weekly.py``): candidates by log score before 2022, with and without waves of the
                  year, then coverage, episodes a week, and the chance given to the week of 11 September 2023.
``pace``          how many times the mean since 1 January a single day, and seven days, were (``pace.py``): the quantile
                  and the largest before 2022, on which the limits rest, and the share at or above these limits.

A bulletin's own last day counts to 8 in the morning only: such days are provisional, neither learnt nor scored.
"""

import sys
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import numpy.typing as npt
import polars as pl
from scipy.special import gammaln

from counterpoise.monitoring.daily import DAILY_DEFAULTS, baseline_of, weekday_regressors
from counterpoise.monitoring.decision import decide, n_marked_before
from counterpoise.monitoring.dynamic_count import Forecasts, forecast_counts
from counterpoise.monitoring.options import DetectOptions
from counterpoise.monitoring.pace import DAY_RATIO, FEWEST_PACE_DAYS, WEEK_RATIO, pace_ratio
from counterpoise.monitoring.weekly import WEEKLY_DEFAULTS, week_regressors

Array = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]

BULLETINS = (
    Path(__file__).resolve().parents[3] / "shared" / "data" / "italy" / "sea_arrivals_daily_by_report.csv.gz"
)
FROZEN_BEFORE = date(2022, 1, 1)
MONDAY = date(2024, 1, 1)
LOWEST_SCORE = -15.0
LEVELS = (0.5, 0.8, 0.95)
THRESHOLDS = (0.0005, 0.001, 0.002, 0.005)
WITHIN_DAYS = (1, 3, 7)
N_SERIES, N_DAYS, STEP_AT, STEP = 200, 500, 400, 5.0
SEED = 11
WEEK = np.array([1.4, 1.1, 0.8, 0.9, 1.0, 0.7, 1.3])

MEMORIES = ((0.85, 4.0), (0.95, 4.0), (0.98, 4.0), (0.98, 8.0), (0.95, 20.0), (0.98, 20.0), (0.995, 20.0))
"""Candidates for ``dispersion_discount`` and ``dispersion_weight``."""

CANDIDATES: dict[str, tuple[tuple[float, float], ...]] = {
    "months' models": ((0.6, 0.2), (0.6, 1.0), (0.85, 0.2), (0.85, 1.0)),
    "fast": ((0.8, 0.3), (0.8, 2.0), (0.95, 0.3), (0.95, 2.0)),
    "middling": ((0.9, 0.3), (0.9, 2.0), (0.97, 0.3), (0.97, 2.0)),
    "fast and slow": ((0.9, 0.3), (0.9, 2.0), (0.98, 0.3), (0.98, 2.0)),
    "slow": ((0.97, 0.3), (0.97, 2.0), (0.99, 0.3), (0.99, 2.0)),
    "slow, wide": ((0.97, 2.0), (0.97, 5.0), (0.99, 2.0), (0.99, 5.0)),
}


def read_bulletins(path: Path) -> tuple[date, Array, Mask]:
    """Return the first day, and bulletins x days: what was known at each (NaN: nothing), and what is provisional."""
    rows = pl.read_csv(path, try_parse_dates=True)
    first, last = rows["date"].min(), rows["date"].max()
    assert isinstance(first, date)
    assert isinstance(last, date)
    reports = rows["report_date"].unique().sort()
    values = np.full((reports.len(), (last - first).days + 1), np.nan)
    partial = np.zeros(values.shape, dtype=bool)
    for i, report in enumerate(reports):
        if i:
            values[i], partial[i] = values[i - 1], partial[i - 1]
        of_report = rows.filter(pl.col("report_date") == report)
        columns = (of_report["date"] - first).dt.total_days().to_numpy()
        values[i, columns] = of_report["arrivals"].to_numpy()
        partial[i, columns] = (of_report["date"] == report).to_numpy()
    return first, values, partial


def run(values: Array, unsettled: Mask, first: date, options: DetectOptions) -> Forecasts:
    """Return the forecasts of days."""
    return forecast_counts(
        values,
        breaks=np.zeros(values.shape, dtype=bool),
        unsettled=unsettled,
        options=options,
        regressors=weekday_regressors(first, values.shape[1]),
    )


def log_score(values: Array, forecasts: Forecasts, used: Mask) -> float:
    """Return the mean log probability of the counts used."""
    shape, rate, y = forecasts.shape, forecasts.rate, np.nan_to_num(values)
    score = (
        gammaln(shape + y) - gammaln(shape) - gammaln(y + 1) - shape * np.log1p(1 / rate) - y * np.log1p(rate)
    )
    return float(np.maximum(score, LOWEST_SCORE)[used].mean())


def begun(values: Array, unsettled: Mask, forecasts: Forecasts, options: DetectOptions) -> tuple[Mask, Mask]:
    """Return where a surge or collapse begins an episode, and where one could."""
    upper = forecasts.quantile(1.0 - (1.0 - options.level) / 2)
    baseline = baseline_of(values, unsettled, options)
    decisions = decide(values, unsettled, forecasts, upper, options, baseline=baseline)
    alarm = decisions.surge | decisions.collapse
    return alarm & (n_marked_before(alarm, 7) == 0), decisions.judged


def simulate(mean: float, dispersion: float, *, step: float = 1.0) -> Array:
    """Return gamma-Poisson days with a weekday pattern, series x days from a Monday; a step at ``STEP_AT``."""
    rng = np.random.default_rng([SEED, int(mean), int(10 * dispersion)])
    level = mean * WEEK[np.arange(N_DAYS) % 7] * np.where(np.arange(N_DAYS) >= STEP_AT, step, 1.0)
    own = rng.gamma(1 / dispersion, dispersion, (N_SERIES, N_DAYS))
    return rng.poisson(level * own).astype(np.float64)


def coverage(
    part: str, period: str, values: Array, forecasts: Forecasts, used: Mask
) -> list[dict[str, object]]:
    """Return the share of counts inside the bands, a row per level."""
    rows = []
    for level in LEVELS:
        half = (1.0 - level) / 2
        inside = (values >= forecasts.quantile(half)) & (values <= forecasts.quantile(1.0 - half))
        rows.append(row(part, f"coverage {level:.0%}", period, int(used.sum()), float(inside[used].mean())))
    return rows


def row(part: str, what: str, period: str, n: int, value: float) -> dict[str, object]:
    """Return one row of the table."""
    return {"part": part, "what": what, "period": period, "n": n, "value": round(value, 5)}


def settings(first: date, values: Array, partial: Mask) -> list[dict[str, object]]:
    """Return the rows the defaults rest on."""
    before = (FROZEN_BEFORE - first).days
    known = [i for i in range(len(values)) if np.isnan(values[i, before:]).all()][-1]
    y, unsettled = values[known : known + 1, :before], partial[known : known + 1, :before]
    period = f"before {FROZEN_BEFORE.year}"
    rows = []
    for name, models in CANDIDATES.items():
        options = replace(DAILY_DEFAULTS, models=models)
        used = baseline_of(y, unsettled, options) & ~unsettled
        score = log_score(y, run(y, unsettled, first, options), used)
        rows.append(row("settings", f"log score, {name}", period, int(used.sum()), score))
    for discount, weight in MEMORIES:
        options = replace(DAILY_DEFAULTS, dispersion_discount=discount, dispersion_weight=weight)
        used = baseline_of(y, unsettled, options) & ~unsettled
        held = coverage("", "", y, run(y, unsettled, first, options), used)
        off = np.mean([abs(float(str(h["value"])) - level) for h, level in zip(held, LEVELS, strict=True)])
        what = f"coverage off by, dispersion discount {discount}, weight {weight:.0f}"
        rows.append(row("settings", what, period, int(used.sum()), float(off)))
    found = run(y, unsettled, first, DAILY_DEFAULTS)
    for threshold in THRESHOLDS:
        start, judged = begun(y, unsettled, found, replace(DAILY_DEFAULTS, threshold=threshold))
        rate = float(start.sum() / judged.sum())
        rows.append(row("settings", f"episodes a day at {threshold}", period, int(judged.sum()), rate))
    return rows


def italy(first: date, values: Array, partial: Mask) -> list[dict[str, object]]:
    """Return coverage one day and one bulletin ahead, before the settings were frozen and after."""
    found = run(values, partial, first, DAILY_DEFAULTS)
    published = ~np.isnan(values)
    new = published & ~np.vstack([np.zeros((1, values.shape[1]), dtype=bool), published[:-1]])
    usable = baseline_of(values, partial, DAILY_DEFAULTS) & ~partial & new
    # What each bulletin brought, beside the forecasts made from the one before.
    ahead = replace(found, **{name: np.roll(getattr(found, name), 1, axis=0) for name in ("shape", "rate")})
    newest = begun(values[-1:], partial[-1:], _row(found), DAILY_DEFAULTS)
    rows = []
    day = np.array([first + timedelta(days=i) for i in range(values.shape[1])])
    for period, of_period in (
        (f"before {FROZEN_BEFORE.year}", day < FROZEN_BEFORE),
        (f"from {FROZEN_BEFORE.year}", day >= FROZEN_BEFORE),
    ):
        used = usable & of_period
        rows += coverage("next_day", period, values, found, used)
        rows += coverage("next_bulletin", period, values, ahead, used)
        start, judged = (part[:, of_period] for part in newest)
        rate = float(start.sum() / judged.sum())
        rows.append(row("next_day", "episodes a day", period, int(judged.sum()), rate))
    return rows


def _row(found: Forecasts) -> Forecasts:
    """Return the forecasts of the newest bulletin."""
    names = ("shape", "rate", "tail_probability", "lower_tail_probability", "shared")
    return replace(found, **{name: getattr(found, name)[-1:] for name in names})


def simulated() -> list[dict[str, object]]:
    """Return coverage, false alarms and delays where the truth is known."""
    rows = []
    for mean, dispersion in ((5.0, 0.3), (50.0, 0.3), (50.0, 1.0), (50.0, 2.0)):
        period = f"mean {mean:.0f}, dispersion {dispersion}"
        quiet = simulate(mean, dispersion)
        nothing = np.zeros(quiet.shape, dtype=bool)
        found = run(quiet, nothing, MONDAY, DAILY_DEFAULTS)
        start, judged = begun(quiet, nothing, found, DAILY_DEFAULTS)
        rows += coverage("simulated", period, quiet, found, judged)
        rate = float(start.sum() / judged.sum())
        rows.append(row("simulated", "episodes a day", period, int(judged.sum()), rate))
        stepped = simulate(mean, dispersion, step=STEP)
        tail = run(stepped, nothing, MONDAY, DAILY_DEFAULTS).tail_probability[:, STEP_AT:]
        alarmed = (tail < DAILY_DEFAULTS.threshold) & (stepped[:, STEP_AT:] >= DAILY_DEFAULTS.min_observed)
        for days in WITHIN_DAYS:
            share = float(alarmed[:, :days].any(axis=1).mean())
            rows.append(row("simulated", f"step x{STEP:.0f} within {days} days", period, N_SERIES, share))
    return rows


WEEK_CANDIDATES: dict[str, tuple[tuple[float, float], ...]] = {
    "days' models": DAILY_DEFAULTS.models,
    "months' models": ((0.6, 0.2), (0.6, 1.0), (0.85, 0.2), (0.85, 1.0)),
    "middling": ((0.8, 0.2), (0.8, 1.0), (0.95, 0.2), (0.95, 1.0)),
    "steadier": ((0.7, 0.05), (0.7, 0.5), (0.9, 0.05), (0.9, 0.5)),
    "slow": ((0.9, 0.3), (0.9, 1.0), (0.97, 0.3), (0.97, 1.0)),
}
WEEK_OF_NOTE = date(2023, 9, 11)


def run_weeks(weeks: Array, first: date, options: DetectOptions, *, waves: int = 1) -> Forecasts:
    """Return the forecasts of weeks, with so many waves of the year."""
    angle = 2 * np.pi * (first.timetuple().tm_yday + 7 * np.arange(weeks.shape[1])) / 365.25
    more = [f(2 * angle) for f in (np.cos, np.sin)] if waves == 2 else []
    regressors = np.column_stack([week_regressors(first, weeks.shape[1]), *more])[:, : 1 + 2 * waves]
    nothing = np.zeros(weeks.shape, dtype=bool)
    return forecast_counts(weeks, breaks=nothing, unsettled=nothing, options=options, regressors=regressors)


def begun_weeks(weeks: Array, forecasts: Forecasts, options: DetectOptions) -> tuple[Mask, Mask]:
    """Return where an alarm begins an episode, and where one could."""
    upper = forecasts.quantile(1.0 - (1.0 - options.level) / 2)
    decisions = decide(weeks, np.zeros(weeks.shape, dtype=bool), forecasts, upper, options)
    alarm = decisions.surge | decisions.collapse
    return alarm & (n_marked_before(alarm, 2) == 0), decisions.judged


def weekly(first: date, values: Array, partial: Mask) -> list[dict[str, object]]:
    """Return the rows of weeks: on Italy's newest bulletin, and on simulated days summed."""
    offset = (7 - first.weekday()) % 7
    days = np.where(partial[-1], np.nan, values[-1])[offset:]
    weeks = days[: len(days) // 7 * 7].reshape(1, -1, 7).sum(axis=2)
    monday = first + timedelta(days=offset)
    starts = np.array([monday + timedelta(weeks=i) for i in range(weeks.shape[1])])
    before = starts + timedelta(days=6) < FROZEN_BEFORE
    early = weeks[:, before]
    rows = []
    warm = WEEKLY_DEFAULTS.warm_up_periods
    for name, models in WEEK_CANDIDATES.items():
        for waves in (0, 1, 2):
            used = (np.arange(early.shape[1]) >= warm) & ~np.isnan(early)
            options = replace(WEEKLY_DEFAULTS, models=models)
            score = log_score(early, run_weeks(early, monday, options, waves=waves), used)
            what = f"log score, {name}, {waves} waves"
            rows.append(row("weeks", what, f"before {FROZEN_BEFORE.year}", int(used.sum()), score))
    found = run_weeks(weeks, monday, WEEKLY_DEFAULTS)
    start, judged = begun_weeks(weeks, found, WEEKLY_DEFAULTS)
    for period, inside in ((f"before {FROZEN_BEFORE.year}", before), (f"from {FROZEN_BEFORE.year}", ~before)):
        rows += coverage("weeks", period, weeks, found, judged & inside)
        rate = float(start[:, inside].sum() / judged[:, inside].sum())
        rows.append(row("weeks", "episodes a week", period, int(judged[:, inside].sum()), rate))
    tail = float(found.tail_probability[0, starts == WEEK_OF_NOTE][0])
    rows.append(row("weeks", f"tail probability, week of {WEEK_OF_NOTE}", "from 2022", 1, tail))
    for mean, dispersion in ((5.0, 0.3), (50.0, 0.3), (50.0, 1.0), (50.0, 2.0)):
        quiet = simulate(mean, dispersion)[:, : N_DAYS // 7 * 7].reshape(N_SERIES, -1, 7).sum(axis=2)
        found = run_weeks(quiet, MONDAY, WEEKLY_DEFAULTS)
        start, judged = begun_weeks(quiet, found, WEEKLY_DEFAULTS)
        period = f"mean {mean:.0f}, dispersion {dispersion}"
        rows += coverage("weeks", period, quiet, found, judged)
        rows.append(
            row("weeks", "episodes a week", period, int(judged.sum()), float(start.sum() / judged.sum()))
        )
    return rows


def pace(first: date, values: Array, partial: Mask) -> list[dict[str, object]]:
    """Return how many times the mean per day since 1 January single days and seven days are."""
    counts = values[-1]
    days = [first + timedelta(days=i) for i in range(len(counts))]
    rows = []
    for n_days, limit in ((1, DAY_RATIO), (7, WEEK_RATIO)):
        sums = []
        for i in range(len(counts) - n_days + 1):
            since = max(0, (date(days[i].year, 1, 1) - first).days)
            if i - since >= FEWEST_PACE_DAYS:
                sums.append((days[i], counts[i : i + n_days].sum(), counts[since:i].mean()))
        ratios = pl.DataFrame(sums, schema=["day", "count", "per_day"], orient="row").select(
            "day", pace_ratio(pl.col("count"), pl.lit(n_days), pl.col("per_day")).alias("ratio")
        )
        for period, inside in (
            (f"before {FROZEN_BEFORE.year}", pl.col("day") < FROZEN_BEFORE),
            (f"from {FROZEN_BEFORE.year}", pl.col("day") >= FROZEN_BEFORE),
        ):
            part = ratios.filter(inside)["ratio"].to_numpy()
            name = "a day" if n_days == 1 else f"{n_days} days"
            n = len(part)
            rows.append(
                row(
                    "pace",
                    f"{name}, 99.9% quantile",
                    period,
                    n,
                    float(np.quantile(part, 0.999, method="nearest")),
                )
            )
            rows.append(row("pace", f"{name}, largest", period, n, float(part.max())))
            rows.append(
                row(
                    "pace",
                    f"{name}, share from {limit:.0f} on",
                    period,
                    n,
                    float((part >= limit).mean()),
                )
            )
    return rows


def main(path: Path) -> None:
    """Write the table."""
    bulletins = read_bulletins(path)
    rows = [*settings(*bulletins), *italy(*bulletins), *simulated(), *weekly(*bulletins), *pace(*bulletins)]
    pl.DataFrame(rows).write_csv(Path(__file__).with_name("daily.csv"))


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else BULLETINS)
