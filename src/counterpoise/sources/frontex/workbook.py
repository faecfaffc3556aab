"""Parser of Frontex's own workbook: a row per route, border type and nationality, a column per month."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import polars as pl

from counterpoise.errors import InputError
from counterpoise.observations.batch import Batch
from counterpoise.observations.corridors import CorridorRegistry
from counterpoise.observations.ledger import ledger_frame
from counterpoise.provenance import document_id, sha256_of
from counterpoise.schemas import OBSERVATIONS, SET_ASIDE, VINTAGES
from counterpoise.sources.cards import Card, datasets_frame, document_frame, load_cards
from counterpoise.sources.cells import count_fault, parse_count
from counterpoise.sources.corridor_names import SEPARATOR, corridor_of
from counterpoise.sources.faults import Fault, listed, require_no_faults
from counterpoise.sources.frontex.layout import (
    KEYS,
    SHEET,
    Layout,
    column_letters,
    is_total,
    month_word,
    parse_layout,
    parse_vintage,
    read_sheets,
)
from counterpoise.sources.frontex.nationalities import load_spellings, tidy

__all__ = ["DATASET", "parse_workbook"]

DATASET = "frontex.ibc"
_HINT = "use the workbook as Frontex publishes it, or tell the publisher of the slip"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sheet:
    """The detections sheet taken apart.

    ``keys`` has a row per sheet row: ``row`` (as a spreadsheet numbers it), ``route``, ``border``,
    ``spelling``. ``cells`` has ``row``, ``column``, ``text``, of months only; ``sums`` likewise, of the rows
    that the sheet itself calls totals.
    """

    keys: pl.DataFrame
    cells: pl.DataFrame
    sums: pl.DataFrame


def parse_workbook(content: bytes, *, path: Path, registry: CorridorRegistry) -> Batch:
    """Return the batch of a workbook.

    Rows that name one route, border type and nationality (also under two spellings of one code) are summed.
    Zeros are left out: the dataset is dense. A route or nationality that is not known is kept aside.

    Parameters
    ----------
    content
        The bytes of the file.
    path
        Its name, for sentences and as the document's title.
    registry
        Corridors with Frontex's names.

    Raises
    ------
    InputError
        If the workbook is not the publisher's, or holds anything but whole counts: all faults together.
    """
    where = path.name
    card = load_cards()[DATASET]
    sheets = read_sheets(content, where)
    known_on = parse_vintage(sheets["Notes"], where)
    layout = parse_layout(sheets[SHEET], where)
    sheet = _take_apart(sheets[SHEET], layout, where)
    figures, n_empty = _figures(sheet, layout, card, where)
    first, last = min(layout.months.values()), max(layout.months.values())
    last_day = pl.Series([last]).dt.month_end()[0]
    if known_on <= last_day:
        raise InputError(
            expected=f"data cut after the last month, {last:%B %Y}",
            found=f"data as of {known_on}",
            where=f"{where}, sheet Notes",
            hint=_HINT,
        )
    document = document_id(sha256_of(content))
    coded = _coded(figures, card, registry)
    set_aside = _set_aside(coded, document)
    n_filled = sheet.cells.height - n_empty
    n_sums = sheet.sums.filter(pl.col("text").str.strip_chars().str.len_chars() > 0).height
    observations, n_summed = _observations(coded, card, known_on, document)
    return Batch(
        observations=observations,
        documents=document_frame(
            content,
            path=path,
            publisher=card.publisher,
            title=f"{card.title}, FRAN data as of {known_on}",
            url=card.url,
            licence=card.licence,
            published_on=known_on,
        ),
        datasets=datasets_frame(
            dataset=card.dataset,
            title=card.title,
            publisher=card.publisher,
            dense=card.dense,
            lag_days=card.lag_days,
        ),
        vintages=pl.DataFrame(
            [[DATASET, known_on, document, first, last_day]],
            schema={name: column.dtype for name, column in VINTAGES.items()},
            orient="row",
        ),
        set_aside=set_aside,
        ledger=ledger_frame(
            document,
            read=n_filled + n_sums,
            kept=observations.height,
            left_out={
                "zero, and a missing cell means 0": n_filled - figures.height,
                "in a row that the sheet calls a total": n_sums,
                **{
                    f"kept aside: {reason}": n for reason, n in set_aside["reason"].value_counts().iter_rows()
                },
                "summed into the figure of another row": coded.height
                - set_aside.height
                - observations.height,
            },
        ),
        notes=(
            f"Vintage {known_on} ('FRAN data as of', sheet Notes); months {first:%Y-%m} to {last:%Y-%m}.",
            f"{observations.height:,} figures above zero taken from {sheet.keys.height:,} rows of {SHEET}; "
            "zeros are left out, because a cell missing from this dataset means 0.",
            *_notes(sheet, sheets, layout, n_empty=n_empty, n_summed=n_summed, n_aside=set_aside.height),
        ),
    )


def _take_apart(table: pl.DataFrame, layout: Layout, where: str) -> _Sheet:
    """Split the sheet into keys, cells of months, and what the sheet itself calls totals."""
    columns = table.columns
    rows = (
        table.with_columns(pl.int_range(1, pl.len() + 1, dtype=pl.Int64).alias("row"))
        .slice(layout.row)
        .filter(pl.any_horizontal(pl.col(name).str.strip_chars().str.len_chars() > 0 for name in columns))
        .with_columns(
            pl.col(columns[i]).map_elements(tidy, return_dtype=pl.String).fill_null("").alias(name)
            for i, name in enumerate(("route", "border", "spelling"))
        )
    )
    if rows.is_empty():
        raise InputError(
            expected="rows of figures", found="none", where=f"{where}, sheet {SHEET}", hint=_HINT
        )
    total = [
        any(is_total(name) for name in names)
        for names in rows.select("route", "border", "spelling").iter_rows()
    ]
    marked = rows.with_columns(pl.Series("total", total, dtype=pl.Boolean))
    faults = [
        Fault(row, f"{key} is empty", f"{column_letters(i)}{row}")
        for i, (key, name) in enumerate(zip(KEYS, ("route", "border", "spelling"), strict=True))
        for row in marked.filter(~pl.col("total"), pl.col(name) == "")["row"]
    ]
    require_no_faults(
        faults, expected="a name in every key cell", where=f"{where}, sheet {SHEET}", hint=_HINT
    )
    body = marked.filter(~pl.col("total"))
    return _Sheet(
        keys=body.select("row", "route", "border", "spelling"),
        cells=_long(body, {columns[i]: i for i in layout.months}),
        sums=_long(marked.filter("total"), {columns[i]: i for i in layout.months}),
    )


def _long(rows: pl.DataFrame, indices: dict[str, int]) -> pl.DataFrame:
    """Return ``row``, ``column`` (index) and ``text`` of the given columns."""
    renamed = rows.select("row", *(pl.col(name).alias(str(i)) for name, i in indices.items()))
    return (
        renamed.unpivot(index="row", variable_name="column", value_name="text")
        .with_columns(pl.col("column").cast(pl.Int64))
        .with_columns(pl.col("text").cast(pl.String))
    )


def _figures(sheet: _Sheet, layout: Layout, card: Card, where: str) -> tuple[pl.DataFrame, int]:
    """Return the figures above zero with their keys and months, and how many cells were empty.

    Raises
    ------
    InputError
        If a cell is not a whole count in the card's range, or a month has no figure at all.
    """
    empty = pl.col("text").is_null() | (pl.col("text").str.strip_chars() == "")
    filled = sheet.cells.filter(~empty)
    words = count_fault(pl.col("text"), card.expected_range[1])
    wrong = filled.with_columns(words.alias("words")).filter(pl.col("words").is_not_null())
    faults = [
        Fault(row, text, f"{column_letters(column)}{row}")
        for row, column, text in wrong.select("row", "column", "words").iter_rows()
    ]
    filled_columns = set(filled["column"].unique())
    # A month without any figure is not a month of zeros; taking it as one would hide a late publication.
    faults += [
        Fault(0, f"month {month_word(month)} has no figure at all", f"column {column_letters(i)}")
        for i, month in layout.months.items()
        if i not in filled_columns
    ]
    require_no_faults(
        faults,
        expected=f"whole counts from 0 to {card.expected_range[1]:,.0f} in every cell",
        where=f"{where}, sheet {SHEET}",
        hint=_HINT,
    )
    figures = (
        filled.with_columns(parse_count(pl.col("text")).alias("value"))
        .filter(pl.col("value") > 0)
        .with_columns(
            pl.col("column").replace_strict(layout.months, return_dtype=pl.Date).alias("period_start"),
            pl.concat_str(
                pl.col("column").replace_strict({i: column_letters(i) for i in layout.months}),
                pl.col("row").cast(pl.String),
            ).alias("cell"),
        )
        .join(sheet.keys, on="row", maintain_order="left")
    )
    return figures, sheet.cells.height - filled.height


def _coded(figures: pl.DataFrame, card: Card, registry: CorridorRegistry) -> pl.DataFrame:
    """Add ``corridor``, ``nationality`` and ``place``, null where not known."""
    pairs = figures.select("route", "border").unique()
    corridors = pairs.with_columns(
        pl.Series(
            "corridor",
            [corridor_of(pair, publisher="frontex", registry=registry) for pair in pairs.iter_rows()],
            dtype=pl.String,
        ),
        pl.col("border")
        .replace_strict(dict(card.places), default=None, return_dtype=pl.String)
        .alias("place"),
    )
    return figures.join(corridors, on=["route", "border"], maintain_order="left").with_columns(
        pl.col("spelling")
        .replace_strict(dict(load_spellings()), default=None, return_dtype=pl.String)
        .alias("nationality")
    )


def _set_aside(coded: pl.DataFrame, document: str) -> pl.DataFrame:
    """Return the figures with a route, border type or nationality that is not known."""
    strange_route = pl.col("corridor").is_null() | pl.col("place").is_null()
    return (
        coded.filter(strange_route | pl.col("nationality").is_null())
        .with_columns(
            pl.lit(DATASET).alias("dataset"),
            pl.lit(document).alias("document"),
            (pl.lit(f"{SHEET}!") + pl.col("cell")).alias("locator"),
            pl.when(strange_route)
            .then(pl.concat_str("route", pl.lit(SEPARATOR), "border"))
            .otherwise("spelling")
            .alias("text"),
            pl.when(strange_route)
            .then(pl.lit("unknown route or border type"))
            .otherwise(pl.lit("unknown nationality"))
            .alias("reason"),
        )
        .select(list(SET_ASIDE))
    )


def _observations(coded: pl.DataFrame, card: Card, known_on: date, document: str) -> tuple[pl.DataFrame, int]:
    """Return the frame of observations, and how many sheet rows were summed with another."""
    key = ["corridor", "place", "nationality"]
    understood = coded.drop_nulls(key)
    groups = understood.group_by(key).agg(pl.col("row").unique())
    n_summed = int(groups.filter(pl.col("row").list.len() > 1)["row"].list.len().sum())
    observations = (
        understood.sort("row")
        .group_by(*key, "period_start", maintain_order=True)
        .agg(pl.col("value").sum(), pl.col("cell").str.join("+"))
        .with_columns(
            pl.lit(card.dataset).alias("dataset"),
            pl.lit(card.reporter).alias("reporter"),
            pl.lit(card.measure).alias("measure"),
            pl.lit(card.unit).alias("unit"),
            pl.lit(card.publisher_term).alias("publisher_term"),
            pl.col("period_start").dt.month_end().alias("period_end"),
            pl.lit(card.frequency).alias("frequency"),
            pl.lit(known_on).alias("known_on"),
            pl.lit(document).alias("document"),
            (pl.lit(f"{SHEET}!") + pl.col("cell")).alias("locator"),
            pl.lit("").alias("flag"),
        )
        .select(list(OBSERVATIONS))
        .sort("corridor", "nationality", "period_start")
    )
    return observations, n_summed


def _notes(
    sheet: _Sheet,
    sheets: dict[str, pl.DataFrame],
    layout: Layout,
    *,
    n_empty: int,
    n_summed: int,
    n_aside: int,
) -> list[str]:
    """Return what was done with everything that did not become an observation."""
    notes = []
    if n_summed:
        notes.append(
            f"{n_summed} rows that repeat a route, border type and nationality (also under another spelling, "
            "such as Unknown and Third-country) were summed with each other."
        )
    if n_empty:
        notes.append(f"{n_empty:,} empty cells were read as no detections.")
    if n_aside:
        notes.append(f"{n_aside:,} figures were kept aside, because their route or nationality is not known.")
    if sheet.sums.height:
        rows = sorted(set(sheet.sums["row"]))
        notes.append(f"Rows of totals were left out: {listed(rows)}. {_compare_totals(sheet)}")
    if layout.totals:
        letters = listed(column_letters(i) for i in layout.totals)
        notes.append(f"Columns of totals were left out: {letters}.")
    unread = [name for name in sheets if name not in {SHEET, "Notes"}]
    if "Dictionary" in unread:
        notes.append("Sheet Dictionary, which lists names and no figures, was not read.")
    other = [name for name in unread if name != "Dictionary"]
    if other:
        notes.append(f"Sheets left unread, because their content is not known: {listed(other)}.")
    return notes


def _compare_totals(sheet: _Sheet) -> str:
    """Return whether the largest row of totals is the sum of the sheet's figures, month by month."""
    parts = sheet.cells.group_by("column").agg(parse_count(pl.col("text")).sum().alias("sum"))
    grand = (
        sheet.sums.with_columns(parse_count(pl.col("text")).alias("total"))
        .group_by("column")
        .agg(pl.col("total").max())
        .join(parts, on="column")
    )
    different = grand.filter(pl.col("total") != pl.col("sum")).height
    if not different:
        return "The largest agrees with the sum of the figures in every month."
    return f"The largest differs from the sum of the figures in {different} months."
