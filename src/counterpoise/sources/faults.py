"""Faults of a document, gathered row by row, and raised together as one sentence."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import polars as pl

from counterpoise.errors import InputError

__all__ = ["Fault", "faults_where", "listed", "require_no_faults"]

N_SHOWN = 20
"""A sentence with more faults than this helps nobody; the number of the others is said."""


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """One fault: the row it stands in (0 for the whole file) and what is wrong."""

    row: int
    text: str
    place: str = ""
    """Where it stands, if 'row N' is not the best way to say it: a cell, say."""

    def __str__(self) -> str:
        place = self.place or (f"row {self.row}" if self.row else "")
        return f"{place}: {self.text}" if place else self.text


def faults_where(frame: pl.DataFrame, bad: pl.Expr, text: pl.Expr, *, row: str) -> list[Fault]:
    """Return a fault for every row in which ``bad`` is true; ``text`` says what is wrong there.

    Parameters
    ----------
    row
        Name of the column with the row numbers.
    """
    rows = frame.filter(bad.fill_null(False)).select(pl.col(row), text.alias("_text"))
    return [Fault(number, words) for number, words in rows.iter_rows()]


def listed(items: Iterable[object], *, most: int = N_SHOWN) -> str:
    """Return the items separated by commas; if there are many, the first ones and how many more."""
    texts = [str(item) for item in items]
    more = len(texts) - most
    return ", ".join(texts[:most]) + (f" and {more} more" if more > 0 else "")


def require_no_faults(faults: Sequence[Fault], *, expected: str, where: str, hint: str) -> None:
    """Raise all faults together, in the order of their rows.

    Raises
    ------
    InputError
        If there is a fault.
    """
    if not faults:
        return
    ordered = sorted(set(faults))
    found = "; ".join(str(fault) for fault in ordered[:N_SHOWN])
    more = len(ordered) - N_SHOWN
    raise InputError(
        expected=expected,
        found=found + (f"; and {more} more faults" if more > 0 else ""),
        where=where,
        hint=hint,
    )
