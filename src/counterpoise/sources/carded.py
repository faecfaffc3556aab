"""Drafts of a publisher's own tables: what is the same for every source whose datasets have cards."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import polars as pl

from counterpoise.observations.corridors import CorridorRegistry
from counterpoise.schemas import DATASETS, OBSERVATIONS
from counterpoise.sources.assemble import RAW_CORRIDOR, RAW_NATIONALITY, Draft
from counterpoise.sources.cards import Card, document_frame, load_cards
from counterpoise.sources.cells import period_end, period_start
from counterpoise.sources.faults import listed
from counterpoise.sources.tables import ROW

__all__ = ["Given", "carded_draft", "cards_of", "usually_known_on"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """A document as it is given to a reader.

    Parameters
    ----------
    content
        Its bytes.
    path
        Its name, for sentences.
    registry
        Corridors; others become the user's own, and that is said.
    published_on
        When it was published, where it does not say so itself but whoever brings it knows: the day on which its
        figures count as known. None: the card's lag after its last period is assumed.
    """

    content: bytes
    path: Path
    registry: CorridorRegistry
    published_on: date | None = None


def cards_of(prefix: str) -> tuple[Card, ...]:
    """Return the cards whose dataset is ``prefix`` or begins with it and a dot, the shortest name first."""
    return tuple(
        card for name, card in load_cards().items() if name == prefix or name.startswith(f"{prefix}.")
    )


def carded_draft(
    rows: pl.DataFrame,
    cards: Sequence[Card],
    given: Given,
    *,
    n_read: int,
    left_out: Mapping[str, int],
    title: str,
    names: Mapping[str, str] | None = None,
    notes: Sequence[str] = (),
) -> Draft:
    """Return the draft of a publisher's table.

    Parameters
    ----------
    rows
        As text: ``ROW``, ``RAW_CORRIDOR``, ``RAW_NATIONALITY``, ``dataset, corridor, reporter, nationality,
        period_start, value``; also ``place``, ``period_end``, ``known_on``, ``locator``, ``flag`` where they are not
        the usual ones: any place, the end of the period, the card's lag after the last period, the row, none.
    cards
        The cards of all datasets the table may fill; they say measure, unit, term and frequency.
    n_read, left_out
        As in ``Draft``.
    title
        Title of the document.
    names
        Column of the draft -> name of it in the file.
    """
    by_dataset = pl.DataFrame(
        [(c.dataset, c.measure, c.unit, c.publisher_term, c.frequency) for c in cards],
        schema=["dataset", "measure", "unit", "publisher_term", "frequency"],
        orient="row",
    )
    said = list(notes)
    said += [f"{n:,} figures were left out: {reason}." for reason, n in left_out.items() if n]
    if "known_on" not in rows.columns and given.published_on is not None:
        rows = rows.with_columns(pl.lit(str(given.published_on)).alias("known_on"))
    elif "known_on" not in rows.columns:
        day = {card.dataset: usually_known_on(rows, card) for card in cards}
        rows = rows.with_columns(
            pl.col("dataset").replace_strict(day, default=None, return_dtype=pl.String).alias("known_on")
        )
        said.append(
            "The file does not say when it was published: "
            f"{listed(sorted({c.lag_days or 0 for c in cards}))} days after its last period is assumed."
        )
    own = sorted(set(rows["corridor"].drop_nulls()) - set(given.registry.corridors))
    if own:
        said.append(f"Corridors that the registry does not have become your own: {listed(own)}.")
    said += [f"Unverified: {text}" for text in dict.fromkeys(card.unverified for card in cards) if text]
    usual = {
        "place": pl.lit("any"),
        "period_end": pl.lit(None, pl.String),
        "locator": pl.format("row {}", ROW),
        "flag": pl.lit(""),
    }
    rows = rows.with_columns(default.alias(n) for n, default in usual.items() if n not in rows.columns)
    kept = set(rows["dataset"].unique())
    return Draft(
        rows=rows.join(by_dataset, on="dataset", how="left", maintain_order="left").select(
            ROW, RAW_CORRIDOR, RAW_NATIONALITY, *(name for name in OBSERVATIONS if name != "document")
        ),
        names={"value": "number", **(names or {})},
        document=document_frame(
            given.content,
            path=given.path,
            publisher=cards[0].publisher,
            title=title,
            url=cards[0].url,
            licence=cards[0].licence,
            published_on=given.published_on,
        ),
        datasets=pl.DataFrame(
            [(c.dataset, c.title, c.publisher, c.dense, c.lag_days) for c in cards if c.dataset in kept],
            schema={name: column.dtype for name, column in DATASETS.items()},
            orient="row",
        ),
        where=given.path.name,
        hint="download the file again from its publisher",
        n_read=n_read,
        left_out=left_out,
        notes=tuple(said),
    )


def usually_known_on(rows: pl.DataFrame, card: Card) -> str | None:
    """Return the day on which a document with these periods is usually published; None without figures."""
    periods = rows.filter(pl.col("dataset") == card.dataset).select(pl.col("period_start").unique())
    start = period_start(pl.col("period_start"), pl.lit(card.frequency))
    end = periods.select(period_end(start, pl.lit(card.frequency)).max()).item()
    return str(end + timedelta(days=card.lag_days or 0)) if end else None
