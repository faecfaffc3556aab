"""The archive on disk: one append-only DuckDB file, replaced whole at each ingestion.

A write copies the file, appends in one transaction to the copy, and puts the copy in the old one's place.
Whoever is killed on the way, or finds the disk full, leaves the archive byte for byte as it was; readers see
the old file or the new one, never half of either. Writers wait for each other through a lock file beside it.
"""

import os
import shutil
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
from filelock import FileLock, Timeout

from counterpoise.errors import InputError, SourceError
from counterpoise.observations.batch import Batch
from counterpoise.schemas import (
    CELL,
    DATASETS,
    DOCUMENTS,
    LEDGER,
    OBSERVATIONS,
    SET_ASIDE,
    VINTAGES,
    WITHDRAWALS,
    Column,
    empty,
    require_schema,
)

__all__ = [
    "FiguresOnDisk",
    "Stored",
    "append_batch",
    "append_withdrawal",
    "default_archive_path",
    "figures_on_disk",
    "read_document_ids",
    "read_store",
]

FORMAT = 1
"""Version of the tables; a file of another format is refused, never converted in place."""

_TABLES: dict[str, dict[str, Column]] = {
    "documents": DOCUMENTS,
    "datasets": DATASETS,
    "vintages": VINTAGES,
    "observations": OBSERVATIONS,
    "set_aside": SET_ASIDE,
    "ledger": LEDGER,
    "withdrawals": WITHDRAWALS,
}
_LATER = ("ledger", "withdrawals")
"""Tables that archives made before they were thought of lack: empty there, and made at the next ingestion."""
_SQL_TYPES = {
    pl.String(): "VARCHAR",
    pl.Date(): "DATE",
    pl.Float64(): "DOUBLE",
    pl.Int64(): "BIGINT",
    pl.Boolean(): "BOOLEAN",
}


class _Stream:
    """A frame as DuckDB reads it: through the Arrow stream protocol, without another library."""

    def __init__(self, frame: pl.DataFrame) -> None:
        self._frame = frame

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        return self._frame.__arrow_c_stream__(requested_schema)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """What an ingestion did.

    Parameters
    ----------
    n_new
        Rows the archive did not have before, per table.
    conflicts
        Cells for which another document of the same day carries another value.
    repeated
        Columns ``dataset, same_as, n_same, n_figures``: datasets of the batch whose figures, at least half of them,
        are stored with the same values under another id.
    """

    n_new: dict[str, int]
    conflicts: pl.DataFrame
    repeated: pl.DataFrame

    @property
    def changed(self) -> bool:
        """Whether the archive is another one than before."""
        return any(self.n_new.values())


def default_archive_path() -> Path:
    """Return where the archive lies if ``--archive`` is not given."""
    from platformdirs import user_data_path

    return user_data_path("counterpoise", appauthor=False) / "archive.duckdb"


def read_store(path: Path) -> Batch:
    """Return everything an archive file holds.

    Raises
    ------
    InputError
        If there is no such file, or it is not an archive of this format.
    """
    tables = _read_tables(path, tuple(_TABLES))
    return Batch(
        observations=tables["observations"],
        documents=tables["documents"],
        datasets=tables["datasets"],
        vintages=tables["vintages"],
        set_aside=tables["set_aside"],
        ledger=tables["ledger"],
        withdrawals=tables["withdrawals"],
    )


def read_document_ids(path: Path) -> frozenset[str]:
    """Return the ids of the documents an archive file holds; none if there is no such file yet.

    Raises
    ------
    InputError
        If it is not an archive of this format.
    """
    if not path.exists():
        return frozenset()
    return frozenset(_read_tables(path, ("documents",))["documents"]["document"])


