"""Small counts of nationalities are not exported: under 10 is printed as ``<10``.

In a group whose total is known (all nationalities of one period), one hidden cell could be worked out from
the others. So at least two are hidden, and hidden cells together hold at least 10 people.
"""

import polars as pl

from counterpoise.observations.as_of import add_flag
from counterpoise.vocabulary import ALL_NATIONALITIES

__all__ = ["SMALLEST", "suppress", "suppress_observations"]

SMALLEST = 10
"""Counts from 1 to 9 are hidden (principle 6 of the design)."""
_WITHHELD = "withheld"


def suppress(cells: pl.DataFrame, *, group: list[str], total_known: bool = True) -> pl.DataFrame:
    """Return the cells with a column ``shown``: the count as text, ``<10``, or ``withheld``.

    Parameters
    ----------
    cells
        Column ``value`` and the columns of ``group``; one row per nationality and group. Zeros are shown.
    group
        Columns that name a group with a total, e.g. the period.
    total_known
        Whether a reader can know the total of a group; without it, only cells under 10 are hidden.
    """
    small = pl.col("value").is_between(1, SMALLEST - 1)
    marked = cells.with_columns(small.fill_null(value=False).alias("_small"))
    if total_known:
        marked = pl.concat(
            [_hide_more(part) for part in marked.partition_by(group, maintain_order=True)]
            or [marked.with_columns(pl.lit(value=False).alias("_more"))]
        )
    else:
        marked = marked.with_columns(pl.lit(value=False).alias("_more"))
    return marked.with_columns(
        pl.when(pl.col("value").is_null())
        .then(pl.lit(""))
        .when("_small")
        .then(pl.lit(f"<{SMALLEST}"))
        .when("_more")
        .then(pl.lit(_WITHHELD))
        .otherwise(pl.col("value").map_elements(lambda v: f"{v:,.0f}", return_dtype=pl.String))
        .alias("shown")
    ).drop("_small", "_more")


def _hide_more(part: pl.DataFrame) -> pl.DataFrame:
    """Mark further cells, the smallest first, until the hidden ones cannot be worked out."""
    values = part["value"].fill_null(0.0).to_list()
    small = part["_small"].to_list()
    hidden = {i for i, is_small in enumerate(small) if is_small}
    more: set[int] = set()
    candidates = sorted((v, i) for i, v in enumerate(values) if v >= SMALLEST)
    while (
        hidden and candidates and (len(hidden | more) < 2 or sum(values[i] for i in hidden | more) < SMALLEST)
    ):
        more.add(candidates.pop(0)[1])
    return part.with_columns(pl.Series("_more", [i in more for i in range(part.height)], dtype=pl.Boolean))


_TOTALLED = ["dataset", "corridor", "measure", "unit", "place", "frequency", "period_start", "period_end"]
"""What names the nationalities of one total."""


def suppress_observations(rows: pl.DataFrame, *, over_corridors: bool = False) -> pl.DataFrame:
    """Return observations fit for export: small counts of nationalities are null and flagged ``suppressed``.

    Parameters
    ----------
    rows
        Schema ``OBSERVATIONS``. Totals stay; so do zeros.
    over_corridors
        Whether the rows are parts of one known sum over corridors, not cells of one corridor's total.
    """
    group = [name for name in _TOTALLED if name != "corridor"] if over_corridors else _TOTALLED
    single = ~pl.col("nationality").str.starts_with(ALL_NATIONALITIES)
    numbered = rows.with_row_index("row")
    cells = suppress(numbered.filter(single), group=group)
    hidden = cells.filter(pl.col("shown").is_in([f"<{SMALLEST}", _WITHHELD]))["row"]
    is_hidden = pl.col("row").is_in(hidden.implode())
    return numbered.with_columns(
        pl.when(~is_hidden).then("value").alias("value"),
        pl.when(is_hidden).then(add_flag("suppressed")).otherwise("flag").alias("flag"),
    ).drop("row")
