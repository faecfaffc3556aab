"""Checks of what the archive holds, dataset by dataset: what a publisher's slip, or ours, would look like."""

from itertools import pairwise
from typing import Any

import polars as pl

from counterpoise.checks import Check, CheckStatus
from counterpoise.observations.archive import Archive, Known
from counterpoise.observations.corrections import check_corrections, load_corrections
from counterpoise.observations.ledger import unbalanced_runs
from counterpoise.sources.cards import load_cards
from counterpoise.vocabulary import ALL_NATIONALITIES, UNKNOWN

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
        _parts_of_datasets(known.observations),
        _running_totals(known.observations),
        check_corrections(archive.observations, load_corrections()),
        _ledger_adds_up(archive.ledger),
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


def _parts_of_datasets(observations: pl.DataFrame) -> Check:
    """Compare datasets that their card says to be the sum of others, or never more than another."""
    key = [name for name in (*_CELL, "nationality") if name != "dataset"]
    n_compared = 0
    wrong: list[pl.DataFrame] = [observations.clear()]
    for name, card in load_cards().items():
        of = [*card.parts, *([card.within] if card.within else [])]
        if not of:
            continue
        own = observations.filter(pl.col("dataset") == name)
        others = (
            observations.filter(pl.col("dataset").is_in(of))
            .group_by(key)
            .agg(pl.col("value").sum().alias("other"), pl.len().alias("n"))
            .filter(pl.col("n") == len(of))  # a part that is not published is not a zero
        )
        both = own.join(others, on=key)
        n_compared += both.height
        rounded = pl.when(pl.col("flag").str.contains("rounded")).then(_ROUNDED_BY * len(of)).otherwise(0)
        apart = pl.col("value") - pl.col("other")
        slack = pl.max_horizontal(rounded, pl.lit(card.parts_apart))
        bad = (apart.abs() if card.parts else apart) > slack
        wrong.append(both.filter(bad).select(observations.columns))
    return _check(
        "datasets_agree",
        pl.concat(wrong),
        good=f"Parts, wholes and limits of different datasets agree ({n_compared:,} figures compared).",
        bad="figures do not agree with the dataset they are the sum of, or a part of",
    )


def _running_totals(observations: pl.DataFrame) -> Check:
    """Find running totals that are larger than a later one since the same day; all others together may fall."""
    series = ["dataset", "corridor", "reporter", "nationality", "measure", "place", "period_start"]
    fallen = (
        observations.filter(
            pl.col("frequency") == "S",
            pl.col("nationality") != UNKNOWN,
            ~pl.col("flag").str.contains("disputed|relay|rounded|at_least"),
        )
        .sort(*series, "period_end")
        .filter(pl.col("value") > pl.col("value").shift(-1).over(series), pl.len().over(series) > 1)
    )
    return _check(
        "running_totals_grow",
        fallen,
        good="No running total falls.",
        bad="running totals are larger than the next one since the same day",
        unsure=True,
    )


def _ledger_adds_up(ledger: pl.DataFrame) -> Check:
    wrong = unbalanced_runs(ledger)
    n_runs = ledger.select("document", "run").n_unique() if ledger.height else 0
    if wrong.is_empty():
        text = f"Of all {n_runs:,} readings, figures read = kept + left out, by reason."
        return Check(name="ledger_adds_up", status="passed", text=text)
    text = f"In {wrong.height:,} readings figures are unaccounted for."
    return Check(name="ledger_adds_up", status="failed", text=text, table=wrong)


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
    """Find vintages with far fewer cells than the one before, over the periods both cover.

    Looked at are datasets whose documents give everything anew: dense ones, and tables with a card. A bulletin does
    not, and a running total is of one day.
    """
    cards = load_cards()
    bulletins = {
        name for name, card in cards.items() if card.fetch and card.fetch.kind in {"feed", "listing"}
    }
    short: list[dict[str, Any]] = []
    for name in sorted(known.dense | (set(vintages["dataset"].unique()) & set(cards) - bulletins)):
        own = vintages.filter(pl.col("dataset") == name)
        spans = own.group_by("known_on").agg(
            pl.col("first_period_start").min(), pl.col("last_period_end").max()
        )
        cells = observations.filter(pl.col("dataset") == name, pl.col("frequency") != "S")
        for before, after in pairwise(spans.sort("known_on").rows()):
            first, end = max(before[1], after[1]), min(before[2], after[2])
            inside = cells.filter(pl.col("period_start") >= first, pl.col("period_end") <= end)
            old, new = (inside.filter(pl.col("known_on") == day).height for day in (before[0], after[0]))
            if old and new < _SHRUNK * old:
                short.append(
                    {"dataset": name, "before": before[0], "after": after[0], "cells": old, "now": new}
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
