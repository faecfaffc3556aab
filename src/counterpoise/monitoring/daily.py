"""``detect_daily``: whether something unusual is happening at a border, on a clock of days.

The count model of ``dynamic_count.py`` with the days of the week in place of the year's waves, and slower. A day
without a figure is unknown: the forecast goes on and widens. A series is judged only while it has figures often
enough; else it has no baseline, and says since when.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import polars as pl

from counterpoise.checks import Check
from counterpoise.monitoring._kernels import Array
from counterpoise.monitoring.alarms import alarms_of, bands_of, episodes_of, plain_bands
from counterpoise.monitoring.breaks import breaks_of, regime_notes
from counterpoise.monitoring.cumulative import DailyReadings
from counterpoise.monitoring.decision import n_marked_before
from counterpoise.monitoring.dynamic_count import Forecasts, Mask, forecast_counts
from counterpoise.monitoring.options import DetectOptions
from counterpoise.monitoring.replay import Clock, Part, replay
from counterpoise.monitoring.results import Detection
from counterpoise.monitoring.series import first_known, series_of
from counterpoise.monitoring.spans import alarms_of_spans, judge_spans
from counterpoise.observations.archive import Archive, Known
from counterpoise.observations.panel import Panel, one_variant
from counterpoise.observations.words import spoken_date

if TYPE_CHECKING:
    from counterpoise.cases import Case

__all__ = [
    "DAILY_DEFAULTS",
    "FEWEST_IN_WINDOW",
    "baseline_of",
    "detect_daily",
    "weekday_factors",
    "weekday_regressors",
]

DAILY_DEFAULTS = DetectOptions(
    threshold=0.001,
    alarm_rate=0.0113,
    warm_up_periods=56,
    silence_periods=365,
    shift_periods=14,
    quiet_periods_before_collapse=28,
    models=((0.97, 0.3), (0.97, 2.0), (0.99, 0.3), (0.99, 2.0)),
    weight_memory=0.98,
    background=1.0,
    season_discount=0.999,
    season_sd=0.2,
    dispersion_weight=4.0,
    dispersion_discount=0.85,
)
"""Settings for days, then frozen: ``benchmarks/skill/daily.py`` makes them again. Models are chosen by log score on
Italy's landings before 2022, and by coverage there how quickly the dispersion forgets: a calm week after a storm is
no longer as uncertain as the storm. ``alarm_rate`` is the largest at which alarms began an episode there and on
simulated days. The rest are conventions: a nominal one in a thousand, eight weeks of warm-up, a year of silence, two
weeks for a level shift."""

_WINDOW_DAYS = 56
FEWEST_IN_WINDOW = 28
"""A day is judged if this many of the days in the window before it have figures."""
_LONGEST_GAP_DAYS = 6
"""Quiet days an episode may contain: weather may keep boats in for most of a week."""
_KEY = ["dataset", "corridor", "nationality", "measure"]


def weekday_regressors(first: date, n_days: int) -> Array:
    """Return the regressors of days, days x 7: the level, and six contrasts that treat all weekdays alike."""
    angle = 2 * np.pi * np.arange(7) / 7
    waves = [f(h * angle) for h in (1, 2, 3) for f in (np.cos, np.sin)]
    contrasts = np.column_stack(waves) * np.sqrt(2 / 7)
    return np.column_stack([np.ones(n_days), contrasts[(first.weekday() + np.arange(n_days)) % 7]])


def baseline_of(values: Array, unsettled: Mask, options: DetectOptions) -> Mask:
    """Return where a series has a baseline: enough settled figures before, and enough of them lately.

    Parameters
    ----------
    values, unsettled
        Series x days; NaN where no figure is published.
    options
        ``warm_up_periods`` says how many figures are enough in all.
    """
    settled = ~np.isnan(values) & ~unsettled
    before: npt.NDArray[np.int64] = np.cumsum(settled, axis=1) - settled
    lately = n_marked_before(settled, _WINDOW_DAYS)
    return (before >= options.warm_up_periods) & (lately >= FEWEST_IN_WINDOW)


def weekday_factors(forecasts: Forecasts, first: date) -> Array:
    """Return series x weekdays (Monday first): the forecast mean of the last four weeks over its average."""
    means = np.log((forecasts.shape / forecasts.rate)[:, -28:])
    weekday = (first.weekday() + np.arange(forecasts.shape.shape[1])[-28:]) % 7
    by_day = np.column_stack([means[:, weekday == day].mean(axis=1) for day in range(7)])
    factors: Array = np.exp(by_day - by_day.mean(axis=1, keepdims=True))
    return factors


def detect_daily(
    observations: Archive,
    *,
    case: "Case | None" = None,
    corridors: Sequence[str] = (),
    nationality: str | None = None,
    since: date | None = None,
    as_of: date | None = None,
    options: DetectOptions = DAILY_DEFAULTS,
    seed: int = 0,
) -> Detection:
    """Return what is unusual in the daily series, as it was known on a day.

    Parameters
    ----------
    observations
        The archive. Running totals and sums over several days are read too (``cumulative.py``).
    case, corridors, nationality, since
        As in ``detect``.
    as_of
        Day of replay; None: the newest day of publication in the data.
    options
        Settings of the engine, in days.
    seed
        Written into the result; this engine draws no random numbers.

    Returns
    -------
    Detection
        Its checks also say how the week looks, which sums over days were judged, and which totals fell.

    Raises
    ------
    InputError
        If a corridor is not in the registry, or the nationality is no code.
    AnalysisError
        If no daily figure was known on that day, or none of what was asked for.
    """
    return replay(
        observations,
        _DAYS,
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
    n_days = panel.values.shape[1]
    whole = _up_to(panel, known.day)
    unsettled = np.array([["provisional" in flag.split() for flag in row] for row in whole.flags], dtype=bool)
    first = whole.periods["period_start"][0]
    forecasts = forecast_counts(
        whole.values,
        breaks=breaks_of(known, whole),
        unsettled=unsettled,
        options=options,
        regressors=weekday_regressors(first, whole.values.shape[1]),
    )
    baseline = baseline_of(whole.values, unsettled, options)
    no_baseline = _no_baseline(whole, baseline, options)
    bands = bands_of(whole, forecasts, unsettled, options, baseline=baseline)
    bands = first_known(
        known, panel, bands.filter(pl.col("period_start") <= panel.periods["period_start"][-1])
    )
    alarms = alarms_of(
        bands, regime_notes(known, panel), "D", options.silence_periods, longest_gap=_LONGEST_GAP_DAYS
    )
    spans = judge_spans(whole, _of_panel(readings, panel), forecasts, baseline, options)
    of_spans = alarms_of_spans(spans)
    span_bands = plain_bands(spans)
    factors = weekday_factors(forecasts, first) if n_days >= _WINDOW_DAYS else np.ones((len(no_baseline), 7))
    return Part(
        series=series_of(panel, no_baseline),
        bands=plain_bands(bands),
        alarms=pl.concat([alarms, of_spans]),
        episodes=pl.concat([episodes_of(alarms, bands), episodes_of(of_spans, span_bands)]),
        judged=bands.filter("judged").select(*_KEY, "period_start"),
        spans=spans,
        weekdays=_weekdays(panel, factors, no_baseline),
    )


def _up_to(panel: Panel, day: date) -> Panel:
    """Return the panel with days without figures up to ``day``, but no further than a baseline reaches."""
    last: date = panel.periods["period_end"][-1]
    n_more = max(0, min((day - last).days, _WINDOW_DAYS + 1))
    more = pl.Series("period_start", [last + timedelta(days=i + 1) for i in range(n_more)], dtype=pl.Date)
    pad = ((0, 0), (0, n_more))
    return replace(
        panel,
        periods=pl.concat([panel.periods, pl.DataFrame([more, more.alias("period_end")])]),
        values=np.pad(panel.values, pad, constant_values=np.nan),
        known_on=np.pad(panel.known_on, pad, constant_values=np.nan),
        flags=np.pad(panel.flags, pad, constant_values=""),
    )


def _of_panel(readings: DailyReadings, panel: Panel) -> pl.DataFrame:
    """Return the sums of the panel's series, in the unit and place its days are counted in."""
    mine = (pl.col("dataset") == panel.dataset) & (pl.col("measure") == panel.measure)
    variant = ["corridor", "nationality", "unit", "place", "reporter"]
    chosen = one_variant(readings.days.filter(mine), dense=False).select(variant).unique()
    return readings.spans.filter(mine).join(chosen, on=variant, how="semi")


