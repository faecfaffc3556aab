"""One host: its robots.txt, and the pause between two requests."""

from dataclasses import dataclass, field, replace

import httpx
from protego import Protego

from counterpoise.errors import SourceError
from counterpoise.sources.sync.address import Mirror, host_of
from counterpoise.sources.sync.downloads import Downloads, Kept
from counterpoise.sources.sync.get import Clock, Wanted, get_document
from counterpoise.sources.sync.limits import Limits

__all__ = ["Site"]

_AGENT = "counterpoise"
_ROBOTS_BYTES = 512 * 1024
"""RFC 9309 asks for at least 500 KiB of a robots.txt to be read."""
_LONGEST_DELAY_SECONDS = 120.0


@dataclass(slots=True, kw_only=True)
class Site:
    """Requests to one host, one after another.

    ``robots`` is asked for before the first of them (RFC 9309): nothing there means that all is allowed, no answer
    means that nothing is. A mirror is the user's own, and is not asked.
    """

    client: httpx.AsyncClient
    downloads: Downloads
    limits: Limits
    clock: Clock
    mirror: Mirror | None = None
    robots: Protego | None = None
    n_requests: int = 0
    answered: list[str] = field(default_factory=list)
    """Addresses that answered since it was last cleared."""

    async def get(self, wanted: Wanted, *, delay_seconds: float) -> tuple[Kept, bytes]:
        """Return a document after the pause this host is owed.

        Raises
        ------
        SourceError
            If robots.txt forbids or cannot be read, or the document cannot be had.
        """
        if self.mirror is not None:
            there = replace(wanted, url=self._address(wanted.url), where=f"{wanted.where} (on the mirror)")
            return await self._ask(there)
        robots = self.robots or await self._read_robots(wanted)
        self.robots = robots
        if not robots.can_fetch(wanted.url, _AGENT):
            raise SourceError(
                expected="an address that robots.txt leaves open",
                found="one that it closes to programs",
                where=wanted.where,
                hint="download it by hand, where the site's terms allow that, and give it to 'counterpoise ingest'",
            )
        asked = robots.crawl_delay(_AGENT) or 0.0
        if asked > _LONGEST_DELAY_SECONDS:
            raise SourceError(
                expected=f"a site that allows a request every {_LONGEST_DELAY_SECONDS:g} seconds",
                found=f"a robots.txt that asks for {asked:g} seconds between two",
                where=wanted.where,
                hint="download it by hand and give it to 'counterpoise ingest'",
            )
        await self.clock.sleep(max(delay_seconds, asked))
        return await self._ask(wanted)

    def kept(self, url: str) -> tuple[Kept, bytes] | None:
        """Return a document that was fetched before, without asking for it; None if there is none."""
        address = self._address(url)
        kept = self.downloads.kept(address)
        return None if kept is None else (kept, self.downloads.body(address).read_bytes())

    def distrust(self, url: str) -> None:
        """Ask for a document anew in the next run, because this one could not be read."""
        self.downloads.distrust(self._address(url))

    def _address(self, url: str) -> str:
        return url if self.mirror is None else self.mirror.address(url)

    async def _ask(self, wanted: Wanted) -> tuple[Kept, bytes]:
        self.n_requests += 1
        found = await get_document(self.client, wanted, self.downloads, self.limits, self.clock)
        self.answered.append(wanted.url)
        return found

    async def _read_robots(self, wanted: Wanted) -> Protego:
        scheme = wanted.url.split(":", 1)[0]
        url = f"{scheme}://{host_of(wanted.url)}/robots.txt"
        robots = Wanted(url=url, where=url, limit_bytes=_ROBOTS_BYTES, optional=True)
        _, content = await self._ask(robots)
        return Protego.parse(content.decode("utf-8", "replace"))
