"""``detect_weekly``: whether something unusual is happening at a border, on a clock of weeks.

Where a single day says little, because boats wait for weather or a count comes in batches, the week often does: it
is the sum of its days from Monday to Sunday, or the figure published for them. The count model of
``dynamic_count.py`` runs over weeks with one wave of the year. A week with a day missing is unknown.
"""

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from counterpoise.checks import Check
from counterpoise.monitoring._kernels import Array
from counterpoise.monitoring.alarms import alarms_of, bands_of, episodes_of, plain_bands
from counterpoise.monitoring.breaks import breaks_of, regime_notes
from counterpoise.monitoring.cumulative import DailyReadings
from counterpoise.monitoring.dynamic_count import forecast_counts
from counterpoise.monitoring.options import DetectOptions
from counterpoise.monitoring.replay import Clock, Part, replay
from counterpoise.monitoring.results import Detection
from counterpoise.monitoring.series import first_known, series_of
from counterpoise.monitoring.spans import judge_spans
from counterpoise.observations.archive import Archive, Known
from counterpoise.observations.panel import Panel
from counterpoise.observations.words import spoken_date
from counterpoise.schemas import OBSERVATIONS

if TYPE_CHECKING:
    from counterpoise.cases import Case

__all__ = ["WEEKLY_DEFAULTS", "detect_weekly", "week_regressors", "weeks_of"]

WEEKLY_DEFAULTS = DetectOptions(
    threshold=0.001,
    alarm_rate=0.0147,
    warm_up_periods=26,
    silence_periods=52,
    shift_periods=6,
    quiet_periods_before_collapse=12,
    models=((0.97, 0.3), (0.97, 2.0), (0.99, 0.3), (0.99, 2.0)),
    weight_memory=0.98,
    background=2.0,
    season_discount=0.999,
    season_sd=0.3,
    dispersion_weight=4.0,
    dispersion_discount=0.85,
)
"""Settings for weeks, then frozen: ``benchmarks/skill/daily.py`` makes them again. Models are chosen by log score on
Italy's landings before 2022; ``alarm_rate`` is the largest at which alarms began an episode there or on simulated
weeks. The rest are those of months, with half a year of warm-up and a year of silence."""

_LONGEST_GAP = 1
_DAYS_OF_YEAR = 365.25
_VARIANT = ["dataset", "corridor", "reporter", "nationality", "measure", "unit", "place"]


def week_regressors(first: date, n_weeks: int) -> Array:
    """Return the regressors of weeks, weeks x 3: the level, and one wave of the year."""
    angle = 2 * np.pi * (first.timetuple().tm_yday + 7 * np.arange(n_weeks)) / _DAYS_OF_YEAR
    return np.column_stack([np.ones(n_weeks), np.cos(angle), np.sin(angle)])


def weeks_of(known: Known, readings: DailyReadings) -> pl.DataFrame:
    """Return the weeks from Monday to Sunday, schema ``OBSERVATIONS``, frequency ``W``.

    Parameters
    ----------
    known
        What was known on the day; its dense datasets have 0 where a covered day lacks a figure.
    readings
        Days, and sums over several days.

    Returns
    -------
    polars.DataFrame
        A week has the figure published for it; else the sum of its days, flagged ``derived``, known when the last of
        them was. The week of a sum that is not known for all its days is left out.
    """
    monday = pl.col("period_start").dt.truncate("1w")
    sunday = pl.col("period_end").dt.weekday() == 7
    whole = (pl.col("period_start") == monday) & sunday
    published = readings.spans.filter(
        whole, (pl.col("period_end") - pl.col("period_start")).dt.total_days() == 6
    ).with_columns(pl.lit("W").alias("frequency"))
    summed = (
        readings.days.with_columns(monday.alias("week"))
        .group_by([*_VARIANT, "week"], maintain_order=True)
        .agg(
            pl.col("publisher_term", "locator").first(),
            pl.col("value").sum(),
            pl.col("known_on").max(),
            pl.col("document").str.split(" ").explode().unique().sort().str.join(" "),
            pl.concat_str("flag", pl.lit("derived"), separator=" ")
            .str.split(" ")
            .explode()
            .unique()
            .sort()
            .str.join(" ")
            .str.strip_chars(),
            pl.col("period_start").n_unique().alias("n_days"),
        )
        .filter((pl.col("n_days") == 7) | pl.struct("dataset", "week").is_in(_covered_weeks(known, readings)))
        .with_columns(
            pl.col("week").alias("period_start"),
            pl.col("week").dt.offset_by("6d").alias("period_end"),
            pl.lit("W").alias("frequency"),
        )
        .join(published, on=[*_VARIANT, "period_start"], how="anti")
        .select(list(OBSERVATIONS))
    )
    return pl.concat([published.select(list(OBSERVATIONS)), summed]).sort(*_VARIANT, "period_start")