def _no_baseline(panel: Panel, baseline: Mask, options: DetectOptions) -> list[str]:
    """Return, for each series, why it has no baseline on the last day; empty if it has one."""
    published = ~np.isnan(panel.values)
    days = panel.periods["period_start"]
    reasons = []
    for had, figures in zip(baseline, published, strict=True):
        rule = f"{FEWEST_IN_WINDOW} of the {_WINDOW_DAYS} days before"
        if had[-1]:
            reasons.append("")
        elif had.any():
            lost = days[int(np.flatnonzero(had)[-1]) + 1]
            reasons.append(f"no baseline since {spoken_date(lost)}: fewer than {rule} have figures")
        else:
            start, n = days[int(figures.argmax())], int(figures.sum())
            reasons.append(
                f"no baseline: {n} {'day' if n == 1 else 'days'} with figures since {spoken_date(start)}; "
                f"{options.warm_up_periods} in all and {rule} are needed"
            )
    return reasons


def _weekdays(panel: Panel, factors: Array, no_baseline: list[str]) -> pl.DataFrame:
    """Return the factors of the series that have a baseline, one column per weekday."""
    names = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
    columns = {name: factors[:, i] for i, name in enumerate(names)}
    frame = panel.series.select(
        pl.lit(panel.dataset).alias("dataset"),
        "corridor",
        "nationality",
        pl.lit(panel.measure).alias("measure"),
    ).with_columns(**{name: pl.Series(values) for name, values in columns.items()})
    return frame.filter(pl.Series([not why for why in no_baseline], dtype=pl.Boolean))


