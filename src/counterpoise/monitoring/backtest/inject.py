r"""Surges added to real series: given ones, or made by a recipe of our own.

The recipe follows the columns of the benchmark: half of the surges multiply a series with at least 5 people a month
over the year before (by 1.5, 2, 3, 5 or 10), half add people (15, 30 or 100 a month) where there were at most 30. A
``step`` has its full size from the first month, a ``ramp`` a third, two thirds and all of it, a ``pulse`` all, half
and a quarter. The counts added are Poisson around that.
"""

from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt
import polars as pl

from counterpoise.errors import AnalysisError, InputError
from counterpoise.monitoring.backtest.labelled import is_labelled
from counterpoise.monitoring.backtest.series import CountSeries, month_at
from counterpoise.monitoring.detectors.base import Array

__all__ = ["N_MONTHS", "SHAPES", "SURGES", "Injections", "draw_surges", "inject", "place_surges"]

N_MONTHS = 3
"""Months that a surge adds to."""
SHAPES = {"step": (1.0, 1.0, 1.0), "ramp": (1 / 3, 2 / 3, 1.0), "pulse": (1.0, 0.5, 0.25)}
"""Share of its size that a surge adds in each of its months."""
SURGES: dict[str, pl.DataType] = {
    "corridor": pl.String(),
    "nationality": pl.String(),
    "first_month": pl.Date(),
    "kind": pl.String(),
    "size": pl.Float64(),
    "shape": pl.String(),
    "add_month_1": pl.Int64(),
    "add_month_2": pl.Int64(),
    "add_month_3": pl.Int64(),
}
"""Columns of a frame of surges."""

_ADDED = ["add_month_1", "add_month_2", "add_month_3"]
_FACTORS = (1.5, 2.0, 3.0, 5.0, 10.0)
_PEOPLE = (15.0, 30.0, 100.0)
_MULTIPLIED_FROM = 5.0
_ADDED_UP_TO = 30.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Injections:
    """Where surges are added to a matrix of series.

    Parameters
    ----------
    row, column
        Series, and first month of each surge.
    added
        Counts to add, surges x 3 months.
    """

    row: npt.NDArray[np.int64]
    column: npt.NDArray[np.int64]
    added: Array

    def subset(self, kept: npt.NDArray[np.int64]) -> "Injections":
        """Return some of the surges."""
        return Injections(row=self.row[kept], column=self.column[kept], added=self.added[kept])


def place_surges(
    series: CountSeries, surges: pl.DataFrame, *, since: date, until: date
) -> tuple[pl.DataFrame, Injections]:
    """Return the surges that begin in the months counted, and where they go.

    Parameters
    ----------
    series
        The untouched series.
    surges
        Columns ``SURGES``; more are kept.
    since, until
        First and last month in which a surge may begin, both inclusive; its three months must be in the data.

    Raises
    ------
    InputError
        If a surge names a series that is not there, takes people away or lies in months without figures, or if a
        column is missing.
    AnalysisError
        If none is left.
    """
    missing = [name for name in SURGES if name not in surges.columns]
    if missing:
        raise InputError(
            expected=f"columns {', '.join(SURGES)}",
            found=f"no {', '.join(missing)}",
            where="the surges",
            hint="write one surge per line",
        )
    last = min(until, month_at(series.last_month, 1 - N_MONTHS))
    kept = surges.filter(pl.col("first_month").is_between(since, last))
    placed = kept.join(
        series.names.with_row_index("row"),
        on=["corridor", "nationality"],
        how="left",
        maintain_order="left",
    )
    _require_fitting(placed, series)
    if placed.is_empty():
        raise AnalysisError(
            expected="surges to look for",
            found=f"none that begins from {since:%Y-%m} to {last:%Y-%m}",
            where="the surges",
            hint="choose other months with --from and --to",
        )
    injections = Injections(
        row=placed["row"].cast(pl.Int64).to_numpy(),
        column=np.array([series.column(month) for month in placed["first_month"]], dtype=np.int64),
        added=placed.select(pl.col(_ADDED).cast(pl.Float64)).to_numpy(),
    )
    return placed.drop("row"), injections


