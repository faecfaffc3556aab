"""A piece of evidence: what it says for each pair of answers, how reliable it is, with what it shares its source."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Literal

import numpy as np

from counterpoise.attribution._kernels import Array

__all__ = ["OF_WORLDS", "Item", "Reports", "Told", "of_bounds", "of_families", "saturated", "without_group"]

OF_WORLDS = "synthetic worlds"
"""On what the bounds of an item rest whose likelihoods come from the frozen tables."""
Nature = Literal["statistic", "fact", "analyst", "coincidence", "unavailable"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reports:
    """What the reports of one independent group say of a coded fact, each group by itself.

    Parameters
    ----------
    lower, upper
        Bounds of the log likelihood ratio of each pair of answers.
    cap
        The most, either way, that everything this group reports may move a log likelihood ratio.
    """

    lower: Array
    upper: Array
    cap: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One report of a coded fact, as it can be cited by itself.

    Parameters
    ----------
    claimed_by
        The party that says so where nobody else does; None otherwise.
    group
        The independent group it belongs to; empty where there is none.
    """

    text: str
    known_on: date | None
    sources: tuple[str, ...]
    claimed_by: str | None = None
    group: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One row of the evidence ledger.

    Parameters
    ----------
    indicator
        Code of the indicator or coded fact.
    statement
        What was found, in one sentence with its figures.
    question
        The question it speaks to.
    nature
        ``statistic`` (read from counts), ``coincidence`` (counts beside dated facts), ``fact`` (coded), ``analyst``, or
        ``unavailable`` (it would speak to the question, and cannot be read).
    lower, upper
        Answers x answers: bounds of the log likelihood ratio of the row's answer to the column's.
    families
        Families x answers: log likelihoods less that of the plain answer; None where the bounds are not of families.
    reliability
        Grade of the source; of counts what the bounds rest on.
    group
        Items of one group share a source or a feature, and are left out together.
    reports
        Of coded facts: independent group -> what its reports say.
    saturation
        Of coded facts: bounds of the ratios if the fact were certain, answers x answers each.
    told
        Of coded facts: the reports one by one.
    known_on
        The day on which it was first known.
    figures
        Numbers of the statement.
    rerun
        What to run to make it again.
    """

    indicator: str
    statement: str
    question: str
    nature: Nature
    lower: Array
    upper: Array
    families: Array | None = None
    reliability: str
    group: str
    reports: Mapping[str, Reports] = field(default_factory=dict)
    saturation: tuple[Array, Array] | None = None
    told: tuple[Told, ...] = ()
    known_on: date | None
    figures: dict[str, Any] = field(default_factory=dict)
    sources: tuple[str, ...] = ()
    rerun: str

    @property
    def speaks(self) -> bool:
        """Whether it moves anything."""
        return bool(np.any(self.lower != 0) or np.any(self.upper != 0))

    @property
    def groups(self) -> tuple[str, ...]:
        """The groups it rests on: of a coded fact those that report it, else its own."""
        return tuple(self.reports) or (self.group,)

    @property
    def cap(self) -> float | None:
        """The most, either way, that its reports may move a log likelihood ratio; None: it is no coded fact."""
        return sum(r.cap for r in self.reports.values()) if self.reports else None


def without_group(item: Item, group: str) -> Item | None:
    """Return the item without what one group reports; None if nothing is left."""
    if group not in item.groups:
        return item
    left = {name: reports for name, reports in item.reports.items() if name != group}
    return replace(item, reports=left) if left else None


def saturated(bound: Array, most: Array) -> Array:
    """Return ``bound``, no farther from 0 than ``most``, element by element."""
    kept: Array = np.clip(bound, np.minimum(most, 0.0), np.maximum(most, 0.0))
    return kept


def of_families(families: Array) -> tuple[Array, Array]:
    """Return lower and upper of each pair of answers: the smallest and largest difference over families."""
    differences = families[:, :, None] - families[:, None, :]
    return differences.min(axis=0), differences.max(axis=0)


def of_bounds(lower: Array, upper: Array) -> tuple[Array, Array]:
    """Return lower and upper of each pair of answers from bounds of each answer against the plain one.

    Answers with the same bounds cannot be told apart by the item: their ratio is 0 exactly.
    """
    same = (lower[:, None] == lower[None, :]) & (upper[:, None] == upper[None, :])
    low = np.where(same, 0.0, lower[:, None] - upper[None, :])
    high = np.where(same, 0.0, upper[:, None] - lower[None, :])
    return low, high
