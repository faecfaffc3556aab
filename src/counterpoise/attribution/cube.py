"""The counts attribution looks at: corridors x nationalities x months, with the totals as the last nationality.

The same frame of arrays is made from what was published and by the generator of synthetic worlds, so that every
indicator is computed by one function on both.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

from counterpoise.attribution._kernels import Array
from counterpoise.observations.panel import Panel
from counterpoise.vocabulary import ALL_NATIONALITIES, is_unidentified, split_nationality

__all__ = ["Cube", "cube_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cube:
    """Monthly counts.

    Parameters
    ----------
    corridors, nationalities, months
        Labels of the axes; ``nationalities`` without the total, ``months`` first days.
    counts
        Corridors x (nationalities + 1) x months; the last nationality is the total. 0 where nobody was counted.
    held
        Corridors x (nationalities + 1): whether the dataset has this series at all. What is not held is not 0.
    unidentified
        Per nationality (without the total): whether it stands for people whose nationality is not stated.
    """

    corridors: tuple[str, ...]
    nationalities: tuple[str, ...]
    months: tuple[date, ...]
    counts: Array
    held: npt.NDArray[np.bool_]
    unidentified: npt.NDArray[np.bool_]

    @property
    def total(self) -> int:
        """Index of the total on the axis of nationalities."""
        return len(self.nationalities)

    @property
    def years(self) -> tuple[int, ...]:
        """Calendar years of the months, each once."""
        return tuple(dict.fromkeys(month.year for month in self.months))

    def until(self, month: int) -> "Cube":
        """Return the cube up to and with the month of this index."""
        return Cube(
            corridors=self.corridors,
            nationalities=self.nationalities,
            months=self.months[: month + 1],
            counts=self.counts[..., : month + 1],
            held=self.held,
            unidentified=self.unidentified,
        )


def cube_of(panel: Panel, *, leave_out: Sequence[str] = ()) -> Cube:
    """Return the cube of a panel of months.

    Parameters
    ----------
    panel
        Series of one dataset and measure.
    leave_out
        Nationalities taken out of every corridor and of every total.
    """
    codes = panel.series["nationality"].to_list()
    places = panel.series["corridor"].to_list()
    corridors = tuple(sorted(set(places)))
    single = sorted({c for c in codes if split_nationality(c)[0] != ALL_NATIONALITIES and c not in leave_out})
    shape = (len(corridors), len(single) + 1, panel.values.shape[1])
    counts = np.zeros(shape)
    held = np.zeros(shape[:2], dtype=bool)
    removed = np.zeros((shape[0], shape[2]))
    at = {code: i for i, code in enumerate(single)} | {ALL_NATIONALITIES: len(single)}
    for place, code, values in zip(places, codes, panel.values, strict=True):
        row = corridors.index(place)
        if code in leave_out:
            removed[row] += np.nan_to_num(values)
        elif code in at:
            counts[row, at[code]] = np.nan_to_num(values)
            held[row, at[code]] = True
    counts[:, -1] -= removed
    without_total = ~held[:, -1]
    counts[without_total, -1] = counts[without_total, :-1].sum(axis=1)
    return Cube(
        corridors=corridors,
        nationalities=tuple(single),
        months=tuple(panel.periods["period_start"].to_list()),
        counts=counts,
        held=held,
        unidentified=np.array([is_unidentified(code) for code in single], dtype=bool),
    )
