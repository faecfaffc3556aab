"""What a calendar heat map shows of a detection: which series and months, and how far each is from its forecast.

Rarity is the sense of distance: a count is as far from its forecast as such a count is unlikely under it. So a
series of five people and one of five thousand are on one scale.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from counterpoise.charts.monitoring import ALARM_SHAPES
from counterpoise.charts.timeline import Span
from counterpoise.errors import InputError
from counterpoise.monitoring.results import Detection
from counterpoise.observations.nationalities import nationality_name
from counterpoise.observations.suppression import SMALLEST, suppress

__all__ = ["KEY", "MOST_ROWS", "STEPS", "HeatRows", "heat_rows", "label_of_series", "shown_span"]

KEY = ["dataset", "corridor", "nationality", "measure"]
"""What names a series."""
MOST_ROWS = 40
"""More rows than this do not fit a page."""
STEPS = (10, 100, 1000)
"""A count enters step i where one at least as far from its forecast has a probability below 1 in STEPS[i]."""
_USUAL_MONTHS = 60
_GROUP = ["dataset", "corridor", "measure"]


@dataclass(frozen=True, slots=True, kw_only=True)
class HeatRows:
    """The rows and cells of a heat map.

    Parameters
    ----------
    span
        The months shown.
    rows
        Columns ``KEY``, ``label``, ``n_alarms`` (within the span) and ``row`` from 0, in the order drawn: corridors by
        their alarms; within each the totals, then nationalities by name.
    cells
        One per row and month: ``row``, ``period_start``, ``period_end``, ``state`` (``judged``, ``learning`` before
        there is a baseline, ``provisional``, ``no_figure``), ``distance`` (-3 to 3, the step entered, negative below
        the forecast; 0 where not judged), ``kind`` and ``shape`` of an alarm (null if none), ``number`` (the count as
        text; empty where a nationality's is small, or could be worked out).
    alarms
        Schema ``ALARMS``: every alarm in the span, also of series without a row.
    n_series
        How many series have a baseline.
    """

    span: Span
    rows: pl.DataFrame
    cells: pl.DataFrame
    alarms: pl.DataFrame
    n_series: int

    @property
    def n_left_out(self) -> int:
        """How many series have no row."""
        return self.n_series - self.rows.height

    @property
    def n_alarmed_left_out(self) -> int:
        """How many series with alarms in the span have no row."""
        return self.alarms.select(KEY).unique().height - self.rows.filter(pl.col("n_alarms") > 0).height


def shown_span(detection: Detection, *, fewest_months: int = 1) -> Span:
    """Return the months a chart of many series shows: those asked for with ``since``, or the newest five years.

    Parameters
    ----------
    fewest_months
        How many months are shown at least, however late ``since`` is.

    Raises
    ------
    InputError
        If the detection holds no monthly series with a baseline, or all figures end before ``since``.
    """
    monitored = detection.series.filter(status="monitored", frequency="M")
    if monitored.is_empty():
        raise InputError(
            expected="monthly series with a baseline to draw",
            found="none in this detection",
            where="--chart, --frequency",
            hint="choose --frequency M and another --corridor, or --chart band for one daily series",
        )
    last: date = monitored["last_period_end"].max()  # type: ignore[assignment]
    earliest: date = monitored["first_period_start"].min()  # type: ignore[assignment]
    since: date | None = detection.provenance.options.get("since")
    if since is not None and since > last:
        raise InputError(
            expected=f"a day up to {last}, the end of the newest month with figures",
            found=str(since),
            where="--since",
            hint="choose an earlier day",
        )
    # a month that began before 'since' has no alarm in the detection, so it is not drawn either
    asked = _months_before(last, _USUAL_MONTHS) if since is None else _month_from(since)
    return Span(first=max(min(asked, _months_before(last, fewest_months)), earliest), last=last)


def _months_before(last: date, n: int) -> date:
    """Return the first day of the month that makes ``n`` months with that of ``last``."""
    index = last.year * 12 + last.month - n
    return date(index // 12, index % 12 + 1, 1)


def _month_from(day: date) -> date:
    return day if day.day == 1 else date(day.year + day.month // 12, day.month % 12 + 1, 1)


def label_of_series(series: Mapping[str, Any], *, several: bool) -> str:
    """Return the name of a series below its corridor; with dataset and measure where there are several."""
    name = nationality_name(series["nationality"])
    return f"{name}, {series['measure'].replace('_', ' ')} ({series['dataset']})" if several else name


def heat_rows(detection: Detection) -> HeatRows:
    """Return what a heat map shows: every total, then series with most alarms, then the busiest, up to 40.

    Raises
    ------
    InputError
        See :func:`shown_span`.
    """
    span = shown_span(detection)
    inside = pl.col("period_start").is_between(span.first, span.last)
    bands, alarms = detection.bands.filter(inside), detection.alarms.filter(inside)
    monitored = detection.series.filter(status="monitored", frequency="M").select(KEY)
    busy = bands.group_by(KEY).agg(pl.col("observed").sum().alias("busy"))
    alarmed = alarms.group_by(KEY).agg(pl.len().alias("n_alarms"))
    total = pl.col("nationality").str.starts_with("TOTAL")
    candidates = (
        monitored.join(busy, on=KEY, how="left")
        .join(alarmed, on=KEY, how="left")
        .with_columns(pl.col("n_alarms").fill_null(0), pl.col("busy").fill_null(0.0), total.alias("total"))
        .with_columns(
            pl.col("n_alarms").sum().over(_GROUP).alias("group_alarms"),
            pl.col("busy").max().over(_GROUP).alias("group_busy"),
        )
    )
    chosen = candidates.sort("total", "n_alarms", "busy", *KEY, descending=[True] * 3 + [False] * 4).head(
        MOST_ROWS
    )
    labels = [label_of_series(row, several=False) for row in chosen.iter_rows(named=True)]
    rows = (
        chosen.with_columns(pl.Series("label", labels, dtype=pl.String))
        .sort(
            *("group_alarms", "group_busy", *_GROUP, "total", "label"),
            descending=[True, True, False, False, False, True, False],
        )
        .with_row_index("row")
        .select(*KEY, "label", "n_alarms", pl.col("row").cast(pl.Int64))
    )
    return HeatRows(
        span=span,
        rows=rows,
        cells=_cells(detection, rows, alarms, span),
        alarms=alarms,
        n_series=monitored.height,
    )


def _cells(detection: Detection, rows: pl.DataFrame, alarms: pl.DataFrame, span: Span) -> pl.DataFrame:
    months = pl.date_range(span.first, span.last, interval="1mo", eager=True)
    grid = rows.select(*KEY, "row").join(
        pl.DataFrame({"period_start": months, "period_end": months.dt.month_end()}), how="cross"
    )
    marks = alarms.unique(subset=[*KEY, "period_start"], keep="first", maintain_order=True).select(
        *KEY,
        "period_start",
        "kind",
        pl.col("kind").replace_strict(ALARM_SHAPES, default="diamond").alias("shape"),
    )
    warm_up = int(detection.provenance.options["warm_up_periods"])
    settled = pl.col("observed").is_not_null() & ~pl.col("flag").str.contains("provisional")
    bands = detection.bands.sort(*KEY, "period_start").with_columns(
        (settled.cum_sum() - settled).over(KEY).alias("n_before")
    )
    return (
        grid.join(bands, on=[*KEY, "period_start"], how="left")
        .join(marks, on=[*KEY, "period_start"], how="left")
        .join(_numbers(detection.bands, span), on=[*KEY, "period_start"], how="left")
        .with_columns(
            pl.when(pl.col("observed").is_null())
            .then(pl.lit("no_figure"))
            .when(pl.col("flag").str.contains("provisional"))
            .then(pl.lit("provisional"))
            .when(pl.col("n_before") < warm_up)
            .then(pl.lit("learning"))
            .otherwise(pl.lit("judged"))
            .alias("state")
        )
        .with_columns(
            pl.when(state="judged").then(_distance()).otherwise(0).alias("distance"),
            pl.col("number").fill_null(""),
        )
        .sort("row", "period_start")
        .select("row", "period_start", "period_end", "state", "distance", "kind", "shape", "number")
    )


def _distance() -> pl.Expr:
    above, below = pl.col("tail_probability"), pl.col("lower_tail_probability")

    def step(probability: pl.Expr) -> pl.Expr:
        return pl.sum_horizontal((probability < 1 / n).cast(pl.Int64) for n in STEPS)

    return pl.when(above <= below).then(step(above)).otherwise(-step(below))


def _safe(column: str) -> pl.Expr:
    return (pl.col(column) == 0) | (pl.col(column) >= SMALLEST)


def _numbers(bands: pl.DataFrame, span: Span) -> pl.DataFrame:
    """Return the counts as text: none that is small, and none from which a small one could be worked out."""
    shown = bands.filter(pl.col("period_start").is_between(span.first, span.last)).select(
        *KEY, "period_start", pl.col("observed").alias("value")
    )
    by_total = pl.col("nationality").str.starts_with("TOTAL")
    whole = (pl.col("nationality") == "TOTAL") | ~by_total
    group = [*_GROUP, "period_start"]
    # a total without some nationalities gives their number away beside the whole total
    left_out = pl.col("value").filter(nationality="TOTAL").first().over(group) - pl.col("value")
    partial = shown.with_columns(left_out.alias("left_out")).filter(~whole)
    partial = partial.filter(_safe("left_out"), _safe("value")).drop("left_out")
    totals = pl.concat([shown.filter(nationality="TOTAL"), partial]).with_columns(
        pl.col("value").map_elements(lambda v: f"{v:,.0f}", return_dtype=pl.String).alias("number")
    )
    single = suppress(shown.filter(~by_total), group=group).with_columns(
        pl.when(pl.col("shown").str.contains(r"^[\d,]+$")).then("shown").otherwise(pl.lit("")).alias("number")
    )
    columns = [*KEY, "period_start", "number"]
    return pl.concat([totals.select(columns), single.select(columns)])
