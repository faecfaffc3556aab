"""Arrays behind the structural time series: one spectrum of the level per set of months, then diagonal algebra.

The covariance of a random walk, ``min(s, t)``, and of correlated noise, ``phi ** |s - t|``, are made diagonal by the
same transformation (generalised eigenvectors), so that all level ratios share one rotation of the data. Axes: ``f``
correlations of the noise, ``r`` level ratios, ``k`` components (correlation x ratio x ridge), ``m`` series that share
months and regressors, ``p`` regressors.
"""

from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.linalg import eigh
from scipy.special import gammaln, stdtr
from threadpoolctl import ThreadpoolController

__all__ = ["Posterior", "Spectrum", "level_spectrum", "mixture_quantiles", "one_thread", "posterior"]

Array = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Spectrum:
    """A random walk and correlated noise over months, both diagonal; one entry, or row, per correlation.

    Parameters
    ----------
    values
        Variance of the walk over that of the noise in each direction, f x months.
    rotation
        The directions, f x months x months: the noise is white there.
    log_volume
        Log determinant of the covariance of the noise, f.
    walk, noise
        Covariance of the months with a later level, and with the noise of the last month; rotated, f x months.
    """

    values: Array
    rotation: Array
    log_volume: Array
    walk: Array
    noise: Array


@lru_cache(maxsize=512)
def level_spectrum(months: tuple[int, ...], correlations: tuple[float, ...]) -> Spectrum:
    """Return the spectrum over months counted from 1.

    Months without a figure are left out of ``months``, which is exact for this model.
    """
    time = np.array(months, dtype=np.float64)
    walk = np.minimum.outer(time, time)
    noise = [phi ** np.abs(time[:, None] - time) for phi in correlations]
    with _libraries().limit(
        limits=1
    ):  # on a few hundred months threads wait for each other ten times as long
        values, vectors = (np.array(part) for part in zip(*(eigh(walk, one) for one in noise), strict=True))
    rotation = np.ascontiguousarray(vectors.transpose(0, 2, 1))
    last = np.array([one[-1] for one in noise])
    return Spectrum(
        values=values,
        rotation=rotation,
        # each month of the noise depends on the one before alone
        log_volume=np.array([np.log1p(-(phi ** (2 * np.diff(time)))).sum() for phi in correlations]),
        walk=rotation @ time,
        noise=(rotation @ last[:, :, None])[:, :, 0],
    )


@lru_cache(maxsize=1)
def _libraries() -> ThreadpoolController:
    """Return the libraries of linear algebra that are loaded."""
    return ThreadpoolController()


def one_thread() -> AbstractContextManager[Any]:
    """Return a context in which linear algebra uses one thread: more lose time on matrices of a few hundred months."""
    context: AbstractContextManager[Any] = _libraries().limit(limits=1)
    return context


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
    correlations: tuple[float, ...],
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
    correlations
        Of the noise of two months next to each other.
    noise
        Prior degrees of freedom and variance.
    """
    level = level_spectrum(months, correlations)
    pre, post = design
    scales, ridged, ridges = prior
    prior_df, prior_variance = noise
    df = len(before) + prior_df
    counts = level.rotation @ before.reshape(len(before), -1)
    rotated = level.rotation @ pre
    ratio = np.array(ratios)[:, None]
    spectrum = ratio * level.values[:, None] + (1 - ratio)
    weighted, weighted_counts = (part[:, None] / spectrum[..., None] for part in (rotated, counts))
    # what each later month has in common with the figures: the level, and the noise that is left of the last month
    ahead = np.arange(1.0, len(post) + 1) + (n_pre - months[-1])
    lasting = np.array(correlations)[:, None] ** ahead
    common = ratio[:, :, None] * level.walk[:, None, None] + (1 - ratio[:, :, None]) * (
        lasting[:, None, :, None] * level.noise[:, None, None]
    )
    pulled = common @ weighted_counts
    left = post - common @ weighted
    apart = np.abs(ahead[:, None] - ahead)
    walk = (
        ratio[:, :, None] * (months[-1] + np.minimum.outer(ahead, ahead))
        + (1 - ratio[:, :, None]) * np.array(correlations)[:, None, None, None] ** apart
        - (common / spectrum[:, :, None]) @ common.swapaxes(2, 3)
    )
    gram = rotated.swapaxes(1, 2)[:, None] @ weighted
    cross = rotated.swapaxes(1, 2)[:, None] @ weighted_counts
    right = _flat(np.concatenate([cross, left.swapaxes(2, 3)], axis=3))
    squares = _flat((counts[:, None] * weighted_counts).sum(axis=2))
    volume = _flat(np.log(spectrum).sum(axis=2) + level.log_volume[:, None])
    ridge_scales = ridges if ridged.any() else (1.0,)
    variances = np.where(ridged, np.array(ridge_scales)[:, None], scales)
    again = np.repeat(np.arange(len(right)), len(ridge_scales))
    precision = _flat(_flat(gram)[:, None] + np.eye(len(scales)) / variances[:, None, :])
    factor = np.linalg.cholesky(precision)
    right, left, pulled = right[again], _flat(left)[again], _flat(pulled)[again]
    solved = np.linalg.solve(precision, right)
    n_series = counts.shape[2]
    coefficients = solved[:, :, :n_series]
    explained = (right[:, :, :n_series] * coefficients).sum(axis=1)
    squares = squares[again] - explained + prior_df * prior_variance
    log_volume = (
        volume[again]
        + 2 * np.log(np.diagonal(factor, axis1=1, axis2=2)).sum(axis=1)
        + np.tile(np.log(variances).sum(axis=1), len(volume))
    )
    evidence = -0.5 * log_volume[:, None] - 0.5 * df * np.log(squares)
    weights = np.exp(evidence - evidence.max(axis=0))
    series = slice(None) if before.ndim > 1 else 0
    return Posterior(
        weights=(weights / weights.sum(axis=0))[:, series],
        means=(pulled + left @ coefficients).swapaxes(1, 2)[:, series],
        covariances=_flat(walk)[again] + left @ solved[:, :, n_series:],
        scales=(squares / df)[:, series],
        df=df,
    )


def _flat(values: Array) -> Array:
    """Return an array with its first two axes as one."""
    return values.reshape(-1, *values.shape[2:])


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
