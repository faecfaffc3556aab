"""The as-of rule: newest vintage by the day, dense and sparse, and the assumed lag before the first one."""

from datetime import date

import polars as pl
import pytest

from counterpoise.errors import AnalysisError
from counterpoise.observations.as_of import add_flag
from tests.observations.builders import Cell, archive, batch

IRQ_MAY: Cell = ("BY-PL", "IRQ", "2021-05")
IRQ_JUNE: Cell = ("BY-PL", "IRQ", "2021-06")
SYR_MAY: Cell = ("BY-PL", "SYR", "2021-05")


def known(found: pl.DataFrame) -> dict[Cell, tuple[float, str, str]]:
    """Return value, day and flag by cell."""
    rows = found.with_columns(pl.col("period_start").dt.strftime("%Y-%m"), pl.col("known_on").cast(pl.String))
    columns = ["corridor", "nationality", "period_start", "value", "known_on", "flag"]
    return {(c, n, p): (v, k, f) for c, n, p, v, k, f in rows.select(columns).iter_rows()}


@pytest.mark.parametrize("dense", [True, False])
def test_the_newest_vintage_by_the_day_counts(dense: bool) -> None:
    stored = archive(
        batch("2021-08-04", {IRQ_MAY: 10, IRQ_JUNE: 20}, dense=dense),
        batch("2021-09-04", {IRQ_MAY: 11, IRQ_JUNE: 21}, dense=dense),
    )
    first = {IRQ_MAY: (10.0, "2021-08-04", ""), IRQ_JUNE: (20.0, "2021-08-04", "")}
    second = {IRQ_MAY: (11.0, "2021-09-04", ""), IRQ_JUNE: (21.0, "2021-09-04", "")}
    assert known(stored.as_of(date(2021, 9, 3)).observations) == first
    assert known(stored.as_of(date(2021, 9, 4)).observations) == second
    assert known(stored.as_of().observations) == second


def test_a_cell_missing_from_a_newer_vintage_is_zero_in_a_dense_dataset() -> None:
    both = {IRQ_MAY: 10, SYR_MAY: 3}
    stored = archive(batch("2021-08-04", both), batch("2021-09-04", {IRQ_MAY: 10}))
    assert SYR_MAY not in known(stored.as_of().observations)


def test_a_cell_missing_from_a_newer_vintage_keeps_its_value_in_a_sparse_dataset() -> None:
    both = {IRQ_MAY: 10, SYR_MAY: 3}
    stored = archive(batch("2021-08-04", both, dense=False), batch("2021-09-04", {IRQ_MAY: 10}, dense=False))
    assert known(stored.as_of().observations)[SYR_MAY] == (3.0, "2021-08-04", "")


def test_a_newer_vintage_replaces_only_the_periods_it_covers() -> None:
    stored = archive(
        batch("2021-08-04", {IRQ_MAY: 10, SYR_MAY: 3, IRQ_JUNE: 20}),
        batch("2021-09-04", {IRQ_JUNE: 25}, covers=("2021-06", "2021-07")),
    )
    assert known(stored.as_of().observations) == {
        IRQ_MAY: (10.0, "2021-08-04", ""),
        SYR_MAY: (3.0, "2021-08-04", ""),
        IRQ_JUNE: (25.0, "2021-09-04", ""),
    }


def test_before_the_first_vintage_its_values_count_from_period_end_and_lag() -> None:
    stored = archive(
        batch("2023-02-03", {IRQ_MAY: 10, IRQ_JUNE: 20}), batch("2025-01-07", {IRQ_MAY: 12, IRQ_JUNE: 24})
    )
    assert known(stored.as_of(date(2021, 7, 3)).observations) == {}
    assert known(stored.as_of(date(2021, 7, 4)).observations) == {
        IRQ_MAY: (10.0, "2021-07-04", "lag_assumed")
    }
    assert known(stored.as_of(date(2023, 2, 3)).observations)[IRQ_MAY] == (10.0, "2023-02-03", "")


def test_without_a_lag_nothing_is_known_before_the_first_vintage() -> None:
    stored = archive(batch("2023-02-03", {IRQ_MAY: 10}, dense=False, lag_days=None))
    assert stored.as_of(date(2023, 2, 2)).observations.is_empty()
    assert stored.as_of(date(2023, 2, 3)).observations.height == 1


def test_of_two_documents_of_one_day_the_first_by_id_counts_whatever_came_first() -> None:
    one, other = batch("2021-08-04", {IRQ_MAY: 10}), batch("2021-08-04", {IRQ_MAY: 11})
    expected = min((one, other), key=lambda b: b.documents["document"][0]).observations["value"].to_list()
    for order in ((one, other), (other, one)):
        assert archive(*order).as_of().observations["value"].to_list() == expected


def test_datasets_keep_their_own_vintages() -> None:
    stored = archive(
        batch("2021-08-04", {IRQ_MAY: 10}),
        batch("2021-12-01", {IRQ_MAY: 99}, dataset="test.other", lag_days=None, dense=False),
    )
    found = stored.as_of(date(2021, 9, 1)).observations
    assert found.select("dataset", "value").rows() == [("test.flow", 10.0)]


def test_an_empty_archive_has_no_day() -> None:
    empty = batch("2021-08-04", {})
    with pytest.raises(AnalysisError):
        archive(empty).as_of()


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", "lag_assumed"),
        ("rounded", "lag_assumed rounded"),
        ("at_least", "at_least lag_assumed"),
        ("lag_assumed", "lag_assumed"),
    ],
)
def test_flags_are_sorted_and_stand_once(before: str, after: str) -> None:
    assert pl.DataFrame({"flag": [before]}).select(add_flag("lag_assumed")).item() == after
