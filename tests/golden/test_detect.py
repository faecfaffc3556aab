"""What the default engine says of cases seen during development: sanity readings, not validation."""

from datetime import date
from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from benchmarks.skill.calibration import calibration_table
from counterpoise.monitoring import Detection, detect
from counterpoise.observations.archive import Archive
from counterpoise.observations.bundled import read_bundled
from tests.golden.episodes import FILE, episodes_text

ROUTE = "eastern-borders"


@pytest.fixture(scope="module")
def archive() -> Archive:
    return Archive.from_batch(read_bundled())


@pytest.fixture(scope="module")
def newest(archive: Archive) -> Detection:
    return detect(archive, corridors=[ROUTE])


def months(result: Detection, nationality: str) -> list[str]:
    rows = result.alarms.filter(pl.col("nationality") == nationality, pl.col("dataset") == "frontex.ibc")
    return [f"{start:%Y-%m}" for start in rows["period_start"]]


def test_iraq_in_june_2021_as_of_mid_september(archive: Archive) -> None:
    result = detect(archive, corridors=[ROUTE], as_of=date(2021, 9, 15))
    alarm = result.alarms.filter(
        pl.col("nationality") == "IRQ", pl.col("period_start") == date(2021, 6, 1)
    ).row(0, named=True)
    assert alarm["observed"] == 352
    assert alarm["kind"] == "surge"
    assert alarm["upper"] < 352
    assert alarm["known_on"] == date(2021, 8, 3)


def test_at_the_end_of_may_2021_march_was_the_newest_month(archive: Archive) -> None:
    # Published 34 days after the month's end, as the card assumes: April would have followed on 3 June.
    result = detect(archive, as_of=date(2021, 5, 31))
    frontex = pl.col("dataset") == "frontex.ibc"
    assert result.bands.filter(frontex)["period_start"].max() == date(2021, 3, 1)
    assert result.alarms.filter(frontex)["period_start"].max() <= date(2021, 3, 1)  # type: ignore[operator]


@pytest.mark.parametrize(
    ("nationality", "month"),
    [
        ("IRQ", "2021-06"),
        ("TOTAL-UKR", "2021-06"),
        ("AFG", "2021-07"),
        ("COG", "2021-07"),
        ("UKR", "2022-03"),
        ("SOM", "2024-04"),
        ("YEM", "2024-04"),
        ("ETH", "2024-03"),  # a month early
    ],
)
def test_an_alarm(newest: Detection, nationality: str, month: str) -> None:
    assert month in months(newest, nationality)


@pytest.mark.parametrize(
    ("nationality", "around"),
    [("SYR", ["2021-06", "2021-07", "2021-08"]), ("ERI", ["2024-03", "2024-04", "2024-05"])],
)
def test_a_miss_that_the_docs_report(newest: Detection, nationality: str, around: list[str]) -> None:
    # If one of these is found one day, the table in docs/monitoring.md must say so.
    assert not set(around) & set(months(newest, nationality))


def test_april_2025_is_provisional_and_raises_no_alarm(newest: Detection) -> None:
    check = next(check for check in newest.checks if check.name == "provisional_month")
    assert check.status == "inconclusive"
    assert check.table.select("corridor", "period_start").rows() == [(ROUTE, date(2025, 4, 1))]
    assert newest.alarms.filter(pl.col("period_start") == date(2025, 4, 1)).is_empty()


def test_episodes_since_2020_are_those_on_file() -> None:
    assert episodes_text() == FILE.read_text(encoding="utf-8")


def test_the_calibration_the_docs_show_is_that_of_the_engine(repository: Path) -> None:
    shown = pl.read_csv(repository / "benchmarks/skill/calibration.csv")
    assert_frame_equal(calibration_table(), shown, abs_tol=0.0011)
