"""What a back-test will run: the months that count, the surges, the simulations, and the parts made of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt
import polars as pl

from counterpoise.errors import AnalysisError
from counterpoise.monitoring.backtest.classes import CLASSES
from counterpoise.monitoring.backtest.inject import N_MONTHS, Injections, draw_surges, inject, place_surges
from counterpoise.monitoring.backtest.options import BacktestOptions
from counterpoise.monitoring.backtest.parts import Part
from counterpoise.monitoring.backtest.score import QuantileForecaster
from counterpoise.monitoring.backtest.series import CountSeries, month_at
from counterpoise.monitoring.backtest.simulate import (
    Parameters,
    estimate_parameters,
    simulate_class,
    simulate_ramps,
)
from counterpoise.monitoring.backtest.thresholds import QUIET_MONTHS
from counterpoise.monitoring.detectors.base import Array, Detector

__all__ = ["Plan", "Windows", "make_plan", "parts_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Windows:
    """Columns of the real series that count; each pair is the first and the one after the last.

    Parameters
    ----------
    trained
        Thresholds are set here.
    reported
        False alarms and forecasts are reported here; empty where the data end with training.
    surges
        First and last month in which a surge may begin, as dates, both inclusive.
    """

    trained: tuple[int, int]
    reported: tuple[int, int]
    surges: tuple[date, date]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """All matrices that detectors will see, made before any detector runs.

    Parameters
    ----------
    series, readings
        The real series; those read only as a sanity check, or None.
    windows
        Months that count.
    surges, injections
        The surges as a frame and as places in the matrix, in the same order.
    groups
        Surges by year of their first month: name, and indices into ``injections``.
    parameters, simulated, ramps
        What the simulations share with the real series; counts per class; ramps on series of mean 50.
    warm_up
        Months of the simulations that only teach.
    """

    series: CountSeries
    readings: CountSeries | None
    windows: Windows
    surges: pl.DataFrame
    injections: Injections
    groups: tuple[tuple[str, npt.NDArray[np.int64]], ...]
    parameters: Parameters
    simulated: dict[str, Array]
    ramps: Array
    warm_up: int


def make_plan(
    series: CountSeries,
    *,
    surges: pl.DataFrame | None,
    readings: CountSeries | None,
    options: BacktestOptions,
    seeds: Sequence[np.random.SeedSequence],
) -> Plan:
    """Return the plan; every random number of the back-test's data is drawn here.

    Parameters
    ----------
    series
        The untouched series.
    surges
        Surges to add; None: drawn by our own recipe.
    readings
        Series of the labelled onsets.
    options
        Settings.
    seeds
        One for the surges, one per class, one for the ramps.

    Raises
    ------
    AnalysisError
        If the series are too few or too short.
    InputError
        If the surges do not fit the series.
    """
    windows = _windows(series, options)
    first, last = windows.surges
    if surges is None:
        generator = np.random.default_rng(seeds[0])
        surges = draw_surges(series, n=options.n_own_surges, since=first, until=last, generator=generator)
    placed, injections = place_surges(series, surges, since=first, until=last)
    years = (injections.column + series.first_month.month - 1) // 12 + series.first_month.year
    parameters = estimate_parameters(series.values[:, : windows.trained[1]])
    warm_up = options.warm_up_months
    simulated = {
        name: simulate_class(
            name,
            parameters,
            n_series=options.n_simulated,
            warm_up=warm_up,
            generator=np.random.default_rng(seed),
        )
        for name, seed in zip(CLASSES, seeds[1:], strict=False)
    }
    ramps = simulate_ramps(
        parameters,
        n_series=options.n_simulated,
        warm_up=warm_up,
        generator=np.random.default_rng(seeds[len(CLASSES) + 1]),
    )
    return Plan(
        series=series,
        readings=readings if readings is not None and readings.names.height else None,
        windows=windows,
        surges=placed,
        injections=injections,
        groups=tuple((f"surges {year}", np.flatnonzero(years == year)) for year in np.unique(years)),
        parameters=parameters,
        simulated=simulated,
        ramps=ramps,
        warm_up=warm_up,
    )


def _windows(series: CountSeries, options: BacktestOptions) -> Windows:
    n_months = series.values.shape[1]
    start = options.warm_up_months
    stop = min(series.column(options.trained_to) + 1, n_months)
    if not series.names.height or stop <= start:
        raise AnalysisError(
            expected=f"series with more than {start} months up to {options.trained_to:%Y-%m}",
            found=f"{series.names.height} series from {series.first_month:%Y-%m} to {series.last_month:%Y-%m}",
            where="the series",
            hint="choose a later --train-to or a shorter --warm-up",
        )
    since = options.since or month_at(series.first_month, start)
    since = max(since, month_at(series.first_month, QUIET_MONTHS))
    until = min(options.until or series.last_month, series.last_month)
    reported = (max(stop, series.column(since)), series.column(until) + 1)
    return Windows(
        trained=(start, stop),
        reported=(reported[0], max(reported)),
        surges=(since, until),
    )


def parts_of(plan: Plan, detector: Detector) -> list[Part]:
    """Return what one detector has to do.

    A surge's series ends with its third month: what comes later cannot change its scores.
    """
    month = plan.series.first_month.month

    def scores(name: str, values: Array, columns: npt.NDArray[np.int64] | None = None) -> Part:
        first = month if not name.startswith(("simulated", "ramps")) else 1
        return Part(
            detector=detector, name=name, measure="scores", values=values, first_month=first, columns=columns
        )

    parts = [scores("real", plan.series.values)]
    for name, index in plan.groups:
        group = plan.injections.subset(index)
        columns = group.column[:, None] + np.arange(N_MONTHS)
        parts.append(scores(name, inject(plan.series.values, group)[:, : columns.max() + 1], columns))
    parts += [scores(f"simulated {name}", values) for name, values in plan.simulated.items()]
    parts.append(scores("ramps", plan.ramps))
    if plan.readings is not None:
        parts.append(scores("readings", plan.readings.values))
    if isinstance(detector, QuantileForecaster) and plan.windows.reported[1] > plan.windows.reported[0]:
        parts.append(
            Part(
                detector=detector,
                name="forecasts",
                measure="forecasts",
                values=plan.series.values,
                first_month=month,
            )
        )
    return parts
