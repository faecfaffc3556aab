"""Reading figures up the tree: parents are sums of the same dataset's children, totals likewise.

A row is stored once, at its finest published corridor. A total or a parent's figure that the publisher gives
itself is used as it is; only where there is none are the parts summed. Nothing is ever summed over datasets,
measures, units, places that mean different things, or spans.
"""

import polars as pl

from counterpoise.observations.corridors import CorridorRegistry
from counterpoise.schemas import OBSERVATIONS
from counterpoise.vocabulary import ALL_NATIONALITIES, split_nationality

__all__ = ["roll_up", "select_nationality"]

_PERIOD = ["period_start", "period_end", "frequency"]
_CELL_BUT_CORRIDOR = ["dataset", "nationality", "measure", "unit", *_PERIOD]
_CELL_BUT_NATIONALITY = ["dataset", "corridor", "measure", "unit", *_PERIOD]


def _one(column: str) -> pl.Expr:
    """Return the column's value where all parts agree, else ``several``."""
    return (
        pl.when(pl.col(column).n_unique() == 1)
        .then(pl.col(column).first())
        .otherwise(pl.lit("several"))
        .alias(column)
    )


def _sum(rows: pl.DataFrame, by: list[str]) -> pl.DataFrame:
    """Return one row per ``by``: values summed, as known as its newest part, flags united."""
    return rows.group_by(by).agg(
        pl.col("value").sum(),
        pl.col("known_on").max(),
        *(
            _one(column)
            for column in ("reporter", "place", "publisher_term", "corridor", "nationality")
            if column not in by
        ),
        pl.col("document").unique().sort().str.join(" "),
        pl.when(pl.len() == 1)
        .then(pl.col("locator").first())
        .otherwise(pl.format("sum of {} rows", pl.len()))
        .alias("locator"),
        pl.col("flag").str.split(" ").explode().unique().sort().str.join(" ").str.strip_chars().alias("flag"),
    )


def roll_up(
    observations: pl.DataFrame, registry: CorridorRegistry, corridor: str, dense: frozenset[str]
) -> pl.DataFrame:
    """Return the figures of ``corridor`` as one series of rows per nationality, measure and period.

    Parameters
    ----------
    observations
        Schema ``OBSERVATIONS``, one row per cell (the result of ``as_of``).
    registry
        The tree.
    corridor
        Id of the corridor wanted.
    dense
        The datasets in which a missing cell is 0. Only these are summed: the parts of a sparse dataset may be
        incomplete, and their sum would look like a fall.

    Returns
    -------
    polars.DataFrame
        Schema ``OBSERVATIONS`` with ``corridor`` everywhere. A cell the dataset gives for the corridor itself
        is used as it is; else the dataset's nearest descendants are summed.
    """
    own = observations.filter(pl.col("corridor") == corridor)
    children = registry.children(corridor)
    if not children:
        return own
    below = [roll_up(observations, registry, child, dense) for child in children]
    parts = pl.concat([own.clear(), *below]).filter(pl.col("dataset").is_in(dense))
    if parts.is_empty():
        return own
    summed = _sum(parts, _CELL_BUT_CORRIDOR).with_columns(pl.lit(corridor).alias("corridor"))
    summed = summed.join(own, on=_CELL_BUT_CORRIDOR, how="anti").select(list(OBSERVATIONS))
    return pl.concat([own, summed])


def select_nationality(rows: pl.DataFrame, nationality: str, dense: frozenset[str]) -> pl.DataFrame:
    """Return the rows of a nationality; ``TOTAL`` is summed where not published; ``TOTAL-UKR`` subtracts.

    Parameters
    ----------
    rows
        Schema ``OBSERVATIONS``, one corridor.
    nationality
        A code, ``TOTAL``, or ``TOTAL`` less some, as ``TOTAL-UKR``.
    dense
        The datasets in which a missing cell is 0; only these are summed or subtracted from.
    """
    base, left_out = split_nationality(nationality)
    if base != ALL_NATIONALITIES:
        return rows.filter(pl.col("nationality") == base)
    published = rows.filter(pl.col("nationality") == ALL_NATIONALITIES)
    parts = rows.filter(pl.col("nationality") != ALL_NATIONALITIES)
    summable = parts.filter(pl.col("dataset").is_in(dense))
    totals = _sum(summable, _CELL_BUT_NATIONALITY).with_columns(
        pl.lit(ALL_NATIONALITIES).alias("nationality")
    )
    totals = totals.join(published, on=_CELL_BUT_NATIONALITY, how="anti").select(list(OBSERVATIONS))
    totals = pl.concat([published, totals])
    if not left_out:
        return totals
    totals = totals.filter(pl.col("dataset").is_in(dense))
    removed = (
        parts.filter(pl.col("nationality").is_in(left_out))
        .group_by(_CELL_BUT_NATIONALITY)
        .agg(pl.col("value").sum().alias("removed"))
    )
    return (
        totals.join(removed, on=_CELL_BUT_NATIONALITY, how="left")
        .with_columns(
            pl.col("value") - pl.col("removed").fill_null(0.0), pl.lit(nationality).alias("nationality")
        )
        .select(list(OBSERVATIONS))
    )
