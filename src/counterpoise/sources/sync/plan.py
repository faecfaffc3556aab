"""The plan of a run: which sources are asked, where, how often and for how much at most, before anything is."""

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from counterpoise.errors import InputError
from counterpoise.sources.cards import Card, Fetch
from counterpoise.sources.sync.address import Mirror
from counterpoise.sources.sync.downloads import Downloads

__all__ = ["Step", "plan_sync"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What is to be done for one source.

    Parameters
    ----------
    address
        Where it is asked: the card's address, or the mirror's.
    most_requests
        Requests at most, without repeated attempts.
    checked_at
        UTC time of its last answer; empty if there was none.
    """

    card: Card
    fetch: Fetch
    address: str
    most_requests: int
    checked_at: str

    def to_dict(self) -> dict[str, Any]:
        """Return the step as JSON answers hold it."""
        return {
            "source": self.card.dataset,
            "publisher": self.card.publisher,
            "kind": self.fetch.kind,
            "url": self.fetch.url,
            "address": self.address,
            "second_grade": self.fetch.second_grade,
            "delay_seconds": self.fetch.delay_seconds,
            "limit_mb": self.fetch.limit_mb,
            "most_requests": self.most_requests,
            "last_checked_at": self.checked_at or None,
            "unverified": self.fetch.unverified or None,
        }


def plan_sync(
    names: Sequence[str], cards: Mapping[str, Card], downloads: Downloads, mirror: Mirror | None
) -> list[Step]:
    """Return the steps for the named sources (a dataset, or its part before the first dot); none: all.

    Raises
    ------
    InputError
        If a name is no source that can be fetched; all of them together.
    """
    known = {name: card for name, card in cards.items() if card.fetch is not None}
    chosen: dict[str, Card] = {}
    strange = []
    for name in names or known:
        found = {d: card for d, card in known.items() if name in {d, d.split(".")[0]}}
        chosen |= found
        if not found:
            strange.append(name)
    if strange:
        every = sorted({*known, *(name.split(".")[0] for name in known)})
        near = difflib.get_close_matches(strange[0], every, n=1, cutoff=0.5)
        raise InputError(
            expected=f"sources that can be fetched: {', '.join(known)}",
            found=", ".join(strange),
            where="counterpoise sync",
            hint=f"did you mean {near[0]}?" if near else "'counterpoise sync --dry-run' lists them",
        )
    return [_step(card, card.fetch, downloads, mirror) for card in chosen.values() if card.fetch]


def _step(card: Card, fetch: Fetch, downloads: Downloads, mirror: Mirror | None) -> Step:
    address = fetch.url if mirror is None else mirror.address(fetch.url)
    kept = downloads.kept(address)
    pages = {
        "file": 0,
        "page": 1,
        "feed": fetch.most_items if fetch.whole else 0,
        "listing": fetch.most_items,
    }
    return Step(
        card=card,
        fetch=fetch,
        address=address,
        most_requests=(mirror is None) + 1 + pages[fetch.kind],
        checked_at=kept.checked_at if kept else "",
    )
