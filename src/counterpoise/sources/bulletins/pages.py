"""Bulletins of a web page and of a feed (RSS or Atom): their text, and the day and language they say.

Only what the file holds is read; nothing is fetched, and no entity of a feed is expanded. Of a page the article is
taken where one is marked, without menus, forms and scripts.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from lxml import etree

from counterpoise.sources.feeds import day_of, is_feed, parse_feed_items

__all__ = ["Page", "is_feed", "is_page", "parse_feed", "parse_html", "parse_page"]

_HIDDEN = "script style noscript template title nav header footer aside form button select svg"
_LEFT_OUT = frozenset(_HIDDEN.split())
_LINES = "p br div li ul ol h1 h2 h3 h4 h5 h6 tr td th table section article main blockquote figure figcaption dt dd hr"
_BLOCKS = frozenset(_LINES.split())
_MARKED = ("article", "main")
_DAY_NAMES = frozenset(
    ["article:published_time", "datepublished", "date", "dc.date", "dcterms.issued", "pubdate"]
)


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
        if name.lower() in _DAY_NAMES and (day := day_of(meta.get("content") or "")) is not None:
            return day
    times = (time.get("datetime") or "" for article in root.iter("article") for time in article.iter("time"))
    return next((day for text in times if (day := day_of(text)) is not None), None)


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
    feed = parse_feed_items(content, where=where)
    return [
        Page(
            id=item.id or str(number),
            text="\n".join(text for part in (item.title, item.body) if (text := _words(part))),
            lang=feed.lang,
            published=item.published,
            title=_words(item.title),
            link=item.link,
        )
        for number, item in enumerate(feed.items, start=1)
    ]


def _words(part: str) -> str:
    root = parse_html(part) if part.strip() else None
    return _text_of(root) if root is not None else ""
