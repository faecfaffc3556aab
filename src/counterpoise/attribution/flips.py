"""What would change the reading: one item, one group or one source left out; and evidence invented against it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from counterpoise.attribution.combine import combine, undominated
from counterpoise.attribution.evidence import Item, without_group
from counterpoise.attribution.indicators.means import group_cap

__all__ = ["Flip", "find_flips", "one_deep"]

PLANTED_GRADE = "high"
"""Grade of the invented report: the best a source can have, so no report of one group can do more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Flip:
    """One change of the evidence, and what becomes of the reading.

    Parameters
    ----------
    kind
        ``item``, ``group`` or ``source`` left out; ``planted``: one report of the best grade, from a new group, against
        every leading answer.
    change
        What is left out or added.
    before, after
        Answers that no other beats, with all evidence and after the change.
    """

    question: str
    kind: str
    change: str
    before: tuple[str, ...]
    after: tuple[str, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return the flip as it stands in the JSON answer."""
        return {
            "question": self.question,
            "kind": self.kind,
            "change": self.change,
            "before": list(self.before),
            "after": list(self.after),
        }


def find_flips(question: str, items: Sequence[Item]) -> tuple[Flip, ...]:
    """Return the changes that alter which answers stand unbeaten; none of the others is listed."""
    speaking = [item for item in items if item.question == question and item.speaks]
    before = undominated(combine(question, speaking))
    found = []
    for kind, change, rest in _left_out(speaking):
        after = undominated(combine(question, rest))
        if after != before:
            found.append(Flip(question=question, kind=kind, change=change, before=before, after=after))
    after = _planted(question, speaking, before)
    if after != before:
        cap = group_cap(PLANTED_GRADE)
        change = f"one invented report of grade {PLANTED_GRADE}, worth at most {cap:.2f} in log odds"
        found.append(Flip(question=question, kind="planted", change=change, before=before, after=after))
    return tuple(found)


def _left_out(items: Sequence[Item]) -> Iterable[tuple[str, str, list[Item]]]:
    """Return kind and name of each thing that can be left out, and what is left then."""
    yield from (("item", item.indicator, [i for i in items if i is not item]) for item in items)
    for group in _groups(items):
        if sum(group in item.groups for item in items) > 1:
            yield "group", group, _without_group(items, group)
    for source in sorted({source for item in items for source in item.sources}):
        rest = [item for item in items if item.sources != (source,)]
        if len(items) - len(rest) > 1 or not rest:
            yield "source", source, rest


def _groups(items: Iterable[Item]) -> list[str]:
    return list(dict.fromkeys(group for item in items for group in item.groups))


def _without_group(items: Iterable[Item], group: str) -> list[Item]:
    kept = (without_group(item, group) for item in items)
    return [item for item in kept if item is not None]


def _planted(question: str, items: Sequence[Item], before: tuple[str, ...]) -> tuple[str, ...]:
    """Return what stands unbeaten if the invented report does its worst: to every leading answer, in full."""
    odds = combine(question, items)
    cap = group_cap(PLANTED_GRADE)
    leading = [i for i, name in enumerate(odds.answers) if name in before]
    others = [i for i in range(len(odds.answers)) if i not in leading]
    lower = odds.lower.copy()
    lower[np.ix_(leading, others)] -= cap
    lower[np.ix_(others, leading)] += cap
    return tuple(name for j, name in enumerate(odds.answers) if not (lower[:, j] > 0).any())


def one_deep(question: str, items: Sequence[Item]) -> str | None:
    """Return the group without which no answer would lead alone any more; None if there is none."""
    speaking = [item for item in items if item.question == question and item.speaks]
    for group in _groups(speaking):
        if len(undominated(combine(question, _without_group(speaking, group)))) > 1:
            return group
    return None
