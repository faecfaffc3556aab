"""Small archives of monthly series, and detection on them."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import numpy.typing as npt
import polars as pl

from counterpoise.monitoring.dynamic_count import Forecasts, forecast_counts
from counterpoise.monitoring.options import DETECT_DEFAULTS, DetectOptions
from counterpoise.observations.archive import Archive
from counterpoise.observations.batch import Batch
from counterpoise.observations.regimes import Regime
from tests.observations.builders import archive, batch

Array = npt.NDArray[np.float64]
Counts = Sequence[float | None] | Array
FIRST_YEAR = 2010


def name_of_month(index: int) -> str:
    """Return the month ``index`` months after January 2010, as 2010-01."""
    return f"{FIRST_YEAR + index // 12}-{index % 12 + 1:02d}"


def start_of(index: int) -> date:
    """Return the first day of that month."""
    return date.fromisoformat(f"{name_of_month(index)}-01")


def series_batch(series: Mapping[tuple[str, str], Counts], *, dense: bool = True, **other: object) -> Batch:
    """Return monthly counts from January 2010 of corridors and nationalities; None is not published."""
    cells = {
        (corridor, nationality, name_of_month(i)): float(count)
        for (corridor, nationality), counts in series.items()
        for i, count in enumerate(counts)
        if count is not None and not np.isnan(count) and (count > 0 or not dense)
    }
    n_months = max(len(counts) for counts in series.values())
    known_on = start_of(n_months) + timedelta(days=20)
    covers = (name_of_month(0), name_of_month(n_months - 1))
    return batch(known_on, cells, covers=covers, dense=dense, **other)  # type: ignore[arg-type]


def series_archive(
    series: Mapping[tuple[str, str], Counts],
    *,
    dense: bool = True,
    regimes: Sequence[Regime] = (),
    **other: object,
) -> Archive:
    """Return an archive of these series, with these rules of counting and no other."""
    return replace(archive(series_batch(series, dense=dense, **other)), regimes=tuple(regimes))


def regime(corridor: str, index: int, *, is_break: bool = True) -> Regime:
    """Return a rule of counting that starts in a month."""
    return Regime(
        id="test",
        start=start_of(index),
        end=None,
        corridor=corridor,
        measure="detections",
        what="Counted in another way.",
        is_break=is_break,
        source="Test",
    )


def forecast(
    counts: Array, *, breaks: Array | None = None, options: DetectOptions = DETECT_DEFAULTS
) -> Forecasts:
    """Return the forecasts of plain counts that begin in January."""
    nothing = np.zeros(counts.shape, dtype=bool)
    known = nothing if breaks is None else breaks.astype(bool)
    return forecast_counts(counts, breaks=known, unsettled=nothing, first_month=1, options=options)


def steady(n_months: int, mean: float = 50.0, seed: int = 0) -> Array:
    """Return Poisson counts of one mean."""
    return np.random.default_rng(seed).poisson(mean, n_months).astype(np.float64)


def kinds(alarms: pl.DataFrame, **where: object) -> list[tuple[int, str]]:
    """Return (months since January 2010, kind) of alarms whose columns have these values."""
    rows = alarms.filter(*(pl.col(name) == value for name, value in where.items())).sort("period_start")
    return [
        ((start.year - FIRST_YEAR) * 12 + start.month - 1, kind)
        for start, kind in rows.select("period_start", "kind").iter_rows()
    ]
