"""Experiments as a data set: resumed where it stopped, never mixed with another run; the same bytes on a cluster."""

import json
import warnings
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from counterpoise.errors import AnalysisError, InputError
from counterpoise.scenarios.cluster import on_cluster
from counterpoise.scenarios.policies import lever_rows, load_policies
from counterpoise.scenarios.run import Experiments, run_experiments
from counterpoise.scenarios.store import (
    Part,
    one_after_the_other,
    parts_of,
    read_experiments,
    run_in_parts,
)
from tests.scenarios.builders import COLD, draw

NAMES = ["no-response", "diplomacy"]
POLICIES = [lever_rows(policy) for policy in load_policies() if policy.name in NAMES]
N = 100
PARAMETERS = draw(N)
WHOLE = run_experiments(PARAMETERS, POLICIES, COLD, seed=2)


@pytest.fixture(autouse=True)
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("counterpoise.scenarios.store.PART", 30)
    monkeypatch.setattr("counterpoise.scenarios.store.parts_of", lambda n: parts_of(n, 30))


def simulate(part: Part) -> Experiments:
    span = PARAMETERS[:, part.first : part.first + part.n]
    return run_experiments(span, POLICIES, COLD, seed=2, first=part.first)


def stored(folder: Path, compute, run_id: str = "run-1") -> Experiments:
    return run_in_parts(folder, run_id, NAMES, PARAMETERS, compute)


def test_parts_cover_the_run_once() -> None:
    parts = parts_of(100, 30)
    assert [(p.first, p.n) for p in parts] == [(0, 30), (30, 30), (60, 30), (90, 10)]


def test_a_stored_run_has_the_numbers_of_one_in_memory(tmp_path: Path) -> None:
    found = stored(tmp_path, one_after_the_other(simulate))
    np.testing.assert_array_equal(found.outcomes, WHOLE.outcomes)
    np.testing.assert_array_equal(found.people, WHOLE.people)
    frame = read_experiments(tmp_path).collect()
    assert frame.height == N * len(NAMES)
    deaths = (
        frame.filter(pl.col("policy").cast(pl.String) == "diplomacy").sort("scenario")["deaths"].to_numpy()
    )
    np.testing.assert_array_equal(deaths, WHOLE.outcomes[1, 3])
    manifest = json.loads((tmp_path / "manifest.json").read_text())
    assert manifest["complete"]
    assert manifest["run_id"] == "run-1"


def test_a_run_that_stopped_goes_on_where_it_was(tmp_path: Path) -> None:
    made: list[int] = []

    def stops_after_two(missing: Sequence[Part]) -> Iterator[tuple[Part, Experiments]]:
        for part in missing[:2]:
            made.append(part.number)
            yield part, simulate(part)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        stored(tmp_path, stops_after_two)
    assert not json.loads((tmp_path / "manifest.json").read_text())["complete"]

    def goes_on(missing: Sequence[Part]) -> Iterator[tuple[Part, Experiments]]:
        for part in reversed(missing):
            made.append(part.number)
            yield part, simulate(part)

    found = stored(tmp_path, goes_on)
    assert sorted(made) == [0, 1, 2, 3]
    np.testing.assert_array_equal(found.outcomes, WHOLE.outcomes)


def test_another_run_is_not_written_into_the_folder(tmp_path: Path) -> None:
    stored(tmp_path, one_after_the_other(simulate))
    with pytest.raises(InputError) as raised:
        stored(tmp_path, one_after_the_other(simulate), run_id="run-2")
    assert "run-1" in raised.value.found


def test_a_damaged_part_or_manifest_is_said(tmp_path: Path) -> None:
    stored(tmp_path, one_after_the_other(simulate))
    path = tmp_path / "experiments-00001.parquet"
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    with pytest.raises(InputError) as raised:
        stored(tmp_path, one_after_the_other(simulate))
    assert "experiments-00001" in raised.value.where
    (tmp_path / "manifest.json").write_text("{}")
    with pytest.raises(InputError):
        stored(tmp_path, one_after_the_other(simulate))


def test_a_cluster_of_two_processes_gives_the_same_bytes_and_what_it_did_is_kept_when_it_dies(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    distributed = pytest.importorskip("distributed", reason="the extra 'cluster' is not installed")
    monkeypatch.setattr("counterpoise.scenarios.cluster.PATIENCE", 0.5)

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of the cluster's own making: ports in use, and the like
        with distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None, host="127.0.0.1"
        ) as cluster:
            address = cluster.scheduler_address
            found = stored(tmp_path / "whole", on_cluster(address, PARAMETERS, POLICIES, COLD, seed=2))
            np.testing.assert_array_equal(found.outcomes, WHOLE.outcomes)

            def struck(missing: Sequence[Part]) -> Iterator[tuple[Part, Experiments]]:
                compute = on_cluster(address, PARAMETERS, POLICIES, COLD, seed=2)
                for k, done in enumerate(compute(missing)):
                    yield done
                    if k == 0:
                        cluster.close()

            with pytest.raises(AnalysisError) as raised:
                stored(tmp_path / "part", struck)
    assert "run the same command again" in raised.value.hint
    kept = len(json.loads((tmp_path / "part" / "manifest.json").read_text())["parts"])
    assert 1 <= kept < 4
    resumed = stored(tmp_path / "part", one_after_the_other(simulate))
    np.testing.assert_array_equal(resumed.outcomes, WHOLE.outcomes)


def test_a_cluster_without_a_worker_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    distributed = pytest.importorskip("distributed", reason="the extra 'cluster' is not installed")
    monkeypatch.setattr("counterpoise.scenarios.cluster.PATIENCE", 0.2)
    with distributed.LocalCluster(n_workers=0, dashboard_address=None, host="127.0.0.1") as cluster:
        compute = on_cluster(cluster.scheduler_address, PARAMETERS, POLICIES, COLD, seed=2)
        with pytest.raises(AnalysisError) as raised:
            list(compute(parts_of(N, 30)))
    assert "no worker is left" in raised.value.found
