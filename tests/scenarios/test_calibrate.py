"""Patterns and calibration: figures are the published ones, and a known truth is found again."""

from datetime import date

import numpy as np
import polars as pl
import pytest

from counterpoise.errors import InputError
from counterpoise.observations.bundled import read_bundled
from counterpoise.scenarios import ExploreOptions, explore
from counterpoise.scenarios.calibrate import calibrate, misfit
from counterpoise.scenarios.parameters import PARAMETERS, SERIES
from counterpoise.scenarios.patterns import Pattern, load_patterns, pattern_values
from counterpoise.scenarios.posterior import calibrated_scenarios, load_posterior, transferred_shares
from counterpoise.scenarios.run import run_experiments
from counterpoise.scenarios.worlds import load_world
from tests.scenarios.builders import rows, world

FIGURES = read_bundled().observations
CASES = ("belarus-eu-2021", "russia-finland-2023")


def pattern(name: str, series: str, first: date, last: date, observed: float, factor: float = 1.3) -> Pattern:
    source = {"dataset": "none", "corridor": "none", "measure": "none"}
    return Pattern(
        name=name, use="fit", series=(series,), period=(first, last), observed=observed, factor=factor, source=source
    )  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_every_figure_is_a_published_one(case: str) -> None:
    for p in load_patterns(case):
        for period, nationality, figure in (
            (p.period, p.source.nationality, p.observed),
            (p.over or p.period, p.source.nationality_over or p.source.nationality, p.observed_over),
        ):
            if figure is None:
                continue
            found = FIGURES.filter(
                pl.col("dataset") == p.source.dataset,
                pl.col("corridor") == p.source.corridor,
                pl.col("measure") == p.source.measure,
                pl.col("nationality") == nationality,
                pl.col("period_start") >= period[0],
                pl.col("period_end") <= period[1],
            )
            whole = found.filter(pl.col("period_start") == period[0], pl.col("period_end") == period[1])
            values = set(whole["value"]) if whole.height else {found["value"].sum()}
            assert figure in values, f"{p.name}: {figure} is not among {values}"


def test_finland_takes_part_in_no_fit() -> None:
    assert {p.use for p in load_patterns("russia-finland-2023")} == {"check"}


def test_a_week_counts_by_its_days() -> None:
    series = np.zeros((3, len(SERIES), 1), np.float32)
    series[:, list(SERIES).index("deaths")] = [[7], [14], [21]]
    start = date(2021, 5, 31)
    one = pattern(
        "one", "deaths", date(2021, 6, 2), date(2021, 6, 8), 1
    )  # five days of the first, two of the next
    assert pattern_values(series, [one], start)[0, 0] == pytest.approx(5 + 4)
    whole = pattern("all", "deaths", date(2021, 1, 1), date(2022, 1, 1), 1)
    assert pattern_values(series, [whole], start)[0, 0] == pytest.approx(42)


def test_the_misfit_is_that_of_the_worst_pattern() -> None:
    pair = [pattern(n, "deaths", date(2021, 6, 1), date(2021, 7, 1), 99, factor=2) for n in "ab"]
    np.testing.assert_allclose(misfit(np.array([[99.0, 199.0], [399.0, 99.0]]), pair), [2, 1], atol=1e-6)


def test_a_known_truth_is_found_again() -> None:
    place = world(weeks=30)
    names = [name for name, prior in place.all_priors.items() if prior.low < prior.high]
    truth = {"seats": 3000.0, "turn_back_reach": 0.9, "base_interception": 0.6}
    fixed = world(weeks=30, fixed=truth)
    from counterpoise.scenarios.design import sample_scenarios

    policy = rows("lever: turn_back, start: 12")
    real = sample_scenarios(fixed, 64, design="latin_hypercube", seed=8)
    series = run_experiments(real, [policy], fixed.cold, seed=5, keep_series=True).series[0]
    start = place.start
    asked = [
        pattern(f"{name} {month}", name, date(2021, month, 1), date(2021, month, 28), 1.0)
        for name in ("registered", "attempts_1", "prevented_2", "onward_detections")
        for month in (7, 8, 10)
    ]
    values = pattern_values(series, asked, start)
    lively = int(np.argsort(values.min(axis=0))[-1])
    asked = [
        p.model_copy(update={"observed": float(v)}) for p, v in zip(asked, values[:, lively], strict=True)
    ]
    found = calibrate(place, policy, asked, n=256, moves=120, mixing=30, seed=1)
    assert found.tolerances[-1] < 0.45 * found.tolerances[0]
    assert (np.diff(found.tolerances) <= 1e-12).all()
    share = found.shares[names.index("seats")]
    true = real[list(PARAMETERS).index("seats"), lively]
    prior = place.all_priors["seats"]
    low, high = prior.at(np.quantile(share, [0.02, 0.98]))
    assert low <= true <= high
    assert share.var() < 0.5 / 12  # the figures have narrowed it
    again = calibrate(place, policy, asked, n=256, moves=120, mixing=30, seed=1, workers=1)
    np.testing.assert_array_equal(found.shares, again.shares)


def test_the_kept_futures_are_explored() -> None:
    place = load_world("belarus-eu-2021")
    names, shares = load_posterior(place.id)
    drawn = calibrated_scenarios(place, 1100, seed=1)
    assert drawn.shape == (len(PARAMETERS), 1100)
    _, times = np.unique(drawn, axis=1, return_counts=True)
    assert times.max() < 0.05 * 1100  # no future is a large part of those kept
    assert set(names) <= set(PARAMETERS)
    assert 0 <= shares.min() <= shares.max() <= 1
    result = explore(place, options=ExploreOptions(runs=128, futures="calibrated"))
    assert "near the published figures" in next(c.text for c in result.checks if c.name == "not_a_forecast")
    assert "turn-back-unassessed" not in result.recommended


def test_a_world_without_calibration_says_so() -> None:
    with pytest.raises(InputError) as raised:
        explore(load_world("russia-finland-2023"), options=ExploreOptions(runs=64, futures="calibrated"))
    assert "belarus-eu-2021" in raised.value.expected
    with pytest.raises(InputError):
        calibrated_scenarios(world(fixed={"seats": 100.0}), 10, seed=1)


def test_what_is_of_the_place_comes_from_its_priors_and_the_rest_from_the_fit() -> None:
    place = load_world("russia-finland-2023")
    free = [name for name, prior in place.all_priors.items() if prior.low < prior.high]
    shares = transferred_shares(place, "belarus-eu-2021", 4000, seed=1)
    assert shares.shape == (len(free), 4000)
    names, kept = load_posterior("belarus-eu-2021")
    reach = kept[names.index("turn_back_reach")]
    assert set(shares[free.index("turn_back_reach")]) <= set(reach)
    assert shares[free.index("seats")].mean() == pytest.approx(0.5, abs=0.03)
