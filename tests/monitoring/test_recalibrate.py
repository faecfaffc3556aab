"""Recalibrated probabilities mean what they say, and look only back."""

import numpy as np
import pytest
from scipy.stats import genpareto

from counterpoise.monitoring.recalibrate import _pareto_by_weighted_moments, recalibrate

N_SERIES, N_PERIODS = 120, 90


def heavy_tails(seed: int, power: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Nominal probabilities that are too small: a uniform share raised to ``power``; one size of series."""
    shares = np.random.default_rng(seed).random((N_SERIES, N_PERIODS))
    return shares**power, np.full(shares.shape, 10.0), np.ones(shares.shape, dtype=bool)


@pytest.mark.parametrize("power", [1.0, 2.0, 4.0])
def test_a_calibrated_one_percent_happens_once_in_a_hundred(power: float) -> None:
    tail, expected, judged = heavy_tails(1, power)
    calibrated = recalibrate(tail, expected, judged)
    seen = calibrated[np.isfinite(calibrated)]
    for p in (0.1, 0.01, 0.002):
        error = 4 * np.sqrt(p * (1 - p) / seen.size) + 0.15 * p
        assert np.mean(seen < p) == pytest.approx(p, abs=error)
    if power > 1:  # and the nominal one does not
        assert np.mean(tail < 0.01) > 1.5 * np.mean(seen < 0.01)


def test_more_extreme_is_rarer() -> None:
    tail, expected, judged = heavy_tails(2, 3.0)
    calibrated = recalibrate(tail, expected, judged)
    last = np.argsort(tail[:, -1])
    assert np.all(np.diff(calibrated[last, -1]) >= 0)


def test_later_periods_change_nothing_earlier() -> None:
    tail, expected, judged = heavy_tails(3, 2.0)
    other = tail.copy()
    other[:, 60:] = 1e-9
    before = recalibrate(tail, expected, judged)[:, :60]
    assert np.array_equal(before, recalibrate(other, expected, judged)[:, :60], equal_nan=True)


def test_nothing_is_said_with_too_few_earlier_cases() -> None:
    tail, expected, judged = heavy_tails(4, 2.0)
    calibrated = recalibrate(tail[:10, :15], expected[:10, :15], judged[:10, :15])
    assert np.isnan(calibrated).all()


def test_what_is_not_judged_neither_teaches_nor_is_told() -> None:
    tail, expected, judged = heavy_tails(5, 2.0)
    judged[60:] = False
    other = tail.copy()
    other[60:] = 1e-12
    first, second = (recalibrate(t, expected, judged) for t in (tail, other))
    assert np.array_equal(first, second, equal_nan=True)
    assert np.isnan(first[60:]).all()


@pytest.mark.parametrize("shape", [0.1, 0.4, 0.6])
def test_weighted_moments_recover_the_tail(shape: float) -> None:
    sample = np.sort(genpareto.rvs(shape, scale=2.0, size=20_000, random_state=6))
    found, scale = _pareto_by_weighted_moments(sample)
    assert found == pytest.approx(shape, abs=0.06)
    assert scale == pytest.approx(2.0, rel=0.1)
