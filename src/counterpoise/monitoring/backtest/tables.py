"""From scores to the tables of the result: detection, false alarms, paired gains."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from counterpoise.monitoring.backtest.bootstrap import Resampling, interval_of_mean, resample
from counterpoise.monitoring.backtest.classes import ALL, CLASSES, classify
from counterpoise.monitoring.backtest.inject import N_MONTHS
from counterpoise.monitoring.backtest.labelled import is_labelled
from counterpoise.monitoring.backtest.options import BacktestOptions
from counterpoise.monitoring.backtest.plan import Plan
from counterpoise.monitoring.backtest.results import ALARM_RATES, DETECTION, GAINS
from counterpoise.monitoring.backtest.score import MISSED, first_new_alarm
from counterpoise.monitoring.backtest.thresholds import Rate, events
from counterpoise.monitoring.detectors.base import Array

__all__ = ["RAMPS", "Ground", "Scores", "alarm_rate_table", "detection_table", "gain_table", "lay_ground"]

Mask = npt.NDArray[np.bool_]
Found = npt.NDArray[np.int64]
Thresholds = Mapping[tuple[str, str], float]
Scores = Mapping[tuple[str, str], Array]

RAMPS = "ramp_x10"
"""Stands in the column ``class`` for the ramps on simulated series of mean 50, of no class of the real series."""
_EPISODES = Rate(value=1.0, per="decade")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """What every table needs of the plan, worked out once.

    Parameters
    ----------
    surge_class, surge_draws
        Class of the series before each surge, and blocks of corridor and year drawn over the surges.
    month_class, month_draws
        The same over every series-month of the real series (flattened for the draws).
    reported
        Real series-months in which false alarms count, series x months.
    """

    surge_class: npt.NDArray[np.str_]
    surge_draws: Resampling
    month_class: npt.NDArray[np.str_]
    month_draws: Resampling
    reported: Mask


def lay_ground(plan: Plan, options: BacktestOptions, seed: np.random.SeedSequence) -> Ground:
    """Return classes, blocks and months counted."""
    series = plan.series
    corridor = series.names["corridor"].to_numpy().astype(str)
    years = (np.arange(series.values.shape[1]) + series.first_month.month - 1) // 12 + series.first_month.year
    blocks = np.char.add(np.char.add(corridor, " ")[:, None], years.astype(str))
    classes = classify(series.values)
    at = (plan.injections.row, plan.injections.column)
    reported = ~is_labelled(series) & ~np.isnan(series.values)
    start, stop = plan.windows.reported
    reported[:, :start] = False
    reported[:, stop:] = False
    for_surges, for_months = (np.random.default_rng(s) for s in seed.spawn(2))
    return Ground(
        surge_class=classes[at],
        surge_draws=resample(blocks[at], n_draws=options.n_draws, generator=for_surges),
        month_class=classes,
        month_draws=resample(blocks.ravel(), n_draws=options.n_draws, generator=for_months),
        reported=reported,
    )


def found_surges(plan: Plan, scores: Scores, detector: str, threshold: float) -> Found:
    """Return the month of the first new alarm of each surge; see ``first_new_alarm``."""
    real = scores[detector, "real"]
    columns = plan.injections.column[:, None] + np.arange(-N_MONTHS, 0)
    before = real[plan.injections.row[:, None], columns]
    after = np.empty((len(plan.injections.row), N_MONTHS))
    for name, index in plan.groups:
        after[index] = scores[detector, name]
    return first_new_alarm(before, after, threshold)


def detection_table(
    plan: Plan, ground: Ground, scores: Scores, thresholds: Thresholds, options: BacktestOptions
) -> pl.DataFrame:
    """Return the columns ``DETECTION``."""
    rows = []
    for (detector, label), threshold in thresholds.items():
        rate = _rate(options, label)
        found = found_surges(plan, scores, detector, threshold)
        columns = plan.injections.column[:, None] + np.arange(-N_MONTHS, 0)
        before = scores[detector, "real"][plan.injections.row[:, None], columns]
        alarmed = (before > threshold).any(axis=1)
        counted = events(scores[detector, "real"] > threshold, rate) & ground.reported
        for name, members in _each_class(ground.surge_class):
            months = ground.reported & _members(ground.month_class, name)
            lower, upper = interval_of_mean(
                ((found < 2) & members).astype(np.float64),
                members.astype(np.float64),
                ground.surge_draws,
                level=options.level,
            )
            rows.append(
                {
                    "detector": detector,
                    "class": name,
                    "rate": label,
                    "realised_rate": rate.of(float((counted & months).sum()), float(months.sum())),
                    **_shares(found[members]),
                    "lower": lower,
                    "upper": upper,
                    "n": int(members.sum()),
                    "already_alarmed": _mean(alarmed[members]),
                }
            )
        ramps = scores[detector, "ramps"]
        found = first_new_alarm(ramps[:, -2 * N_MONTHS : -N_MONTHS], ramps[:, -N_MONTHS:], threshold)
        rows.append({"detector": detector, "class": RAMPS, "rate": label, **_shares(found), "n": len(found)})
    return _frame(rows, DETECTION)


def gain_table(
    plan: Plan, ground: Ground, scores: Scores, thresholds: Thresholds, options: BacktestOptions
) -> pl.DataFrame:
    """Return the columns ``GAINS``: every detector against each reference, over the same surges and draws."""
    found = {key: found_surges(plan, scores, key[0], threshold) for key, threshold in thresholds.items()}
    rows = []
    for (detector, label), ours in found.items():
        for reference in options.references:
            if reference == detector or (reference, label) not in found:
                continue
            theirs = found[reference, label]
            for name, members in _each_class(ground.surge_class):
                n = int(members.sum())
                gains = [(ours < k).astype(np.float64) - (theirs < k) for k in range(1, N_MONTHS + 1)]
                lower, upper = interval_of_mean(
                    gains[1] * members, members.astype(np.float64), ground.surge_draws, level=options.level
                )
                rows.append(
                    {
                        "detector": detector,
                        "reference": reference,
                        "class": name,
                        "rate": label,
                        **{f"gain_p{k + 1}": _mean(gain[members]) for k, gain in enumerate(gains)},
                        "lower": lower,
                        "upper": upper,
                        "n": n,
                    }
                )
    return _frame(rows, GAINS)


def alarm_rate_table(
    plan: Plan,
    ground: Ground,
    scores: Scores,
    thresholds: Thresholds,
    options: BacktestOptions,
    detection: pl.DataFrame,
) -> pl.DataFrame:
    """Return the columns ``ALARM_RATES``: on training months, on real months after, and on simulations."""
    p3 = {(row["detector"], row["class"], row["rate"]): row["p3"] for row in detection.iter_rows(named=True)}
    trained = ~np.isnan(plan.series.values)
    trained[:, : plan.windows.trained[0]] = False
    trained[:, plan.windows.trained[1] :] = False
    n_simulated, n_months = next(iter(plan.simulated.values())).shape
    simulated = np.zeros((n_simulated, n_months), dtype=bool)
    simulated[:, plan.warm_up :] = True
    by_series = resample(
        np.repeat(np.arange(n_simulated), n_months).astype(str),
        n_draws=options.n_draws,
        generator=np.random.default_rng(np.random.SeedSequence(0)),
    )
    rows = []
    for (detector, label), threshold in thresholds.items():
        rate = _rate(options, label)

        def row(
            data: str,
            name: str,
            alarm: Mask,
            counted: Mask,
            draws: Resampling,
            detector: str = detector,
            rate: Rate = rate,
        ) -> dict[str, Any]:
            return {
                "detector": detector,
                "data": data,
                "class": name,
                "rate": rate.label,
                **_alarm_rates(alarm, counted, draws, rate, options, p3.get((detector, name, rate.label))),
            }

        alarm = scores[detector, "real"] > threshold
        rows.append(row("training", ALL, alarm, trained, ground.month_draws))
        for name in (ALL, *CLASSES):
            months = ground.reported & _members(ground.month_class, name)
            rows.append(row("real", name, alarm, months, ground.month_draws))
        for name in plan.simulated:
            null = scores[detector, f"simulated {name}"] > threshold
            rows.append(row("simulated", name, null, simulated, by_series))
    return _frame(rows, ALARM_RATES)


def _alarm_rates(
    alarm: Mask, counted: Mask, draws: Resampling, rate: Rate, options: BacktestOptions, p3: float | None
) -> dict[str, float | int | None]:
    """Return the measures of one row over the series-months counted."""
    n = int(counted.sum())
    happened = events(alarm, rate) & counted
    realised = rate.of(float(happened.sum()), n)
    lower, upper = interval_of_mean(
        happened.ravel().astype(np.float64),
        counted.ravel().astype(np.float64),
        draws,
        level=options.level,
        unit=rate.of(1.0, 1.0),
    )
    begun = float((events(alarm, _EPISODES) & counted).sum())
    true_alarms = options.surges_per_decade * p3 if p3 is not None else None
    false_alarms = _EPISODES.of(begun, n)
    alarms = None if true_alarms is None else true_alarms + false_alarms
    return {
        "n_series_months": n,
        "realised_rate": realised,
        "ratio": realised / rate.value,
        "lower": lower,
        "upper": upper,
        "alarmed_share": float((alarm & counted).sum()) / n if n else None,
        "new_alarms_per_month": begun / max(int(counted.any(axis=0).sum()), 1) if n else None,
        "ppv": true_alarms / alarms if true_alarms is not None and alarms else None,
    }


def _rate(options: BacktestOptions, label: str) -> Rate:
    return next(rate for rate in options.rates if rate.label == label)


def _members(classes: npt.NDArray[np.str_], name: str) -> Mask:
    return np.ones(classes.shape, dtype=bool) if name == ALL else np.asarray(classes == name)


def _each_class(classes: npt.NDArray[np.str_]) -> Iterable[tuple[str, Mask]]:
    """Yield every class and which items are of it; first all of them."""
    for name in (ALL, *CLASSES):
        members = _members(classes, name)
        if members.any():
            yield name, members


def _shares(found: Found) -> dict[str, float | None]:
    """Return p1, p2, p3 and the mean delay."""
    hit = found[found < MISSED]
    return {
        **{f"p{k}": float((found < k).mean()) for k in range(1, N_MONTHS + 1)},
        "delay_months": float(hit.mean()) if len(hit) else None,
    }


def _mean(values: npt.NDArray[Any]) -> float:
    return float(values.mean())


def _frame(rows: Sequence[Mapping[str, Any]], schema: Mapping[str, pl.DataType]) -> pl.DataFrame:
    """Return the rows with the columns of the schema; what is not a number is null."""
    frame = pl.DataFrame([dict(row) for row in rows], schema=dict(schema))
    return frame.with_columns(pl.col(pl.Float64).fill_nan(None))
