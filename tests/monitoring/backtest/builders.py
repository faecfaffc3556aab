"""Small series, detectors that know everything or nothing, and a small back-test."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import polars as pl

from counterpoise.monitoring.backtest import Backtest, BacktestOptions, backtest
from counterpoise.monitoring.backtest.inject import SURGES
from counterpoise.monitoring.backtest.series import CountSeries
from counterpoise.monitoring.backtest.thresholds import Rate
from counterpoise.monitoring.detectors.base import Array

CODES = ("AFG", "BGD", "CMR", "DZA", "EGY", "GIN", "IRQ", "MAR", "PAK", "SYR", "TUN", "YEM")
DECADE = Rate(value=1.0, per="decade")
PERCENT = Rate(value=1.0, per="month")


@dataclass(frozen=True)
class Level:
    """Scores a count by itself: perfect where every surge is larger than any count."""

    name: str = "level"
    reference: str = "none"

    def score(self, values: Array, *, first_month: int) -> Array:
        return values.copy()


@dataclass(frozen=True)
class Blind:
    """Never judges."""

    name: str = "blind"
    reference: str = "none"

    def score(self, values: Array, *, first_month: int) -> Array:
        return np.full(values.shape, np.nan)


@dataclass(frozen=True)
class Ratio:
    """Compares with the mean of all counts before; forecasts a fixed band around it."""

    name: str = "ears_c1"
    reference: str = "none"

    def _before(self, values: Array) -> Array:
        total = np.cumsum(values, axis=1) - values
        return total / np.maximum(np.arange(values.shape[1]), 1)

    def score(self, values: Array, *, first_month: int) -> Array:
        return (values + 1.0) / (self._before(values) + 1.0)

    def quantiles(self, values: Array, probabilities: Array, *, first_month: int) -> Array:
        return probabilities[:, None, None] * 2.0 * self._before(values)[None]


def series(n: int = 12, n_months: int = 132, *, mean: float = 20.0, seed: int = 1) -> CountSeries:
    """Return Poisson counts from January 2012 on."""
    counts = np.random.default_rng(seed).poisson(mean, size=(n, n_months)).astype(np.float64)
    return CountSeries(
        names=pl.DataFrame({"corridor": ["a-b", "c-d"] * (n // 2), "nationality": list(CODES[:n])}),
        first_month=date(2012, 1, 1),
        values=counts,
        known_on=date(2023, 2, 3),
    )


def surge(**changed: Any) -> dict[str, Any]:
    return {
        "corridor": "a-b",
        "nationality": "AFG",
        "first_month": date(2019, 3, 1),
        "kind": "additive",
        "size": 500.0,
        "shape": "step",
        "add_month_1": 500,
        "add_month_2": 400,
        "add_month_3": 300,
        **changed,
    }


def surges(*rows: dict[str, Any]) -> pl.DataFrame:
    return pl.DataFrame(list(rows), schema=SURGES)


def options(**changed: Any) -> BacktestOptions:
    small = {
        "rates": (DECADE, PERCENT),
        "trained_to": date(2018, 12, 1),
        "warm_up_months": 24,
        "n_own_surges": 60,
        "n_simulated": 20,
        "n_draws": 50,
    }
    return BacktestOptions(**{**small, **changed})


def small_backtest(**changed: Any) -> Backtest:
    """Return a back-test of the ratio and of our count model on small series."""
    from counterpoise.monitoring.detectors.count_model import CountModel

    return backtest(series(), (Ratio(), CountModel()), options=options(), **changed)
