"""Origin push: whether more of an origin applied elsewhere and are displaced, and whether they were protected.

All from annual figures of the year of the month under test. Of a total, each origin counts with its share of the rise.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from counterpoise.attribution._kernels import Array
from counterpoise.attribution.cube import Cube
from counterpoise.attribution.indicators.windows import WINDOW_MONTHS, YEAR
from counterpoise.observations.origins import OriginFigures

__all__ = [
    "ORIGIN_STATISTICS",
    "OriginStatistic",
    "applications_growth",
    "displacement_growth",
    "origin_shares",
    "recognition_share",
]

_APPLICATIONS, _DISPLACED = 50.0, 200.0
"""Added to both sides of a ratio: a handful more is no growth."""
_SMALLEST_DECIDED = 50.0


@dataclass(frozen=True, slots=True, kw_only=True)
class OriginStatistic:
    """One indicator read from annual figures; ``compute``: figures in, origins x years out."""

    title: str
    said: Callable[[float], str]
    compute: Callable[[OriginFigures], Array]


def _growth(values: Array, added: float) -> Array:
    growth = np.full(values.shape, np.nan)
    growth[:, 1:] = np.log((values[:, 1:] + added) / (values[:, :-1] + added))
    return growth


def applications_growth(figures: OriginFigures) -> Array:
    """Return the log growth of new applications elsewhere against the year before."""
    return _growth(figures.applications, _APPLICATIONS)


def displacement_growth(figures: OriginFigures) -> Array:
    """Return the log growth of people displaced abroad against the end of the year before."""
    return _growth(figures.displaced, _DISPLACED)


def recognition_share(figures: OriginFigures) -> Array:
    """Return the share (0 to 1) of first decisions that gave protection; NaN with fewer than 50 decisions."""
    enough = np.nan_to_num(figures.decided) >= _SMALLEST_DECIDED
    share = np.full(figures.decided.shape, np.nan)
    np.divide(figures.protected, figures.decided, out=share, where=enough)
    return share


def _times(log_ratio: float) -> str:
    return f"{np.exp(log_ratio):.2f} times"


ORIGIN_STATISTICS: Mapping[str, OriginStatistic] = {
    "applications_elsewhere": OriginStatistic(
        title="Growth of applications in all other states",
        said=lambda v: f"New applications in all other states were {_times(v)} those of the year before",
        compute=applications_growth,
    ),
    "displacement": OriginStatistic(
        title="Growth of the number displaced abroad",
        said=lambda v: f"The number displaced abroad was {_times(v)} that of the year before",
        compute=displacement_growth,
    ),
    "recognition": OriginStatistic(
        title="Share of first decisions that gave protection",
        said=lambda v: f"{v:.0%} of first decisions gave protection",
        compute=recognition_share,
    ),
}


def origin_shares(cube: Cube, corridor: int, nationality: int, month: int) -> dict[str, float]:
    """Return origin -> its share of the rise under test; of a single nationality it has all of it."""
    if nationality != cube.total:
        return {cube.nationalities[nationality]: 1.0}
    counts = cube.counts[corridor, :-1]
    window = counts[:, month - WINDOW_MONTHS + 1 : month + 1].sum(axis=1)
    before = counts[:, month - WINDOW_MONTHS + 1 - YEAR : month + 1 - YEAR].sum(axis=1)
    rise = np.where(cube.unidentified, 0.0, np.maximum(window - before, 0.0))
    if rise.sum() == 0:
        return {}
    return {cube.nationalities[i]: float(rise[i] / rise.sum()) for i in np.flatnonzero(rise)}
