"""The legal test beside the evidence: for, against, not shown, or cannot be shown by statistics, part by part.

This is a table to check a claim with, not legal advice and not a finding. Nothing is added up over parts.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import numpy as np
from ruamel.yaml import YAML

from counterpoise.attribution.evidence import Item, Told
from counterpoise.attribution.hypotheses import load_facts
from counterpoise.vocabulary import ANSWERS

if TYPE_CHECKING:
    from counterpoise.cases import Case

__all__ = [
    "CODED",
    "STALE_AFTER_DAYS",
    "LegalEvidence",
    "LegalPart",
    "LegalTable",
    "legal_annex",
    "pages_of",
    "stale_warning",
]

STALE_AFTER_DAYS = 60
CODED = "coded_facts"
"""In ``bears``: coded facts and an analyst's entries; every other word there is an indicator read from counts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LegalEvidence:
    """One fact or figure that bears on a part, as it can be cited by itself.

    Parameters
    ----------
    sources
        Id, title and address of each source; title and address are empty where none is on file.
    claimed_by
        The party that says so where nobody else does.
    """

    text: str
    known_on: date | None
    sources: tuple[tuple[str, str, str], ...]
    claimed_by: str | None

    def to_dict(self) -> dict[str, Any]:
        """Return it as it stands in the JSON answer."""
        return {
            "statement": self.text,
            "known_on": self.known_on.isoformat() if self.known_on else None,
            "claimed_by": self.claimed_by,
            "sources": [{"id": i, "title": title, "url": url} for i, title, url in self.sources],
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class LegalPart:
    """One part of a test, with the evidence for and against it.

    Parameters
    ----------
    statistics
        Whether counts alone could ever show it.
    in_favour, against
        Evidence that may bear on the part, and whose whole interval favours it, or speaks against it.
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
    in_favour: tuple[LegalEvidence, ...]
    against: tuple[LegalEvidence, ...]
    status: str
    abstained: str | None

    def to_dict(self) -> dict[str, Any]:
        """Return the part as it stands in the JSON answer."""
        return {
            "id": self.id,
            "text": self.text,
            "status": self.status,
            "for": [e.to_dict() for e in self.in_favour],
            "against": [e.to_dict() for e in self.against],
            "abstained": self.abstained,
            "statistics": self.statistics,
            "note": self.note,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class LegalTable:
    """One legal test, with its gates and the day its status was checked.

    Parameters
    ----------
    legal_status
        What was law on the day of replay.
    not_yet
        What became so only later.
    limits
        What does not fall under it, and how far that was read.
    """

    id: str
    title: str
    legal_status: str
    not_yet: str
    limits: tuple[str, ...]
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
            "not_yet": self.not_yet,
            "limits": list(self.limits),
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


def legal_annex(
    items: Iterable[Item],
    abstained: Mapping[str, str | None],
    *,
    day: date,
    pages: Mapping[str, tuple[str, str]],
) -> tuple[LegalTable, ...]:
    """Return the tables, with each item of evidence, and each abstention, beside the parts it may bear on.

    Parameters
    ----------
    day
        Day of replay: what became law later is told apart.
    pages
        Id of a source -> its title and address.
    """
    document, ledger = _document(), tuple(items)
    return tuple(
        LegalTable(
            id=entry["id"],
            title=entry["title"],
            legal_status=_law_on(day, entry["status"]),
            not_yet=" ".join(_text(row["text"]) for row in entry["status"] if row["from"] > day),
            limits=tuple(_text(limit) for limit in entry.get("limits", ())),
            checked_on=document["checked_on"],
            source=entry["source"],
            url=entry["url"],
            parts=tuple(_part(part, ledger, abstained, pages) for part in entry["parts"]),
            gates=tuple(_text(gate) for gate in entry["gates"]),
        )
        for entry in document["tables"]
    )


def pages_of(case: "Case | None") -> dict[str, tuple[str, str]]:
    """Return title and address of each source of a case."""
    return {source.id: (source.title, source.url) for source in case.sources} if case else {}


def _law_on(day: date, rows: list[Mapping[str, Any]]) -> str:
    """Return what held on ``day``; before the first row, that it was not law."""
    held = [_text(row["text"]) for row in rows if row["from"] <= day]
    return " ".join(held) if held else f"It was not law on {day}."


def _part(
    entry: Mapping[str, Any],
    ledger: tuple[Item, ...],
    abstained: Mapping[str, str | None],
    pages: Mapping[str, tuple[str, str]],
) -> LegalPart:
    answers, bears = tuple(entry["answers"]), tuple(entry["bears"])
    mine = [item for item in ledger if item.question == entry["question"] and _bears(item, bears)]
    in_favour = tuple(e for item in mine if _favours(item, answers) for e in _evidence(item, pages))
    against = tuple(e for item in mine if _opposes(item, answers) for e in _evidence(item, pages))
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


def _bears(item: Item, bears: tuple[str, ...]) -> bool:
    return (CODED if item.nature in {"fact", "analyst"} else item.indicator) in bears


def _evidence(item: Item, pages: Mapping[str, tuple[str, str]]) -> Iterable[LegalEvidence]:
    """Return a coded fact report by report, anything else as one."""
    told = tuple(replace(t, text=f"{load_facts()[item.indicator].title}. {t.text}") for t in item.told)
    for one in told or (Told(text=item.statement, known_on=item.known_on, sources=item.sources),):
        yield LegalEvidence(
            text=one.text,
            known_on=one.known_on,
            sources=tuple((i, *pages.get(i, ("", ""))) for i in one.sources),
            claimed_by=one.claimed_by,
        )


def _status(statistics: str, in_favour: tuple[LegalEvidence, ...], against: tuple[LegalEvidence, ...]) -> str:
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
