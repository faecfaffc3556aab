"""Where a number comes from: documents, and results named by a hash of everything that made them.

A result id is ``<stage>-<16 hexadecimal digits>``, a hash of stage, version, as_of, seed, options, inputs and
upstream results. Equal ids mean equal bytes; a changed id says that something that made the number changed.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from functools import cache
from importlib.metadata import version as _installed_version
from typing import Any

import polars as pl

__all__ = [
    "Provenance",
    "canonical_json",
    "describe_inputs",
    "document_id",
    "registry_header",
    "sha256_of",
    "version",
]


@cache
def version() -> str:
    """Return the version of Counterpoise that is running."""
    return _installed_version("counterpoise")


def sha256_of(content: bytes) -> str:
    """Return the SHA-256 of ``content`` in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def document_id(sha256: str) -> str:
    """Return the short id of a document: ``d-`` and the first 16 digits of its SHA-256."""
    return f"d-{sha256[:16]}"


def canonical_json(value: object) -> str:
    """Return ``value`` as JSON with sorted keys and ISO dates, so that equal values give equal text."""

    def plain(item: object) -> object:
        if isinstance(item, date):
            return item.isoformat()
        raise TypeError(f"{type(item).__name__} has no JSON form")

    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=plain)


def describe_inputs(observations: pl.DataFrame) -> tuple[dict[str, Any], ...]:
    """Return what an analysis read: per dataset and document the rows, the newest vintage and a digest.

    The digest is over the cells and values in a fixed order, so it does not depend on the order in which
    documents were ingested.
    """
    if observations.is_empty():
        return ()
    ordered = observations.sort(pl.all())
    groups = ordered.group_by("dataset", "document", maintain_order=True)
    return tuple(
        {
            "dataset": str(dataset),
            "document": str(document),
            "n_rows": rows.height,
            "newest_known_on": rows["known_on"].max(),
            "sha256": sha256_of(rows.write_csv().encode()),
        }
        for (dataset, document), rows in groups
    )


def registry_header(stage: str, content: object, as_of: date | None = None) -> dict[str, Any]:
    """Return the first keys of an answer that shows a registry or a file rather than a result.

    ``as_of`` is null where nothing was replayed; the id is a hash of stage, version and content.
    """
    made_of = {"stage": stage, "version": version(), "as_of": as_of, "content": content}
    return {
        "stage": stage,
        "version": version(),
        "as_of": as_of.isoformat() if as_of else None,
        "seed": 0,
        "result_id": f"{stage}-{sha256_of(canonical_json(made_of).encode())[:16]}",
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    """Everything that made a result."""

    stage: str
    as_of: date
    seed: int = 0
    options: Mapping[str, Any] = field(default_factory=dict)
    inputs: tuple[dict[str, Any], ...] = ()
    upstream: tuple[str, ...] = ()
    version: str = field(default_factory=version)

    @property
    def result_id(self) -> str:
        """The id of the result this provenance belongs to."""
        return f"{self.stage}-{sha256_of(canonical_json(asdict(self)).encode())[:16]}"

    def header(self) -> dict[str, Any]:
        """Return the keys with which every JSON answer begins."""
        return {
            "stage": self.stage,
            "version": self.version,
            "as_of": self.as_of.isoformat(),
            "seed": self.seed,
            "result_id": self.result_id,
        }

    def to_dict(self) -> dict[str, Any]:
        """Return options, inputs and upstream as plain JSON values."""
        plain: dict[str, Any] = json.loads(canonical_json(asdict(self)))
        return plain
