"""Eurostat's bulk files (TSV, also gzipped): a row for each series, a column for each period.

The first column holds the codes of a series, joined with commas, in the order its head says; cells hold a number and
flags, or ``:`` where there is none. Rows are chosen before cells are read, so that a file of millions of cells costs
little more than reading it.
"""

import re
import zlib
from pathlib import Path

import numpy as np
import polars as pl

from counterpoise.errors import InputError
from counterpoise.observations.batch import Batch
from counterpoise.observations.corridors import CorridorRegistry
from counterpoise.observations.nationalities import alpha_2_of
from counterpoise.sources.assemble import RAW_CORRIDOR, RAW_NATIONALITY, Draft, assemble
from counterpoise.sources.carded import carded_draft, cards_of
from counterpoise.sources.eurostat.layout import LAYOUTS, Layout, citizenship, state
from counterpoise.sources.tables import GZIP, ROW, unpacked

__all__ = ["is_bulk", "parse_bulk"]

_HEAD = re.compile(rb"^(?:\xef\xbb\xbf)?freq(?:,[a-z_0-9]+)+\\TIME_PERIOD\t")
_FLAGS = {"p": "provisional", "e": "estimated", "s": "estimated", "u": "low_confidence"}


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


def parse_bulk(content: bytes, *, path: Path, registry: CorridorRegistry) -> Batch:
    """Return the batch of a bulk file: totals over sex and age, by reporting state and citizenship.

    Raises
    ------
    InputError
        If it is cut off, too large, or of a dataset that has no card here.
    """
    text = unpacked(content, path.name)
    head = text[: text.index(b"\n")] if b"\n" in text else text
    names = head.lstrip(b"\xef\xbb\xbf").decode("utf-8", "replace").rstrip("\r").split("\t")
    dimensions = names[0].split("\\")[0].split(",")
    periods = [name.strip() for name in names[1:]]
    layout = _layout(dimensions, path.name)
    table = _table(text, len(periods), path.name)
    keys, left_out = _keys(table, dimensions, layout)
    cells, counts, n_read = _cells(table, keys, periods, left_out)
    return assemble(_draft(cells, keys, layout, content, path, registry, counts, n_read))


def _layout(dimensions: list[str], where: str) -> Layout:
    own = frozenset(dimensions) - {"freq", "geo", "citizen"}
    for layout in LAYOUTS:
        if layout.dimensions == own and {"freq", "geo", "citizen"} <= set(dimensions):
            return layout
    known = ", ".join(sorted({layout.name for layout in LAYOUTS}))
    raise InputError(
        expected=f"a bulk file of one of the datasets {known}",
        found=f"the dimensions {', '.join(dimensions)}",
        where=where,
        hint="read another dataset with a mapping file, as a long table",
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


def _keys(
    table: pl.DataFrame, dimensions: list[str], layout: Layout
) -> tuple[pl.DataFrame, dict[str, pl.Series]]:
    """Return the rows to take with their codes, and for each reason the rows left out."""
    codes = (
        table.select(
            pl.col("codes").str.split_exact(",", len(dimensions) - 1).struct.rename_fields(dimensions)
        )
        .unnest("codes")
        .with_row_index("_row")
    )
    states = {code: state(code) for code in codes["geo"].unique().drop_nulls()}
    citizens = {code: citizenship(code) for code in codes["citizen"].unique().drop_nulls()}
    conditions = {f"not the total by {name}": pl.col(name) != code for name, code in layout.kept.items()}
    if layout.split is not None:
        name, taken = layout.split
        conditions[f"another {name} than {' and '.join(taken)}"] = ~pl.col(name).is_in(list(taken))
    conditions["a group of states, or a code not known, that reports"] = ~pl.col("geo").is_in(
        [code for code, found in states.items() if found]
    )
    conditions["citizenship of a group of states, or of a code not known"] = ~pl.col("citizen").is_in(
        [code for code, found in citizens.items() if found]
    )
    left_out: dict[str, pl.Series] = {}
    for reason, condition in conditions.items():
        gone = codes.filter(condition.fill_null(value=True))["_row"]
        if len(gone):
            left_out[reason] = gone
            codes = codes.filter(~condition.fill_null(value=True))
    if layout.split is None:
        dataset = pl.lit(f"eurostat.{layout.name}")
    else:
        name, taken = layout.split
        dataset = pl.col(name).replace_strict({code: f"eurostat.{found}" for code, found in taken.items()})
    return codes.with_columns(
        dataset.alias("dataset"),
        pl.col("geo").replace_strict(states, return_dtype=pl.String).alias("reporter"),
        pl.col("citizen").replace_strict(citizens, return_dtype=pl.String).alias("nationality"),
    ), left_out


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


def _draft(
    cells: pl.DataFrame,
    keys: pl.DataFrame,
    layout: Layout,
    content: bytes,
    path: Path,
    registry: CorridorRegistry,
    left_out: dict[str, int],
    n_read: int,
) -> Draft:
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
        pl.concat_str(pl.lit("row "), pl.col("_row") + 2, pl.lit(", "), "period").alias("locator"),
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
        content,
        path=path,
        registry=registry,
        n_read=n_read,
        left_out=left_out,
        title=cards[0].title,
        notes=notes,
    )
