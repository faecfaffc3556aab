"""From forecasts to tables: bands, alarms with their kind and reason, and episodes that merge alarms."""

from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from counterpoise.monitoring.decision import decide, n_marked_before
from counterpoise.monitoring.dynamic_count import Forecasts
from counterpoise.monitoring.false_discovery import discoveries
from counterpoise.monitoring.options import DetectOptions
from counterpoise.monitoring.recalibrate import recalibrate
from counterpoise.monitoring.specificity import growth_elsewhere, specific_probability
from counterpoise.observations.nationalities import nationality_name
from counterpoise.observations.panel import Panel
from counterpoise.observations.words import spoken_date, spoken_days
from counterpoise.schemas import ALARMS, BANDS, EPISODES, require_schema
from counterpoise.vocabulary import AlarmKind, is_unidentified

__all__ = ["alarms_of", "bands_of", "episodes_of"]

_KEY = ["dataset", "corridor", "nationality", "measure"]
_NOTED_GROWTH = 1.5
"""From this growth of the same nationality elsewhere on, an alarm says so."""
_LONGEST_GAP = 2
"""Quiet periods that an episode of months may contain."""


def bands_of(
    panel: Panel,
    forecasts: Forecasts,
    unsettled: npt.NDArray[np.bool_],
    options: DetectOptions,
    *,
    baseline: npt.NDArray[np.bool_] | None = None,
) -> pl.DataFrame:
    """Return schema ``BANDS`` plus the columns the alarms are made from, by series and period."""
    n_series, n_periods = panel.values.shape
    half = (1.0 - options.level) / 2
    upper = forecasts.quantile(1.0 - half)
    decisions = decide(panel.values, unsettled, forecasts, upper, options, baseline=baseline)
    expected = forecasts.shape / forecasts.rate
    growth = growth_elsewhere(panel, expected)
    specific = specific_probability(panel, forecasts, growth, options)
    seen = panel.values != 0  # where nothing is published, people may have been seen

    def flat(matrix: npt.NDArray[Any]) -> pl.Series:
        column = pl.Series(matrix.ravel())
        return column.fill_nan(None) if column.dtype.is_float() else column

    row = np.repeat(np.arange(n_series), n_periods)
    column = np.tile(np.arange(n_periods), n_series)
    return pl.DataFrame(
        {
            "dataset": pl.repeat(panel.dataset, n_series * n_periods, dtype=pl.String, eager=True),
            "corridor": panel.series["corridor"].gather(row),
            "nationality": panel.series["nationality"].gather(row),
            "measure": pl.repeat(panel.measure, n_series * n_periods, dtype=pl.String, eager=True),
            "period_start": panel.periods["period_start"].gather(column),
            "period_end": panel.periods["period_end"].gather(column),
            "observed": flat(panel.values),
            "expected": flat(forecasts.quantile(0.5)),
            "lower": flat(forecasts.quantile(half)),
            "upper": flat(upper),
            "level": pl.repeat(options.level, n_series * n_periods, dtype=pl.Float64, eager=True),
            "tail_probability": flat(forecasts.tail_probability),
            "lower_tail_probability": flat(forecasts.lower_tail_probability),
            "calibrated_probability": flat(
                recalibrate(forecasts.tail_probability, expected, decisions.judged)
            ),
            "discovery": discoveries(panel, forecasts, decisions.judged),
            "growth_elsewhere": flat(growth),
            "specific_probability": flat(specific),
            "specific": flat(specific < options.threshold),
            "known_on": flat(panel.known_on).cast(pl.Int32).cast(pl.Date),
            "flag": pl.Series(panel.flags.ravel().tolist(), dtype=pl.String),
            "surge": flat(decisions.surge),
            "collapse": flat(decisions.collapse),
            "level_shift": flat(decisions.level_shift),
            "judged": flat(decisions.judged),
            "silent_before": flat(n_marked_before(seen, options.silence_periods) == 0),
        }
    )


