"""Candidate acts in a feed that was already fetched: EUR-Lex, Dziennik Ustaw, HUDOC, Curia.

What a publisher is known by, and whether anybody saw its feed, stands in ``publishers.yml``. Only what the file says
is taken over; a field it does not give stays empty for a person to fill.
"""

import hashlib
import html
import json
import re
from collections import Counter
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from ruamel.yaml import YAML

from counterpoise.errors import InputError
from counterpoise.sources.bounded import read_at_most
from counterpoise.sources.feeds import FeedItem, day_of, is_feed, parse_feed_items

__all__ = ["Candidate", "Publisher", "Reading", "load_publishers", "read_candidates"]

_LARGEST_FILE = 50 * 2**20
_LONGEST_TITLE = 1000
_CELEX = re.compile(r"CELEX(?::|%3A)([0-9A-Z()]+)", re.IGNORECASE)
_CELEX_TITLE = re.compile(r"^CELEX:[0-9A-Z()]+(?::\s*|$)")
_ITEM_ID = re.compile(r"\b\d{3}-\d{4,7}\b")
_ELI = re.compile(r"^(DU|MP)/\d{4}/\d{1,5}$")
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
_ACTED = re.compile(rf"\bof (\d{{1,2}}) ({'|'.join(_MONTHS)}) (\d{{4}})\b")


