"""The result of ``explore``: policies with their screens and outcomes, what holds up, when it fails."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from counterpoise.checks import Check
from counterpoise.provenance import Provenance
from counterpoise.scenarios.parameters import PARAMETERS
from counterpoise.scenarios.prim import Box
from counterpoise.scenarios.rights import Screen

__all__ = ["ConstraintPrice", "Exploration", "Failure", "PolicyResult", "Sensitivity", "Trajectories"]

Interval = Mapping[str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyResult:
    """One policy over all futures.

    Parameters
    ----------
    admissible
        Whether the rights screens let it be recommended.
    outcomes
        Per outcome ``{"median", "p10", "p90"}``, in the outcome's unit.
    regret
        Per outcome, how much worse it is than the best admissible policy of the same future: ``{"median",
        "p90"}``. A screened-out policy may be below 0.
    no_worse, helps
        Per outcome, the share of futures in which it is no worse, and clearly better, than no response.
    """

    name: str
    title: str
    admissible: bool
    screens: tuple[Screen, ...]
    outcomes: Mapping[str, Interval]
    regret: Mapping[str, Interval]
    no_worse: Mapping[str, float]
    helps: Mapping[str, float]

    def to_dict(self) -> dict[str, Any]:
        """Return the policy as it stands in the JSON answer."""
        return {
            "name": self.name,
            "title": self.title,
            "admissible": self.admissible,
            "screens": [screen.to_dict() for screen in self.screens],
            "outcomes": {name: dict(value) for name, value in self.outcomes.items()},
            "regret": {name: dict(value) for name, value in self.regret.items()},
            "no_worse_share": dict(self.no_worse),
            "clearly_better_share": dict(self.helps),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class ConstraintPrice:
    """What keeping to a right would cost in one outcome: an interval, never one number and never a sort key.

    Parameters
    ----------
    outcome
        None where it is refused.
    lower, upper
        10th and 90th percentile of how much better the screened-out policy is than the best admissible one of the
        same future; below 0 it is not better at all.
    harms, legal_exposure, coercer_gain
        The same future's difference in deaths, injuries and weeks held up, in exposure before courts, and in the
        coercer's gain: ``{"lower", "upper"}``; above 0 is more with the screened-out policy.
    refused
        Why there is no price; empty if there is one.
    """

    policy: str
    outcome: str | None
    lower: float | None
    upper: float | None
    harms: Mapping[str, Interval] | None
    legal_exposure: Interval | None
    coercer_gain: Interval | None
    level: float
    refused: str = ""

    def to_dict(self) -> dict[str, Any]:
        """Return the price as it stands in the JSON answer."""
        return {
            "policy": self.policy,
            "outcome": self.outcome,
            "lower": self.lower,
            "upper": self.upper,
            "level": self.level,
            "harms": {k: dict(v) for k, v in self.harms.items()} if self.harms is not None else None,
            "legal_exposure": dict(self.legal_exposure) if self.legal_exposure is not None else None,
            "coercer_gain": dict(self.coercer_gain) if self.coercer_gain is not None else None,
            "refused": self.refused,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """When a policy does not help: a box over the uncertainties in which most of its failures lie."""

    policy: str
    outcome: str
    failing_share: float
    box: Box

    def to_dict(self) -> dict[str, Any]:
        """Return the failure as it stands in the JSON answer."""
        return {
            "policy": self.policy,
            "outcome": self.outcome,
            "failing_share": self.failing_share,
            "box": {name: dict(limit) for name, limit in self.box.limits.items()},
            "p_values": dict(self.box.p_values),
            "coverage": self.box.coverage,
            "density": self.box.density,
            "share": self.box.share,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Sensitivity:
    """How much of the variance of an outcome, as a logarithm, one uncertainty explains under one policy.

    ``first`` is what it explains alone, ``total`` with all others; chance in the simulation stands in no first order.
    """

    policy: str
    outcome: str
    uncertainty: str
    first: float
    first_lower: float
    first_upper: float
    total: float
    total_lower: float
    total_upper: float
    level: float

    def to_dict(self) -> dict[str, Any]:
        """Return the indices as they stand in the JSON answer."""
        return asdict(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class Trajectories:
    """The course of events under one policy, month by month, over futures.

    Parameters
    ----------
    policy
        Title of the policy.
    months
        Columns ``series``, ``period_start``, ``period_end``, ``p10``, ``median``, ``p90``.
    published
        Columns ``series``, ``period_start``, ``period_end``, ``value`` and ``use`` (fit or check).
    titles
        What each series is, with its unit.
    source
        Model, futures and seed in words.
    """

    policy: str
    months: pl.DataFrame
    published: pl.DataFrame
    titles: Mapping[str, str]
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Exploration:
    """Which policies hold up over many futures.

    Parameters
    ----------
    recommended
        Names in the order of the file: there is no first among them.
    stability
        Per alternative structure of the model, which policies would be recommended in its futures alone.
    evidence
        ``effects``: those of ``evaluate`` that futures had to reproduce; ``answers``: what would be recommended under
        each answer that ``attribute`` leaves open, or None where the model has no such futures. Empty without them.
    digest
        SHA-256 of all outcomes: equal digests mean equal bytes.
    outcomes
        Shape ``(n_policies, n_outcomes, n_runs)``; for charts and tables, not in the JSON answer.
    parameters
        Shape ``(n_parameters, n_runs)``.
    """

    policies: tuple[PolicyResult, ...]
    recommended: tuple[str, ...]
    price_of_constraint: tuple[ConstraintPrice, ...]
    failures: tuple[Failure, ...]
    sensitivity: tuple[Sensitivity, ...]
    stability: tuple[Mapping[str, Any], ...]
    evidence: Mapping[str, list[dict[str, Any]]]
    n_experiments: int
    n_runs: int
    digest: str
    checks: tuple[Check, ...]
    provenance: Provenance
    outcomes: npt.NDArray[np.float32]
    parameters: npt.NDArray[np.float32]

    @property
    def result_id(self) -> str:
        """The id of this result."""
        return self.provenance.result_id

    def values_of(self, uncertainty: str) -> npt.NDArray[np.float32]:
        """Return the values of an uncertainty in all futures."""
        values: npt.NDArray[np.float32] = self.parameters[list(PARAMETERS).index(uncertainty)]
        return values

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON answer of ``explore``; its keys are stable."""
        return {
            **self.provenance.header(),
            "n_experiments": self.n_experiments,
            "n_runs": self.n_runs,
            "digest": self.digest,
            "policies": [policy.to_dict() for policy in self.policies],
            "recommended": list(self.recommended),
            "stability": [dict(row) for row in self.stability],
            "evidence": {kind: list(rows) for kind, rows in self.evidence.items()},
            "price_of_constraint": [price.to_dict() for price in self.price_of_constraint],
            "failures": [failure.to_dict() for failure in self.failures],
            "sensitivity": [one.to_dict() for one in self.sensitivity],
            "checks": [check.to_dict() for check in self.checks],
            "provenance": self.provenance.to_dict(),
        }
