"""``compare``: two borders, or two episodes, month by month from their day 0, with what does not compare said."""

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from math import asin, cos, radians, sin, sqrt
from typing import Any

import numpy as np
import polars as pl

from counterpoise.cases.known import known_case
from counterpoise.cases.ledgers import read_border_lengths, read_population
from counterpoise.cases.load import list_cases, load_case
from counterpoise.checks import Check
from counterpoise.errors import InputError
from counterpoise.impact.outcomes import OUTCOMES
from counterpoise.observations.archive import Archive, Known
from counterpoise.observations.corridors import Corridor
from counterpoise.observations.panel import build_panels
from counterpoise.observations.regimes import regimes_for
from counterpoise.provenance import Provenance

__all__ = ["Comparison", "Side", "compare", "parse_side"]

_BEFORE, _AFTER = 6, 12
"""Months shown before and from day 0 on."""
_EARTH_KM = 6371.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One of the two: where, from which day on, and by what its figures are divided.

    Parameters
    ----------
    km
        Length as published, else of the coarse line of the registry; None for routes and what has no line.
    km_source, km_url
        Whose figure the length is and its page, or that it is of the coarse line; empty without a length.
    population, population_year
        Of the states people arrive in, together; None if one of them is not in the table.
    """

    corridor: str
    day_zero: date
    km: float | None
    km_source: str
    km_url: str
    population: int | None
    population_year: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Two borders or episodes side by side.

    Parameters
    ----------
    months
        ``measure, side (a|b), offset (months from that of day 0), period_start, value, per_100k, per_km``.
    measures
        Per measure, figures of each side from day 0 on: how many months, their sum, and the same per 100,000
        inhabitants and per kilometre; and the warnings.
    """

    a: Side
    b: Side
    months: pl.DataFrame
    measures: tuple[dict[str, Any], ...]
    checks: tuple[Check, ...]
    provenance: Provenance

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON answer of ``compare``."""
        sides = {
            name: {
                "corridor": side.corridor,
                "day_zero": side.day_zero.isoformat(),
                "km": side.km,
                "km_source": side.km_source,
                "km_url": side.km_url,
                "population": side.population,
                "population_year": side.population_year,
            }
            for name, side in (("a", self.a), ("b", self.b))
        }
        return {
            **self.provenance.header(),
            **sides,
            "measures": list(self.measures),
            "months": self.months.with_columns(pl.col(pl.Date).dt.to_string("iso")).to_dicts(),
            "checks": [check.to_dict() for check in self.checks],
        }


def parse_side(text: str) -> tuple[str, date | None]:
    """Return corridor or case, and day 0, of ``BY-PL@2021-08-01`` or ``BY-PL``.

    Raises
    ------
    InputError
        If what follows the ``@`` is no day.
    """
    name, _, day = text.partition("@")
    if not day:
        return name, None
    try:
        return name, date.fromisoformat(day if len(day) > 7 else f"{day}-01")
    except ValueError:
        raise InputError(
            expected="a corridor or case, and after @ a day or month",
            found=repr(text),
            where="A or B",
            hint="write for example BY-PL@2021-08",
        ) from None


def compare(observations: Archive, a: str, b: str, *, as_of: date | None = None) -> Comparison:
    """Return two borders or episodes, aligned on their day 0.

    Parameters
    ----------
    a, b
        A corridor or a bundled case, each with or without ``@`` and a day 0. Left out: the first day of the first
        phase of the (first) bundled case that has the corridor.

    Raises
    ------
    InputError
        If there is no such corridor, or no day 0 is given or found.
    """
    known = observations.as_of(as_of)
    sides = [_side(known, text) for text in (a, b)]
    series = [_series(known, side) for side in sides]
    rows = [
        {
            "measure": measure,
            "side": name,
            "offset": offset,
            "period_start": _month(side.day_zero, offset),
            "value": value,
            "per_100k": None if side.population is None else value / side.population * 100_000,
            "per_km": None if side.km is None else value / side.km,
        }
        for name, side, found in zip("ab", sides, series, strict=True)
        for measure, (_, values) in found.items()
        for offset, value in values.items()
    ]
    numbers = dict.fromkeys(("value", "per_100k", "per_km"), pl.Float64())
    schema = {
        "measure": pl.String(),
        "side": pl.String(),
        "offset": pl.Int64(),
        "period_start": pl.Date(),
        **numbers,
    }
    months = pl.DataFrame(rows, schema=schema).sort("measure", "side", "offset")
    shared = [m for m in OUTCOMES if m in series[0] or m in series[1]]
    return Comparison(
        a=sides[0],
        b=sides[1],
        months=months,
        measures=tuple(_measure(known, m, sides, series, months) for m in shared),
        checks=(_check_persons(),),
        provenance=Provenance(stage="compare", as_of=known.day, options={"a": a, "b": b}),
    )


def _side(known: Known, text: str) -> Side:
    name, day = parse_side(text)
    cases = {case_name: load_case(case_name) for case_name in list_cases()}
    if name in cases:
        case = cases[name]
        borders = [c for c in case.corridors if known.corridors[c].kind == "border"]
        corridor = (borders or list(case.corridors))[0]
        of = [case]
    else:
        corridor = known.corridors.require(name, "A or B").id
        of = [case for case in cases.values() if corridor in case.corridors]
    starts = [p.start for case in of for p in known_case(case, known.day).phases]
    if day is None and not starts:
        raise InputError(
            expected="a day 0",
            found=repr(text),
            where="A or B",
            hint=f"write {name}@YYYY-MM-DD: no bundled case has this corridor",
        )
    zero = day or min(starts)
    states = known.corridors[corridor].to_states
    people = read_population()
    years = people.filter(pl.col("year") <= zero.year)["year"]
    year = int(years.max()) if years.len() else None  # type: ignore[arg-type]
    counted = people.filter(pl.col("state").is_in(states), pl.col("year") == year)
    km, km_source, km_url = _length_of(known.corridors[corridor])
    return Side(
        corridor=corridor,
        day_zero=zero,
        km=km,
        km_source=km_source,
        km_url=km_url,
        population=int(counted["population"].sum()) if counted.height == len(states) and states else None,
        population_year=year if counted.height == len(states) and states else None,
    )


def _length_of(corridor: Corridor) -> tuple[float | None, str, str]:
    """Return the published length of a border, whose it is and its page; of one without, that of the coarse line."""
    if corridor.kind != "border":
        return None, "", ""
    published = read_border_lengths().filter(pl.col("corridor") == corridor.id)
    if published.height:
        row = published.row(0, named=True)
        return row["km"], ", in ".join(filter(None, (row["stated_by"], row["publisher"]))), row["url"]
    km = _length(corridor.line)
    return km, "" if km is None else "coarse line of the registry, under the border's own", ""


def _length(line: tuple[tuple[float, float], ...]) -> float | None:
    """Return the great-circle length of a coarse line in kilometres; a little under the border's own."""
    if len(line) < 2:
        return None
    total = 0.0
    for (lon1, lat1), (lon2, lat2) in pairwise(line):
        a, b = radians(lat1), radians(lat2)
        half = sin((b - a) / 2) ** 2 + cos(a) * cos(b) * sin(radians(lon2 - lon1) / 2) ** 2
        total += 2 * _EARTH_KM * asin(sqrt(half))
    return round(total, 1)


