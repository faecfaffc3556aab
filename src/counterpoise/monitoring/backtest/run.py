"""``backtest``: replay detectors over real series with surges added, and over series without any."""

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import numpy as np
import polars as pl

from counterpoise.checks import Check
from counterpoise.errors import InputError
from counterpoise.monitoring.backtest.classes import ALL, CLASSES
from counterpoise.monitoring.backtest.options import BACKTEST_DEFAULTS, BacktestOptions
from counterpoise.monitoring.backtest.parts import Progress, run_parts
from counterpoise.monitoring.backtest.plan import Plan, make_plan, parts_of
from counterpoise.monitoring.backtest.readings import forecast_table, reading_table
from counterpoise.monitoring.backtest.results import THRESHOLDS, Backtest
from counterpoise.monitoring.backtest.series import CountSeries, month_at
from counterpoise.monitoring.backtest.tables import (
    Scores,
    alarm_rate_table,
    detection_table,
    gain_table,
    lay_ground,
)
from counterpoise.monitoring.backtest.thresholds import choose_threshold, events
from counterpoise.monitoring.detectors.base import Detector
from counterpoise.provenance import Provenance, canonical_json, sha256_of

__all__ = ["backtest"]

_KEPT_WITHIN = (0.8, 1.25)
"""Realised over stated rate after training within which a threshold is said to have held."""


def backtest(
    series: CountSeries,
    detectors: Sequence[Detector],
    *,
    surges: pl.DataFrame | None = None,
    readings: CountSeries | None = None,
    options: BacktestOptions = BACKTEST_DEFAULTS,
    seed: int = 0,
    workers: int = 1,
    resume: Path | None = None,
    progress: Progress | None = None,
) -> Backtest:
    """Return how detectors compare at the same stated rates of false alarms.

    Parameters
    ----------
    series
        The untouched real series.
    detectors
        What to compare; names are unique.
    surges
        Surges to add to the series; None: drawn by our own recipe (``inject``).
    readings
        Series of the labelled onsets, read as a sanity check.
    options
        Settings.
    seed
        Of surges, simulations and bootstrap. Results do not depend on ``workers`` or on interruptions.
    workers
        Processes side by side.
    resume
        Folder in which finished parts are kept, so that a stopped run can be taken up again.
    progress
        Told one line per finished part.

    Raises
    ------
    InputError
        If detectors are none or share a name, or surges do not fit the series.
    AnalysisError
        If the series are too few or too short.
    """
    names = [detector.name for detector in detectors]
    if not names or len(set(names)) < len(names):
        raise InputError(
            expected="one detector or more, each with a name of its own",
            found=", ".join(names) or "none",
            where="detectors",
            hint="name each detector once",
        )
    *seeds, for_draws = np.random.SeedSequence(seed).spawn(len(CLASSES) + 3)
    plan = make_plan(series, surges=surges, readings=readings, options=options, seeds=seeds)
    parts = [part for detector in detectors for part in parts_of(plan, detector)]
    scores = run_parts(parts, workers=workers, resume=resume, progress=progress)
    thresholds = _thresholds(plan, scores, detectors, options)
    chosen = {(d, r): t for d, r, t in thresholds.select("detector", "rate", "threshold").iter_rows()}
    ground = lay_ground(plan, options, for_draws)
    detection = detection_table(plan, ground, scores, chosen, options)
    alarm_rates = alarm_rate_table(plan, ground, scores, chosen, options, detection)
    forecasters = [name for name in names if (name, "forecasts") in scores]
    return Backtest(
        detection=detection,
        alarm_rates=alarm_rates,
        gains=gain_table(plan, ground, scores, chosen, options),
        forecasts=forecast_table(ground, scores, forecasters),
        readings=reading_table(plan, scores, chosen),
        thresholds=thresholds,
        surges=plan.surges,
        n_series=series.names.height,
        checks=(_check_surges(plan, given=surges is not None), _check_rates(alarm_rates)),
        provenance=Provenance(
            stage="backtest",
            as_of=series.known_on,
            seed=seed,
            options={
                **asdict(options),
                "detectors": [repr(detector) for detector in detectors],
                "simulation": plan.parameters.to_dict(),
            },
            inputs=(
                {"input": "series", "n_series": series.names.height, "sha256": series.digest},
                {"input": "surges", "n_rows": plan.surges.height, "sha256": _digest(plan.surges)},
            ),
        ),
    )


def _thresholds(
    plan: Plan, scores: Scores, detectors: Sequence[Detector], options: BacktestOptions
) -> pl.DataFrame:
    """Return the columns ``THRESHOLDS``."""
    start, stop = plan.windows.trained
    first = plan.series.first_month
    n_months = int((~np.isnan(plan.series.values[:, start:stop])).sum())
    trained = sha256_of(np.ascontiguousarray(plan.series.values[:, :stop]).tobytes())
    rows = []
    for detector in detectors:
        real = scores[detector.name, "real"]
        for rate in options.rates:
            threshold = choose_threshold(real, rate, start=start, stop=stop, n_series_months=n_months)
            n_events = int(events(real > threshold, rate)[:, start:stop].sum())
            made_of = [repr(detector), rate.label, repr(threshold), trained]
            rows.append(
                {
                    "detector": detector.name,
                    "rate": rate.label,
                    "threshold": threshold,
                    "trained_from": month_at(first, start),
                    "trained_to": month_at(first, stop - 1),
                    "n_series_months": n_months,
                    "n_events": n_events,
                    "realised_rate": rate.of(n_events, n_months),
                    "sha256": sha256_of(canonical_json(made_of).encode()),
                }
            )
    return pl.DataFrame(rows, schema=THRESHOLDS)


def _digest(frame: pl.DataFrame) -> str:
    return sha256_of(frame.write_csv().encode())


def _check_surges(plan: Plan, *, given: bool) -> Check:
    """Return the check that surges were given, so that results can be set beside others'."""
    n = plan.surges.height
    if given:
        text = f"{n} surges were given and lie in the months counted."
        return Check(name="surges", status="passed", text=text)
    text = f"{n} surges were drawn by our own recipe: compare detectors with each other, not with other runs."
    return Check(name="surges", status="inconclusive", text=text)


def _check_rates(alarm_rates: pl.DataFrame) -> Check:
    """Return the check that thresholds keep their rate after the months they were set on."""
    after = alarm_rates.filter(
        pl.col("data") == "real", pl.col("class") == ALL, pl.col("n_series_months") > 0
    )
    lower, upper = _KEPT_WITHIN
    off = after.filter(~pl.col("ratio").is_between(lower, upper)).select("detector", "rate", "ratio")
    name = "realised_rate"
    if after.is_empty():
        text = "The data end with the months of training, so no rate of false alarms is realised after them."
        return Check(name=name, status="skipped", text=text)
    if off.is_empty():
        text = f"Every threshold keeps {lower} to {upper} times its stated rate after training."
        return Check(name=name, status="passed", text=text)
    text = f"{off.height} of {after.height} thresholds leave {lower} to {upper} times the stated rate after training."
    return Check(name=name, status="failed", text=text, table=off)
