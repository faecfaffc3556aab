"""Figures up the tree: published ones win, parts are summed in dense datasets only, like with like."""

from typing import Any

import polars as pl
import pytest

from counterpoise.observations.corridors import load_corridors
from counterpoise.observations.hierarchy import figures_of, roll_up, rows_behind
from tests.observations.builders import observations, row

TREE = load_corridors()
DENSE = frozenset({"test.flow"})
JUNE = "2021-06"


def figures(
    *rows: dict[str, Any], corridor: str = "eastern-borders", nationality: str = "TOTAL"
) -> pl.DataFrame:
    return figures_of(observations(*rows), TREE, corridor, nationality, DENSE)


def test_parts_of_a_dense_dataset_are_summed_over_corridors_and_nationalities() -> None:
    found = figures(
        row("BY-PL", "IRQ", JUNE, 5), row("BY-LT", "IRQ", JUNE, 7), row("BY-PL-podlaskie", "SYR", JUNE, 1)
    )
    assert found.select("corridor", "nationality", "value", "locator").rows() == [
        ("eastern-borders", "TOTAL", 13.0, "sum of 3 rows")
    ]


def test_parts_of_a_sparse_dataset_are_never_summed() -> None:
    rows = [row("BY-PL", code, JUNE, 5, dataset="test.sparse") for code in ("IRQ", "SYR", "TOTAL")]
    assert figures(*rows).is_empty()
    assert figures(*rows, nationality="IRQ").is_empty()
    assert figures(*rows[:2], corridor="BY-PL").is_empty()
    assert figures(*rows, corridor="BY-PL")["value"].to_list() == [5]


@pytest.mark.parametrize("dataset", ["test.flow", "test.sparse"])
def test_a_published_total_wins_over_its_parts(dataset: str) -> None:
    rows = [
        row("BY-PL", code, JUNE, n, dataset=dataset) for code, n in (("IRQ", 5), ("SYR", 6), ("TOTAL", 20))
    ]
    found = figures(*rows, corridor="BY-PL")
    assert found.select("value", "locator").rows() == [(20.0, f"BY-PL TOTAL {JUNE}")]


def test_a_parents_own_figure_wins_over_its_childrens() -> None:
    rows = [
        row("eastern-borders", "IRQ", JUNE, 30),
        row("BY-PL", "IRQ", JUNE, 5),
        row("BY-PL", "SYR", JUNE, 6),
    ]
    assert figures(*rows, nationality="IRQ")["value"].to_list() == [30]
    assert figures(*rows)["value"].to_list() == [36]


def test_a_sibling_without_a_published_total_is_not_left_out_of_the_parents() -> None:
    rows = [
        row("BY-PL", "TOTAL", JUNE, 20),
        row("BY-PL", "IRQ", JUNE, 5),
        row("BY-LT", "IRQ", JUNE, 7),
        row("BY-LT", "SYR", JUNE, 1),
    ]
    assert figures(*rows)["value"].to_list() == [28]
    assert figures(*rows, nationality="TOTAL-IRQ")["value"].to_list() == [16]
    totals = roll_up(observations(*rows), TREE, "eastern-borders", DENSE).filter(nationality="TOTAL")
    assert totals["value"].to_list() == [28]


def test_total_without_a_nationality_leaves_it_out_or_takes_it_off_a_published_total() -> None:
    parts = [row("BY-PL", "IRQ", JUNE, 5), row("BY-PL", "UKR", JUNE, 40), row("BY-PL", "SYR", JUNE, 6)]
    assert figures(*parts, nationality="TOTAL-UKR").select("nationality", "value", "locator").rows() == [
        ("TOTAL-UKR", 11.0, "sum of 2 rows")
    ]
    published = row("BY-PL", "TOTAL", JUNE, 60)
    assert figures(*parts, published, nationality="TOTAL-UKR").select("value", "locator").rows() == [
        (20.0, "sum of 1 rows less 1 rows")
    ]
    assert figures(*parts, published, nationality="TOTAL-UKR-IRQ")["value"].to_list() == [15]


def test_total_without_a_nationality_is_unknown_in_a_sparse_dataset() -> None:
    rows = [row("BY-PL", code, JUNE, 5, dataset="test.sparse") for code in ("TOTAL", "UKR")]
    assert figures(*rows, corridor="BY-PL", nationality="TOTAL-UKR").is_empty()


@pytest.mark.parametrize(
    "other",
    [
        {"dataset": "test.second"},
        {"measure": "prevented"},
        {"unit": "persons"},
        {"frequency": "S"},
        {"period_start": row("BY-PL", "IRQ", "2021-05", 0)["period_start"]},
    ],
    ids=lambda other: next(iter(other)),
)
def test_unlike_figures_are_not_summed(other: dict[str, Any]) -> None:
    rows = observations(row("BY-PL", "IRQ", JUNE, 5), row("BY-LT", "IRQ", JUNE, 7, **other))
    dense = DENSE | {"test.second"}
    for found in (
        figures_of(rows, TREE, "eastern-borders", "TOTAL", dense),
        roll_up(rows, TREE, "eastern-borders", dense),
    ):
        assert sorted(found["value"]) == [5, 7]


def test_a_sum_says_what_its_parts_agree_on_and_unites_flags_and_documents() -> None:
    (found,) = figures(
        row("BY-PL", "IRQ", JUNE, 5, place="green_border", flag="rounded", document="d-2"),
        row("BY-PL", "SYR", JUNE, 7, place="sea", flag="at_least rounded", document="d-1"),
        corridor="BY-PL",
    ).to_dicts()
    assert found["place"] == "several"
    assert found["publisher_term"] == "detections"
    assert found["flag"] == "at_least rounded"
    assert found["document"] == "d-1 d-2"


def test_roll_up_keeps_nationalities_apart_and_names_the_corridor() -> None:
    rows = observations(
        row("BY-PL", "IRQ", JUNE, 5), row("BY-LT", "IRQ", JUNE, 7), row("BY-LT", "SYR", JUNE, 1)
    )
    found = roll_up(rows, TREE, "eastern-borders", DENSE).sort("nationality")
    assert found.select("corridor", "nationality", "value").rows() == [
        ("eastern-borders", "IRQ", 12.0),
        ("eastern-borders", "SYR", 1.0),
    ]


def test_nothing_of_another_branch_is_behind_a_figure() -> None:
    rows = observations(row("western-african", "IRQ", JUNE, 5), row("BY-PL", "IRQ", JUNE, 7))
    assert rows_behind(rows, TREE, "eastern-borders", "TOTAL", DENSE)["corridor"].to_list() == ["BY-PL"]
