"""A batch: what one document (or one bundled table) brings to the archive, before it is stored."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import polars as pl

from counterpoise.schemas import (
    DATASETS,
    DOCUMENTS,
    LEDGER,
    OBSERVATIONS,
    SET_ASIDE,
    VINTAGES,
    WITHDRAWALS,
    empty,
    require_schema,
)

__all__ = ["Batch", "join_batches"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """Frames read from a source, each with its declared schema.

    Parameters
    ----------
    observations
        Schema ``OBSERVATIONS``. In a dense dataset zeros are left out: the vintage says what is covered.
    documents, datasets, vintages
        The documents read, the datasets they belong to, and the periods each vintage covers.
    set_aside
        Figures that were read but not understood (an unknown nationality, say): kept and listed, never dropped.
    ledger
        How many figures were read, kept, and left out for which reason.
    withdrawals
        Datasets that are withdrawn, and since when: of an archive, never of a document.
    notes
        What was done on the way, in plain sentences: rows summed, sheets left unread.
    """

    observations: pl.DataFrame
    documents: pl.DataFrame
    datasets: pl.DataFrame
    vintages: pl.DataFrame
    set_aside: pl.DataFrame = field(default_factory=lambda: empty(SET_ASIDE))
    ledger: pl.DataFrame = field(default_factory=lambda: empty(LEDGER))
    withdrawals: pl.DataFrame = field(default_factory=lambda: empty(WITHDRAWALS))
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for name, schema in (
            ("observations", OBSERVATIONS),
            ("documents", DOCUMENTS),
            ("datasets", DATASETS),
            ("vintages", VINTAGES),
            ("set_aside", SET_ASIDE),
            ("ledger", LEDGER),
            ("withdrawals", WITHDRAWALS),
        ):
            object.__setattr__(self, name, require_schema(getattr(self, name), schema, f"batch.{name}"))


def join_batches(batches: Sequence[Batch]) -> Batch:
    """Return one batch with everything the given ones bring; it is stored whole or not at all."""

    def joined(name: str) -> pl.DataFrame:
        frames: list[pl.DataFrame] = [getattr(batch, name) for batch in batches]
        return pl.concat(frames).unique(maintain_order=True)

    return Batch(
        observations=joined("observations"),
        documents=joined("documents").unique(subset="document", keep="first", maintain_order=True),
        datasets=joined("datasets").unique(subset="dataset", keep="first", maintain_order=True),
        vintages=joined("vintages"),
        set_aside=joined("set_aside"),
        ledger=joined("ledger"),
        notes=tuple(note for batch in batches for note in batch.notes),
    )
