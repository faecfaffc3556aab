"""Sums over several days judged: what is left for the days without a figure, against their forecasts together.

The forecast of a sum adds the forecasts of its days. What is unknown of level and weekdays is common to them and
adds up as standard deviations do under full correlation; what each day has of its own adds up as variances do. The
sum is again taken for negative binomial. A sum is judged and never learnt from: how it fell on its days is unknown.
"""

from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import polars as pl

from counterpoise.monitoring._kernels import Array, negative_binomial_quantile, negative_binomial_tails
from counterpoise.monitoring.dynamic_count import Forecasts, Mask, surge_probability
from counterpoise.monitoring.options import DetectOptions
from counterpoise.observations.nationalities import nationality_name
from counterpoise.observations.panel import Panel
from counterpoise.observations.words import spoken_date, spoken_days
from counterpoise.schemas import ALARMS, BANDS, require_schema
from counterpoise.vocabulary import AlarmKind

__all__ = ["alarms_of_spans", "judge_spans", "sum_of_days"]

_KEY = ["dataset", "corridor", "nationality", "measure"]


def sum_of_days(shape: Array, rate: Array, shared: Array) -> tuple[float, float]:
    """Return the gamma of the predictive mean of a sum over days, from those of its days (one axis)."""
    means = shape / rate
    variance = np.square(means) / shape
    total = float(means.sum())
    spread = float(np.sqrt(variance * shared).sum() ** 2 + (variance * (1.0 - shared)).sum())
    return total**2 / spread, total / spread


def judge_spans(
    panel: Panel, spans: pl.DataFrame, forecasts: Forecasts, baseline: Mask, options: DetectOptions
) -> pl.DataFrame:
    """Return schema ``BANDS`` plus ``n_days`` (without a figure), ``judged``, ``surge``, ``collapse``.

    Parameters
    ----------
    panel
        Daily series; NaN where a day has no figure.
    spans
        Schema ``OBSERVATIONS``: sums of the panel's series; their days lie within the panel, or they are left out.
    forecasts
        Of the panel.
    baseline
        Series x days: where a day could be judged if it had a figure.
    options
        Settings.

    Returns
    -------
    polars.DataFrame
        One row per sum with at least one day without a figure. ``observed`` is the sum less the figures of its
        other days; sums smaller than these figures contradict them and are left out.
    """
    row_of = {key: i for i, key in enumerate(panel.series.select("corridor", "nationality").iter_rows())}
    column_of = {day: i for i, day in enumerate(panel.periods["period_start"])}
    rows = []
    for span in spans.iter_rows(named=True):
        row = row_of.get((span["corridor"], span["nationality"]))
        first, last = column_of.get(span["period_start"]), column_of.get(span["period_end"])
        if row is None or first is None or last is None:
            continue
        counts = panel.values[row, first : last + 1]
        left = span["value"] - np.nansum(counts)
        missing = first + np.flatnonzero(np.isnan(counts))
        if missing.size and left >= 0:
            rows.append(_judged(span, left, forecasts, baseline, row, missing, options))
    dtypes = {name: column.dtype for name, column in BANDS.items()}
    marks = {"judged": pl.Boolean(), "surge": pl.Boolean(), "collapse": pl.Boolean()}
    return pl.DataFrame(rows, schema={**dtypes, "n_days": pl.Int64(), **marks})


def _judged(
    span: dict[str, Any],
    left: float,
    forecasts: Forecasts,
    baseline: Mask,
    row: int,
    missing: np.ndarray[Any, np.dtype[np.int64]],
    options: DetectOptions,
) -> dict[str, Any]:
    """Return one sum with its band."""
    gamma = sum_of_days(*(part[row, missing] for part in (forecasts.shape, forecasts.rate, forecasts.shared)))
    shape, rate = np.array([gamma[0]]), np.array([gamma[1]])
    count = np.array([left])
    half = (1.0 - options.level) / 2
    lower, expected, upper = (
        float(negative_binomial_quantile(p, shape, rate)[0]) for p in (half, 0.5, 1.0 - half)
    )
    few = replace(options, background=options.background * missing.size)
    tail = float(surge_probability(count, shape, rate, few)[0])
    lower_tail = float(negative_binomial_tails(count, shape, rate)[1][0])
    judged = bool(baseline[row, missing[0]])
    return {
        **{name: span[name] for name in (*_KEY, "period_start", "period_end", "known_on", "flag")},
        "observed": left,
        "expected": expected,
        "lower": lower,
        "upper": upper,
        "level": options.level,
        "tail_probability": tail,
        "lower_tail_probability": lower_tail,
        "n_days": missing.size,
        "judged": judged,
        "surge": judged and tail < options.threshold and left >= options.min_observed,
        "collapse": judged
        and lower_tail < options.threshold
        and gamma[0] / gamma[1] >= options.min_expected_for_collapse,
    }


def alarms_of_spans(spans: pl.DataFrame) -> pl.DataFrame:
    """Return schema ``ALARMS`` of the sums marked; each is an episode of its own, its onset anywhere within it."""
    marked = spans.filter(pl.col("surge") | pl.col("collapse"))
    start, end = pl.col("period_start"), pl.col("period_end")
    alarms = marked.with_columns(
        pl.when("surge")
        .then(pl.lit(AlarmKind.SURGE.value))
        .otherwise(pl.lit(AlarmKind.COLLAPSE.value))
        .alias("kind"),
        pl.when("surge")
        .then("tail_probability")
        .otherwise("lower_tail_probability")
        .alias("tail_probability"),
        pl.lit(None, dtype=pl.Boolean).alias("discovery"),
        pl.format("{}/{}/{}/{}/{}", "corridor", "nationality", "measure", start, end).alias("episode"),
        start.alias("onset"),
        start.alias("onset_lower"),
        end.alias("onset_upper"),
        pl.Series("reason", [_reason(row) for row in marked.iter_rows(named=True)], dtype=pl.String),
        pl.lit("A sum over several days: on which of them the people came is not published.").alias("notes"),
    )
    return require_schema(alarms, ALARMS, "alarms of sums over days")


def _reason(row: dict[str, Any]) -> str:
    """Return the alarm in one sentence."""
    first: date = row["period_start"]
    last: date = row["period_end"]
    days = "the day" if row["n_days"] == 1 else f"the {row['n_days']} days"
    return (
        f"{nationality_name(str(row['nationality']))}, {spoken_date(first)} to {spoken_date(last)}: "
        f"{row['observed']:,.0f} {str(row['measure']).replace('_', ' ')} on {days} without a "
        f"figure, expected {row['expected']:,.0f} [{row['lower']:,.0f}-{row['upper']:,.0f}]; "
        f"known {spoken_days((row['known_on'] - last).days)} after the last of them."
    )
