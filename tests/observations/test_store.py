"""What an archive file takes: everything new once; never another value for the same figure or rule."""

from contextlib import closing
from dataclasses import replace
from datetime import date
from pathlib import Path

import duckdb
import polars as pl
import pytest

from counterpoise.errors import InputError
from counterpoise.observations.archive import layer, open_archive
from counterpoise.observations.batch import Batch, join_batches
from counterpoise.observations.bundled import read_bundled
from counterpoise.observations.ledger import ledger_frame
from counterpoise.observations.store import append_batch, default_archive_path, figures_on_disk, read_store
from counterpoise.schemas import OBSERVATIONS, SET_ASIDE
from tests.observations.builders import Cell, archive, batch, frame

IRQ: Cell = ("BY-PL", "IRQ", "2021-06")
SYR: Cell = ("BY-PL", "SYR", "2021-06")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "folder" / "archive.duckdb"


def read_again(one: Batch, **cells: float) -> Batch:
    """Return the same document read another way: ``IRQ=12`` gives that value to the nationality."""
    value = pl.col("nationality").replace_strict(cells, default=pl.col("value"), return_dtype=pl.Float64)
    return Batch(
        observations=one.observations.with_columns(value.alias("value")),
        documents=one.documents,
        datasets=one.datasets,
        vintages=one.vintages,
    )


def test_what_is_written_is_read(path: Path) -> None:
    aside = frame(
        [
            {
                "dataset": "test.flow",
                "document": "d-1",
                "locator": "row 3",
                "text": "Atlantis",
                "period_start": date(2021, 6, 1),
                "value": 4.0,
                "reason": "unknown nationality",
            }
        ],
        SET_ASIDE,
    )
    one = batch("2021-08-04", {IRQ: 10, SYR: 3}, flag="rounded")
    one = Batch(
        observations=one.observations,
        documents=one.documents,
        datasets=one.datasets,
        vintages=one.vintages,
        set_aside=aside,
        ledger=ledger_frame(
            one.documents["document"][0], read=3, kept=2, left_out={"unknown nationality": 1}
        ),
    )
    stored = append_batch(path, one)
    assert stored.n_new == {
        "documents": 1,
        "datasets": 1,
        "vintages": 1,
        "observations": 2,
        "set_aside": 1,
        "ledger": 3,
        "withdrawals": 0,
    }
    back = read_store(path)
    for name in stored.n_new:
        assert getattr(back, name).equals(getattr(one, name)), name


def test_an_archive_from_before_there_was_a_ledger_gets_one(path: Path) -> None:
    one = batch("2021-08-04", {IRQ: 10})
    append_batch(path, one)
    with closing(duckdb.connect(str(path))) as connection:
        connection.execute("DROP TABLE ledger")
    assert read_store(path).ledger.is_empty()
    entry = ledger_frame(one.documents["document"][0], read=1, kept=1, left_out={})
    append_batch(path, replace(one, ledger=entry))
    assert read_store(path).ledger.equals(entry)


def test_what_was_kept_aside_without_a_period_is_kept_once(path: Path) -> None:
    one = batch("2021-08-04", {IRQ: 10})
    aside = pl.DataFrame(
        {name: [None] for name in SET_ASIDE}, schema={name: c.dtype for name, c in SET_ASIDE.items()}
    )
    one = Batch(
        observations=one.observations,
        documents=one.documents,
        datasets=one.datasets,
        vintages=one.vintages,
        set_aside=aside.with_columns(text=pl.lit("Atlantis")),
    )
    assert append_batch(path, one).n_new["set_aside"] == 1
    assert not append_batch(path, one).changed


def test_only_what_is_new_is_added(path: Path) -> None:
    append_batch(path, batch("2021-08-04", {IRQ: 10}))
    before = path.read_bytes()
    assert not append_batch(path, batch("2021-08-04", {IRQ: 10})).changed
    assert path.read_bytes() == before
    stored = append_batch(path, batch("2021-09-04", {IRQ: 10}))
    assert stored.n_new["observations"] == stored.n_new["vintages"] == stored.n_new["documents"] == 1
    assert stored.n_new["datasets"] == 0


def test_another_locator_or_flag_of_a_stored_figure_is_no_new_figure(path: Path) -> None:
    one = batch("2021-08-04", {IRQ: 10})
    append_batch(path, one)
    moved = Batch(
        observations=one.observations.with_columns(locator=pl.lit("elsewhere"), flag=pl.lit("rounded")),
        documents=one.documents,
        datasets=one.datasets,
        vintages=one.vintages,
    )
    assert not append_batch(path, moved).changed


def test_a_document_read_with_another_value_is_refused(path: Path) -> None:
    one = batch("2021-08-04", {IRQ: 10, SYR: 3})
    append_batch(path, one)
    before = path.read_bytes()
    with pytest.raises(InputError) as caught:
        append_batch(path, read_again(one, IRQ=12))
    assert "12 instead of 10" in caught.value.found
    assert path.read_bytes() == before


