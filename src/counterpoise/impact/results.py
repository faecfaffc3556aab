"""The result of ``evaluate``: effects, checks and provenance; charts and prose are made elsewhere."""

from dataclasses import dataclass, field
from typing import Any, Literal

import polars as pl

from counterpoise.checks import Check
from counterpoise.impact.families import Family
from counterpoise.provenance import Provenance

__all__ = ["Effect", "EffectStatus", "Evaluation"]

EffectStatus = Literal["estimated", "joint_bounds", "not_identifiable", "refused"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """What one response, or several together, did to one outcome; or why that cannot be said.

    Parameters
    ----------
    responses
        Names of the responses, as ``evaluate`` numbers them in the case.
    estimand
        What ``estimate`` is, in words, with its window.
    estimate, lower, upper
        Mean log ratio of what was counted to what was expected without the responses, over the window: 0 means
        no difference. None where nothing is estimated; ``joint_bounds`` has bounds and no estimate.
    level
        Probability of the interval.
    relative
        The same as factors: ``{"estimate", "lower", "upper"}``; 1 means no difference.
    cumulative
        ``{"estimate", "lower", "upper"}``: the sum over the window of what was counted less what was expected.
    pointwise
        One row per month from the first before on: ``period_start, period_end, observed, expected, lower, upper``;
        the last three null before the responses, and ``expected`` null where only joint bounds are given.
    reason
        Why there is no estimate, or why it is joint; empty if estimated.
    """

    responses: tuple[str, ...]
    corridor: str
    nationality: str
    outcome: str
    estimand: str
    status: EffectStatus
    level: float
    estimate: float | None = None
    lower: float | None = None
    upper: float | None = None
    relative: dict[str, float | None] | None = None
    cumulative: dict[str, float | None] | None = None
    pointwise: pl.DataFrame = field(default_factory=pl.DataFrame, compare=False)
    checks: tuple[Check, ...] = ()
    reason: str = ""

    def to_dict(self) -> dict[str, Any]:
        """Return the effect as it stands in the JSON answer."""
        return {
            "responses": list(self.responses),
            "corridor": self.corridor,
            "nationality": self.nationality,
            "outcome": self.outcome,
            "estimand": self.estimand,
            "status": self.status,
            "estimate": self.estimate,
            "lower": self.lower,
            "upper": self.upper,
            "level": self.level,
            "relative": self.relative,
            "cumulative": self.cumulative,
            "pointwise": self._months(),
            "checks": [check.to_dict() for check in self.checks],
            "reason": self.reason,
        }

    def _months(self) -> list[dict[str, Any]]:
        """Return the months from the responses on, with plain JSON values."""
        if self.pointwise.is_empty():
            return []
        after = self.pointwise.filter(pl.col("upper").is_not_null())
        return after.with_columns(pl.col(pl.Date).dt.to_string("iso")).to_dicts()


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation:
    """What the responses of a case did, as far as it can be known, and what stands beside it.

    Parameters
    ----------
    families
        Per group of responses what every count did around their beginning.
    displacement
        Per effect and other corridor: differences in counts here and there, and the diversion ratio where it exists;
        and the checklist of channels.
    composition
        Per group of responses and corridor: shares of those counted by how often first decisions on their origin gave
        protection, before and after; never by nationality.
    rights
        Per response: rights raised and by whom, ids of instruments and harms, access of aid and media.
    instruments, harms, access, costs, indicators, polls
        The ledgers: each line with its page. Nothing in them is summed, and none of them is folded into an effect.
    """

    effects: tuple[Effect, ...]
    families: tuple[Family, ...]
    rights: tuple[dict[str, Any], ...]
    instruments: tuple[dict[str, Any], ...]
    harms: tuple[dict[str, Any], ...]
    access: tuple[dict[str, Any], ...]
    costs: tuple[dict[str, Any], ...]
    indicators: tuple[dict[str, Any], ...]
    polls: tuple[dict[str, Any], ...]
    checks: tuple[Check, ...]
    provenance: Provenance
    displacement: tuple[dict[str, Any], ...] = field(default=())
    composition: tuple[dict[str, Any], ...] = field(default=())

    @property
    def result_id(self) -> str:
        """The id of this result."""
        return self.provenance.result_id

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON answer of ``evaluate``; its keys are stable."""
        return {
            **self.provenance.header(),
            "effects": [effect.to_dict() for effect in self.effects],
            "families": [family.to_dict() for family in self.families],
            "displacement": list(self.displacement),
            "composition": list(self.composition),
            "says_nothing_about_persons": True,
            "rights": list(self.rights),
            "instruments": list(self.instruments),
            "harms": list(self.harms),
            "access": list(self.access),
            "costs": list(self.costs),
            "indicators": list(self.indicators),
            "polls": list(self.polls),
            "checks": [check.to_dict() for check in self.checks],
            "provenance": self.provenance.to_dict(),
        }
