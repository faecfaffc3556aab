"""Running totals and sums over several days, read on a clock of days.

Many border guards publish totals: since the first of January, since a decision, over a weekend. The difference of
two readings of one total that end one day apart is the count of that day. Readings further apart give the sum over
the days between them. Nothing is counted twice: a day with a figure of its own keeps it, of sums that overlap the
shortest is kept, and what days of it have figures is taken off before the rest is judged (``spans.py``).
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from counterpoise.observations.as_of import add_flag
from counterpoise.schemas import CELL, OBSERVATIONS
from counterpoise.vocabulary import Frequency

__all__ = ["DailyReadings", "read_daily"]

_SERIES = [name for name in CELL if name not in {"period_start", "period_end", "frequency"}]
_LONGEST_SPAN = 31
"""Days; a longer sum says little on a clock of days, and its forecast little about it."""
_INEXACT = {"rounded", "at_least", "estimated", "low_confidence"}
"""The difference of two figures of which one is not exact may be all rounding."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DailyReadings:
    """What a clock of days can read from figures.

    Parameters
    ----------
    days
        Schema ``OBSERVATIONS``, frequency ``D``: published days, and those derived from two readings, flagged.
    spans
        Schema ``OBSERVATIONS``: sums over 2 to 31 days, none of which overlap within a series.
    falling
        Schema ``OBSERVATIONS``: readings of a running total below the one before. They teach nothing.
    """

    days: pl.DataFrame
    spans: pl.DataFrame
    falling: pl.DataFrame


def read_daily(observations: pl.DataFrame) -> DailyReadings:
    """Return days and sums over days.

    Parameters
    ----------
    observations
        Schema ``OBSERVATIONS``, one row per cell, as known on a day.
    """
    published = observations.filter(pl.col("frequency") == Frequency.DAY)
    inexact = pl.col("flag").str.split(" ").list.set_intersection(list(_INEXACT)).list.len() > 0
    exact = observations.filter(pl.col("frequency").is_in(["S", Frequency.WEEK]), ~inexact)
    differences = _differences(exact.filter(pl.col("frequency") == "S"))
    falling = differences.filter(pl.col("value") < 0)
    # A reading that stands alone is a sum as it is, if it is short: the first days of a year, a weekend, a week.
    counts = pl.concat([exact, differences.filter(pl.col("value") >= 0)]).with_columns(
        ((pl.col("period_end") - pl.col("period_start")).dt.total_days() + 1).alias("n_days")
    )
    counts = counts.sort("n_days", *CELL, "known_on", "document")
    days = (
        counts.filter(pl.col("n_days") == 1)
        .unique([*_SERIES, "period_start"], keep="first", maintain_order=True)
        .join(published, on=[*_SERIES, "period_start"], how="anti")
        .with_columns(pl.lit("D").alias("frequency"), add_flag("derived"))
    )
    spans = counts.filter(pl.col("n_days").is_between(2, _LONGEST_SPAN))
    columns = list(OBSERVATIONS)
    return DailyReadings(
        days=pl.concat([published, days.select(columns)]).sort(*CELL),
        spans=_without_overlap(spans).select(columns).sort(*CELL),
        falling=falling.select(columns).sort(*CELL),
    )


def _differences(readings: pl.DataFrame) -> pl.DataFrame:
    """Return what each reading of a running total adds to the one before; periods are the days between them."""
    ordered = readings.sort(*_SERIES, "period_start", "period_end")
    total = [*_SERIES, "period_start"]

    def before(name: str) -> pl.Expr:
        return pl.col(name).shift(1).over(total)

    return (
        ordered.with_columns(
            before("period_end").dt.offset_by("1d").alias("from"),
            (pl.col("value") - before("value")).alias("value"),
            pl.max_horizontal("known_on", before("known_on")).alias("known_on"),
            pl.concat_str("document", before("document"), separator=" ")
            .str.split(" ")
            .list.unique()
            .list.sort()
            .list.join(" ")
            .alias("document"),
            pl.format("{} less {}", "locator", before("locator")).alias("locator"),
            pl.concat_str("flag", before("flag"), pl.lit("derived"), separator=" ")
            .str.strip_chars()
            .str.split(" ")
            .list.unique()
            .list.sort()
            .list.join(" ")
            .str.strip_chars()
            .alias("flag"),
        )
        .filter(pl.col("from").is_not_null())
        .with_columns(pl.col("from").alias("period_start"))
        .select(list(OBSERVATIONS))
    )


def _without_overlap(spans: pl.DataFrame) -> pl.DataFrame:
    """Keep sums, in the order given, that share no day with one of their series that is kept already."""
    taken: dict[tuple[Any, ...], list[tuple[date, date]]] = {}
    kept = []
    for series, start, end in zip(
        spans.select(_SERIES).iter_rows(), spans["period_start"], spans["period_end"], strict=True
    ):
        others = taken.setdefault(series, [])
        free = all(end < first or start > last for first, last in others)
        kept.append(free)
        if free:
            others.append((start, end))
    return spans.filter(pl.Series(kept, dtype=pl.Boolean))
