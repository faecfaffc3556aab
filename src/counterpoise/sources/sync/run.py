"""``sync``: fetch what the sources have now, read it, and store each source whole or not at all.

First everything is fetched (hosts beside each other, one host's sources one after another), then each source is read
and stored. A source that fails leaves the archive, and the other sources, as they are.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from counterpoise.errors import CounterpoiseError
from counterpoise.observations.corridors import CorridorRegistry, load_corridors
from counterpoise.observations.store import append_batch, read_document_ids
from counterpoise.sources.cards import Card, load_cards
from counterpoise.sources.sync.address import Mirror, host_of
from counterpoise.sources.sync.downloads import Downloads, downloads_folder, no_room
from counterpoise.sources.sync.figures import read_gathered
from counterpoise.sources.sync.gather import Gathered, gather
from counterpoise.sources.sync.get import Clock, open_client
from counterpoise.sources.sync.limits import LIMITS, Limits
from counterpoise.sources.sync.plan import Step, plan_sync
from counterpoise.sources.sync.site import Site
from counterpoise.sources.sync.tally import Outcome, Tally, write_ledger

__all__ = ["Synced", "sync"]

_USUAL_DAYS = {"D": 1, "W": 7, "M": 31, "Q": 92, "Y": 366}
_STILL_PERIODS = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Synced:
    """The plan of a run and how each source fared; no outcomes in a dry run."""

    steps: tuple[Step, ...]
    outcomes: tuple[Outcome, ...] = ()

    @property
    def n_failed(self) -> int:
        """How many sources failed."""
        return sum(outcome.state == "failed" for outcome in self.outcomes)


def sync(
    archive: Path,
    names: Sequence[str] = (),
    *,
    dry_run: bool = False,
    mirror: str | None = None,
    cards: Mapping[str, Card] | None = None,
    registry: CorridorRegistry | None = None,
    limits: Limits = LIMITS,
    clock: Clock | None = None,
    say: Callable[[str], None] = lambda line: None,
) -> Synced:
    """Fetch sources and store what is new in an archive.

    Parameters
    ----------
    archive
        The archive file; downloads and the ledger of runs are kept in a folder beside it.
    names
        Datasets, or the parts of their names before the first dot; none: every source with an address.
    dry_run
        Only plan: nothing is asked, nothing is written.
    mirror
        Address of a server with copies, in a folder for each host, which is asked instead of all others.
    cards, registry
        Default: the bundled ones.
    say
        Called with lines of progress.

    Raises
    ------
    InputError
        If a name is no source, or the mirror no address.
    SourceError
        If another run of this archive is under way. A source that fails raises nothing: see its outcome.
    """
    downloads = Downloads(downloads_folder(archive))
    there = Mirror(url=mirror) if mirror is not None else None
    steps = tuple(plan_sync(names, load_cards() if cards is None else cards, downloads, there))
    if dry_run:
        return Synced(steps=steps)
    clock = clock or Clock()
    corridors = load_corridors() if registry is None else registry
    with downloads.alone():
        stored = read_document_ids(archive)
        found = asyncio.run(_fetch_all(steps, downloads, there, limits, clock, say))
        run_at = clock.now()
        outcomes = [
            _stored(step, *found[step.card.dataset], archive, downloads, stored, corridors, run_at, say)
            for step in steps
        ]
        for step in steps:
            if not step.fetch.keep:
                for url in (step.address, *found[step.card.dataset][2]):
                    downloads.erase(url)
        write_ledger(downloads, outcomes)
    return Synced(steps=steps, outcomes=tuple(outcomes))


Found = tuple[Gathered | CounterpoiseError, int, tuple[str, ...]]
"""What a source gave, or why it gave nothing; the requests made for it, and the addresses that answered."""


async def _fetch_all(
    steps: Sequence[Step],
    downloads: Downloads,
    mirror: Mirror | None,
    limits: Limits,
    clock: Clock,
    say: Callable[[str], None],
) -> dict[str, Found]:
    hosts: dict[str, list[Step]] = {}
    for step in steps:
        hosts.setdefault(host_of(step.address), []).append(step)
    async with open_client(limits) as client, asyncio.TaskGroup() as group:
        tasks = [
            group.create_task(
                _fetch_host(
                    of_host,
                    Site(client=client, downloads=downloads, limits=limits, clock=clock, mirror=mirror),
                    say,
                )
            )
            for of_host in hosts.values()
        ]
    return {name: found for task in tasks for name, found in task.result().items()}


async def _fetch_host(steps: Sequence[Step], site: Site, say: Callable[[str], None]) -> dict[str, Found]:
    found: dict[str, Found] = {}
    for step in steps:
        before = site.n_requests
        site.answered.clear()
        say(f"{step.card.dataset}: {step.address} …")
        result: Gathered | CounterpoiseError
        try:
            result = await gather(step.card, step.fetch, site, say)
        except CounterpoiseError as error:
            result = error
        except OSError as error:
            result = no_room(site.downloads.folder, error)
        found[step.card.dataset] = (result, site.n_requests - before, tuple(site.answered))
    return found


def _stored(
    step: Step,
    gathered: Gathered | CounterpoiseError,
    n_requests: int,
    answered: tuple[str, ...],
    archive: Path,
    downloads: Downloads,
    stored: frozenset[str],
    registry: CorridorRegistry,
    run_at: datetime,
    say: Callable[[str], None],
) -> Outcome:
    """Read and store what a source gave, and return how it fared."""
    name, at = step.card.dataset, run_at.isoformat(timespec="seconds")
    if isinstance(gathered, CounterpoiseError):
        _distrust(downloads, answered)
        return _failed(name, at, n_requests, gathered)
    try:
        read = read_gathered(step.card, step.fetch, gathered, stored=stored, registry=registry)
        n_new = 0
        if read.batch is not None:
            say(f"{name}: writing {archive} …")
            n_new = append_batch(archive, read.batch).n_new["observations"]
    except CounterpoiseError as error:
        _distrust(downloads, answered)
        return _failed(name, at, n_requests, error, gathered)
    excluded = dict(read.figures.excluded)
    if n_new < read.figures.kept:
        excluded["already in the archive"] = read.figures.kept - n_new
    return Outcome(
        source=name,
        state="stored" if n_new else "nothing_new",
        run_at=at,
        checked_at=gathered.kept.checked_at,
        changed_at=gathered.kept.changed_at,
        first_seen_at=gathered.kept.first_seen_at,
        n_requests=n_requests,
        documents=read.documents,
        figures=Tally(read=read.figures.read, kept=n_new, excluded=excluded),
        notes=(
            *(read.batch.notes if read.batch else ()),
            *(f"{len(gathered.faults)} pages could not be had, the first: {f}" for f in gathered.faults[:1]),
            *_still(step, gathered),
            *((f"Unverified: {step.fetch.unverified}",) if step.fetch.unverified else ()),
        ),
    )


def _distrust(downloads: Downloads, answered: tuple[str, ...]) -> None:
    """Ask for all documents of a source whole in the next run: one that came broken may be called unchanged."""
    for url in answered:
        downloads.distrust(url)


def _failed(
    name: str, at: str, n_requests: int, error: CounterpoiseError, gathered: Gathered | None = None
) -> Outcome:
    kept = gathered.kept if gathered else None
    return Outcome(
        source=name,
        state="failed",
        run_at=at,
        checked_at=kept.checked_at if kept else "",
        changed_at=kept.changed_at if kept else "",
        first_seen_at=kept.first_seen_at if kept else "",
        n_requests=n_requests,
        error=error.to_dict()["error"],
    )


def _still(step: Step, gathered: Gathered) -> tuple[str, ...]:
    """Return a note if an address answers, but has said the same for two periods of its dataset."""
    days = _USUAL_DAYS.get(step.card.frequency)
    if days is None:
        return ()
    checked, changed = (
        datetime.fromisoformat(at) for at in (gathered.kept.checked_at, gathered.kept.changed_at)
    )
    since = (checked - changed).days
    if since <= _STILL_PERIODS * days:
        return ()
    return (
        f"It answers, but has not changed for {since} days, since {changed:%Y-%m-%d}: has it moved, or been given up?",
    )
