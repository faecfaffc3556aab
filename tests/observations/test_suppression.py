from datetime import date

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from counterpoise.observations.bundled import read_bundled
from counterpoise.observations.suppression import SMALLEST, suppress, suppress_observations


def cells(*values: float) -> pl.DataFrame:
    return pl.DataFrame({"year": [2021] * len(values), "value": pl.Series(values, dtype=pl.Float64)})


def test_a_lone_small_cell_takes_the_smallest_other_with_it() -> None:
    assert suppress(cells(4, 900, 60, 0), group=["year"])["shown"].to_list() == [
        "<10",
        "900",
        "withheld",
        "0",
    ]


def test_without_a_known_total_only_small_cells_are_hidden() -> None:
    shown = suppress(cells(4, 900), group=["year"], total_known=False)["shown"].to_list()
    assert shown == ["<10", "900"]


def test_nothing_small_nothing_hidden() -> None:
    assert suppress(cells(10, 900, 0), group=["year"])["shown"].to_list() == ["10", "900", "0"]


@given(st.lists(st.integers(0, 60), min_size=1, max_size=12))
def test_a_hidden_cell_cannot_be_worked_out(values: list[int]) -> None:
    shown = suppress(cells(*values), group=["year"])["shown"].to_list()
    hidden = [v for v, s in zip(values, shown, strict=True) if s in {"<10", "withheld"}]
    assert all(s not in {str(n) for n in range(1, SMALLEST)} for s in shown)
    large = [v for v in values if v >= SMALLEST]
    if hidden and len(large) + len([v for v in values if 0 < v < SMALLEST]) > 1:
        assert len(hidden) >= 2
        assert sum(hidden) >= SMALLEST or not any(s not in {"<10", "withheld", "0"} for s in shown)


def test_exports_leave_out_small_counts_and_what_gives_them_away() -> None:
    rows = read_bundled().observations.filter(
        pl.col("dataset") == "frontex.ibc",
        pl.col("corridor") == "eastern-borders",
        pl.col("period_start") == date(2021, 7, 1),
    )
    exported = suppress_observations(rows)
    assert exported.drop("value", "flag").equals(rows.drop("value", "flag"))
    left_out = exported["value"].is_null()
    assert rows.filter(left_out)["value"].sum() >= SMALLEST
    assert rows.filter(~left_out)["value"].is_between(1, SMALLEST - 1).sum() == 0
    assert exported.filter(left_out)["flag"].str.contains("suppressed").all()
    assert rows.filter(~left_out)["value"].max() == rows["value"].max()


def test_totals_and_zeros_are_exported() -> None:
    rows = read_bundled().observations.filter(pl.col("nationality") == "TOTAL").head(50)
    assert suppress_observations(rows).equals(rows)
