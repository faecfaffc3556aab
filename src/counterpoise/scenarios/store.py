"""Experiments as a Parquet data set with a manifest: in parts, resumed where a run was stopped.

A part holds one row per experiment (scenario, policy, outcomes) and, beside it, one row per scenario (uncertainties).
The manifest names the run by a hash of all that made it, so that a folder is never continued with another run.
"""

import hashlib
import io
import json
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from counterpoise.errors import InputError
from counterpoise.scenarios.parameters import OUTCOMES, PARAMETERS
from counterpoise.scenarios.run import Experiments

__all__ = ["PART", "Compute", "Part", "one_after_the_other", "parts_of", "read_experiments", "run_in_parts"]

Float = npt.NDArray[np.float32]

PART = 16_384
"""Scenarios of a part: seconds of work, so that little is lost, and no more files than one can look through."""
MANIFEST = "manifest.json"
PEOPLE = "people_at_end"
"""Column with the people in all pools at the end, by which a reader can see that nobody was made or lost."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A span of scenarios: ``first`` inclusive, ``n`` of them."""

    number: int
    first: int
    n: int


Compute = Callable[[Sequence[Part]], Iterable[tuple[Part, Experiments]]]


def parts_of(n: int, size: int = PART) -> tuple[Part, ...]:
    """Return the parts of a run of ``n`` scenarios."""
    return tuple(
        Part(number=k, first=first, n=min(size, n - first)) for k, first in enumerate(range(0, n, size))
    )


def run_in_parts(
    folder: Path,
    run_id: str,
    policies: Sequence[str],
    parameters: Float,
    compute: Compute,
    *,
    progress: Callable[[int, int], None] | None = None,
) -> Experiments:
    """Return the experiments of all parts, computing and writing those that are not there yet.

    Parameters
    ----------
    folder
        Made if it is not there.
    run_id
        Hash of all that makes the run.
    compute
        Given the parts that are missing, yields each with its experiments, in any order. What it has yielded is on
        disk before the next, so that a run can stop at any time.

    Raises
    ------
    InputError
        If the folder holds another run, a part that is damaged, or cannot be written.
    """
    n = parameters.shape[1]
    parts = parts_of(n)
    outcomes = np.empty((len(policies), len(OUTCOMES), n), np.float32)
    people = np.empty((len(policies), n), np.float32)
    kept = _kept_parts(folder, run_id)
    for part in parts:
        if part.number in kept:
            span = slice(part.first, part.first + part.n)
            outcomes[:, :, span], people[:, span] = _read_part(folder, part, kept[part.number], policies)
    missing = [part for part in parts if part.number not in kept]
    done = n - sum(part.n for part in missing)
    for part, found in compute(missing):
        span = slice(part.first, part.first + part.n)
        outcomes[:, :, span], people[:, span] = found.outcomes, found.people
        kept[part.number] = _write_part(folder, part, policies, parameters[:, span], found)
        _write_manifest(folder, run_id, policies, n, kept)
        done += part.n
        if progress is not None:
            progress(done, n)
    return Experiments(outcomes=outcomes, series=np.empty((0, 0, 0, 0), np.float32), people=people)


def read_experiments(folder: Path) -> pl.LazyFrame:
    """Return all experiments of a folder: scenario, policy, a column for each outcome, and people at the end."""
    return pl.scan_parquet(sorted(folder.glob("experiments-*.parquet")))


def _names(part: Part) -> tuple[str, str]:
    return f"experiments-{part.number:05d}.parquet", f"scenarios-{part.number:05d}.parquet"


def _frame(part: Part, policies: Sequence[str], found: Experiments) -> pl.DataFrame:
    scenario = np.tile(np.arange(part.first, part.first + part.n, dtype=np.uint32), len(policies))
    columns: dict[str, Any] = {
        "scenario": scenario,
        "policy": pl.Series(np.repeat(np.array(policies, dtype=object), part.n), dtype=pl.Categorical),
    }
    outcomes = {name: found.outcomes[:, k].ravel() for k, name in enumerate(OUTCOMES)}
    return pl.DataFrame(columns | outcomes | {PEOPLE: found.people.ravel()})


