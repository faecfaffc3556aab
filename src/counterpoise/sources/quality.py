"""Checks of what the archive holds, dataset by dataset: what a publisher's slip, or ours, would look like."""

from itertools import pairwise
from typing import Any

import polars as pl

from counterpoise.checks import Check, CheckStatus
from counterpoise.observations.archive import Archive, Known
from counterpoise.sources.cards import load_cards
from counterpoise.vocabulary import ALL_NATIONALITIES

__all__ = ["quality_checks"]

_ROUNDED_BY = 5
_JUMP = 300
"""Times the usual level: a figure in other units, or one with a digit too many, and hardly a surge."""
_FEWEST_MONTHS = 12
_SMALLEST_LEVEL = 10
_SHRUNK = 0.8
_SERIES = ("dataset", "corridor", "reporter", "nationality", "measure", "place", "frequency")
_CELL = ("dataset", "corridor", "reporter", "measure", "place", "frequency", "period_start", "period_end")


def quality_checks(archive: Archive, known: Known) -> tuple[Check, ...]:
    """Return the checks over all datasets as they were known on a day.

    Parameters
    ----------
    archive
        All vintages.
    known
        What was known on the day.
    """
    return (
        _plausible_ranges(known.observations),
        _totals_and_parts(known.observations),
        _jumps(known.observations),
        _shrunken_vintages(archive.observations, archive.vintages, known),
        _said_twice(archive.observations),
        _kept_aside(archive.set_aside),
    )


def _check(name: str, table: pl.DataFrame, *, good: str, bad: str, unsure: bool = False) -> Check:
    if table.is_empty():
        return Check(name=name, status="passed", text=good)
    status: CheckStatus = "inconclusive" if unsure else "failed"
    datasets = ", ".join(table["dataset"].unique().sort())
    return Check(name=name, status=status, text=f"{table.height:,} {bad} ({datasets}).", table=table)


def _plausible_ranges(observations: pl.DataFrame) -> Check:
    bounds = pl.DataFrame(
        [(name, *card.expected_range) for name, card in load_cards().items()],
        schema={"dataset": pl.String, "low": pl.Float64, "high": pl.Float64},
        orient="row",
    )
    outside = observations.join(bounds, on="dataset").filter(~pl.col("value").is_between("low", "high"))
    return _check(
        "plausible_ranges",
        outside.drop("low", "high"),
        good="Every figure of a dataset with a card lies in the range the card expects.",
        bad="figures lie outside the range their card expects",
    )


def _totals_and_parts(observations: pl.DataFrame) -> Check:
    """Compare published totals with their nationalities, which may be missing but never exceed them."""
    is_total = pl.col("nationality") == ALL_NATIONALITIES
    rounded = pl.col("flag").str.contains("rounded")
    parts = (
        observations.filter(~is_total)
        .group_by(_CELL)
        .agg(pl.col("value").sum().alias("parts"), (rounded.sum() * _ROUNDED_BY).alias("slack"))
    )
    totals = observations.filter(is_total).join(parts, on=_CELL)
    above = totals.filter(pl.col("parts") > pl.col("value") + pl.col("slack"))
    return _check(
        "totals_hold_their_parts",
        above,
        good=f"No published total is smaller than its nationalities together ({totals.height:,} totals compared).",
        bad="published totals are smaller than their nationalities together",
    )


def _jumps(observations: pl.DataFrame) -> Check:
    """Find figures far from all others of their series: a slip of units rather than people."""
    series = observations.filter(pl.col("frequency").is_in(["D", "W", "M", "Q"])).sort(
        *_SERIES, "period_start"
    )
    usual = pl.col("value").median().over(_SERIES)
    n_others = pl.len().over(_SERIES)
    next_up = pl.col("value").top_k(2).min().over(_SERIES)
    alone = series.filter(
        n_others >= _FEWEST_MONTHS,
        usual >= _SMALLEST_LEVEL,
        pl.col("value") > _JUMP * usual,
        pl.col("value") > _SMALLEST_LEVEL * next_up,
    )
    return _check(
        "no_jumps_of_units",
        alone,
        good=f"No single figure is {_JUMP} times its series' usual level.",
        bad=f"single figures are over {_JUMP} times the usual level of their series",
        unsure=True,
    )


def _shrunken_vintages(observations: pl.DataFrame, vintages: pl.DataFrame, known: Known) -> Check:
    """Find vintages of dense datasets with far fewer cells than the one before, over the same periods."""
    short: list[dict[str, Any]] = []
    for name in sorted(known.dense):
        days = vintages.filter(pl.col("dataset") == name)["known_on"].unique().sort().to_list()
        cells = observations.filter(pl.col("dataset") == name)
        for before, after in pairwise(days):
            old, new = (cells.filter(pl.col("known_on") == day) for day in (before, after))
            end = old["period_end"].max()
            n_new = new.filter(pl.col("period_end") <= end).height
            if old.height and n_new < _SHRUNK * old.height:
                short.append(
                    {"dataset": name, "before": before, "after": after, "cells": old.height, "now": n_new}
                )
    schema = {"dataset": pl.String, "before": pl.Date, "after": pl.Date, "cells": pl.Int64, "now": pl.Int64}
    return _check(
        "vintages_are_whole",
        pl.DataFrame(short, schema=schema),
        good="No vintage lacks a fifth of the cells that the one before it had.",
        bad="vintages lack a fifth and more of the cells of the one before: a page that was cut off?",
    )


def _said_twice(observations: pl.DataFrame) -> Check:
    key = [*_CELL, "nationality", "known_on", "document"]
    twice = observations.filter(pl.len().over(key) > 1)
    return _check(
        "no_figure_twice",
        twice,
        good="No document gives a figure twice.",
        bad="figures stand twice in one document",
    )


def _kept_aside(set_aside: pl.DataFrame) -> Check:
    return _check(
        "nothing_kept_aside",
        set_aside,
        good="Every figure read was understood.",
        bad="figures were kept aside because a code in them is not known: see observations --set-aside",
        unsure=True,
    )
