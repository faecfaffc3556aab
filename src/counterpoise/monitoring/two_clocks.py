"""Two clocks: what national figures showed by which day, and when the month's figure of the route was published.

A month is counted when it is over and published a month later; border services publish days within days. For each
rise in national figures this says on which day it could first be read, and how long before or after that day the
monthly count of the same corridor, or of one it is part of, raised an alarm. Nothing is used before it was known.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import polars as pl

from counterpoise.monitoring.daily import DAILY_DEFAULTS, FEWEST_IN_WINDOW, detect_daily
from counterpoise.monitoring.pace import judge_pace
from counterpoise.monitoring.results import Detection
from counterpoise.observations.archive import Archive, Known
from counterpoise.schemas import CELL, OBSERVATIONS, Column, empty, require_schema
from counterpoise.vocabulary import ALL_NATIONALITIES, FLOW_MEASURES, AlarmKind

__all__ = ["CLOCKS", "figures_by_day", "two_clocks"]

_RISES = [AlarmKind.SURGE.value, AlarmKind.NEW_ROUTE.value]
_SAME_RISE_DAYS = 62
"""Rises of a series with fewer days between them are one: pages with single figures lie weeks apart."""
_SAME_TIME_DAYS = 31
"""A national rise goes with a monthly one from so many days before its earliest onset to as many after its end."""
_SERIES = ["dataset", "corridor", "nationality", "measure"]

CLOCKS: dict[str, Column] = {
    **{name: OBSERVATIONS[name] for name in _SERIES},
    "period_start": Column(pl.Date(), "First day of the national figure that first showed the rise"),
    "period_end": Column(pl.Date(), "Last day of it, inclusive"),
    "frequency": Column(pl.String(), "D, W, M or S (any other span of up to 31 days)"),
    "observed": Column(pl.Float64(), "The figure"),
    "expected": Column(
        pl.Float64(), "What its days would have had before: by the daily forecast, or by the pace"
    ),
    "basis": Column(
        pl.String(), "forecast: of a daily series; pace: of a running total known on the same day"
    ),
    "pace_start": Column(pl.Date(), "First day of the pace; null for a forecast"),
    "pace_end": Column(pl.Date(), "Last day of the pace, inclusive; null for a forecast"),
    "known_on": Column(pl.Date(), "Day on which the figure was first known"),
    "flag": OBSERVATIONS["flag"],
    "document": Column(pl.String(), "Documents of the figure and of the pace, separated by a blank"),
    "last_rise_end": Column(pl.Date(), "Last day of the last figure of the same rise"),
    "route": Column(
        pl.String(), "Corridor whose monthly count is monitored beside it; null if there is none"
    ),
    "route_dataset": Column(pl.String(), "Dataset of the monthly count"),
    "route_nationality": Column(pl.String(), "Nationality of the monthly count, TOTAL or TOTAL-UKR"),
    "route_measure": Column(pl.String(), "Measure of the monthly count"),
    "newest_month": Column(pl.Date(), "First day of the newest month of it that was known on known_on"),
    "month": Column(pl.Date(), "First day of the month that alarmed at that time; null if none did"),
    "month_observed": Column(pl.Float64(), "The count of that month"),
    "month_known_on": Column(pl.Date(), "Day on which it was first known"),
    "month_flag": Column(pl.String(), "Flags of that figure"),
    "lead_days": Column(pl.Int64(), "Days from known_on to month_known_on; negative: the month was first"),
}


def two_clocks(observations: Archive, detection: Detection, *, corridors: Sequence[str]) -> pl.DataFrame:
    """Return schema ``CLOCKS``: rises in national figures, each beside the monthly count that is watched there.

    Parameters
    ----------
    observations
        The archive.
    detection
        The result of ``detect`` (months); its day is the day of replay.
    corridors
        Borders whose national figures are read.

    Returns
    -------
    polars.DataFrame
        By day of publication. The monthly count is that of the same corridor or of the nearest one it is part of,
        without the nationalities a route is told without.
    """
    known = observations.as_of(detection.provenance.as_of)
    national = _national(observations, known, corridors)
    rises = pl.concat([_by_pace(national), _by_forecast(observations, known, national)])
    if rises.is_empty():
        return empty(CLOCKS)
    rows = [
        {**rise, **_monthly_clock(rise, detection, known)}
        for rise in _first_of_each(rises).iter_rows(named=True)
    ]
    frame = pl.DataFrame(rows, schema={name: column.dtype for name, column in CLOCKS.items()})
    return require_schema(frame, CLOCKS, "two clocks").sort("known_on", *_SERIES)


def figures_by_day(observations: Archive, day: date, *, corridors: Sequence[str]) -> pl.DataFrame:
    """Return schema ``OBSERVATIONS`` plus ``per_day``: national figures of up to 31 days, each as first published.

    Parameters
    ----------
    observations, corridors
        As in ``two_clocks``.
    day
        Day of replay.
    """
    national = _national(observations, observations.as_of(day), corridors)
    n_days = (pl.col("period_end") - pl.col("period_start")).dt.total_days() + 1
    return (
        national.filter(n_days <= _SAME_TIME_DAYS)
        .sort("known_on", "document")
        .unique(list(CELL), keep="first", maintain_order=True)
        .with_columns((pl.col("value") / n_days).alias("per_day"))
        .sort("period_start", "period_end", *_SERIES)
    )


def _national(observations: Archive, known: Known, corridors: Sequence[str]) -> pl.DataFrame:
    """Return all vintages, known by the day, of national totals of flows on the corridors."""
    return observations.observations.filter(
        pl.col("known_on") <= known.day,
        pl.col("dataset").is_in(known.datasets["dataset"].implode()),
        pl.col("corridor").is_in(list(corridors)),
        pl.col("reporter") != "EU",
        pl.col("nationality") == ALL_NATIONALITIES,
        pl.col("measure").is_in(FLOW_MEASURES),
    )


_RISE = [
    *_SERIES,
    "period_start",
    "period_end",
    "frequency",
    "observed",
    "expected",
    "basis",
    "pace_start",
    "pace_end",
    "known_on",
    "flag",
    "document",
]


def _by_pace(national: pl.DataFrame) -> pl.DataFrame:
    return (
        judge_pace(national)
        .filter("rise")
        .with_columns(
            pl.col("value").alias("observed"),
            (pl.col("n_days") * pl.col("per_day")).alias("expected"),
            pl.lit("pace").alias("basis"),
            pl.concat_str("document", "pace_document", separator=" ")
            .str.split(" ")
            .list.unique(maintain_order=True)
            .list.join(" ")
            .alias("document"),
        )
        .select(_RISE)
    )


def _by_forecast(observations: Archive, known: Known, national: pl.DataFrame) -> pl.DataFrame:
    """Return the alarms of national series of days that have a baseline."""
    corridors = _with_baseline(national)
    if not corridors:
        return pl.DataFrame(schema={name: CLOCKS[name].dtype for name in _RISE})
    daily = detect_daily(observations, corridors=corridors, nationality=ALL_NATIONALITIES, as_of=known.day)
    cell = [*_SERIES, "period_start", "period_end"]
    return (
        daily.alarms.filter(pl.col("kind").is_in(_RISES))
        .join(
            national.group_by(cell).agg(pl.col("document").min()), on=cell, how="left", maintain_order="left"
        )
        .with_columns(
            pl.when(pl.col("period_start") == pl.col("period_end"))
            .then(pl.lit("D"))
            .otherwise(pl.lit("S"))
            .alias("frequency"),
            pl.lit("forecast").alias("basis"),
            pl.lit(None, dtype=pl.Date).alias("pace_start"),
            pl.lit(None, dtype=pl.Date).alias("pace_end"),
            pl.col("document").fill_null(""),  # a day derived from two totals stands in no document
        )
        .select(_RISE)
    )


def _with_baseline(national: pl.DataFrame) -> list[str]:
    """Return the corridors with a series of days that could be judged: the engine takes seconds for scattered ones."""
    days = national.filter(pl.col("frequency") == "D").unique([*_SERIES, "period_start"]).sort("period_start")
    lately = (
        days.rolling("period_start", period="56d", closed="left", group_by=_SERIES)
        .agg(pl.len().alias("lately"))
        .with_columns(pl.int_range(pl.len()).over(_SERIES).alias("before"))
    )
    enough = (pl.col("lately") >= FEWEST_IN_WINDOW) & (pl.col("before") >= DAILY_DEFAULTS.warm_up_periods)
    return lately.filter(enough)["corridor"].unique().sort().to_list()


def _first_of_each(rises: pl.DataFrame) -> pl.DataFrame:
    """Return of each rise the figure that was known first, and the last day the rise has."""
    ordered = rises.sort(*_SERIES, "period_start", "period_end", "known_on")
    gap = pl.col("period_start") - pl.col("period_end").shift(1)
    return (
        ordered.with_columns(
            (gap.dt.total_days() > _SAME_RISE_DAYS).fill_null(True).cum_sum().over(_SERIES).alias("number")
        )
        .with_columns(pl.col("period_end").max().over(*_SERIES, "number").alias("last_rise_end"))
        .sort("known_on", "period_start", maintain_order=True)
        .unique([*_SERIES, "number"], keep="first", maintain_order=True)
        .drop("number")
    )


def _monthly_clock(rise: dict[str, Any], detection: Detection, known: Known) -> dict[str, Any]:
    """Return the monthly count watched where a national rise is, and its alarm of that time; nothing without one."""
    above = [rise["corridor"], *known.corridors.ancestors(rise["corridor"])]
    watched = detection.series.filter(
        pl.col("status") == "monitored",
        pl.col("corridor").is_in(above),
        pl.col("dataset") != rise["dataset"],
        pl.col("nationality").str.starts_with(ALL_NATIONALITIES),
    ).sort(
        pl.col("corridor").replace_strict(above, range(len(above)), default=None),
        pl.col("nationality").str.len_chars(),
        descending=[False, True],
    )
    if watched.is_empty():
        return {}
    route = {name: watched[name][0] for name in _SERIES}
    mine = [pl.col(name) == value for name, value in route.items()]
    published = detection.bands.filter(*mine, pl.col("known_on") <= rise["known_on"])
    found = {
        "route": route["corridor"],
        "route_dataset": route["dataset"],
        "route_nationality": route["nationality"],
        "route_measure": route["measure"],
        "newest_month": published["period_start"].max(),
    }
    near = timedelta(days=_SAME_TIME_DAYS)
    alarms = detection.alarms.filter(*mine, pl.col("kind").is_in(_RISES)).join(
        detection.episodes.select("dataset", "episode", "last_alarm_end"), on=["dataset", "episode"]
    )
    alarms = alarms.filter(
        pl.col("onset_lower") - near <= rise["last_rise_end"],
        pl.col("last_alarm_end") + near >= rise["period_start"],
    ).sort("known_on")
    if alarms.is_empty():
        return found
    month = alarms.row(0, named=True)
    return {
        **found,
        "month": month["period_start"],
        "month_observed": month["observed"],
        "month_known_on": month["known_on"],
        "month_flag": month["flag"],
        "lead_days": (month["known_on"] - rise["known_on"]).days,
    }
