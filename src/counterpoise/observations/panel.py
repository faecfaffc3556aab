"""Many series side by side: a matrix of counts with its row and column labels, as the engines read it."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from counterpoise.observations.archive import Known
from counterpoise.observations.coverage import EVERY
from counterpoise.observations.hierarchy import figures_of, roll_up
from counterpoise.vocabulary import ALL_NATIONALITIES

__all__ = ["Panel", "build_panels", "one_variant"]

_SERIES = ["corridor", "nationality"]


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


def build_panels(
    known: Known,
    *,
    corridors: Sequence[str] = (),
    measures: Sequence[str] = (),
    totals_only: bool = False,
    frequency: str = "M",
) -> tuple[Panel, ...]:
    """Return one panel per dataset and measure.

    Parameters
    ----------
    known
        What was known on a day.
    corridors
        Only these corridors, with their children summed; empty: every route of a dense dataset (its parts summed)
        and every corridor a sparse dataset has figures for.
    measures
        Only these; empty: every measure.
    totals_only
        Leave out the single nationalities.
    frequency
        Length of the periods.

    Returns
    -------
    tuple of Panel
        By dataset and measure. Totals over nationalities are rows of their own, also those less some
        nationalities where the registry asks for them. Where a sparse dataset counts the same in several
        units or places, which may not be added, a series follows the one with the most figures.
    """
    rows = known.observations.filter(
        pl.col("frequency") == frequency, pl.col("measure").is_in(measures) if measures else True
    )
    groups = rows.group_by("dataset", "measure", maintain_order=True)
    panels = [
        _panel(known, str(dataset), str(measure), frequency, part, tuple(corridors), totals_only)
        for (dataset, measure), part in groups
    ]
    return tuple(p for p in panels if p is not None)


def _panel(
    known: Known,
    dataset: str,
    measure: str,
    frequency: str,
    rows: pl.DataFrame,
    corridors: tuple[str, ...],
    totals_only: bool,
) -> Panel | None:
    stored = set(rows["corridor"].unique())
    asked = corridors or _monitored_corridors(known, dataset, stored)
    wanted = [c for c in asked if not stored.isdisjoint(known.corridors.subtree(c))]
    parts = [_series_of(known, rows, c, totals_only) for c in wanted]
    cells = one_variant(pl.concat([rows.clear(), *parts]), dense=dataset in known.dense)
    if cells.is_empty():
        return None
    covered = known.covered(dataset, frequency)
    periods = _calendar(pl.concat([rows["period_start"], covered["period_start"]]), frequency)
    series = cells.select(_SERIES).unique().sort(_SERIES)
    row = cells.join(series.with_row_index("row"), on=_SERIES, maintain_order="left")
    placed = row.join(periods.with_row_index("column"), on=["period_start", "period_end"])
    shape = (series.height, periods.height)
    at = (placed["row"].to_numpy(), placed["column"].to_numpy())
    values = np.full(shape, np.nan)
    known_on = np.full(shape, np.nan)
    flags = np.full(shape, "", dtype=object)
    zeros = periods.with_row_index("column").join(covered, on=["period_start", "period_end"])
    values[:, zeros["column"].to_numpy()] = 0.0
    known_on[:, zeros["column"].to_numpy()] = zeros["known_on"].cast(pl.Int32).to_numpy()
    flags[:, zeros["column"].to_numpy()] = zeros["flag"].to_numpy()
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


def _monitored_corridors(known: Known, dataset: str, stored: set[str]) -> tuple[str, ...]:
    if dataset not in known.dense:
        return tuple(sorted(stored))
    return tuple(sorted({[c, *known.corridors.ancestors(c)][-1] for c in stored}))


def _series_of(known: Known, rows: pl.DataFrame, corridor: str, totals_only: bool) -> pl.DataFrame:
    """Return schema ``OBSERVATIONS``: every nationality, if wanted, and the totals of one corridor."""
    without = known.corridors[corridor].totals_without
    totals = [ALL_NATIONALITIES, *(f"{ALL_NATIONALITIES}-{code}" for code in without)]
    named = rows.filter(pl.col("nationality") != ALL_NATIONALITIES)
    parts = [] if totals_only else [roll_up(named, known.corridors, corridor, known.dense)]
    parts += [figures_of(rows, known.corridors, corridor, code, known.dense) for code in totals]
    return pl.concat(parts)


def one_variant(figures: pl.DataFrame, *, dense: bool) -> pl.DataFrame:
    """Keep, per series, the unit (and, where places are not summed, the place and reporter) with the most figures."""
    variant = ["unit"] if dense else ["unit", "place", "reporter"]
    most = (
        figures.group_by(*_SERIES, *variant)
        .agg(pl.len().alias("n"))
        .sort("n", *variant, descending=[True, *[False] * len(variant)])
        .unique(_SERIES, keep="first", maintain_order=True)
    )
    return figures.join(most, on=[*_SERIES, *variant], how="semi")


def _calendar(starts: pl.Series, frequency: str) -> pl.DataFrame:
    """Return consecutive periods from the first to the last one with any figure."""
    every = EVERY[frequency]
    regular = pl.date_range(starts.min(), starts.max(), interval=every, eager=True)  # type: ignore[arg-type]
    return pl.DataFrame({"period_start": regular}).with_columns(
        pl.col("period_start").dt.offset_by(every).dt.offset_by("-1d").alias("period_end")
    )
