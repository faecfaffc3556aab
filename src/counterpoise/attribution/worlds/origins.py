"""Annual figures of the origins of a synthetic world: applications elsewhere, decisions, displacement.

Reasons to leave show in them; a way that is opened, a season and another way taken do not. How far, nobody knows: the
ranges are settings of a family. Year-to-year noise is that of UNHCR's figures of 2005 to 2018
(``benchmarks/skill/attribution_network.py``).
"""

import numpy as np

from counterpoise.attribution._kernels import Array
from counterpoise.attribution.worlds.families import Family
from counterpoise.observations.origins import OriginFigures

__all__ = ["simulate_origins"]

_MONTHS = 12
_RECOGNITION_MEAN, _RECOGNITION_SD, _RECOGNITION_YEARLY_SD = -1.0, 1.2, 0.4
"""Logit of the share protected: mean and spread over origins in 2005 to 2018, and from year to year about half."""
_DISPLACED_MEAN, _DISPLACED_SD = 9.5, 2.0
_OTHER_PUSH_DISPLACES = 0.3
"""How far other reasons to leave show among the displaced, as a share of what war or persecution does."""


def simulate_origins(
    family: Family,
    rng: np.random.Generator,
    *,
    size: Array,
    push: Array,
    danger: Array,
    years: tuple[int, ...],
) -> OriginFigures:
    """Return the figures of every origin.

    Parameters
    ----------
    size
        People a month of each origin over all corridors, before anything happens.
    push, danger
        Origins x months: log factor of all reasons to leave, and the part of it that is war or persecution.
    """
    n = len(size)
    shape = (n, len(years))
    by_year = push.reshape(n, len(years), _MONTHS)
    level = size * _MONTHS * np.exp(rng.normal(0.5, 1.0, n))
    noise = rng.normal(0, family.application_sd, shape)
    rate = level[:, None] * np.exp(family.application_response * by_year).mean(axis=2) * np.exp(noise)
    dangerous = danger.reshape(by_year.shape).mean(axis=2)
    other = by_year.mean(axis=2) - dangerous
    felt = family.displacement_response * (dangerous + _OTHER_PUSH_DISPLACES * other)
    # Stocks wander, and seldom by much: a t distribution with three degrees has the tails of the figures.
    steps = family.displacement_sd * rng.standard_t(3, shape) / np.sqrt(3)
    displaced = np.exp(rng.normal(_DISPLACED_MEAN, _DISPLACED_SD, n))[:, None] * np.exp(
        np.cumsum(np.clip(steps, -1.5, 1.5), axis=1) + felt
    )
    logit = (
        rng.normal(_RECOGNITION_MEAN, _RECOGNITION_SD, n)[:, None]
        + rng.normal(0, _RECOGNITION_YEARLY_SD, shape)
        + family.recognition_shift * (dangerous > 0.1)
    )
    decided = np.round(rate * rng.uniform(0.5, 1.2, shape))
    return OriginFigures(
        origins=tuple(f"origin-{i}" for i in range(n)),
        years=years,
        applications=rng.poisson(rate).astype(np.float64),
        protected=rng.binomial(decided.astype(int), 1 / (1 + np.exp(-logit))).astype(np.float64),
        decided=decided,
        displaced=np.round(displaced),
    )
