"""The bundled observations: the tables under ``data/observations``, read into one batch.

Each table is a CSV file a person can read, with a card of the same name beside it (``frontex_ibc.yml``).
A table has one of two layouts. ``rows``: one figure per line. ``months``: one line per corridor and
nationality, one column per year, twelve monthly counts in a cell; an empty cell is a year of zeros.

The tables are made by ``tools/build_bundled.py``; this module only reads them.
"""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

import polars as pl
from ruamel.yaml import YAML

from counterpoise.observations.batch import Batch
from counterpoise.provenance import document_id, sha256_of
from counterpoise.schemas import DATASETS, DOCUMENTS, OBSERVATIONS, VINTAGES

__all__ = ["read_bundled", "read_cards"]

Card = Mapping[str, Any]

ROW_COLUMNS: dict[str, pl.DataType] = {
    "dataset": pl.String(),
    "corridor": pl.String(),
    "nationality": pl.String(),
    "measure": pl.String(),
    "unit": pl.String(),
    "place": pl.String(),
    "publisher_term": pl.String(),
    "period_start": pl.Date(),
    "period_end": pl.Date(),
    "frequency": pl.String(),
    "value": pl.Float64(),
    "known_on": pl.Date(),
    "flag": pl.String(),
    "publisher": pl.String(),
    "title": pl.String(),
    "url": pl.String(),
    "note": pl.String(),
}
"""Columns of a table in the layout ``rows``; texts may be empty, dates and values may not."""


@cache
def read_cards() -> tuple[Card, ...]:
    """Return the cards of all bundled tables, by file name."""
    folder = files("counterpoise.data").joinpath("observations")
    names = sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".yml"))
    yaml = YAML(typ="safe", pure=True)
    return tuple(yaml.load(folder.joinpath(name).read_text(encoding="utf-8")) for name in names)


@cache
def read_bundled() -> Batch:
    """Return all bundled observations with their documents, datasets and vintages.

    Notes
    -----
    A document is a page that was read, known by the SHA-256 of its address, or, where a table is the extract
    of one publication, the table itself, known by the SHA-256 of its bytes. The batch is cached: do not
    change it.
    """
    datasets = _datasets()
    parts = [
        (_read_months if card["layout"] == "months" else _read_rows)(card, datasets) for card in read_cards()
    ]
    rows = pl.concat([rows for rows, _, _ in parts])
    documents = pl.concat([documents for _, documents, _ in parts]).unique(
        subset="document", keep="first", maintain_order=True
    )
    return Batch(
        observations=rows.select(list(OBSERVATIONS)),
        documents=documents.sort("document"),
        datasets=datasets.select(list(DATASETS)),
        vintages=pl.concat([vintages for _, _, vintages in parts]).sort(*VINTAGES),
        notes=tuple(card["note"] for card in read_cards() if "note" in card),
    )


def _datasets() -> pl.DataFrame:
    """Return one row per dataset named on a card: schema ``DATASETS`` with ``reporter`` and ``licence``."""
    schema = {**{n: c.dtype for n, c in DATASETS.items()}, "reporter": pl.String(), "licence": pl.String()}
    entries = [{k: entry[k] for k in schema} for card in read_cards() for entry in card["datasets"]]
    return pl.DataFrame(entries, schema=schema).unique(maintain_order=True).sort("dataset")


def _table(card: Card) -> bytes:
    return files("counterpoise.data").joinpath("observations", card["table"]).read_bytes()


