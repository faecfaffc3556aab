"""Arrays behind the structural time series: one spectrum of the level per set of months, then diagonal algebra.

The covariance of a random walk, ``min(s, t)``, and of noise, ``I``, have the same eigenvectors, so that all level
ratios share one rotation of the data. Axes: ``k`` components (ratio x ridge), ``p`` regressors.
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
    """A mixture of multivariate Student t over the post period; everything relative to the centre of the pre one.

    Parameters
    ----------
    weights
        Probability of each component, k.
    means
        k x post.
    covariances
        k x post x post, times ``scales`` the scale matrix.
    scales
        Variance per component, k.
    """

    weights: Array
    means: Array
    covariances: Array
    scales: Array
    df: float

    def of_mean(self, shown: npt.NDArray[np.intp]) -> tuple[Array, Array]:
        """Return location and scale per component of the mean over some post periods."""
        inside = self.covariances[:, shown[:, None], shown]
        return self.means[:, shown].mean(axis=1), np.sqrt(self.scales * inside.mean(axis=(1, 2)))


def posterior(
    before: Array,
    months: tuple[int, ...],
    n_pre: int,
    design: tuple[Array, Array],
    prior: tuple[Array, npt.NDArray[np.bool_], tuple[float, ...]],
    ratios: tuple[float, ...],
    noise: tuple[float, float],
) -> Posterior:
    """Return what to expect of the post period.

    Parameters
    ----------
    before
        Centred log counts of the pre months that have one.
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
    rotated = rotation @ np.column_stack([before, pre])
    ratio = np.array(ratios)
    spectrum = ratio[:, None] * values + (1 - ratio[:, None])
    weighted = rotated / spectrum[:, :, None]
    gram = rotated.T @ weighted
    # the level of the last month given the figures, and its variance: what any later month starts from
    pulled = ratio[:, None] * (time @ weighted)
    last = ratio * months[-1] - ratio**2 * ((time**2 / spectrum).sum(axis=1))
    left = post - pulled[:, None, 1:]
    ridge_scales = ridges if ridged.any() else (1.0,)
    variances = np.where(ridged, np.array(ridge_scales)[:, None], scales)
    precision = gram[:, None, 1:, 1:] + np.eye(len(scales)) / variances[:, None, :]
    k = precision.shape[0] * precision.shape[1]
    precision = precision.reshape(k, len(scales), len(scales))
    again = np.repeat(np.arange(len(ratio)), len(ridge_scales))
    right = np.concatenate([gram[:, 1:, :1], left.transpose(0, 2, 1)], axis=2)[again]
    factor = np.linalg.cholesky(precision)
    solved = np.linalg.solve(precision, right)
    coefficients = solved[:, :, 0]
    squares = gram[again, 0, 0] - (right[:, :, 0] * coefficients).sum(axis=1) + prior_df * prior_variance
    log_volume = (
        np.log(spectrum).sum(axis=1)[again]
        + 2 * np.log(np.diagonal(factor, axis1=1, axis2=2)).sum(axis=1)
        + np.tile(np.log(variances).sum(axis=1), len(ratio))
    )
    evidence = -0.5 * log_volume - 0.5 * df * np.log(squares)
    weights = np.exp(evidence - evidence.max())
    ahead = np.arange(1.0, len(post) + 1) + (n_pre - months[-1])
    walk = (
        last[:, None, None]
        + ratio[:, None, None] * np.minimum.outer(ahead, ahead)
        + (1 - ratio[:, None, None]) * np.eye(len(post))
    )
    return Posterior(
        weights=weights / weights.sum(),
        means=pulled[again, :1] + (left[again] @ coefficients[:, :, None])[:, :, 0],
        covariances=walk[again] + left[again] @ solved[:, :, 1:],
        scales=squares / df,
        df=df,
    )


def mixture_quantiles(probabilities: Array, weights: Array, means: Array, scales: Array, df: float) -> Array:
    """Return quantiles of a mixture of Student t distributions.

    Parameters
    ----------
    probabilities
        n.
    weights
        k.
    means, scales
        k, or k x m for m mixtures at once.

    Returns
    -------
    array
        n, or n x m; secant steps kept in a bracket, to 1e-9 of its width or 60 steps.
    """
    single = means.ndim == 1
    location, spread = means.reshape(len(weights), -1), scales.reshape(len(weights), -1)
    wanted = np.repeat(probabilities[:, None], location.shape[1], axis=1)
    widest = 200.0 * spread.max(axis=0)
    lower = np.repeat((location.min(axis=0) - widest)[None], len(probabilities), axis=0)
    upper = np.repeat((location.max(axis=0) + widest)[None], len(probabilities), axis=0)
    centre = weights @ location
    width = np.sqrt(weights @ (spread**2 + (location - centre) ** 2))
    found = centre + width * np.sign(wanted - 0.5) * 2.0
    tolerance = 1e-9 * float((upper - lower).max())
    for _ in range(60):
        standard = (found[:, None, :] - location) / spread
        below = weights @ stdtr(df, standard) - wanted
        lower = np.where(below < 0, found, lower)
        upper = np.where(below < 0, upper, found)
        density = _t_constant(df) * (weights @ ((1 + standard**2 / df) ** (-(df + 1) / 2) / spread))
        step = found - below / np.maximum(density, 1e-300)
        inside = (step >= lower) & (step <= upper)
        moved = np.where(inside, step, (lower + upper) / 2)
        if np.abs(moved - found).max() < tolerance:
            found = moved
            break
        found = moved
    return found[:, 0] if single else found


@lru_cache(maxsize=512)
def _t_constant(df: float) -> float:
    """Return the density of a Student t at 0."""
    return float(np.exp(gammaln((df + 1) / 2) - gammaln(df / 2)) / np.sqrt(df * np.pi))
