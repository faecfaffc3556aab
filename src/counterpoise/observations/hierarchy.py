"""Reading figures up the tree: parents are sums of the same dataset's children, totals likewise.

A row is stored once, at its finest published corridor. A total or a parent's figure that the publisher gives
itself is used as it is; only where there is none are the parts summed, and only in dense datasets: the parts
of a sparse one may be incomplete, and their sum would look like a fall. Nothing is ever summed over datasets,
measures, units or periods. A figure is the sum of the rows ``rows_behind`` names; ``trace`` shows these.
"""

import polars as pl

from counterpoise.observations.corridors import CorridorRegistry
from counterpoise.schemas import CELL, OBSERVATIONS
from counterpoise.vocabulary import ALL_NATIONALITIES, split_nationality

__all__ = ["figures_of", "roll_up", "rows_behind"]

_FIGURE = ["dataset", "measure", "unit", "period_start", "period_end", "frequency"]
"""What the parts of a sum have in common; beside the corridor, or the nationality, or both."""
_IS_TOTAL = pl.col("nationality") == ALL_NATIONALITIES


def rows_behind(
    observations: pl.DataFrame,
    registry: CorridorRegistry,
    corridor: str,
    nationality: str,
    dense: frozenset[str],
) -> pl.DataFrame:
    """Return the rows whose values, times ``sign``, sum to the figures of a corridor and nationality.

    Parameters
    ----------
    observations
        Columns of ``OBSERVATIONS`` at least, one row per cell (the result of ``as_of``).
    registry
        The tree.
    corridor
        Id of the corridor wanted.
    nationality
        A code, ``TOTAL``, or ``TOTAL`` less some, as ``TOTAL-UKR``.
    dense
        The datasets in which a missing cell is 0; only in these are parts summed or subtracted.

    Returns
    -------
    polars.DataFrame
        Rows as given, and ``sign``: 1, or -1 for a nationality taken out of a published total.
    """
    base, left_out = split_nationality(nationality)
    if base != ALL_NATIONALITIES:
        rows = _cells(observations.filter(pl.col("nationality") == base), registry, corridor, dense)
        return rows.with_columns(pl.lit(1, pl.Int8).alias("sign"))
    added = _total(observations, registry, corridor, dense).with_columns(pl.lit(1, pl.Int8).alias("sign"))
    if not left_out:
        return added
    added = added.filter(pl.col("dataset").is_in(dense))
    others = observations.filter(pl.col("nationality").is_in(left_out), pl.col("dataset").is_in(dense))
    removed = (
        _cells(others, registry, corridor, dense)
        .join(added, on=_FIGURE, how="semi")
        .with_columns(pl.lit(-1, pl.Int8).alias("sign"))
    )
    # What is part of the sum is left out of it; only from a published total is anything subtracted.
    return pl.concat(
        [added.join(removed, on=list(CELL), how="anti"), removed.join(added, on=list(CELL), how="anti")]
    )


def figures_of(
    observations: pl.DataFrame,
    registry: CorridorRegistry,
    corridor: str,
    nationality: str,
    dense: frozenset[str],
) -> pl.DataFrame:
    """Return the figures of a corridor and nationality, schema ``OBSERVATIONS``; arguments as ``rows_behind``.

    Figures of a sparse dataset stay as they are published, one row per place.
    """
    behind = rows_behind(observations, registry, corridor, nationality, dense)
    return _sum(behind, _FIGURE, dense).with_columns(
        pl.lit(corridor).alias("corridor"), pl.lit(nationality).alias("nationality")
    )


