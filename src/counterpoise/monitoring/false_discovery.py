r"""Which surges stand when a whole portfolio is watched at once: false discoveries bounded, period by period.

A rate of false alarms per series-month adds up: over 300 series some alarm is always false. Here the promise is one
over the portfolio: of all surges ever reported as *discoveries*, the expected share of false ones is at most
``rate``. It is kept online, each period decided with what was decided before and never revised (BatchBH: Zrnic,
Jiang, Ramdas & Jordan 2020, "The Power of Batching in Multiple Hypothesis Testing", AISTATS, algorithm 1): all
series of a period are one batch, to which Benjamini & Hochberg's step-up (1995) is applied at

.. math:: \alpha_t = \Big(\alpha \sum_{s \le t} \gamma_s
          - \sum_{s < t} \alpha_s \frac{R_s^+}{R_s^+ + \sum_{r < t, r \ne s} R_r}\Big)
          \frac{n_t + \sum_{s < t} R_s}{n_t}

with :math:`R_s` discoveries in period s, :math:`R_s^+` the most there could have been had one of its probabilities been
0, and :math:`\gamma_t \propto t^{-1.6}`.

The probabilities it needs are those of counts *without* a surge. Neither the model's own will do (real flows have
heavier tails) nor the shares of all earlier counts (``recalibrate``: every real surge of the past is among them, so
that hardly anything is rarer). So the null is read off the body of the earlier cases, where surges are few: from
their upper tenth on it falls as an exponential fitted between their 90 % and 98 % quantiles (an empirical null, as
Efron 2004, JASA 99, takes it from the centre), in series of a like size, and never faster than the model's own. Some
surges are in the body too, so it errs towards fewer discoveries.

The proof wants independent series. They are not (one nationality rises on
several corridors at a time), so read the rate as nominal; that is also why totals, which repeat their nationalities,
are left out of the batches.
"""

import numpy as np
import numpy.typing as npt
import polars as pl
from scipy.special import zeta

from counterpoise.checks import Check
from counterpoise.monitoring._kernels import Array
from counterpoise.monitoring.dynamic_count import Forecasts
from counterpoise.monitoring.recalibrate import SIZE_EDGES
from counterpoise.observations.panel import Panel
from counterpoise.vocabulary import ALL_NATIONALITIES

__all__ = [
    "FALSE_DISCOVERY_RATE",
    "batch_discoveries",
    "check_discoveries",
    "discoveries",
    "null_probability",
]

FALSE_DISCOVERY_RATE = 0.1
"""Of all surges ever marked as discoveries, the expected share of false ones is at most this."""

_DECAY = 1.6
"""Of the weights of the periods; the sum over all is 1."""
_BODY = (0.9, 0.98)
"""Quantiles of the earlier cases between which the null is fitted."""
_FEWEST = 200
_SHOWN_FOR_ZERO = 1e-300


def discoveries(panel: Panel, forecasts: Forecasts, judged: npt.NDArray[np.bool_]) -> pl.Series:
    """Return whether each count is a discovery, by series and period in one column; null where it is not tested.

    Parameters
    ----------
    panel, forecasts
        Series of one dataset and measure, and what was forecast for them.
    judged
        Series x periods: where an alarm could have been raised.
    """
    single = ~panel.series["nationality"].str.starts_with(ALL_NATIONALITIES).to_numpy()
    corridors = panel.series["corridor"]
    # a corridor of which only the total is published has nothing else to be tested by
    alone = ~corridors.is_in(corridors.filter(pl.Series(single)).unique().implode()).to_numpy()
    tested = judged & (single | alone)[:, None]
    null = null_probability(forecasts.tail_probability, forecasts.shape / forecasts.rate, tested)
    found = batch_discoveries(null, rate=FALSE_DISCOVERY_RATE)
    column = pl.Series(found.ravel())
    return column.set(pl.Series(np.isnan(null).ravel()), None)


