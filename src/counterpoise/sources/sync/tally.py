"""What became of everything that was read: kept, or excluded for a reason; and the ledger of runs."""

import json
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from typing import Any

from counterpoise.sources.sync.downloads import Downloads

__all__ = ["LEDGER", "Outcome", "Tally", "checks_of", "read_ledger", "write_ledger"]

LEDGER = "ledger.jsonl"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """``read = kept + excluded``: nothing disappears.

    Raises
    ------
    ValueError
        If the numbers do not add up.
    """

    read: int = 0
    kept: int = 0
    excluded: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.read != self.kept + sum(self.excluded.values()):
            raise ValueError(f"{self.read} read are not {self.kept} kept and {self.excluded} excluded")


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How one source fared in one run.

    Parameters
    ----------
    state
        ``stored``: new figures; ``nothing_new``: it answered, with no figure that is not stored; ``failed``: it could
        not be reached or read, see ``error``.
    run_at, checked_at, changed_at, first_seen_at
        UTC. The last three are of the address on the card; empty if it has never answered.
    n_requests
        Requests made to its host for it.
    documents, figures
        What was read of each, and what became of it.
    notes
        What to bear in mind.
    error
        The error's fields, if it failed.
    """

    source: str
    state: str
    run_at: str
    checked_at: str = ""
    changed_at: str = ""
    first_seen_at: str = ""
    n_requests: int = 0
    documents: Tally = field(default_factory=Tally)
    figures: Tally = field(default_factory=Tally)
    notes: tuple[str, ...] = ()
    error: dict[str, str] | None = None

    def to_dict(self) -> dict[str, Any]:
        """Return it as the ledger and JSON answers hold it."""
        return {**asdict(self), "notes": list(self.notes)}


def write_ledger(downloads: Downloads, outcomes: list[Outcome]) -> None:
    """Add a line for each source to the ledger."""
    for outcome in outcomes:
        downloads.append_line(LEDGER, json.dumps(outcome.to_dict(), ensure_ascii=False))


def read_ledger(downloads: Downloads) -> list[dict[str, Any]]:
    """Return the lines of the ledger, oldest first; a line that is damaged is left out."""
    found = []
    for line in downloads.lines(LEDGER):
        try:
            entry = json.loads(line)
        except (ValueError, RecursionError):
            continue
        if isinstance(entry, dict) and isinstance(entry.get("source"), str):
            found.append(entry)
    return found


def checks_of(downloads: Downloads) -> dict[str, date]:
    """Return for each source the last day on which it answered."""
    checked: dict[str, date] = {}
    for entry in read_ledger(downloads):
        try:
            day = datetime.fromisoformat(str(entry.get("checked_at", ""))).date()
        except ValueError:
            continue
        checked[entry["source"]] = max(day, checked.get(entry["source"], day))
    return checked
