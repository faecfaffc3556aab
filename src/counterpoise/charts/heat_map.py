"""A calendar heat map over all monitored series: which were far from their forecast, and when.

It reads in grey and to every eye: the rarer the count, the darker the cell, and a count below its forecast
fills only the foot of its cell. Alarms carry the marks of the band charts.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from itertools import pairwise
from typing import Any

import altair as alt
import polars as pl

from counterpoise.charts.heat_rows import STEPS, HeatRows, heat_rows
from counterpoise.charts.monitoring import ALARM_KINDS, ALARM_SHAPES
from counterpoise.charts.scales import inline, plain_x, plain_y, time_x
from counterpoise.charts.theme import ALARM, INK, MUTED, NO_FIGURE, WIDE, Caption, Layout, finish
from counterpoise.charts.timeline import Span
from counterpoise.monitoring.results import Detection
from counterpoise.observations.nationalities import nationality_name
from counterpoise.observations.suppression import SMALLEST

__all__ = ["ABOVE_SHADES", "BELOW_SHADES", "chart_heat_map", "describe_heat_map"]

ABOVE_SHADES = ("#dccde6", "#a581bf", "#4f2478")
BELOW_SHADES = ("#c3e0d8", "#6fae9f", "#1a6357")
"""From light to dark; purple and green stay apart to eyes that do not tell red from green."""
_ROW = 14
_HEADER = 21
_FOOT, _FOOT_BELOW_NUMBER = 0.42, 0.2
"""Share of a cell's height that a count below its forecast fills."""
_MARK = 52
_TIGHT = 5
"""Pixels of a month up to which marks are smaller and cells touch."""
_NUMBERS_FROM = 31
"""Pixels a month must have for a number to fit."""
_KEY_ROW = 18
_LISTED_RUNS = 3
_LABELS = {True: 158, False: 112}
"""Pixels for the names of series, on a page and on a phone."""


def chart_heat_map(detection: Detection, *, layout: Layout = WIDE) -> Any:
    """Return the calendar heat map of a detection, with title, subtitle, key and source line.

    Rows are series, grouped by corridor; columns are the months since the ``since`` of the detection, or the
    newest five years. See :func:`counterpoise.charts.heat_rows.heat_rows` for which of many series are drawn.

    Raises
    ------
    InputError
        If the detection holds no monthly series with a baseline, or nothing in the months asked for.
    """
    heat = heat_rows(detection)
    # names of series are longer than numbers of an axis, so the drawing reaches to the left edge
    plot = replace(layout, width=layout.width + layout.axis, axis=0)
    left = _LABELS[layout.width > 400]
    month_width = (plot.width - left) / heat.cells["period_start"].n_unique()
    numbers = month_width >= _NUMBERS_FROM
    foot = _FOOT_BELOW_NUMBER if numbers else _FOOT
    tops, headers, height = _places(heat.rows)
    cells = _drawn(heat, tops, foot=foot, numbers=numbers)
    panel = alt.layer(
        *_cell_layers(
            inline(cells.to_dicts()), heat.span, (left, plot.width), numbers=numbers, month_width=month_width
        ),
        *_label_layers(heat.rows, tops, headers, plot, left),
    ).properties(width=plot.width, height=height)
    parts = alt.vconcat(panel, _key(cells, plot, foot), spacing=26, bounds="flush")
    return finish(parts, plot, _caption(detection, heat, numbers=numbers)).properties(
        description=_words(detection, heat)
    )


def _places(rows: pl.DataFrame) -> tuple[list[int], list[tuple[str, int]], int]:
    """Return the top of each row in pixels, each corridor's heading with its top, and the height of all."""
    tops: list[int] = []
    headers: list[tuple[str, int]] = []
    y, before = 0, None
    for row in rows.iter_rows(named=True):
        group = (row["dataset"], row["corridor"], row["measure"])
        if group != before:
            headers.append((f"{row['corridor']}: {row['measure'].replace('_', ' ')}", y))
            y, before = y + _HEADER, group
        tops.append(y)
        y += _ROW
    return tops, headers, y


