"""The regressions behind Farrington and the charts give what a full weighted Poisson regression gives."""

import numpy as np
import pytest

from counterpoise.errors import InputError
from counterpoise.monitoring.detectors import CountChart, Farrington
from counterpoise.monitoring.detectors._factor_trend import Design, fit_factor_trend
from counterpoise.monitoring.detectors._in_control import in_control
from counterpoise.monitoring.detectors.base import Array

GROUP = np.repeat(np.arange(4), [6, 7, 8, 9])
TIME = np.concatenate([np.linspace(-5, -0.1, n) for n in (6, 7, 8, 9)])
DESIGN = Design(time=TIME, group=GROUP)


def regression(counts: Array, matrix: Array, weights: Array) -> tuple[Array, Array, Array]:
    """Return coefficients, their covariance for dispersion 1, and fitted means, by plain reweighted least squares."""
    mean = counts + 0.5
    for _ in range(60):
        working = np.log(mean) + (counts - mean) / mean
        information = matrix.T @ (matrix * (weights * mean)[:, None])
        coefficients = np.linalg.solve(information, matrix.T @ (weights * mean * working))
        mean = np.exp(matrix @ coefficients)
    return coefficients, np.linalg.inv(matrix.T @ (matrix * (weights * mean)[:, None])), mean


@pytest.mark.parametrize("trend", [True, False])
def test_factor_and_trend_equal_a_full_regression(trend: bool) -> None:
    rng = np.random.default_rng(3)
    counts = rng.negative_binomial(3, 0.1, (6, len(GROUP))).astype(float)
    weights = rng.uniform(0.2, 2.0, counts.shape)
    weights[:, 4] = 0.0
    fit = fit_factor_trend(counts, weights, DESIGN, trend=np.full(6, trend))
    columns = (GROUP[:, None] == np.arange(4)).astype(float)
    matrix = np.column_stack([columns, TIME]) if trend else columns
    new = np.array([0.0, 0.0, 0.0, 1.0, 0.0][: matrix.shape[1]])
    for i in range(len(counts)):
        used = weights[i] > 0
        y, x, w = counts[i, used], matrix[used], weights[i, used]
        coefficients, covariance, mean = regression(y, x, w)
        np.testing.assert_allclose(fit.mean[i, used], mean, rtol=1e-8)
        pearson = np.sum(w * (y - mean) ** 2 / mean)
        np.testing.assert_allclose(fit.dispersion[i], pearson / (used.sum() - x.shape[1]), rtol=1e-8)
        np.testing.assert_allclose(fit.expected[i], np.exp(new @ coefficients), rtol=1e-8)
        np.testing.assert_allclose(fit.level_variance[i], new @ covariance @ new, rtol=1e-8)
        hat = w * mean * np.einsum("ij,jk,ik->i", x, covariance, x)
        np.testing.assert_allclose(fit.leverage[i, used], hat, rtol=1e-8)
        if trend:
            np.testing.assert_allclose(fit.slope[i], coefficients[-1], rtol=1e-7)
            np.testing.assert_allclose(fit.slope_variance[i], covariance[-1, -1], rtol=1e-8)


def test_a_group_of_zeros_has_a_mean_of_zero_and_does_not_disturb_the_others() -> None:
    rng = np.random.default_rng(5)
    counts = rng.poisson(9, (1, len(GROUP))).astype(float)
    with_zeros = counts.copy()
    with_zeros[0, GROUP == 1] = 0.0
    both = fit_factor_trend(with_zeros, np.ones_like(counts), DESIGN, trend=np.array([True]))
    rest = np.where(GROUP == 1, 0.0, 1.0)[None]
    alone = fit_factor_trend(counts, rest, DESIGN, trend=np.array([True]))
    assert (both.mean[0, GROUP == 1] == 0).all()
    np.testing.assert_allclose(both.expected, alone.expected)
    np.testing.assert_allclose(both.slope, alone.slope)


def test_the_in_control_mean_is_a_poisson_regression_of_the_trailing_years() -> None:
    rng = np.random.default_rng(2)
    season = np.exp(3 + 0.8 * np.cos(2 * np.pi * (np.arange(80) - 4) / 12))
    values = rng.poisson(season, (2, 80)).astype(float)
    values[1, 50] = np.nan
    mean, alpha = in_control(values, baseline=60, skip=6, least=24, periods_per_year=12)
    t = 75
    for i in range(2):
        past = np.arange(t - 66, t - 6)
        past = past[~np.isnan(values[i, past])]
        angle = 2 * np.pi * (past - t) / 12
        matrix = np.column_stack([np.ones(len(past)), np.cos(angle), np.sin(angle)])
        coefficients = regression(values[i, past], matrix, np.ones(len(past)))[0]
        assert mean[i, t] == pytest.approx(np.exp(coefficients[0] + coefficients[1]), rel=1e-3)
    assert (alpha[:, t] < 0.1).all()


def test_a_past_surge_is_weighed_down() -> None:
    values = np.random.default_rng(1).poisson(30, (1, 90)).astype(float)
    surged = values.copy()
    surged[0, 53] = 600.0  # the same month, three years before the last
    last = [Farrington(reweight=reweight).baseline(surged).expected[0, -1] for reweight in (True, False)]
    quiet = Farrington().baseline(values).expected[0, -1]
    assert abs(last[0] - quiet) < 0.25 * abs(last[1] - quiet)


def test_few_people_have_a_score_of_zero() -> None:
    values = np.zeros((1, 90))
    values[0, -1] = 4.0
    assert Farrington().score(values, first_month=1)[0, -1] == 0.0
    values[0, -2] = 1.0
    assert Farrington().score(values, first_month=1)[0, -1] > 1.0


def test_a_seasonal_factor_with_empty_levels_is_refused() -> None:
    with pytest.raises(InputError) as raised:
        Farrington(half_window=3, n_levels=10)
    assert raised.value.where == "Farrington.n_levels"


def test_a_chart_starts_anew_after_an_alarm_and_gathers_small_evidence() -> None:
    values = np.random.default_rng(3).poisson(20, (1, 120)).astype(float)
    values[0, 100:] = 34.0
    chart = CountChart(method="cusum", reset_above=np.inf).score(values, first_month=1)[0]
    assert (np.diff(chart[100:106]) > 0).all()
    reset = CountChart(method="cusum").score(values, first_month=1)[0]
    above = np.flatnonzero(reset[100:] > 5.0)
    assert len(above) >= 2
    assert (np.diff(above) > 1).all()