def _month(day: date, offset: int) -> date:
    index = day.year * 12 + day.month - 1 + offset
    return date(index // 12, index % 12 + 1, 1)


def _series(known: Known, side: Side) -> dict[str, tuple[str, dict[int, float]]]:
    """Return measure -> dataset and figures by offset; of several datasets the one with the most in the window."""
    without = "".join(f"-{code}" for code in known.corridors[side.corridor].totals_without)
    wanted = {_month(side.day_zero, offset): offset for offset in range(-_BEFORE, _AFTER)}
    found: dict[str, tuple[str, dict[int, float]]] = {}
    for panel in build_panels(known, corridors=(side.corridor,)):
        if panel.measure not in OUTCOMES:
            continue
        names = panel.series.rows()
        code = next((c for c in (f"TOTAL{without}", "TOTAL") if (side.corridor, c) in names), None)
        if code is None:
            continue
        values = panel.values[names.index((side.corridor, code))]
        starts = panel.periods["period_start"].to_list()
        figures = {
            wanted[s]: float(v)
            for s, v in zip(starts, values, strict=True)
            if s in wanted and not np.isnan(v)
        }
        if figures and len(figures) > len(found.get(panel.measure, ("", {}))[1]):
            found[panel.measure] = (panel.dataset, figures)
    return found


def _measure(
    known: Known,
    measure: str,
    sides: list[Side],
    series: list[dict[str, tuple[str, dict[int, float]]]],
    months: pl.DataFrame,
) -> dict[str, Any]:
    answer: dict[str, Any] = {"measure": measure, "warnings": _warnings(known, measure, sides, series)}
    for name, side in zip("ab", sides, strict=True):
        after = months.filter(pl.col("measure") == measure, pl.col("side") == name, pl.col("offset") >= 0)
        total = float(after["value"].sum()) if after.height else None
        answer[name] = {
            "n_months": after.height,
            "total": total,
            "per_100k": None
            if total is None or side.population is None
            else total / side.population * 100_000,
            "per_km": None if total is None or side.km is None else total / side.km,
            "largest": None if not after.height else float(after["value"].max()),  # type: ignore[arg-type]
        }
    return answer


def _warnings(
    known: Known, measure: str, sides: list[Side], series: list[dict[str, tuple[str, dict[int, float]]]]
) -> list[str]:
    found = []
    ways: list[set[tuple[str, str]]] = []
    for name, side, of in zip("AB", sides, series, strict=True):
        if measure not in of:
            found.append(f"{name} has no monthly figures of it in these months")
            continue
        dataset, figures = of[measure]
        missing = _AFTER - sum(offset >= 0 for offset in figures)
        if missing:
            found.append(
                f"{missing} of {_AFTER} months from day 0 on have no figure at {name}: sums do not compare"
            )
        end = _month(side.day_zero, _AFTER) - timedelta(days=1)
        changes = [
            r
            for r in regimes_for(known.regimes, known.corridors, side.corridor, measure)
            if _month(side.day_zero, -_BEFORE) <= r.start <= end
        ]
        found += [f"at {name} a counting rule changed on {r.start}: {r.what.rstrip('.')}" for r in changes]
        below = known.corridors.subtree(side.corridor)
        rows = known.observations.filter(
            pl.col("dataset") == dataset, pl.col("measure") == measure, pl.col("corridor").is_in(below)
        )
        ways.append(set(rows.select("unit", "place").unique().rows()))
    if len(ways) == 2:
        for i, what in enumerate(("unit", "place")):
            one, two = ({way[i] for way in side} for side in ways)
            if one != two:
                found.append(f"{what} is {' and '.join(sorted(one))} at A, {' and '.join(sorted(two))} at B")
        datasets = [of[measure][0] for of in series]
        if datasets[0] != datasets[1]:
            found.append(f"two publishers count by rules of their own: {datasets[0]} and {datasets[1]}")
    return found


def _check_persons() -> Check:
    return Check(
        name="events_not_persons",
        status="inconclusive",
        text=(
            "Figures are events or persons as each publisher counts them. Lengths are as published, inhabitants of "
            "the state people arrive in. Neither says how hard a border is to cross or a state is pressed."
        ),
    )
