"""Source cards: what a dataset is, who publishes it, on what terms, and what it counts.

A card is a ``source.yml`` (``NAME.source.yml`` where there are several) beside the parser of its publisher; a person
can read and edit it.
"""

import re
from collections.abc import Mapping
from datetime import date
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Literal

import polars as pl
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from counterpoise.errors import InputError
from counterpoise.provenance import document_id, sha256_of
from counterpoise.schemas import DATASETS, DOCUMENTS

__all__ = [
    "Card",
    "Fetch",
    "datasets_frame",
    "document_frame",
    "load_cards",
    "parse_card",
    "parse_yaml",
    "say_invalid",
]


class Fetch(BaseModel):
    """How ``sync`` gets the documents of a dataset: where they are, and how often and how much may be asked."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=False)

    kind: Literal["file", "page", "feed", "listing"]
    """``file``: the document itself; ``page``: a page with a link to it; ``feed``: RSS or Atom with bulletins;
    ``listing``: a page with links to bulletins."""
    url: str = Field(pattern=r"^https?://[^\s]+$")
    found_in: str = Field(min_length=1)
    """Where the address was read."""
    link: str = ""
    """Of a page or listing: the pattern of the addresses wanted. Of several documents the last by name is taken."""
    content: Literal["workbook", "table"] = "table"
    """Of a file or page: whether the document is an Excel workbook; anything else ``ingest`` reads is a table."""
    words: tuple[str, ...] = ()
    """Of a feed or listing: only items with one of these in title, text or address are read; none: all."""
    whole: bool = True
    """Of a feed: whether the page of an item is fetched, because the feed has only its beginning."""
    day: str = ""
    """Of bulletins: a pattern with groups ``year``, ``month`` and ``day`` that finds the day in their page."""
    language: Literal["", "en", "lt", "lv", "pl", "ru", "fi"] = ""
    place: Literal["green_border", "crossing_point", "any"] = "any"
    """Of bulletins: where their figures are counted."""
    second_grade: bool = False
    """A relay of somebody else's figures: all are flagged ``relay``."""
    delay_seconds: float = Field(default=5, ge=0)
    """Between two requests to one host; robots.txt may ask for more."""
    limit_mb: float = Field(default=5, gt=0)
    """Largest document, as sent and unpacked."""
    keep: bool = True
    """Whether the download is kept until the next run. Not so where a document holds more than sums: it is erased as
    soon as it is read, and asked for whole each time."""
    most_items: int = Field(default=20, ge=1)
    """Most bulletins that are fetched in one run."""
    unverified: str = ""
    """What of it nobody here could see."""

    @field_validator("link", "day")
    @classmethod
    def _is_pattern(cls, text: str) -> str:
        try:
            re.compile(text)
        except re.error as error:
            raise ValueError(f"no regular expression: {error}") from error
        return text


class Card(BaseModel):
    """One dataset, as its card describes it."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=False)

    dataset: str = Field(pattern=r"^[a-z0-9_]+(\.[a-z0-9_-]+)+$")
    title: str = Field(min_length=1)
    publisher: str = Field(min_length=1)
    url: str = ""
    citation: str = Field(min_length=1)
    licence: str = Field(min_length=1)
    """Reuse terms; ``not found`` where so."""
    counts: str = Field(min_length=1)
    """What a figure counts, in our own words."""
    counts_not: str = Field(min_length=1)
    """What a reader might take it to count, and it does not."""
    coverage: str = Field(min_length=1)
    dense: bool
    """Whether a cell missing from a vintage is 0 (else unknown)."""
    lag_days: int | None = Field(default=None, ge=0)
    """Days from period end to publication; none: no lag is ever assumed."""
    revisions: str = Field(min_length=1)
    """When and how far published figures change later; ``not known`` where so."""
    breaks: str = Field(min_length=1)
    """When the counting changed, as far as known; ``none known`` where so."""
    measure: str
    unit: Literal["events", "persons", "decisions"]
    places: Mapping[str, str]
    """The publisher's word -> place of the observation frame."""
    publisher_term: str
    reporter: str
    frequency: Literal["D", "W", "M", "Q", "Y", "S"]
    expected_range: tuple[float, float]
    """Smallest and largest plausible single figure, both inclusive."""
    parts: tuple[str, ...] = ()
    """Datasets whose figures add up to this one's."""
    parts_apart: float = Field(default=0, ge=0)
    """By how much a sum of parts may differ because small figures are changed for privacy."""
    within: str = ""
    """A dataset whose figures this one's never exceed."""
    verified_against: str = Field(min_length=1)
    """The document the parser was checked with."""
    unverified: str = ""
    """What was not checked."""
    fetch: Fetch | None = None
    """How to get it; none: it comes with another dataset's document, or only by hand."""


def parse_yaml(content: bytes, where: str) -> object:
    """Return what a YAML document says.

    Raises
    ------
    InputError
        If it is not UTF-8 or not YAML.
    """
    try:
        return YAML(typ="safe", pure=True).load(content.decode("utf-8-sig"))
    except (
        ValueError,
        RecursionError,
        YAMLError,
    ) as error:  # also a day that is none, and bytes that are no text
        raise InputError(
            expected="a YAML file in UTF-8",
            found=" ".join(str(error).split()),
            where=where,
            hint="correct the file; docs/ingest.md shows an example",
        ) from error


def say_invalid(error: ValidationError) -> str:
    """Return the faults pydantic found, each as ``field: what is wrong``."""
    return "; ".join(
        f"{'.'.join(str(part) for part in fault['loc']) or 'file'}: {fault['msg']}"
        for fault in error.errors()
    )


def parse_card(content: bytes, where: str) -> Card:
    """Return the card of a ``source.yml``.

    Raises
    ------
    InputError
        If a field is missing, unknown or of the wrong kind; all together.
    """
    try:
        return Card.model_validate(parse_yaml(content, where))
    except ValidationError as error:
        raise InputError(
            expected="the fields of a source card",
            found=say_invalid(error),
            where=where,
            hint="correct these fields; sources/frontex/source.yml is an example",
        ) from error


@cache
def load_cards() -> Mapping[str, Card]:
    """Return the bundled cards, dataset id -> card."""
    cards = [
        parse_card(file.read_bytes(), f"sources/{folder.name}/{file.name}")
        for folder in files("counterpoise.sources").iterdir()
        if folder.is_dir()
        for file in folder.iterdir()
        if file.name.endswith("source.yml")
    ]
    return {card.dataset: card for card in sorted(cards, key=lambda card: card.dataset)}


def datasets_frame(
    *, dataset: str, title: str, publisher: str, dense: bool, lag_days: int | None
) -> pl.DataFrame:
    """Return the row of schema ``DATASETS`` that describes one dataset."""
    row = {
        "dataset": dataset,
        "title": title,
        "publisher": publisher,
        "dense": dense,
        "lag_days": lag_days,
    }
    return pl.DataFrame([row], schema={name: column.dtype for name, column in DATASETS.items()})


def document_frame(
    content: bytes,
    *,
    path: Path,
    publisher: str,
    title: str,
    url: str,
    licence: str,
    published_on: date | None,
) -> pl.DataFrame:
    """Return the row of schema ``DOCUMENTS`` that describes the bytes read."""
    sha256 = sha256_of(content)
    row = {
        "document": document_id(sha256),
        "sha256": sha256,
        "publisher": publisher,
        "title": title or path.name,
        "url": url,
        "published_on": published_on,
        "licence": licence,
    }
    return pl.DataFrame([row], schema={name: column.dtype for name, column in DOCUMENTS.items()})