class FiguresOnDisk:
    """An open archive file, for reading some of its figures without all others."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._connection = connection

    def corridors(self) -> tuple[str, ...]:
        """Return the ids of the corridors that have figures, in alphabetical order."""
        rows = self._connection.execute("SELECT DISTINCT corridor FROM observations ORDER BY corridor")
        return tuple(row[0] for row in rows.fetchall())

    def of_corridor(self, corridor: str, dataset: str | None = None) -> pl.DataFrame:
        """Return all vintages of a corridor's figures, as published: schema ``OBSERVATIONS``, in no certain order."""
        query = "SELECT * FROM observations WHERE corridor = $corridor"
        chosen = {"corridor": corridor}
        if dataset is not None:
            query += " AND dataset = $dataset"
            chosen["dataset"] = dataset
        found = pl.DataFrame(self._connection.sql(query, params=chosen))
        return require_schema(found, OBSERVATIONS, "observations")


@contextmanager
def figures_on_disk(path: Path) -> Iterator[FiguresOnDisk]:
    """Open an archive file for reading single corridors; figures lie sorted in it, so that few pages are read.

    Raises
    ------
    InputError
        If there is no such file, or it is not an archive of this format.
    """
    with _opened(path) as connection:
        yield FiguresOnDisk(connection)


def _read_tables(path: Path, names: tuple[str, ...]) -> dict[str, pl.DataFrame]:
    with _opened(path) as connection:
        return {name: _read_table(connection, name) for name in names}


