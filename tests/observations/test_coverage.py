"""Zeros of dense datasets: what a vintage covers, not the rows in it, says where nobody was counted."""

from datetime import date

import polars as pl
import pytest

from counterpoise.observations.archive import Archive, read_series
from counterpoise.observations.coverage import covered_periods
from tests.observations.builders import archive, batch

MARCH = ("BY-PL", "IRQ", "2021-03")


def series(stored: Archive, day: date | None = None) -> pl.DataFrame:
    return read_series(
        stored.as_of(day),
        dataset="test.flow",
        corridor="BY-PL",
        nationality="IRQ",
        measure="detections",
        frequency="M",
    )


def test_months_in_which_nobody_at_all_was_counted_are_zeros() -> None:
    found = series(archive(batch("2021-08-04", {MARCH: 7}, covers=("2021-01", "2021-06"))))
    assert found["value"].to_list() == [0, 0, 7, 0, 0, 0]
    assert found["period_start"][0] == date(2021, 1, 1)
    assert found["period_end"][-1] == date(2021, 6, 30)
    assert found["known_on"].unique().to_list() == [date(2021, 8, 4)]
    assert found.filter(value=0)["locator"].unique().to_list() == ["not in the table: 0"]


def test_a_sparse_dataset_has_no_zeros_of_ours() -> None:
    found = series(archive(batch("2021-08-04", {MARCH: 7}, dense=False)))
    assert found["value"].to_list() == [7]


def test_zeros_carry_the_vintage_that_covers_them() -> None:
    old = batch("2021-06-04", {MARCH: 7}, covers=("2021-01", "2021-04"))
    new = batch("2021-08-04", {MARCH: 7}, covers=("2021-03", "2021-06"))
    found = series(archive(old, new))
    days = found["known_on"].to_list()
    assert days == [date(2021, 6, 4)] * 2 + [date(2021, 8, 4)] * 4
    assert found["document"][0] == old.documents["document"][0]
    assert found["document"][-1] == new.documents["document"][0]


def test_before_the_first_vintage_zeros_wait_for_the_lag_too() -> None:
    stored = archive(batch("2023-02-03", {MARCH: 7}, covers=("2021-01", "2021-06")))
    found = series(stored, date(2021, 6, 3))  # 34 days after April
    assert found["value"].to_list() == [0, 0, 7, 0]
    assert found["known_on"].to_list()[-1] == date(2021, 6, 3)
    assert found["flag"].unique().to_list() == ["lag_assumed"]
    assert series(stored, date(2021, 6, 2)).height == 3


def test_of_a_dataset_with_two_lengths_of_periods_only_the_span_with_figures_is_filled() -> None:
    several = batch("2021-08-04", {MARCH: 7, ("BY-PL", "IRQ", "2021-05"): 2}, covers=("2020-01", "2021-12"))
    yearly = batch(
        "2021-08-04",
        {("BY-PL", "IRQ", "2020-01"): 90},
        covers=("2020-01", "2021-12"),
        frequency="Y",
        period_end=date(2020, 12, 31),
    )
    found = series(archive(several, yearly))
    assert found["value"].to_list() == [7, 0, 2]


@pytest.mark.parametrize(("frequency", "n_periods"), [("D", 181), ("M", 6), ("Q", 2), ("Y", 0), ("S", 0)])
def test_only_whole_periods_within_the_span_are_covered(frequency: str, n_periods: int) -> None:
    vintages = batch("2021-08-04", {}, covers=("2021-01", "2021-06")).vintages
    found = covered_periods(vintages, lag_days=None, frequency=frequency, day=date(2021, 8, 4))
    assert found.height == n_periods


def test_first_known_is_the_first_vintage_that_covers_the_period_or_its_lag() -> None:
    first = batch("2021-05-10", {}, covers=("2021-01", "2021-03")).vintages
    second = batch("2021-08-04", {}, covers=("2021-01", "2021-06")).vintages
    found = covered_periods(first.vstack(second), lag_days=34, frequency="M", day=date(2021, 12, 31))
    assert found["first_known_on"].to_list() == [
        date(2021, 3, 6),
        date(2021, 4, 3),
        date(2021, 5, 4),
        *[date(2021, 8, 4)] * 3,
    ]
    assert found["first_flag"].to_list() == ["lag_assumed"] * 3 + [""] * 3
    assert found["known_on"].unique().to_list() == [date(2021, 8, 4)]


def test_nothing_is_covered_without_vintages() -> None:
    vintages = batch("2021-08-04", {}).vintages.clear()
    assert covered_periods(vintages, lag_days=34, frequency="M", day=date(2021, 8, 4)).is_empty()
