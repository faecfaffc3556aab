"""Which policies hold up: regret, satisficing, 90th-percentile robustness, and what may be recommended.

Nothing here adds up unlike outcomes: there are no weights between lives, rights, trust and money. Rights screens
come before; what they hold back is never looked at as a candidate.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from counterpoise.scenarios.options import ExploreOptions
from counterpoise.scenarios.parameters import OUTCOMES

__all__ = ["HEADLINE", "Robustness", "regret_of", "robustness_of", "signs"]

Float = npt.NDArray[np.float32]
Flags = npt.NDArray[np.bool_]

HEADLINE = (
    "attempts",
    "deaths",
    "stranded_weeks",
    "unmet_claims",
    "legal_exposure",
    "coercer_gain",
    "polarisation",
    "cohesion",
    "cost",
)
"""Outcomes a recommendation looks at; entries are none of them, for a person let in is no harm."""
HELP = ("attempts", "deaths", "stranded_weeks", "coercer_gain")
"""Outcomes of which a policy must clearly improve one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Robustness:
    """How policies stand over all scenarios.

    Parameters
    ----------
    regret
        Shape ``(n_policies, n_outcomes)``: 90th percentile of how much worse a policy is than the best admissible
        one of the same scenario, in the outcome's unit.
    median_regret
        The same, median.
    no_worse
        Shape ``(n_policies, n_outcomes)``: share of scenarios in which it is no worse than no response.
    helps
        Shape ``(n_policies, n_outcomes)``: share of scenarios in which it is clearly better than no response.
    recommended
        Shape ``(n_policies,)``.
    """

    regret: npt.NDArray[np.float64]
    median_regret: npt.NDArray[np.float64]
    no_worse: npt.NDArray[np.float64]
    helps: npt.NDArray[np.float64]
    recommended: Flags


def signs() -> Float:
    """Return 1 for outcomes of which less is better and -1 for the others; shape ``(n_outcomes,)``."""
    return np.array([1 if o.better == "lower" else -1 for o in OUTCOMES.values()], np.float32)


def regret_of(outcomes: Float, admissible: Flags) -> Float:
    """Return how much worse each policy is than the best admissible one of the same scenario (Savage 1951).

    Parameters
    ----------
    outcomes
        Shape ``(n_policies, n_outcomes, n)``.
    admissible
        Shape ``(n_policies,)``. A policy that is not admissible may come out below 0.

    Returns
    -------
    array
        The shape of ``outcomes``, in the outcomes' units.
    """
    loss = outcomes * signs()[:, None]
    return np.asarray(loss - loss[admissible].min(axis=0), dtype=np.float32)


def robustness_of(outcomes: Float, admissible: Flags, baseline: int, options: ExploreOptions) -> Robustness:
    """Return how policies stand, and which may be recommended.

    A policy is recommended if it is admissible; in nearly all scenarios no worse than no response, outcome by
    outcome, cost apart; clearly better in at least half of them in one outcome of ``HELP``; and not dominated: no
    other such policy has a 90th-percentile regret as low in every headline outcome and lower in one (compare
    McPhail et al. 2018, section 2, on robustness metrics).
    """
    regret = regret_of(outcomes, admissible)
    loss = outcomes * signs()[:, None]
    base = loss[baseline]
    slack = options.tolerance * np.maximum(np.abs(base), _smallest(outcomes))
    no_worse = (loss <= base + slack).mean(axis=2)
    helps = (loss <= base - options.help_by * np.abs(base) - 1e-6).mean(axis=2)
    names = list(OUTCOMES)
    careful = [names.index(name) for name in HEADLINE if name != "cost"]
    helped = [names.index(name) for name in HELP]
    ninetieth = _quantile(regret, options.regret_quantile)
    candidates = (
        admissible
        & (no_worse[:, careful] >= options.no_worse_share).all(axis=1)
        & (helps[:, helped] >= options.help_share).any(axis=1)
    )
    headline = [names.index(name) for name in HEADLINE]
    return Robustness(
        regret=ninetieth,
        median_regret=_quantile(regret, 0.5),
        no_worse=no_worse,
        helps=helps,
        recommended=candidates & ~_dominated(ninetieth[:, headline], candidates),
    )


def _quantile(values: Float, share: float) -> npt.NDArray[np.float64]:
    return np.asarray(np.quantile(values, share, axis=2), dtype=np.float64)


def _smallest(outcomes: Float) -> Float:
    """Return, per outcome, a size below which differences are not told apart: a fifth of the usual largest value."""
    return np.asarray(np.quantile(np.abs(outcomes).max(axis=0), 0.5, axis=1) * 0.2, np.float32)[:, None]


def _dominated(regret: npt.NDArray[np.float64], candidates: Flags) -> Flags:
    out = np.zeros(len(regret), np.bool_)
    for a in np.flatnonzero(candidates):
        for b in np.flatnonzero(candidates):
            if a != b and (regret[b] <= regret[a]).all() and (regret[b] < regret[a]).any():
                out[a] = True
    return out


def order_of(names: Sequence[str], recommended: Flags) -> list[str]:
    """Return the names of recommended policies, in the order of the file: there is no first among them."""
    return [name for name, yes in zip(names, recommended, strict=True) if yes]