def check_discoveries(alarms: pl.DataFrame) -> Check:
    """Return how many of the surges stand when all series are watched at once."""
    tested = alarms.filter(pl.col("discovery").is_not_null())
    text = (
        f"{tested['discovery'].sum()} of {tested.height} surges tested stand when all series are watched at once, at "
        f"{FALSE_DISCOVERY_RATE:.0%} of false discoveries; falls, totals and too few earlier cases are not tested."
    )
    return Check(name="false_discovery", status="passed" if tested.height else "skipped", text=text)


def null_probability(tail_probability: Array, expected: Array, judged: npt.NDArray[np.bool_]) -> Array:
    """Return how likely a count at least so high is without a surge; NaN where too few earlier cases are at hand.

    Parameters
    ----------
    tail_probability
        P(count >= observed) under the model, series x periods; NaN where nothing is published.
    expected
        Predictive means, series x periods.
    judged
        Series x periods: where the series has a baseline and the figure is settled. Only these teach, and only these
        are tested.
    """
    surprise = -np.log(np.clip(tail_probability, _SHOWN_FOR_ZERO, 1.0))
    size = np.digitize(expected, SIZE_EDGES)
    null = np.full(tail_probability.shape, np.nan)
    for group in range(len(SIZE_EDGES) + 1):
        of_group = judged & (size == group)
        earlier = np.empty(0)
        for t in range(tail_probability.shape[1]):
            now = of_group[:, t]
            if len(earlier) >= _FEWEST and now.any():
                null[now, t] = _share_in_null(earlier, surprise[now, t])
            if now.any():  # kept sorted, so that each period costs one merge
                fresh = np.sort(surprise[now, t])
                earlier = np.insert(earlier, np.searchsorted(earlier, fresh), fresh)
    return null


def _share_in_null(earlier: Array, now: Array) -> Array:
    """Return the share of the null at least so surprising: of a sorted sample up to its body, exponential beyond."""
    n = len(earlier)
    start, end = (float(earlier[int(q * (n - 1))]) for q in _BODY)
    scale = max((end - start) / np.log((1 - _BODY[0]) / (1 - _BODY[1])), 1.0)
    counted = (n - np.searchsorted(earlier, now, side="left")) / n
    beyond = (1 - _BODY[0]) * np.exp(-np.maximum(now - start, 0.0) / scale)
    return np.where(now > start, beyond, np.maximum(counted, 1 - _BODY[0]))


def batch_discoveries(probability: Array, *, rate: float) -> npt.NDArray[np.bool_]:
    """Return which probabilities are discoveries, series x periods; a period uses earlier ones only.

    Parameters
    ----------
    probability
        Series x periods: how likely a count at least so high is by chance, calibrated; NaN where nothing is tested.
    rate
        Bound on the expected share of false discoveries among all.
    """
    found = np.zeros(probability.shape, dtype=bool)
    levels, most, n_found = np.empty(0), np.empty(0), np.empty(0)
    for t in range(probability.shape[1]):
        tested = np.flatnonzero(~np.isnan(probability[:, t]))
        if not len(tested):
            continue
        step = len(levels) + 1
        before = n_found.sum()
        spent = (levels * most / np.maximum(most + before - n_found, 1.0)).sum()
        earned = rate * (np.arange(1.0, step + 1) ** -_DECAY).sum() / zeta(_DECAY)
        level = max(earned - spent, 0.0) * (len(tested) + before) / len(tested)
        ordered = np.sort(probability[tested, t])
        n_here = _step_up(ordered, level)
        found[tested, t] = probability[tested, t] <= (ordered[n_here - 1] if n_here else -1.0)
        levels = np.append(levels, level)
        n_found = np.append(n_found, n_here)
        most = np.append(most, _step_up(np.append(0.0, ordered[:-1]), level))
    return found


def _step_up(ordered: Array, level: float) -> int:
    """Return how many of n sorted probabilities are discoveries: the largest r whose r-th is at most r level / n."""
    below = np.flatnonzero(ordered <= level * np.arange(1, len(ordered) + 1) / len(ordered))
    return int(below[-1]) + 1 if len(below) else 0
