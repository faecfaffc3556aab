"""Many experiments: blocks of scenarios spread over threads, with the same bytes however many there are."""

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import cast

import numpy as np
import numpy.typing as npt

from counterpoise.scenarios._kernels import LANES, N_PEOPLE, simulate_block
from counterpoise.scenarios.model import LeverRows
from counterpoise.scenarios.noise import keys_of
from counterpoise.scenarios.parameters import N_LEVER_ROWS, OUTCOMES, SERIES

__all__ = ["Experiments", "run_experiments"]

Float = npt.NDArray[np.float32]

_simulate = cast("Callable[..., None]", simulate_block)

BLOCKS_A_TASK = 16
"""Blocks one thread takes at a time: some milliseconds of work, so that handing them out costs nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Experiments:
    """What every policy did in every scenario.

    Parameters
    ----------
    outcomes
        Shape ``(n_policies, len(OUTCOMES), n)``.
    series
        Shape ``(n_policies, n_weeks, len(SERIES), n)``; without a policy if they were not asked for.
    people
        Shape ``(n_policies, n)``: people in all pools at the end.
    """

    outcomes: Float
    series: Float
    people: Float


def run_experiments(
    parameters: Float,
    policies: Sequence[LeverRows],
    cold: Float,
    *,
    seed: int,
    first: int = 0,
    keep_series: bool = False,
    workers: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Experiments:
    """Return what every policy does in every scenario.

    Parameters
    ----------
    parameters
        Shape ``(len(PARAMETERS), n)``.
    policies
        The levers of each policy.
    cold
        Shape ``(n_weeks,)``.
    seed, first
        Seed of chance, and number of the first scenario: a part of a larger run has the same numbers.
    workers
        Threads; None: one for each processor. The numbers do not depend on it.
    progress
        Told how many scenarios of how many are done.
    """
    n, n_policies, n_weeks = parameters.shape[1], len(policies), len(cold)
    outcomes = np.empty((n_policies, len(OUTCOMES), n), np.float32)
    series = np.empty((n_policies if keep_series else 0, n_weeks, len(SERIES), n), np.float32)
    people = np.empty((n_policies, n), np.float32)
    levers = tuple(
        np.stack([getattr(rows, name) for rows in policies])
        for name in ("level", "start", "end", "step", "indicator", "threshold", "until")
    )
    assert levers[0].shape == (n_policies, N_LEVER_ROWS)

    def simulate_task(begin: int) -> int:
        block_out = np.empty((n_policies, len(OUTCOMES), LANES), np.float32)
        block_people = np.empty((n_policies, N_PEOPLE, LANES), np.float32)
        block_series = np.empty((n_policies if keep_series else 0, n_weeks, len(SERIES), LANES), np.float32)
        end: int = min(n, begin + BLOCKS_A_TASK * LANES)
        for at in range(begin, end, LANES):
            size = min(LANES, n - at)
            block = np.empty((len(parameters), LANES), np.float32)
            block[:, :size] = parameters[:, at : at + size]
            block[:, size:] = parameters[:, at : at + 1]  # spare lanes repeat a scenario, and are not read
            keys = keys_of(seed, first + at, LANES)
            _simulate(block, *levers, cold, *keys, block_out, block_series, block_people)
            outcomes[:, :, at : at + size] = block_out[:, :, :size]
            people[:, at : at + size] = block_people[:, :, :size].sum(axis=1)
            if keep_series:
                series[:, :, :, at : at + size] = block_series[:, :, :, :size]
        return end - begin

    done = 0
    with ThreadPoolExecutor(workers or os.cpu_count() or 1) as pool:
        for size in pool.map(simulate_task, range(0, n, BLOCKS_A_TASK * LANES)):
            done += size
            if progress is not None:
                progress(done, n)
    return Experiments(outcomes=outcomes, series=series, people=people)
