"""The published figures a claim is set against: pairs of months or years that are settled, with their marks."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import numpy as np

from counterpoise.impact.claims import Claim
from counterpoise.impact.outcomes import Series
from counterpoise.observations.corridors import Corridor
from counterpoise.observations.suppression import SMALLEST
from counterpoise.observations.words import MEASURE_WORDS, joined, located, who

__all__ = ["Change", "changes_of", "months_published", "unsettled_in"]

_SAME = 0.1
"""A change by under a tenth is called none."""
_YEAR = 12
_MARKS = {
    "disputed": "disputed, as other figures are in print",
    "low_confidence": "of low confidence",
    "relay": "read from a report about it",
    "rounded": "rounded",
    "estimated": "estimated",
    "at_least": "at least",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """Two published figures of one count.

    ``first`` and ``last`` are a month and its figure, or the January of a year and the sum of the year up to
    ``until``, a month from 1 to 12, where the year is not published to its end. ``marks`` are the flags of each.
    """

    series: Series
    first: tuple[date, float]
    last: tuple[date, float]
    marks: tuple[frozenset[str], frozenset[str]]
    yearly: bool
    until: int
    corridor: Corridor

    @property
    def whole(self) -> bool:
        """Whether both figures are of a whole month or year."""
        return not self.yearly or self.until == _YEAR

    @property
    def doubtful(self) -> bool:
        """Whether a figure is disputed or of low confidence: no size rests on it."""
        return bool((self.marks[0] | self.marks[1]) & {"disputed", "low_confidence"})

    @property
    def factor(self) -> float | None:
        """The last figure over the first; None where the first is 0."""
        return self.last[1] / self.first[1] if self.first[1] > 0 else None

    @property
    def direction(self) -> str | None:
        """``rose``, ``fell``, or None where it moved by less than a tenth."""
        if self.factor is None:
            return "rose" if self.last[1] > 0 else None
        if abs(self.factor - 1) < _SAME:
            return None
        return "rose" if self.factor > 1 else "fell"

    def said(self) -> str:
        """Return the two figures in words, with their marks; counts of a nationality under 10 are not given."""
        ends = [f"{self._count(i)}{_marked(self.marks[i])} in {self._time(i)}" for i in (0, 1)]
        return (
            f"{MEASURE_WORDS[self.series.outcome]}{who(self.series.nationality)} {located(self.corridor)} were "
            f"{' and '.join(ends)}"
        )

    def _count(self, i: int) -> str:
        value = (self.first, self.last)[i][1]
        small = 0 < value < SMALLEST and not self.series.nationality.startswith("TOTAL")
        return f"under {SMALLEST}" if small else f"{value:,.0f}"

    def _time(self, i: int) -> str:
        day = (self.first, self.last)[i][0]
        if not self.yearly:
            return f"{day:%B %Y}"
        if self.whole:
            return f"{day:%Y}"
        last = day.replace(month=self.until)
        return f"{last:%B %Y}" if self.until == 1 else f"January to {last:%B %Y}"


def _marked(flags: frozenset[str]) -> str:
    words = [word for flag, word in _MARKS.items() if flag in flags]
    return f" ({'; '.join(words)})" if words else ""


def changes_of(claim: Claim, series: Series, starts: Iterable[date], corridor: Corridor) -> list[Change]:
    """Return what one count did over the time of the claim, or around each of ``starts`` where it names none."""
    figures = {s: float(v) for s, v in zip(series.starts, series.values, strict=True) if not np.isnan(v)}
    if claim.whole_years:
        return _over_years(claim, series, figures, corridor)
    if claim.since and figures:
        earlier = [day for day in figures if day < claim.months[0]]
        pairs = [(max(earlier), max(figures))] if earlier and max(figures) >= claim.months[0] else []
    elif len(claim.months) > 1:
        pairs = [(claim.months[0], claim.months[-1])]
    elif claim.months:
        earlier = [day for day in figures if day < claim.months[0]]
        pairs = [(max(earlier), claim.months[0])] if earlier else []
    else:
        pairs = [
            (max(before), max(after))
            for start in starts
            if (before := [d for d in figures if d < start and _apart(d, start) <= _YEAR])
            and (after := [d for d in figures if d >= start and _apart(start, d) < _YEAR])
        ]
    return [
        Change(
            series=series,
            first=(a, figures[a]),
            last=(b, figures[b]),
            marks=(_flags(series, {a}), _flags(series, {b})),
            yearly=False,
            until=0,
            corridor=corridor,
        )
        for a, b in dict.fromkeys(pairs)
        if a in figures and b in figures
    ]


def _over_years(claim: Claim, series: Series, figures: dict[date, float], corridor: Corridor) -> list[Change]:
    years = [month.year for month in claim.months]
    whole = [day.year for day in figures if day.month == _YEAR and _published_to(figures, day.year) == _YEAR]
    if claim.since:
        pair = (years[0] - 1, max([*whole, years[0]]))
    else:
        pair = (years[0] - 1, years[0]) if len(years) == 1 else (years[0], years[-1])
    until = min(_published_to(figures, year) for year in pair)
    if until == 0:
        return []
    months = [{date(year, month, 1) for month in range(1, until + 1)} for year in pair]
    first, last = (
        (date(year, 1, 1), sum(figures[day] for day in days)) for year, days in zip(pair, months, strict=True)
    )
    return [
        Change(
            series=series,
            first=first,
            last=last,
            marks=(_flags(series, months[0]), _flags(series, months[1])),
            yearly=True,
            until=until,
            corridor=corridor,
        )
    ]


def _published_to(figures: dict[date, float], year: int) -> int:
    """Return up to which month a year is published without a gap; 0 if its January is not."""
    return next((month - 1 for month in range(1, _YEAR + 1) if date(year, month, 1) not in figures), _YEAR)


def _flags(series: Series, months: set[date]) -> frozenset[str]:
    marks = zip(series.starts, series.flags, strict=False)
    return frozenset(flag for start, text in marks if start in months for flag in text.split())


def _apart(earlier: date, later: date) -> int:
    return (later.year - earlier.year) * _YEAR + later.month - earlier.month


def months_published(series: Series, corridor: Corridor) -> str:
    """Return in words which settled months of a series are published; empty if none is."""
    days = [s for s, v in zip(series.starts, series.values, strict=True) if not np.isnan(v)]
    if not days:
        return ""
    span = (
        f"for {days[0]:%B %Y}"
        if len(days) == 1
        else f"for {len(days)} months from {days[0]:%B %Y} to {days[-1]:%B %Y}"
    )
    return (
        f"{MEASURE_WORDS[series.outcome]}{who(series.nationality)} {located(corridor)} are published {span}"
    )


def unsettled_in(claim: Claim, series: Series, corridor: Corridor) -> str:
    """Return in words the provisional figures in the time of the claim; empty if there are none."""
    years = {month.year for month in claim.months}
    named = [
        one
        for one in series.unsettled
        if (one.month.year in years if claim.whole_years else one.month in claim.months)
        or (claim.since and one.month >= min(claim.months))
    ]
    if not named or (
        0 < min(one.value for one in named) < SMALLEST and not series.nationality.startswith("TOTAL")
    ):
        return ""
    said = joined([f"{one.value:,.0f} in {one.month:%B %Y} ({one.why})" for one in named])
    what = f"{MEASURE_WORDS[series.outcome]}{who(series.nationality)} {located(corridor)}"
    return f"{what}, {said}, {'is' if len(named) == 1 else 'are'} provisional and not compared"
