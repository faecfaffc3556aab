"""The price of the constraint: what a screened-out policy would change, always with its harms in the same cell."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from counterpoise.scenarios.parameters import OUTCOMES
from counterpoise.scenarios.policies import Policy
from counterpoise.scenarios.results import ConstraintPrice

__all__ = ["prices_of_constraint"]

HARMS = ("deaths", "injuries", "stranded_weeks")
PRICED = ("entries", "attempts", "onward_detections", "cohesion", "trust", "cost")
HARM_NOT_MODELLED = {
    "negotiated_deal": "what happens to people kept in or returned to the coercer's country is not modelled",
    "return_programme": "what happens to people after they return is not modelled",
}


def prices_of_constraint(
    regret: npt.NDArray[np.float32],
    policies: Sequence[Policy],
    admissible: npt.NDArray[np.bool_],
    harm_is_modelled: bool,
    level: float,
) -> tuple[ConstraintPrice, ...]:
    """Return the price of the constraint for every screened-out policy, in the order of the file.

    Parameters
    ----------
    regret
        Shape ``(n_policies, n_outcomes, n)``: against the best admissible policy of the same future.
    harm_is_modelled
        False if the priors say that nobody ever dies or waits: then nothing is priced.
    """
    names = list(OUTCOMES)
    tail = (1 - level) / 2

    def interval(values: npt.NDArray[np.float32]) -> dict[str, float]:
        lower, upper = np.quantile(values, [tail, 1 - tail])
        return {"lower": float(lower), "upper": float(upper)}

    prices = []
    for k in np.flatnonzero(~admissible).tolist():
        policy = policies[k]
        reasons = [
            why for lever, why in HARM_NOT_MODELLED.items() if lever in {r.lever for r in policy.levers}
        ]
        if not harm_is_modelled:
            reasons.append("the priors leave no deaths at the border")
        if reasons:
            prices.append(
                ConstraintPrice(
                    policy=policy.name,
                    outcome=None,
                    lower=None,
                    upper=None,
                    harms=None,
                    legal_exposure=None,
                    coercer_gain=None,
                    level=level,
                    refused="; ".join(reasons),
                )
            )
            continue
        of = {name: regret[k, names.index(name)] for name in names}
        for outcome in PRICED:
            gained = interval(-of[outcome])
            prices.append(
                ConstraintPrice(
                    policy=policy.name,
                    outcome=outcome,
                    lower=gained["lower"],
                    upper=gained["upper"],
                    harms={name: interval(of[name]) for name in HARMS},
                    legal_exposure=interval(of["legal_exposure"]),
                    coercer_gain=interval(of["coercer_gain"]),
                    level=level,
                )
            )
    return tuple(prices)
