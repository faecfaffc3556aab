"""What counts would be in control: a trailing Poisson regression on level and one annual wave."""

import numpy as np

from counterpoise.monitoring.detectors._windows import trailing
from counterpoise.monitoring.detectors.base import Array

__all__ = ["in_control"]

_ITERATIONS = 12
_LARGEST_STEP = 2.0
_WAVE_PRECISION = 0.01
"""A weak pull of the wave to nothing, so that a season of only zeros has finite coefficients."""
_SMALLEST_MEAN = 0.05
_LARGEST_ALPHA = 10.0
_ROWS_AT_ONCE = 2048


def in_control(
    values: Array, *, baseline: int, skip: int, least: int, periods_per_year: int
) -> tuple[Array, Array]:
    r"""Return the in-control mean and negative-binomial dispersion of every period, each series x periods.

    The mean is :math:`\log\mu_t = \beta_0 + \beta_1\cos(2\pi t/12) + \beta_2\sin(2\pi t/12)`, fitted by Poisson
    maximum likelihood to the ``baseline`` periods that end ``skip`` periods before; the dispersion
    :math:`\alpha` (variance :math:`\mu+\alpha\mu^2`) is the moment estimate
    :math:`\sum\{(y-\mu)^2-\mu\}/\sum\mu^2` of the same periods, between 0 and 10. The mean is at least one person
    in twenty periods.

    Parameters
    ----------
    values
        Series x periods; NaN where nothing is published.
    baseline, skip
        Length of the baseline and latest periods left out of it, in periods.
    least
        Published periods that the baseline must have; NaN with fewer.
    periods_per_year
        Periods in a year.
    """
    lags = np.arange(baseline + skip, skip, -1)
    angle = -2 * np.pi * lags / periods_per_year
    design = np.column_stack([np.ones(baseline), np.cos(angle), np.sin(angle)])
    rows = trailing(values, baseline, skip=skip + 1).reshape(-1, baseline)
    mean, alpha = np.full(len(rows), np.nan), np.full(len(rows), np.nan)
    judged = np.flatnonzero((~np.isnan(rows)).sum(axis=1) >= least)
    for i in range(0, len(judged), _ROWS_AT_ONCE):
        part = judged[i : i + _ROWS_AT_ONCE]
        mean[part], alpha[part] = _fit(rows[part], design)
    return mean.reshape(values.shape), alpha.reshape(values.shape)


def _fit(rows: Array, design: Array) -> tuple[Array, Array]:
    """Return mean of the period judged (angle 0) and dispersion, each one per row, by Fisher scoring."""
    there = (~np.isnan(rows)).astype(np.float64)
    counts = np.nan_to_num(rows)
    size = design.shape[1]
    products = (design[:, :, None] * design[:, None, :]).reshape(len(design), size * size)
    precision = np.diag([1e-9, _WAVE_PRECISION, _WAVE_PRECISION])
    coefficients = np.zeros((len(rows), size))
    coefficients[:, 0] = np.log(counts.sum(axis=1) / there.sum(axis=1) + _SMALLEST_MEAN)
    for _ in range(_ITERATIONS):
        mean = there * np.exp(np.clip(coefficients @ design.T, -20.0, 20.0))
        gradient = (there * counts - mean) @ design - coefficients @ precision
        information = (mean @ products).reshape(-1, size, size) + precision
        step = np.linalg.solve(information, gradient[:, :, None])[:, :, 0]
        coefficients += np.clip(step, -_LARGEST_STEP, _LARGEST_STEP)
    mean = there * np.exp(np.clip(coefficients @ design.T, -20.0, 20.0))
    excess = (there * ((counts - mean) ** 2 - mean)).sum(axis=1)
    alpha = np.clip(excess / (mean**2).sum(axis=1), 0.0, _LARGEST_ALPHA)
    now = np.exp(np.clip(coefficients[:, 0] + coefficients[:, 1], -20.0, 20.0))
    return np.maximum(now, _SMALLEST_MEAN), alpha
