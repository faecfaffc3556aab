"""Cards that point to the loopback, and a run of ``sync`` with little patience and no pauses."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import polars as pl

from counterpoise.observations.store import read_store
from counterpoise.sources.cards import Card, load_cards
from counterpoise.sources.sync import Synced, sync
from counterpoise.sources.sync.get import Clock
from counterpoise.sources.sync.limits import Limits
from counterpoise.sources.sync.tally import Outcome
from tests.sources.builders import workbook
from tests.sources.sync.loopback import Loopback, Times

PATIENT = Limits(attempts=3, first_pause_seconds=1, longest_pause_seconds=60)
QUICK = replace(PATIENT, silence_seconds=0.3, total_seconds=0.6, bytes_per_second=1e12)
PAGE = "/map/"
BOOK = "/assets/Migratory_routes/2023/Monthly_detections_of_IBC_2023_02_07.xlsx"
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def book(as_of: str = "03FEB23", iraq: int = 3) -> bytes:
    rows = (
        ("Eastern Borders Route", "Land", "Iraq", iraq, 0),
        ("Western Balkan Route", "Sea", "Syria", 1, 0),
    )
    return workbook(rows=rows, notes=(f"Source: FRAN data as of {as_of}",))


def page_with(*links: str) -> bytes:
    return (
        "<!doctype html><html><body><h1>Map</h1>"
        + "".join(f'<a href="{link}">x</a>' for link in links)
        + "</body></html>"
    ).encode()


def card_of(server: Loopback, dataset: str, **fetch: object) -> Card:
    """Return a bundled card whose address is on the loopback."""
    card = load_cards()[dataset]
    assert card.fetch is not None
    changed = card.fetch.model_copy(update={"delay_seconds": 0.0, **fetch})
    return card.model_copy(update={"fetch": changed})


@dataclass
class Lab:
    """An archive, a server, and sources on it."""

    server: Loopback
    archive: Path
    cards: dict[str, Card] = field(default_factory=dict)
    times: Times = field(default_factory=Times)
    said: list[str] = field(default_factory=list)
    now: datetime = NOON
    limits: Limits = PATIENT

    def frontex(self, **fetch: object) -> None:
        self.cards["frontex.ibc"] = card_of(
            self.server, "frontex.ibc", **{"url": self.server.url + PAGE, **fetch}
        )

    def run(self, *names: str, mirror: str | None = None) -> Synced:
        clock = Clock(now=lambda: self.now, sleep=self.times.sleep)
        return sync(
            self.archive,
            names,
            mirror=mirror,
            cards=self.cards,
            limits=self.limits,
            clock=clock,
            say=self.said.append,
        )

    def one(self) -> Outcome:
        """Run, and return how the only source fared."""
        [outcome] = self.run().outcomes
        self.now += timedelta(days=1)
        return outcome

    def figures(self, dataset: str) -> pl.DataFrame:
        return read_store(self.archive).observations.filter(pl.col("dataset") == dataset)
