"""From a draft (observation columns as text) to a batch: every check a figure must pass, in one place.

The readers of our own columns and of mapped files both end here, so that both refuse and keep aside the same.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

import polars as pl

from counterpoise.observations.batch import Batch
from counterpoise.observations.ledger import ledger_frame
from counterpoise.observations.nationalities import is_nationality
from counterpoise.schemas import CELL, OBSERVATIONS, SET_ASIDE, VINTAGES
from counterpoise.sources.cells import (
    count_fault,
    is_reporter,
    parse_count,
    parse_day,
    period_end,
    period_fault,
    period_start,
)
from counterpoise.sources.faults import Fault, faults_where, require_no_faults
from counterpoise.sources.tables import ROW
from counterpoise.vocabulary import FLAGS, MEASURES, PLACES, UNITS, Frequency

__all__ = ["RAW_CORRIDOR", "RAW_NATIONALITY", "Draft", "assemble"]

RAW_CORRIDOR, RAW_NATIONALITY = "_raw_corridor", "_raw_nationality"
"""Columns of a draft with the file's own words, for listing what is kept aside."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """Figures on their way into a batch.

    Parameters
    ----------
    rows
        ``ROW``, ``RAW_CORRIDOR``, ``RAW_NATIONALITY`` and all columns of ``OBSERVATIONS`` but ``document``,
        as text. ``corridor`` is null where the registry knows none; ``period_end`` and ``known_on`` may be
        null: the end of a regular period, and the day after the last period of the file.
    names
        Column of the draft -> name of it in the file, for the sentences.
    document, datasets
        Frames of these schemas.
    n_read
        Figures of the file, counted before any was chosen.
    left_out
        Reason -> figures that are not among ``rows``.
    """

    rows: pl.DataFrame
    names: dict[str, str]
    document: pl.DataFrame
    datasets: pl.DataFrame
    where: str
    hint: str
    n_read: int
    left_out: Mapping[str, int] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


def assemble(draft: Draft) -> Batch:
    """Return the batch of a draft.

    Raises
    ------
    InputError
        If any figure is not a count, any day not a day, any word not of the vocabulary, or a figure stands
        twice: all faults together, each with its row.
    """
    rows = _typed(draft.rows)
    faults = [*_cell_faults(rows, draft.names), *_word_faults(rows, draft.names)]
    if not faults:
        faults = _repetitions(rows)
    require_no_faults(faults, expected=_EXPECTED, where=draft.where, hint=draft.hint)
    document: str = draft.document["document"][0]
    understood, set_aside = _keep_aside(rows, document)
    dense = draft.datasets.filter("dense")["dataset"].to_list()
    zeros = understood.filter(pl.col("dataset").is_in(dense), pl.col("value") == 0)
    filled = understood.join(zeros.select(ROW), on=ROW, how="anti")
    summed, n_summed = _sum_repeated(filled)
    notes = [*draft.notes]
    if n_summed:
        notes.append(
            f"{n_summed:,} rows that fall on one figure after translation of their codes were summed."
        )
    if zeros.height:
        notes.append(f"{zeros.height:,} zeros were left out: in this dataset a missing cell means 0.")
    if set_aside.height:
        notes.append(f"{set_aside.height:,} figures were kept aside, because a code in them is not known.")
    return Batch(
        observations=summed.with_columns(pl.lit(document).alias("document")).select(list(OBSERVATIONS)),
        documents=draft.document,
        datasets=draft.datasets,
        vintages=_vintages(rows, document),
        set_aside=set_aside,
        ledger=ledger_frame(
            document,
            read=draft.n_read,
            kept=summed.height,
            left_out={
                **draft.left_out,
                **{
                    f"kept aside: {reason}": n for reason, n in set_aside["reason"].value_counts().iter_rows()
                },
                "zero, and a missing cell means 0": zeros.height,
                "summed into the figure of another row": filled.height - summed.height,
            },
        ),
        notes=tuple(notes),
    )


_EXPECTED = "whole counts from 0 up, known words, ISO dates, and each figure once"


def _typed(rows: pl.DataFrame) -> pl.DataFrame:
    """Add the days and counts beside the text of the file (``_text_*``)."""
    texts = ["period_start", "period_end", "known_on", "value"]
    rows = rows.with_columns(pl.col(name).alias(f"_text_{name}") for name in texts)
    frequency = pl.col("frequency")
    rows = rows.with_columns(
        period_start(pl.col("period_start"), frequency).alias("period_start"),
        parse_day(pl.col("period_end")).alias("period_end"),
        parse_day(pl.col("known_on")).alias("known_on"),
        parse_count(pl.col("value")).alias("value"),
        # The sign of a negative zero must not survive into the bytes of an answer.
    ).with_columns(pl.col("value") + 0.0)
    return rows.with_columns(
        pl.coalesce("period_end", period_end(pl.col("period_start"), frequency)).alias("period_end")
    ).with_columns(
        pl.when(pl.col("_text_known_on").is_null())
        .then(pl.col("period_end").max().over("dataset").dt.offset_by("1d"))
        .otherwise(pl.col("known_on"))
        .alias("known_on")
    )


def _cell_faults(rows: pl.DataFrame, names: dict[str, str]) -> list[Fault]:
    """Return faults of counts and days."""
    count_words = count_fault(pl.col("_text_value"))
    period_words = period_fault(pl.col("period_start"), pl.col("period_end"), pl.col("frequency"))
    faults = faults_where(rows, count_words.is_not_null(), _says(names, "value", count_words), row=ROW)
    for name in ("period_start", "period_end", "known_on"):
        text = pl.col(f"_text_{name}")
        needed = name == "period_start"
        bad = pl.col(name).is_null() & (text.is_not_null() | pl.lit(needed))
        words = pl.concat_str(pl.lit("'"), text.fill_null(""), pl.lit("' is not a date"))
        faults += faults_where(rows, bad, _says(names, name, words), row=ROW)
    # A file says the day of publication of every figure or of none: a gap would get an invented day.
    gap = pl.col("_text_known_on").is_null() & pl.col("_text_known_on").is_not_null().any()
    faults += faults_where(rows, gap, _says(names, "known_on", pl.lit("is empty here only")), row=ROW)
    no_end = pl.col("_text_period_end").is_null() & (pl.col("frequency") == Frequency.SPAN)
    faults += faults_where(rows, no_end, pl.lit("frequency S needs a period_end"), row=ROW)
    faults += faults_where(rows, period_words.is_not_null(), period_words, row=ROW)
    early = pl.concat_str(
        pl.lit("known on "),
        pl.col("known_on").cast(pl.String),
        pl.lit(", before its period ends on "),
        pl.col("period_end").cast(pl.String),
    )
    faults += faults_where(rows, pl.col("known_on") < pl.col("period_end"), early, row=ROW)
    return faults


def _word_faults(rows: pl.DataFrame, names: dict[str, str]) -> list[Fault]:
    """Return faults of words that must be one of a list."""
    allowed: dict[str, Collection[str]] = {
        "measure": MEASURES,
        "unit": UNITS,
        "place": PLACES,
        "frequency": [str(f) for f in Frequency],
        "reporter": [code for code in rows["reporter"].drop_nulls().unique() if is_reporter(code)],
    }
    faults: list[Fault] = []
    for name, words in allowed.items():
        bad = pl.col(name).is_null() | ~pl.col(name).is_in(list(words))
        said = pl.concat_str(
            pl.lit("'"), pl.col(name).fill_null(""), pl.lit(f"' is no {name}{_or(name, words)}")
        )
        faults += faults_where(rows, bad, _says(names, name, said), row=ROW)
    flags = pl.col("flag").str.split(" ").list.set_difference(pl.lit(["", *FLAGS]))
    said = pl.concat_str(pl.lit("unknown "), flags.list.join(" "))
    faults += faults_where(rows, flags.list.len() > 0, _says(names, "flag", said), row=ROW)
    for name in ("dataset", RAW_CORRIDOR, RAW_NATIONALITY):
        shown = name.removeprefix("_raw_")
        faults += faults_where(rows, pl.col(name).is_null(), _says(names, shown, pl.lit("empty")), row=ROW)
    return faults


def _or(name: str, words: Collection[str]) -> str:
    """Return the words to choose from, where the list is short enough to help."""
    return "" if name == "reporter" else f" ({', '.join(words)})"


def _says(names: dict[str, str], name: str, words: pl.Expr) -> pl.Expr:
    return pl.concat_str(pl.lit(f"{names.get(name, name)} "), words)


def _repetitions(rows: pl.DataFrame) -> list[Fault]:
    """Return a fault for every figure that stands twice in the file's own words."""
    key = [*(name for name in CELL if name not in {"corridor", "nationality"}), "known_on"]
    repeated = (
        rows.group_by(*key, RAW_CORRIDOR, RAW_NATIONALITY)
        .agg(pl.col(ROW).sort())
        .filter(pl.col(ROW).list.len() > 1)
    )
    return [
        Fault(
            group[ROW][1],
            f"{group[RAW_NATIONALITY]} on {group[RAW_CORRIDOR]} for {group['period_start']} "
            f"stands already in row {group[ROW][0]}",
        )
        for group in repeated.iter_rows(named=True)
    ]