def _check_days(parts: Sequence[Part]) -> tuple[Check, ...]:
    return (
        _check_spans(pl.concat([part.spans for part in parts])),
        _check_weekdays(pl.concat([part.weekdays for part in parts])),
    )


def _check_weekdays(weekdays: pl.DataFrame) -> Check:
    """Return how the forecasts of the last four weeks differ by weekday, where there is a baseline."""
    if weekdays.is_empty():
        return Check(name="weekdays", status="skipped", text="No series has a baseline to learn a week from.")
    text = "What the models expect on each weekday, over the week's average, stands in the table."
    return Check(name="weekdays", status="passed", text=text, table=weekdays)


def _check_spans(spans: pl.DataFrame) -> Check:
    """Return what came of the sums over several days."""
    if spans.is_empty():
        return Check(name="sums_over_days", status="skipped", text="No sum over several days is at hand.")
    judged = spans.filter("judged")
    text = (
        f"{judged.height} of {spans.height} sums over several days were judged against the forecasts of their "
        "days without a figure; the others fall where their series has no baseline."
    )
    whole = judged.height == spans.height
    return Check(name="sums_over_days", status="passed" if whole else "inconclusive", text=text, table=spans)


def _days(known: Known, readings: DailyReadings) -> pl.DataFrame:
    return readings.days


_DAYS = Clock(frequency="D", periods="days", read=_days, monitor=_monitor, check=_check_days)
