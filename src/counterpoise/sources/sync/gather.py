"""What a source's card leads to: one document, or the bulletins of a feed or listing. Network only; nothing is stored.

A bulletin is asked for once: its page is fetched again only if the feed says something else of it.
"""

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from counterpoise.errors import CounterpoiseError, SourceError
from counterpoise.sources.bulletins.documents import Bulletin
from counterpoise.sources.bulletins.pages import Page, is_feed, parse_feed, parse_page
from counterpoise.sources.cards import Card, Fetch
from counterpoise.sources.feeds import day_of
from counterpoise.sources.sync.address import is_same_site, resolve
from counterpoise.sources.sync.decode import decode_text
from counterpoise.sources.sync.downloads import Kept
from counterpoise.sources.sync.get import Wanted
from counterpoise.sources.sync.links import day_in, links_of
from counterpoise.sources.sync.site import Site

__all__ = ["Document", "Gathered", "Item", "gather"]

_LONGEST_TEXT = 200_000
"""Characters; a longer text is no bulletin."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A document for ``ingest``, with its own address, and the day of publication if it does not say one itself."""

    url: str
    content: bytes
    published_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A bulletin with its title and address."""

    bulletin: Bulletin
    title: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathered:
    """What one source gave.

    Parameters
    ----------
    kept
        What is known of the address on the card.
    documents, items
        What came of it.
    left_out
        How many items were left out, by reason.
    faults
        Why pages of items could not be had.
    """

    kept: Kept
    documents: tuple[Document, ...] = ()
    items: tuple[Item, ...] = ()
    left_out: dict[str, int] = field(default_factory=dict)
    faults: tuple[str, ...] = ()


async def gather(card: Card, fetch: Fetch, site: Site, say: Callable[[str], None]) -> Gathered:
    """Return what a source has now.

    Parameters
    ----------
    say
        Called with a line of progress.

    Raises
    ------
    SourceError
        If it cannot be reached, or is not what the card says.
    InputError
        If a feed cannot be read.
    """
    match fetch.kind:
        case "file":
            kept, content = await _get(fetch.url, card, fetch, site, is_document=True)
            return Gathered(kept=kept, documents=(_document(fetch.url, kept, content),))
        case "page":
            return await _of_page(card, fetch, site, say)
        case "feed":
            return await _of_feed(card, fetch, site, say)
        case "listing":
            return await _of_listing(card, fetch, site, say)


def _document(url: str, kept: Kept, content: bytes) -> Document:
    """Return a document. It was published when the server says it was last modified, at the latest when it came."""
    came = datetime.fromisoformat(kept.changed_at).date()
    said = day_of(kept.last_modified)
    return Document(url=url, content=content, published_on=min(said, came) if said else came)


async def _get(
    url: str, card: Card, fetch: Fetch, site: Site, *, is_document: bool = False, said: str = ""
) -> tuple[Kept, bytes]:
    wanted = Wanted(
        url=url,
        where=f"{card.dataset}, {url}",
        limit_bytes=int(fetch.limit_mb * 1e6),
        no_page=is_document,
        said=said,
    )
    return await site.get(wanted, delay_seconds=fetch.delay_seconds)


async def _of_page(card: Card, fetch: Fetch, site: Site, say: Callable[[str], None]) -> Gathered:
    kept, content = await _get(fetch.url, card, fetch, site)
    page = decode_text(content, content_type=kept.content_type, where=f"{card.dataset}, {fetch.url}")
    found = [
        url for url in links_of(page, base=fetch.url, pattern=fetch.link) if is_same_site(fetch.url, url)
    ]
    if not found:
        raise _other_shape(card, fetch, "no such link")
    newest = max(found)  # their names begin with year and month
    say(f"{card.dataset}: {newest} …")
    document, content = await _get(newest, card, fetch, site, is_document=True)
    if fetch.content == "workbook" and not content.startswith(b"PK"):
        raise SourceError(
            expected="an Excel workbook",
            found="another kind of file",
            where=f"{card.dataset}, {newest}",
            hint="look at it in a browser; what was there before is kept",
        )
    changed = max(kept.changed_at, document.changed_at)
    return Gathered(
        kept=replace(document, changed_at=changed), documents=(_document(newest, document, content),)
    )


async def _of_feed(card: Card, fetch: Fetch, site: Site, say: Callable[[str], None]) -> Gathered:
    where = f"{card.dataset}, {fetch.url}"
    kept, content = await _get(fetch.url, card, fetch, site)
    text = decode_text(content, content_type=kept.content_type, where=where)
    if not is_feed(text):
        raise _other_shape(card, fetch, "another kind of page")
    entries = parse_feed(text, where=where)
    if not entries:
        raise _other_shape(card, fetch, "no entries")
    left_out: dict[str, int] = {}
    chosen: list[tuple[str, Page]] = []
    for entry in entries:
        named = entry.link or (entry.id if entry.id.startswith("http") else "")
        url = resolve(fetch.url, named) if named else None
        if not _has_word(fetch, entry.title, entry.text, url or ""):
            _count(left_out, "about something else")
        elif url is None or not is_same_site(fetch.url, url):
            _count(left_out, "no address on the same site")
        elif len(chosen) == fetch.most_items:
            _count(left_out, "more than the card allows in one run")
        else:
            chosen.append((url, entry))
    if not fetch.whole:
        items = [_item(card, fetch, url, entry.title, entry) for url, entry in chosen]
        return Gathered(kept=kept, items=tuple(items), left_out=left_out)
    return await _pages(card, fetch, site, say, kept=kept, chosen=chosen, left_out=left_out)


async def _of_listing(card: Card, fetch: Fetch, site: Site, say: Callable[[str], None]) -> Gathered:
    kept, content = await _get(fetch.url, card, fetch, site)
    page = decode_text(content, content_type=kept.content_type, where=f"{card.dataset}, {fetch.url}")
    links = links_of(page, base=fetch.url, pattern=fetch.link)
    links = {url: words for url, words in links.items() if is_same_site(fetch.url, url)}
    if not links:
        raise _other_shape(card, fetch, "no such link")
    left_out: dict[str, int] = {}
    chosen: list[tuple[str, Page]] = []
    for url, words in links.items():
        if not _has_word(fetch, words, url):
            _count(left_out, "about something else")
        elif len(chosen) == fetch.most_items:
            _count(left_out, "more than the card allows in one run")
        else:
            chosen.append((url, Page(id=url, text="", title=words)))
    return await _pages(card, fetch, site, say, kept=kept, chosen=chosen, left_out=left_out)


async def _pages(
    card: Card,
    fetch: Fetch,
    site: Site,
    say: Callable[[str], None],
    *,
    kept: Kept,
    chosen: Iterable[tuple[str, Page]],
    left_out: dict[str, int],
) -> Gathered:
    """Fetch the page of each chosen entry that is new or is said to be another one."""
    items: list[Item] = []
    faults: list[str] = []
    chosen = list(chosen)
    for number, (url, entry) in enumerate(chosen, start=1):
        said = hashlib.sha256(f"{entry.title}\n{entry.text}\n{entry.published}".encode()).hexdigest()[:16]
        try:
            known = site.kept(url)
            if known is not None and known[0].said == said:
                page_kept, content = known
            else:
                say(f"{card.dataset}: bulletin {number} of {len(chosen)} …")
                page_kept, content = await _get(url, card, fetch, site, said=said)
            text = decode_text(content, content_type=page_kept.content_type, where=f"{card.dataset}, {url}")
        except CounterpoiseError as error:
            site.distrust(url)
            faults.append(str(error))
            _count(left_out, "its page could not be had")
            continue
        page = parse_page(text, name=url)
        published = entry.published or (day_in(text, fetch.day) if fetch.day else None) or page.published
        items.append(
            _item(card, fetch, url, entry.title, replace(page, published=published, lang=entry.lang))
        )
    if faults and not items:
        raise SourceError(
            expected="pages of bulletins that can be read",
            found=f"{len(faults)} that could not, the first: {faults[0]}",
            where=f"{card.dataset}, {fetch.url}",
            hint="run the command again later; what was there before is kept",
        )
    return Gathered(kept=kept, items=tuple(items), left_out=left_out, faults=tuple(faults))


def _item(card: Card, fetch: Fetch, url: str, title: str, page: Page) -> Item:
    bulletin = Bulletin(
        id=url,
        text=page.text[:_LONGEST_TEXT],
        lang=fetch.language or page.lang,
        published=page.published,
        publisher=card.publisher,
    )
    return Item(bulletin=bulletin, title=title or url, url=url)


def _has_word(fetch: Fetch, *texts: str) -> bool:
    said = " ".join(texts).casefold()
    return not fetch.words or any(word.casefold() in said for word in fetch.words)


def _count(left_out: dict[str, int], reason: str) -> None:
    left_out[reason] = left_out.get(reason, 0) + 1


def _other_shape(card: Card, fetch: Fetch, found: str) -> SourceError:
    expected = {
        "feed": "an RSS or Atom feed with entries",
        "page": f"a link that matches {fetch.link}",
        "listing": f"links that match {fetch.link}",
    }[fetch.kind]
    return SourceError(
        expected=expected,
        found=found,
        where=f"{card.dataset}, {fetch.url}",
        hint="the page may have changed or refuse programs: look at it in a browser, and correct the source's card",
    )