def _read_rows(card: Card, datasets: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """Return observations, documents and vintages of a table with one figure per line."""
    rows = (
        pl.read_csv(_table(card), schema=ROW_COLUMNS)
        .with_columns(pl.col(pl.String).fill_null(""))
        .with_row_index("line", offset=2)
        .join(
            datasets.select("dataset", "reporter", "licence"), on="dataset", how="left", maintain_order="left"
        )
        .with_columns(pl.format("{} line {}", pl.lit(card["table"]), "line").alias("locator"))
    )
    # Only the address of a page is known, not its bytes; a page stored without one is named by its day.
    address = pl.when(pl.col("url") != "").then("url").otherwise(pl.format("{} {}", "publisher", "known_on"))
    rows = rows.with_columns(address.alias("address"))
    hashes = {a: sha256_of(a.encode()) for a in rows["address"].unique().sort()}
    rows = rows.with_columns(
        pl.col("address").replace_strict(hashes, return_dtype=pl.String()).alias("sha256")
    ).with_columns(_document_id())
    # The lag is assumed where the page carries no date, so its day of publication is not known either.
    published = pl.when(~pl.col("flag").str.contains("lag_assumed")).then("known_on").min()
    documents = rows.group_by("document", maintain_order=True).agg(
        pl.col("sha256", "publisher", "title", "url", "licence").first(), published.alias("published_on")
    )
    named = pl.when(pl.col("title") != "").then("title")
    dated = pl.format("{}, {}", "publisher", "published_on").fill_null(
        pl.format("{}, undated page", "publisher")
    )
    documents = documents.with_columns(named.otherwise(dated).alias("title"))
    vintages = rows.group_by("dataset", "known_on", "document").agg(
        pl.col("period_start").min().alias("first_period_start"),
        pl.col("period_end").max().alias("last_period_end"),
    )
    return rows.select(list(OBSERVATIONS)), documents.select(list(DOCUMENTS)), vintages.select(list(VINTAGES))


def _document_id() -> pl.Expr:
    return pl.format("d-{}", pl.col("sha256").str.head(16)).alias("document")


def _read_months(card: Card, datasets: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """Return observations, the one document and the one vintage of a table of monthly counts."""
    content = _table(card)
    entry = datasets.row(by_predicate=pl.col("dataset") == card["datasets"][0]["dataset"], named=True)
    sha256 = sha256_of(content)
    vintage = {
        "dataset": entry["dataset"],
        "known_on": card["known_on"],
        "document": document_id(sha256),
        "first_period_start": card["first_day"],
        "last_period_end": card["last_day"],
    }
    document = {
        "document": vintage["document"],
        "sha256": sha256,
        "publisher": entry["publisher"],
        "title": card["title"],
        "url": card["url"],
        "published_on": card["known_on"],
        "licence": entry["licence"],
    }
    keys = ["corridor", "place", "nationality"]
    counts = pl.col("counts").str.split(" ")
    start = pl.date(pl.col("year").cast(pl.Int32), pl.col("month"), 1)
    rows = (
        pl.read_csv(content, infer_schema=False)
        .with_row_index("line", offset=2)
        .unpivot(index=["line", *keys], variable_name="year", value_name="counts")
        .drop_nulls("counts")
        .with_columns(counts, pl.int_ranges(1, counts.list.len() + 1).alias("month"))
        .explode("counts", "month")
        .with_columns(pl.col("counts").cast(pl.Float64).alias("value"))
        .filter(pl.col("value") != 0)
        .with_columns(
            pl.lit(entry["dataset"]).alias("dataset"),
            pl.lit(entry["reporter"]).alias("reporter"),
            *(pl.lit(card[name]).alias(name) for name in ("measure", "unit", "publisher_term", "known_on")),
            pl.lit("M").alias("frequency"),
            pl.lit("").alias("flag"),
            pl.lit(vintage["document"]).alias("document"),
            pl.format("{} line {} {}-{}", pl.lit(card["table"]), "line", "year", "month").alias("locator"),
            start.alias("period_start"),
            start.dt.month_end().alias("period_end"),
        )
    )
    return (
        rows.select(list(OBSERVATIONS)),
        pl.DataFrame([document], schema={n: c.dtype for n, c in DOCUMENTS.items()}),
        pl.DataFrame([vintage], schema={n: c.dtype for n, c in VINTAGES.items()}),
    )
