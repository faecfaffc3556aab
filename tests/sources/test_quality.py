"""Each check passes on sound data and names the one cell that is not."""

from dataclasses import replace
from datetime import date

import polars as pl
import pytest

from counterpoise.observations.archive import Archive
from counterpoise.observations.batch import join_batches
from counterpoise.observations.bundled import read_bundled
from counterpoise.observations.ledger import ledger_frame
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


def one(dataset, value, *, known_on="2024-08-10", flag="", nationality="SYR", month="2024-06"):
    cells = {("LT", nationality, month): value}
    return batch(known_on, cells, dataset=dataset, dense=False, flag=flag, covers=(month, month))


DECISIONS = "unhcr.asylum_decisions"
PARTS = ("recognized", "complementary", "rejected", "closed")


@pytest.mark.parametrize(("total", "status"), [(40, "passed"), (41, "failed"), (39, "failed")])
def test_a_dataset_is_the_sum_of_its_parts(total, status):
    parts = [one(f"{DECISIONS}.{part}", 10) for part in PARTS]
    assert checked(one(DECISIONS, total), *parts)["datasets_agree"].status == status
    assert (
        checked(one(DECISIONS, total), *parts[:3])["datasets_agree"].status == "passed"
    )  # one is not published


@pytest.mark.parametrize(("first", "status"), [(100, "passed"), (105, "passed"), (110, "failed")])
def test_a_part_never_exceeds_its_dataset_but_for_rounding(first, status):
    found = checked(
        one("eurostat.migr_asyappctzm", 100, flag="rounded"),
        one("eurostat.migr_asyappctzm.first_time", first, flag="rounded"),
    )
    assert found["datasets_agree"].status == status


def test_a_running_total_that_falls_is_noticed():
    def total(value, end):
        return batch(
            end,
            {("IT", "PAK", "2023-01"): value},
            dataset="italy.sea_landings.year_to_date",
            dense=False,
            frequency="S",
            period_end=date.fromisoformat(end),
            covers=("2023-01", end[:7]),
        )

    check = checked(total(6000, "2023-06-30"), total(6500, "2023-07-10"), total(6100, "2023-08-15"))
    assert (check["running_totals_grow"].status, check["running_totals_grow"].table["value"].to_list()) == (
        "inconclusive",
        [6500],
    )
    grown = checked(total(6000, "2023-06-30"), total(6500, "2023-07-10"), total(6501, "2023-08-15"))
    assert grown["running_totals_grow"].status == "passed"


def test_a_table_with_a_card_that_was_cut_off_fails_and_a_bulletin_does_not():
    whole = {("LT", code, "2021-06"): 5 for code in ("IRQ", "SYR", "AFG", "RUS", "IRN")}
    cut = dict(list(whole.items())[:3])

    def status(dataset):
        first, second = (batch(day, cells, dataset=dataset, dense=False) for day, cells in days)
        return checked(first, second)["vintages_are_whole"].status

    days = (("2021-08-01", whole), ("2021-09-01", cut))
    assert status("eurostat.migr_eirfs") == "failed"
    assert status("vsat.bulletin") == "passed"


def test_a_reading_that_does_not_add_up_fails():
    whole = flow([20] * 12)
    document = whole.documents["document"][0]
    good = ledger_frame(document, read=14, kept=12, left_out={"not the total by sex": 2})
    assert checked(replace(whole, ledger=good))["ledger_adds_up"].status == "passed"
    lost = good.with_columns(
        pl.when(pl.col("outcome") == "read").then(15).otherwise("figures").alias("figures")
    )
    check = checked(replace(whole, ledger=lost))["ledger_adds_up"]
    assert (check.status, check.table.height) == ("failed", 1)