def _drawn(heat: HeatRows, tops: Sequence[int], *, foot: float, numbers: bool) -> pl.DataFrame:
    """Return the cells as they are drawn: edges in milliseconds and pixels, and their shade (empty: none)."""
    ms = 86_400_000
    start = pl.col("period_start").cast(pl.Datetime("ms")).dt.epoch("ms")
    end = pl.col("period_end").cast(pl.Datetime("ms")).dt.epoch("ms") + ms
    top = pl.col("row").replace_strict(dict(enumerate(tops)), return_dtype=pl.Int64)
    shades: dict[int, str] = {0: ""}
    for step, (above, below) in enumerate(zip(ABOVE_SHADES, BELOW_SHADES, strict=True), start=1):
        shades |= {step: above, -step: below}
    unread = pl.col("state").is_in(["no_figure", "learning"])
    return heat.cells.select(
        "row",
        start.alias("start"),
        end.alias("end"),
        # beside a number the mark stands on the left
        (start + (end - start) * (0.18 if numbers else 0.5)).cast(pl.Int64).alias("mark"),
        (start + (end - start) * 0.95).cast(pl.Int64).alias("right"),
        ((start + end) // 2).alias("middle"),
        pl.when(pl.col("distance") < 0).then(top + _ROW * (1 - foot)).otherwise(top + 1.0).alias("top"),
        (top + _ROW - 1.0).alias("bottom"),
        (top + _ROW / 2).alias("centre"),
        "state",
        "distance",
        pl.when(unread)
        .then(pl.lit(NO_FIGURE))
        .otherwise(pl.col("distance").replace_strict(shades, return_dtype=pl.String))
        .alias("shade"),
        "kind",
        "shape",
        *(["number"] if numbers else []),
    )


def _cell_layers(
    data: Any, span: Span, pixels: tuple[int, int], *, numbers: bool, month_width: float
) -> list[Any]:
    def time(field: str) -> Any:
        return time_x(field, span.first, span.last, pixels=pixels)

    base = alt.Chart(data)
    edges = {"x": time("start"), "x2": "end:T", "y": plain_y("top"), "y2": "bottom:Q"}
    at = {"x": time("mark"), "y": plain_y("centre")}
    mark = _MARK if month_width > _TIGHT else _MARK * 0.6
    centre = {"x": time("middle"), "y": plain_y("centre")}
    layers = [
        base.transform_filter("datum.shade != ''")
        .mark_rect(stroke="#ffffff", strokeWidth=0.4 if month_width > _TIGHT else 0, aria=False)
        .encode(**edges, fill=alt.Fill("shade:N", scale=None)),
        base.transform_filter("datum.state == 'no_figure'")
        .mark_text(text="–", fontSize=9, color=MUTED, aria=False)
        .encode(**centre),
        base.transform_filter("datum.state == 'provisional'")
        .mark_point(size=22, stroke=INK, strokeWidth=1.1, fill="#ffffff", opacity=1, aria=False)
        .encode(**at),
    ]
    if numbers:
        layers.append(
            base.transform_filter("datum.number != ''")
            .mark_text(align="right", baseline="middle", fontSize=9, aria=False)
            .encode(
                x=time("right"),
                y=plain_y("centre"),
                text=alt.Text("number:N"),
                color=alt.condition("datum.distance > 2", alt.value("#ffffff"), alt.value(INK)),
            )
        )
    layers.append(
        base.transform_filter("isValid(datum.shape)")
        .mark_point(
            filled=True, size=mark, fill=ALARM, stroke="#ffffff", strokeWidth=1, opacity=1, aria=False
        )
        .encode(**at, shape=alt.Shape("shape:N", scale=None))
    )
    return layers


def _label_layers(
    rows: pl.DataFrame, tops: Sequence[int], headers: Sequence[tuple[str, int]], layout: Layout, left: int
) -> list[Any]:
    names = [
        {"x": left - 6, "y": top + _ROW / 2, "text": label}
        for label, top in zip(rows["label"], tops, strict=True)
    ]
    heads = [{"x": 0, "y": y + _HEADER - 8, "text": text} for text, y in headers]

    def texts(entries: list[dict[str, Any]], **mark: Any) -> Any:
        return (
            alt.Chart(inline(entries))
            .mark_text(baseline="middle", aria=False, **mark)
            .encode(x=plain_x("x"), y=plain_y("y"), text=alt.Text("text:N"))
        )

    size = layout.font_size - 1
    return [
        texts(names, align="right", fontSize=size, color=MUTED, limit=left - 6),
        texts(heads, align="left", fontSize=size, color=INK, fontWeight="bold"),
    ]


def _key(cells: pl.DataFrame, layout: Layout, below_foot: float) -> Any:
    """Return the key: shades of either side from rare to rarest, what is not judged, the marks of alarms."""
    states, kinds = set(cells["state"]), set(cells["kind"].drop_nulls())
    entries: list[dict[str, Any]] = []
    for words, shades, foot in (("above", ABOVE_SHADES, 1.0), ("below", BELOW_SHADES, below_foot)):
        entries += [
            {"shade": shade, "foot": foot, "text": f"{words}, rarer than 1 in {n:,}"}
            for shade, n in zip(shades, STEPS, strict=True)
        ]
    if "no_figure" in states:
        entries.append({"shade": NO_FIGURE, "foot": 1.0, "sign": "–", "text": "no figure published"})
    if "learning" in states:
        entries.append({"shade": NO_FIGURE, "foot": 1.0, "text": "too early to judge"})
    if "provisional" in states:
        entries.append({"ring": True, "text": "provisional, not judged"})
    marks: dict[str, list[str]] = {}
    for kind, words in ALARM_KINDS.items():
        if kind in kinds:
            marks.setdefault(ALARM_SHAPES.get(kind, "diamond"), []).append(words.removeprefix("as a "))
    entries += [{"shape": shape, "text": f"alarm: {' or '.join(words)}"} for shape, words in marks.items()]
    n_columns = 3 if layout.width > 400 else 2
    places = [(i // len(STEPS), i % len(STEPS)) for i in range(n_columns * len(STEPS))]
    places += [(i % n_columns, len(STEPS) + i // n_columns) for i in range(len(entries))]
    n_rows = 1 + max(row for _, row in places[: len(entries)])
    for entry, (column, row) in zip(entries, places, strict=False):
        left, y = column * layout.width / n_columns, row * _KEY_ROW
        entry |= {
            "left": left,
            "right": left + 14,
            "middle": left + 7,
            "name": left + 20,
            "y": y + 7,
            "top": y + 14 * (1 - entry.get("foot", 1.0)),
            "bottom": y + 14,
        }
    base = alt.Chart(inline(entries))
    middle = {"x": plain_x("middle"), "y": plain_y("y")}
    return alt.layer(
        base.transform_filter("isValid(datum.shade)")
        .mark_rect(stroke="#7b8794", strokeWidth=0.5)
        .encode(
            x=plain_x("left"),
            x2=alt.X2("right:Q"),
            y=plain_y("top"),
            y2=alt.Y2("bottom:Q"),
            fill=alt.Fill("shade:N", scale=None),
        ),
        base.transform_filter("isValid(datum.sign)")
        .mark_text(fontSize=9, color=MUTED)
        .encode(**middle, text=alt.Text("sign:N")),
        base.transform_filter("datum.ring")
        .mark_point(size=22, stroke=INK, strokeWidth=1.1, fill="#ffffff", opacity=1)
        .encode(**middle),
        base.transform_filter("isValid(datum.shape)")
        .mark_point(filled=True, size=60, fill=ALARM, stroke="#ffffff", strokeWidth=1, opacity=1)
        .encode(**middle, shape=alt.Shape("shape:N", scale=None)),
        base.mark_text(align="left", baseline="middle", fontSize=layout.font_size - 1, color=MUTED).encode(
            x=plain_x("name"), y=plain_y("y"), text=alt.Text("text:N")
        ),
    ).properties(width=layout.width, height=n_rows * _KEY_ROW)


def _caption(detection: Detection, heat: HeatRows, *, numbers: bool) -> Caption:
    corridors = heat.rows["corridor"].unique()
    where = corridors[0] if len(corridors) == 1 else f"{len(corridors)} corridors"
    subtitle = [
        "Counts per month. Shade: how rare a count so far above or below its forecast is, by the forecast made a "
        f"month ahead; white: no rarer than 1 in {STEPS[0]}."
    ]
    if numbers:
        subtitle.append(
            f"Counts of a nationality under {SMALLEST}, and those that would give them away, carry no number."
        )
    if heat.n_left_out:
        subtitle.append(
            f"{heat.rows.height} of {heat.n_series} series: all totals, then those with most alarms, then the "
            f"busiest; {heat.n_alarmed_left_out or 'no'} of those with alarms left out."
        )
    return Caption(
        title=f"How unusual each month was, {where}: {heat.span.first:%B %Y} to {heat.span.last:%B %Y}",
        subtitle=" ".join([*subtitle, _chance(detection)]),
        source=(
            f"{', '.join(heat.rows['dataset'].unique().sort())}, as known on {detection.provenance.as_of}; "
            f"{detection.result_id}"
        ),
    )


def _chance(detection: Detection) -> str:
    since = detection.provenance.options.get("since")
    when = f" since {since}" if since else ""
    return (
        f"All series{when}: {detection.alarms.height} alarms, at most about "
        f"{detection.expected_false_alarms:,.0f} by chance."
    )


def describe_heat_map(detection: Detection) -> str:
    """Return the heat map in words: its size, alarms by corridor, the rarest counts, and what is not judged.

    Counts of a nationality under 10 are told as 'fewer than 10'.
    """
    return _words(detection, heat_rows(detection))


def _words(detection: Detection, heat: HeatRows) -> str:
    first, last = heat.span.first, heat.span.last
    text = (
        f"Calendar heat map of {heat.rows.height} of {heat.n_series} series by month, from {first:%B %Y} to "
        f"{last:%B %Y}. {_chance(detection)}"
    )
    return " ".join([text, *_alarm_words(heat), *_unjudged_words(heat)])


def _alarm_words(heat: HeatRows) -> list[str]:
    if heat.alarms.is_empty():
        return ["No month shown is alarmed."]
    by_corridor = (
        heat.alarms.group_by("corridor")
        .agg(pl.len().alias("n"), pl.struct("nationality", "measure", "dataset").n_unique().alias("n_series"))
        .sort("n", "corridor", descending=[True, False])
    )
    listed = ", ".join(f"{corridor} {n} in {k} series" for corridor, n, k in by_corridor.iter_rows())
    rarest = heat.alarms.sort("tail_probability", "period_start", "corridor", "nationality").head(5)
    told = "; ".join(_alarm_in_words(row) for row in rarest.iter_rows(named=True))
    return [f"Alarms in these months by corridor: {listed}.", f"The rarest counts: {told}."]


def _alarm_in_words(row: dict[str, Any]) -> str:
    single = not row["nationality"].startswith("TOTAL")
    count = (
        f"fewer than {SMALLEST}" if single and 0 < row["observed"] < SMALLEST else f"{row['observed']:,.0f}"
    )
    return (
        f"{nationality_name(row['nationality'])}, {row['corridor']}, {row['period_start']:%B %Y}, {count} "
        f"{row['measure'].replace('_', ' ')} where {row['expected']:,.0f} were expected"
    )


def _unjudged_words(heat: HeatRows) -> list[str]:
    """Return sentences on months that are provisional or without a figure, by corridor."""
    cells = heat.cells.join(heat.rows.select("row", "corridor"), on="row")
    told = []
    for state, words in (("provisional", "Provisional and not judged"), ("no_figure", "Without a figure")):
        found = (
            cells.filter(state=state)
            .group_by("corridor", maintain_order=True)
            .agg(pl.col("period_start").unique().sort())
        )
        if found.height:
            parts = [f"{corridor} {_runs(months)}" for corridor, months in found.iter_rows()]
            told.append(f"{words}: {'; '.join(parts)}.")
    return told


def _runs(months: Sequence[date]) -> str:
    """Return months in words, those that follow each other as one stretch; only how many if they are scattered."""
    runs = [[months[0], months[0]]]
    for before, month in pairwise(months):
        if (month.year - before.year) * 12 + month.month - before.month == 1:
            runs[-1][1] = month
        else:
            runs.append([month, month])
    if len(runs) > _LISTED_RUNS:
        return f"{len(months)} months between {months[0]:%B %Y} and {months[-1]:%B %Y}"
    return ", ".join(
        f"{start:%B %Y}" if start == end else f"{start:%B %Y} to {end:%B %Y}" for start, end in runs
    )
