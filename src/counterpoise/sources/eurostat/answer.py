"""Answers of Eurostat's statistics API: JSON-stat 2.0, a cube whose cells are numbered.

The number of a cell says its place in every dimension (the last one varies fastest). Numbers and flags stand in two
tables by that number; a cell that is in neither is unknown. The answer says when the dataset was last updated, so that
two answers are two vintages.
"""

import json
from dataclasses import replace
from datetime import date
from itertools import pairwise
from typing import Any

import numpy as np
import polars as pl

from counterpoise.errors import InputError
from counterpoise.observations.batch import Batch
from counterpoise.sources.assemble import assemble
from counterpoise.sources.carded import Given
from counterpoise.sources.eurostat.draft import eurostat_draft
from counterpoise.sources.eurostat.layout import choose_rows, layout_of
from counterpoise.sources.tables import unpacked

__all__ = ["is_answer", "parse_answer"]

_LARGEST_CUBE = 10**12
"""Cells, most of them without a number; a cube of all that Eurostat has on asylum is smaller."""


def is_answer(content: bytes) -> bool:
    """Return whether the bytes begin as an answer of the API: a cube, or why there is none."""
    start = content[:400].lstrip(b"\xef\xbb\xbf \t\r\n")
    if not start.startswith(b"{"):
        return False
    said = b"".join(start.split())
    return b'"class":"dataset"' in said or said.startswith((b'{"error":', b'{"warning":'))


def parse_answer(given: Given) -> Batch:
    """Return the batch of an answer: totals over sex and age, by reporting state and citizenship.

    Raises
    ------
    InputError
        If it is no whole cube, says why there is none, or is of a dataset that has no card here.
    """
    where = given.path.name
    cube = _cube(unpacked(given.content, where), where)
    names, sizes = _shape(cube, where)
    codes = {name: _codes(cube, name, size, where) for name, size in zip(names, sizes, strict=True)}
    values = _by_number(cube.get("value"), "value", sizes, where)
    flags = _by_number(cube.get("status"), "status", sizes, where)
    extension = cube.get("extension")
    named = str(extension.get("id", "")) if isinstance(extension, dict) else ""
    layout = layout_of([name for name in names if name != "time"], named=named, where=where)
    numbers = sorted(number for number, value in values.items() if value is not None)
    places = np.unravel_index(np.array(numbers, dtype=np.int64), sizes)
    table = pl.DataFrame(
        {
            name: pl.Series(codes[name], dtype=pl.String)[place]
            for name, place in zip(names, places, strict=True)
        }
    ).with_row_index("_row")
    keys, left_out = choose_rows(table.drop("time"), layout)
    cells = table.select(
        "_row",
        pl.col("time").alias("period"),
        pl.Series("value", [_text(values[number]) for number in numbers], dtype=pl.String),
        pl.Series("flags", [str(flags.get(number) or "") for number in numbers], dtype=pl.String),
        pl.Series("locator", [f"value {number}" for number in numbers], dtype=pl.String),
    ).join(keys.select("_row"), on="_row", maintain_order="left")
    return assemble(
        eurostat_draft(
            cells,
            keys,
            layout,
            replace(given, published_on=_updated(cube, where) or given.published_on),
            left_out={reason: len(rows) for reason, rows in left_out.items()},
            n_read=len(numbers),
        )
    )


def _fault(expected: str, found: str, where: str) -> InputError:
    return InputError(
        expected=expected,
        found=found,
        where=where,
        hint="ask the API again, for format=JSON, and save the whole answer",
    )


def _cube(content: bytes, where: str) -> dict[str, Any]:
    try:
        found = json.loads(content.decode("utf-8-sig"), parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        raise _fault("an answer of Eurostat's API, whole", str(error).splitlines()[0], where) from error
    if not isinstance(found, dict):
        raise _fault("an answer of Eurostat's API", "another JSON document", where)
    for kind in ("error", "warning"):
        said = found.get(kind)
        if said:
            first = said[0] if isinstance(said, list) else said
            label = first.get("label", "") if isinstance(first, dict) else ""
            raise InputError(
                expected="figures in the answer of Eurostat's API",
                found=f"its {kind}: {' '.join(str(label or first).split())[:200]}",
                where=where,
                hint="ask for fewer cells, or read the dataset's bulk file (format=TSV)",
            )
    return found


def _no_number(text: str) -> float:
    raise ValueError(f"{text}, which is no number")


def _shape(cube: dict[str, Any], where: str) -> tuple[list[str], list[int]]:
    """Return the names of the dimensions and their sizes."""
    names, sizes = cube.get("id"), cube.get("size")
    good = (
        isinstance(names, list)
        and isinstance(sizes, list)
        and len(names) == len(sizes) == len(set(map(str, names)))
        and all(isinstance(name, str) for name in names)
        and all(isinstance(size, int) and not isinstance(size, bool) and size > 0 for size in sizes)
    )
    if not good or names is None or sizes is None or "time" not in names or "_row" in names:
        raise _fault("dimensions and their sizes, one of them time", "none that fit together", where)
    n_cells = 1
    for size in sizes:
        n_cells *= size
    if n_cells > _LARGEST_CUBE:
        raise _fault(f"a cube of at most {_LARGEST_CUBE:,} cells", f"one of {n_cells:.0e}", where)
    return names, sizes


def _codes(cube: dict[str, Any], name: str, size: int, where: str) -> list[str]:
    """Return the codes of a dimension in their order."""
    try:
        index = cube["dimension"][name]["category"]["index"]
        if isinstance(index, dict):
            ordered = sorted(index.items(), key=lambda item: int(item[1]))
            gapless = (
                all(int(b[1]) - int(a[1]) == 1 for a, b in pairwise(ordered)) and int(ordered[0][1]) == 0
            )
            codes = [code for code, _ in ordered] if gapless else []
        else:
            codes = [str(code) for code in index]
    except (KeyError, TypeError, ValueError, IndexError, OverflowError):
        codes = []
    if len(codes) != size:
        raise _fault(f"{size} codes of the dimension {name}", f"{len(codes)} in order", where)
    return codes


def _by_number(table: object, name: str, sizes: list[int], where: str) -> dict[int, Any]:
    """Return a table of the cube by number of the cell."""
    n_cells = int(np.prod(sizes, dtype=np.int64))
    if isinstance(table, list):
        found = dict(enumerate(table))
    elif isinstance(table, dict):
        try:
            found = {int(number): value for number, value in table.items()}
        except ValueError:
            found = {-1: None}
    else:
        found = {}
    if found and not (min(found) >= 0 and max(found) < n_cells):
        raise _fault(f"numbers of cells from 0 to {n_cells - 1:,} in {name}", "others", where)
    return found


def _text(value: object) -> str:
    """Return a number as a cell of a table says it; anything else as it is, to be refused with its place."""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return str(value)[:60]


def _updated(cube: dict[str, Any], where: str) -> date | None:
    """Return the day on which the dataset was last updated, if the answer says it."""
    text = cube.get("updated")
    if text is None:
        return None
    try:
        return date.fromisoformat(str(text)[:10])
    except ValueError as error:
        raise _fault("a day under updated", repr(str(text)[:40]), where) from error
