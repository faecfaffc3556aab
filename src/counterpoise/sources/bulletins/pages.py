"""Bulletins of a web page and of a feed (RSS or Atom): their text, and the day and language they say.

Only what the file holds is read; nothing is fetched, and no entity of a feed is expanded. Of a page the article is
taken where one is marked, without menus, forms and scripts.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from email.utils import parsedate_to_datetime

from lxml import etree

from counterpoise.errors import InputError

__all__ = ["Page", "is_feed", "is_page", "parse_feed", "parse_html", "parse_page"]

_HIDDEN = "script style noscript template title nav header footer aside form button select svg"
_LEFT_OUT = frozenset(_HIDDEN.split())
_LINES = "p br div li ul ol h1 h2 h3 h4 h5 h6 tr td th table section article main blockquote figure figcaption dt dd hr"
_BLOCKS = frozenset(_LINES.split())
_MARKED = ("article", "main")
_DAY_NAMES = frozenset(
    ["article:published_time", "datepublished", "date", "dc.date", "dcterms.issued", "pubdate"]
)
_ISO = re.compile(r"\d{4}-\d\d-\d\d")
_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """The text of a page or of an item of a feed, with what it says of itself."""

    id: str
    text: str
    lang: str | None = None
    published: date | None = None
    title: str = ""
    link: str = ""


def is_page(content: str) -> bool:
    """Return whether a text is HTML."""
    start = content[:2000].lstrip("\ufeff \t\r\n").lower()
    return start.startswith(("<!doctype html", "<html")) or "<body" in start


def is_feed(content: str) -> bool:
    """Return whether a text is RSS or Atom."""
    return re.search(r"<(rss|feed|rdf:rdf)[\s>]", content[:2000], re.IGNORECASE) is not None


def parse_page(content: str, *, name: str) -> Page:
    """Return the text of an HTML page: of its article if one is marked, else of its main part, else of all of it."""
    root = parse_html(content)
    if root is None:
        return Page(id=name, text="")
    lang = (root.get("lang") or "").lower()[:2] or None
    return Page(id=name, text=_text_of(root), lang=lang, published=_published(root))


def parse_html(content: str) -> etree._Element | None:
    """Return the root of an HTML page, however broken; None if there is nothing in it."""
    # without 'huge' trees the library bounds depth and size, so that no page can take long
    parser = etree.HTMLParser(
        recover=True, no_network=True, huge_tree=False, remove_comments=True, encoding="utf-8"
    )
    try:
        return etree.fromstring(content.encode("utf-8", "replace"), parser=parser)
    except etree.ParserError:  # nothing in it
        return None


def _published(root: etree._Element) -> date | None:
    for meta in root.iter("meta"):
        name = meta.get("property") or meta.get("name") or meta.get("itemprop") or ""
        if name.lower() in _DAY_NAMES and (day := _day(meta.get("content") or "")) is not None:
            return day
    times = (time.get("datetime") or "" for article in root.iter("article") for time in article.iter("time"))
    return next((day for text in times if (day := _day(text)) is not None), None)


def _text_of(root: etree._Element) -> str:
    """Return the text of the first article with words, else of the main part, else of all, a line for each block."""
    marked = (element for name in _MARKED for element in root.iter(name))
    for element in (*marked, root):
        text = "".join(_pieces(element))
        if any(letter.isalpha() for letter in text):
            lines = (" ".join(line.split()) for line in text.split("\n"))
            return "\n".join(line for line in lines if line)
    return ""


def _pieces(top: etree._Element) -> Iterator[str]:
    hidden = 0
    for event, element in etree.iterwalk(top, events=("start", "end")):
        name = str(element.tag)
        header = name == "header" and any(parent.tag == "article" for parent in element.iterancestors())
        left_out = name in _LEFT_OUT and not header
        if name in _BLOCKS:
            yield "\n"
        if event == "start":
            hidden += left_out
            if not hidden and element.text:
                yield re.sub(r"[\t\r\n ]+", " ", element.text)
        else:
            hidden -= left_out
            if not hidden and element.tail and element is not top:
                yield re.sub(r"[\t\r\n ]+", " ", element.tail)


def parse_feed(content: str, *, where: str) -> list[Page]:
    """Return the items of an RSS or Atom feed, each with its title and text.

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
    code = lang.strip().lower()[:2] if lang else None
    return [_item(number, item, code) for number, item in enumerate(_items(root), start=1)]


def _items(root: etree._Element) -> Iterator[etree._Element]:
    return (element for element in root.iter() if _name(element) in {"item", "entry"})


def _item(number: int, item: etree._Element, lang: str | None) -> Page:
    found: dict[str, str] = {}
    for element in item:
        text = "".join(str(piece) for piece in element.itertext()).strip() or (element.get("href") or "")
        found.setdefault(_name(element), text)
    title = found.get("title", "")
    body = (
        found.get("encoded") or found.get("content") or found.get("description") or found.get("summary", "")
    )
    days = (found.get(name, "") for name in ("pubdate", "published", "date", "updated"))
    return Page(
        id=found.get("guid") or found.get("id") or found.get("link") or str(number),
        text="\n".join(text for part in (title, body) if (text := _words(part))),
        lang=lang,
        published=next((day for text in days if (day := _day(text)) is not None), None),
        title=_words(title),
        link=found.get("link", ""),
    )


def _words(part: str) -> str:
    root = parse_html(part) if part.strip() else None
    return _text_of(root) if root is not None else ""


def _name(element: etree._Element) -> str:
    return str(element.tag).rsplit("}", 1)[-1].lower()


def _day(text: str) -> date | None:
    """Return the day of an ISO or an e-mail date, by the clock of its own zone."""
    iso = _ISO.search(text)
    try:
        return date.fromisoformat(iso.group()) if iso else parsedate_to_datetime(text).date()
    except (ValueError, TypeError):
        return None
