"""Small archives of daily figures, running totals and sums over days."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

import numpy as np
import numpy.typing as npt

from counterpoise.monitoring.daily import DAILY_DEFAULTS, weekday_regressors
from counterpoise.monitoring.dynamic_count import Forecasts, forecast_counts
from counterpoise.observations.archive import Archive
from counterpoise.schemas import DATASETS, VINTAGES
from tests.observations.builders import archive, batch, frame, observations, row

Array = npt.NDArray[np.float64]
MONDAY = date(2024, 1, 1)
CORRIDOR = "test-sea"
WEEK = np.array([1.4, 1.1, 0.8, 0.9, 1.0, 0.7, 1.3])


def day(index: int) -> date:
    """Return the day ``index`` days after Monday, 1 January 2024."""
    return MONDAY + timedelta(days=index)


def figure(
    start: int, value: float, *, end: int | None = None, nationality: str = "TOTAL", **other: Any
) -> dict[str, Any]:
    """Return one observation: arrivals of a day, or of a span to ``end``, known the day after it."""
    last = start if end is None else end
    return row(
        CORRIDOR,
        nationality,
        "2024-01",
        value,
        **{
            "dataset": "test.daily",
            "reporter": "ITA",
            "measure": "arrivals",
            "unit": "persons",
            "place": "sea",
            "period_start": day(start),
            "period_end": day(last),
            "frequency": "D" if end is None else "S",
            "known_on": day(last + 1),
            "locator": f"{start} to {last}",
            **other,
        },
    )


def daily_archive(*rows: Mapping[str, Any]) -> Archive:
    """Return an archive of these observations of one sparse dataset."""
    given = batch("2024-01-02", {}, dataset="test.daily", dense=False, lag_days=None)
    days = sorted({entry["known_on"] for entry in rows})
    vintages = [
        {
            "dataset": "test.daily",
            "known_on": known_on,
            "document": given.documents["document"][0],
            "first_period_start": MONDAY,
            "last_period_end": known_on,
        }
        for known_on in days
    ]
    datasets = frame(
        [
            {
                "dataset": "test.daily",
                "title": "Days",
                "publisher": "Test",
                "dense": False,
                "lag_days": None,
            }
        ],
        DATASETS,
    )
    return archive(
        type(given)(
            observations=observations(*rows),
            documents=given.documents,
            datasets=datasets,
            vintages=frame(vintages, VINTAGES),
            set_aside=given.set_aside,
        )
    )


def figures(counts: Sequence[float] | Array, **other: Any) -> list[dict[str, Any]]:
    """Return a figure for every day that has one; NaN is not published."""
    return [figure(i, count, **other) for i, count in enumerate(counts) if not np.isnan(count)]


def simulated(
    n_series: int, n_days: int, *, mean: float = 50.0, dispersion: float = 0.3, seed: int = 0
) -> Array:
    """Return gamma-Poisson days with a weekday pattern, series x days from a Monday."""
    rng = np.random.default_rng(seed)
    own = rng.gamma(1 / dispersion, dispersion, (n_series, n_days))
    return rng.poisson(mean * WEEK[np.arange(n_days) % 7] * own).astype(np.float64)


def forecast_days(counts: Array) -> Forecasts:
    """Return the forecasts of days from a Monday."""
    nothing = np.zeros(counts.shape, dtype=bool)
    return forecast_counts(
        counts,
        breaks=nothing,
        unsettled=nothing,
        options=DAILY_DEFAULTS,
        regressors=weekday_regressors(MONDAY, counts.shape[1]),
    )
