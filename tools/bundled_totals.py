"""Figures for spans and months derived from two published cumulative readings.

Published months of the collected table are all in ``border_figures.csv`` already and are not repeated; a test
asserts it.
"""

import csv
from calendar import monthrange
from collections.abc import Iterable
from datetime import date, timedelta
from itertools import product
from pathlib import Path

from bundled_figures import DATASETS
from bundled_rows import Row


def derived_rows(shared: Path, border: list[Row]) -> list[Row]:
    """Return the derived spans that no published figure gives.

    A derived figure is known once both of its readings are: on the later of their days of publication, where
    ``border`` holds them, else (flagged) on the day after the span.
    """
    with (shared / "facts/border_monthly_totals.csv").open(encoding="utf-8") as file:
        lines = [line for line in csv.DictReader(file) if line["kind"] == "derived"]
    rows = [_derived(line, border) for line in lines]
    published = {(row.cell, row.value) for row in border}
    return [row for row in rows if (row.cell, row.value) not in published]


def _derived(line: dict[str, str], border: list[Row]) -> Row:
    start, end, value = (
        date.fromisoformat(line["start_date"]),
        date.fromisoformat(line["end_date"]),
        int(line["value"]),
    )
    series = [row for row in border if row.corridor == line["border"] and row.measure == line["measure"]]
    known_on, how = _readings(series, start, end, value)
    whole_month = start.day == 1 and end == start.replace(day=monthrange(start.year, start.month)[1])
    return Row(
        dataset=DATASETS[line["border"]],
        corridor=line["border"],
        measure=line["measure"],
        unit="persons" if line["measure"] == "detained" else "events",
        place="green_border",
        publisher_term="",
        period_start=start,
        period_end=end,
        frequency="M" if whole_month else "S",
        value=value,
        known_on=known_on or end + timedelta(days=1),
        flags=frozenset({"derived"} if known_on else {"derived", "lag_assumed"}),
        publisher="Counterpoise",
        title="Counts for spans, derived from published totals",
        url="",
        note=how
        or line["basis"].replace("difference of cumulative totals", "difference of two published totals"),
    )


def _readings(series: Iterable[Row], start: date, end: date, value: int) -> tuple[date | None, str]:
    """Return when both readings behind a difference were known, and the difference in words.

    The reading at the end may count from the new year while the one before counts from an earlier start: then
    the year between them is added.
    """
    cumulative = [row for row in series if row.frequency in {"S", "Y"}]
    ends = [row for row in cumulative if row.period_end == end]
    befores = [row for row in cumulative if row.period_end == start - timedelta(days=1)]
    years = [
        row for row in cumulative if row.frequency == "Y" and row.period_end == date(end.year - 1, 12, 31)
    ]
    found = [
        (max(last.known_on, before.known_on), f"{last.value} to {last.period_end} less {before.value}")
        for last, before in product(ends, befores)
        if last.value - before.value == value
    ]
    found += [
        (
            max(last.known_on, before.known_on, year.known_on),
            f"{last.value} to {last.period_end} and {year.value} the year before less {before.value}",
        )
        for last, before, year in product(ends, befores, years)
        if last.value + year.value - before.value == value
    ]
    return min(found, default=(None, ""))
