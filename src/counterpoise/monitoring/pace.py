"""Figures beside the pace of a running total: what single bulletins can say where no series of days has a baseline.

A bulletin often gives two figures: what was counted on a day, and what was counted since the year began. The second
holds a baseline for the first, known on the same day. A figure of up to a month is read against the mean per day of
the newest running total; with n days, x people counted and m people a day before, its ratio is (x + n) / (n m + n),
one person a day being added so that a handful where nobody came is no rise.

The limits are those of the flow with the strongest seasons at hand: on Italy's landings before 2022, against the
total since 1 January, the ratio of one day in a thousand, and the largest ratio of seven days
(``benchmarks/skill/daily.py``). A pace knows no season: this rule finds what no season explains, and little else.
"""

import polars as pl

from counterpoise.schemas import CELL, OBSERVATIONS

__all__ = ["DAY_RATIO", "FEWEST_PACE_DAYS", "WEEK_RATIO", "judge_pace", "pace_ratio"]

DAY_RATIO = 20.0
"""A figure of under seven days is a rise from this ratio on."""
WEEK_RATIO = 8.0
"""The same from seven days on, whose figures vary less."""
FEWEST_PACE_DAYS = 56
"""Days a running total must cover without the figure itself; as many as a daily series needs for a baseline."""
_LONGEST_DAYS = 31
_FEWEST_PEOPLE = 10.0
_UNUSABLE = ["at_least", "estimated"]
"""The mean of a total that may be larger is too low."""
_SERIES = [name for name in CELL if name not in {"period_start", "period_end", "frequency"}]


def pace_ratio(count: pl.Expr, n_days: pl.Expr, per_day: pl.Expr) -> pl.Expr:
    """Return how many times the pace a count is, one person a day added to both."""
    return (count + n_days) / (n_days * per_day + n_days)


def judge_pace(observations: pl.DataFrame) -> pl.DataFrame:
    """Return the figures of up to 31 days that have a running total beside them.

    Parameters
    ----------
    observations
        Schema ``OBSERVATIONS``, with all vintages published by the day of replay: a figure is read beside what was
        known on the day it was first published.

    Returns
    -------
    polars.DataFrame
        Schema ``OBSERVATIONS`` plus ``n_days``, ``per_day`` (pace before the figure), ``pace_start`` and ``pace_end``
        (the days the pace is of, inclusive), ``pace_document``, ``ratio`` and ``rise``, by day of publication.
    """
    n_days = (pl.col("period_end") - pl.col("period_start")).dt.total_days() + 1
    usable = pl.col("flag").str.split(" ").list.set_intersection(_UNUSABLE).list.len() == 0
    rows = observations.with_columns(n_days.alias("n_days"))
    totals = rows.filter(pl.col("n_days") > FEWEST_PACE_DAYS, usable).select(
        *_SERIES,
        pl.col("period_start", "period_end", "n_days", "value", "known_on", "document").name.suffix("_total"),
    )
    figures = (
        rows.filter(pl.col("n_days") <= _LONGEST_DAYS)
        .join(totals, on=_SERIES, how="semi")
        .sort("known_on", "document")
        .unique(list(CELL), keep="first", maintain_order=True)
    )
    holds = (pl.col("period_end_total") == pl.col("period_end")) & (
        pl.col("period_start_total") <= pl.col("period_start")
    )
    return (
        figures.join(totals, on=_SERIES)
        .with_columns(holds.alias("holds"))
        .filter(
            pl.col("known_on_total") <= pl.col("known_on"),
            pl.col("holds") | (pl.col("period_end_total") < pl.col("period_start")),
            pl.col("period_end_total") >= pl.col("period_start") - pl.duration(days=_LONGEST_DAYS),
        )
        .with_columns(
            (pl.col("n_days_total") - pl.when("holds").then("n_days").otherwise(0)).alias("pace_days"),
            (pl.col("value_total") - pl.when("holds").then("value").otherwise(0.0)).alias("before"),
        )
        .filter(pl.col("pace_days") >= FEWEST_PACE_DAYS, pl.col("before") >= 0)
        .sort("period_end_total", "n_days_total", "known_on_total", "document_total", descending=True)
        .unique(list(CELL), keep="first", maintain_order=True)
        .with_columns((pl.col("before") / pl.col("pace_days")).alias("per_day"))
        .with_columns(pace_ratio(pl.col("value"), pl.col("n_days"), pl.col("per_day")).alias("ratio"))
        .select(
            *OBSERVATIONS,
            "n_days",
            "per_day",
            pl.col("period_start_total").alias("pace_start"),
            pl.when("holds")
            .then(pl.col("period_start") - pl.duration(days=1))
            .otherwise("period_end_total")
            .alias("pace_end"),
            pl.col("document_total").alias("pace_document"),
            "ratio",
            (
                (pl.col("value") >= _FEWEST_PEOPLE)
                & (pl.col("ratio") >= pl.when(pl.col("n_days") < 7).then(DAY_RATIO).otherwise(WEEK_RATIO))
            ).alias("rise"),
        )
        .sort("known_on", *CELL)
    )
