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

    Restlessness is the log of the root mean squared change from one year's mean to the next over that from month
    to month; 0 where there are no two whole years.
    """
    seen = log_counts[~np.isnan(log_counts)]
    restless = _restlessness(log_counts)
    return np.array([1.0, float((seen < _FEW).mean()), restless, max(0.0, restless - _RESTLESS)])


def _restlessness(log_counts: Array) -> float:
    whole = log_counts[len(log_counts) % _YEAR :].reshape(-1, _YEAR)
    counted = (~np.isnan(whole)).sum(axis=1)
    years = np.where(np.isnan(whole), 0.0, whole).sum(axis=1)[counted > 0] / counted[counted > 0]
    monthly = np.diff(log_counts)
    monthly = monthly[~np.isnan(monthly)]
    if len(years) < 2 or not len(monthly):
        return 0.0
    by_year, by_month = float(np.sqrt((np.diff(years) ** 2).mean())), float(np.sqrt((monthly**2).mean()))
    return float(np.clip(np.log(max(by_year, 1e-3) / max(by_month, 1e-3)), _LEAST, _MOST))


def width_factor(log_counts: Array, options: EvaluateOptions) -> float:
    """Return the factor on the half-width of an interval.

    Parameters
    ----------
    log_counts
        Of the pre period; NaN where no figure is published.
    """
    factor = float(np.exp(features_of(log_counts) @ np.array(options.width_coefficients)))
    enough = int((~np.isnan(log_counts)).sum()) >= MONTHS_LEARNT_FROM
    return factor if enough else max(1.0, factor)
