"""``detect``: whether something unusual is happening at a border."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from counterpoise.errors import AnalysisError
from counterpoise.monitoring.alarms import alarms_of, bands_of, episodes_of, plain_bands
from counterpoise.monitoring.breaks import breaks_of, regime_notes
from counterpoise.monitoring.dynamic_count import forecast_counts
from counterpoise.monitoring.false_discovery import check_discoveries
from counterpoise.monitoring.options import DETECT_DEFAULTS, DetectOptions
from counterpoise.monitoring.provisional import check_provisional
from counterpoise.monitoring.results import Detection
from counterpoise.monitoring.series import check_baseline, check_lag, first_known, flow_panels, series_of
from counterpoise.observations.archive import Archive, Known
from counterpoise.observations.as_of import add_flag
from counterpoise.observations.panel import Panel
from counterpoise.observations.provisional import provisional_corridors
from counterpoise.observations.questions import require_nationality
from counterpoise.provenance import Provenance, describe_inputs

if TYPE_CHECKING:
    from counterpoise.cases import Case

__all__ = ["detect"]

_KEY = ["dataset", "corridor", "nationality", "measure"]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Part:
    """The tables of one panel."""

    series: pl.DataFrame
    bands: pl.DataFrame
    alarms: pl.DataFrame
    episodes: pl.DataFrame
    judged: pl.DataFrame
    """The series-periods in which an alarm could have been raised."""
    provisional: pl.DataFrame

    def of_corridors(self, wanted: tuple[str, ...]) -> "_Part":
        """Return the rows of these corridors; all, if none are named."""
        if not wanted:
            return self
        mine = pl.col("corridor").is_in(wanted)
        return _Part(
            series=self.series.filter(mine),
            bands=self.bands.filter(mine),
            alarms=self.alarms.filter(mine),
            episodes=self.episodes.filter(mine),
            judged=self.judged.filter(mine),
            provisional=self.provisional.filter(mine),
        )


def detect(
    observations: Archive,
    *,
    case: "Case | None" = None,
    corridors: Sequence[str] = (),
    nationality: str | None = None,
    since: date | None = None,
    as_of: date | None = None,
    options: DetectOptions = DETECT_DEFAULTS,
    seed: int = 0,
) -> Detection:
    """Return what is unusual in the monthly series, as it was known on a day.

    Parameters
    ----------
    observations
        The archive.
    case
        Look only at the corridors of this case.
    corridors
        Look only at these; empty: at every route and every border that has monthly figures.
    nationality
        Show only this nationality, ``TOTAL`` or ``TOTAL-UKR``.
    since
        Show only alarms in periods that begin on or after this day; the model has learnt from all before.
    as_of
        Day of replay; None: the newest day of publication in the data.
    options
        Settings of the engine.
    seed
        Written into the result; this engine draws no random numbers.

    Raises
    ------
    InputError
        If a corridor is not in the registry, or the nationality is no code.
    AnalysisError
        If no monthly figure was known on that day, or none of the nationality.
    """
    known = observations.as_of(as_of)
    wanted = tuple(corridors) or (tuple(case.corridors) if case else ())
    for corridor in wanted:
        known.corridors.require(corridor)
    if nationality is not None:
        require_nationality(nationality)
    panels = flow_panels(known, wanted, "M")
    parts = [_monitor(known, panel, options).of_corridors(wanted) for panel in panels]
    if not any(part.series.height for part in parts):
        raise AnalysisError(
            expected="monthly figures to monitor",
            found=f"none known on {known.day}",
            where=", ".join(wanted) or "the archive",
            hint="choose a later --as-of, another --corridor, or ingest a document",
        )
    series = pl.concat([p.series for p in parts])
    bands = pl.concat([p.bands for p in parts])
    alarms = pl.concat([p.alarms for p in parts])
    episodes = pl.concat([p.episodes for p in parts])
    judged = pl.concat([p.judged for p in parts])
    provisional = pl.concat([p.provisional for p in parts])
    if nationality is not None:
        series, bands, alarms, episodes, judged = (
            frame.filter(pl.col("nationality") == nationality)
            for frame in (series, bands, alarms, episodes, judged)
        )
        if series.is_empty():
            raise AnalysisError(
                expected=f"monthly figures of {nationality}",
                found=f"none known on {known.day}",
                where=", ".join(wanted) or "the archive",
                hint="nationalities are ISO 3166 alpha-3 codes, such as IRQ, or TOTAL; choose another one",
            )
    shown = pl.col("period_start") >= (since or date.min)
    alarms = alarms.filter(shown)
    episodes = episodes.filter(pl.col("last_alarm_end") >= (since or date.min))
    monitored = series.filter(pl.col("status") == "monitored")
    read = known.observations.filter(
        pl.col("frequency") == "M", pl.col("dataset").is_in([p.dataset for p in panels])
    )
    return Detection(
        alarms=alarms.sort("period_start", "corridor", "nationality", "dataset", "measure"),
        episodes=episodes,
        bands=bands,
        series=series,
        judged=judged,
        n_series=monitored.height,
        expected_false_alarms=round(judged.filter(shown).height * options.alarm_rate, 1),
        checks=(
            check_provisional(provisional),
            check_baseline(series, "months"),
            check_lag(bands),
            check_discoveries(alarms),
        ),
        provenance=Provenance(
            stage="detect",
            as_of=known.day,
            seed=seed,
            options={
                **asdict(options),
                "corridors": list(wanted),
                "nationality": nationality,
                "since": since,
            },
            inputs=describe_inputs(read),
        ),
    )


def _monitor(known: Known, panel: Panel, options: DetectOptions) -> _Part:
    """Run the engine over one panel."""
    provisional = provisional_corridors(panel)
    unsettled = np.zeros(panel.values.shape, dtype=bool)
    unsettled[panel.series["corridor"].is_in(provisional["corridor"].implode()).to_numpy(), -1] = True
    forecasts = forecast_counts(
        panel.values,
        breaks=breaks_of(known, panel),
        unsettled=unsettled,
        first_month=panel.periods["period_start"][0].month,
        options=options,
    )
    bands = bands_of(panel, forecasts, unsettled, options).with_columns(
        pl.when(pl.Series(unsettled.ravel())).then(add_flag("provisional")).otherwise("flag").alias("flag")
    )
    bands = first_known(known, panel, bands)
    alarms = alarms_of(bands, regime_notes(known, panel), panel.frequency, options.silence_periods)
    return _Part(
        series=series_of(panel, _no_baseline(panel, options)),
        bands=plain_bands(bands),
        alarms=alarms,
        episodes=episodes_of(alarms, bands),
        judged=bands.filter("judged").select(*_KEY, "period_start"),
        provisional=provisional,
    )


def _no_baseline(panel: Panel, options: DetectOptions) -> list[str]:
    """Return, for each series, why it has no baseline; empty if it has one."""
    published = ~np.isnan(panel.values)
    n_periods = published.sum(axis=1)
    starts = panel.periods["period_start"].gather(published.argmax(axis=1))
    return [
        ""
        if n > options.warm_up_periods
        else f"no baseline: {n} {'month' if n == 1 else 'months'} with figures since {start:%B %Y}, "
        f"{options.warm_up_periods} are needed"
        for n, start in zip(n_periods, starts, strict=True)
    ]
