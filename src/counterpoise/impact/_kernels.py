"""Arrays behind the structural time series: one spectrum of the level per set of months, then diagonal algebra.

The covariance of a random walk, ``min(s, t)``, and of noise, ``I``, have the same eigenvectors, so that all level
ratios share one rotation of the data. Axes: ``k`` components (ratio x ridge), ``m`` series that share months and
regressors, ``p`` regressors.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt
from scipy.special import gammaln, stdtr

__all__ = ["Posterior", "level_spectrum", "mixture_quantiles", "posterior"]

Array = npt.NDArray[np.float64]


@lru_cache(maxsize=512)
def level_spectrum(months: tuple[int, ...]) -> tuple[Array, Array, Array]:
    """Return eigenvalues and eigenvectors of ``min(s, t)`` over months counted from 1, and ``t`` rotated.

    Months without a figure are left out of ``months``, which is exact for this model.
    """
    time = np.array(months, dtype=np.float64)
    values, vectors = np.linalg.eigh(np.minimum.outer(time, time))
    return values, np.ascontiguousarray(vectors.T), vectors.T @ time


@dataclass(frozen=True, slots=True, kw_only=True)
class Posterior:
    """Mixtures of multivariate Student t over the post period; everything relative to the centre of the pre one.

    Parameters
    ----------
    weights
        Probability of each component, k x m; of one series k.
    means
        k x m x post; of one series k x post.
    covariances
        k x post x post, times ``scales`` the scale matrix; the same for all series.
    scales
        Variance per component, k x m; of one series k.
    """

    weights: Array
    means: Array
    covariances: Array
    scales: Array
    df: float

    def of_mean(self, shown: npt.NDArray[np.intp]) -> tuple[Array, Array]:
        """Return location and scale per component, k x m or k, of the mean over some post periods."""
        inside = self.covariances[:, shown[:, None], shown].mean(axis=(1, 2))
        spread = np.sqrt(self.scales * inside.reshape(-1, *[1] * (self.scales.ndim - 1)))
        return self.means[..., shown].mean(axis=-1), spread


def posterior(
    before: Array,
    months: tuple[int, ...],
    n_pre: int,
    design: tuple[Array, Array],
    prior: tuple[Array, npt.NDArray[np.bool_], tuple[float, ...]],
    ratios: tuple[float, ...],
    noise: tuple[float, float],
) -> Posterior:
    """Return what to expect of the post period, for one series or several that share months and regressors.

    Parameters
    ----------
    before
        Centred log counts of the pre months that have one; months, or months x m.
    months, n_pre
        These months, counted from 1, and the length of the pre period with its gaps.
    design
        Regressors of these months and of the post period; each x p.
    prior
        Prior variances of the coefficients relative to the noise, which of them the ridge scale governs, the scales.
    ratios
        Shares of the one-step variance that move the level.
    noise
        Prior degrees of freedom and variance.
    """
    values, rotation, time = level_spectrum(months)
    pre, post = design
    scales, ridged, ridges = prior
    prior_df, prior_variance = noise
    df = len(before) + prior_df
    counts, rotated = rotation @ before.reshape(len(before), -1), rotation @ pre
    ratio = np.array(ratios)
    spectrum = ratio[:, None] * values + (1 - ratio[:, None])
    weighted, weighted_counts = (part / spectrum[:, :, None] for part in (rotated, counts))
    # the level of the last month given the figures, and its variance: what any later month starts from
    pulled = ratio[:, None] * (time @ weighted_counts)
    left = post - (ratio[:, None] * (time @ weighted))[:, None]
    last = ratio * months[-1] - ratio**2 * ((time**2 / spectrum).sum(axis=1))
    ridge_scales = ridges if ridged.any() else (1.0,)
    variances = np.where(ridged, np.array(ridge_scales)[:, None], scales)
    precision = (rotated.T @ weighted)[:, None] + np.eye(len(scales)) / variances[:, None, :]
    k = precision.shape[0] * precision.shape[1]
    precision = precision.reshape(k, len(scales), len(scales))
    again = np.repeat(np.arange(len(ratio)), len(ridge_scales))
    cross = rotated.T @ weighted_counts
    right = np.concatenate([cross, left.transpose(0, 2, 1)], axis=2)[again]
    factor = np.linalg.cholesky(precision)
    solved = np.linalg.solve(precision, right)
    n_series = counts.shape[1]
    coefficients = solved[:, :, :n_series]
    explained = (right[:, :, :n_series] * coefficients).sum(axis=1)
    squares = (counts * weighted_counts).sum(axis=1)[again] - explained + prior_df * prior_variance
    log_volume = (
        np.log(spectrum).sum(axis=1)[again]
        + 2 * np.log(np.diagonal(factor, axis1=1, axis2=2)).sum(axis=1)
        + np.tile(np.log(variances).sum(axis=1), len(ratio))
    )
    evidence = -0.5 * log_volume[:, None] - 0.5 * df * np.log(squares)
    weights = np.exp(evidence - evidence.max(axis=0))
    ahead = np.arange(1.0, len(post) + 1) + (n_pre - months[-1])
    walk = (
        last[:, None, None]
        + ratio[:, None, None] * np.minimum.outer(ahead, ahead)
        + (1 - ratio[:, None, None]) * np.eye(len(post))
    )
    series = slice(None) if before.ndim > 1 else 0
    return Posterior(
        weights=(weights / weights.sum(axis=0))[:, series],
        means=(pulled[again, :, None] + (left[again] @ coefficients).transpose(0, 2, 1))[:, series],
        covariances=walk[again] + left[again] @ solved[:, :, n_series:],
        scales=(squares / df)[:, series],
        df=df,
    )


def mixture_quantiles(probabilities: Array, weights: Array, means: Array, scales: Array, df: float) -> Array:
    """Return quantiles of a mixture of Student t distributions.

    Parameters
    ----------
    probabilities
        n.
    weights, means, scales
        k, or k x m for m mixtures at once.

    Returns
    -------
    array
        n, or n x m; secant steps kept in a bracket, to 1e-9 of its width or 60 steps.
    """
    single = means.ndim == 1
    share, location, spread = (part.reshape(len(weights), -1) for part in (weights, means, scales))
    wanted = np.repeat(probabilities[:, None], location.shape[1], axis=1)
    widest = 200.0 * spread.max(axis=0)
    lower = np.repeat((location.min(axis=0) - widest)[None], len(probabilities), axis=0)
    upper = np.repeat((location.max(axis=0) + widest)[None], len(probabilities), axis=0)
    centre = (share * location).sum(axis=0)
    width = np.sqrt((share * (spread**2 + (location - centre) ** 2)).sum(axis=0))
    found = centre + width * np.sign(wanted - 0.5) * 2.0
    tolerance = 1e-9 * float((upper - lower).max())
    for _ in range(60):
        standard = (found[:, None, :] - location) / spread
        below = (share * stdtr(df, standard)).sum(axis=1) - wanted
        lower = np.where(below < 0, found, lower)
        upper = np.where(below < 0, upper, found)
        density = _t_constant(df) * (share * (1 + standard**2 / df) ** (-(df + 1) / 2) / spread).sum(axis=1)
        step = found - below / np.maximum(density, 1e-300)
        inside = (step >= lower) & (step <= upper)
        moved = np.where(inside, step, (lower + upper) / 2)
        if np.abs(moved - found).max() < tolerance:
            found = moved
            break
        found = moved
    quantiles: Array = found[:, 0] if single else found
    return quantiles


@lru_cache(maxsize=512)
def _t_constant(df: float) -> float:
    """Return the density of a Student t at 0."""
    return float(np.exp(gammaln((df + 1) / 2) - gammaln(df / 2)) / np.sqrt(df * np.pi))
