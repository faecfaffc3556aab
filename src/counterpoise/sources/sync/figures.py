"""From what was gathered to a batch for the archive, and what became of everything on the way."""

from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from urllib.parse import unquote, urlsplit

import polars as pl

from counterpoise.observations.batch import Batch, join_batches
from counterpoise.observations.corridors import CorridorRegistry
from counterpoise.observations.ledger import KEPT, LEFT_OUT, READ
from counterpoise.provenance import document_id, sha256_of
from counterpoise.schemas import DOCUMENTS, OBSERVATIONS
from counterpoise.sources.assemble import RAW_CORRIDOR, RAW_NATIONALITY, Draft, assemble
from counterpoise.sources.bulletins.documents import figures_of
from counterpoise.sources.bulletins.series import Series, series_of
from counterpoise.sources.cards import Card, Fetch, datasets_frame
from counterpoise.sources.columns import USUAL_UNITS
from counterpoise.sources.read import parse_document
from counterpoise.sources.sync.gather import Document, Gathered, Item
from counterpoise.sources.sync.tally import Tally
from counterpoise.sources.tables import ROW

__all__ = ["Read", "read_gathered"]

_STORED = "already in the archive"


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """A batch, and the tallies of what was read before it is stored; no batch if nothing is new."""

    batch: Batch | None
    documents: Tally
    figures: Tally


def read_gathered(
    card: Card, fetch: Fetch, gathered: Gathered, *, stored: frozenset[str], registry: CorridorRegistry
) -> Read:
    """Return what the documents and bulletins of a source bring.

    Parameters
    ----------
    stored
        Ids of the documents the archive has: they are not read again, so that an archive stays as it was read.

    Raises
    ------
    InputError
        If a document is not what its reader takes: one sentence with all faults.
    """
    if gathered.documents:
        return _of_documents(gathered.documents, stored, registry)
    return _of_items(card, fetch, gathered, stored, registry)


def _of_documents(
    documents: tuple[Document, ...], stored: frozenset[str], registry: CorridorRegistry
) -> Read:
    new = [d for d in documents if document_id(sha256_of(d.content)) not in stored]
    batches = []
    for document in new:
        name = PurePosixPath(unquote(urlsplit(document.url).path)).name or "document"
        batch = parse_document(
            document.content,
            path=Path(name),
            mapping=None,
            registry=registry,
            published_on=document.published_on,
        )
        batches.append(_at_address(batch, document.url))
    n_known = len(documents) - len(new)
    tally = Tally(read=len(documents), kept=len(new), excluded={_STORED: n_known} if n_known else {})
    joined = join_batches(batches) if batches else None
    return Read(batch=joined, documents=tally, figures=_figures_of(joined))


def _figures_of(batch: Batch | None) -> Tally:
    """Return the tally of the ledger of readings."""
    if batch is None:
        return Tally()
    sums = batch.ledger.group_by("outcome", "reason").agg(pl.col("figures").sum())
    n = {(outcome, reason): figures for outcome, reason, figures in sums.sort("reason").iter_rows()}
    excluded = {reason: figures for (outcome, reason), figures in n.items() if outcome == LEFT_OUT}
    return Tally(read=n[READ, ""], kept=n[KEPT, ""], excluded=excluded)


def _at_address(batch: Batch, url: str) -> Batch:
    return replace(batch, documents=batch.documents.with_columns(pl.lit(url).alias("url")))


def _of_items(
    card: Card, fetch: Fetch, gathered: Gathered, stored: frozenset[str], registry: CorridorRegistry
) -> Read:
    """Read each bulletin by itself: what a document says must not depend on what else was in the feed that day."""
    documents: Counter[str] = Counter(gathered.left_out)
    without: Counter[str] = Counter()
    batches: list[Batch] = []
    for item in gathered.items:
        if _document_of(card, item)["document"][0] in stored:
            documents[_STORED] += 1
            continue
        series = series_of(figures_of(item.bulletin))
        if series.observations.is_empty():
            documents["no figure that is sure and dated"] += 1
            without.update(series.left_out)
            continue
        batches.append(_batch_of(card, fetch, item, series, registry))
    joined = join_batches(batches) if batches else None
    stored_figures = _figures_of(joined)
    return Read(
        batch=joined,
        documents=Tally(read=len(batches) + documents.total(), kept=len(batches), excluded=dict(documents)),
        figures=Tally(
            read=stored_figures.read + without.total(),
            kept=stored_figures.kept,
            excluded=dict(without + Counter(stored_figures.excluded)),
        ),
    )


def _document_of(card: Card, item: Item) -> pl.DataFrame:
    sha256 = sha256_of(f"{item.url}\n{item.bulletin.text}".encode("utf-8", "replace"))
    row = {
        "document": document_id(sha256),
        "sha256": sha256,
        "publisher": card.publisher,
        "title": item.title,
        "url": item.url,
        "published_on": item.bulletin.published,
        "licence": card.licence,
    }
    return pl.DataFrame([row], schema={name: column.dtype for name, column in DOCUMENTS.items()})


def _batch_of(card: Card, fetch: Fetch, item: Item, series: Series, registry: CorridorRegistry) -> Batch:
    reporters = {
        corridor.id: corridor.to_states[0]
        for corridor in registry.corridors.values()
        if len(corridor.to_states) == 1
    }
    grade = pl.lit("relay") if fetch.second_grade else pl.lit("")
    filled = {
        "dataset": pl.lit(card.dataset),
        "reporter": pl.col("corridor").replace_strict(reporters, default="EU", return_dtype=pl.String),
        "unit": pl.col("measure").replace_strict(USUAL_UNITS, default="events", return_dtype=pl.String),
        "place": pl.lit(fetch.place),
        "publisher_term": pl.lit(""),
        "flag": pl.concat_str(pl.col("flag"), pl.lit(" "), grade)
        .str.split(" ")
        .list.unique()
        .list.sort()
        .list.join(" ")
        .str.strip_chars(),
    }
    figures = series.observations.with_row_index("_row", offset=1).with_columns(pl.all().cast(pl.String))
    rows = figures.select(
        pl.col("_row").cast(pl.Int64).alias(ROW),
        pl.col("corridor").alias(RAW_CORRIDOR),
        pl.col("nationality").alias(RAW_NATIONALITY),
        *(
            (filled[name].alias(name) if name in filled else pl.col(name))
            for name in OBSERVATIONS
            if name != "document"
        ),
    )
    return assemble(
        Draft(
            rows=rows,
            names={},
            document=_document_of(card, item),
            datasets=datasets_frame(
                dataset=card.dataset,
                title=card.title,
                publisher=card.publisher,
                dense=card.dense,
                lag_days=card.lag_days,
            ),
            where=f"{card.dataset}, {item.url}",
            hint="tell the developers of this bulletin; nothing was stored",
            # Days computed from running totals come on top of the figures a bulletin has.
            n_read=series.read + figures.height - series.kept,
            left_out=series.left_out,
        )
    )
