"""Block bootstrap: what happens in one corridor in one year happens together, so it is drawn together."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from counterpoise.monitoring.detectors.base import Array

__all__ = ["Resampling", "interval_of_mean", "resample"]

Index = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Resampling:
    """Draws of blocks with replacement; the same draws for every detector, so that differences are paired.

    Parameters
    ----------
    block
        Number of the block each item belongs to, one per item.
    weights
        How often each block was drawn, draws x blocks.
    """

    block: Index
    weights: Array


def resample(labels: npt.NDArray[np.str_], *, n_draws: int, generator: np.random.Generator) -> Resampling:
    """Return draws of blocks.

    Parameters
    ----------
    labels
        Name of the block of each item.
    n_draws
        Number of draws.
    generator
        Source of random numbers.
    """
    names, block = np.unique(labels, return_inverse=True)
    n = len(names)
    weights = generator.multinomial(n, np.full(n, 1.0 / n), size=n_draws) if n else np.zeros((n_draws, 0))
    return Resampling(block=block.astype(np.int64), weights=weights.astype(np.float64))


def interval_of_mean(
    total: Array, size: Array, draws: Resampling, *, level: float, unit: float = 1.0
) -> tuple[float, float]:
    """Return the percentile interval of sum(total) / sum(size) x ``unit``; NaN where nothing was drawn.

    Parameters
    ----------
    total, size
        Numerator and denominator of each item; items left out have 0 in both.
    draws
        Resampled blocks.
    level
        Probability of the interval.
    unit
        Factor on the ratio.
    """
    n_blocks = draws.weights.shape[1]
    numerator = draws.weights @ np.bincount(draws.block, weights=total, minlength=n_blocks)
    denominator = draws.weights @ np.bincount(draws.block, weights=size, minlength=n_blocks)
    drawn = denominator > 0
    if not drawn.any():
        return float("nan"), float("nan")
    ratios = unit * numerator[drawn] / denominator[drawn]
    lower, upper = np.quantile(ratios, [(1 - level) / 2, (1 + level) / 2])
    return float(lower), float(upper)
