"""Running text with numbers that know their source.

A text is a tuple of parts: plain strings, cited numbers, references to sources, and links to the numbered
lists. It is escaped when it is rendered, so a part may hold anything a user wrote.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

__all__ = ["Cited", "EntryRef", "Part", "SourceRef", "Text", "plain", "say", "spoken_date", "spoken_month"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cited:
    """A number of the brief: what it is, and everything needed to find it again."""

    n: int
    """Its number in the list of numbers, from 1 in the order of the text."""
    value: float
    text: str
    """As it is printed, e.g. ``3,230``."""
    what: str
    """What the number is, in words."""
    column: str
    """``observed``, or which column of a result: ``expected``, ``lower``, ``upper``…"""
    result_id: str
    key: Mapping[str, str]
    """``dataset``, ``corridor``, ``nationality``, ``measure``, ``period_start``, ``frequency`` and, for a sum
    over several periods, ``period_end``."""
    documents: tuple[str, ...]
    locators: tuple[str, ...]
    as_of: date
    known_on: date | None
    sources: tuple[int, ...]
    """Numbers of the sources it was read from."""
    options: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SourceRef:
    """A reference to an entry of the list of sources."""

    number: int


@dataclass(frozen=True, slots=True)
class EntryRef:
    """A reference to a numbered event or response."""

    row: str
    number: int


Part = str | Cited | SourceRef | EntryRef
Text = tuple[Part, ...]

_FIELD = re.compile(r"\{(\w+)\}")


def say(sentence: str, **values: "str | Cited | SourceRef | EntryRef | Text") -> Text:
    """Return the sentence with each ``{name}`` replaced by a part or a text.

    Raises
    ------
    KeyError
        If a name of the sentence has no value.
    """
    parts: list[Part] = []
    end = 0
    for found in _FIELD.finditer(sentence):
        parts.append(sentence[end : found.start()])
        value = values[found.group(1)]
        parts.extend(value if isinstance(value, tuple) else (value,))
        end = found.end()
    parts.append(sentence[end:])
    return tuple(part for part in parts if part != "")


def plain(text: Text, *, marks: bool = True) -> str:
    """Return the text without markup; ``marks`` keeps the numbers in brackets."""

    def one(part: Part) -> str:
        match part:
            case str():
                return part
            case Cited():
                return f"{part.text} [{part.n}]" if marks else part.text
            case SourceRef():
                return f"[S{part.number}]" if marks else ""
            case EntryRef():
                return f"{part.row[0]}{part.number}"

    return "".join(one(part) for part in text)


def spoken_date(day: date) -> str:
    """Return a day as it is said: ``3 June 2025``."""
    return f"{day.day} {day:%B %Y}"


def spoken_month(day: date) -> str:
    """Return a month as it is said: ``July 2021``."""
    return f"{day:%B %Y}"
