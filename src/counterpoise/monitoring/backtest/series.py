"""The counts a back-test runs over: a matrix with its labels, chosen from a panel of observations."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import polars as pl

from counterpoise.errors import AnalysisError, InputError
from counterpoise.monitoring.detectors.base import Array
from counterpoise.observations.archive import Archive
from counterpoise.observations.batch import Batch
from counterpoise.observations.panel import Panel, build_panels
from counterpoise.provenance import sha256_of
from counterpoise.vocabulary import ALL_NATIONALITIES, FLOW_MEASURES, is_unidentified, split_nationality

__all__ = ["CountSeries", "month_at", "monthly_panel", "months_between", "select_series"]

_NOT_ONE_PLACE = "other"
"""The route "Other" gathers places that have nothing to do with each other."""


def months_between(start: date, end: date) -> int:
    """Return how many months ``end`` lies after ``start``."""
    return 12 * (end.year - start.year) + end.month - start.month


def month_at(start: date, n_months: int) -> date:
    """Return the first day of the month ``n_months`` after ``start``."""
    years, month = divmod(start.month - 1 + n_months, 12)
    return date(start.year + years, month + 1, 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class CountSeries:
    """Monthly series side by side.

    Parameters
    ----------
    names
        Columns ``corridor, nationality``; one row per series.
    first_month
        First day of the first month.
    values
        Counts, series x months; NaN where nothing is published.
    known_on
        Day by which all of it was published.
    """

    names: pl.DataFrame
    first_month: date
    values: Array
    known_on: date

    @property
    def digest(self) -> str:
        """SHA-256 of names, months and counts."""
        head = f"{self.first_month.isoformat()}\n{self.names.write_csv()}".encode()
        return sha256_of(head + np.ascontiguousarray(self.values).tobytes())

    @property
    def last_month(self) -> date:
        """First day of the last month."""
        return month_at(self.first_month, self.values.shape[1] - 1)

    def column(self, month: date) -> int:
        """Return the column of a month; outside the matrix where the month is outside the data."""
        return months_between(self.first_month, month)


def monthly_panel(batch: Batch, *, dataset: str | None = None) -> Panel:
    """Return the one panel of monthly flows in a batch, or that of ``dataset``.

    Raises
    ------
    AnalysisError
        If there is none.
    InputError
        If there are several: a back-test compares like with like.
    """
    panels = [
        panel
        for panel in build_panels(Archive.from_batch(batch).as_of(), frequency="M")
        if panel.measure in FLOW_MEASURES and dataset in {None, panel.dataset}
    ]
    if not panels:
        raise AnalysisError(
            expected="monthly figures to replay",
            found="none",
            where=dataset or "the data",
            hint="give a file with frequency M and a measure that counts people or events",
        )
    if len(panels) > 1:
        raise InputError(
            expected="one dataset with one measure",
            found=", ".join(f"{panel.dataset} {panel.measure}" for panel in panels),
            where="the data",
            hint="put each into a file of its own",
        )
    return panels[0]


def select_series(
    panel: Panel, *, smallest_total: float = 50.0, only: Sequence[tuple[str, str]] | None = None
) -> CountSeries:
    """Return the series of a panel that a back-test runs over.

    Parameters
    ----------
    panel
        Monthly counts.
    smallest_total
        Series with fewer people over all months are left out, as are totals, unknown nationalities and the
        route "Other".
    only
        These corridors and nationalities instead, totals too; those the panel lacks are left out.
    """
    pairs = list(panel.series.select("corridor", "nationality").iter_rows())
    if only is not None:
        kept = np.array([pair in set(only) for pair in pairs], dtype=bool)
    else:
        single = [
            split_nationality(nationality)[0] != ALL_NATIONALITIES
            and not is_unidentified(nationality)
            and corridor != _NOT_ONE_PLACE
            for corridor, nationality in pairs
        ]
        kept = np.array(single, dtype=bool) & (np.nansum(panel.values, axis=1) >= smallest_total)
    return CountSeries(
        names=panel.series.select("corridor", "nationality").filter(pl.Series(kept)),
        first_month=panel.periods["period_start"][0],
        values=panel.values[kept],
        known_on=date(1970, 1, 1) + timedelta(days=int(np.nanmax(panel.known_on))),
    )
