"""The place of a value among comparable series-months, without the one under test."""

import numpy as np

from counterpoise.attribution.indicators.catalogue import compute_statistics
from counterpoise.attribution.reference import read_statistics
from tests.attribution.builders import cube


def world(seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).negative_binomial(30, 0.3, (5, 6, 72))


def test_what_is_under_test_is_not_in_its_own_reference() -> None:
    counts = world()
    counts[2, 1, -3:] *= 8
    reading = read_statistics(cube(counts), compute_statistics(cube(counts)), 2, 1, 71)
    raised = counts.copy()
    raised[2, 0, -12:] *= 3  # another series of the corridor, in the year up to the month
    again = read_statistics(cube(raised), compute_statistics(cube(raised)), 2, 1, 71)
    assert reading["abruptness"].n_reference == again["abruptness"].n_reference
    assert reading["abruptness"].tail_probability < 0.02


def test_tail_probabilities_of_ordinary_months_are_spread_evenly() -> None:
    tails = []
    for seed in range(150):
        c = cube(world(seed))
        tails.append(read_statistics(c, compute_statistics(c), 0, 0, 71)["abruptness"].tail_probability)
    assert abs(np.mean(tails) - 0.5) < 0.08
    assert np.mean(np.array(tails) < 0.1) < 0.2


def test_too_small_a_reference_gives_no_reading() -> None:
    counts = world()
    counts[:, :, :-1] = 0
    reading = read_statistics(cube(counts), compute_statistics(cube(counts)), 0, 0, 71)
    assert np.isnan(reading["abruptness"].tail_probability)
