"""Observations for people to look at: what there is, and the figures of a corridor."""

from datetime import date

import polars as pl

from counterpoise.errors import AnalysisError
from counterpoise.observations.archive import Known, read_series
from counterpoise.observations.hierarchy import roll_up
from counterpoise.observations.questions import require_measure, require_nationality
from counterpoise.schemas import CELL

__all__ = ["list_datasets", "list_observations"]


def list_datasets(known: Known) -> pl.DataFrame:
    """Return what was known on the day, one row per dataset, measure and period length."""
    return (
        known.observations.group_by("dataset", "measure", "frequency")
        .agg(
            pl.len().alias("rows"),
            pl.col("corridor").n_unique().alias("corridors"),
            pl.col("nationality").n_unique().alias("nationalities"),
            pl.col("period_start").min().alias("from"),
            pl.col("period_end").max().alias("to"),
            pl.col("known_on").max().alias("newest"),
        )
        .join(known.datasets.select("dataset", "publisher"), on="dataset", how="left")
        .sort("dataset", "measure", "frequency")
    )


def list_observations(
    known: Known,
    *,
    corridor: str | None = None,
    nationality: str | None = None,
    measure: str | None = None,
    since: date | None = None,
) -> pl.DataFrame:
    """Return schema ``OBSERVATIONS``: the figures that match, parts summed where a corridor is named.

    Raises
    ------
    InputError
        If the corridor is not in the registry, or the measure or nationality no word of ours.
    AnalysisError
        If nothing matches.
    """
    rows = known.observations
    if nationality is not None:
        require_nationality(nationality)
    if measure is not None:
        rows = rows.filter(pl.col("measure") == require_measure(measure))
    if corridor is not None:
        known.corridors.require(corridor)
    if corridor is not None and nationality is not None:
        keys = rows.select("dataset", "measure", "frequency").unique().sort(pl.all())
        series = [
            read_series(known, dataset=d, corridor=corridor, nationality=nationality, measure=m, frequency=f)
            for d, m, f in keys.iter_rows()
        ]
        rows = pl.concat([rows.clear(), *series])
    elif corridor is not None:
        rows = roll_up(rows, known.corridors, corridor, known.dense)
    elif nationality is not None:
        rows = rows.filter(pl.col("nationality") == nationality)
    rows = rows.filter(pl.col("period_start") >= (since or date.min)).sort("period_start", *CELL)
    if rows.is_empty():
        raise AnalysisError(
            expected="figures that match",
            found=f"none known on {known.day}",
            where=" ".join(filter(None, (corridor, nationality, measure))) or "the archive",
            hint="'counterpoise observations' without options lists what there is",
        )
    return rows