def alarms_of(
    bands: pl.DataFrame,
    regime_notes: pl.DataFrame,
    frequency: str,
    silence_periods: int,
    *,
    longest_gap: int = _LONGEST_GAP,
) -> pl.DataFrame:
    """Return schema ``ALARMS`` from bands with alarm marks, with kind, episode, reason and notes.

    Alarms with at most ``longest_gap`` quiet periods between them are one episode.
    """
    kind = (
        pl.when(pl.col("nationality").map_elements(is_unidentified, return_dtype=pl.Boolean))
        .then(pl.lit(AlarmKind.REPORTING_CHANGE.value))
        .when("collapse")
        .then(
            pl.when(pl.col("regime_note").is_not_null())
            .then(pl.lit(AlarmKind.REPORTING_CHANGE.value))
            .otherwise(pl.lit(AlarmKind.COLLAPSE.value))
        )
        .when("silent_before")
        .then(pl.lit(AlarmKind.NEW_ROUTE.value))
        .when("level_shift")
        .then(pl.lit(AlarmKind.LEVEL_SHIFT.value))
        .otherwise(pl.lit(AlarmKind.SURGE.value))
    )
    marked = _with_onset(bands)
    alarms = (
        marked.filter(pl.any_horizontal("surge", "collapse", "level_shift"))
        .join(regime_notes, on=["corridor", "period_start"], how="left", maintain_order="left")
        .with_columns(
            kind.alias("kind"),
            pl.when("collapse")
            .then("lower_tail_probability")
            .otherwise("tail_probability")
            .alias("tail_probability"),
            pl.when("surge").then("discovery").alias("discovery"),
        )
    )
    alarms = _with_episodes(alarms, longest_gap)
    alarms = _with_notes(alarms)
    reasons = [_reason(row, frequency, silence_periods) for row in alarms.iter_rows(named=True)]
    alarms = alarms.with_columns(pl.Series("reason", reasons, dtype=pl.String))
    return require_schema(alarms, ALARMS, "alarms").sort("period_start", *_KEY)


def _with_onset(bands: pl.DataFrame) -> pl.DataFrame:
    """Add the earliest day a change may have begun: after the last count on the other side of the expected one."""

    def day_after_last(period: pl.Expr) -> pl.Expr:
        ends = pl.when(period).then("period_end").shift(1).forward_fill()
        return ends.over(_KEY).dt.offset_by("1d")

    observed, expected = pl.col("observed"), pl.col("expected")
    return bands.with_columns(
        pl.when("collapse")
        .then(day_after_last(observed >= expected))
        .otherwise(day_after_last(observed <= expected))
        .alias("change_from"),
        observed.cum_max().forward_fill().shift(1).over(_KEY).alias("largest_before"),
        pl.col("period_start").filter(pl.col("observed") > 0).min().over(_KEY).alias("first_counted"),
        pl.int_range(pl.len()).over(_KEY).alias("index"),
    )


def _with_episodes(alarms: pl.DataFrame, longest_gap: int) -> pl.DataFrame:
    """Add the episode each alarm belongs to, and its onset."""
    far = (pl.col("index").diff() > longest_gap + 1) & ~pl.col("level_shift")
    turned = pl.col("collapse") != pl.col("collapse").shift(1)
    starts = (far | turned).fill_null(True)
    numbered = alarms.with_columns(starts.over(_KEY).alias("first"))
    numbered = numbered.with_columns(pl.col("first").cum_sum().over(_KEY).alias("number"))
    group = [*_KEY, "number"]
    return numbered.with_columns(
        pl.col("period_start").first().over(group).alias("onset"),
        pl.coalesce("change_from", "period_start").first().over(group).alias("onset_lower"),
        pl.col("period_end").first().over(group).alias("onset_upper"),
        pl.format(
            "{}/{}/{}/{}", "corridor", "nationality", "measure", pl.col("period_start").first().over(group)
        ).alias("episode"),
    )


