"""Whether a rise is specific to a corridor, or the same nationality rises everywhere at the time.

More people of a nationality on one corridor may be more people of it on every corridor: that speaks of where
they come from, not of that border. So each count is also read against a forecast scaled by how much the same
nationality exceeds its forecasts on all other corridors of the dataset. Where a nationality takes one corridor
almost alone, the others tell little, and the growth stays near 1.
"""

import numpy as np

from counterpoise.monitoring._kernels import Array
from counterpoise.monitoring.dynamic_count import Forecasts, surge_probability
from counterpoise.monitoring.options import DetectOptions
from counterpoise.observations.panel import Panel
from counterpoise.vocabulary import ALL_NATIONALITIES, split_nationality

__all__ = ["growth_elsewhere", "specific_probability"]

_PSEUDO_COUNT = 10.0
"""Added to observed and expected, so that a handful of people elsewhere is no growth."""


def growth_elsewhere(panel: Panel, expected: Array) -> Array:
    """Return observed over expected of the same nationality on all other corridors of the panel.

    Parameters
    ----------
    panel
        Series of one dataset.
    expected
        Predictive means, series x periods.

    Returns
    -------
    numpy.ndarray
        Series x periods; NaN for totals and for a nationality that no other corridor of the panel has.
    """
    codes = panel.series["nationality"]
    published = ~np.isnan(panel.values)
    observed = np.where(published, panel.values, 0.0)
    forecast = np.where(published, expected, 0.0)
    growth = np.full(panel.values.shape, np.nan)
    for code in codes.unique():
        rows = np.flatnonzero((codes == code).to_numpy())
        if split_nationality(code)[0] == ALL_NATIONALITIES or len(rows) < 2:
            continue
        seen = observed[rows].sum(axis=0) - observed[rows]
        usual = forecast[rows].sum(axis=0) - forecast[rows]
        growth[rows] = (seen + _PSEUDO_COUNT) / (usual + _PSEUDO_COUNT)
    return growth


def specific_probability(panel: Panel, forecasts: Forecasts, growth: Array, options: DetectOptions) -> Array:
    """Return P(count >= observed) if this series had grown as the nationality did elsewhere; NaN where unknown.

    A growth below 1 is taken as 1: that fewer come elsewhere makes nothing here more unusual.
    """
    scaled = forecasts.rate / np.maximum(growth, 1.0)
    tail = surge_probability(panel.values, forecasts.shape, scaled, options)
    return np.where(np.isnan(growth), np.nan, tail)
