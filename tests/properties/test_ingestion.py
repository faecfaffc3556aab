"""Files of an archive: the order of ingestion does not matter, and a second ingestion changes nothing."""

import tempfile
from datetime import date
from pathlib import Path
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from counterpoise.errors import AnalysisError
from counterpoise.monitoring import Detection, detect
from counterpoise.observations.archive import Archive
from counterpoise.observations.batch import Batch
from counterpoise.observations.store import append_batch, read_store
from tests.properties.archives import collections, replay_days


def ingest(path: Path, batches: list[Batch]) -> Archive:
    for one in batches:
        append_batch(path, one)
    return Archive.from_batch(read_store(path))


def detection(stored: Archive, day: date) -> Detection | None:
    try:
        return detect(stored, as_of=day)
    except AnalysisError:
        return None


@given(collections(most=3), replay_days, st.randoms(use_true_random=False))
@settings(max_examples=8, deadline=None)
def test_the_order_does_not_matter(batches: list[Batch], day: date, random: Random) -> None:
    shuffled = [*batches]
    random.shuffle(shuffled)
    with tempfile.TemporaryDirectory() as folder:
        one = ingest(Path(folder) / "one.duckdb", batches)
        other = ingest(Path(folder) / "other.duckdb", shuffled)
    assert one.as_of(day).observations.equals(other.as_of(day).observations)
    assert one.documents.equals(other.documents)
    assert one.vintages.equals(other.vintages)
    first, second = detection(one, day), detection(other, day)
    assert (first is None) == (second is None)
    if first is not None and second is not None:
        assert first.alarms.equals(second.alarms)
        assert first.result_id == second.result_id


@given(collections(most=2))
@settings(max_examples=4, deadline=None)
def test_a_second_ingestion_changes_nothing(batches: list[Batch]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "archive.duckdb"
        ingest(path, batches)
        before = path.read_bytes()
        for one in batches:
            assert not append_batch(path, one).changed
        assert path.read_bytes() == before
