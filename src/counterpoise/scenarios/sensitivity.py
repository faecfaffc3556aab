"""Which uncertainties the outcomes hang on: Sobol indices of outcomes and of what a policy changes in them."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from counterpoise.scenarios.design import scenarios_at
from counterpoise.scenarios.model import LeverRows
from counterpoise.scenarios.parameters import OUTCOMES
from counterpoise.scenarios.results import Sensitivity
from counterpoise.scenarios.run import run_experiments
from counterpoise.scenarios.sobol import estimate_indices, saltelli_design
from counterpoise.scenarios.worlds import World

__all__ = ["sensitivities"]

LOOKED_AT = ("attempts", "deaths", "coercer_gain")
N_RESAMPLES = 200


def sensitivities(
    world: World,
    policies: Sequence[tuple[str, LeverRows]],
    *,
    n: int,
    seed: int,
    level: float,
    workers: int | None = None,
) -> tuple[Sensitivity, ...]:
    """Return indices of outcomes, on a log scale since they span decades, for each policy.

    Chance in a scenario is the same at the same place of the design, so that indices are of the uncertainties; it
    stands among the interactions. Intervals are by resampling the ``n`` base points.
    """
    free = [name for name, prior in world.all_priors.items() if prior.low < prior.high]
    rng = np.random.default_rng(seed)
    design = saltelli_design(len(free), n, rng)
    parameters = scenarios_at(world, iter(design.reshape(-1, len(free)).T), design.shape[0] * n)
    parts = [
        run_experiments(
            parameters[:, k * n : (k + 1) * n],
            [rows for _, rows in policies],
            world.cold,
            seed=seed,
            workers=workers,
        ).outcomes
        for k in range(design.shape[0])
    ]
    names = list(OUTCOMES)
    picks = rng.integers(0, n, (N_RESAMPLES, n))
    found = []
    for p, (policy, _) in enumerate(policies):
        for outcome in LOOKED_AT:
            y = np.log1p(np.array([part[p, names.index(outcome)] for part in parts], dtype=np.float64))
            first, total = estimate_indices(y[0], y[1], y[2:])
            resampled = np.array([estimate_indices(*_at(y, pick)) for pick in picks])
            tail = (1 - level) / 2
            with np.errstate(invalid="ignore"):
                lower, upper = np.quantile(resampled, [tail, 1 - tail], axis=0)
            found += [
                Sensitivity(
                    policy=policy,
                    outcome=outcome,
                    uncertainty=name,
                    first=float(first[k]),
                    first_lower=float(lower[0, k]),
                    first_upper=float(upper[0, k]),
                    total=float(total[k]),
                    total_lower=float(lower[1, k]),
                    total_upper=float(upper[1, k]),
                    level=level,
                )
                for k, name in enumerate(free)
                if np.isfinite(total[k])
            ]
    return tuple(found)


def _at(
    y: npt.NDArray[np.float64], pick: npt.NDArray[np.int64]
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    return y[0, pick], y[1, pick], y[2:, pick]
