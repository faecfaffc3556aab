"""Eurostat's bulk files (TSV, also gzipped): a row for each series, a column for each period.

The first column holds the codes of a series, joined with commas, in the order its head says; cells hold a number and
flags, or ``:`` where there is none. Rows are chosen before cells are read, so that a file of millions of cells costs
little more than reading it.
"""

import re
import zlib

import numpy as np
import polars as pl

from counterpoise.errors import InputError
from counterpoise.observations.batch import Batch
from counterpoise.sources.assemble import assemble
from counterpoise.sources.carded import Given
from counterpoise.sources.eurostat.draft import eurostat_draft
from counterpoise.sources.eurostat.layout import choose_rows, layout_of
from counterpoise.sources.tables import GZIP, unpacked

__all__ = ["is_bulk", "parse_bulk"]

_HEAD = re.compile(rb"^(?:\xef\xbb\xbf)?freq(?:,[a-z_0-9]+)+\\TIME_PERIOD\t")


def is_bulk(content: bytes) -> bool:
    """Return whether the bytes begin as a bulk file does, gzipped or not."""
    if content.startswith(GZIP):
        try:
            start = zlib.decompressobj(wbits=31).decompress(content[:65536], 4096)
        except zlib.error:
            return False
    else:
        start = content[:4096]
    return _HEAD.match(start) is not None


def parse_bulk(given: Given) -> Batch:
    """Return the batch of a bulk file: totals over sex and age, by reporting state and citizenship.

    Raises
    ------
    InputError
        If it is cut off, too large, or of a dataset that has no card here.
    """
    text = unpacked(given.content, given.path.name)
    head = text[: text.index(b"\n")] if b"\n" in text else text
    names = head.lstrip(b"\xef\xbb\xbf").decode("utf-8", "replace").rstrip("\r").split("\t")
    dimensions = names[0].split("\\")[0].split(",")
    periods = [name.strip() for name in names[1:]]
    layout = layout_of(dimensions, named=given.path.name, where=given.path.name)
    table = _table(text, len(periods), given.path.name)
    codes = (
        table.select(
            pl.col("codes").str.split_exact(",", len(dimensions) - 1).struct.rename_fields(dimensions)
        )
        .unnest("codes")
        .with_row_index("_row")
    )
    keys, left_out = choose_rows(codes, layout)
    cells, counts, n_read = _cells(table, keys, periods, left_out)
    cells = cells.with_columns(
        pl.concat_str(pl.lit("row "), pl.col("_row") + 2, pl.lit(", "), "period").alias("locator")
    )
    return assemble(
        eurostat_draft(
            cells,
            keys,
            layout,
            given,
            left_out=counts,
            n_read=n_read,
        )
    )


def _table(text: bytes, n_periods: int, where: str) -> pl.DataFrame:
    """Return the file as text: a column ``codes``, and ``0``, ``1`` … for the periods."""
    try:
        table = pl.read_csv(
            text, separator="\t", has_header=False, skip_rows=1, infer_schema=False, quote_char=None
        )
    except (pl.exceptions.PolarsError, ValueError) as error:
        raise InputError(
            expected="rows with a cell for each period",
            found=str(error).splitlines()[0],
            where=where,
            hint="download it again, whole",
        ) from error
    missing = table.select(pl.last().null_count()).item() if table.width == n_periods + 1 else table.height
    if missing:
        raise InputError(
            expected=f"a cell for each of {n_periods} periods in every row",
            found=f"rows with fewer or more ({missing} of {table.height})",
            where=where,
            hint="the file is cut off or was edited: download it again",
        )
    return table.rename(dict(zip(table.columns, ["codes", *map(str, range(n_periods))], strict=True)))


def _cells(
    table: pl.DataFrame, keys: pl.DataFrame, periods: list[str], left_out: dict[str, pl.Series]
) -> tuple[pl.DataFrame, dict[str, int], int]:
    """Return ``_row, period, value, flags`` of every chosen cell with a number, and how many cells there are.

    They are given by the reason that left them out, and for the whole file.
    """
    chosen = table[keys["_row"]] if keys.height else table.clear()
    parts = []
    filled = np.zeros(table.height, dtype=np.int64)
    for number, period in enumerate(periods):
        column = str(number)
        filled += (~table[column].str.starts_with(":")).fill_null(value=False).to_numpy()
        part = pl.DataFrame({"_row": keys["_row"], "cell": chosen[column]}).filter(
            ~pl.col("cell").str.starts_with(":")
        )
        parts.append(part.with_columns(pl.lit(period).alias("period")))
    counts = {reason: int(filled[rows.to_numpy()].sum()) for reason, rows in left_out.items()}
    empty = pl.DataFrame(schema={"_row": pl.UInt32, "cell": pl.String, "period": pl.String})
    cells = pl.concat([empty, *parts])
    pieces = pl.col("cell").str.strip_chars().str.split_exact(" ", 1)
    return (
        cells.with_columns(
            pieces.struct.field("field_0").alias("value"),
            pieces.struct.field("field_1").fill_null("").alias("flags"),
        ).drop("cell"),
        counts,
        int(filled.sum()),
    )
