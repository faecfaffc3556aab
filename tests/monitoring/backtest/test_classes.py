import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterpoise.monitoring.backtest.classes import CLASSES, classify
from counterpoise.monitoring.backtest.simulate import (
    Parameters,
    estimate_parameters,
    simulate_class,
    simulate_ramps,
)

PARAMETERS = Parameters(
    levels={"busy": (80.0, 300.0), "medium": (10.0, 25.0), "sparse": (0.3, 1.5)},
    dispersion=0.3,
    amplitude=1.2,
    monthly_step=0.4,
    stray_share=0.02,
    stray_size=1.0,
)


def simulated(name: str, n: int = 60) -> np.ndarray:
    generator = np.random.default_rng(5)
    return simulate_class(name, PARAMETERS, n_series=n, warm_up=60, generator=generator)


@pytest.mark.parametrize("name", ["busy", "medium", "sparse", "seasonal"])
def test_a_simulated_series_is_of_its_class(name: str) -> None:
    assert (classify(simulated(name))[:, 60:] == name).mean() > 0.9


def test_long_silence_makes_a_series_new() -> None:
    counts = np.zeros((1, 100))
    counts[0, 30] = 5
    classes = classify(counts)[0]
    assert classes[30] == "new"
    assert set(classes[31:55]) == {"sparse"}
    assert set(classes[55:]) == {"new"}


def test_a_level_that_moves_each_year_wanders() -> None:
    level = np.repeat([100.0, 10.0, 200.0, 20.0, 300.0, 30.0], 12)[None]
    assert classify(level)[0, -1] == "wandering"
    assert classify(np.full((1, 72), 100.0))[0, -1] == "busy"


@given(st.lists(st.integers(0, 200), min_size=70, max_size=90), st.integers(61, 69))
def test_a_class_looks_only_back(counts: list[int], cut: int) -> None:
    values = np.array([counts], dtype=np.float64)
    changed = values.copy()
    changed[:, cut:] = 9999.0
    assert (classify(values)[:, : cut + 1] == classify(changed)[:, : cut + 1]).all()


def test_simulations_have_the_moments_asked_for() -> None:
    ramps = simulate_ramps(PARAMETERS, n_series=4000, warm_up=20, generator=np.random.default_rng(1))
    assert ramps[:, :20].mean() == pytest.approx(50, rel=0.02)
    assert ramps[:, :20].var() == pytest.approx(50 + 0.3 * 2500, rel=0.05)
    assert ramps[:, -3:].mean(axis=0) == pytest.approx([200, 350, 500], rel=0.03)
    assert (simulated("new", 400) > 0).mean() == pytest.approx(0.02, rel=0.1)


def test_parameters_come_back_from_simulations() -> None:
    mixed = np.concatenate([simulated(name, 300) for name in CLASSES])
    found = estimate_parameters(mixed)
    assert found.dispersion == pytest.approx(0.3, abs=0.1)
    assert found.amplitude == pytest.approx(1.2, rel=0.2)
    assert found.levels["medium"][0] == pytest.approx(12, abs=4)
    assert found.stray_size == 1.0
    assert found.stray_share == pytest.approx(0.02, rel=0.5)
