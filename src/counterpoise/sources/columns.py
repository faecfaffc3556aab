"""Our own observation columns, as CSV or Parquet, with defaults that are said.

Needed are ``corridor, nationality, measure, period_start, frequency, value``. Everything else has a default;
what was filled in is said in the notes of the batch.
"""

import difflib
import re
from pathlib import Path

import polars as pl

from counterpoise.errors import InputError
from counterpoise.observations.batch import Batch
from counterpoise.observations.corridors import CorridorRegistry
from counterpoise.schemas import DATASETS, OBSERVATIONS
from counterpoise.sources.assemble import RAW_CORRIDOR, RAW_NATIONALITY, Draft, assemble
from counterpoise.sources.cards import document_frame, load_cards
from counterpoise.sources.faults import listed
from counterpoise.sources.tables import ROW

__all__ = ["NEEDED", "USUAL_UNITS", "parse_columns"]

NEEDED = ("corridor", "nationality", "measure", "period_start", "frequency", "value")

USUAL_UNITS: dict[str, str] = {
    "arrivals": "persons",
    "admitted_humanitarian": "persons",
    "detained": "persons",
    "asylum_applications": "persons",
    "returns": "persons",
    "deaths_missing": "persons",
    "residence_permits": "persons",
    "resettled": "persons",
    "refugees_present": "persons",
    "asylum_pending": "persons",
    "asylum_decisions": "decisions",
    "refusals": "decisions",
}
"""Unit of a measure where the file says none; all others count events."""

LAG_DAYS = 1
"""Without a day of publication a figure counts as known on the day after its period: never earlier."""

_CODES = ("corridor", "nationality", "measure", "frequency", "dataset", "reporter", "unit", "place")


def parse_columns(
    table: pl.DataFrame,
    content: bytes,
    *,
    path: Path,
    registry: CorridorRegistry,
    notes: tuple[str, ...] = (),
) -> Batch:
    """Return the batch of a table in our observation columns.

    Parameters
    ----------
    table
        Text, with ``ROW``; see ``tables``.
    content
        The bytes the table was read from: they name the document.
    path
        The file: its stem names the dataset unless there is a column ``dataset``.
    notes
        Notes of the reading so far.

    Raises
    ------
    InputError
        If a needed column is missing, a dataset is one that only its publisher's document may fill, or any
        cell is wrong: all faults together.
    """
    where = path.name
    _require_columns(table, where)
    table = table.with_columns(
        pl.col(name).str.strip_chars().replace("", None) for name in _CODES if name in table.columns
    )
    rows, defaults = _with_defaults(table, path, registry)
    names = rows["dataset"].drop_nulls().unique().sort().to_list()
    _require_own_datasets(names, where)
    dated = "known_on" in table.columns
    user_corridors = sorted(set(rows["corridor"].drop_nulls()) - set(registry.corridors))
    said = [*notes, *defaults]
    if user_corridors:
        said.append(f"Corridors that the registry does not have become your own: {listed(user_corridors)}.")
    unread = [name for name in table.columns if name not in {ROW, *OBSERVATIONS}]
    if unread:
        said.append(f"Columns that are none of ours were left out: {listed(unread)}.")
    return assemble(
        Draft(
            rows=rows,
            names={},
            document=document_frame(
                content,
                path=path,
                publisher="user",
                title=path.name,
                url="",
                licence="not stated",
                published_on=None,
            ),
            datasets=pl.DataFrame(
                [
                    {
                        "dataset": name,
                        "title": name,
                        "publisher": "user",
                        "dense": False,
                        "lag_days": None if dated else LAG_DAYS,
                    }
                    for name in names
                ],
                schema={name: column.dtype for name, column in DATASETS.items()},
            ),
            where=where,
            hint="correct these rows; docs/ingest.md lists the columns and their words",
            n_read=table.height,
            notes=tuple(said),
        )
    )


def _require_columns(table: pl.DataFrame, where: str) -> None:
    """Raise if a needed column is missing; name what may have been renamed."""
    missing = [name for name in NEEDED if name not in table.columns]
    if not missing:
        return
    others = [name for name in table.columns if name not in {ROW, *OBSERVATIONS}]
    near = {name: difflib.get_close_matches(name, others, n=1, cutoff=0.5) for name in missing}
    renamed = [f"{found[0]} to {name}" for name, found in near.items() if found]
    raise InputError(
        expected=f"the columns {', '.join(NEEDED)}",
        found=f"no column {listed(missing)}; columns {listed(c for c in table.columns if c != ROW)}",
        where=where,
        hint=(f"rename {' and '.join(renamed)}, or " if renamed else "")
        + "describe the file in a mapping file (docs/ingest.md)",
    )


def _require_own_datasets(names: list[str], where: str) -> None:
    """Raise if a file would fill a dense dataset: the cells it lacks would be taken for zeros."""
    taken = [name for name in names if name in load_cards() and load_cards()[name].dense]
    if taken:
        raise InputError(
            expected="a dataset id of your own, such as user.my-figures",
            found=f"{listed(taken)}, in which a missing figure means 0",
            where=f"{where}, column dataset",
            hint="give the publisher's own document, another id, or a mapping file for whole vintages",
        )


def _with_defaults(
    table: pl.DataFrame, path: Path, registry: CorridorRegistry
) -> tuple[pl.DataFrame, list[str]]:
    """Return the draft's columns, filled where the file has none, and a sentence for each filled column."""
    row_locator = pl.concat_str(pl.lit("row "), pl.col(ROW).cast(pl.String))
    dataset = f"user.{_slug(path.stem)}"
    reporters = {
        corridor.id: corridor.to_states[0]
        for corridor in registry.corridors.values()
        if len(corridor.to_states) == 1
    }
    filled: dict[str, tuple[pl.Expr, str]] = {
        "dataset": (pl.lit(dataset), f"{dataset}, after the file's name"),
        "reporter": (
            pl.col("corridor").replace_strict(reporters, default="EU", return_dtype=pl.String),
            "the one state a corridor leads to, else EU",
        ),
        "unit": (
            pl.col("measure").replace_strict(USUAL_UNITS, default="events", return_dtype=pl.String),
            "the usual one of each measure",
        ),
        "place": (pl.lit("any"), "any"),
        "publisher_term": (pl.col("measure"), "the measure's own word"),
        "period_end": (pl.lit(None, pl.String), "from period_start and frequency"),
        "known_on": (
            pl.lit(None, pl.String),
            "the day after the dataset's last period; before that, each figure counts from the day after its "
            "period (lag_assumed). If figures were published later, add the column",
        ),
        "locator": (row_locator, "the row"),
        "flag": (pl.lit(""), "none"),
    }
    said = [f"No column {name}: {words}." for name, (_, words) in filled.items() if name not in table.columns]
    columns = [
        (pl.col(name).fill_null("") if name in {"flag", "publisher_term"} else pl.col(name))
        if name in table.columns
        else filled[name][0].alias(name)
        for name in OBSERVATIONS
        if name != "document"
    ]
    rows = table.select(
        ROW, pl.col("corridor").alias(RAW_CORRIDOR), pl.col("nationality").alias(RAW_NATIONALITY), *columns
    ).with_columns(pl.coalesce("locator", row_locator).alias("locator"))
    if "document" in table.columns:
        said.append("Column document was replaced: the document of these figures is this file.")
    return rows, said


def _slug(stem: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", stem.casefold()).strip("-") or "figures"
