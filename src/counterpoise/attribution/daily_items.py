"""The item of the ledger that is read from daily figures of a case's borders around its dated acts."""

from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from counterpoise.attribution.evidence import Item, of_bounds
from counterpoise.attribution.hypotheses import load_facts
from counterpoise.attribution.indicators.coincidence import bayes_factor_bound
from counterpoise.attribution.indicators.daily_response import (
    DAYS,
    SMALLEST_N_ACTS,
    DailyResponse,
    measure_daily_response,
)
from counterpoise.attribution.subject import Selected
from counterpoise.observations.archive import Known
from counterpoise.vocabulary import ALL_NATIONALITIES, ANSWERS, Precision

if TYPE_CHECKING:
    from counterpoise.attribution.options import AttributeOptions
    from counterpoise.cases import KnownCase

__all__ = ["daily_item"]

_MEASURES = ("attempts", "prevented", "detained", "arrivals", "asylum_applications")
_SIGN = {"up": 1, "down": -1}


def daily_item(
    known: Known, selected: Selected, case: "KnownCase", options: "AttributeOptions", rerun: str
) -> Item:
    """Return whether daily figures move within two weeks of acts as declared, or that it cannot be told.

    Read are the daily figures of the case's borders in the months in which facts count, up to two weeks after the
    window; each border and measure by itself, and all shifted together.
    """
    last = min(selected.subject.window_end + timedelta(days=DAYS), known.day)
    first = selected.subject.month - timedelta(days=round(options.fact_months * 30.44))
    figures = _figures(known, case, first, last)
    kinds = load_facts()
    acts = [
        (event, _SIGN[direction])
        for event in case.events
        for direction in dict.fromkeys(kinds[str(fact)].direction for fact in event.facts)
        if direction in _SIGN and event.precision is Precision.DAY
    ]
    found = None
    dataset: tuple[str, ...] = ()
    if figures.height:
        start = figures["period_start"].min()
        assert isinstance(start, date)
        acts = [(e, sign) for e, sign in acts if start <= e.date <= last]
        n_days = (last - start).days + 1
        counts = [
            _row(rows, start, n_days) for rows in figures.partition_by("dataset", "corridor", "measure")
        ]
        days = [(e.date - start).days for e, _ in acts]
        found = measure_daily_response(np.stack(counts), days, [sign for _, sign in acts])
        dataset = tuple(figures["dataset"].unique().sort())
    bound = 0.0 if found is None else bayes_factor_bound(found.p_value)
    n = len(ANSWERS["opening"])
    lower, upper = of_bounds(np.zeros(n), np.array([0.0] + [bound] * (n - 1)))
    return Item(
        indicator="daily_response",
        statement=_told(found),
        question="opening",
        nature="unavailable" if found is None else "coincidence",
        lower=lower,
        upper=upper,
        reliability="bound of a p-value",
        group="daily_response",
        known_on=max((e.first_known_on for e, _ in acts), default=None) if found else None,
        figures={}
        if found is None
        else {"p_value": round(found.p_value, 4), "factor": round(found.factor, 3), "n_acts": found.n_acts},
        sources=dataset,
        rerun=rerun,
    )


def _figures(known: Known, case: "KnownCase", first: date, last: date) -> pl.DataFrame:
    corridors = [c for name in case.case.corridors for c in known.corridors.subtree(name)]
    return known.observations.filter(
        pl.col("frequency") == "D",
        pl.col("corridor").is_in(corridors),
        pl.col("measure").is_in(_MEASURES),
        pl.col("nationality") == ALL_NATIONALITIES,
        pl.col("period_start").is_between(first, last),
    )


def _row(rows: pl.DataFrame, start: date, n_days: int) -> np.ndarray:
    counts = np.full(n_days, np.nan)
    counts[[(day - start).days for day in rows["period_start"]]] = rows["value"].to_numpy()
    return counts


def _told(found: DailyResponse | None) -> str:
    if found is None:
        return (
            f"Daily figures within {DAYS} days of dated acts: too few days are published around at least "
            f"{SMALLEST_N_ACTS} acts to test."
        )
    return (
        f"From the {DAYS} days before to the {DAYS} days after {found.n_acts} dated acts, daily figures moved "
        f"{found.factor:.2f} times in the declared direction (over 1: as declared), p = {found.p_value:.3f} among "
        f"{found.n_shifts} shifts of all acts together."
    )
