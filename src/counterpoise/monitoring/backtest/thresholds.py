"""Thresholds: for each detector the score at which it raises a stated number of alarms on real, untouched series.

Two ways to state a rate. *Episodes per series-decade*: an episode begins where the score is above the threshold
and was not in the three months before. *Per cent of series-months*: every month above the threshold counts.
"""

import re
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from counterpoise.errors import InputError
from counterpoise.monitoring.detectors.base import Array

__all__ = ["QUIET_MONTHS", "Rate", "choose_threshold", "events", "parse_rate"]

Mask = npt.NDArray[np.bool_]

QUIET_MONTHS = 3
"""Months without an alarm before a new episode can begin; as in the benchmark of surges."""
_LARGEST_ALARMED_SHARE = 0.2
"""No threshold marks more months than this: beyond it episodes merge, and their number falls again."""
_MONTHS_PER_DECADE = 120.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """A stated rate of false alarms.

    Parameters
    ----------
    value
        Episodes per series-decade, or per cent of series-months.
    per
        Which of the two.
    """

    value: float
    per: Literal["decade", "month"]

    @property
    def label(self) -> str:
        """The rate as text: ``1/decade``, ``1%/month``."""
        return f"{self.value:g}/decade" if self.per == "decade" else f"{self.value:g}%/month"

    def of(self, n_events: float, n_series_months: float) -> float:
        """Return the rate that so many events in so many series-months are, in the unit of this one."""
        unit = _MONTHS_PER_DECADE if self.per == "decade" else 100.0
        return unit * n_events / n_series_months if n_series_months else float("nan")

    def allowed(self, n_series_months: int) -> int:
        """Return the largest number of events not above the rate."""
        unit = _MONTHS_PER_DECADE if self.per == "decade" else 100.0
        return int(np.floor(self.value * n_series_months / unit + 1e-9))


def parse_rate(text: str) -> Rate:
    """Return the rate written ``0.5`` or ``0.5/decade`` (episodes per series-decade), ``1%`` or ``1%/month``.

    Raises
    ------
    InputError
        If it is written otherwise, or is not above 0.
    """
    found = re.fullmatch(r"(\d+(?:\.\d+)?)(?:(/decade)|(%(?:/month)?))?", text.strip())
    value = float(found.group(1)) if found else 0.0
    percent = bool(found and found.group(3))
    if not 0 < value < (100 if percent else _MONTHS_PER_DECADE):
        raise InputError(
            expected="a number of episodes per series-decade, or a per cent of series-months",
            found=repr(text),
            where="--rate",
            hint="write for example --rate 0.5 or --rate 1%",
        )
    return Rate(value=value, per="month" if percent else "decade")


def events(alarm: Mask, rate: Rate) -> Mask:
    """Return where an event that the rate counts happens, series x months.

    Parameters
    ----------
    alarm
        Where the score is above the threshold, series x months.
    rate
        Whether episodes are counted or months.
    """
    if rate.per == "month":
        return alarm
    recent = np.zeros_like(alarm)
    for lag in range(1, QUIET_MONTHS + 1):
        recent[:, lag:] |= alarm[:, :-lag]
    return alarm & ~recent


def choose_threshold(scores: Array, rate: Rate, *, start: int, stop: int, n_series_months: int) -> float:
    """Return the lowest threshold whose realised rate in the columns ``start`` to ``stop`` is not above the stated one.

    An alarm is a score *above* the threshold. The threshold is lowered from the top and stops before the rate is
    first exceeded; scores that are equal go together, so a coarse score may realise less than is stated.

    Parameters
    ----------
    scores
        Series x months; NaN raises no alarm.
    rate
        The stated rate.
    start, stop
        First column counted, and the one after the last.
    n_series_months
        Published series-months in these columns, judged by the detector or not.
    """
    allowed = rate.allowed(n_series_months)
    if rate.per == "month":
        ordered = np.sort(scores[:, start:stop][~np.isnan(scores[:, start:stop])])[::-1]
        return float(ordered[allowed]) if len(ordered) > allowed else -np.inf
    return _lower_to(scores, allowed, start, stop)


def _lower_to(scores: Array, allowed: int, start: int, stop: int) -> float:
    """Raise alarms from the highest score down until more than ``allowed`` episodes begin."""
    first = max(start - QUIET_MONTHS, 0)
    window = scores[:, first:stop]
    rows, columns = np.nonzero(~np.isnan(window))
    order = np.argsort(-window[rows, columns], kind="stable")
    rows, columns = rows[order], columns[order]
    levels = window[rows, columns]
    most = int(_LARGEST_ALARMED_SHARE * window.size)
    alarm = np.zeros((window.shape[0], window.shape[1] + 2 * QUIET_MONTHS), dtype=bool)
    begun = 0
    for i in range(len(rows)):
        begun += _change(alarm[rows[i]], columns[i] + QUIET_MONTHS, start - first + QUIET_MONTHS)
        alarm[rows[i], columns[i] + QUIET_MONTHS] = True
        last_of_its_level = i + 1 == len(rows) or levels[i + 1] < levels[i]
        if last_of_its_level and (begun > allowed or i >= most):
            return float(levels[i])
    return -np.inf


def _change(alarm: Mask, at: int, counted_from: int) -> int:
    """Return by how much the number of episodes changes when one series alarms at ``at`` too."""
    before = alarm[at - QUIET_MONTHS : at].any()
    change = int(at >= counted_from and not before)
    for later in range(at + 1, at + QUIET_MONTHS + 1):
        if alarm[later]:
            was_first = not alarm[later - QUIET_MONTHS : at].any()
            return change - int(was_first and later >= counted_from)
    return change
