"""From items to odds, posteriors and readings, each as an interval.

What is read from counts is added within each family of worlds, then bounded over families: the worlds are of one
family, whichever it is. Coded facts are added: what independent groups report of a fact adds up to what the fact would
say if it were certain, and everything one group reports moves no ratio by more than the cap of its grade.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from counterpoise.attribution._kernels import Array
from counterpoise.attribution.evidence import Item, of_families, saturated
from counterpoise.vocabulary import ANSWERS

__all__ = ["Odds", "combine", "posterior", "undominated"]


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
    told = [item for item in mine if item.reports]
    shares = _shares(told)
    for item in told:
        low = np.sum([shares[g] * r.lower for g, r in item.reports.items()], axis=0)
        high = np.sum([shares[g] * r.upper for g, r in item.reports.items()], axis=0)
        if item.saturation is not None:
            low, high = (
                saturated(bound, most) for bound, most in zip((low, high), item.saturation, strict=True)
            )
        lower, upper = lower + low, upper + high
    for item in mine:
        if item.families is None and not item.reports:
            lower, upper = lower + item.lower, upper + item.upper
    return Odds(question=question, lower=lower, upper=upper)


def _shares(items: Sequence[Item]) -> dict[str, Array]:
    """Return, per group, the factor (at most 1) that keeps all it reports of the question within its cap.

    Sizes are added whatever their sign, so that a group cannot buy room with a concession elsewhere.
    """
    sizes: dict[str, Array] = {}
    caps: dict[str, float] = {}
    for item in items:
        for group, r in item.reports.items():
            size = np.maximum(np.abs(r.lower), np.abs(r.upper))
            sizes[group] = sizes.get(group, np.zeros(size.shape)) + size
            caps[group] = max(caps.get(group, 0.0), r.cap)
    return {
        group: np.minimum(1.0, caps[group] / np.maximum(size, caps[group])) for group, size in sizes.items()
    }


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
