"""Tables that publishers give as CSV or Parquet: each told by the heads of its columns."""

from collections.abc import Callable
from dataclasses import dataclass

import polars as pl

from counterpoise.observations.batch import Batch
from counterpoise.sources.carded import Given

__all__ = ["PublishedTable"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedTable:
    """A table of a publisher, and who reads it.

    Parameters
    ----------
    name
        The dataset it fills, or the first of them.
    heads
        Columns it must have, written so.
    without
        Columns it must not have, where another table has all of ``heads`` too.
    parse
        ``(table of text with ROW, the document) -> Batch``.
    value
        The column of counts, for the look for data about persons. None: the reader takes sums over rows of incidents
        and nothing else, so that no single row, text or place of one can get into the archive.
    """

    name: str
    heads: tuple[str, ...]
    parse: Callable[[pl.DataFrame, Given], Batch]
    value: str | None
    without: tuple[str, ...] = ()

    def fits(self, table: pl.DataFrame) -> bool:
        """Return whether a table has the columns of this one."""
        names = set(table.columns)
        return names.issuperset(self.heads) and names.isdisjoint(self.without)