def test_a_document_read_with_a_figure_less_is_refused_and_with_one_more_is_not(path: Path) -> None:
    whole = batch("2021-08-04", {IRQ: 10, SYR: 3})
    part = Batch(
        observations=whole.observations.filter(nationality="IRQ"),
        documents=whole.documents,
        datasets=whole.datasets,
        vintages=whole.vintages,
    )
    append_batch(path, part)
    assert append_batch(path, whole).n_new["observations"] == 1
    with pytest.raises(InputError):
        append_batch(path, part)


@pytest.mark.parametrize(
    "rule", [{"dense": False}, {"lag_days": None}, {"lag_days": 35}], ids=["dense", "no lag", "lag"]
)
def test_a_dataset_with_another_rule_is_refused_in_either_order(path: Path, rule: dict[str, None]) -> None:
    batches = [batch("2021-08-04", {IRQ: 10}), batch("2021-09-04", {IRQ: 11}, **rule)]
    for number, (first, second) in enumerate((batches, batches[::-1])):
        place = path.with_name(f"{number}.duckdb")
        append_batch(place, first)
        before = place.read_bytes()
        with pytest.raises(InputError):
            append_batch(place, second)
        assert place.read_bytes() == before


def test_two_documents_of_one_day_are_both_kept_and_the_difference_is_told(path: Path) -> None:
    append_batch(path, batch("2021-08-04", {IRQ: 10, SYR: 3}))
    stored = append_batch(path, batch("2021-08-04", {IRQ: 12, SYR: 3}))
    assert stored.n_new["observations"] == 2
    assert stored.conflicts.select("nationality", "value", "value_stored").rows() == [("IRQ", 12.0, 10.0)]


def test_an_empty_batch_makes_an_archive(path: Path) -> None:
    append_batch(path, batch("2021-08-04", {}))
    assert read_store(path).observations.is_empty()


def test_the_default_archive_is_layered_over_bundled_figures(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert open_archive().path is None
    append_batch(default_archive_path(), batch("2021-08-04", {IRQ: 10}))
    found = open_archive()
    assert found.path == default_archive_path()
    assert {"test.flow", "frontex.ibc", "vsat.bulletin"} <= set(found.observations["dataset"])


def test_a_dense_dataset_of_the_user_replaces_the_bundled_extract() -> None:
    own = batch("2023-02-03", {("eastern-borders", "IRQ", "2021-06"): 352}, dataset="frontex.ibc")
    found = layer(own, read_bundled())
    assert found.observations.filter(dataset="frontex.ibc").height == 1
    assert found.vintages.filter(dataset="frontex.ibc")["known_on"].to_list() == [date(2023, 2, 3)]
    assert found.observations.filter(dataset="vsat.bulletin").height > 0


def test_a_sparse_dataset_of_the_user_is_added_and_does_not_change_how_the_bundled_one_is_read() -> None:
    bundled = read_bundled()
    own = batch(
        "2021-08-04", {("BY-LT", "TOTAL", "2021-06"): 5}, dataset="vsat.bulletin", dense=False, lag_days=1
    )
    found = layer(own, bundled)
    n_bundled = bundled.observations.filter(dataset="vsat.bulletin").height
    assert found.observations.filter(dataset="vsat.bulletin").height == n_bundled + 1
    assert found.datasets.filter(dataset="vsat.bulletin")["lag_days"].to_list() == [None]


def test_joined_batches_hold_each_row_once() -> None:
    one = batch("2021-08-04", {IRQ: 10})
    joined = join_batches([one, one, batch("2021-09-04", {IRQ: 11})])
    assert (joined.observations.height, joined.documents.height, joined.datasets.height) == (2, 2, 1)


def test_corridors_of_the_user_are_in_the_registry_of_the_archive() -> None:
    found = archive(batch("2021-08-04", {("my-border", "IRQ", "2021-06"): 10}))
    assert found.corridors["my-border"].kind == "user"
    assert "my-border" not in archive(batch("2021-08-04", {IRQ: 1})).corridors


def test_one_corridor_is_read_without_all_others(path: Path) -> None:
    one = batch("2021-08-04", {IRQ: 10, SYR: 3, ("RU-FI", "IRQ", "2021-06"): 7})
    append_batch(path, one)
    append_batch(path, batch("2021-09-04", {IRQ: 11}, dataset="test.other"))

    with figures_on_disk(path) as figures:
        found = figures.of_corridor("BY-PL")
        assert sorted(found["value"]) == [3, 10, 11]
        assert found.columns == list(OBSERVATIONS)
        assert figures.of_corridor("BY-PL", "test.other")["value"].to_list() == [11]
        assert figures.of_corridor("nowhere").is_empty()
    with pytest.raises(InputError, match="no file"), figures_on_disk(path.with_name("other")):
        pass
