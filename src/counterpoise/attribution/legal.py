"""The legal test beside the evidence: for, against, not shown, or cannot be shown by statistics, part by part.

This is a table to check a claim with, not legal advice and not a finding. Nothing is added up over parts.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np
from ruamel.yaml import YAML

from counterpoise.attribution.evidence import Item
from counterpoise.vocabulary import ANSWERS

__all__ = ["STALE_AFTER_DAYS", "LegalPart", "LegalTable", "legal_annex", "stale_warning"]

STALE_AFTER_DAYS = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class LegalPart:
    """One part of a test, with the evidence for and against it.

    Parameters
    ----------
    statistics
        Whether counts alone could ever show it.
    in_favour, against
        Statements of items whose whole interval favours, or speaks against, the part.
    status
        ``for``, ``against``, ``for_and_against``, ``not_shown`` or ``cannot_be_shown_by_statistics`` (no coded fact
        speaks to it, and counts never could).
    abstained
        Why the question behind the part has no single answer; None if it has one, or there is no question.
    """

    id: str
    text: str
    statistics: str
    note: str
    in_favour: tuple[str, ...]
    against: tuple[str, ...]
    status: str
    abstained: str | None

    def to_dict(self) -> dict[str, Any]:
        """Return the part as it stands in the JSON answer."""
        return {
            "id": self.id,
            "text": self.text,
            "status": self.status,
            "for": list(self.in_favour),
            "against": list(self.against),
            "abstained": self.abstained,
            "statistics": self.statistics,
            "note": self.note,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class LegalTable:
    """One legal test, with its gates and the day its status was checked."""

    id: str
    title: str
    legal_status: str
    checked_on: date
    source: str
    url: str
    parts: tuple[LegalPart, ...]
    gates: tuple[str, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return the table as it stands in the JSON answer."""
        return {
            "id": self.id,
            "title": self.title,
            "legal_status": self.legal_status,
            "checked_on": self.checked_on.isoformat(),
            "source": self.source,
            "url": self.url,
            "parts": [part.to_dict() for part in self.parts],
            "gates": list(self.gates),
        }


@cache
def _document() -> Mapping[str, Any]:
    text = files("counterpoise.data").joinpath("attribution", "legal.yml").read_text(encoding="utf-8")
    document: Mapping[str, Any] = YAML(typ="safe", pure=True).load(text)
    return document


def legal_annex(items: Iterable[Item], abstained: Mapping[str, str | None]) -> tuple[LegalTable, ...]:
    """Return the tables, with each item of evidence, and each abstention, beside the parts it speaks to."""
    document, ledger = _document(), tuple(items)
    return tuple(
        LegalTable(
            id=entry["id"],
            title=entry["title"],
            legal_status=_text(entry["status"]),
            checked_on=document["checked_on"],
            source=entry["source"],
            url=entry["url"],
            parts=tuple(_part(part, ledger, abstained) for part in entry["parts"]),
            gates=tuple(_text(gate) for gate in entry["gates"]),
        )
        for entry in document["tables"]
    )


def _part(
    entry: Mapping[str, Any], ledger: tuple[Item, ...], abstained: Mapping[str, str | None]
) -> LegalPart:
    answers = tuple(entry["answers"])
    mine = [item for item in ledger if item.question == entry["question"]]
    in_favour = tuple(item.statement for item in mine if _favours(item, answers))
    against = tuple(item.statement for item in mine if _opposes(item, answers))
    return LegalPart(
        id=entry["id"],
        text=_text(entry["text"]),
        statistics=entry["statistics"],
        note=_text(entry["note"]),
        in_favour=in_favour,
        against=against,
        status=_status(entry["statistics"], in_favour, against),
        abstained=abstained.get(entry["question"]),
    )


def _status(statistics: str, in_favour: tuple[str, ...], against: tuple[str, ...]) -> str:
    if in_favour and against:
        return "for_and_against"
    if in_favour:
        return "for"
    if against:
        return "against"
    return "cannot_be_shown_by_statistics" if statistics == "cannot_show" else "not_shown"


def _split(item: Item, answers: tuple[str, ...]) -> tuple[list[int], list[int]]:
    names = ANSWERS[item.question]
    mine = [i for i, name in enumerate(names) if name in answers]
    return mine, [i for i in range(len(names)) if i not in mine]


def _favours(item: Item, answers: tuple[str, ...]) -> bool:
    """Return whether one of the answers is favoured over every other answer, over the whole interval."""
    mine, others = _split(item, answers)
    return bool((item.lower[np.ix_(mine, others)] > 0).all(axis=1).any())


def _opposes(item: Item, answers: tuple[str, ...]) -> bool:
    """Return whether each of the answers is less probable than some other answer, over the whole interval."""
    mine, others = _split(item, answers)
    return bool((item.upper[np.ix_(mine, others)] < 0).any(axis=1).all())


def stale_warning(tables: Iterable[LegalTable], today: date) -> str | None:
    """Return a warning if the status was checked more than 60 days before ``today``; else None."""
    oldest = min(table.checked_on for table in tables)
    age = (today - oldest).days
    if age <= STALE_AFTER_DAYS:
        return None
    return f"The legal status was checked on {oldest}, {age} days ago; check it again before using it."


def _text(words: str) -> str:
    return " ".join(words.split())