def _covered_weeks(known: Known, readings: DailyReadings) -> list[dict[str, object]]:
    """Return dataset and Monday of the weeks of dense datasets all of whose days are covered."""
    weeks: list[dict[str, object]] = []
    for dataset in sorted(set(readings.days["dataset"]) & known.dense):
        days = known.covered(dataset, "D").select(pl.col("period_start").dt.truncate("1w").alias("week"))
        full = days.group_by("week").len().filter(pl.col("len") == 7)["week"].sort()
        weeks += [{"dataset": dataset, "week": week} for week in full]
    return weeks


def detect_weekly(
    observations: Archive,
    *,
    case: "Case | None" = None,
    corridors: Sequence[str] = (),
    nationality: str | None = None,
    since: date | None = None,
    as_of: date | None = None,
    options: DetectOptions = WEEKLY_DEFAULTS,
    seed: int = 0,
) -> Detection:
    """Return what is unusual in the weeks of daily and weekly series, as it was known on a day.

    Parameters, result and errors are those of ``detect_daily``, in weeks from Monday to Sunday.
    """
    return replay(
        observations,
        _WEEKS,
        case=case,
        corridors=corridors,
        nationality=nationality,
        since=since,
        as_of=as_of,
        options=options,
        seed=seed,
    )


def _monitor(known: Known, panel: Panel, readings: DailyReadings, options: DetectOptions) -> Part:
    """Run the engine over one panel."""
    unsettled = np.array([["provisional" in flag.split() for flag in row] for row in panel.flags], dtype=bool)
    forecasts = forecast_counts(
        panel.values,
        breaks=breaks_of(known, panel),
        unsettled=unsettled,
        options=options,
        regressors=week_regressors(panel.periods["period_start"][0], panel.values.shape[1]),
    )
    bands = first_known(known, panel, bands_of(panel, forecasts, unsettled, options))
    alarms = alarms_of(
        bands, regime_notes(known, panel), "W", options.silence_periods, longest_gap=_LONGEST_GAP
    )
    return Part(
        series=series_of(panel, _no_baseline(panel, options)),
        bands=plain_bands(bands),
        alarms=alarms,
        episodes=episodes_of(alarms, bands),
        judged=bands.filter("judged").select("dataset", "corridor", "nationality", "measure", "period_start"),
        spans=judge_spans(panel, readings.spans.clear(), forecasts, unsettled, options),
        weekdays=panel.series.clear(),
    )


def _no_baseline(panel: Panel, options: DetectOptions) -> list[str]:
    """Return, for each series, why it has no baseline; empty if it has one."""
    published = ~np.isnan(panel.values)
    starts = panel.periods["period_start"].gather(published.argmax(axis=1))
    return [
        ""
        if n > options.warm_up_periods
        else f"no baseline: {n} whole {'week' if n == 1 else 'weeks'} with figures since {spoken_date(start)}; "
        f"{options.warm_up_periods} are needed"
        for n, start in zip(published.sum(axis=1), starts, strict=True)
    ]


def _no_checks(parts: Sequence[Part]) -> tuple[Check, ...]:
    return ()


_WEEKS = Clock(frequency="W", periods="weeks", read=weeks_of, monitor=_monitor, check=_no_checks)
