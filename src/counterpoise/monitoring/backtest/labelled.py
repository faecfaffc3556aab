"""The labelled episodes: months kept out of false alarms, and onsets read as a sanity check, never tuned to."""

from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

from counterpoise.monitoring.backtest.series import CountSeries

__all__ = ["LABELLED", "ONSETS", "LabelledPeriod", "is_labelled"]


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelledPeriod:
    """Months in which an alarm on a corridor is no false alarm.

    Parameters
    ----------
    corridor, nationality
        Where; None: every nationality.
    first_month, last_month
        Both inclusive; None: to the end of the data.
    reason
        Why the months are labelled.
    """

    corridor: str
    nationality: str | None
    first_month: date
    last_month: date | None
    reason: str


LABELLED = (
    LabelledPeriod(
        corridor="eastern-borders",
        nationality=None,
        first_month=date(2021, 6, 1),
        last_month=date(2022, 12, 1),
        reason="crossings from Belarus, first phase",
    ),
    LabelledPeriod(
        corridor="eastern-borders",
        nationality="UKR",
        first_month=date(2022, 2, 1),
        last_month=None,
        reason="people leaving Ukraine",
    ),
    LabelledPeriod(
        corridor="eastern-borders",
        nationality=None,
        first_month=date(2023, 1, 1),
        last_month=None,
        reason="crossings from Belarus, second phase; Finland's border from late 2023",
    ),
)
"""Months outside false alarms. The benchmark of surges adds none to the Eastern borders from February 2021 to June
2022 and after August 2023; the months here are wider, since one nationality may come later than another."""

ONSETS = (
    ("eastern-borders", "TOTAL-UKR", date(2021, 6, 1)),
    ("eastern-borders", "IRQ", date(2021, 6, 1)),
    ("eastern-borders", "AFG", date(2021, 7, 1)),
    ("eastern-borders", "SYR", date(2021, 7, 1)),
    ("eastern-borders", "COG", date(2021, 7, 1)),
    ("eastern-borders", "SOM", date(2024, 4, 1)),
    ("eastern-borders", "ERI", date(2024, 4, 1)),
    ("eastern-borders", "ETH", date(2024, 4, 1)),
    ("eastern-borders", "YEM", date(2024, 4, 1)),
)
"""Corridor, nationality and month in which a rise is dated; nothing is tuned to them, and a miss is shown."""


def is_labelled(series: CountSeries) -> npt.NDArray[np.bool_]:
    """Return which months of which series are labelled, series x months."""
    labelled = np.zeros(series.values.shape, dtype=bool)
    corridor = series.names["corridor"].to_numpy()
    nationality = series.names["nationality"].to_numpy()
    for period in LABELLED:
        rows = corridor == period.corridor
        if period.nationality is not None:
            rows &= nationality == period.nationality
        first = max(series.column(period.first_month), 0)
        last = series.column(period.last_month or series.last_month)
        labelled[rows, first : max(last + 1, 0)] = True
    return labelled
