"""Which periods a dense dataset covers, and since when each was known: there a missing cell is a 0.

A vintage says which periods it covers, not the rows in it: a month in which nobody was counted has no row.
"""

from datetime import date

import polars as pl

from counterpoise.vocabulary import Frequency

__all__ = ["EVERY", "covered_periods"]

EVERY: dict[str, str] = {
    Frequency.DAY: "1d",
    Frequency.WEEK: "1w",
    Frequency.MONTH: "1mo",
    Frequency.QUARTER: "3mo",
    Frequency.YEAR: "1y",
}
"""Length of a regular period, as Polars writes it; spans have none."""


def covered_periods(
    vintages: pl.DataFrame, *, lag_days: int | None, frequency: str, day: date
) -> pl.DataFrame:
    """Return the periods that were covered as known on ``day``, one row each, in order.

    Parameters
    ----------
    vintages
        The vintages of one dataset, schema ``VINTAGES``; those published after ``day`` are not looked at,
        but for the first one, which is replayed with the lag.
    lag_days
        The lag of the dataset's card.
    frequency
        Length of the periods; there are none for spans (``S``).
    day
        Day of replay, inclusive.

    Returns
    -------
    polars.DataFrame
        Columns ``period_start, period_end``; ``known_on, document, flag`` of the newest vintage that covers
        the period; ``first_known_on`` and ``first_flag``: when the period was known for the first time.
        Both days are period end + lag, and flagged ``lag_assumed``, where they rest on the first vintage
        before its day.
    """
    first = vintages["known_on"].min()
    published = vintages.filter(pl.col("known_on") <= max(day, first or day))
    periods = _calendar(published, frequency)
    assumed_on = pl.col("period_end").dt.offset_by(f"{lag_days or 0}d")
    may_assume = pl.lit(lag_days is not None) & (pl.col("known_on") == pl.lit(first, pl.Date))
    by_vintage = (
        periods.join(published.select("known_on", "document", *_SPAN), how="cross")
        .filter(pl.col(_SPAN[0]) <= pl.col("period_start"), pl.col(_SPAN[1]) >= pl.col("period_end"))
        .group_by("period_start", "period_end", "known_on")
        .agg(pl.col("document").unique().sort().str.join(" "))
        .sort("period_start", "known_on")
        .with_columns(pl.when(may_assume & (assumed_on < pl.col("known_on"))).then(assumed_on).alias("early"))
        .with_columns(pl.coalesce("early", "known_on").alias("since"))
        .filter(pl.col("since") <= day)
    )
    lag = pl.lit("lag_assumed")
    return (
        by_vintage.with_columns(
            pl.when(pl.col("known_on") <= day).then("known_on").otherwise("since").alias("known_on"),
            pl.when(pl.col("known_on") <= day).then(pl.lit("")).otherwise(lag).alias("flag"),
            pl.when(pl.col("early").is_null()).then(pl.lit("")).otherwise(lag).alias("first_flag"),
        )
        .group_by("period_start", "period_end", maintain_order=True)
        .agg(
            pl.col("known_on", "document", "flag").last(),
            pl.col("since").first().alias("first_known_on"),
            pl.col("first_flag").first(),
        )
    )


_SPAN = ("first_period_start", "last_period_end")


def _calendar(vintages: pl.DataFrame, frequency: str) -> pl.DataFrame:
    """Return all periods of a length that lie within the span of the vintages."""
    first, last = vintages[_SPAN[0]].min(), vintages[_SPAN[1]].max()
    every = EVERY.get(frequency)
    if first is None or last is None or every is None:
        return pl.DataFrame(schema={"period_start": pl.Date(), "period_end": pl.Date()})
    starts = pl.date_range(first, last, interval=every, eager=True)  # type: ignore[arg-type]
    if frequency in {Frequency.MONTH, Frequency.QUARTER, Frequency.YEAR}:
        starts = starts.dt.truncate(every)
    end = pl.col("period_start").dt.offset_by(every).dt.offset_by("-1d")
    return pl.DataFrame({"period_start": starts}).with_columns(end.alias("period_end"))
