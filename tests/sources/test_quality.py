"""Each check passes on sound data and names the one cell that is not."""

from dataclasses import replace
from datetime import date

import polars as pl
import pytest

from counterpoise.observations.archive import Archive
from counterpoise.observations.batch import join_batches
from counterpoise.observations.bundled import read_bundled
from counterpoise.sources.freshness import dataset_ages
from counterpoise.sources.quality import quality_checks
from tests.observations.builders import batch

MONTHS = [f"2021-{month:02d}" for month in range(1, 13)]


def checked(*batches):
    archive = Archive.from_batch(join_batches(list(batches)))
    return {check.name: check for check in quality_checks(archive, archive.as_of())}


def flow(values, *, known_on="2022-02-10", nationality="IRQ", **other):
    cells = {("BY-LT", nationality, month): value for month, value in zip(MONTHS, values, strict=False)}
    return batch(known_on, cells, covers=("2021-01", "2021-12"), **other)


def test_bundled_figures_pass_every_check():
    archive = Archive.from_batch(read_bundled())
    assert {check.status for check in quality_checks(archive, archive.as_of())} == {"passed"}


def test_sound_figures_pass_every_check():
    assert {check.status for check in checked(flow([20, 30] * 6)).values()} == {"passed"}


def test_a_figure_outside_the_range_of_its_card_fails():
    check = checked(flow([20] * 11 + [2_000_000], dataset="frontex.ibc"))["plausible_ranges"]
    assert check.status == "failed"
    assert check.table["value"].to_list() == [2_000_000]


@pytest.mark.parametrize(
    ("total", "flag", "status"), [(50, "", "passed"), (49, "", "failed"), (45, "rounded", "passed")]
)
def test_a_total_smaller_than_its_nationalities_fails_but_for_rounding(total, flag, status):
    cells = {
        ("BY-LT", "IRQ", "2021-06"): 30,
        ("BY-LT", "SYR", "2021-06"): 20,
        ("BY-LT", "TOTAL", "2021-06"): total,
    }
    check = checked(batch("2021-08-01", cells, dense=False, flag=flag))["totals_hold_their_parts"]
    assert check.status == status


def test_one_figure_in_other_units_is_noticed_and_a_lasting_surge_is_not():
    slip = checked(flow([20, 30, 20, 30, 20, 25, 20_000, 30, 20, 30, 20, 30]))["no_jumps_of_units"]
    assert (slip.status, slip.table["value"].to_list()) == ("inconclusive", [20_000])
    surge = checked(flow([20, 30, 20, 30, 20, 25, 9_000, 20_000, 8_000, 30, 20, 30]))["no_jumps_of_units"]
    assert surge.status == "passed"


def test_a_vintage_that_was_cut_off_fails():
    whole = {("BY-LT", code, "2021-06"): 5 for code in ("IRQ", "SYR", "AFG", "RUS", "IRN")}
    cut = dict(list(whole.items())[:3])
    check = checked(batch("2021-08-01", whole), batch("2021-09-01", cut))["vintages_are_whole"]
    assert check.table.select("cells", "now").rows() == [(5, 3)]
    assert (
        checked(batch("2021-08-01", whole), batch("2021-09-01", whole))["vintages_are_whole"].status
        == "passed"
    )


def ages(*batches, day=None):
    archive = Archive.from_batch(join_batches(list(batches)))
    return dataset_ages(archive, day).row(0, named=True)


def test_a_dataset_is_current_until_its_next_figures_should_have_come():
    table = flow([20] * 12)
    found = ages(table, day=date(2022, 3, 1))
    assert (found["last_period_end"], found["next_expected_on"], found["state"]) == (
        date(2021, 12, 31),
        date(2022, 3, 6),
        "current",
    )
    assert ages(table, day=date(2022, 3, 7))["state"] == "overdue"
    assert ages(flow([20] * 12, lag_days=None), day=date(2025, 1, 1))["state"] == "closed"


def test_a_page_that_answers_but_stopped_changing_is_said():
    first = flow([20] * 12)
    archive = Archive.from_batch(first)
    again = archive.vintages.with_columns(pl.lit(date(2022, 6, 1)).alias("known_on"))
    looked = Archive.from_batch(replace(first, vintages=pl.concat([first.vintages, again])))
    found = dataset_ages(looked, date(2022, 6, 1)).row(0, named=True)
    assert (found["last_changed_on"], found["last_checked_on"], found["state"]) == (
        date(2022, 2, 10),
        date(2022, 6, 1),
        "unchanged",
    )


def test_an_answer_of_the_source_is_a_check_and_a_later_one_is_not_yet_known():
    archive = Archive.from_batch(flow([20] * 12, lag_days=None))
    dataset = archive.datasets["dataset"][0]
    answered = {dataset: date(2022, 6, 1)}
    found = dataset_ages(archive, date(2022, 6, 1), answered).row(0, named=True)
    assert (found["last_checked_on"], found["state"]) == (date(2022, 6, 1), "unchanged")
    assert dataset_ages(archive, date(2022, 3, 1), answered).row(0, named=True)["state"] == "closed"
