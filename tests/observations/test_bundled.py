"""The bundled tables are well formed, and the loader reads them as their cards say."""

import time
from importlib.resources import files
from pathlib import Path

import polars as pl
import pytest

from counterpoise.observations.as_of import as_of
from counterpoise.observations.bundled import read_bundled, read_cards
from counterpoise.observations.corridors import load_corridors
from counterpoise.observations.nationalities import is_nationality
from counterpoise.provenance import document_id, sha256_of
from counterpoise.schemas import CELL
from counterpoise.vocabulary import FLAGS, MEASURES, PLACES, UNITS, Frequency

CARD_KEYS = {
    "table",
    "layout",
    "title",
    "datasets",
    "citation",
    "counts",
    "measure",
    "unit",
    "place",
    "publisher_term",
    "taken",
    "expected",
}
OBSERVATIONS = read_bundled().observations


def _folder() -> Path:
    return Path(str(files("counterpoise.data").joinpath("observations")))


@pytest.mark.parametrize("column", (*CELL, "value", "known_on", "document", "locator"))
def test_no_cell_is_empty(column: str) -> None:
    column_values = OBSERVATIONS[column]
    assert column_values.null_count() == 0
    assert column_values.dtype != pl.String or (column_values != "").all()


@pytest.mark.parametrize(
    ("column", "allowed"),
    [("measure", set(MEASURES)), ("unit", set(UNITS)), ("place", set(PLACES)), ("frequency", set(Frequency))],
)
def test_codes_are_of_the_vocabulary(column: str, allowed: set[str]) -> None:
    assert set(OBSERVATIONS[column].unique()) <= allowed


def test_flags_are_of_the_vocabulary_in_order_and_once() -> None:
    for flag in OBSERVATIONS["flag"].unique():
        marks = flag.split()
        assert set(marks) <= set(FLAGS)
        assert marks == sorted(set(marks))


def test_every_corridor_is_in_the_registry() -> None:
    registry = load_corridors()
    assert [c for c in OBSERVATIONS["corridor"].unique() if c not in registry] == []


def test_every_nationality_is_valid() -> None:
    assert [n for n in OBSERVATIONS["nationality"].unique() if not is_nationality(n)] == []


def test_values_are_whole_and_not_negative() -> None:
    values = OBSERVATIONS["value"]
    assert (values >= 0).all()
    assert (values == values.round()).all()


def test_a_cell_has_one_value_a_day() -> None:
    assert not OBSERVATIONS.select(*CELL, "known_on").is_duplicated().any()


def test_a_reading_that_repeats_the_one_before_is_not_kept() -> None:
    before = pl.col("value").shift(1).over(*CELL, order_by="known_on")
    assert OBSERVATIONS.filter(pl.col("value") == before).is_empty()


def test_periods_are_as_long_as_their_frequency() -> None:
    start, end = pl.col("period_start"), pl.col("period_end")
    expected_end = (
        pl.when(pl.col("frequency") == "D")
        .then(start)
        .when(pl.col("frequency") == "W")
        .then(start.dt.offset_by("6d"))
        .when(pl.col("frequency") == "M")
        .then(start.dt.month_end())
        .when(pl.col("frequency") == "Y")
        .then(start.dt.offset_by("1y").dt.offset_by("-1d"))
        .otherwise(end)
    )
    assert OBSERVATIONS.filter(end != expected_end).is_empty()
    assert OBSERVATIONS.filter(start > end).is_empty()


def test_nothing_is_known_before_its_period_ends() -> None:
    assert OBSERVATIONS.filter(pl.col("known_on") < pl.col("period_end")).is_empty()


def test_every_document_is_listed_once_with_terms() -> None:
    documents = read_bundled().documents
    assert not documents["document"].is_duplicated().any()
    assert set(OBSERVATIONS["document"]) == set(documents["document"])
    assert (documents["licence"] != "").all()
    assert (documents["title"] != "").all()
    assert all(
        document_id(sha) == document for document, sha in documents.select("document", "sha256").iter_rows()
    )


def test_documents_are_hashes_of_what_was_read() -> None:
    documents = read_bundled().documents
    table = sha256_of((_folder() / "frontex_ibc.csv").read_bytes())
    assert documents.filter(pl.col("sha256") == table)["publisher"].to_list() == ["Frontex"]
    pages = documents.filter(pl.col("sha256") != table, pl.col("url") != "")
    assert all(sha256_of(url.encode()) == sha for url, sha in pages.select("url", "sha256").iter_rows())


def test_datasets_and_vintages_cover_the_observations() -> None:
    batch = read_bundled()
    assert set(OBSERVATIONS["dataset"]) == set(batch.datasets["dataset"])
    assert not batch.datasets["dataset"].is_duplicated().any()
    keys = ["dataset", "known_on", "document"]
    assert OBSERVATIONS.join(batch.vintages, on=keys, how="anti").is_empty()
    dense = batch.datasets.filter("dense").select("dataset", "lag_days").rows()
    assert dense == [("frontex.ibc", 34)]


def test_a_locator_leads_to_its_line() -> None:
    row = OBSERVATIONS.row(
        by_predicate=(pl.col("corridor") == "eastern-borders")
        & (pl.col("nationality") == "IRQ")
        & (pl.col("period_start") == pl.date(2021, 6, 1)),
        named=True,
    )
    table, _, line, month = row["locator"].split()
    header, *lines = (_folder() / table).read_text(encoding="utf-8").splitlines()
    cells = lines[int(line) - 2].split(",")
    assert cells[:3] == ["eastern-borders", "green_border", "IRQ"]
    year, number = month.split("-")
    assert float(cells[header.split(",").index(year)].split()[int(number) - 1]) == row["value"]


def test_a_dense_table_leaves_zeros_out() -> None:
    assert OBSERVATIONS.filter(pl.col("dataset") == "frontex.ibc", pl.col("value") == 0).is_empty()


def test_cards_say_what_a_reader_needs() -> None:
    tables = {path.name for path in _folder().glob("*.csv")}
    assert {card["table"] for card in read_cards()} == tables
    for card in read_cards():
        assert CARD_KEYS - set(card) == set(), card["table"]


def test_licences_name_every_dataset() -> None:
    text = files("counterpoise.data").joinpath("LICENCES.md").read_text(encoding="utf-8")
    missing = [d for d in read_bundled().datasets["dataset"] if f"`{d}`" not in text]
    assert missing == []


def test_every_replay_day_gives_one_row_per_cell() -> None:
    batch = read_bundled()
    for day in ("2021-09-15", "2023-12-01", "2026-08-06"):
        known = as_of(
            batch.observations, batch.datasets, batch.vintages, pl.Series([day]).str.to_date().item()
        )
        assert not known.select(CELL).is_duplicated().any()


def test_package_data_stays_small() -> None:
    data = Path(str(files("counterpoise.data")))
    assert sum(path.stat().st_size for path in data.rglob("*") if path.is_file()) < 1_500_000
    assert (_folder() / "frontex_ibc.csv").stat().st_size < 200_000


def test_reading_is_fast() -> None:
    read_bundled.cache_clear()
    read_cards.cache_clear()
    started = time.perf_counter()
    read_bundled()
    # 0.1 s on an idle machine; the limit leaves room for a busy one.
    assert time.perf_counter() - started < 1.0
