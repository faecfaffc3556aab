"""How much wider or narrower the interval of a series has to be than its model says, learnt from early years.

A model does not know that years move more than months say, that few people may become many, or that a year far above
the usual one is more often followed by less than by more. Each side of the interval has a factor, log-linear in what
can be seen before the response: the two quantile regressions (Koenker & Bassett 1978) of the error of the model, in
half-widths, on real placebos that end by 2018 and on simulated series (``benchmarks/skill/impact_width.py``).
"""

import numpy as np
import numpy.typing as npt

from counterpoise.impact.options import EvaluateOptions

__all__ = ["MONTHS_LEARNT_FROM", "features_of", "width_factors"]

Array = npt.NDArray[np.float64]

MONTHS_LEARNT_FROM = 36
"""Placebos have as many months before or more: with fewer no interval is made narrower."""
_FEW = float(np.log1p(5.0))
_YEAR = 12
_NARROWEST = 0.01
_LEAST, _MOST = -3.0, 1.0
_FARTHEST = 2.0


def features_of(log_counts: Array, half: Array) -> Array:
    """Return five features, along a new last axis, of one series or of each of several.

    They are 1; the log of the half-width the model gives; the share of counts under five; by how much the last twelve
    months lie above all, on average, within 2 either way; and the restlessness of years: the log of the root mean
    squared change from one year's mean to the next over that from month to month, 0 where there are no two whole
    years.

    Parameters
    ----------
    log_counts
        Of the pre period, along the last axis; NaN where no figure is published.
    half
        Half the width of the interval of the model.
    """
    seen = ~np.isnan(log_counts)
    few = (np.where(seen, log_counts, np.inf) < _FEW).sum(axis=-1) / np.maximum(seen.sum(axis=-1), 1)
    usual, recent = _mean(log_counts), _mean(log_counts[..., -_YEAR:])
    above = np.where(seen[..., -_YEAR:].any(axis=-1), np.clip(recent - usual, -_FARTHEST, _FARTHEST), 0.0)
    width = np.log(np.maximum(half, _NARROWEST))
    return np.stack([np.ones_like(few), width, few, above, _restlessness(log_counts)], axis=-1)


def _mean(log_counts: Array) -> Array:
    """Return means over the last axis of what is published; 0 where nothing is."""
    seen = (~np.isnan(log_counts)).sum(axis=-1)
    mean: Array = np.nansum(log_counts, axis=-1) / np.maximum(seen, 1)
    return mean


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


def width_factors(log_counts: Array, half: Array, options: EvaluateOptions) -> tuple[Array, Array]:
    """Return by what the half-width is multiplied below the estimate, and above; arguments as ``features_of``."""
    features = features_of(log_counts, half)
    enough = (~np.isnan(log_counts)).sum(axis=-1) >= MONTHS_LEARNT_FROM
    below, above = (np.exp(features @ np.array(one)) for one in (options.width_below, options.width_above))
    return (
        np.where(enough, below, np.maximum(1.0, below)),
        np.where(enough, above, np.maximum(1.0, above)),
    )
