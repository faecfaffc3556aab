"""Bulletins in a file, a JSON object a line, and their figures as JSON objects."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from counterpoise.errors import InputError
from counterpoise.sources.bulletins.read import read_bulletin

__all__ = ["Bulletin", "figures_of", "read_bulletins"]

_SHOWN_FAULTS = 5
_LARGEST_TEXT = 200_000
"""Characters; a longer text is no bulletin, and only so much of it is read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bulletin:
    """A text with its id, language (None: to be found) and day of publication (None: not known)."""

    id: str
    text: str
    lang: str | None
    published: date | None


def read_bulletins(path: Path) -> list[Bulletin]:
    """Return the bulletins of a file: JSON objects with ``id``, ``text``, and if known ``lang``, ``published``.

    Raises
    ------
    InputError
        If the file cannot be read as UTF-8, or lines are not such objects; all faults together.
    """
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(
            expected="a file of UTF-8 text with a JSON object a line",
            found=getattr(error, "strerror", None) or "bytes that are not UTF-8",
            where=str(path),
            hint="write one object a line: id, text, and if known lang and published",
        ) from error
    bulletins, faults = [], []
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            bulletins.append(_bulletin(line))
        except ValueError as error:
            faults.append(f"line {number}: {error}")
    if faults:
        more = f"; and {len(faults) - _SHOWN_FAULTS} more" if len(faults) > _SHOWN_FAULTS else ""
        raise InputError(
            expected="JSON objects with id and text, and if known lang and published (YYYY-MM-DD)",
            found="; ".join(faults[:_SHOWN_FAULTS]) + more,
            where=str(path),
            hint="correct these lines; nothing was written",
        )
    return bulletins


def _bulletin(line: str) -> Bulletin:
    try:
        entry = json.loads(line)
    except RecursionError as error:
        raise ValueError("nested too deeply") from error
    if not isinstance(entry, dict) or not isinstance(entry.get("text"), str) or entry.get("id") is None:
        raise ValueError("no object with id and text")
    published = entry.get("published")
    try:
        day = date.fromisoformat(str(published)[:10]) if published else None
    except ValueError as error:
        raise ValueError(f"published is {published!r}, not a day") from error
    lang = entry.get("lang")
    code = str(lang).lower()[:2] if lang else None
    return Bulletin(id=str(entry["id"]), text=entry["text"][:_LARGEST_TEXT], lang=code, published=day)


def figures_of(bulletins: list[Bulletin]) -> Iterator[dict[str, Any]]:
    """Return ``{"id", "observations"}`` for each bulletin, in order."""
    for bulletin in bulletins:
        found = read_bulletin(bulletin.text, lang=bulletin.lang, published=bulletin.published)
        yield {
            "id": bulletin.id,
            "observations": [
                {
                    "date": reading.date.isoformat() if reading.date else None,
                    "corridor": reading.corridor,
                    "measure": reading.measure,
                    "period": reading.period,
                    "value": reading.value,
                    "confidence": reading.confidence,
                    "relay": reading.relay,
                    "start": reading.start,
                    "end": reading.end,
                    "flag": reading.flag,
                }
                for reading in found
            ],
        }
