"""The factor on widths: wider where years move, narrower where a long series is calm, never narrower if it is short."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from counterpoise.impact.options import EVALUATE_DEFAULTS
from counterpoise.impact.structural_time_series import estimate_structural
from counterpoise.impact.width import MONTHS_LEARNT_FROM, features_of, width_factors

TABLE = Path(__file__).resolve().parents[2] / "benchmarks" / "skill" / "impact_width.csv"


HALF = np.array(1.0)


def factors(log_counts: np.ndarray) -> tuple[float, float]:
    below, above = width_factors(log_counts, HALF, EVALUATE_DEFAULTS)
    return float(below), float(above)


def calm(n: int) -> np.ndarray:
    return 5 + np.random.default_rng(1).normal(0, 0.3, n)


def test_restless_years_make_it_wider() -> None:
    restless = calm(72) + np.repeat([0, 2, -1, 3, -1, 1], 12)
    assert all(one < two for one, two in zip(factors(calm(72)), factors(restless), strict=True))


def test_after_a_year_above_the_usual_one_there_is_more_room_above_an_estimate_and_less_below() -> None:
    risen = calm(72)
    risen[-12:] += 1
    (below, above), (risen_below, risen_above) = factors(calm(72)), factors(risen)
    assert risen_above / risen_below > above / below


def test_few_people_make_it_wider_below() -> None:
    assert factors(calm(72) - 4.5)[0] > factors(calm(72))[0]


def test_a_wide_interval_is_shrunk_and_a_narrow_one_widened() -> None:
    narrow, wide = (width_factors(calm(72), np.array(half), EVALUATE_DEFAULTS) for half in (0.2, 3.0))
    assert narrow[0] > 1 > wide[0]
    assert narrow[1] > wide[1]


def test_a_short_series_is_never_made_narrower() -> None:
    half = np.array(3.0)
    assert width_factors(calm(MONTHS_LEARNT_FROM - 1), half, EVALUATE_DEFAULTS) == (1.0, 1.0)
    assert max(width_factors(calm(MONTHS_LEARNT_FROM), half, EVALUATE_DEFAULTS)) < 1.0


def test_a_month_without_a_figure_does_not_break_it() -> None:
    holed = calm(60)
    holed[5:40:3] = np.nan
    holed[48:] = np.nan
    assert np.isfinite(factors(holed)).all()


def test_several_series_at_once_are_what_each_is_by_itself() -> None:
    many = np.array([calm(72), calm(72) - 4.5, calm(72) + np.repeat([0, 2, -1, 3, 0, 2], 12)])
    together = width_factors(many, np.ones(3), EVALUATE_DEFAULTS)
    assert np.allclose(np.array(together).T, [factors(one) for one in many])


def test_each_side_of_the_interval_has_its_own_factor() -> None:
    y = np.append(calm(60), calm(12))
    plain = replace(EVALUATE_DEFAULTS, width_below=(0.0,) * 5, width_above=(0.0,) * 5)
    one, two = estimate_structural(y, 60, options=plain), estimate_structural(y, 60)
    half = np.array((one.upper - one.lower) / 2)
    below, above = width_factors(y[:60], half, EVALUATE_DEFAULTS)
    assert one.estimate == two.estimate
    assert two.upper - two.estimate == pytest.approx(float(above * half))
    assert two.estimate - two.lower == pytest.approx(float(below * half))


def test_the_defaults_are_the_fit_rounded_and_features_are_as_many() -> None:
    fitted = pl.read_csv(TABLE).filter(pl.col("coefficients") == "fitted").row(0, named=True)
    sides = {"below": EVALUATE_DEFAULTS.width_below, "above": EVALUATE_DEFAULTS.width_above}
    for side, coefficients in sides.items():
        assert features_of(calm(60), HALF).shape == (len(coefficients),)
        for i, value in enumerate(coefficients):
            assert value == pytest.approx(fitted[f"{side}{i}"], abs=0.006)