def _keep_aside(rows: pl.DataFrame, document: str) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the rows whose codes are all known, and a frame ``SET_ASIDE`` of the others."""
    known = [code for code in rows["nationality"].drop_nulls().unique() if is_nationality(code)]
    strange_nationality = pl.col("nationality").is_null() | ~pl.col("nationality").is_in(known)
    strange_corridor = pl.col("corridor").is_null()
    set_aside = (
        rows.filter(strange_nationality | strange_corridor)
        .with_columns(
            pl.lit(document).alias("document"),
            pl.when(strange_corridor)
            .then(pl.col(RAW_CORRIDOR))
            .otherwise(pl.col(RAW_NATIONALITY))
            .alias("text"),
            pl.when(strange_corridor)
            .then(pl.lit("unknown corridor"))
            .otherwise(pl.lit("unknown nationality"))
            .alias("reason"),
        )
        .select(list(SET_ASIDE))
    )
    return rows.filter(~(strange_nationality | strange_corridor)), set_aside


def _sum_repeated(rows: pl.DataFrame) -> tuple[pl.DataFrame, int]:
    """Sum rows that fall on one cell of one vintage; return them and how many rows went into such sums."""
    key = [*CELL, "known_on"]
    groups = rows.with_columns(pl.len().over(key).alias("_n"))
    single, several = groups.filter(pl.col("_n") == 1), groups.filter(pl.col("_n") > 1)
    columns = [name for name in OBSERVATIONS if name != "document"]
    if several.is_empty():
        return single.select(columns), 0
    summed = (
        several.sort(ROW)
        .group_by(key, maintain_order=True)
        .agg(
            pl.col("value").sum(),
            pl.col("publisher_term").first(),
            pl.col("locator").str.join("+"),
            pl.col("flag")
            .str.join(" ")
            .str.split(" ")
            .list.unique()
            .list.sort()
            .list.join(" ")
            .str.strip_chars(),
        )
    )
    return pl.concat([single.select(columns), summed.select(columns)]), several.height


def _vintages(rows: pl.DataFrame, document: str) -> pl.DataFrame:
    """Return one row per dataset and vintage: what the file covers, whether or not it was understood."""
    return (
        rows.group_by("dataset", "known_on")
        .agg(
            pl.col("period_start").min().alias("first_period_start"),
            pl.col("period_end").max().alias("last_period_end"),
        )
        .with_columns(pl.lit(document).alias("document"))
        .select(list(VINTAGES))
        .sort("dataset", "known_on")
    )
