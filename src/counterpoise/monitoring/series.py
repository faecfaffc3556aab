"""The series an engine looked at: since when they have figures, which have no baseline, how each day was known."""

from collections.abc import Sequence

import numpy as np
import polars as pl

from counterpoise.checks import Check
from counterpoise.observations.archive import Known
from counterpoise.observations.as_of import add_flag
from counterpoise.observations.panel import Panel, build_panels
from counterpoise.vocabulary import FLOW_MEASURES

__all__ = ["check_baseline", "check_lag", "first_known", "flow_panels", "series_of"]


def flow_panels(known: Known, wanted: tuple[str, ...], frequency: str) -> list[Panel]:
    """Return every panel of a flow, whole: a series is judged beside all others, whichever are shown.

    Corridors that are named but not monitored by default, such as the land part of a route, come as panels of
    their own.
    """
    whole = build_panels(known, frequency=frequency)
    monitored = {corridor for panel in whole for corridor in panel.series["corridor"]}
    further = tuple(corridor for corridor in wanted if corridor not in monitored)
    parts = build_panels(known, corridors=further, frequency=frequency) if further else ()
    return [panel for panel in (*whole, *parts) if panel.measure in FLOW_MEASURES]


def first_known(known: Known, panel: Panel, bands: pl.DataFrame) -> pl.DataFrame:
    """Put the day on which a figure was first known in place of the newest vintage's, in dense datasets."""
    if panel.dataset not in known.dense:
        return bands
    first = known.covered(panel.dataset, panel.frequency).select(
        "period_start", "first_known_on", "first_flag"
    )
    return (
        bands.join(first, on="period_start", how="left", maintain_order="left")
        .with_columns(
            pl.when(pl.col("known_on").is_not_null()).then("first_known_on").alias("known_on"),
            pl.when(pl.col("first_flag") != "").then(add_flag("lag_assumed")).otherwise("flag").alias("flag"),
        )
        .drop("first_known_on", "first_flag")
    )


def series_of(panel: Panel, no_baseline: Sequence[str]) -> pl.DataFrame:
    """Return schema ``SERIES``: every series of a panel.

    Parameters
    ----------
    panel
        The series.
    no_baseline
        Why each has no baseline; empty where it has one.
    """
    published = ~np.isnan(panel.values)
    first = published.argmax(axis=1)
    last = panel.values.shape[1] - 1 - published[:, ::-1].argmax(axis=1)
    return panel.series.select(
        pl.lit(panel.dataset).alias("dataset"),
        "corridor",
        "nationality",
        pl.lit(panel.measure).alias("measure"),
        pl.lit(panel.frequency).alias("frequency"),
        pl.Series("first_period_start", panel.periods["period_start"].gather(first)),
        pl.Series("last_period_end", panel.periods["period_end"].gather(last)),
        pl.Series("n_periods", published.sum(axis=1).astype(np.int64)),
        pl.Series("total", np.nansum(panel.values, axis=1)),
        pl.Series("status", ["no_baseline" if why else "monitored" for why in no_baseline], dtype=pl.String),
        pl.Series("reason", list(no_baseline), dtype=pl.String),
    )


def check_baseline(series: pl.DataFrame, periods: str) -> Check:
    """Return the check that every series looked at has a baseline."""
    short = series.filter(pl.col("status") == "no_baseline")
    if short.is_empty():
        return Check(name="baseline", status="passed", text="Every series looked at has a baseline.")
    text = (
        f"{short.height} of {series.height} series have too few {periods} with figures for a baseline; "
        "they are shown, not judged."
    )
    return Check(name="baseline", status="inconclusive", text=text, table=short)


def check_lag(bands: pl.DataFrame) -> Check:
    """Return the check that the day of publication of every figure is stored rather than assumed."""
    assumed = bands.filter(pl.col("flag").str.contains("lag_assumed"))
    if assumed.is_empty():
        text = "The day of publication of every figure is on record."
        return Check(name="publication_lag", status="passed", text=text)
    text = (
        f"For {assumed['period_start'].n_unique()} periods no vintage of the time is stored: the first stored "
        "one is replayed with the publisher's usual lag. Later revisions may have changed these values."
    )
    periods = assumed.select("dataset", "period_start").unique().sort("dataset", "period_start")
    return Check(name="publication_lag", status="inconclusive", text=text, table=periods)
