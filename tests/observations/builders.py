"""Small batches and archives: one document with a few figures, everything else by default."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

import polars as pl

from counterpoise.observations.archive import Archive
from counterpoise.observations.batch import Batch, join_batches
from counterpoise.provenance import canonical_json, document_id, sha256_of
from counterpoise.schemas import DATASETS, DOCUMENTS, OBSERVATIONS, VINTAGES, Column

Cell = tuple[str, str, str]
"""Corridor, nationality, month as 2021-06."""


def month(text: str) -> tuple[date, date]:
    """Return the first and the last day of a month written 2021-06."""
    first = date.fromisoformat(f"{text}-01")
    after = (first + timedelta(days=32)).replace(day=1)
    return first, after - timedelta(days=1)


def frame(entries: Sequence[Mapping[str, Any]], schema: Mapping[str, Column]) -> pl.DataFrame:
    """Return a frame of a declared schema."""
    return pl.DataFrame(entries, schema={name: column.dtype for name, column in schema.items()})


def row(corridor: str, nationality: str, period: str, value: float, **other: Any) -> dict[str, Any]:
    """Return one observation: monthly detections, known on 2022-01-10, unless said otherwise."""
    start, end = month(period)
    return {
        "dataset": "test.flow",
        "corridor": corridor,
        "reporter": "EU",
        "nationality": nationality,
        "measure": "detections",
        "unit": "events",
        "place": "green_border",
        "publisher_term": "detections",
        "period_start": start,
        "period_end": end,
        "frequency": "M",
        "value": float(value),
        "known_on": date(2022, 1, 10),
        "document": "d-test",
        "locator": f"{corridor} {nationality} {period}",
        "flag": "",
        **other,
    }


def observations(*rows: Mapping[str, Any]) -> pl.DataFrame:
    """Return a frame ``OBSERVATIONS``."""
    return frame(rows, OBSERVATIONS)


def batch(
    known_on: str | date,
    cells: Mapping[Cell, float],
    *,
    covers: tuple[str, str] = ("2021-01", "2021-06"),
    dataset: str = "test.flow",
    dense: bool = True,
    lag_days: int | None = 34,
    title: str = "A table",
    **other: Any,
) -> Batch:
    """Return what a document published on a day brings; ``other`` goes into every observation."""
    day = known_on if isinstance(known_on, date) else date.fromisoformat(known_on)
    sha256 = sha256_of(canonical_json([title, day, dataset, sorted(map(str, cells.items()))]).encode())
    common = {"dataset": dataset, "known_on": day, "document": document_id(sha256), **other}
    return Batch(
        observations=observations(*(row(*cell, value, **common) for cell, value in cells.items())),
        documents=frame(
            [
                {
                    "document": common["document"],
                    "sha256": sha256,
                    "publisher": "Test",
                    "title": title,
                    "url": "",
                    "published_on": day,
                    "licence": "not found",
                }
            ],
            DOCUMENTS,
        ),
        datasets=frame(
            [
                {
                    "dataset": dataset,
                    "title": dataset,
                    "publisher": "Test",
                    "dense": dense,
                    "lag_days": lag_days,
                }
            ],
            DATASETS,
        ),
        vintages=frame(
            [
                {
                    "dataset": dataset,
                    "known_on": day,
                    "document": common["document"],
                    "first_period_start": month(covers[0])[0],
                    "last_period_end": month(covers[1])[1],
                }
            ],
            VINTAGES,
        ),
    )


def archive(*batches: Batch) -> Archive:
    """Return an archive in memory."""
    return Archive.from_batch(join_batches(batches))
