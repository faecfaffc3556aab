"""Month by month and all together: what was counted, what was to be expected, and the difference in counts."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from counterpoise.impact._kernels import Posterior

__all__ = ["Paths", "draw_paths", "stretched"]

Array = npt.NDArray[np.float64]

_N_DRAWS = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class Paths:
    """The counterfactual in counts.

    Parameters
    ----------
    expected, lower, upper
        Per post period: median and interval of the counterfactual; intervals are of each period by itself.
    cumulative, cumulative_lower, cumulative_upper
        Sum of observed less expected over the periods with a figure.
    """

    expected: Array
    lower: Array
    upper: Array
    cumulative: float
    cumulative_lower: float
    cumulative_upper: float


def draw_paths(
    expected: Posterior,
    centre: float,
    observed: Array,
    *,
    shift: float,
    stretch: tuple[float, float],
    level: float,
    rng: np.random.Generator,
) -> Paths:
    """Return the counterfactual in counts, drawn from its distribution because a sum of counts has no closed form.

    Parameters
    ----------
    expected, centre
        As ``counterfactual`` gives them.
    observed
        Counts of the post period; NaN where none is published.
    shift, stretch
        By how much the mean of the counterfactual is moved (a start at a peak), and its spread below and above
        it multiplied.
    """
    which = rng.choice(len(expected.weights), size=_N_DRAWS, p=expected.weights)
    factors = np.linalg.cholesky(expected.covariances * expected.scales[:, None, None])
    normal = rng.standard_normal((_N_DRAWS, expected.means.shape[1]))
    chi = rng.chisquare(expected.df, _N_DRAWS) / expected.df
    moved = np.einsum("nij,nj->ni", factors[which], normal) / np.sqrt(chi)[:, None] + expected.means[which]
    middle = expected.weights @ expected.means
    counts = np.maximum(np.expm1(centre + middle + shift + stretched(moved - middle, *stretch)), 0.0)
    tail = (1 - level) / 2
    lower, median, upper = np.quantile(counts, [tail, 0.5, 1 - tail], axis=0)
    shown = ~np.isnan(observed)
    sums = counts[:, shown].sum(axis=1)
    least, half, most = np.quantile(sums, [tail, 0.5, 1 - tail])
    total = float(observed[shown].sum())
    return Paths(
        expected=median,
        lower=lower,
        upper=upper,
        cumulative=total - float(half),
        cumulative_lower=total - float(most),
        cumulative_upper=total - float(least),
    )


def stretched(deviations: Array, below: float, above: float) -> Array:
    """Return deviations from the middle, those below and above it each multiplied by a factor."""
    return deviations * np.where(deviations < 0, below, above)