def _with_notes(alarms: pl.DataFrame) -> pl.DataFrame:
    """Add what a reader must bear in mind: rules that start, the same nationality elsewhere."""
    identified = ~pl.col("nationality").map_elements(is_unidentified, return_dtype=pl.Boolean)
    single = identified & ~pl.col("nationality").str.starts_with("TOTAL")
    elsewhere = (pl.len().over("dataset", "measure", "nationality", "period_start") - 1).alias("elsewhere")
    alarms = alarms.with_columns(elsewhere)
    note = pl.concat_str(
        pl.when(pl.col("regime_note").is_not_null()).then(
            pl.format("A counting rule starts in this period: {}", "regime_note")
        ),
        pl.when(single & (pl.col("elsewhere") > 0)).then(
            pl.format("The same nationality is unusual on {} other corridor(s) in this period.", "elsewhere")
        ),
        pl.when(~pl.col("collapse") & (pl.col("growth_elsewhere") >= _NOTED_GROWTH)).then(
            pl.format(
                "The same nationality is at {} times what was expected on all other corridors together; {}",
                pl.col("growth_elsewhere").round(1),
                pl.when("specific")
                .then(pl.lit("beyond that, this count is unusual here."))
                .otherwise(pl.lit("with such growth this count would be no surprise here.")),
            )
        ),
        pl.when("level_shift").then(
            pl.lit("Every count since the surge began is above what was expected then: a new level.")
        ),
        separator=" ",
        ignore_nulls=True,
    )
    return alarms.with_columns(note.fill_null("").alias("notes"))


_PERIOD_NAMES = {
    "D": "{day}",
    "W": "week to {day}",
    "M": "{end:%B %Y}",
    "Q": "quarter to {end:%B %Y}",
    "Y": "{end:%Y}",
}
_PERIOD_UNITS = {"D": "days", "W": "weeks", "M": "months", "Q": "quarters", "Y": "years"}


def _reason(row: dict[str, Any], frequency: str, silence_periods: int) -> str:
    """Return the alarm in one sentence."""
    end = row["period_end"]
    when = _PERIOD_NAMES[frequency].format(end=end, day=spoken_date(end))
    who = nationality_name(str(row["nationality"]))
    measure = str(row["measure"]).replace("_", " ")
    sentence = (
        f"{who}, {when}: {row['observed']:,.0f} {measure}, expected {row['expected']:,.0f} "
        f"[{row['lower']:,.0f}-{row['upper']:,.0f}]"
    )
    largest_before = row["largest_before"]
    if not row["collapse"] and (largest_before is None or row["observed"] > largest_before):
        first = row["first_counted"]
        since = f" since {first.year}" if first is not None and first != row["period_start"] else ""
        sentence += f"; the largest count{since}" if since else "; the first in the series"
    if row["silent_before"] and not row["collapse"]:
        sentence += f"; not seen on this corridor in the {silence_periods} {_PERIOD_UNITS[frequency]} before"
    days = (row["known_on"] - end).days
    return f"{sentence}; known {spoken_days(days)} after the period's end."


def episodes_of(alarms: pl.DataFrame, bands: pl.DataFrame) -> pl.DataFrame:
    """Return schema ``EPISODES``: the alarms of each episode merged; the peak may lie between two alarms."""
    spans = alarms.group_by("episode", *_KEY, maintain_order=True).agg(
        pl.col("kind").first(),
        pl.col("onset", "onset_lower", "onset_upper").first(),
        pl.col("period_end").max().alias("last_alarm_end"),
        pl.len().cast(pl.Int64).alias("n_alarms"),
        pl.col("observed").sum(),
        pl.col("expected").sum(),
    )
    begins = spans.select(*_KEY, "episode", "last_alarm_end", pl.col("onset").alias("period_start"))
    within = (
        bands.select(*_KEY, "period_start", "period_end", pl.col("observed").alias("count"))
        .join(begins, on=[*_KEY, "period_start"], how="left", maintain_order="left")
        .with_columns(pl.col("episode", "last_alarm_end").forward_fill().over(_KEY))
        .filter(pl.col("period_end") <= pl.col("last_alarm_end"))
        .group_by("episode", *_KEY, maintain_order=True)
        .agg(
            pl.col("period_start").get(pl.col("count").arg_max()).alias("peak_start"),
            pl.col("count").max().alias("peak"),
        )
    )
    episodes = spans.join(within, on=["episode", *_KEY], how="left", maintain_order="left")
    return require_schema(episodes, EPISODES, "episodes").sort("onset", *_KEY)


def plain_bands(bands: pl.DataFrame) -> pl.DataFrame:
    """Return schema ``BANDS`` without the marks the alarms were made from."""
    return require_schema(bands, BANDS, "bands")