def _require_fitting(placed: pl.DataFrame, series: CountSeries) -> None:
    """Refuse surges without a series, that take people away, or in months without figures; all faults together."""
    lost = placed.filter(pl.col("row").is_null()).select("corridor", "nationality").unique().sort(pl.all())
    absent = ", ".join(f"{corridor} {nationality}" for corridor, nationality in lost.iter_rows())
    negative = placed.filter(pl.min_horizontal(_ADDED) < 0).height
    unpublished = sum(
        bool(np.isnan(series.values[row, series.column(month) : series.column(month) + N_MONTHS]).any())
        for row, month in placed.drop_nulls("row").select("row", "first_month").iter_rows()
    )
    faults = [
        text
        for text, there in (
            (f"no series {absent}", absent),
            (f"{negative} that take away", negative),
            (f"{unpublished} in months without figures", unpublished),
        )
        if there
    ]
    if faults:
        raise InputError(
            expected="surges that add people to series of the data",
            found="; ".join(faults),
            where="the surges",
            hint="use the names of the data, counts of 0 or more, and months with figures",
        )


def inject(values: Array, injections: Injections) -> Array:
    """Return one series per surge: the untouched counts with the surge added, surges x months."""
    touched = values[injections.row].copy()
    rows = np.arange(len(touched))
    for month in range(N_MONTHS):
        touched[rows, injections.column + month] += injections.added[:, month]
    return touched


def draw_surges(
    series: CountSeries, *, n: int, since: date, until: date, generator: np.random.Generator
) -> pl.DataFrame:
    """Return surges made by the recipe, outside the labelled episodes; columns ``SURGES``.

    Parameters
    ----------
    series
        The untouched series.
    n
        Number of surges.
    since, until
        First and last month in which a surge may begin, both inclusive.
    generator
        Source of random numbers.

    Raises
    ------
    AnalysisError
        If no series and month fits.
    """
    mean = _mean_of_year_before(series.values)
    usable = ~np.isnan(mean) & ~is_labelled(series)
    usable[:, : max(series.column(since), 0)] = False
    usable[:, min(series.column(until), series.values.shape[1] - N_MONTHS) + 1 :] = False
    for later in range(N_MONTHS):
        usable[:, : usable.shape[1] - later] &= ~np.isnan(series.values[:, later:])
    half = n // 2
    parts = [
        _draw(series, usable & (mean >= _MULTIPLIED_FROM), mean, "multiplicative", n - half, generator),
        _draw(series, usable & (mean <= _ADDED_UP_TO), mean, "additive", half, generator),
    ]
    surges = pl.concat(parts)
    if surges.is_empty():
        raise AnalysisError(
            expected="series with a year of figures before a surge",
            found="none",
            where=f"{since:%Y-%m} to {until:%Y-%m}",
            hint="give longer series, or other months with --from and --to",
        )
    return surges


def _draw(
    series: CountSeries,
    usable: npt.NDArray[np.bool_],
    mean: Array,
    kind: str,
    n: int,
    generator: np.random.Generator,
) -> pl.DataFrame:
    """Return ``n`` surges of one kind; none where no series and month fits."""
    rows, columns = np.nonzero(usable)
    n = n if len(rows) else 0
    chosen = generator.integers(max(len(rows), 1), size=n)
    rows, columns = rows[chosen] if n else rows[:0], columns[chosen] if n else columns[:0]
    size = generator.choice(_FACTORS if kind == "multiplicative" else _PEOPLE, size=n)
    shape = generator.choice(list(SHAPES), size=n)
    full = (size - 1.0) * mean[rows, columns] if kind == "multiplicative" else size
    profile = np.array([SHAPES[name] for name in shape]).reshape(n, N_MONTHS)
    added = generator.poisson(full[:, None] * profile)
    return pl.DataFrame(
        {
            "corridor": series.names["corridor"].gather(rows),
            "nationality": series.names["nationality"].gather(rows),
            "first_month": [month_at(series.first_month, int(column)) for column in columns],
            "kind": [kind] * n,
            "size": size,
            "shape": shape.tolist(),
            **{name: added[:, i] for i, name in enumerate(_ADDED)},
        },
        schema=SURGES,
    )


def _mean_of_year_before(values: Array) -> Array:
    """Return the mean of the twelve counts before each month; NaN where one is not published."""
    mean = np.full(values.shape, np.nan)
    if values.shape[1] > 12:
        windows = np.lib.stride_tricks.sliding_window_view(values[:, :-1], 12, axis=1)
        mean[:, 12:] = windows.mean(axis=2)
    return mean
