"""A rise of one corridor is told apart from a rise of the nationality everywhere."""

from datetime import date

import numpy as np
import polars as pl
import pytest

from counterpoise.monitoring.dynamic_count import forecast_counts
from counterpoise.monitoring.options import DETECT_DEFAULTS
from counterpoise.monitoring.specificity import growth_elsewhere, specific_probability
from counterpoise.observations.panel import Panel

N_PERIODS = 60


def panel(values: np.ndarray, series: list[tuple[str, str]]) -> Panel:
    starts = pl.date_range(date(2015, 1, 1), date(2019, 12, 1), "1mo", eager=True)
    periods = pl.DataFrame({"period_start": starts, "period_end": starts.dt.month_end()})
    return Panel(
        dataset="d",
        measure="detections",
        frequency="M",
        series=pl.DataFrame(series, schema=["corridor", "nationality"], orient="row"),
        periods=periods,
        values=values,
        known_on=np.zeros(values.shape),
        flags=np.full(values.shape, "", dtype=object),
    )


def judged(last_counts: list[float]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Three corridors of one nationality around 100, and what is said of their last counts."""
    values = np.random.default_rng(0).poisson(100.0, (3, N_PERIODS)).astype(float)
    values[:, -1] = last_counts
    whole = panel(values, [("a", "IRQ"), ("b", "IRQ"), ("c", "IRQ")])
    nothing = np.zeros(values.shape, dtype=bool)
    found = forecast_counts(values, breaks=nothing, unsettled=nothing, first_month=1, options=DETECT_DEFAULTS)
    growth = growth_elsewhere(whole, found.shape / found.rate)
    return (
        growth[:, -1],
        found.tail_probability[:, -1],
        specific_probability(whole, found, growth, DETECT_DEFAULTS)[:, -1],
    )


def test_a_rise_everywhere_is_not_specific() -> None:
    growth, tail, specific = judged([1000.0, 1000.0, 1000.0])
    assert growth == pytest.approx([9.6, 9.6, 9.6], rel=0.15)
    assert np.all(tail < DETECT_DEFAULTS.threshold)
    assert np.all(specific > 0.05)


def test_a_rise_on_one_corridor_is_specific() -> None:
    growth, tail, specific = judged([1000.0, 100.0, 100.0])
    assert growth[0] == pytest.approx(1.0, abs=0.1)
    assert specific[0] < DETECT_DEFAULTS.threshold
    assert specific[0] >= tail[0]


def test_fewer_elsewhere_make_nothing_more_unusual() -> None:
    _, tail, specific = judged([1000.0, 0.0, 0.0])
    assert specific[0] == pytest.approx(tail[0])


def test_totals_and_single_corridors_are_left_open() -> None:
    values = np.full((3, N_PERIODS), 50.0)
    whole = panel(values, [("a", "TOTAL"), ("b", "TOTAL"), ("a", "SYR")])
    assert np.isnan(growth_elsewhere(whole, values)).all()


def test_unpublished_counts_elsewhere_are_no_fall() -> None:
    values = np.full((2, N_PERIODS), 50.0)
    values[1, -1] = np.nan
    whole = panel(values, [("a", "IRQ"), ("b", "IRQ")])
    assert growth_elsewhere(whole, np.full(values.shape, 50.0))[0, -1] == pytest.approx(1.0)
