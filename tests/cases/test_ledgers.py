"""The ledger tables: their schema, their pages, and what of them was known on a day."""

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from counterpoise.cases import list_cases, load_case
from counterpoise.cases.ledgers import COSTS, INSTRUMENTS, Ledgers, parse_ledger, read_ledgers
from counterpoise.errors import InputError
from counterpoise.vocabulary import ResponseKind

TABLES = ("instruments", "access", "costs", "indicators", "polls")


@pytest.fixture(scope="module")
def ledgers() -> Ledgers:
    return read_ledgers()


@pytest.mark.parametrize("name", TABLES)
def test_every_line_has_a_page_and_the_day_it_was_checked(ledgers: Ledgers, name: str) -> None:
    table: pl.DataFrame = getattr(ledgers, name)
    assert table.height > 3
    assert table["url"].str.starts_with("http").all()
    assert (table["publisher"] != "").all()
    assert table["checked_on"].null_count() == 0
    if "case" in table.columns:
        assert set(table["case"]) <= set(list_cases())


def test_kinds_of_response_and_states_are_words_of_the_vocabulary(ledgers: Ledgers) -> None:
    kinds = {kind for text in ledgers.instruments["kinds"] for kind in text.split()}
    assert kinds <= {kind.value for kind in ResponseKind}
    assert set(ledgers.instruments["status"]) <= {"pending", "decided", "final", "in_force", "proposed"}


def test_a_cost_of_a_response_names_one_of_its_case(ledgers: Ledgers) -> None:
    costs = ledgers.costs.filter(pl.col("response") != "")
    for (name,), rows in costs.group_by("case"):
        responses = {(r.title, r.country) for r in load_case(str(name)).responses}
        assert {*rows.select("response", "country").iter_rows()} <= responses


def test_a_judgment_of_later_is_pending_in_a_replay_and_says_nothing(ledgers: Ledgers) -> None:
    then = ledgers.known("belarus-eu-2021", date(2021, 9, 1)).instruments
    assert "cjeu-c-72-22" not in then["id"].to_list()
    heard = ledgers.known("belarus-eu-2021", date(2024, 1, 1)).instruments.row(
        by_predicate=pl.col("id") == "ra-v-poland", named=True
    )
    assert heard["heard_on"] is None
    da = then.row(by_predicate=pl.col("id") == "da-v-poland", named=True)
    assert (da["status"], da["final_on"]) == ("decided", None)
    assert then["public_on"].max() <= date(2021, 9, 1)  # type: ignore[operator]


def test_costs_and_polls_of_later_are_not_known_in_a_replay(ledgers: Ledgers) -> None:
    early = ledgers.known("belarus-eu-2021", date(2021, 12, 1))
    assert 0 < early.costs.height < ledgers.costs.height
    assert set(early.costs["case"]) == {"belarus-eu-2021"}
    assert early.polls.height < 5


def test_all_faults_of_a_table_are_named_together() -> None:
    header = ",".join(INSTRUMENTS)
    line = "a,POL,fence,b,t,,x,yesterday,,,,final,h,p,https://x.org,2026-13-40,high"
    with pytest.raises(InputError, match=r"public_on is 'yesterday'.*checked_on is '2026-13-40'"):
        parse_ledger(f"{header}\n{line}\n".encode(), INSTRUMENTS, "here")
    with pytest.raises(InputError, match="the columns case"):
        parse_ledger(b"case,country\n", COSTS, "here")


def test_judgments_and_laws_are_as_the_facts_say(ledgers: Ledgers, shared: Path) -> None:
    facts = pl.read_csv(shared / "facts" / "legal_status.csv", infer_schema=False)
    facts = facts.filter(pl.col("status") == "decided", pl.col("number").is_not_null())
    compared = 0
    for row in ledgers.instruments.iter_rows(named=True):
        first = row["number"].split(",")[0].removesuffix(" and others")
        same = facts.filter(pl.col("number").str.contains(first, literal=True)) if first else facts.clear()
        for fact in same.iter_rows(named=True):
            compared += 1
            assert row["decided_on"].isoformat() == fact["date"], row["id"]
            assert (row["final_on"].isoformat() if row["final_on"] else None) == fact["final_on"], row["id"]
            assert row["status"] == ("final" if fact["final"] == "yes" else "decided"), row["id"]
            assert row["checked_on"].isoformat() >= fact["checked_on"], row["id"]
    assert compared >= 9


def test_what_the_facts_have_no_decision_of_is_pending_or_proposed(ledgers: Ledgers, shared: Path) -> None:
    facts = pl.read_csv(shared / "facts" / "legal_status.csv", infer_schema=False)
    numbers = facts.filter(pl.col("status").is_in(["pending", "not_found"]))["number"].drop_nulls().to_list()
    open_ = ledgers.instruments.filter(pl.col("number").is_in(numbers))
    assert open_.height >= 4
    assert set(open_["status"]) <= {"pending", "proposed"}
    assert open_["decided_on"].null_count() == open_.height
