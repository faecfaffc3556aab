"""The result of ``backtest``: tables by detector, class and stated rate."""

from dataclasses import dataclass
from typing import Any

import polars as pl

from counterpoise.checks import Check
from counterpoise.provenance import Provenance

__all__ = ["ALARM_RATES", "DETECTION", "FORECASTS", "GAINS", "READINGS", "THRESHOLDS", "Backtest"]

_TEXT, _NUMBER, _WHOLE = pl.String(), pl.Float64(), pl.Int64()

THRESHOLDS: dict[str, pl.DataType] = {
    "detector": _TEXT,
    "rate": _TEXT,
    "threshold": _NUMBER,
    "trained_from": pl.Date(),
    "trained_to": pl.Date(),
    "n_series_months": _WHOLE,
    "n_events": _WHOLE,
    "realised_rate": _NUMBER,
    "sha256": _TEXT,
}
"""One threshold per detector and rate; ``sha256`` is over settings, data up to training's end, and threshold."""
DETECTION: dict[str, pl.DataType] = {
    "detector": _TEXT,
    "class": _TEXT,
    "rate": _TEXT,
    "realised_rate": _NUMBER,
    "p1": _NUMBER,
    "p2": _NUMBER,
    "p3": _NUMBER,
    "lower": _NUMBER,
    "upper": _NUMBER,
    "n": _WHOLE,
    "already_alarmed": _NUMBER,
    "delay_months": _NUMBER,
}
"""``p1, p2, p3``: share of surges with a new alarm in the first, first two, first three months; ``lower, upper`` of
``p2``. ``realised_rate``: of false alarms on real series after training. ``already_alarmed``: share of surges with
an alarm in the three months before, all missed. ``delay_months``: mean over surges found in three months."""
ALARM_RATES: dict[str, pl.DataType] = {
    "detector": _TEXT,
    "data": _TEXT,
    "class": _TEXT,
    "rate": _TEXT,
    "n_series_months": _WHOLE,
    "realised_rate": _NUMBER,
    "ratio": _NUMBER,
    "lower": _NUMBER,
    "upper": _NUMBER,
    "alarmed_share": _NUMBER,
    "new_alarms_per_month": _NUMBER,
    "ppv": _NUMBER,
}
"""False alarms on ``training``, ``real`` (after training, outside labelled episodes) and ``simulated`` series.
``ratio``: realised over stated; ``lower, upper`` of the realised rate. ``alarmed_share``: of series-months in alarm.
``new_alarms_per_month``: episodes that begin in a month over all series of the class. ``ppv``: share of new alarms
that are of a surge, if surges come as often as the options say and are found as often as those added."""
GAINS: dict[str, pl.DataType] = {
    "detector": _TEXT,
    "reference": _TEXT,
    "class": _TEXT,
    "rate": _TEXT,
    "gain_p1": _NUMBER,
    "gain_p2": _NUMBER,
    "gain_p3": _NUMBER,
    "lower": _NUMBER,
    "upper": _NUMBER,
    "n": _WHOLE,
}
"""Differences over the same surges; ``lower, upper`` of ``gain_p2``."""
FORECASTS: dict[str, pl.DataType] = {
    "detector": _TEXT,
    "class": _TEXT,
    "n": _WHOLE,
    "crps": _NUMBER,
    "log_score": _NUMBER,
    "covered_50": _NUMBER,
    "covered_80": _NUMBER,
    "covered_95": _NUMBER,
    "covered_99": _NUMBER,
    "above_99": _NUMBER,
    "above_999": _NUMBER,
}
"""Means over the months after training in which every forecaster has a forecast. ``above_99``: share of counts
above the 99 % quantile."""
READINGS: dict[str, pl.DataType] = {
    "detector": _TEXT,
    "rate": _TEXT,
    "corridor": _TEXT,
    "nationality": _TEXT,
    "month": pl.Date(),
    "first_alarm": pl.Date(),
    "delay_months": _WHOLE,
    "observed": _NUMBER,
}
"""The first alarm from a month before a labelled onset to three months after; null: none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Backtest:
    """How detectors compare at the same stated rates of false alarms; columns in this module."""

    detection: pl.DataFrame
    alarm_rates: pl.DataFrame
    gains: pl.DataFrame
    forecasts: pl.DataFrame
    readings: pl.DataFrame
    thresholds: pl.DataFrame
    surges: pl.DataFrame
    n_series: int
    checks: tuple[Check, ...]
    provenance: Provenance

    @property
    def result_id(self) -> str:
        """The id of this result."""
        return self.provenance.result_id

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON answer of ``backtest``; its keys are stable."""

        def rows(frame: pl.DataFrame) -> list[dict[str, Any]]:
            plain = frame.with_columns(
                pl.col(pl.Date).dt.to_string("iso"),
                pl.when(pl.col(pl.Float64).is_finite()).then(pl.col(pl.Float64)),
            )
            return plain.to_dicts()

        return {
            **self.provenance.header(),
            "n_series": self.n_series,
            "n_surges": self.surges.height,
            "detection": rows(self.detection),
            "alarm_rates": rows(self.alarm_rates),
            "gains": rows(self.gains),
            "forecasts": rows(self.forecasts),
            "readings": rows(self.readings),
            "thresholds": rows(self.thresholds),
            "checks": [check.to_dict() for check in self.checks],
            "provenance": self.provenance.to_dict(),
        }
