"""A bulk file of Eurostat's shape, five million cells with a number: read, chosen and stored, beside a plain tidying.

    python benchmarks/speed/eurostat.py [--rows 65749] [--periods 208]

The file is made up: series of citizenship by state, sex, age and kind of applicant as in ``migr_asyappctzm``, with 36 %
of cells filled. Each task runs in a process of its own; time is of the task without start-up (also of the processors,
which other work on the machine does not change), memory its peak. Beside ours: Polars (``plain``) and DuckDB
(``duckdb``) read the same file, and unpivot and split every cell, which is what has to be done before anything can be
chosen if rows are not chosen first; DuckDB also stores them. ``read`` is one corridor of the stored archive, when it is
open: the median over all. Writes ``eurostat.csv``.
"""

import argparse
import itertools
import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import polars as pl

HERE = Path(__file__).resolve().parent
SEED = 20260101
FILLED = 0.366
_STATES = "AT BE BG CH CY CZ DE DK EE EL ES FI FR HR HU IE IS IT LI LT LU LV MT NL NO PL PT RO SE SI SK UK"
_CITIZENS = (
    "TOTAL UNK STLS AF IQ SY IR SO ER ET YE CM CG CD NG GN ML SN GM DZ MA TN EG TR RU BY UA GE AM VE CO CU"
)
_AGES = "TOTAL Y_LT14 Y14-17 Y18-34 Y35-64 Y_GE65 UNK"
STATES, CITIZENS, AGES = _STATES.split(), _CITIZENS.split(), _AGES.split()


def make(path: Path, n_rows: int, n_periods: int) -> int:
    """Write the file; return how many cells hold a number."""
    rng = np.random.default_rng(SEED)
    months = [f"{2008 + i // 12}-{i % 12 + 1:02d} " for i in range(n_periods)]
    keys = itertools.islice(
        itertools.cycle(itertools.product(CITIZENS, "TMF", ("ASY_APP", "FRST"), AGES, STATES)), n_rows
    )
    n = 0
    with path.open("w", encoding="utf-8") as file:
        file.write("freq,unit,citizen,sex,applicant,age,geo\\TIME_PERIOD\t" + "\t".join(months) + "\n")
        for number, (citizen, sex, kind, age, state) in enumerate(keys):
            code = (
                citizen if number < len(CITIZENS) * 3 * 2 * len(AGES) * len(STATES) else f"X{number % 1000}"
            )
            filled = rng.random(n_periods) < FILLED
            values = rng.integers(0, 400, n_periods) * 5
            cells = [
                f"{v} " if full else ": " for v, full in zip(values.tolist(), filled.tolist(), strict=True)
            ]
            n += int(filled.sum())
            file.write(f"M,PER,{code},{sex},{kind},{age},{state}\t" + "\t".join(cells) + "\n")
    return n


def run(task: str, path: Path) -> dict[str, float | None]:
    """Do a task; return seconds, peak MiB, and figures kept."""
    if task == "read":
        return read_corridors(path)
    before = resource.getrusage(resource.RUSAGE_SELF)
    if task == "ours":
        from counterpoise.observations.store import append_batch
        from counterpoise.sources import read_document

        with tempfile.TemporaryDirectory() as folder:
            start = time.perf_counter()
            batch = read_document(path)
            append_batch(Path(folder) / "archive", batch)
            seconds = time.perf_counter() - start
        kept = batch.observations.height
    elif task == "duckdb":
        seconds, kept = unpivot_by_duckdb(path)
    else:
        start = time.perf_counter()
        table = pl.read_csv(path, separator="\t", infer_schema=False, quote_char=None)
        first = table.columns[0]
        long = table.unpivot(index=first).filter(~pl.col("value").str.starts_with(":"))
        number = pl.col("value").str.strip_chars().str.split_exact(" ", 1).struct.field("field_0")
        cells = long.with_columns(number.cast(pl.Int64))
        kept = cells.height
        seconds = time.perf_counter() - start
    used = resource.getrusage(resource.RUSAGE_SELF)
    return {
        "seconds": round(seconds, 2),
        "processor_seconds": round(used.ru_utime + used.ru_stime - before.ru_utime - before.ru_stime, 2),
        "peak_mib": round(used.ru_maxrss / 1024),
        "figures": kept,
    }


def unpivot_by_duckdb(path: Path) -> tuple[float, int]:
    """Return seconds and rows of reading, unpivoting, splitting and storing by DuckDB alone."""
    import duckdb

    with tempfile.TemporaryDirectory() as folder, duckdb.connect(str(Path(folder) / "store")) as connection:
        start = time.perf_counter()
        table = f"read_csv('{path}', delim='\t', header=true, all_varchar=true, quote='')"
        first = connection.sql(f"SELECT * FROM {table} LIMIT 0").columns[0]
        connection.execute(
            f"""CREATE TABLE cells AS SELECT * EXCLUDE value, CAST(split_part(trim(value), ' ', 1) AS INTEGER) AS n
            FROM (UNPIVOT (FROM {table}) ON COLUMNS(* EXCLUDE "{first}") INTO NAME period VALUE value)
            WHERE NOT starts_with(value, ':')"""
        )
        seconds = time.perf_counter() - start
        rows: list[tuple[int]] = connection.execute("SELECT count(*) FROM cells").fetchall()
        return seconds, rows[0][0]


def read_corridors(path: Path) -> dict[str, float | None]:
    """Return the median time of reading a corridor of an open archive, and its figures."""
    from counterpoise.observations.store import append_batch, figures_on_disk
    from counterpoise.sources import read_document

    with tempfile.TemporaryDirectory() as folder:
        archive = Path(folder) / "archive"
        batch = read_document(path)
        append_batch(archive, batch)
        times, n = [], []
        with figures_on_disk(archive) as figures:
            for corridor in sorted(batch.observations["corridor"].unique()):
                start = time.perf_counter()
                n.append(figures.of_corridor(corridor).height)
                times.append(time.perf_counter() - start)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {
        "seconds": round(float(np.median(times)), 4),
        "peak_mib": round(peak),
        "figures": round(np.median(n)),
    }


def main() -> None:
    """Make the file, do both tasks in processes of their own, write the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rows", type=int, default=65_749)
    parser.add_argument("--periods", type=int, default=208)
    parser.add_argument("--task", nargs=2, metavar=("TASK", "FILE"))
    options = parser.parse_args()
    if options.task:
        print(json.dumps(run(options.task[0], Path(options.task[1]))))
        return
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "estat_migr_asyappctzm.tsv"
        n_cells = make(path, options.rows, options.periods)
        rows = []
        for task in ("ours", "plain", "duckdb", "read"):
            command = [sys.executable, str(Path(__file__)), "--task", task, str(path)]
            ended = subprocess.run(command, capture_output=True, text=True, check=True)
            rows.append({"task": task, "cells": n_cells, **json.loads(ended.stdout)})
    pl.DataFrame(rows).write_csv(HERE / "eurostat.csv")
    print(pl.DataFrame(rows))


if __name__ == "__main__":
    main()