@dataclass(frozen=True, slots=True, kw_only=True)
class Publisher:
    """A publisher of acts; the fields are explained in ``publishers.yml``."""

    id: str
    title: str
    publisher: str
    documentation: str
    shape: str
    hosts: tuple[str, ...]
    every_item: bool
    kind: str
    actor: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """An act as its publisher lists it. ``acted_on`` and ``published_on`` are None where the feed does not say."""

    publisher: Publisher
    id: str
    address: str
    title: str
    acted_on: date | None
    published_on: date | None
    matched: str = ""
    """Words of the list that the title has; empty where every item is a candidate."""

    @property
    def key(self) -> str:
        """Name of the act, whatever its title."""
        return hashlib.sha256(f"{self.publisher.id}|{self.id}".encode()).hexdigest()[:12]

    @property
    def digest(self) -> str:
        """Short hash of what the publisher says of it: it changes when that does."""
        said = f"{self.title}|{self.acted_on}|{self.published_on}"
        return hashlib.sha256(said.encode("utf-8", "replace")).hexdigest()[:12]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What a file held: ``n_read`` items are the candidates and those left out, by reason."""

    candidates: tuple[Candidate, ...]
    n_read: int
    left_out: dict[str, int]


@cache
def load_publishers() -> tuple[Publisher, ...]:
    """Return the publishers, in the order of the file."""
    cards: dict[str, dict[str, Any]] = _document()["publishers"]
    return tuple(
        Publisher(id=name, **{**card, "hosts": tuple(card["hosts"])}) for name, card in cards.items()
    )


@cache
def _document() -> dict[str, Any]:
    text = files("counterpoise.sources.acts").joinpath("publishers.yml").read_text(encoding="utf-8")
    document: dict[str, Any] = YAML(typ="safe", pure=True).load(text)
    return document


@cache
def _words() -> re.Pattern[str]:
    words = sorted({word for some in _document()["words"].values() for word in some}, key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, words))})\w*")


def read_candidates(path: Path) -> Reading:
    """Return the candidates of a file: RSS or Atom of EUR-Lex, HUDOC or Curia, or JSON of the Sejm's ELI interface.

    Raises
    ------
    InputError
        If the file cannot be read, is too large, is neither, or is XML with entities of its own.
    """
    content = _content(path)
    if is_feed(content):
        items = [_of_feed(item) for item in parse_feed_items(content, where=str(path)).items]
    elif content.lstrip()[:1] in {"{", "["}:
        items = [_of_eli(entry) for entry in _eli_entries(content, path)]
    else:
        raise InputError(
            expected="an RSS or Atom feed, or JSON of the Sejm's ELI interface",
            found=repr(content.lstrip()[:40]),
            where=str(path),
            hint="docs/events.md lists the feeds that are read",
        )
    left_out: Counter[str] = Counter()
    candidates: dict[str, Candidate] = {}
    for item in items:
        reason = item if isinstance(item, str) else _reason(item, candidates)
        if reason:
            left_out[reason] += 1
        elif isinstance(item, Candidate):
            candidates[item.key] = item
    return Reading(
        candidates=tuple(candidates.values()), n_read=len(items), left_out=dict(sorted(left_out.items()))
    )


def _reason(item: Candidate, candidates: dict[str, Candidate]) -> str:
    if item.key in candidates:
        return "listed twice"
    return "" if item.publisher.every_item or item.matched else "without a word of the list"


def _content(path: Path) -> str:
    try:
        return read_at_most(path, _LARGEST_FILE, hint="fetch one year, or one page, at a time").decode(
            "utf-8-sig"
        )
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(
            expected="a fetched feed in UTF-8",
            found=getattr(error, "strerror", None) or "bytes that are not UTF-8",
            where=str(path),
            hint="check the path, or save it as UTF-8",
        ) from error


def _of_feed(item: FeedItem) -> Candidate | str:
    link = html.unescape(item.link).strip()
    try:
        host = (urlsplit(link).hostname or "").removeprefix("www.")
    except ValueError:
        host = ""
    publisher = next((p for p in load_publishers() if host in p.hosts), None)
    if publisher is None:
        return f"address of {host}, which is none of the publishers known" if host else "without an address"
    title = _line(item.title)
    acted_on, published_on = None, item.published
    if publisher.id == "eur-lex":
        celex = _CELEX.search(link)
        if celex is None:
            return "without a CELEX number"
        name = celex[1].upper()
        address = f"https://eur-lex.europa.eu/legal-content/EN/TXT/?uri=CELEX:{name}"
        title = _CELEX_TITLE.sub("", title) or f"CELEX {name}"
        acted_on = _acted_on(title)
    elif publisher.id == "hudoc":
        found = _ITEM_ID.search(link)
        if found is None:
            return "without an item number"
        name = found[0]
        address = f"https://hudoc.echr.coe.int/?i={name}"
        title = ", ".join(part for part in (title, _line(item.body)) if part)
        acted_on = published_on  # the feed gives the day of the judgment
    else:
        name = address = re.sub(r"\s", "%20", link)
    if not title:
        return "without a title"
    return _candidate(publisher, name, address, title, acted_on, published_on)


def _candidate(
    publisher: Publisher,
    name: str,
    address: str,
    title: str,
    acted_on: date | None,
    published_on: date | None,
) -> Candidate:
    matched = [] if publisher.every_item else dict.fromkeys(_words().findall(title.casefold()))
    return Candidate(
        publisher=publisher,
        id=name,
        address=address,
        title=title,
        acted_on=acted_on,
        published_on=published_on,
        matched=", ".join(matched),
    )


def _line(text: str) -> str:
    """Return a text on one line, without tags and what cannot be printed."""
    plain = html.unescape(re.sub(r"<[^<>]{0,500}>", " ", text))
    words = "".join(letter if letter.isprintable() else " " for letter in plain).split()
    return " ".join(words)[:_LONGEST_TITLE].strip()


def _acted_on(title: str) -> date | None:
    """Return the first day a title gives as 'of 17 June 2026'."""
    found = _ACTED.search(title)
    try:
        return date(int(found[3]), _MONTHS.index(found[2]) + 1, int(found[1])) if found else None
    except ValueError:
        return None


def _eli_entries(content: str, path: Path) -> list[Any]:
    try:
        document = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise InputError(
            expected="JSON of the Sejm's ELI interface",
            found="JSON nested too deeply" if isinstance(error, RecursionError) else str(error),
            where=str(path),
            hint="fetch it again, whole",
        ) from error
    entries = document.get("items", [document]) if isinstance(document, dict) else document
    if not isinstance(entries, list):
        raise InputError(
            expected="a list of acts under 'items'",
            found=type(entries).__name__,
            where=str(path),
            hint="fetch for example https://api.sejm.gov.pl/eli/acts/DU/2024",
        )
    return entries


def _of_eli(entry: object) -> Candidate | str:
    if not isinstance(entry, dict):
        return "no act"
    name, title = str(entry.get("ELI") or ""), _line(str(entry.get("title") or ""))
    if not _ELI.match(name) or not title:
        return "without an ELI identifier or a title"
    publisher = next(p for p in load_publishers() if p.id == "dziennik-ustaw")
    # of the interface's two days the 'announcement' is that of the act, the 'promulgation' that of its publication
    return _candidate(
        publisher,
        name,
        f"https://api.sejm.gov.pl/eli/acts/{name}",
        title,
        day_of(str(entry.get("announcementDate") or "")),
        day_of(str(entry.get("promulgation") or "")),
    )
