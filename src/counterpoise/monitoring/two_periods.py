r"""Two periods judged together: a rise that builds up, seen before it has taught the forecast.

A forecast that learns within a month or two takes the first month of a surge for a new level, and so half hides the
second. So each period is judged together with the one before it, by forecasts that know neither: with :math:`p_1` the
tail probability of the period before, one step ahead, and :math:`p_2` that of this period, two steps ahead, the product
:math:`q = p_1 p_2` of two uniform numbers has

.. math:: P(Q \le q) = q \, (1 - \ln q)

(Fisher 1932, section 21.1, for two tests). A surge of one month would alarm the month after it too; so where this
period is not itself among the highest tenth of its own forecast, it counts for no more than by itself. That tenth
was chosen on surges of our own up to 2018 (``benchmarks/skill/settings.py``), like the settings of the model.
"""

import numpy as np

from counterpoise.monitoring._kernels import Array

__all__ = ["HIGH_BY_ITSELF", "two_period_surprise"]

HIGH_BY_ITSELF = 0.1
"""Largest tail probability, two steps ahead, at which a period lends weight to the one before."""
_SMALLEST = 1e-300
"""Smaller tail probabilities are all the same surprise."""


def two_period_surprise(tail: Array, tail_ahead: Array, *, high: float = HIGH_BY_ITSELF) -> Array:
    """Return minus the decimal logarithm of the probability of two periods together, series x periods.

    Parameters
    ----------
    tail
        P(count >= observed) one step ahead, series x periods; NaN where nothing is published.
    tail_ahead
        The same two steps ahead (``Forecasts.tail_ahead``).
    high
        See ``HIGH_BY_ITSELF``.

    Returns
    -------
    numpy.ndarray
        Where either of the two periods is not published: the surprise of the period by itself.
    """
    alone, ahead = (-np.log10(np.maximum(p, _SMALLEST)) for p in (tail, tail_ahead))
    before = np.full(alone.shape, np.nan)
    before[:, 1:] = alone[:, :-1]
    product = before + ahead
    together = product - np.log10(1.0 + np.log(10.0) * product)
    # fmin: what is unknown of the two leaves the period by itself
    return np.where(
        tail_ahead <= high, np.where(np.isnan(together), alone, together), np.fmin(together, alone)
    )
