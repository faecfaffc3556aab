"""Many experiments: blocks of scenarios spread over threads, with the same bytes however many there are."""

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from counterpoise.scenarios._layout import LANES, N_PEOPLE, N_WORK
from counterpoise.scenarios.model import LeverRows
from counterpoise.scenarios.native import native
from counterpoise.scenarios.noise import N_NORMALS, keys_of
from counterpoise.scenarios.parameters import N_LEVER_ROWS, OUTCOMES, SERIES

__all__ = ["Experiments", "run_experiments"]

Float = npt.NDArray[np.float32]

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
    names = ("level", "start", "end", "step", "indicator", "threshold", "until")
    levers = np.array([[getattr(rows, name) for rows in policies] for name in names], np.float32)
    assert levers.shape == (len(names), n_policies, N_LEVER_ROWS)
    cold = np.ascontiguousarray(cold, np.float32)
    simulate = native("simulate_block")

    def simulate_task(begin: int) -> int:
        work = np.empty((N_WORK, LANES), np.float32)
        noise = np.empty((n_weeks, N_NORMALS + 1, LANES), np.float32)
        block_out = np.empty((n_policies, len(OUTCOMES), LANES), np.float32)
        block_people = np.empty((n_policies, N_PEOPLE, LANES), np.float32)
        block_series = np.empty((n_policies if keep_series else 0, n_weeks, len(SERIES), LANES), np.float32)
        end: int = min(n, begin + BLOCKS_A_TASK * LANES)
        for at in range(begin, end, LANES):
            size = min(LANES, n - at)
            work[: len(parameters), :size] = parameters[:, at : at + size]
            work[: len(parameters), size:] = parameters[
                :, at : at + 1
            ]  # spare lanes repeat one, and are not read
            keys = np.array(keys_of(seed, first + at, LANES))
            arrays = (work, noise, levers, cold, keys, block_out, block_series, block_people)
            simulate(*arrays, n_policies, n_weeks, int(keep_series))
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