@contextmanager
def _opened(path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    if not path.is_file():
        raise InputError(
            expected="an archive made by 'counterpoise ingest'",
            found="a folder" if path.is_dir() else "no file",
            where=f"--archive {path}",
            hint="make it with 'counterpoise ingest FILE --archive PATH', or leave --archive out",
        )
    try:
        with closing(duckdb.connect(str(path), read_only=True)) as connection:
            _require_format(connection, path)
            yield connection
    except duckdb.Error as error:  # not a database, cut short, or damaged: any kind may come at any table
        raise InputError(
            expected="an archive made by 'counterpoise ingest', whole",
            found=_plain(error),
            where=str(path),
            hint="name another file with --archive, or ingest the documents anew",
        ) from error


def append_batch(path: Path, batch: Batch, *, wait_seconds: float = 60.0) -> Stored:
    """Append what ``batch`` has and the archive has not; make the archive if there is none.

    Parameters
    ----------
    path
        The archive file.
    batch
        What was read from one document.
    wait_seconds
        How long to wait for another process that is writing.

    Raises
    ------
    InputError
        If the file is not an archive, the same document is already stored with other figures, or one of its
        datasets with another rule for missing cells or another lag, or as withdrawn.
    SourceError
        If another process keeps writing, or the disk takes no more. The archive is as it was.
    """
    with _writing(path, wait_seconds):
        stored = read_store(path) if path.exists() else _nothing()
        _require_same_figures(stored.observations, batch.observations, path)
        _require_same_rules(stored.datasets, batch.datasets, path)
        _require_not_withdrawn(stored.withdrawals, batch.datasets, path)
        new = {name: _missing_rows(getattr(stored, name), getattr(batch, name), name) for name in _TABLES}
        n_new = {name: frame.height for name, frame in new.items()}
        conflicts = _conflicts(stored.observations, batch.observations)
        repeated = _repeated(stored, batch.observations)
        if any(n_new.values()) or not path.exists():
            _replace_with_appended(path, new)
    return Stored(n_new=n_new, conflicts=conflicts, repeated=repeated)


def append_withdrawal(path: Path, dataset: str, day: date, *, wait_seconds: float = 60.0) -> None:
    """Write into an archive file that a dataset is withdrawn.

    Raises
    ------
    SourceError
        If another process keeps writing, or the disk takes no more. The archive is as it was.
    """
    row = pl.DataFrame([(dataset, day)], schema={n: c.dtype for n, c in WITHDRAWALS.items()}, orient="row")
    with _writing(path, wait_seconds):
        _replace_with_appended(path, {"withdrawals": row})


def _nothing() -> Batch:
    return Batch(
        observations=empty(OBSERVATIONS),
        documents=empty(DOCUMENTS),
        datasets=empty(DATASETS),
        vintages=empty(VINTAGES),
    )


_FIGURE = [*CELL, "known_on", "document"]
_KEYS = {"documents": ["document"], "datasets": ["dataset"], "observations": _FIGURE}
"""What names a row; the other tables hold each row once."""


def _missing_rows(stored: pl.DataFrame, offered: pl.DataFrame, table: str) -> pl.DataFrame:
    """Return the offered rows that are not stored, each once."""
    key = _KEYS.get(table, offered.columns)
    return offered.unique(subset=key, keep="first", maintain_order=True).join(
        stored, on=key, how="anti", nulls_equal=True
    )


def _require_same_figures(stored: pl.DataFrame, offered: pl.DataFrame, path: Path) -> None:
    """Raise if a document that is read again gives another value, or lacks a figure it gave before.

    It may give more: figures that were kept aside and are understood now.
    """
    before = stored.filter(pl.col("document").is_in(offered["document"].unique().implode()))
    other = before.join(offered, on=_FIGURE, how="left", suffix="_now").filter(
        pl.col("value").ne_missing(pl.col("value_now"))
    )
    if other.height:
        row = other.sort(_FIGURE).row(0, named=True)
        now = "nothing" if row["value_now"] is None else f"{row['value_now']:g}"
        raise InputError(
            expected="the figures this document gave when it was first ingested",
            found=f"{other.height} other figures, first {now} instead of {row['value']:g} "
            f"for {row['corridor']} {row['nationality']} {row['period_start']}",
            where=str(path),
            hint="an archive is append-only: ingest into a new archive with --archive PATH",
        )


def _require_same_rules(stored: pl.DataFrame, offered: pl.DataFrame, path: Path) -> None:
    """Raise if a dataset comes with another rule of reading: which rule holds must not depend on the order."""
    both = offered.join(stored, on="dataset", suffix="_stored")
    for row in both.sort("dataset").iter_rows(named=True):
        before = _rule(row["dense_stored"], row["lag_days_stored"])
        now = _rule(row["dense"], row["lag_days"])
        if now != before:
            raise InputError(
                expected=f"dataset {row['dataset']} as it is stored: {before}",
                found=now,
                where=str(path),
                hint="give these figures a dataset id of their own, or state the same rule",
            )


def _require_not_withdrawn(withdrawals: pl.DataFrame, offered: pl.DataFrame, path: Path) -> None:
    for row in withdrawals.join(offered, on="dataset", how="semi").sort("dataset").iter_rows(named=True):
        raise InputError(
            expected="figures of a dataset that is not withdrawn",
            found=f"{row['dataset']}, withdrawn on {row['withdrawn_on']}",
            where=str(path),
            hint="give them a dataset id of their own, in a column 'dataset' or by another file name",
        )


def _rule(dense: bool, lag_days: int | None) -> str:
    missing = "a missing figure is 0" if dense else "a missing figure is unknown"
    return f"{missing}, {'no lag' if lag_days is None else f'a lag of {lag_days} days'}"


def _conflicts(stored: pl.DataFrame, offered: pl.DataFrame) -> pl.DataFrame:
    key = [*CELL, "known_on"]
    return (
        offered.join(stored, on=key, suffix="_stored")
        .filter(pl.col("document") != pl.col("document_stored"), pl.col("value") != pl.col("value_stored"))
        .select(*key, "value", "document", "value_stored", "document_stored")
        .sort(pl.all())
    )


def _repeated(stored: Batch, offered: pl.DataFrame) -> pl.DataFrame:
    """Return which datasets are mostly stored already, cell by cell with the same value, under another id."""
    others = stored.observations.join(stored.withdrawals, on="dataset", how="anti")
    cell = [name for name in CELL if name != "dataset"]
    found = offered.select("dataset", *cell, "value").unique()
    return (
        found.join(
            others.select(pl.col("dataset").alias("same_as"), *cell, "value").unique(), on=[*cell, "value"]
        )
        .filter(pl.col("dataset") != pl.col("same_as"))
        .group_by("dataset", "same_as")
        .agg(pl.len().cast(pl.Int64).alias("n_same"))
        .join(found.group_by("dataset").agg(pl.len().cast(pl.Int64).alias("n_figures")), on="dataset")
        .filter(2 * pl.col("n_same") >= pl.col("n_figures"))
        .sort("dataset", "same_as")
    )


@contextmanager
def _writing(path: Path, wait_seconds: float) -> Iterator[None]:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(f"{path}.lock", timeout=wait_seconds):
            yield
    except Timeout as error:
        raise SourceError(
            expected="to be the only one writing to the archive",
            found=f"another process that still writes after {wait_seconds:g} seconds",
            where=str(path),
            hint="wait for it to end and run the command again; nothing was changed",
        ) from error
    except (OSError, duckdb.Error) as error:
        raise SourceError(
            expected="room and permission to write the archive",
            found=_plain(error),
            where=str(path),
            hint="free some space or choose another place with --archive; nothing was changed",
        ) from error


def _plain(error: Exception) -> str:
    return (error.strerror if isinstance(error, OSError) else None) or str(error).splitlines()[0]


def _replace_with_appended(path: Path, new: dict[str, pl.DataFrame]) -> None:
    temporary = path.with_name(f".{path.name}.tmp")
    leftovers = [temporary, temporary.with_name(f"{temporary.name}.wal")]
    for leftover in leftovers:  # of a process that was killed; we hold the lock
        leftover.unlink(missing_ok=True)
    try:
        if path.exists():
            shutil.copyfile(path, temporary)
        with closing(duckdb.connect(str(temporary))) as connection:
            _create_tables(connection)
            _append_tables(connection, new)
        with temporary.open("rb") as file:
            os.fsync(file.fileno())
        temporary.replace(path)
    finally:
        for leftover in leftovers:
            leftover.unlink(missing_ok=True)


def _create_tables(connection: duckdb.DuckDBPyConnection) -> None:
    for name, schema in _TABLES.items():
        columns = ", ".join(f'"{column}" {_SQL_TYPES[c.dtype]}' for column, c in schema.items())
        connection.execute(f"CREATE TABLE IF NOT EXISTS {name} ({columns})")
    connection.execute("CREATE TABLE IF NOT EXISTS format (number INTEGER)")
    connection.execute("INSERT INTO format SELECT ? WHERE NOT EXISTS (FROM format)", [FORMAT])


def _append_tables(connection: duckdb.DuckDBPyConnection, new: dict[str, pl.DataFrame]) -> None:
    connection.execute("BEGIN")
    for name, frame in new.items():
        if frame.height:
            # what is read together lies together
            order = [key for key in ("dataset", "corridor") if name == "observations"]
            ordered = frame.sort(order, maintain_order=True) if order else frame
            connection.register("offered", _Stream(ordered.select(list(_TABLES[name]))))
            connection.execute(f"INSERT INTO {name} SELECT * FROM offered")
            connection.unregister("offered")
    connection.execute("COMMIT")
    connection.execute("CHECKPOINT")


def _require_format(connection: duckdb.DuckDBPyConnection, path: Path) -> None:
    try:
        # fetchone would leave the result open, and this connection could read nothing else.
        rows: list[tuple[Any, ...]] = connection.execute("SELECT number FROM format").fetchall()
    except (duckdb.CatalogException, duckdb.BinderException):
        rows = []
    if rows != [(FORMAT,)]:
        raise InputError(
            expected=f"an archive of format {FORMAT}",
            found=f"format {rows[0][0]}" if rows else "another DuckDB file",
            where=str(path),
            hint="name another file with --archive, or ingest the documents anew",
        )


def _read_table(connection: duckdb.DuckDBPyConnection, name: str) -> pl.DataFrame:
    held = {row[0] for row in connection.execute("SELECT table_name FROM duckdb_tables()").fetchall()}
    if name in _LATER and name not in held:
        return empty(_TABLES[name])
    frame = pl.DataFrame(connection.sql(f"SELECT * FROM {name}"))
    return require_schema(frame, _TABLES[name], name)
