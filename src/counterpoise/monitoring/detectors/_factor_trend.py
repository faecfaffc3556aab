r"""Weighted quasi-Poisson regression on one factor and one trend, for many responses at once.

The model of Farrington et al. 1996 and Noufaily et al. 2013 is

.. math:: \log \mu_i = \theta_{g(i)} + \beta t_i, \qquad \mathrm{var}(y_i) = \phi \mu_i

At the maximum the level of each factor group has a closed form given the slope, so that iteratively reweighted least
squares shrinks to Newton steps in the slope alone, and the inverse of the information matrix to sums over groups.
A group that holds only zeros has a fitted mean of exactly 0, where the usual algorithm stops on its way there.

Axes: rows are responses (one series in one period), columns are baseline periods, groups are levels of the factor.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from counterpoise.monitoring.detectors.base import Array

__all__ = ["Design", "Fit", "fit_factor_trend"]

_STEPS = 40
_LARGEST_STEP = 1.0
_LARGEST_SLOPE = 20.0
_TOLERANCE = 1e-9
"""Newton steps converge quadratically: after a step this small the slope is exact to rounding."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Design:
    """What all responses share.

    Parameters
    ----------
    time
        Time of each baseline period in years before the period judged (negative), one axis: baseline periods.
    group
        Group of each baseline period, ascending from 0 without gaps. The period judged belongs to the last group,
        at time 0.
    """

    time: Array
    group: npt.NDArray[np.intp]

    def sums(self, columns: Array) -> Array:
        """Return sums over each group: rows x baseline periods to rows x groups.

        Periods stand in the order of their group, so that no matrix product is needed; those of so narrow matrices
        lose more time to threads than they gain.
        """
        starts = np.flatnonzero(np.diff(self.group, prepend=-1))
        return np.add.reduceat(columns, starts, axis=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fit:
    """A fit per row.

    Parameters
    ----------
    mean, leverage
        Fitted means and diagonal of the hat matrix, rows x baseline periods.
    slope
        Log change per year; 0 where no trend was asked for.
    slope_variance, level_variance
        Variance of the slope and of the log mean of the period judged, both for dispersion 1.
    expected
        Mean of the period judged; NaN where its group has no data.
    dispersion
        Pearson estimate over the residual degrees of freedom; NaN where there are none.
    degrees_of_freedom
        Residual degrees of freedom.
    """

    mean: Array
    leverage: Array
    slope: Array
    slope_variance: Array
    level_variance: Array
    expected: Array
    dispersion: Array
    degrees_of_freedom: Array


def fit_factor_trend(counts: Array, weights: Array, design: Design, *, trend: npt.NDArray[np.bool_]) -> Fit:
    """Fit every row.

    Parameters
    ----------
    counts
        Rows x baseline periods; any number where ``weights`` is 0.
    weights
        Prior weights, rows x baseline periods; 0 leaves a period out.
    design
        Time and groups.
    trend
        Which rows get a trend; the others have slope 0.
    """
    time, group = design.time, design.group
    weighted = weights * counts
    totals = design.sums(weighted)
    slope = np.zeros(len(counts))
    slope[trend] = _slopes(weighted[trend], weights[trend], totals[trend], design)

    denominators, centre, curvature = _moments(slope, weights, totals, design)
    growth = np.exp(slope[:, None] * time)
    level = np.divide(totals, denominators, out=np.full(totals.shape, np.nan), where=denominators > 0)
    mean = growth * np.nan_to_num(level)[:, group]

    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.nan_to_num(weights * growth / denominators[:, group])
        slope_variance = np.where(trend, 1.0 / curvature, 0.0)
        distance = (time - centre[:, group]) ** 2
        leverage = share * (1.0 + totals[:, group] * np.nan_to_num(distance * slope_variance[:, None]))
        level_variance = 1.0 / totals[:, -1] + centre[:, -1] ** 2 * slope_variance
        pearson = np.where(mean > 0, weights * (counts - mean) ** 2 / mean, 0.0).sum(axis=1)
        n_parameters = (denominators > 0).sum(axis=1) + trend
        free = ((weights > 0).sum(axis=1) - n_parameters).astype(np.float64)
        dispersion = np.where(free > 0, pearson / free, np.nan)
    return Fit(
        mean=mean,
        leverage=leverage,
        slope=slope,
        slope_variance=slope_variance,
        level_variance=level_variance,
        expected=level[:, -1],
        dispersion=dispersion,
        degrees_of_freedom=free,
    )


def _slopes(weighted: Array, weights: Array, totals: Array, design: Design) -> Array:
    """Return the maximum likelihood slope of every row by Newton steps, dropping rows as they converge."""
    slope = np.zeros(len(weights))
    target = (weighted * design.time).sum(axis=1)
    active = np.arange(len(weights))
    for _ in range(_STEPS):
        if not len(active):
            break
        _, centre, curvature = _moments(slope[active], weights[active], totals[active], design)
        gradient = target[active] - (totals[active] * centre).sum(axis=1)
        step = np.divide(gradient, curvature, out=np.zeros_like(gradient), where=curvature > 0)
        moved = slope[active] + np.clip(step, -_LARGEST_STEP, _LARGEST_STEP)
        slope[active] = np.clip(moved, -_LARGEST_SLOPE, _LARGEST_SLOPE)
        active = active[np.abs(step) > _TOLERANCE]
    return slope


def _moments(slope: Array, weights: Array, totals: Array, design: Design) -> tuple[Array, Array, Array]:
    """Return each group's sum of growth, its mean time weighted by growth, and the information on the slope."""
    growth = weights * np.exp(slope[:, None] * design.time)
    sums = design.sums(growth)
    divisor = np.where(sums > 0, sums, 1.0)
    growth *= design.time
    centre = design.sums(growth) / divisor
    growth *= design.time
    spread = design.sums(growth) / divisor - centre**2
    return sums, centre, (totals * spread).sum(axis=1)
