"""Where a case can be seen at all: per measure visible, partly, or not visible, read from a reviewed file.

An attribution from a measure in which the case cannot be seen is refused, with the measure that would do: no method
finds in a figure what its rule does not count.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any, Literal, cast

from ruamel.yaml import YAML

from counterpoise.attribution.subject import Subject
from counterpoise.errors import AnalysisError

__all__ = ["Visibility", "load_visibility", "require_visible", "visibility_of"]

VisibilityStatus = Literal["visible", "partly", "not_visible"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Visibility:
    """Whether a movement can be seen in a measure; meanings of the fields stand at the top of the file."""

    id: str
    dataset: str
    measure: str
    status: VisibilityStatus
    why: str
    instead: str
    source: str
    url: str
    case: str | None = None
    corridors: tuple[str, ...] = ()
    start: date | None = None
    end: date | None = None

    def concerns(self, subject: Subject) -> bool:
        """Return whether it is about the case, or the corridor, and the months of ``subject``."""
        if (self.dataset, self.measure) != (subject.dataset, subject.measure):
            return False
        if subject.case != self.case and subject.corridor not in self.corridors:
            return False
        begins_later = self.start is not None and self.start > subject.window_end
        ended_before = self.end is not None and self.end < subject.month
        return not (begins_later or ended_before)

    def to_dict(self) -> dict[str, Any]:
        """Return the row as it stands in the JSON answer."""
        names = ("id", "dataset", "measure", "status", "why", "instead", "source", "url")
        plain = asdict(self)
        return {name: plain[name] for name in names}


@cache
def load_visibility() -> tuple[Visibility, ...]:
    """Return the reviewed entries, in the order of the file."""
    text = files("counterpoise.data").joinpath("attribution", "visibility.yml").read_text(encoding="utf-8")
    return tuple(_entry(entry) for entry in YAML(typ="safe", pure=True).load(text)["entries"])


def _entry(entry: Mapping[str, Any]) -> Visibility:
    return Visibility(
        id=entry["id"],
        dataset=entry["dataset"],
        measure=entry["measure"],
        status=cast(VisibilityStatus, entry["status"]),
        why=" ".join(entry["why"].split()),
        instead=entry["instead"],
        source=entry["source"],
        url=entry["url"],
        case=entry.get("case"),
        corridors=tuple(entry.get("corridors", ())),
        start=entry.get("from"),
        end=entry.get("to"),
    )


def visibility_of(subject: Subject) -> tuple[Visibility, ...]:
    """Return what is on file about the measure of a subject; nothing on file says that nothing is known against it."""
    return tuple(entry for entry in load_visibility() if entry.concerns(subject))


def require_visible(subject: Subject) -> tuple[Visibility, ...]:
    """Return what is on file, or refuse.

    Raises
    ------
    AnalysisError
        If the case, or what happened at the corridor in these months, cannot be seen in the measure.
    """
    found = visibility_of(subject)
    for entry in found:
        if entry.status == "not_visible":
            raise AnalysisError(
                expected=f"a measure in which {entry.id} can be seen",
                found=f"{entry.measure} of {entry.dataset}, in which it cannot: {entry.why.rstrip('.')}",
                where=subject.case or f"{subject.corridor}, {subject.month:%Y-%m}",
                hint=f"what would do is {entry.instead}",
            )
    return found
