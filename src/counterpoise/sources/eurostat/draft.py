"""Drafts of Eurostat's figures, whether they came as a bulk file or as an answer of its API."""

from collections.abc import Mapping

import polars as pl

from counterpoise.observations.nationalities import alpha_2_of
from counterpoise.sources.assemble import RAW_CORRIDOR, RAW_NATIONALITY, Draft
from counterpoise.sources.carded import Given, carded_draft, cards_of
from counterpoise.sources.eurostat.layout import Layout
from counterpoise.sources.tables import ROW

__all__ = ["eurostat_draft"]

_FLAGS = {
    "b": "break",
    "d": "definition_differs",
    "e": "estimated",
    "f": "estimated",
    "n": "low_confidence",
    "p": "provisional",
    "r": "revised",
    "s": "estimated",
    "u": "low_confidence",
}
"""Eurostat's flags; ``c`` (confidential) and ``z`` (not applicable) stand where there is no number."""


def eurostat_draft(
    cells: pl.DataFrame,
    keys: pl.DataFrame,
    layout: Layout,
    given: Given,
    *,
    left_out: Mapping[str, int],
    n_read: int,
) -> Draft:
    """Return the draft of chosen cells.

    Parameters
    ----------
    cells
        ``_row, period, value, flags, locator``, all but the first as text.
    keys
        The chosen rows, as ``choose_rows`` gives them.
    """
    cards = cards_of(f"eurostat.{layout.name}")
    corridors = {code: alpha_2_of(code) or code for code in keys["reporter"].unique()}
    flags = pl.col("flags").str.split("")
    unknown = sorted(set("".join(cells["flags"].unique())) - set(_FLAGS))
    rows = cells.join(
        keys.select("_row", "dataset", "reporter", "nationality", "geo", "citizen"), on="_row"
    ).select(
        (pl.col("_row").cast(pl.Int64) + 2).alias(ROW),
        pl.col("geo").alias(RAW_CORRIDOR),
        pl.col("citizen").alias(RAW_NATIONALITY),
        "dataset",
        pl.col("reporter").replace_strict(corridors, default=None, return_dtype=pl.String).alias("corridor"),
        "reporter",
        "nationality",
        pl.col("period").alias("period_start"),
        "value",
        "locator",
        flags.list.eval(pl.element().replace_strict(_FLAGS, default=None))
        .list.drop_nulls()
        .list.concat(pl.lit(["rounded"]))
        .list.unique()
        .list.sort()
        .list.join(" ")
        .alias("flag"),
    )
    notes = ["Eurostat rounds to 5, so sums may be off by a few."]
    if unknown:
        notes.append(f"Flags that say nothing of ours were left out: {', '.join(unknown)}.")
    return carded_draft(
        rows,
        cards,
        given,
        n_read=n_read,
        left_out=left_out,
        title=cards[0].title,
        notes=notes,
    )
