"""Which futures are looked at: Latin hypercube and Sobol designs over the priors."""

from collections.abc import Iterator
from typing import Literal

import numpy as np
import numpy.typing as npt

from counterpoise.scenarios.parameters import PARAMETERS
from counterpoise.scenarios.worlds import World

__all__ = ["Design", "sample_scenarios", "scenarios_at"]

Design = Literal["latin_hypercube", "sobol"]


def sample_scenarios(world: World, n: int, *, design: Design, seed: int) -> npt.NDArray[np.float32]:
    """Return ``n`` scenarios, shape ``(len(PARAMETERS), n)``: each column a value within every prior.

    A Latin hypercube (McKay, Beckman & Conover 1979) has one scenario in each of ``n`` slices of every prior; a
    scrambled Sobol sequence (Owen 1995) fills all of them together, best with a power of two.
    """
    free = [prior for prior in world.all_priors.values() if prior.low < prior.high]
    rng = np.random.default_rng(seed)
    columns = _sobol(len(free), n, rng) if design == "sobol" else _latin_hypercube(len(free), n, rng)
    return scenarios_at(world, columns, n)


def scenarios_at(world: World, columns: Iterator[npt.NDArray[np.float64]], n: int) -> npt.NDArray[np.float32]:
    """Return the scenarios at shares of the ranges: one column of shares for each prior that is no single value."""
    values = np.empty((len(PARAMETERS), n), np.float32)
    for k, prior in enumerate(world.all_priors.values()):
        values[k] = prior.at(next(columns)) if prior.low < prior.high else prior.low
    return values


def _latin_hypercube(d: int, n: int, rng: np.random.Generator) -> Iterator[npt.NDArray[np.float64]]:
    """Yield the columns one by one, so that a million scenarios never stand in memory twice."""
    for _ in range(d):
        yield (rng.permutation(n) + rng.random(n)) / n


def _sobol(d: int, n: int, rng: np.random.Generator) -> Iterator[npt.NDArray[np.float64]]:
    from scipy.stats import qmc  # half a second to import, and only this design needs it

    yield from qmc.Sobol(d, rng=rng).random_base2(max(1, int(np.ceil(np.log2(n)))))[:n].T
