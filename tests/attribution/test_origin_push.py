"""Annual figures of origins: what was published on the day, and what they say of a rise."""

from datetime import date

import numpy as np
import pytest

from counterpoise.attribution.indicators.origin_push import (
    ORIGIN_STATISTICS,
    applications_growth,
    origin_shares,
    recognition_share,
)
from counterpoise.attribution.likelihoods import class_of, load_likelihoods
from counterpoise.attribution.reference import read_origins
from counterpoise.attribution.worlds.families import make_families
from counterpoise.attribution.worlds.simulate import simulate_world
from counterpoise.observations.origins import OriginFigures, load_origins, published_on


def _figures(n_origins: int = 30, n_years: int = 4) -> OriginFigures:
    rng = np.random.default_rng(1)
    shape = (n_origins, n_years)
    return OriginFigures(
        origins=tuple(f"O{i:02d}" for i in range(n_origins)),
        years=tuple(range(2018, 2018 + n_years)),
        applications=rng.poisson(1000, shape).astype(float),
        protected=rng.binomial(500, 0.3, shape).astype(float),
        decided=np.full(shape, 500.0),
        displaced=rng.poisson(20000, shape).astype(float),
    )


def test_a_year_is_known_when_its_report_is_out_and_not_before() -> None:
    assert published_on(2021) == date(2022, 6, 30)
    assert max(load_origins(date(2022, 6, 29), ()).years) == 2020
    assert max(load_origins(date(2022, 6, 30), ()).years) == 2021
    assert load_origins(date(2004, 1, 1), ()).years == ()


def test_applications_in_the_states_of_the_corridor_are_left_out() -> None:
    day = date(2023, 1, 1)
    everywhere, elsewhere = load_origins(day, ()), load_origins(day, ("POL", "LTU", "LVA"))
    afghan, year = everywhere.origins.index("AFG"), everywhere.years.index(2021)
    difference = everywhere.applications[afghan, year] - elsewhere.applications[afghan, year]
    assert difference > 0
    assert (np.nan_to_num(elsewhere.applications) >= 0).all()


def test_growth_is_0_where_nothing_changes_and_few_decisions_say_nothing() -> None:
    flat = OriginFigures(
        origins=("A", "B"),
        years=(2020, 2021),
        applications=np.array([[100.0, 100.0], [0.0, 3.0]]),
        protected=np.array([[60.0, 60.0], [1.0, 2.0]]),
        decided=np.array([[100.0, 120.0], [2.0, 3.0]]),
        displaced=np.ones((2, 2)),
    )
    growth = applications_growth(flat)
    assert np.isnan(growth[:, 0]).all()
    assert growth[0, 1] == 0
    assert growth[1, 1] < 0.1, "three people are no growth"
    np.testing.assert_allclose(recognition_share(flat), [[0.6, 0.5], [np.nan, np.nan]])


def test_an_origin_far_above_all_others_is_read_so_and_a_missing_year_is_not_read() -> None:
    figures = _figures()
    figures.applications[3, -1] *= 8
    found = read_origins(figures, {"O03": 1.0}, 2021)
    assert found["applications_elsewhere"].tail_probability < 0.02
    assert 0.02 < found["recognition"].tail_probability < 0.98
    assert np.isnan(read_origins(figures, {"O03": 1.0}, 2022)["displacement"].tail_probability)
    assert np.isnan(read_origins(figures, {"XXX": 1.0}, 2021)["displacement"].tail_probability)


def test_origins_that_carry_less_than_half_of_the_rise_do_not_speak_for_it() -> None:
    figures = _figures()
    for share, is_read in ((0.4, False), (0.6, True)):
        found = read_origins(figures, {"O01": share, "unknown": 1 - share}, 2021)
        assert np.isnan(found["displacement"].value) is not is_read or not is_read
        assert (not np.isnan(found["displacement"].value)) is is_read


def test_shares_are_of_the_rise_and_sum_to_1() -> None:
    world = simulate_world(
        make_families(2, 1)[0], np.random.default_rng(3), driver="other_push", is_open=True, artefact=None
    )
    shares = origin_shares(world.cube, world.corridor, world.cube.total, world.month)
    assert sum(shares.values()) == pytest.approx(1)
    assert min(shares.values()) > 0
    assert origin_shares(world.cube, world.corridor, 2, world.month) == {"origin-2": 1.0}


@pytest.mark.parametrize("name", ["applications_elsewhere", "displacement"])
def test_much_more_elsewhere_speaks_for_flight_and_against_a_season(name: str) -> None:
    likelihoods = load_likelihoods()
    found = likelihoods.log_lr("driver", name, class_of(0.005))
    assert found is not None
    assert found[:, 1].mean() > 0.5, "conflict_displacement over seasonal_return"
    assert set(ORIGIN_STATISTICS) == {"applications_elsewhere", "displacement", "recognition"}
