"""A batch: what one document (or one bundled table) brings to the archive, before it is stored."""

from dataclasses import dataclass, field

import polars as pl

from counterpoise.schemas import (
    DATASETS,
    DOCUMENTS,
    OBSERVATIONS,
    SET_ASIDE,
    VINTAGES,
    empty,
    require_schema,
)

__all__ = ["Batch"]


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
    notes
        What was done on the way, in plain sentences: rows summed, sheets left unread.
    """

    observations: pl.DataFrame
    documents: pl.DataFrame
    datasets: pl.DataFrame
    vintages: pl.DataFrame
    set_aside: pl.DataFrame = field(default_factory=lambda: empty(SET_ASIDE))
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for name, schema in (
            ("observations", OBSERVATIONS),
            ("documents", DOCUMENTS),
            ("datasets", DATASETS),
            ("vintages", VINTAGES),
            ("set_aside", SET_ASIDE),
        ):
            object.__setattr__(self, name, require_schema(getattr(self, name), schema, f"batch.{name}"))
