"""Many series side by side: a matrix of counts with its row and column labels, as the engines read it."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from counterpoise.observations.archive import Known
from counterpoise.observations.hierarchy import roll_up, select_nationality
from counterpoise.vocabulary import ALL_NATIONALITIES

__all__ = ["Panel", "build_panels"]

_PLACELESS = ["nationality", "period_start", "period_end"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """Series of one dataset, measure and frequency.

    Parameters
    ----------
    dataset, measure, frequency
        What the panel is of.
    series
        Columns ``corridor, nationality``; one row per row of the matrix.
    periods
        Columns ``period_start, period_end``; consecutive, one row per column of the matrix.
    values
        Counts, series x periods; NaN where nothing is published.
    known_on
        Days since 1970-01-01 on which each count was known, series x periods; NaN as in ``values``.
    flags
        Flags of each count, series x periods, as strings.
    """

    dataset: str
    measure: str
    frequency: str
    series: pl.DataFrame
    periods: pl.DataFrame
    values: npt.NDArray[np.float64]
    known_on: npt.NDArray[np.float64]
    flags: npt.NDArray[np.object_]


def _every(frequency: str) -> str:
    return {"D": "1d", "W": "1w", "M": "1mo", "Q": "3mo", "Y": "1y"}[frequency]


def build_panels(known: Known, *, corridors: Sequence[str] = (), frequency: str = "M") -> tuple[Panel, ...]:
    """Return one panel per dataset and measure.

    Parameters
    ----------
    known
        What was known on a day.
    corridors
        Only these corridors, with their children summed; empty: every route of a dense dataset (its parts summed)
        and every corridor a sparse dataset has figures for.
    frequency
        Length of the periods.

    Returns
    -------
    tuple of Panel
        By dataset and measure. Totals over nationalities are rows of their own, also those less some
        nationalities where the registry asks for them.
    """
    rows = known.observations.filter(pl.col("frequency") == frequency)
    groups = rows.group_by("dataset", "measure", maintain_order=True)
    panels = [
        _panel(known, str(dataset), str(measure), frequency, part, tuple(corridors))
        for (dataset, measure), part in groups
    ]
    return tuple(p for p in panels if p is not None)


def _panel(
    known: Known, dataset: str, measure: str, frequency: str, rows: pl.DataFrame, corridors: tuple[str, ...]
) -> Panel | None:
    wanted = corridors or _monitored_corridors(known, dataset, rows)
    parts = [_series_of(known, rows, c) for c in wanted]
    cells = pl.concat([p for p in parts if p.height]) if any(p.height for p in parts) else rows.clear()
    if cells.is_empty():
        return None
    periods = _calendar(rows, frequency)
    series = cells.select("corridor", "nationality").unique().sort("corridor", "nationality")
    row = cells.join(series.with_row_index("row"), on=["corridor", "nationality"], maintain_order="left")
    placed = row.join(periods.with_row_index("column"), on=["period_start", "period_end"])
    shape = (series.height, periods.height)
    at = (placed["row"].to_numpy(), placed["column"].to_numpy())
    values = np.full(shape, np.nan)
    known_on = np.full(shape, np.nan)
    flags = np.full(shape, "", dtype=object)
    if dataset in known.dense:
        _fill_dense(rows, periods, values, known_on, flags)
    values[at] = placed["value"].to_numpy()
    known_on[at] = placed["known_on"].cast(pl.Int32).to_numpy()
    flags[at] = placed["flag"].to_numpy()
    return Panel(
        dataset=dataset,
        measure=measure,
        frequency=frequency,
        series=series,
        periods=periods,
        values=values,
        known_on=known_on,
        flags=flags,
    )


def _monitored_corridors(known: Known, dataset: str, rows: pl.DataFrame) -> tuple[str, ...]:
    stored = rows["corridor"].unique().sort().to_list()
    if dataset not in known.dense:
        return tuple(stored)
    return tuple(sorted({[c, *known.corridors.ancestors(c)][-1] for c in stored}))


def _series_of(known: Known, rows: pl.DataFrame, corridor: str) -> pl.DataFrame:
    """Return corridor, nationality, period, value: every nationality and the totals of one corridor."""
    up = roll_up(rows, known.corridors, corridor, known.dense)
    without = known.corridors[corridor].totals_without
    totals = [ALL_NATIONALITIES, *(f"{ALL_NATIONALITIES}-{code}" for code in without)]
    parts = [up.filter(pl.col("nationality") != ALL_NATIONALITIES)]
    parts += [select_nationality(up, code, known.dense) for code in totals]
    return (
        pl.concat(parts)
        .group_by("corridor", *_PLACELESS, maintain_order=True)
        .agg(pl.col("value").sum(), pl.col("known_on").max(), pl.col("flag").first())
    )


def _calendar(rows: pl.DataFrame, frequency: str) -> pl.DataFrame:
    """Return consecutive periods from the first to the last one with any figure."""
    first, last = rows["period_start"].min(), rows["period_start"].max()
    every = _every(frequency)
    starts = pl.date_range(first, last, interval=every, eager=True)  # type: ignore[arg-type]
    return pl.DataFrame({"period_start": starts}).with_columns(
        pl.col("period_start").dt.offset_by(every).dt.offset_by("-1d").alias("period_end")
    )


def _fill_dense(
    rows: pl.DataFrame,
    periods: pl.DataFrame,
    values: npt.NDArray[np.float64],
    known_on: npt.NDArray[np.float64],
    flags: npt.NDArray[np.object_],
) -> None:
    """Set the periods a dense dataset covers to 0: a missing cell there means nobody was counted."""
    covered = (
        periods.with_row_index("column")
        .join(
            rows.group_by("period_start", "period_end").agg(
                pl.col("known_on").max(), pl.col("flag").str.contains("lag_assumed").any()
            ),
            on=["period_start", "period_end"],
        )
        .sort("column")
    )
    columns = covered["column"].to_numpy()
    values[:, columns] = 0.0
    known_on[:, columns] = covered["known_on"].cast(pl.Int32).to_numpy()
    flags[:, columns] = np.where(covered["flag"].to_numpy(), "lag_assumed", "")