def roll_up(
    observations: pl.DataFrame, registry: CorridorRegistry, corridor: str, dense: frozenset[str]
) -> pl.DataFrame:
    """Return the figures of ``corridor`` for every nationality, and its totals where any are published.

    Returns
    -------
    polars.DataFrame
        Schema ``OBSERVATIONS`` with ``corridor`` everywhere. A cell the dataset gives for the corridor itself
        is used as it is; else the dataset's nearest descendants are summed.
    """
    cells = _cells(observations.filter(~_IS_TOTAL), registry, corridor, dense)
    cells = cells.with_columns(pl.lit(1, pl.Int8).alias("sign"))
    figures = _sum(cells, [*_FIGURE, "nationality"], dense).with_columns(pl.lit(corridor).alias("corridor"))
    below = observations.filter(_IS_TOTAL, pl.col("corridor").is_in(registry.subtree(corridor)))
    if below.is_empty():
        return figures
    totals = figures_of(observations, registry, corridor, ALL_NATIONALITIES, dense)
    return pl.concat([figures, totals.join(below, on=_FIGURE, how="semi")])


def _cells(
    rows: pl.DataFrame, registry: CorridorRegistry, corridor: str, dense: frozenset[str]
) -> pl.DataFrame:
    """Return, cell by cell, the corridor's own rows, else those of its nearest descendants."""
    own = rows.filter(pl.col("corridor") == corridor)
    below = [_cells(rows, registry, child, dense) for child in _children_with(rows, registry, corridor)]
    parts = pl.concat([own.clear(), *below]).filter(pl.col("dataset").is_in(dense))
    return pl.concat([own, parts.join(own, on=[*_FIGURE, "nationality"], how="anti")])


def _children_with(rows: pl.DataFrame, registry: CorridorRegistry, corridor: str) -> tuple[str, ...]:
    """Return the children at or below which there are rows: most branches of the tree hold none of a dataset."""
    children = registry.children(corridor)
    stored = set(rows["corridor"].unique()) if children else set()
    return tuple(child for child in children if not stored.isdisjoint(registry.subtree(child)))


def _total(
    rows: pl.DataFrame, registry: CorridorRegistry, corridor: str, dense: frozenset[str]
) -> pl.DataFrame:
    """Return the corridor's published totals; where there is none, its nationalities and its children's totals."""
    own = rows.filter(pl.col("corridor") == corridor)
    published = own.filter(_IS_TOTAL)
    named = own.filter(~_IS_TOTAL, pl.col("dataset").is_in(dense))
    below = [_total(rows, registry, child, dense) for child in _children_with(rows, registry, corridor)]
    parts = pl.concat([own.clear(), *below]).filter(pl.col("dataset").is_in(dense))
    parts = pl.concat([named, parts.join(named, on=[*_FIGURE, "nationality"], how="anti")])
    return pl.concat([published, parts.join(published, on=_FIGURE, how="anti")])


def _sum(rows: pl.DataFrame, by: list[str], dense: frozenset[str]) -> pl.DataFrame:
    """Return schema ``OBSERVATIONS``: dense rows summed by ``by``, as known as their newest part; others as given."""
    summable = pl.col("dataset").is_in(dense)
    several = [c for c in ("corridor", "reporter", "nationality", "place", "publisher_term") if c not in by]
    removed = pl.col("sign") < 0
    counts = pl.format("sum of {} rows", (~removed).sum())
    summed = (
        rows.filter(summable)
        .group_by(by)
        .agg(
            (pl.col("value") * pl.col("sign")).sum(),
            pl.col("known_on").max(),
            *(_one(column) for column in several),
            pl.col("document").str.split(" ").explode().unique().sort().str.join(" "),
            pl.when(pl.len() == 1)
            .then(pl.col("locator").first())
            .when(removed.any())
            .then(pl.format("{} less {} rows", counts, removed.sum()))
            .otherwise(counts)
            .alias("locator"),
            pl.col("flag").str.split(" ").explode().unique().sort().str.join(" ").str.strip_chars(),
        )
    )
    columns = list(OBSERVATIONS)
    return pl.concat([rows.filter(~summable).select(columns), summed.select(columns)])


def _one(column: str) -> pl.Expr:
    """Return the column's value where all parts agree, else ``several``."""
    agree = pl.col(column).n_unique() == 1
    return pl.when(agree).then(pl.col(column).first()).otherwise(pl.lit("several")).alias(column)
