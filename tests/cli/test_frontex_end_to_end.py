"""The publisher's own workbook and six stacked vintages, ingested in both orders, through the command line."""

import contextlib
import io
import json
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from counterpoise.cli import main
from counterpoise.observations.archive import Archive, open_archive, read_series
from tests.cli.conftest import Cli

ROOT = Path(__file__).resolve().parents[2]
MAPPING = ROOT / "docs" / "examples" / "frontex_vintages.yml"
PROGRAM = "import sys; from counterpoise.cli import main; main(sys.argv[1:])"

ROUTES = {
    "Black Sea Route": "black-sea",
    "Central Mediterranean Route": "central-mediterranean",
    "Circular Route from Albania to Greece": "circular-albania-greece",
    "Eastern Borders Route": "eastern-borders",
    "Eastern Mediterranean Route": "eastern-mediterranean",
    "Other": "other",
    "Western African Route": "western-african",
    "Western Balkan Route": "western-balkan",
    "Western Mediterranean Route": "western-mediterranean",
}


@pytest.fixture(scope="module")
def vintages(shared: Path) -> Path:
    return shared / "data/frontex/frontex_ibc_vintages.parquet"


@pytest.fixture(scope="module")
def archives(shared: Path, vintages: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Return two archives of the same documents: workbook first, and vintages first."""
    (workbook,) = (shared / "data/frontex/original").glob("*.xlsx")
    commands = [["ingest", str(workbook)], ["ingest", str(vintages), "--mapping", str(MAPPING)]]
    folder = tmp_path_factory.mktemp("archives")
    one, other = folder / "one.duckdb", folder / "other.duckdb"
    for command in commands:  # as a user does
        ended = subprocess.run(
            [sys.executable, "-c", PROGRAM, *command, "--archive", str(one)],
            capture_output=True,
            text=True,
            check=False,
        )
        assert ended.returncode == 0, ended.stderr
        assert "Stored" in ended.stdout
    for command in reversed(commands):
        with contextlib.redirect_stdout(io.StringIO()), pytest.raises(SystemExit) as ended_here:
            main([*command, "--archive", str(other)])
        assert ended_here.value.code == 0
    return one, other


@pytest.fixture(scope="module")
def both(archives: tuple[Path, Path]) -> tuple[Archive, Archive]:
    one, other = map(open_archive, archives)
    return one, other


@pytest.mark.parametrize("day", ["2021-09-15", "2023-03-01", "2025-01-31", "2025-12-31"])
def test_the_order_of_ingestion_does_not_matter(both: tuple[Archive, Archive], day: str) -> None:
    one, other = (stored.as_of(date.fromisoformat(day)) for stored in both)
    assert one.observations.height > 0
    assert one.observations.equals(other.observations)
    assert one.documents.equals(other.documents)
    assert one.vintages.equals(other.vintages)


def test_every_route_and_year_of_every_vintage_equals_the_sources_own_sum(
    both: tuple[Archive, Archive], vintages: Path
) -> None:
    source = (
        pl.read_parquet(vintages)
        .group_by("vintage", "route", pl.col("month").dt.year().alias("year"))
        .agg(pl.col("detections").sum())
    )
    for day in source["vintage"].unique():
        known = both[0].as_of(day)
        for route, corridor in ROUTES.items():
            series = read_series(
                known,
                dataset="frontex.ibc",
                corridor=corridor,
                nationality="TOTAL",
                measure="detections",
                frequency="M",
            )
            ours = series.group_by(pl.col("period_start").dt.year()).agg(pl.col("value").sum())
            theirs = source.filter(vintage=day, route=route).select("year", "detections")
            assert dict(ours.filter(pl.col("value") > 0).iter_rows()) == dict(theirs.iter_rows()), (
                day,
                route,
            )


@pytest.mark.parametrize(("day", "total"), [("2023-03-01", 20_572), ("2025-01-31", 22_793)])
def test_eastern_mediterranean_2021_as_known_on_two_days(
    cli: Cli, archives: tuple[Path, Path], day: str, total: int
) -> None:
    words = ["observations", "--corridor", "eastern-mediterranean", "--nationality", "TOTAL", "--as-of", day]
    answers = [cli(*words, "--since", "2021-01-01", "--json", "--archive", path).answer for path in archives]
    rows = [
        row
        for row in answers[0]["observations"]
        if row["dataset"] == "frontex.ibc" and row["frequency"] == "M" and row["period_start"][:4] == "2021"
    ]
    assert len(rows) == 12
    assert sum(row["value"] for row in rows) == total
    assert [a["result_id"] for a in answers] == [answers[0]["result_id"]] * 2
    assert answers[0]["observations"] == answers[1]["observations"]


def test_a_second_ingestion_changes_no_byte(cli: Cli, archives: tuple[Path, Path], vintages: Path) -> None:
    before = archives[0].read_bytes()
    ended = cli("ingest", vintages, "--mapping", MAPPING, "--archive", archives[0])
    assert ended.code == 0
    assert "Nothing new" in ended.out
    assert archives[0].read_bytes() == before


def detect(cli: Cli, *words: object) -> dict[str, Any]:
    ended = cli("detect", "--json", *words)
    assert ended.code == 0, ended.err
    return ended.answer


ALARM_KEYS = {
    "dataset",
    "corridor",
    "nationality",
    "measure",
    "kind",
    "period_start",
    "period_end",
    "expected",
    "lower",
    "upper",
    "level",
    "observed",
    "tail_probability",
    "known_on",
    "flag",
    "episode",
    "onset",
    "onset_lower",
    "onset_upper",
    "reason",
    "notes",
}
ANSWER_KEYS = {
    "stage",
    "version",
    "as_of",
    "seed",
    "result_id",
    "checks",
    "alarms",
    "n_series",
    "expected_false_alarms",
}


def require_known_readings(cli: Cli, *archive: object) -> None:
    """Require what the issue asks of ``detect``: on whatever archive it reads."""
    eastern = ("--corridor", "eastern-borders", *archive)
    september = detect(cli, *eastern, "--as-of", "2021-09-15")
    assert set(september) >= ANSWER_KEYS
    assert all(set(alarm) >= ALARM_KEYS for alarm in september["alarms"])
    assert all(alarm["known_on"] <= "2021-09-15" for alarm in september["alarms"])
    assert ("IRQ", "2021-06-01") in {(a["nationality"], a["period_start"]) for a in september["alarms"]}
    may = detect(cli, *archive, "--as-of", "2021-05-31")
    frontex = [a for a in may["alarms"] if a["dataset"].startswith("frontex.")]
    assert frontex
    assert max(a["period_end"] for a in frontex) <= "2021-04-30"
    newest = detect(cli, *eastern)
    assert ("UKR", "2022-03-01") in {(a["nationality"], a["period_start"]) for a in newest["alarms"]}


def test_known_readings_on_the_ingested_archive(cli: Cli, archives: tuple[Path, Path]) -> None:
    require_known_readings(cli, "--archive", archives[0])


def test_known_readings_on_the_bundled_archive(cli: Cli) -> None:
    require_known_readings(cli)


def test_detection_is_the_same_in_either_order(cli: Cli, archives: tuple[Path, Path]) -> None:
    words = ("--corridor", "eastern-borders", "--as-of", "2023-03-01", "--archive")
    one, other = (detect(cli, *words, path) for path in archives)
    assert json.dumps(one) == json.dumps(other)


def test_a_traced_route_total_is_the_sum_of_its_rows(cli: Cli, archives: tuple[Path, Path]) -> None:
    words = ("--corridor", "eastern-mediterranean", "--measure", "detections", "--period", "2021-06")
    ended = cli(
        "trace",
        *words,
        "--as-of",
        "2025-01-31",
        "--dataset",
        "frontex.ibc",
        "--json",
        "--small-counts",
        "--archive",
        archives[0],
    )
    answer = ended.answer
    (figure,) = answer["figures"]
    assert figure["known_on"] == "2025-01-07"
    assert figure["value"] == sum(row["value"] for row in answer["rows"] if row["used"])
    replaced = [row for row in answer["rows"] if not row["used"]]
    assert {row["known_on"] for row in replaced} == {"2023-02-03"}
    assert len(answer["documents"]) == 2
