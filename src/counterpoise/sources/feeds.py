"""Items of an RSS or Atom feed: what the file says of each. Nothing is fetched, no entity of a feed is expanded."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from email.utils import parsedate_to_datetime

from lxml import etree

from counterpoise.errors import InputError

__all__ = ["Feed", "FeedItem", "day_of", "is_feed", "parse_feed_items"]

_ISO = re.compile(r"\d{4}-\d\d-\d\d")
_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedItem:
    """An item; texts as they stand there, which may be HTML. Empty where the feed says nothing."""

    id: str
    link: str
    title: str
    body: str
    published: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """A feed: its language (two letters) if it says one, and its items in order."""

    lang: str | None
    items: tuple[FeedItem, ...]


def is_feed(content: str) -> bool:
    """Return whether a text is RSS or Atom."""
    return re.search(r"<(rss|feed|rdf:rdf)[\s>]", content[:2000], re.IGNORECASE) is not None


def parse_feed_items(content: str, *, where: str) -> Feed:
    """Return the items of an RSS or Atom feed.

    Raises
    ------
    InputError
        If the feed is not well-formed, or declares entities of its own.
    """
    if re.search(r"<!(doctype|entity)", content, re.IGNORECASE):
        raise InputError(
            expected="a feed without entities of its own",
            found="a document type declaration",
            where=where,
            hint="leave it out: a feed needs none, and it can make a reader fetch or grow without end",
        )
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False, remove_comments=True)
    text = re.sub(r"^\s*<\?xml[^>]*\?>", "", content.lstrip("\ufeff"))
    try:
        root = etree.fromstring(text.encode("utf-8", "replace"), parser=parser)
    except etree.XMLSyntaxError as error:
        raise InputError(
            expected="a well-formed RSS or Atom feed",
            found=str(error),
            where=where,
            hint="fetch it again, whole",
        ) from error
    lang = next((e.text for e in root.iter() if _name(e) == "language" and e.text), None) or root.get(
        _XML_LANG
    )
    return Feed(
        lang=lang.strip().lower()[:2] if lang else None, items=tuple(_item(item) for item in _items(root))
    )


def _items(root: etree._Element) -> Iterator[etree._Element]:
    return (element for element in root.iter() if _name(element) in {"item", "entry"})


def _item(item: etree._Element) -> FeedItem:
    found: dict[str, str] = {}
    for element in item:
        text = "".join(str(piece) for piece in element.itertext()).strip() or (element.get("href") or "")
        found.setdefault(_name(element), text)
    days = (found.get(name, "") for name in ("pubdate", "published", "date", "updated"))
    bodies = (found.get(name, "") for name in ("encoded", "content", "description", "summary"))
    return FeedItem(
        id=found.get("guid") or found.get("id") or found.get("link") or "",
        link=found.get("link", ""),
        title=found.get("title", ""),
        body=next((body for body in bodies if body), ""),
        published=next((day for text in days if (day := day_of(text)) is not None), None),
    )


def _name(element: etree._Element) -> str:
    return str(element.tag).rsplit("}", 1)[-1].lower()


def day_of(text: str) -> date | None:
    """Return the day of an ISO or an e-mail date, by the clock of its own zone."""
    iso = _ISO.search(text)
    try:
        return date.fromisoformat(iso.group()) if iso else parsedate_to_datetime(text).date()
    except (ValueError, TypeError):
        return None
