"""Small multiples: the expected band and the alarms of many series side by side, each on a scale of its own."""

from typing import Any

import polars as pl

from counterpoise.charts.heat_rows import KEY, label_of_series, shown_span
from counterpoise.charts.monitoring import chart_band_panels
from counterpoise.charts.theme import WIDE, Caption, Layout
from counterpoise.monitoring.results import Detection

__all__ = ["MOST_PANELS", "chart_multiples", "panels_of"]

MOST_PANELS = 12
_FEWEST_MONTHS = 24
"""A band without the two years before says nothing of what is usual."""


def panels_of(detection: Detection) -> pl.DataFrame:
    """Return the series drawn, columns ``KEY`` and ``n_alarms``: every corridor's total first, then by alarms.

    Raises
    ------
    InputError
        See :func:`counterpoise.charts.heat_rows.shown_span`.
    """
    span = shown_span(detection, fewest_months=_FEWEST_MONTHS)
    inside = pl.col("period_start").is_between(span.first, span.last)
    alarmed = detection.alarms.filter(inside).group_by(KEY).agg(pl.len().alias("n_alarms"))
    return (
        detection.series.filter(status="monitored", frequency="M")
        .select(KEY)
        .join(alarmed, on=KEY, how="left")
        .with_columns(pl.col("n_alarms").fill_null(0), (pl.col("nationality") == "TOTAL").alias("total"))
        .sort("total", "n_alarms", *KEY, descending=[True, True] + [False] * len(KEY))
        .head(MOST_PANELS)
        .drop("total")
    )


def chart_multiples(detection: Detection, *, layout: Layout = WIDE) -> Any:
    """Return up to 12 small charts of a detection's series, with title, subtitle and source line.

    Raises
    ------
    InputError
        See :func:`counterpoise.charts.heat_rows.shown_span`.
    """
    span = shown_span(detection, fewest_months=_FEWEST_MONTHS)
    chosen = panels_of(detection)
    n_monitored = detection.series.filter(status="monitored", frequency="M").height
    several = chosen.select("dataset", "measure").unique().height > 1
    panels = []
    for row in chosen.iter_rows(named=True):
        mine = [pl.col(name) == row[name] for name in KEY]
        title = f"{row['corridor']}: {label_of_series(row, several=several)}"
        panels.append((title, detection.bands.filter(*mine), detection.alarms.filter(*mine)))
    listed = "; ".join(
        f"{title}, {alarms.filter(pl.col('period_start').is_between(span.first, span.last)).height} alarms"
        for title, _, alarms in panels
    )
    chart = chart_band_panels(
        panels,
        span=span,
        layout=layout,
        caption=Caption(
            title=f"Counts, expected bands and alarms: {span.first:%B %Y} to {span.last:%B %Y}",
            subtitle=(
                f"{chosen.height} of {n_monitored} series, each on a scale of its own: totals of corridors, then "
                "those with most alarms. Line: published counts. Band: expected from earlier months. Marks: alarms."
            ),
            source=(
                f"{', '.join(chosen['dataset'].unique().sort())}, as known on {detection.provenance.as_of}; "
                f"{detection.result_id}"
            ),
        ),
    )
    return chart.properties(description=f"Small charts of {chosen.height} series. {listed}.")
