"""The factor on widths: wider where years move, narrower where a long series is calm, never narrower if it is short."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from counterpoise.impact.options import EVALUATE_DEFAULTS
from counterpoise.impact.structural_time_series import estimate_structural
from counterpoise.impact.width import MONTHS_LEARNT_FROM, features_of, width_factor

TABLE = Path(__file__).resolve().parents[2] / "benchmarks" / "skill" / "impact_width.csv"


def factor(log_counts: np.ndarray) -> float:
    return width_factor(log_counts, EVALUATE_DEFAULTS)


def calm(n: int) -> np.ndarray:
    return 5 + np.random.default_rng(1).normal(0, 0.3, n)


def test_restless_years_make_it_wider_and_calm_ones_narrower() -> None:
    restless = calm(72) + np.repeat([0, 2, -1, 3, 0, 2], 12)
    assert factor(calm(72)) < 1 < factor(restless)


def test_few_people_make_it_wider() -> None:
    assert factor(calm(72) - 4.5) > factor(calm(72))


def test_a_short_series_is_never_made_narrower() -> None:
    assert factor(calm(MONTHS_LEARNT_FROM - 1)) == 1.0
    assert factor(calm(MONTHS_LEARNT_FROM)) < 1.0


def test_a_month_without_a_figure_does_not_break_it() -> None:
    holed = calm(60)
    holed[5:40:3] = np.nan
    assert np.isfinite(factor(holed))


def test_the_factor_is_on_both_sides_of_the_estimate() -> None:
    y = np.append(calm(60), calm(12))
    plain = replace(EVALUATE_DEFAULTS, width_coefficients=(0.0, 0.0, 0.0, 0.0))
    one, two = estimate_structural(y, 60, options=plain), estimate_structural(y, 60)
    by = factor(y[:60])
    assert one.estimate == two.estimate
    assert two.upper - two.estimate == pytest.approx(by * (one.upper - one.estimate))
    assert two.estimate - two.lower == pytest.approx(by * (one.estimate - one.lower))


def test_the_defaults_are_the_fit_rounded_and_features_are_as_many() -> None:
    table = pl.read_csv(TABLE)
    fitted = table.filter(pl.col("coefficients") == "fitted").row(0, named=True)
    for i, value in enumerate(EVALUATE_DEFAULTS.width_coefficients):
        assert value == pytest.approx(fitted[f"c{i}"], abs=0.006)
    assert features_of(calm(60)).shape == (4,)
