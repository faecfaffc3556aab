"""Reference distributions: what comparable series-months show, without the one under test.

A value means little by itself; its place among comparable series-months does. Comparable are months of the same
kind of series (a nationality, or a total) in which people were counted, whose year before was of similar size, and
that were known on the day. Left out is every series of the corridor under test in the year up to the month under
test: it is what is tested, or its run-up.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from counterpoise.attribution._kernels import Array, lagged, rolling_sum
from counterpoise.attribution.cube import Cube
from counterpoise.attribution.indicators.catalogue import STATISTICS
from counterpoise.attribution.indicators.origin_push import ORIGIN_STATISTICS
from counterpoise.attribution.indicators.windows import HISTORY_MONTHS, WINDOW_MONTHS, YEAR
from counterpoise.observations.origins import OriginFigures

__all__ = ["SMALLEST_REFERENCE", "Reading", "read_origins", "read_statistics"]

SMALLEST_REFERENCE = 40
"""Comparable series-months needed: with fewer, a place among them cannot be told to one part in forty."""
_SIMILAR_SIZE = float(np.log(5.0))
_SIZE_PSEUDO_COUNT = 12.0
_ACTIVE = 10.0
"""People in the window from which a series-month can be compared at all."""
_REFERENCE_YEARS = 10
"""Years up to the one under test whose origin-years are compared with."""
_SMALLEST_SHARE = 0.5
"""Share of the rise whose origins must have a figure."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A statistic of the subject and its place among comparable series-months.

    Parameters
    ----------
    value
        The statistic; NaN if it cannot be computed.
    tail_probability
        Share of comparable series-months at least as high, ties counted half; NaN if it cannot be told.
    n_reference
        Comparable series-months.
    similar_size
        Whether they are of similar size, or (too few of them) of any.
    """

    value: float
    tail_probability: float
    n_reference: int
    similar_size: bool


def read_statistics(
    cube: Cube, statistics: Mapping[str, Array], corridor: int, nationality: int, month: int
) -> dict[str, Reading]:
    """Return the reading of every statistic for one series and month.

    Parameters
    ----------
    cube
        The counts.
    statistics
        Of ``compute_statistics``; they look back only, so later months in them change nothing.
    corridor, nationality, month
        Indices on the axes of the cube.
    """
    counts = cube.counts[..., : month + 1]
    window = rolling_sum(counts, WINDOW_MONTHS)
    before = lagged(rolling_sum(counts, YEAR), WINDOW_MONTHS)
    size = np.log(np.nan_to_num(before) + _SIZE_PSEUDO_COUNT)
    usable = np.nan_to_num(window) >= _ACTIVE
    usable[..., :HISTORY_MONTHS] = False
    usable[corridor, :, max(0, month - YEAR + 1) :] = False
    found = {}
    for name, statistic in STATISTICS.items():
        row = cube.total if statistic.of == "corridor" else nationality
        values = statistics[name][..., : month + 1]
        similar = usable & (np.abs(size - size[corridor, row, month]) <= _SIMILAR_SIZE)
        kind: slice = slice(cube.total, None) if row == cube.total else slice(0, cube.total)
        found[name] = _reading(values, usable, similar, kind, (corridor, row, month))
    return found


def _reading(
    values: Array,
    usable: npt.NDArray[np.bool_],
    similar: npt.NDArray[np.bool_],
    kind: slice,
    subject: tuple[int, int, int],
) -> Reading:
    value = float(values[subject])
    known = ~np.isnan(values[:, kind])
    reference = values[:, kind][known & similar[:, kind]]
    of_similar_size = reference.size >= SMALLEST_REFERENCE
    if not of_similar_size:
        reference = values[:, kind][known & usable[:, kind]]
    return _placed(value, reference, similar_size=of_similar_size)


def _placed(value: float, reference: Array, *, similar_size: bool) -> Reading:
    """Return the reading of a value among its reference, NaN where either is missing."""
    if np.isnan(value) or reference.size < SMALLEST_REFERENCE:
        tail = np.nan
    else:
        above = (reference > value).sum() + 0.5 * (reference == value).sum()
        tail = float((above + 0.5) / (reference.size + 1))
    return Reading(
        value=value, tail_probability=tail, n_reference=int(reference.size), similar_size=similar_size
    )


def read_origins(figures: OriginFigures, shares: Mapping[str, float], year: int) -> dict[str, Reading]:
    """Return the reading of every statistic of annual figures, for origins with these shares of a rise, in one year.

    The reference is every other origin in the ten years up to it. NaN where the year is not there, or where the origins
    that have a figure carry less than half of the rise.
    """
    mine = np.array([figures.origins.index(o) for o in shares if o in figures.origins], dtype=int)
    weight = np.array([shares[figures.origins[i]] for i in mine])
    found = {}
    for name, statistic in ORIGIN_STATISTICS.items():
        if year not in figures.years:
            found[name] = _placed(np.nan, np.empty(0), similar_size=True)
            continue
        at = figures.years.index(year)
        with np.errstate(invalid="ignore", divide="ignore"):
            values = statistic.compute(figures)
        here = values[mine, at]
        known = ~np.isnan(here)
        share = weight[known].sum()
        value = float((here[known] * weight[known]).sum() / share) if share >= _SMALLEST_SHARE else np.nan
        others = np.delete(values, mine, axis=0)[:, max(0, at - _REFERENCE_YEARS + 1) : at + 1]
        found[name] = _placed(value, others[~np.isnan(others)], similar_size=True)
    return found
