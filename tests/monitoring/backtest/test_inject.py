from datetime import date
from typing import Any

import numpy as np
import pytest

from counterpoise.errors import AnalysisError, InputError
from counterpoise.monitoring.backtest.inject import SHAPES, draw_surges, inject, place_surges
from counterpoise.monitoring.backtest.labelled import is_labelled
from tests.monitoring.backtest.builders import series, surge, surges

SINCE, UNTIL = date(2014, 1, 1), date(2022, 12, 1)


def test_a_surge_adds_its_three_counts_and_nothing_else() -> None:
    untouched = series()
    frame = surges(surge(), surge(nationality="IRQ", first_month=date(2020, 1, 1)))
    _, injections = place_surges(untouched, frame, since=SINCE, until=UNTIL)
    touched = inject(untouched.values, injections)
    column = 12 * 7 + 2
    assert injections.column.tolist() == [column, 96]
    difference = touched - untouched.values[injections.row]
    assert difference[0, column : column + 3].tolist() == [500, 400, 300]
    assert difference.sum() == 2 * 1200
    assert untouched.values.max() < 100  # the series themselves are left as they were


def test_surges_outside_the_months_counted_are_left_out() -> None:
    frame = surges(surge(), surge(first_month=date(2013, 12, 1)), surge(first_month=date(2022, 11, 1)))
    kept, injections = place_surges(series(), frame, since=SINCE, until=UNTIL)
    assert kept["first_month"].to_list() == [date(2019, 3, 1)]  # November 2022 has only two months of data
    assert len(injections.row) == 1


@pytest.mark.parametrize(
    "changed",
    [{"nationality": "XKX"}, {"corridor": "nowhere"}, {"add_month_2": -1}],
    ids=["nationality", "corridor", "negative"],
)
def test_surges_that_do_not_fit_are_refused(changed: dict[str, Any]) -> None:
    with pytest.raises(InputError) as raised:
        place_surges(series(), surges(surge(), surge(**changed)), since=SINCE, until=UNTIL)
    assert raised.value.where == "the surges"


def test_surges_in_months_without_figures_are_refused() -> None:
    gap = series()
    gap.values[0, gap.column(date(2019, 5, 1))] = np.nan
    with pytest.raises(InputError) as raised:
        place_surges(gap, surges(surge()), since=SINCE, until=UNTIL)
    assert "1 in months without figures" in raised.value.found


def test_a_missing_column_is_named() -> None:
    with pytest.raises(InputError) as raised:
        place_surges(series(), surges(surge()).drop("kind"), since=SINCE, until=UNTIL)
    assert "kind" in raised.value.found


def test_no_surge_left_is_said() -> None:
    with pytest.raises(AnalysisError):
        place_surges(series(), surges(surge()), since=date(2021, 1, 1), until=UNTIL)


def drawn(seed: int = 0, n: int = 400) -> Any:
    generator = np.random.default_rng(seed)
    return draw_surges(series(), n=n, since=SINCE, until=UNTIL, generator=generator)


def test_the_recipe_draws_both_kinds_within_the_months() -> None:
    frame = drawn()
    assert frame["kind"].value_counts().sort("kind")["count"].to_list() == [200, 200]
    assert frame["first_month"].min() >= SINCE
    assert frame["first_month"].max() <= date(2022, 10, 1)
    assert set(frame["shape"]) == set(SHAPES)
    assert frame.equals(drawn())
    assert not frame.equals(drawn(seed=1))


def test_sizes_are_what_they_say() -> None:
    frame = drawn(n=4000)
    pulses = frame.filter(kind="additive", shape="pulse", size=100.0)
    means = [pulses[f"add_month_{i}"].mean() for i in (1, 2, 3)]
    assert means == pytest.approx([100, 50, 25], rel=0.05)
    doubled = frame.filter(kind="multiplicative", shape="step", size=2.0)
    assert doubled["add_month_3"].mean() == pytest.approx(20, rel=0.1)  # the series have a mean of 20


def test_nothing_is_added_to_labelled_episodes() -> None:
    untouched = series(n_months=160)
    names = untouched.names.with_columns(corridor=np.array(["eastern-borders"] * 12))
    labelled = type(untouched)(
        names=names,
        first_month=untouched.first_month,
        values=untouched.values,
        known_on=untouched.known_on,
    )
    generator = np.random.default_rng(0)
    frame = draw_surges(labelled, n=300, since=SINCE, until=date(2025, 4, 1), generator=generator)
    assert frame["first_month"].max() < date(2021, 6, 1)
    assert is_labelled(labelled)[:, labelled.column(date(2021, 6, 1)) :].all()
    assert not is_labelled(untouched).any()
