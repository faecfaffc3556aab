"""Bulletins in a file - JSON lines, a feed, a page, plain text - and the figures read from them."""

import hashlib
import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from counterpoise.errors import InputError
from counterpoise.sources.bounded import read_at_most
from counterpoise.sources.bulletins.pages import Page, is_feed, is_page, parse_feed, parse_page
from counterpoise.sources.bulletins.read import Reading, read_bulletin

__all__ = ["Bulletin", "Figure", "answer_of", "figures_of", "read_bulletins"]

_SHOWN_FAULTS = 5
_LARGEST_FILE = 200 * 2**20
_LARGEST_TEXT = 200_000
"""Characters; a longer text is no bulletin, and only so much of it is read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bulletin:
    """A text with its id, language (None: to be found) and day of publication (None: not known)."""

    id: str
    text: str
    lang: str | None
    published: date | None
    publisher: str = ""

    @property
    def digest(self) -> str:
        """Short hash of the text: it changes when the text does."""
        return hashlib.sha256(self.text.encode("utf-8", "surrogatepass")).hexdigest()[:12]


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A figure with the bulletin it was read from."""

    bulletin: Bulletin
    reading: Reading

    @property
    def sentence(self) -> str:
        """The sentence that says it."""
        return " ".join(self.bulletin.text[self.reading.start : self.reading.end].split())


def read_bulletins(path: Path, *, lang: str | None = None, published: date | None = None) -> list[Bulletin]:
    """Return the bulletins of a file: JSON objects a line, an RSS or Atom feed, an HTML page, or plain text.

    A line of JSON has ``id``, ``text``, and if known ``lang``, ``published`` and ``publisher``.

    Parameters
    ----------
    lang, published
        What is said of a page or text that does not say it itself.

    Raises
    ------
    InputError
        If the file cannot be read as UTF-8, is too large, or its lines are no such objects; all faults together.
    """
    content = _content(path)
    if is_feed(content):
        pages = parse_feed(content, where=str(path))
    elif is_page(content):
        pages = [parse_page(content, name=path.name)]
    elif path.suffix.lower() in {".jsonl", ".ndjson", ".json"} or content.lstrip().startswith("{"):
        return _from_lines(content, path)
    else:
        pages = [Page(id=path.name, text=content)]
    return [
        Bulletin(
            id=page.id,
            text=page.text[:_LARGEST_TEXT],
            lang=page.lang or lang,
            published=page.published or published,
        )
        for page in pages
    ]


def _content(path: Path) -> str:
    try:
        content = read_at_most(path, _LARGEST_FILE, hint="split it")
    except OSError as error:
        raise InputError(
            expected="a file with bulletins",
            found=error.strerror or str(error),
            where=str(path),
            hint="give a file that can be read: JSON lines, a feed, an HTML page or plain text",
        ) from error
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(
            expected="UTF-8 text",
            found="bytes that are not UTF-8",
            where=str(path),
            hint="save it as UTF-8",
        ) from error


def _from_lines(content: str, path: Path) -> list[Bulletin]:
    bulletins, faults = [], []
    for number, line in enumerate(content.splitlines(), start=1):
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
    return Bulletin(
        id=str(entry["id"]),
        text=entry["text"][:_LARGEST_TEXT],
        lang=str(lang).lower()[:2] if lang else None,
        published=day,
        publisher=str(entry.get("publisher") or ""),
    )


def figures_of(bulletin: Bulletin) -> list[Figure]:
    """Return the figures of a bulletin, in order."""
    found = read_bulletin(bulletin.text, lang=bulletin.lang, published=bulletin.published)
    return [Figure(bulletin=bulletin, reading=reading) for reading in found]


def answer_of(bulletin: Bulletin, figures: list[Figure]) -> dict[str, Any]:
    """Return ``{"id", "observations"}`` of a bulletin, as JSON holds it."""
    return {"id": bulletin.id, "observations": [_observation(figure.reading) for figure in figures]}


def _observation(reading: Reading) -> dict[str, Any]:
    return {
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
        "sector": reading.sector or None,
        "doubts": list(reading.doubts),
        "since": reading.since.isoformat() if reading.since else None,
    }
