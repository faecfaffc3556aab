"""Numbers and sources of a brief, numbered in the order in which the text meets them.

The register is filled while a brief is composed and frozen into it: the same text gives the same numbers.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from counterpoise.brief.text import Cited, SourceRef

__all__ = ["Register", "Source", "count_text", "is_web_address", "trace_block"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """An entry of the list of sources."""

    number: int
    publisher: str
    title: str
    url: str
    """Address; linked only where it is http or https."""
    published_on: date | None
    licence: str
    document: str
    """Id of the document in the archive; empty for a source of the case file."""


def is_web_address(url: str) -> bool:
    """Return whether an address may be linked: http or https, and nothing that a browser would run."""
    return url.lower().startswith(("https://", "http://"))


def count_text(value: float) -> str:
    """Return a count as it is printed: ``3,230``; expected counts under 10 keep one decimal."""
    return f"{value:,.0f}" if value == round(value) or value >= 10 else f"{value:.1f}"


class Register:
    """Hands out numbers to cited values and to sources; the same one asked for twice keeps its number."""

    def __init__(self, documents: pl.DataFrame, *, as_of: date) -> None:
        self._documents = {row["document"]: row for row in documents.iter_rows(named=True)}
        self._as_of = as_of
        self._numbers: dict[tuple[Any, ...], Cited] = {}
        self._sources: dict[str, Source] = {}

    @property
    def numbers(self) -> tuple[Cited, ...]:
        """All cited numbers so far, by ``n``."""
        return tuple(self._numbers.values())

    @property
    def sources(self) -> tuple[Source, ...]:
        """All sources so far, by number."""
        return tuple(self._sources.values())

    def document(self, document: str) -> SourceRef:
        """Return the reference to a document of the archive."""
        row = self._documents.get(document)
        if row is None:
            return self.page(title=document, url="", document=document)
        return self.page(
            title=row["title"],
            url=row["url"],
            publisher=row["publisher"],
            published_on=row["published_on"],
            licence=row["licence"],
            document=document,
        )

    def page(
        self,
        *,
        title: str,
        url: str,
        publisher: str = "",
        published_on: date | None = None,
        licence: str = "",
        document: str = "",
    ) -> SourceRef:
        """Return the reference to a page; the same address, or else the same title, is the same source."""
        same = url or document or title
        known = self._sources.get(same)
        if known is None:
            known = Source(
                number=len(self._sources) + 1,
                publisher=publisher,
                title=title,
                url=url,
                published_on=published_on,
                licence=licence,
                document=document,
            )
            self._sources[same] = known
        return SourceRef(known.number)

    def cite(
        self,
        value: float,
        *,
        what: str,
        result_id: str,
        key: Mapping[str, str],
        documents: Sequence[str],
        locators: Sequence[str],
        known_on: date | None,
        column: str = "observed",
        options: Mapping[str, Any] | None = None,
    ) -> Cited:
        """Return the number with its place in the list of numbers.

        Parameters
        ----------
        value
            The number; printed as a count.
        what
            What it is, in words.
        key
            What names it: dataset, corridor, nationality, measure, period_start, frequency.
        """
        identity = (result_id, column, *sorted(key.items()))
        if identity not in self._numbers:
            self._numbers[identity] = Cited(
                n=len(self._numbers) + 1,
                value=value,
                text=count_text(value),
                what=what,
                column=column,
                result_id=result_id,
                key=dict(key),
                documents=tuple(documents),
                locators=tuple(locators),
                as_of=self._as_of,
                known_on=known_on,
                sources=tuple(self.document(d).number for d in documents),
                options=dict(options or {}),
            )
        return self._numbers[identity]


def trace_block(numbers: Sequence[Cited]) -> dict[str, dict[str, Any]]:
    """Return what ``trace BRIEF N`` reads, by the number in the text."""
    return {
        str(cited.n): {
            "value": cited.value,
            "text": cited.text,
            "what": cited.what,
            "column": cited.column,
            "result_id": cited.result_id,
            "key": dict(cited.key),
            "documents": list(cited.documents),
            "locators": list(cited.locators),
            "known_on": cited.known_on.isoformat() if cited.known_on else None,
            "as_of": cited.as_of.isoformat(),
            "options": dict(cited.options),
        }
        for cited in numbers
    }
