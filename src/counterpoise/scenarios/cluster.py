"""The same run on a Dask cluster: parts as tasks, with the same bytes however many workers there are.

A task costs the scheduler as much as some ten thousand experiments, so tasks are whole parts. ``dask.distributed``
is an extra: ``pip install counterpoise[cluster]``.
"""

from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt

from counterpoise.errors import AnalysisError, InputError
from counterpoise.scenarios.model import LeverRows
from counterpoise.scenarios.run import Experiments, run_experiments
from counterpoise.scenarios.store import Compute, Part

__all__ = ["on_cluster"]

Float = npt.NDArray[np.float32]

PATIENCE = 60.0
"""Seconds without a part done after which it is asked whether any worker is left: those that start take some time."""


def on_cluster(
    address: str, parameters: Float, policies: Sequence[LeverRows], cold: Float, *, seed: int
) -> Compute:
    """Return ``compute`` for ``run_in_parts`` that works on the cluster at an address, e.g. ``tcp://host:8786``.

    Raises
    ------
    InputError
        If dask.distributed is not installed.
    AnalysisError
        While computing: if the scheduler cannot be reached, it dies in mid-run, or no worker is left; parts written
        until then are kept.
    """
    try:
        import distributed
    except ImportError as error:
        raise InputError(
            expected="dask.distributed",
            found="no such package",
            where="--scheduler",
            hint="pip install 'counterpoise[cluster]'",
        ) from error

    def compute(missing: Sequence[Part]) -> Iterator[tuple[Part, Experiments]]:
        if not missing:
            return
        try:
            with distributed.Client(address, timeout="5s") as client:
                waiting = {
                    client.submit(
                        _simulate_part,
                        parameters[:, part.first : part.first + part.n],
                        tuple(policies),
                        cold,
                        seed,
                        part.first,
                        pure=False,
                        retries=2,
                    ): part
                    for part in missing
                }
                while waiting:
                    try:
                        done = distributed.wait(
                            list(waiting), timeout=PATIENCE, return_when="FIRST_COMPLETED"
                        ).done
                    except TimeoutError:
                        if client.nthreads():
                            continue
                        raise TimeoutError("no worker is left") from None
                    for future in done:
                        yield waiting.pop(future), future.result()
        except (OSError, TimeoutError, distributed.CancelledError, distributed.KilledWorker) as error:
            raise AnalysisError(
                expected="a cluster that answers until the run is done",
                found=str(error).split("\n", maxsplit=1)[0].rstrip(":") or type(error).__name__,
                where=f"--scheduler {address}",
                hint="what was done is kept; run the same command again to go on",
            ) from error

    return compute


def _simulate_part(
    parameters: Float, policies: Sequence[LeverRows], cold: Float, seed: int, first: int
) -> Experiments:
    """Run one part on one thread: a worker process is one of several already."""
    return run_experiments(parameters, policies, cold, seed=seed, first=first, workers=1)
