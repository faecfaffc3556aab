"""The result of ``detect``: tables, checks and provenance; charts and prose are made elsewhere."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from counterpoise.checks import Check
from counterpoise.provenance import Provenance

__all__ = ["Detection"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Detection:
    """What is unusual, with what was expected.

    Parameters
    ----------
    alarms
        Schema ``ALARMS``: one row per alarmed period, by period, corridor, nationality.
    episodes
        Schema ``EPISODES``: alarms of one series merged.
    bands
        Schema ``BANDS``: observed and expected for every series and period.
    series
        Schema ``SERIES``: every series looked at, also those without a baseline.
    judged
        Columns ``dataset, corridor, nationality, measure, period_start``: every series-period that was judged.
    expected_false_alarms
        How many alarms the rule would raise by chance over all series-periods looked at.
    """

    alarms: pl.DataFrame
    episodes: pl.DataFrame
    bands: pl.DataFrame
    series: pl.DataFrame
    judged: pl.DataFrame
    n_series: int
    expected_false_alarms: float
    checks: tuple[Check, ...]
    provenance: Provenance

    @property
    def result_id(self) -> str:
        """The id of this result."""
        return self.provenance.result_id

    def expected_false_alarms_since(self, day: date) -> float:
        """Return how many of them fall in periods that begin on or after ``day``."""
        rate: float = self.provenance.options["alarm_rate"]
        return round(self.judged.filter(pl.col("period_start") >= day).height * rate, 1)

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON answer of ``detect``; its keys are stable."""
        alarms = self.alarms.with_columns(pl.col(pl.Date).dt.to_string("iso"))
        return {
            **self.provenance.header(),
            "n_series": self.n_series,
            "expected_false_alarms": self.expected_false_alarms,
            "alarms": alarms.to_dicts(),
            "checks": [check.to_dict() for check in self.checks],
            "provenance": self.provenance.to_dict(),
        }
