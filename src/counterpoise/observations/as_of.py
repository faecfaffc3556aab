"""The as-of rule: what was known on a day, as a pure function over all stored vintages.

For each cell the newest vintage published by that day counts. On days before a dataset's first stored
vintage, that vintage's value counts from period end + the lag on the source card, and is flagged
``lag_assumed``. All is computed at read time, so the order of ingestion cannot matter.
"""

from datetime import date

import polars as pl

from counterpoise.schemas import CELL

__all__ = ["add_flag", "as_of", "newest_known_on", "rows_as_of"]


def add_flag(flag: str) -> pl.Expr:
    """Return the ``flag`` column with one more flag, in alphabetical order, each once."""
    return (
        pl.concat_list(pl.col("flag").str.split(" "), pl.lit([flag]))
        .list.unique()
        .list.sort()
        .list.join(" ")
        .str.strip_chars()
        .alias("flag")
    )


def newest_known_on(observations: pl.DataFrame) -> date | None:
    """Return the newest day of publication in the data, or None if there are none."""
    newest = observations["known_on"].max()
    return newest if isinstance(newest, date) else None


def as_of(
    observations: pl.DataFrame, datasets: pl.DataFrame, vintages: pl.DataFrame, day: date
) -> pl.DataFrame:
    """Return one row per cell: what was known on ``day``.

    Parameters
    ----------
    observations
        All vintages, schema ``OBSERVATIONS``.
    datasets
        Schema ``DATASETS``: whether a dataset is dense, and its lag.
    vintages
        Schema ``VINTAGES``: the periods each vintage covers.
    day
        Replay day, inclusive.

    Returns
    -------
    polars.DataFrame
        Schema ``OBSERVATIONS``, in a fixed order. In a dense dataset a cell that is missing from the
        newest vintage covering its period is absent here and means 0.
    """
    rows = rows_as_of(observations, datasets, vintages, day)
    assumed = pl.col("assumed_on").is_not_null()
    return rows.with_columns(
        pl.coalesce("assumed_on", "known_on").alias("known_on"),
        pl.when(assumed).then(add_flag("lag_assumed")).otherwise("flag").alias("flag"),
    ).drop("assumed_on")


def rows_as_of(
    observations: pl.DataFrame, datasets: pl.DataFrame, vintages: pl.DataFrame, day: date
) -> pl.DataFrame:
    """Return the rows ``as_of`` answers with, as they are stored, and ``assumed_on`` beside them.

    ``assumed_on`` is the day on which the first stored vintage is taken to have been known already: period
    end + lag; null where a vintage published by ``day`` says so.
    """
    parts = [
        _rows_of_dataset(
            observations.filter(pl.col("dataset") == card["dataset"]),
            vintages.filter(pl.col("dataset") == card["dataset"]),
            dense=card["dense"],
            lag_days=card["lag_days"],
            day=day,
        )
        for card in datasets.sort("dataset").iter_rows(named=True)
    ]
    nothing = observations.clear().with_columns(pl.lit(None, pl.Date).alias("assumed_on"))
    return pl.concat([nothing, *parts]).sort(*CELL)


def _rows_of_dataset(
    rows: pl.DataFrame, vintages: pl.DataFrame, *, dense: bool, lag_days: int | None, day: date
) -> pl.DataFrame:
    first = vintages["known_on"].min()
    never = pl.lit(None, pl.Date).alias("assumed_on")
    if first is None:
        return rows.clear().with_columns(never)
    if day < first:  # type: ignore[operator]
        if lag_days is None:
            return rows.clear().with_columns(never)
        assumed = pl.col("period_end").dt.offset_by(f"{lag_days}d").alias("assumed_on")
        rows = rows.filter(pl.col("known_on") == first).with_columns(assumed)
        return _one_per_cell(rows.filter(pl.col("assumed_on") <= day))
    rows = rows.filter(pl.col("known_on") <= day).with_columns(never)
    if dense:
        newest = _newest_covering(rows, vintages.filter(pl.col("known_on") <= day))
        rows = rows.join(newest, on=["period_start", "period_end", "known_on"], how="semi")
    return _one_per_cell(rows)


def _newest_covering(rows: pl.DataFrame, vintages: pl.DataFrame) -> pl.DataFrame:
    """Return, for each period, the newest vintage that covers it."""
    periods = rows.select("period_start", "period_end").unique()
    return (
        periods.join(
            vintages.select("known_on", "first_period_start", "last_period_end").unique(), how="cross"
        )
        .filter(
            pl.col("first_period_start") <= pl.col("period_start"),
            pl.col("last_period_end") >= pl.col("period_end"),
        )
        .group_by("period_start", "period_end")
        .agg(pl.col("known_on").max())
    )


def _one_per_cell(rows: pl.DataFrame) -> pl.DataFrame:
    """Keep the newest row per cell; among documents of one day the first by id, whatever came in first."""
    return rows.sort(*CELL, "known_on", "document", descending=[*[False] * len(CELL), True, False]).unique(
        subset=list(CELL), keep="first", maintain_order=True
    )
