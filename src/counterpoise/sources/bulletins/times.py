"""When a figure is about: from the words of a time to a kind of period and its last day."""

import re
from calendar import monthrange
from dataclasses import dataclass, replace
from datetime import date, timedelta

from counterpoise.sources.bulletins.grammar import Cue, Token

__all__ = ["Time", "times_of"]

_YEAR = re.compile(r"(?:19|20)\d\d")
_DOTTED = re.compile(r"(\d{1,2})\.(\d{1,2})(?:\.((?:20)?\d\d))?")
_FIRST_YEAR, _LAST_YEAR = 2015, 2035
_RELATIVE: dict[str, tuple[str, bool]] = {
    "since": ("since_start", False),
    "this_year": ("year_to_date", False),
    "last_year": ("year", False),
    "this_month": ("month", False),
    "last_month": ("month", False),
    "last_week": ("week", False),
    "week": ("week", False),
    "weekend": ("multi_day", False),
    "day_before": ("day", False),
    "today": ("day", True),
    "weekdays": ("day", True),
}
"""Kinds of words for a time without a date, the first that fits: the period, and whether a day is named."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Time:
    """A time in a sentence: the tokens it takes, the kind of period, and its last day (None if not known)."""

    period: str
    day: date | None
    first: int
    last: int
    named: bool = True
    """Whether the text names the day; 'the past day' names none."""
    since: bool = False


def times_of(tokens: list[Token], cues: list[Cue], published: date | None) -> list[Time]:
    """Return the times of a sentence in order; the conventions are those of ``docs/bulletins.md``.

    The day on which somebody said so is none of them.
    """
    by_place: dict[int, dict[str, Cue]] = {}
    for cue in cues:
        by_place.setdefault(cue.first, {}).setdefault(cue.kind, cue)
    found: list[Time] = []
    i = 0
    while i < len(tokens):
        time = _calendar(tokens, i, by_place, published) or _relative(i, by_place, published)
        if time is None:
            i += 1
            continue
        found.append(_opened(time, by_place, published))
        i = time.last + 1
    said = {cue.last for cue in cues if cue.kind == "reported"}
    heard = [time for time in found if not (time.period == "day" and said & {time.first - 1, time.first - 2})]
    return _merged(_spans(heard, by_place), tokens)


def _opened(time: Time, by_place: dict[int, dict[str, Cue]], published: date | None) -> Time:
    """Return 'since' a day, month or year as a period that goes on to the day before publication."""
    opens = any("since_word" in by_place.get(time.first - back, {}) for back in (1, 2))
    if not (opens and time.named and time.period in {"day", "month", "year"} and time.day is not None):
        return time
    yesterday = published - timedelta(days=1) if published else None
    start_of_year = (
        published is not None
        and time.period in {"day", "month"}
        and (
            (time.period == "day" and (time.day.month, time.day.day) == (1, 1))
            or (time.period == "month" and time.day.month == 1)
        )
        and time.day.year == published.year
    )
    period = "year_to_date" if start_of_year else "since_start"
    return Time(period=period, day=yesterday, first=time.first, last=time.last, named=False, since=True)


def _spans(times: list[Time], by_place: dict[int, dict[str, Cue]]) -> list[Time]:
    """Return the times with 'from 1 January until 7 August' as one, and 'by 10 May' as a total of that year."""
    spans: list[Time] = []
    for time in times:
        ends = any("until_word" in by_place.get(time.first - back, {}) for back in (1, 2))
        if not ends or time.period != "day" or time.day is None:
            spans.append(time)
        elif spans and spans[-1].since:
            spans[-1] = replace(spans[-1], day=time.day, last=time.last)
        elif time.named:
            spans.append(replace(time, period="year_to_date"))
        else:
            spans.append(time)
    return spans


def _calendar(
    tokens: list[Token], i: int, by_place: dict[int, dict[str, Cue]], published: date | None
) -> Time | None:
    text = tokens[i].text
    dotted = _DOTTED.fullmatch(text)
    if dotted and not (text.count(".") == 1 and _is_clock(tokens, i)):
        day, month, year = int(dotted[1]), int(dotted[2]), dotted[3]
        if (
            1 <= day <= 31
            and 1 <= month <= 12
            and (len(dotted[2]) == 2 or (i and tokens[i - 1].text in "(,"))
        ):
            known = int(year) + (2000 if year and len(year) == 2 else 0) if year else None
            return _day(day, month, known, i, i, published)
    month_cue = by_place.get(i, {}).get("months")
    if month_cue is not None:
        return _month(tokens, i, int(month_cue.value), by_place, published)
    if text.isdecimal() and len(text) <= 2 and 1 <= int(text) <= 31:
        j = i + 1
        following = by_place.get(j, {}).get("months")
        if following is not None:
            year, last = _year_after(tokens, j)
            return _day(int(text), int(following.value), year, i, last, published)
    if _YEAR.fullmatch(text) and _FIRST_YEAR <= int(text) <= _LAST_YEAR:
        return _year(tokens, i, by_place, published)
    return None


def _is_clock(tokens: list[Token], i: int) -> bool:
    return i + 1 < len(tokens) and tokens[i + 1].text.startswith(("val", "godz", "час"))


def _month(
    tokens: list[Token], i: int, month: int, by_place: dict[int, dict[str, Cue]], published: date | None
) -> Time | None:
    following = tokens[i + 1].text if i + 1 < len(tokens) else ""
    if "first_day" in by_place.get(i - 2, {}) or "first_day" in by_place.get(i - 3, {}):
        year, last = _year_after(tokens, i)
        return _day(1, month, year, i, last, published)
    if following.isdecimal() and len(following) <= 2 and 1 <= int(following) <= 31:
        year, last = _year_after(tokens, i + 1)
        return _day(int(following), month, year, i, last, published)
    year, last = _year_after(tokens, i)
    if year is None and i and _YEAR.fullmatch(tokens[i - 1].text):
        year = int(tokens[i - 1].text)
    if year is None and i > 1 and _YEAR.fullmatch(tokens[i - 2].text):
        year = int(tokens[i - 2].text)
    if year is None and published is not None:
        year = published.year if month <= published.month else published.year - 1
    day = date(year, month, monthrange(year, month)[1]) if year else None
    return Time(period="month", day=day, first=i, last=last)


def _year_after(tokens: list[Token], i: int) -> tuple[int | None, int]:
    for skip in (1, 2):
        if i + skip < len(tokens) and _YEAR.fullmatch(tokens[i + skip].text):
            return int(tokens[i + skip].text), i + skip
        if i + skip < len(tokens) and tokens[i + skip].text not in {",", "d", "m"}:
            break
    return None, i


def _day(
    day: int, month: int, year: int | None, first: int, last: int, published: date | None
) -> Time | None:
    if year is None and published is not None:
        year = published.year
        if (month, day) > (published.month, published.day):
            year -= 1
    if day > monthrange(year or 2024, month)[1]:
        return None
    return Time(period="day", day=date(year, month, day) if year else None, first=first, last=last)


def _year(
    tokens: list[Token], i: int, by_place: dict[int, dict[str, Cue]], published: date | None
) -> Time | None:
    year = int(tokens[i].text)
    for ahead in range(i + 1, min(i + 4, len(tokens))):  # '2025 m. spalio 9 d.', '2023 metų sausio'
        month = by_place.get(ahead, {}).get("months")
        if month is not None:
            inner = _month(tokens, ahead, int(month.value), by_place, date(year, 12, 31))
            return replace(inner, first=i) if inner else None
    if published is not None and year == published.year:
        return Time(period="year_to_date", day=published - timedelta(days=1), first=i, last=i, named=False)
    if published is not None and year > published.year:
        return None
    return Time(period="year", day=date(year, 12, 31), first=i, last=i)


def _relative(i: int, by_place: dict[int, dict[str, Cue]], published: date | None) -> Time | None:
    here = by_place.get(i, {})
    kind = next((kind for kind in _RELATIVE if kind in here), None)
    if kind is None:
        return None
    period, named = _RELATIVE[kind]
    weekday = int(here[kind].value) if kind == "weekdays" else 6
    day = _last_day(kind, weekday, published) if published else None
    return Time(period=period, day=day, first=i, last=here[kind].last, named=named, since=kind == "since")


def _last_day(kind: str, weekday: int, published: date) -> date:
    """Return the last day that a time without a date covers."""
    yesterday = published - timedelta(days=1)
    days = {
        "last_year": date(published.year - 1, 12, 31),
        "this_month": published.replace(day=monthrange(published.year, published.month)[1]),
        "last_month": published.replace(day=1) - timedelta(days=1),
        "last_week": _last(6, yesterday),
        "weekend": _last(6, published),
        "weekdays": _last(weekday, published),
        "today": published,
    }
    return days.get(kind, yesterday)


def _last(weekday: int, day: date) -> date:
    return day - timedelta(days=(day.weekday() - weekday) % 7)


def _merged(times: list[Time], tokens: list[Token]) -> list[Time]:
    """Return the times with 'Thursday, 16 October' as one: the date wins over the weekday beside it."""
    merged: list[Time] = []
    for time in times:
        last = merged[-1] if merged else None
        if last is not None and last.since and tokens[time.first - 1].text == "(":
            continue  # 'since the crisis began (August)'
        near = last is not None and all(
            t.text in {",", "(", "tj", "d", "m"} for t in tokens[last.last + 1 : time.first]
        )
        if last is not None and near and last.period == time.period == "day":
            both = time if time.last > time.first or not time.named or last.first == last.last else last
            merged[-1] = Time(
                period="day", day=both.day or last.day, first=last.first, last=time.last, named=True
            )
        else:
            merged.append(time)
    return merged
