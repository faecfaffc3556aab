"""Links of a page: the document a page leads to, and the bulletins a listing leads to."""

import re
from datetime import date

from counterpoise.sources.bulletins.pages import parse_html
from counterpoise.sources.sync.address import resolve

__all__ = ["day_in", "links_of"]

_LONGEST_LINK = 2000


def links_of(page: str, *, base: str, pattern: str) -> dict[str, str]:
    """Return the addresses on a page that match a pattern, each with the words of its link, in their order.

    Parameters
    ----------
    base
        The address of the page, which links may leave out.
    pattern
        A regular expression that is searched for in the whole address.
    """
    root = parse_html(page)
    if root is None:
        return {}
    wanted = re.compile(pattern)
    found: dict[str, str] = {}
    for link in root.iter("a"):
        target = link.get("href") or ""
        url = resolve(base, target) if len(target) <= _LONGEST_LINK else None
        if url is not None and wanted.search(url):
            words = " ".join("".join(str(piece) for piece in link.itertext()).split())
            found[url] = found.get(url) or words
    return found


def day_in(page: str, pattern: str) -> date | None:
    """Return the first day in the source of a page that a pattern with groups year, month and day finds."""
    for found in re.finditer(pattern, page):
        try:
            return date(int(found["year"]), int(found["month"]), int(found["day"]))
        except ValueError:
            continue
    return None
