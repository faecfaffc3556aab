"""Corrections: figures a publisher's document has wrong, read from ``data/corrections.yml``, and their guards.

The archive keeps what was published. A correction counts when figures are read as of a day on which the error could be
known, never before; and its guard fails once the publisher has fixed the error, so that no correction outlives it.
"""

from collections.abc import Sequence
from datetime import date
from functools import cache
from importlib.resources import files

import polars as pl
from pydantic import BaseModel, ConfigDict, Field
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from counterpoise.checks import Check
from counterpoise.errors import InputError

__all__ = [
    "Cell",
    "Correction",
    "apply_corrections",
    "check_corrections",
    "load_corrections",
    "parse_corrections",
]


class Cell(BaseModel):
    """The figure that is meant."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    dataset: str
    corridor: str
    nationality: str
    measure: str
    period_start: date
    period_end: date


class Correction(BaseModel):
    """One entry; without ``corrected`` the figure is only marked ``disputed``."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str = Field(min_length=1)
    cell: Cell
    published: float = Field(ge=0)
    corrected: float | None = Field(default=None, ge=0)
    known_on: date
    why: str = Field(min_length=1)
    source: str = Field(min_length=1)

    @property
    def is_of(self) -> pl.Expr:
        """Whether a row is the cell, whatever its value."""
        return pl.all_horizontal(pl.col(name) == value for name, value in self.cell.model_dump().items())


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid")

    corrections: tuple[Correction, ...]


def parse_corrections(content: bytes, where: str) -> tuple[Correction, ...]:
    """Return the entries of a file.

    Raises
    ------
    InputError
        If it is no such file, or an id stands twice.
    """
    try:
        found = _File.model_validate(YAML(typ="safe", pure=True).load(content.decode("utf-8"))).corrections
        ids = [entry.id for entry in found]
        repeated = sorted({name for name in ids if ids.count(name) > 1})
        fault = f"{', '.join(repeated)} twice" if repeated else ""
    except (ValueError, RecursionError, YAMLError) as error:  # pydantic's error is a ValueError too
        found, fault = (), " ".join(str(error).split())[:300]
    if fault:
        raise InputError(
            expected="a list of corrections, each with id, cell, published, known_on, why and source",
            found=fault,
            where=where,
            hint="compare with the entries and the comment at its head",
        )
    return found


@cache
def load_corrections() -> tuple[Correction, ...]:
    """Return the bundled corrections."""
    name = "corrections.yml"
    return parse_corrections((files("counterpoise.data") / name).read_bytes(), f"data/{name}")


def apply_corrections(
    observations: pl.DataFrame, day: date, corrections: Sequence[Correction]
) -> pl.DataFrame:
    """Return rows as known on a day with the corrections known by then: values replaced or marked, flags added."""
    stored = set(observations["dataset"].unique())
    known = [entry for entry in corrections if entry.known_on <= day and entry.cell.dataset in stored]
    if not known:
        return observations
    value, flag = pl.col("value"), pl.lit("")
    for entry in known:
        wrong = entry.is_of & (pl.col("value") == entry.published)
        word = "disputed" if entry.corrected is None else "corrected"
        flag = pl.when(wrong).then(pl.lit(word)).otherwise(flag)
        if entry.corrected is not None:
            value = pl.when(wrong).then(pl.lit(entry.corrected)).otherwise(value)
    flags = pl.concat_list(pl.col("flag").str.split(" "), flag).list.unique().list.sort().list.join(" ")
    return observations.with_columns(value.alias("value"), flags.str.strip_chars().alias("flag"))


def check_corrections(observations: pl.DataFrame, corrections: Sequence[Correction]) -> Check:
    """Return whether every correction whose cell is stored still meets the error it corrects.

    Parameters
    ----------
    observations
        All vintages, as published.
    """
    fixed = [
        observations.filter(entry.is_of, pl.col("value") != entry.published).with_columns(
            pl.lit(entry.id).alias("correction")
        )
        for entry in corrections
    ]
    table = pl.concat([observations.clear().with_columns(pl.lit("").alias("correction")), *fixed])
    n_met = sum(
        observations.filter(entry.is_of, pl.col("value") == entry.published).height > 0
        for entry in corrections
    )
    name = "corrections_still_needed"
    if table.is_empty():
        text = f"{n_met} of {len(corrections)} corrections meet their error; none has been fixed by its publisher."
        return Check(name=name, status="passed", text=text)
    ids = ", ".join(table["correction"].unique().sort())
    text = f"Another value than the wrong one is published now: remove from data/corrections.yml {ids}."
    return Check(name=name, status="failed", text=text, table=table)
