"""Small worlds, parameters and policies for the tests of the scenario model."""

from typing import Any

import numpy as np
import numpy.typing as npt

from counterpoise.scenarios.design import sample_scenarios
from counterpoise.scenarios.model import LeverRows
from counterpoise.scenarios.parameters import INDICATORS, N_LEVER_ROWS, PARAMETERS
from counterpoise.scenarios.policies import Policy, lever_rows, parse_policies
from counterpoise.scenarios.worlds import Prior, World, load_world

Float = npt.NDArray[np.float32]


def world(**changes: Any) -> World:
    """Return the bundled world with changes; ``fixed={name: value}`` sets priors to one value."""
    fixed = changes.pop("fixed", {})
    base = load_world("belarus-eu-2021")
    priors = dict(base.priors)
    for name, value in fixed.items():
        priors[name] = Prior(low=value, high=value, scale="linear", unit="none", source="a test")
    return base.model_copy(update={"priors": priors, **changes})


def draw(n: int = 64, *, seed: int = 1, **fixed: float) -> Float:
    """Return scenarios from the bundled priors, some uncertainties set to one value."""
    parameters = sample_scenarios(load_world("belarus-eu-2021"), n, design="latin_hypercube", seed=seed)
    for name, value in fixed.items():
        parameters[list(PARAMETERS).index(name)] = value
    return parameters


def policy(*levers: str, name: str = "tried", **circumstances: bool) -> Policy:
    """Return a policy from lines such as ``lever: fence, level: 0.5``."""
    lines = "".join(f"      - {{{lever}}}\n" for lever in levers)
    stated = "".join(f"      {key}: {str(value).lower()}\n" for key, value in circumstances.items())
    text = f"policies:\n  - name: {name}\n    title: A policy\n    levers:{chr(10) + lines if lines else ' []'}\n"
    if stated:
        text += f"    circumstances:\n{stated}"
    return next(p for p in parse_policies(text, "a test") if p.name == name)


def rows(*levers: str) -> LeverRows:
    """Return the rows of levers of such a policy."""
    return lever_rows(policy(*levers))


def random_rows(rng: np.random.Generator) -> LeverRows:
    """Return levers at random levels, weeks and triggers."""
    n = N_LEVER_ROWS
    indicator = rng.integers(0, len(INDICATORS), n).astype(np.int32)
    threshold = np.where(indicator == 0, 0, rng.uniform(0, 2000, n)).astype(np.float32)
    return LeverRows(
        level=(rng.uniform(0, 1, n) * (rng.random(n) < 0.7)).astype(np.float32),
        start=rng.integers(0, 30, n).astype(np.float32),
        end=rng.integers(20, 120, n).astype(np.float32),
        step=rng.uniform(0.01, 1, n).astype(np.float32),
        indicator=indicator,
        threshold=threshold,
        until=np.where(indicator == 0, -1, threshold / 3).astype(np.float32),
    )


COLD = load_world("belarus-eu-2021").cold
