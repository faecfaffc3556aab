"""The statistical indicators: name, function, what it speaks to, and with which others it shares its evidence."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np

from counterpoise.attribution._kernels import Array
from counterpoise.attribution.cube import Cube
from counterpoise.attribution.indicators.composition import breadth, new_share, novelty
from counterpoise.attribution.indicators.elsewhere import (
    abruptness_elsewhere,
    compensation,
    donor,
    growth_elsewhere,
    run_up_elsewhere,
    specificity,
)
from counterpoise.attribution.indicators.origin_push import ORIGIN_STATISTICS
from counterpoise.attribution.indicators.record import common_jump, unidentified_rise
from counterpoise.attribution.indicators.shape import abruptness, run_up, year_ratio

__all__ = ["RULE_CHANGE", "STATISTICS", "Statistic", "compute_statistics", "speaks_to"]

RULE_CHANGE = "rule_change"
"""Indicator read from the registry of rules, not from counts: 0 no rule begins in the window, 1 one does."""

_SHAPE = ("driver", "opening", "record")
_ELSEWHERE = ("driver",)
_COMPOSITION = ("driver", "opening", "record")
_COUNTING = ("record",)
_ORIGIN = ("driver",)


@dataclass(frozen=True, slots=True, kw_only=True)
class Statistic:
    """One indicator read from counts.

    Parameters
    ----------
    title
        What it is, as a reader says it.
    of
        ``series``: one value per corridor and nationality; ``corridor``: one per corridor.
    group
        Indicators of one group look at the same feature of the counts; they are left out together.
    questions
        The questions it speaks to. None speaks to the aim, nor to whose hand an opening was.
    said
        A value as a sentence without its stop: growth on the log scale as a factor, a share in per cent.
    compute
        Cube in; values out, with months last.
    """

    title: str
    of: Literal["series", "corridor"]
    group: str
    questions: tuple[str, ...]
    said: Callable[[float], str]
    compute: Callable[[Cube], Array]


def _times(log_ratio: float) -> str:
    factor = float(np.exp(log_ratio))
    return f"{factor:.0f} times" if factor >= 10 else f"{factor:.1f} times"


STATISTICS: Mapping[str, Statistic] = {
    "abruptness": Statistic(
        title="Abruptness of the rise",
        of="series",
        group="shape",
        questions=_SHAPE,
        said=lambda v: (
            f"The steepest month brought {_times(v)} the mean of the three before, the usual season taken off"
        ),
        compute=lambda cube: abruptness(cube.counts),
    ),
    "run_up": Statistic(
        title="Rise already under way in the half-year before",
        of="series",
        group="shape",
        questions=_SHAPE,
        said=lambda v: f"In the half-year before, counts were already {_times(v)} those of a year earlier",
        compute=lambda cube: run_up(cube.counts),
    ),
    "year_ratio": Statistic(
        title="Size against the same months of the two years before",
        of="series",
        group="shape",
        questions=_SHAPE,
        said=lambda v: f"Counts were {_times(v)} the larger of the same months one and two years before",
        compute=lambda cube: year_ratio(cube.counts),
    ),
    "growth_elsewhere": Statistic(
        title="Growth of the same nationality on all other corridors",
        of="series",
        group="elsewhere",
        questions=("driver", "record"),
        said=lambda v: (
            f"On all other corridors the same nationalities were counted {_times(v)} as often as a year before"
        ),
        compute=growth_elsewhere,
    ),
    "specificity": Statistic(
        title="Growth here less growth on all other corridors",
        of="series",
        group="elsewhere",
        questions=_SHAPE,
        said=lambda v: f"Growth here was {_times(v)} that of the same nationalities on all other corridors",
        compute=specificity,
    ),
    "compensation": Statistic(
        title="Falls elsewhere that match the rise here",
        of="series",
        group="elsewhere",
        questions=_ELSEWHERE,
        said=lambda v: f"Falls of the same nationalities elsewhere match {v:.0%} of the rise here",
        compute=compensation,
    ),
    "donor": Statistic(
        title="One other corridor whose falls match the rises here",
        of="corridor",
        group="elsewhere",
        questions=_ELSEWHERE,
        said=lambda v: f"Falls on one other corridor match {v:.0%} of the rises here",
        compute=donor,
    ),
    "abruptness_elsewhere": Statistic(
        title="Abruptness on all other corridors",
        of="series",
        group="elsewhere",
        questions=_ELSEWHERE,
        said=lambda v: (
            f"On all other corridors the steepest month brought {_times(v)} the mean of the three before it"
        ),
        compute=abruptness_elsewhere,
    ),
    "run_up_elsewhere": Statistic(
        title="Rise already under way on all other corridors",
        of="series",
        group="elsewhere",
        questions=_ELSEWHERE,
        said=lambda v: (
            f"On all other corridors counts of the half-year before were {_times(v)} those of a year earlier"
        ),
        compute=run_up_elsewhere,
    ),
    "novelty": Statistic(
        title="Difference of the nationality mix from the corridor's past",
        of="corridor",
        group="composition",
        questions=_COMPOSITION,
        said=lambda v: (
            f"The nationality mix lies {v:.2f} from the corridor's past, where 0 is the same and 0.69 nothing in common"
        ),
        compute=novelty,
    ),
    "breadth": Statistic(
        title="Number of nationalities that carry the rise",
        of="corridor",
        group="composition",
        questions=_COMPOSITION,
        said=lambda v: f"The rise is as wide as if {v:.1f} nationalities had shared it equally",
        compute=breadth,
    ),
    "new_share": Statistic(
        title="Share of nationalities without history on the corridor",
        of="corridor",
        group="composition",
        questions=_COMPOSITION,
        said=lambda v: (
            f"{v:.0%} were of nationalities hardly counted on the corridor in the two years before"
        ),
        compute=new_share,
    ),
    "common_jump": Statistic(
        title="All established nationalities jump alike",
        of="corridor",
        group="counting",
        questions=_COUNTING,
        said=lambda v: f"Established nationalities jumped by {v:.1f} times the spread of their jumps",
        compute=common_jump,
    ),
    "unidentified_rise": Statistic(
        title="Rise of the share without a stated nationality",
        of="corridor",
        group="counting",
        questions=_COUNTING,
        said=lambda v: (
            f"The share without a stated nationality lay {round(100 * v)} points above that of two years before"
        ),
        compute=unidentified_rise,
    ),
}


def compute_statistics(cube: Cube) -> dict[str, Array]:
    """Return every statistic as corridors x (nationalities + 1) x months; a corridor's value stands under its total."""
    found = {}
    with np.errstate(invalid="ignore", divide="ignore"):
        for name, statistic in STATISTICS.items():
            values = statistic.compute(cube)
            if statistic.of == "corridor":
                placed = np.full(cube.counts.shape, np.nan)
                placed[:, -1] = values
                values = placed
            found[name] = values
    return found


def speaks_to(indicator: str) -> tuple[str, ...]:
    """Return the questions an indicator speaks to."""
    if indicator in ORIGIN_STATISTICS:
        return _ORIGIN
    return _COUNTING if indicator == RULE_CHANGE else STATISTICS[indicator].questions
