"""Tables beside detection: how good the forecasts are, and what the labelled onsets read."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import polars as pl

from counterpoise.monitoring.backtest.classes import ALL, CLASSES
from counterpoise.monitoring.backtest.labelled import ONSETS
from counterpoise.monitoring.backtest.plan import Plan
from counterpoise.monitoring.backtest.results import FORECASTS, READINGS
from counterpoise.monitoring.backtest.series import month_at
from counterpoise.monitoring.backtest.tables import Ground, Scores

__all__ = ["forecast_table", "reading_table"]

_READ_FROM, _READ_TO = -1, 3
"""Months around a labelled onset in which an alarm is read."""


def forecast_table(ground: Ground, scores: Scores, forecasters: Sequence[str]) -> pl.DataFrame:
    """Return the columns ``FORECASTS``, over the same series-months for all forecasters."""
    together = ground.reported.copy()
    for name in forecasters:
        together &= ~np.isnan(scores[name, "forecasts"][0])
    rows: list[list[Any]] = []
    for name in forecasters:
        crps, *covered_and_above, log_score = scores[name, "forecasts"]
        for group in (ALL, *CLASSES):
            cells = together if group == ALL else together & (ground.month_class == group)
            if cells.any():
                means = [float(measure[cells].mean()) for measure in (crps, log_score, *covered_and_above)]
                rows.append([name, group, int(cells.sum()), *means])
    frame = pl.DataFrame(rows, schema=FORECASTS, orient="row")
    return frame.with_columns(pl.col(pl.Float64).fill_nan(None))


def reading_table(plan: Plan, scores: Scores, thresholds: Mapping[tuple[str, str], float]) -> pl.DataFrame:
    """Return the columns ``READINGS``: the first alarm around every labelled onset that the data have."""
    rows: list[list[Any]] = []
    series = plan.readings
    names = list(series.names.iter_rows()) if series is not None else []
    for (detector, label), threshold in thresholds.items():
        for corridor, nationality, month in ONSETS:
            if series is None or (corridor, nationality) not in names:
                continue
            row, onset = names.index((corridor, nationality)), series.column(month)
            if not 0 <= onset < series.values.shape[1]:
                continue
            start = max(onset + _READ_FROM, 0)
            alarms = np.flatnonzero(
                scores[detector, "readings"][row, start : onset + _READ_TO + 1] > threshold
            )
            first = int(start + alarms[0]) if len(alarms) else None
            found = None if first is None else month_at(series.first_month, first)
            delay = None if first is None else first - onset
            observed = float(series.values[row, onset])
            rows.append([detector, label, corridor, nationality, month, found, delay, observed])
    return pl.DataFrame(rows, schema=READINGS, orient="row").with_columns(pl.col("observed").fill_nan(None))
