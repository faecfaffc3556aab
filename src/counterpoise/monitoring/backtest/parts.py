"""The work of a back-test in parts: one detector over one matrix; run side by side, kept, and taken up again.

Parts are the same whatever the number of workers, and every random number is drawn before they are made, so that
neither workers nor an interruption can change a result.
"""

import os
import signal
import tempfile
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from multiprocessing import get_context
from pathlib import Path
from time import perf_counter
from typing import Literal

import numpy as np
import numpy.typing as npt

from counterpoise.errors import InputError
from counterpoise.monitoring.backtest.score import QuantileForecaster, score_forecasts
from counterpoise.monitoring.detectors.base import Array, Detector
from counterpoise.provenance import sha256_of

__all__ = ["Part", "compute_part", "run_parts"]

Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One detector over one matrix.

    Parameters
    ----------
    detector
        What to run.
    name
        What the matrix is, e.g. ``real`` or ``simulated busy``.
    measure
        ``scores`` or ``forecasts`` (see ``score_forecasts``).
    values
        Counts, series x months.
    first_month
        Calendar month of the first column.
    columns
        Columns to keep, series x k; None: all.
    """

    detector: Detector
    name: str
    measure: Literal["scores", "forecasts"]
    values: Array
    first_month: int
    columns: npt.NDArray[np.int64] | None = None

    @property
    def key(self) -> tuple[str, str]:
        """Detector and matrix."""
        return self.detector.name, self.name

    def digest(self) -> str:
        """Return a hash of everything that makes the result, the monitoring code too."""
        head = f"{_code_digest()} {self.detector!r} {self.name} {self.measure} {self.first_month}"
        arrays = [self.values] if self.columns is None else [self.values, self.columns]
        bodies = [f"{array.shape}".encode() + np.ascontiguousarray(array).tobytes() for array in arrays]
        return sha256_of(b"\n".join([head.encode(), *bodies]))


@cache
def _code_digest() -> str:
    """Return a hash of the code of the monitoring stage: a part kept from other code is not taken up."""

    def sources(folder: Traversable) -> list[bytes]:
        entries = sorted(folder.iterdir(), key=lambda entry: entry.name)
        own = [e.read_bytes() for e in entries if e.is_file() and e.name.endswith(".py")]
        return own + [text for e in entries if e.is_dir() for text in sources(e)]

    return sha256_of(b"\n".join(sources(files("counterpoise.monitoring"))))


def compute_part(part: Part) -> Array:
    """Return the scores of a part, series x months (or x k), or scores of forecasts x series x months."""
    if part.measure == "forecasts":
        assert isinstance(part.detector, QuantileForecaster)
        return score_forecasts(part.detector, part.values, first_month=part.first_month)
    scores = np.asarray(part.detector.score(part.values, first_month=part.first_month), dtype=np.float64)
    return scores if part.columns is None else np.take_along_axis(scores, part.columns, axis=1)


def _timed(part: Part) -> tuple[Array, float]:
    started = perf_counter()
    return compute_part(part), perf_counter() - started


def run_parts(
    parts: Sequence[Part], *, workers: int = 1, resume: Path | None = None, progress: Progress | None = None
) -> dict[tuple[str, str], Array]:
    """Return the result of every part by detector and matrix.

    Parameters
    ----------
    parts
        What to do.
    workers
        Processes side by side; 1 works in this one.
    resume
        Folder in which finished parts are kept and from which they are taken up again.
    progress
        Told a line for each finished part.

    Raises
    ------
    InputError
        If the folder cannot be written.
    """
    said = progress or (lambda _: None)
    done: dict[tuple[str, str], Array] = {}
    kept = {part.key: _kept(resume, part) for part in parts} if resume is not None else {}

    def finish(part: Part, result: Array, seconds: float | None) -> None:
        if seconds is not None and resume is not None:
            _keep(resume, part, result)
        done[part.key] = result
        how = "kept from before" if seconds is None else f"{seconds:.1f} s"
        said(f"[{len(done)}/{len(parts)}] {part.detector.name}: {part.name} ({how})")

    waiting = []
    for part in parts:
        result = kept.get(part.key)
        if result is None:
            waiting.append(part)
        else:
            finish(part, result, None)
    if workers == 1:
        for part in waiting:
            finish(part, *_timed(part))
        return done
    with ProcessPoolExecutor(
        max_workers=workers,
        mp_context=get_context("spawn"),
        initializer=signal.signal,  # an interruption is for this process, which then lets its workers end
        initargs=(signal.SIGINT, signal.SIG_IGN),
    ) as pool:
        futures: dict[Future[tuple[Array, float]], Part] = {
            pool.submit(_timed, part): part for part in waiting
        }
        try:
            for future in as_completed(futures):
                finish(futures[future], *future.result())
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    return done


def _kept(folder: Path | None, part: Part) -> Array | None:
    """Return what was kept of a part; None if nothing, or not whole."""
    if folder is None:
        return None
    try:
        kept = np.load(folder / f"{part.digest()}.npy", allow_pickle=False)
    except (OSError, ValueError, EOFError):
        return None
    return np.asarray(kept, dtype=np.float64)


def _keep(folder: Path, part: Part, result: Array) -> None:
    """Write the result of a part whole or not at all."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=folder, suffix=".tmp")
        try:
            with os.fdopen(handle, "wb") as file:
                np.save(file, result, allow_pickle=False)
            Path(temporary).replace(folder / f"{part.digest()}.npy")
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise InputError(
            expected="a folder that can be written",
            found=error.strerror or str(error),
            where=str(folder),
            hint="choose another place with --resume",
        ) from error
