"""Futures that a calibration kept, as bundled with a case: read, and drawn from.

The table holds shares of the priors' ranges, so that it says where in a prior a future stands; it is written by
``benchmarks/skill/scenarios.py`` and never by hand.
"""

import csv
from functools import cache
from importlib.resources import files
from io import StringIO

import numpy as np
import numpy.typing as npt

from counterpoise.errors import InputError
from counterpoise.scenarios.design import scenarios_at
from counterpoise.scenarios.parameters import PARAMETERS
from counterpoise.scenarios.worlds import World

__all__ = ["calibrated_scenarios", "calibrated_worlds", "load_posterior", "transferred_shares"]

Values = npt.NDArray[np.float64]


def calibrated_worlds() -> tuple[str, ...]:
    """Return the worlds that come with a calibration."""
    folder = files("counterpoise.data").joinpath("scenarios")
    names = (f.name for f in folder.iterdir() if f.name.startswith("posterior-"))
    return tuple(sorted(name.removeprefix("posterior-").removesuffix(".csv") for name in names))


@cache
def load_posterior(world_id: str) -> tuple[tuple[str, ...], Values]:
    """Return the names of the uncertainties, and the shares of each kept future, shape ``(n_names, n)``.

    Raises
    ------
    InputError
        If the world has no calibration.
    """
    if world_id not in calibrated_worlds():
        raise InputError(
            expected="a model with a calibration: " + ", ".join(calibrated_worlds()),
            found=world_id,
            where="--futures calibrated",
            hint="use --futures priors",
        )
    name = f"posterior-{world_id}.csv"
    text = files("counterpoise.data").joinpath("scenarios", name).read_text(encoding="utf-8")
    head, *rows = csv.reader(StringIO(text))
    return tuple(head), np.array(rows, dtype=np.float64).T


def calibrated_scenarios(world: World, n: int, *, seed: int) -> npt.NDArray[np.float32]:
    """Return ``n`` scenarios drawn from the kept futures, each about as often; shape ``(len(PARAMETERS), n)``.

    Raises
    ------
    InputError
        If the world has no calibration, or its priors are no longer those it was made with.
    """
    names, shares = load_posterior(world.id)
    free = tuple(name for name, prior in world.all_priors.items() if prior.low < prior.high)
    if names != free:
        raise InputError(
            expected=f"a calibration of the {len(free)} uncertainties of the model",
            found=f"one of {len(names)}",
            where="--futures calibrated",
            hint="use --futures priors, or calibrate anew",
        )
    rng = np.random.default_rng(seed)
    kept = shares.shape[1]
    drawn = np.concatenate([rng.permutation(kept) for _ in range(-(-n // kept))])[:n]
    return scenarios_at(world, iter(shares[:, drawn]), n)


def transferred_shares(world: World, source: str, n: int, *, seed: int) -> Values:
    """Return shares for another world: of the calibration what is common, of the priors what is its own.

    An uncertainty the world's own file sets is drawn from there, since it is of the place; the others are taken
    together from the kept futures of ``source``, with what hangs together among them.
    """
    names, shares = load_posterior(source)
    rng = np.random.default_rng(seed)
    kept = shares[:, rng.integers(0, shares.shape[1], n)]
    rows = []
    for name in PARAMETERS:
        prior = world.all_priors[name]
        if prior.low < prior.high:
            own = name in world.priors or name not in names
            rows.append(rng.random(n) if own else kept[names.index(name)])
    return np.array(rows)
