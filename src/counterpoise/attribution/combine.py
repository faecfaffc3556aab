"""From items to odds, posteriors and readings, each as an interval.

What is read from counts is added within each family of worlds, then bounded over families: the worlds are of one
family, whichever it is. Coded facts are added group by group; a group moves no ratio by more than its cap.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from counterpoise.attribution._kernels import Array
from counterpoise.attribution.evidence import Item, of_families
from counterpoise.vocabulary import ANSWERS

__all__ = ["Odds", "combine", "posterior", "undominated", "without"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Odds:
    """Bounds of the log likelihood ratios of a question, answers x answers."""

    question: str
    lower: Array
    upper: Array

    @property
    def answers(self) -> tuple[str, ...]:
        """Codes of the answers, in the order of the axes."""
        return ANSWERS[self.question]


def combine(question: str, items: Iterable[Item]) -> Odds:
    """Return the odds all items of ``question`` give together."""
    n = len(ANSWERS[question])
    mine = [item for item in items if item.question == question]
    stacked = [item.families for item in mine if item.families is not None]
    lower, upper = np.zeros((n, n)), np.zeros((n, n))
    if stacked:
        lower, upper = of_families(np.sum(stacked, axis=0))
    groups: dict[str, list[Item]] = {}
    for item in mine:
        if item.families is None:
            groups.setdefault(item.group, []).append(item)
    for members in groups.values():
        low = np.sum([item.lower for item in members], axis=0)
        high = np.sum([item.upper for item in members], axis=0)
        caps = [item.cap for item in members if item.cap is not None]
        if caps:
            low, high = (np.clip(bound, -max(caps), max(caps)) for bound in (low, high))
        lower, upper = lower + low, upper + high
    return Odds(question=question, lower=lower, upper=upper)


def posterior(odds: Odds, prior: Mapping[str, float]) -> dict[str, tuple[float, float]]:
    """Return bounds of each answer's probability, for prior probabilities that sum to 1.

    The lower end puts every ratio against the answer, the upper end every ratio for it, so the bounds hold whatever
    lies between.
    """
    p = np.array([prior[name] for name in odds.answers])
    found = {}
    for i, name in enumerate(odds.answers):
        others = np.arange(len(p)) != i
        against = (p[others] * np.exp(-odds.lower[i, others])).sum()
        in_favour = (p[others] * np.exp(-odds.upper[i, others])).sum()
        lower = p[i] / (p[i] + against) if p[i] > 0 else 0.0
        upper = p[i] / (p[i] + in_favour) if p[i] > 0 else 0.0
        found[name] = (float(lower), float(upper))
    return found


def undominated(odds: Odds) -> tuple[str, ...]:
    """Return the answers that no other answer beats over its whole interval."""
    return tuple(name for i, name in enumerate(odds.answers) if not bool((odds.lower[:, i] > 0).any()))


def without(items: Sequence[Item], left_out: Iterable[Item]) -> tuple[Item, ...]:
    """Return the items less some."""
    gone = {id(item) for item in left_out}
    return tuple(item for item in items if id(item) not in gone)