def _write_part(
    folder: Path, part: Part, policies: Sequence[str], parameters: Float, found: Experiments
) -> dict[str, Any]:
    experiments, scenarios = _names(part)
    number = np.arange(part.first, part.first + part.n, dtype=np.uint32)
    frame = pl.DataFrame({"scenario": number} | {name: parameters[k] for k, name in enumerate(PARAMETERS)})
    _write(folder / scenarios, _bytes_of(frame))
    content = _bytes_of(_frame(part, policies, found))
    _write(folder / experiments, content)
    return {
        "number": part.number,
        "first": part.first,
        "n": part.n,
        "experiments": experiments,
        "scenarios": scenarios,
        "sha256": hashlib.sha256(content).hexdigest(),
    }


def _read_part(
    folder: Path, part: Part, entry: dict[str, Any], policies: Sequence[str]
) -> tuple[Float, Float]:
    path = folder / _names(part)[0]
    try:
        content = path.read_bytes()
    except OSError as error:
        raise _damaged(path, error.strerror or str(error)) from error
    if hashlib.sha256(content).hexdigest() != entry["sha256"] or entry["n"] != part.n:
        raise _damaged(path, "bytes that are not those written")
    frame = pl.read_parquet(io.BytesIO(content))
    values = frame.select(list(OUTCOMES)).to_numpy().astype(np.float32)
    outcomes = values.reshape(len(policies), part.n, len(OUTCOMES)).transpose(0, 2, 1)
    return outcomes, frame[PEOPLE].to_numpy().reshape(len(policies), part.n)


def _kept_parts(folder: Path, run_id: str) -> dict[int, dict[str, Any]]:
    path = folder / MANIFEST
    if not path.exists():
        return {}
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
        found, parts = manifest["run_id"], {entry["number"]: entry for entry in manifest["parts"]}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise _damaged(path, "no manifest of a run") from error
    if found != run_id:
        raise InputError(
            expected=f"an empty folder, or one of the same run ({run_id})",
            found=f"run {found}",
            where=str(folder),
            hint="choose another folder, or the same model, policies, runs and seed as before",
        )
    return parts


def _write_manifest(
    folder: Path, run_id: str, policies: Sequence[str], n: int, kept: dict[int, dict[str, Any]]
) -> None:
    manifest = {
        "run_id": run_id,
        "n_scenarios": n,
        "policies": list(policies),
        "outcomes": {name: outcome.unit for name, outcome in OUTCOMES.items()},
        "complete": sum(entry["n"] for entry in kept.values()) == n,
        "parts": [kept[number] for number in sorted(kept)],
    }
    _write(folder / MANIFEST, json.dumps(manifest, indent=2).encode())


def _bytes_of(frame: pl.DataFrame) -> bytes:
    buffer = io.BytesIO()
    frame.write_parquet(buffer, compression="zstd", compression_level=1)
    return buffer.getvalue()


def _write(path: Path, content: bytes) -> None:
    """Write a file whole or not at all."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary.write_bytes(content)
        temporary.replace(path)
    except OSError as error:
        raise InputError(
            expected="a folder that can be written",
            found=error.strerror or str(error),
            where=str(path.parent),
            hint="choose another folder with --save",
        ) from error


def _damaged(path: Path, found: str) -> InputError:
    return InputError(
        expected="a part as it was written",
        found=found,
        where=str(path),
        hint="take the folder away and run again",
    )


def one_after_the_other(
    simulate: Callable[[Part], Experiments],
) -> Compute:
    """Return ``compute`` for :func:`run_in_parts` that works in this process."""

    def compute(missing: Sequence[Part]) -> Iterator[tuple[Part, Experiments]]:
        for part in missing:
            yield part, simulate(part)

    return compute
