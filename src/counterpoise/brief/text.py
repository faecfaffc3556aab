"""Running text with numbers that know their source.

A text is a tuple of parts: plain strings, cited numbers, references to sources, and links to the numbered
lists. It is escaped when it is rendered, so a part may hold anything a user wrote.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

__all__ = [
    "Cited",
    "EntryRef",
    "Part",
    "SourceRef",
    "Text",
    "plain",
    "say",
    "spoken_month",
    "without_hindsight",
]


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
_MONTHS = tuple(f"{date(2000, m, 1):%B}" for m in range(1, 13))
_MONTH_YEAR = re.compile(rf"(?:\b({'|'.join(_MONTHS)})\s+)?\b((?:19|20)\d\d)\b")


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


def without_hindsight(text: str, day: date) -> str:
    """Return the text without the sentences that name a month or year after ``day``.

    Rules of counting and reasons in a case file are written by us, later; in a replay what they tell of later
    times must not be read.
    """
    sentences = re.split(r"(?<=[.;]) (?=[A-Z])", text)
    return " ".join(
        s for s in sentences if not any(_is_later(found, day) for found in _MONTH_YEAR.finditer(s))
    )


def _is_later(found: re.Match[str], day: date) -> bool:
    year = int(found.group(2))
    month = _MONTHS.index(found.group(1)) + 1 if found.group(1) else 1
    return date(year, month, 1) > day


def spoken_month(day: date) -> str:
    """Return a month as it is said: ``July 2021``."""
    return f"{day:%B %Y}"
