import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from counterpoise.brief.suppress import SMALLEST, suppress


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
