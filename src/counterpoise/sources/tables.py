"""A CSV or Parquet file as a table of text, with the row each record stands in.

Everything becomes text first, so that both formats meet the same checks and every fault can quote what stands
in the file.
"""

import gzip
import tempfile
import zlib
from datetime import time
from io import BytesIO
from pathlib import Path

import duckdb
import polars as pl

from counterpoise.errors import InputError

__all__ = ["GZIP", "ROW", "parse_csv", "parse_parquet", "unpacked"]

ROW = "_row"
"""Column with the row number: in a CSV the header is row 1, in a Parquet file the first record is row 1."""

GZIP = b"\x1f\x8b"
"""How a gzipped file begins."""
LARGEST = 2_000_000_000
"""Bytes after unpacking; the largest file of migration statistics has a twentieth of that."""

_SEPARATORS = {",": "comma", ";": "semicolon", "\t": "tab"}


def unpacked(content: bytes, where: str) -> bytes:
    """Return what a gzipped file holds; anything else as it is.

    Raises
    ------
    InputError
        If it is cut off or damaged, or holds more than any table of statistics.
    """
    if not content.startswith(GZIP):
        return content
    try:
        with gzip.open(BytesIO(content)) as file:
            text = file.read(LARGEST + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise InputError(
            expected="a whole gzipped file", found=str(error), where=where, hint="download it again"
        ) from error
    if len(text) > LARGEST:
        raise InputError(
            expected=f"a file of at most {LARGEST / 1e9:.0f} GB",
            found="one that unpacks to more",
            where=where,
            hint="check where it comes from",
        )
    return text


def parse_csv(content: bytes, where: str) -> tuple[pl.DataFrame, tuple[str, ...]]:
    """Return a CSV as a table of text, and notes.

    The separator (comma, semicolon or tab) is the one that stands most often in the header.

    Returns
    -------
    tuple
        A frame of strings (null where a cell is empty) with the column ``ROW`` first; and notes.

    Raises
    ------
    InputError
        If the bytes are not UTF-8, the header is not one, or rows have more cells than it.
    """
    text = _decode(content, where)
    header = text.lstrip("\r\n").split("\n", 1)[0]
    separator = max(_SEPARATORS, key=header.count)
    try:
        table = pl.read_csv(
            BytesIO(text.encode()),
            separator=separator,
            infer_schema=False,
            has_header=False,
        )
    except pl.exceptions.PolarsError as error:
        raise InputError(
            expected="a CSV with as many cells in every row as in its header",
            found=str(error).split("\n", 1)[0][:200],
            where=where,
            hint="check the rows for a stray separator or quotation mark",
        ) from error
    names = [(name or "").strip() for name in table.row(0)]
    table = _named(table.slice(1), names, where).with_columns(
        pl.int_range(2, pl.len() + 2, dtype=pl.Int64).alias(ROW)
    )
    notes = () if separator == "," else (f"Cells are separated by {_SEPARATORS[separator]}s.",)
    return _without_empty_rows(table, where), notes


def _decode(content: bytes, where: str) -> str:
    hint = "save it as 'CSV UTF-8'"
    if content.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\x00" in content[:4096]:
        raise InputError(expected="text in UTF-8", found="text in UTF-16", where=where, hint=hint)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise InputError(
            expected="text in UTF-8",
            found=f"byte {content[error.start]:#04x} in line {line}, which UTF-8 does not have there",
            where=where,
            hint=hint,
        ) from error


def parse_parquet(content: bytes, where: str) -> pl.DataFrame:
    """Return a Parquet file as a table of text with the column ``ROW`` first.

    Raises
    ------
    InputError
        If it cannot be read, or a column holds lists or records.
    """
    try:
        table = _by_duckdb(content)
        nested = [name for name, dtype in table.schema.items() if dtype.is_nested() or dtype == pl.Binary]
        text = table.select(
            pl.col(name).dt.strftime("%Y-%m-%d") if _is_day(table[name]) else pl.col(name).cast(pl.String)
            for name in table.columns
            if name not in nested
        )
    # Polars panics at days of no calendar, and a panic is not an Exception.
    except (duckdb.Error, pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError) as error:
        raise InputError(
            expected="a Parquet file that is whole",
            found=f"one that cannot be read ({' '.join(str(error).split())[:200]})",
            where=where,
            hint="download or write it again",
        ) from error
    if nested:
        raise InputError(
            expected="columns of plain values",
            found=f"lists, records or bytes in {', '.join(nested)}",
            where=where,
            hint="write these columns as text or numbers, or leave them out",
        )
    numbered = _named(text, text.columns, where).with_columns(
        pl.int_range(1, pl.len() + 1, dtype=pl.Int64).alias(ROW)
    )
    return _without_empty_rows(numbered, where)


def _by_duckdb(content: bytes) -> pl.DataFrame:
    """Return the table of a Parquet file.

    Not by Polars: a damaged file can make it ask for 2 exbibytes, and the process ends without an exception.
    """
    with tempfile.TemporaryDirectory() as folder, duckdb.connect() as connection:
        path = Path(folder) / "table.parquet"
        path.write_bytes(content)
        connection.execute("SET memory_limit = '1GB'")
        return pl.DataFrame(connection.sql("SELECT * FROM read_parquet($path)", params={"path": str(path)}))


def _is_day(column: pl.Series) -> bool:
    """Return whether a column of times holds midnights only, so that a day says all."""
    if not isinstance(column.dtype, pl.Datetime):
        return False
    return bool((column.dt.time().drop_nulls() == time(0)).all()) if len(column) else True


def _named(table: pl.DataFrame, names: list[str], where: str) -> pl.DataFrame:
    faults = [f"{name!r} stands twice" for name in sorted({n for n in names if names.count(n) > 1 and n})]
    if ROW in names:
        faults.append(f"the reserved name {ROW}")
    # A trailing separator makes a last column without name and content; anything else needs a name.
    unnamed = [i for i, name in enumerate(names) if not name]
    full = [i + 1 for i in unnamed if table[table.columns[i]].null_count() < table.height]
    faults += [f"column {i} has no name" for i in full]
    if faults:
        raise InputError(
            expected="a header with one name for every column, each once",
            found="; ".join(faults),
            where=where,
            hint="name these columns",
        )
    kept = [i for i in range(len(names)) if i not in unnamed]
    return table.select(pl.col(table.columns[i]).alias(names[i]) for i in kept)


def _without_empty_rows(table: pl.DataFrame, where: str) -> pl.DataFrame:
    cells = [pl.col(name) for name in table.columns if name != ROW]
    filled = table.filter(pl.any_horizontal(cell.is_not_null() for cell in cells)) if cells else table.clear()
    if filled.is_empty():
        raise InputError(
            expected="a header and rows of figures",
            found="no row with a figure",
            where=where,
            hint="check that the file is the one you meant",
        )
    return filled.select(ROW, *cells)
