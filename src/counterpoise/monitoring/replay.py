"""Replay of series read from days: what daily and weekly engines share around the models they run."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, fields, replace
from datetime import date
from typing import TYPE_CHECKING

import polars as pl

from counterpoise.checks import Check
from counterpoise.errors import AnalysisError
from counterpoise.monitoring.cumulative import DailyReadings, read_daily
from counterpoise.monitoring.options import DetectOptions
from counterpoise.monitoring.results import Detection
from counterpoise.monitoring.series import check_baseline, check_lag, flow_panels
from counterpoise.observations.archive import Archive, Known
from counterpoise.observations.panel import Panel
from counterpoise.observations.questions import require_nationality
from counterpoise.provenance import Provenance, describe_inputs
from counterpoise.schemas import CELL
from counterpoise.vocabulary import FLOW_MEASURES

if TYPE_CHECKING:
    from counterpoise.cases import Case

__all__ = ["Clock", "Part", "replay"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """The tables of one panel."""

    series: pl.DataFrame
    bands: pl.DataFrame
    alarms: pl.DataFrame
    episodes: pl.DataFrame
    judged: pl.DataFrame
    spans: pl.DataFrame
    weekdays: pl.DataFrame

    def shown(self, rows: pl.Expr) -> "Part":
        """Return what is shown of it; only of episodes and of days is more left out later."""
        return Part(**{field.name: getattr(self, field.name).filter(rows) for field in fields(self)})


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """An engine that reads series of days: what its periods are, how it runs over a panel, and what it checks."""

    frequency: str
    periods: str
    """In words, for checks: 'days'."""
    read: Callable[[Known, DailyReadings], pl.DataFrame]
    """Schema ``OBSERVATIONS``: the figures of its periods."""
    monitor: Callable[[Known, Panel, DailyReadings, DetectOptions], Part]
    check: Callable[[Sequence[Part]], tuple[Check, ...]]


def replay(
    observations: Archive,
    clock: Clock,
    *,
    case: "Case | None",
    corridors: Sequence[str],
    nationality: str | None,
    since: date | None,
    as_of: date | None,
    options: DetectOptions,
    seed: int,
) -> Detection:
    """Run an engine over what was known on a day; parameters, result and errors as of ``detect_daily``."""
    known = _with_first_days(observations, observations.as_of(as_of))
    wanted = tuple(corridors) or (tuple(case.corridors) if case else ())
    for corridor in wanted:
        known.corridors.require(corridor)
    if nationality is not None:
        require_nationality(nationality)
    shown = pl.col("corridor").is_in(wanted) if wanted else pl.lit(True)
    if nationality is not None:
        shown &= pl.col("nationality") == nationality
    flows = known.observations.filter(pl.col("measure").is_in(FLOW_MEASURES))
    readings = read_daily(flows)
    of_periods = replace(known, observations=clock.read(known, readings))
    panels = flow_panels(of_periods, wanted, clock.frequency)
    parts = [clock.monitor(of_periods, panel, readings, options).shown(shown) for panel in panels]
    series = pl.concat([p.series for p in parts]) if parts else pl.DataFrame()
    if series.is_empty():
        raise AnalysisError(
            expected=f"figures of {clock.periods} to monitor",
            found=f"none known on {known.day}",
            where=", ".join([*wanted, *([nationality] if nationality else [])]) or "the archive",
            hint="choose a later --as-of, another --corridor or --nationality, or ingest figures of days",
        )
    lately = pl.col("period_start") >= (since or date.min)
    bands = pl.concat([p.bands for p in parts])
    judged = pl.concat(
        [frame for p in parts for frame in (p.judged, p.spans.filter("judged").select(p.judged.columns))]
    )
    read = flows.filter(
        pl.col("frequency").is_in(["D", "W", "S"]), pl.col("dataset").is_in([p.dataset for p in panels])
    )
    return Detection(
        alarms=pl.concat([p.alarms for p in parts])
        .filter(lately)
        .sort("period_start", "corridor", "nationality", "dataset", "measure"),
        episodes=pl.concat([p.episodes for p in parts]).filter(
            pl.col("last_alarm_end") >= (since or date.min)
        ),
        bands=bands,
        series=series,
        n_series=series.filter(pl.col("status") == "monitored").height,
        judged=judged,
        expected_false_alarms=round(judged.filter(lately).height * options.alarm_rate, 1),
        checks=(
            check_baseline(series, clock.periods),
            check_lag(bands),
            _check_totals(readings.falling.filter(shown), readings.days.filter(shown)),
            *clock.check(parts),
        ),
        provenance=Provenance(
            stage="detect",
            as_of=known.day,
            seed=seed,
            options={
                **asdict(options),
                "frequency": clock.frequency,
                "corridors": list(wanted),
                "nationality": nationality,
                "since": since,
            },
            inputs=describe_inputs(read),
        ),
    )


def _with_first_days(archive: Archive, known: Known) -> Known:
    """Put the day on which a sparse figure was first known in place of that of the vintage that says it again."""
    first = (
        archive.observations.filter(
            pl.col("known_on") <= known.day, ~pl.col("dataset").is_in(list(known.dense))
        )
        .group_by(CELL)
        .agg(pl.col("known_on").min().alias("first"))
    )
    rows = known.observations.join(first, on=list(CELL), how="left", maintain_order="left", nulls_equal=True)
    earlier = pl.min_horizontal("first", "known_on").alias("known_on")
    return replace(known, observations=rows.with_columns(earlier).drop("first"))


def _check_totals(falling: pl.DataFrame, days: pl.DataFrame) -> Check:
    """Return the check that no running total falls."""
    derived = days.filter(pl.col("flag").str.contains("derived")).height
    used = f"{derived} daily counts are differences of two published figures, and flagged so."
    if falling.is_empty():
        return Check(name="running_totals", status="passed", text=f"No running total falls; {used}")
    text = f"{falling.height} readings of running totals are below the one before and teach nothing; {used}"
    return Check(name="running_totals", status="inconclusive", text=text, table=falling)
