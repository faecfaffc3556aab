"""How old each dataset is: first seen, last changed, last checked, and whether the next figures are overdue."""

from collections.abc import Mapping
from datetime import date, timedelta

import polars as pl

from counterpoise.observations.archive import Archive

__all__ = ["FRESHNESS", "dataset_ages"]

FRESHNESS = (
    "dataset",
    "title",
    "publisher",
    "figures",
    "first_seen_on",
    "last_changed_on",
    "last_checked_on",
    "last_period_end",
    "next_expected_on",
    "withdrawn_on",
    "state",
)
"""Columns of the table. ``state`` is ``current``, ``overdue`` (the next figures should have come), ``unchanged``
(checked again, but nothing new for two periods), ``closed`` (no lag on its card, and not checked for longer than
two periods: nothing is expected) or ``withdrawn``."""
_DAYS = {"D": 1, "W": 7, "M": 31, "Q": 92, "Y": 366}


def dataset_ages(
    archive: Archive, day: date | None = None, answered: Mapping[str, date] | None = None
) -> pl.DataFrame:
    """Return a row for each dataset known on a day (None: the newest day of publication in the data).

    A figure has changed on the day on which its cell first had the value it has; a dataset was checked on the days of
    its vintages, and when its source last answered.

    Parameters
    ----------
    answered
        The last day on which the source of a dataset answered, from the ledger of ``sync``.
    """
    day = day or archive.newest_known_on
    gone = dict(archive.withdrawals.filter(pl.col("withdrawn_on") <= day).iter_rows())
    rows = []
    for card in archive.datasets.sort("dataset").iter_rows(named=True):
        figures = archive.observations.filter(pl.col("dataset") == card["dataset"], pl.col("known_on") <= day)
        vintages = archive.vintages.filter(pl.col("dataset") == card["dataset"], pl.col("known_on") <= day)
        if figures.is_empty():
            continue
        days = _DAYS.get(_usual_frequency(figures))
        last, changed = _newest(figures["period_end"]), _newest(figures["known_on"])
        answer = (answered or {}).get(card["dataset"], date.min)
        checked = max([changed, *vintages["known_on"].to_list(), answer if answer <= day else date.min])
        lag = card["lag_days"]
        expected = last + timedelta(days=days + lag) if days and lag is not None else None
        rows.append(
            (
                card["dataset"],
                card["title"],
                card["publisher"],
                figures.height,
                figures["known_on"].min(),
                changed,
                checked,
                last,
                expected,
                gone.get(card["dataset"]),
                "withdrawn" if card["dataset"] in gone else _state(day, expected, checked, changed, days),
            )
        )
    schema = {
        name: pl.Date if name.endswith(("_on", "_end")) else pl.Int64 if name == "figures" else pl.String
        for name in FRESHNESS
    }
    return pl.DataFrame(rows, schema=schema, orient="row")


def _newest(column: pl.Series) -> date:
    days: list[date] = column.to_list()
    return max(days)


def _usual_frequency(figures: pl.DataFrame) -> str:
    """Return the shortest regular period that at least a tenth of the figures have."""
    counts = dict(figures["frequency"].value_counts().iter_rows())
    usual = [f for f in _DAYS if counts.get(f, 0) * 10 >= figures.height]
    return usual[0] if usual else "S"


def _state(day: date, expected: date | None, checked: date, changed: date, days: int | None) -> str:
    if days is not None and (checked - changed).days > 2 * days:
        return "unchanged"
    if expected is None:
        return "closed"
    return "overdue" if day > expected else "current"
