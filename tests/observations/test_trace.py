"""Trace: the rows a figure is the sum of, the ones later vintages replaced, and their documents."""

from datetime import date

import polars as pl
import pytest

from counterpoise.errors import AnalysisError, InputError
from counterpoise.observations.archive import Archive
from counterpoise.observations.batch import Batch, join_batches
from counterpoise.observations.trace import Trace, parse_period, trace_figure
from tests.observations.builders import Cell, archive, batch

IRQ: Cell = ("BY-PL", "IRQ", "2021-06")
SYR: Cell = ("BY-LT", "SYR", "2021-06")
UKR: Cell = ("UA-PL", "UKR", "2021-06")


def trace(stored: Archive, nationality: str = "TOTAL", day: date | None = None, **other: str) -> Trace:
    about = {"corridor": "eastern-borders", "measure": "detections", "period": "2021-06", **other}
    return trace_figure(stored, nationality=nationality, as_of=day, **about)


def used(found: Trace) -> list[tuple[str, float, date]]:
    return found.rows.filter("used").select("nationality", "value", "known_on").rows()


def test_rows_a_later_vintage_replaced_are_shown_and_not_used() -> None:
    stored = archive(batch("2021-08-04", {IRQ: 10, SYR: 3}), batch("2021-09-04", {IRQ: 12}))
    found = trace(stored)
    assert found.figures["value"].to_list() == [12]
    assert used(found) == [("IRQ", 12, date(2021, 9, 4))]
    assert found.rows.filter(~pl.col("used"))["value"].sort().to_list() == [3, 10]
    assert found.documents.height == 2


def test_a_replay_shows_no_later_row() -> None:
    stored = archive(batch("2021-08-04", {IRQ: 10}), batch("2021-09-04", {IRQ: 12}))
    found = trace(stored, day=date(2021, 8, 20))
    assert found.rows.select("value", "used").rows() == [(10, True)]


def test_equal_values_of_several_vintages_in_one_document_are_told_apart() -> None:
    first, second = batch("2021-08-04", {IRQ: 10}), batch("2021-09-04", {IRQ: 10})
    one_document = first.documents["document"][0]
    second = Batch(
        observations=second.observations.with_columns(document=pl.lit(one_document)),
        documents=first.documents,
        datasets=second.datasets,
        vintages=second.vintages.with_columns(document=pl.lit(one_document)),
    )
    found = trace(Archive.from_batch(join_batches([first, second])))
    assert used(found) == [("IRQ", 10, date(2021, 9, 4))]
    assert found.rows.height == 2


def test_a_row_known_by_an_assumed_lag_is_used_and_shown_with_its_true_vintage() -> None:
    found = trace(archive(batch("2023-02-03", {IRQ: 10})), day=date(2021, 8, 10))
    assert used(found) == [("IRQ", 10, date(2023, 2, 3))]
    assert found.figures.select("known_on", "flag").rows() == [(date(2021, 8, 3), "lag_assumed")]


def test_what_is_taken_out_of_a_published_total_is_used_with_a_minus() -> None:
    total: Cell = ("eastern-borders", "TOTAL", "2021-06")
    found = trace(archive(batch("2021-08-04", {total: 100, UKR: 40, IRQ: 10})), "TOTAL-UKR")
    assert found.figures["value"].to_list() == [60]
    assert found.rows.filter("used").select("nationality", "sign").rows() == [("UKR", -1), ("TOTAL", 1)]


def test_a_zero_of_a_dense_dataset_cites_the_document_that_covers_it() -> None:
    may: Cell = ("BY-PL", "IRQ", "2021-05")
    found = trace(archive(batch("2021-08-04", {may: 10})), "IRQ")
    assert found.figures["value"].to_list() == [0]
    assert found.rows.is_empty()
    assert found.documents.height == 1


def test_datasets_are_traced_apart_and_parts_of_a_sparse_one_are_not_taken_for_the_whole() -> None:
    stored = archive(
        batch("2021-08-04", {IRQ: 10}),
        batch("2021-08-04", {IRQ: 99}, dataset="test.sparse", dense=False),
        batch(
            "2021-08-04",
            {("eastern-borders", "TOTAL", "2021-06"): 11},
            dataset="test.press",
            dense=False,
        ),
    )
    found = trace(stored)
    assert found.figures.select("dataset", "value").rows() == [("test.flow", 10), ("test.press", 11)]
    assert found.rows.select("dataset", "used").rows() == [("test.flow", True), ("test.press", True)]
    assert trace(stored, dataset="test.press").figures["dataset"].to_list() == ["test.press"]


def test_a_span_is_found_by_its_first_day_and_length() -> None:
    span = batch(
        "2021-08-04", {IRQ: 10}, dense=False, frequency="S", period_end=date(2021, 6, 12), place="any"
    )
    about = {"corridor": "BY-PL", "nationality": "IRQ", "period": "2021-06-01"}
    assert trace(archive(span), frequency="S", **about).figures["period_end"].to_list() == [date(2021, 6, 12)]
    with pytest.raises(AnalysisError):
        trace(archive(span), **about)


def test_the_answer_says_how_it_was_counted_and_is_the_same_in_any_order() -> None:
    batches = [batch("2021-08-04", {IRQ: 10, SYR: 3}), batch("2021-09-04", {IRQ: 12})]
    answer = trace(archive(*batches)).to_dict()
    assert answer == trace(archive(*reversed(batches))).to_dict()
    assert list(answer)[:5] == ["stage", "version", "as_of", "seed", "result_id"]
    assert answer["regimes"]
    assert answer["checks"] == []


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2021", date(2021, 1, 1), date(2021, 12, 31)),
        ("2021-02", date(2021, 2, 1), date(2021, 2, 28)),
        ("2021-12", date(2021, 12, 1), date(2021, 12, 31)),
        ("2021-06-12", date(2021, 6, 12), date(2021, 6, 12)),
    ],
)
def test_periods(text: str, first: date, last: date) -> None:
    assert parse_period(text) == (first, last)


@pytest.mark.parametrize(
    "text", ["", "21", "2021-13", "2021-6-1", "June 2021", "2021-06-31", "2021-06-", "99999"]
)
def test_what_is_no_period(text: str) -> None:
    with pytest.raises(InputError) as caught:
        parse_period(text)
    assert caught.value.found == repr(text)


def test_wrong_questions() -> None:
    stored = archive(batch("2021-08-04", {IRQ: 10}))
    with pytest.raises(InputError):
        trace(stored, corridor="eastern-border")
    with pytest.raises(AnalysisError):
        trace(stored, measure="prevented")
    with pytest.raises(AnalysisError):
        trace(stored, day=date(2021, 7, 1))
