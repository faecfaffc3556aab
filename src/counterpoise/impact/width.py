"""How much wider or narrower the interval of a series has to be than its model says, learnt from placebos.

A model with levels that always move is too careful with calm series and not careful enough with restless ones. The
factor on the width is log-linear in what can be seen before the response; its coefficients minimise the
interval score on real placebos that end by 2017 and on simulated series (``benchmarks/skill/impact_width.py``).
"""

import numpy as np
import numpy.typing as npt

from counterpoise.impact.options import EvaluateOptions

__all__ = ["MONTHS_LEARNT_FROM", "features_of", "width_factor"]

Array = npt.NDArray[np.float64]

MONTHS_LEARNT_FROM = 36
"""Placebos have as many months before or more: with fewer no interval is made narrower."""
_FEW = float(np.log1p(5.0))
_YEAR = 12
_LEAST, _RESTLESS, _MOST = -3.0, 0.3, 1.0


def features_of(log_counts: Array) -> Array:
    """Return 1, the share of counts under five, the restlessness of years, and of that the part above 0.3.

    Of one series or of each of several, along the last axis. Restlessness is the log of the root mean squared change
    from one year's mean to the next over that from month to month; 0 where there are no two whole years.
    """
    seen = ~np.isnan(log_counts)
    few = (np.where(seen, log_counts, np.inf) < _FEW).sum(axis=-1) / np.maximum(seen.sum(axis=-1), 1)
    restless = _restlessness(log_counts)
    return np.stack([np.ones_like(few), few, restless, np.maximum(0.0, restless - _RESTLESS)], axis=-1)


def _restlessness(log_counts: Array) -> Array:
    if log_counts.shape[-1] < 2 * _YEAR:
        return np.zeros(log_counts.shape[:-1])
    whole = log_counts[..., log_counts.shape[-1] % _YEAR :]
    whole = whole.reshape(*whole.shape[:-1], -1, _YEAR)
    counted = (~np.isnan(whole)).sum(axis=-1)
    years = np.nansum(whole, axis=-1) / np.maximum(counted, 1)
    by_year, n_years = _mean_square(
        np.diff(_carried(years, counted > 0), axis=-1), (counted > 0).sum(axis=-1) - 1
    )
    monthly = np.diff(log_counts, axis=-1)
    by_month, n_months = _mean_square(np.nan_to_num(monthly), (~np.isnan(monthly)).sum(axis=-1))
    ratio = np.log(np.maximum(np.sqrt(by_year), 1e-3) / np.maximum(np.sqrt(by_month), 1e-3))
    return np.where((n_years < 1) | (n_months < 1), 0.0, np.clip(ratio, _LEAST, _MOST))


def _mean_square(changes: Array, n: npt.NDArray[np.int64]) -> tuple[Array, npt.NDArray[np.int64]]:
    return np.square(changes).sum(axis=-1) / np.maximum(n, 1), n


def _carried(years: Array, known: npt.NDArray[np.bool_]) -> Array:
    """Return years with each unknown one as the last known before it: so that it adds no change of its own."""
    place = np.where(known, np.arange(years.shape[-1]), -1)
    last = np.maximum.accumulate(place, axis=-1)
    first = known.argmax(axis=-1)[..., None]
    carried: Array = np.take_along_axis(years, np.where(last < 0, first, last), axis=-1)
    return carried


def width_factor(log_counts: Array, options: EvaluateOptions) -> Array:
    """Return the factor on the half-width of the interval of a series, or of each of several.

    Parameters
    ----------
    log_counts
        Of the pre period, along the last axis; NaN where no figure is published.
    """
    factor: Array = np.exp(features_of(log_counts) @ np.array(options.width_coefficients))
    enough = (~np.isnan(log_counts)).sum(axis=-1) >= MONTHS_LEARNT_FROM
    return np.where(enough, factor, np.maximum(1.0, factor))
