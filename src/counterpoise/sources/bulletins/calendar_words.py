"""Days, months and years written out: '9 October 2025', '12.10', '2025-10-09', 'in May', '8-9 February'."""

import re
from calendar import monthrange
from dataclasses import replace
from datetime import date, timedelta

from counterpoise.sources.bulletins.grammar import Token
from counterpoise.sources.bulletins.spans import DASHES, Time, Words

__all__ = ["calendar_time"]

_YEAR = re.compile(r"(?:19|20)\d\d")
_DOTTED = re.compile(r"(\d{1,2})\.(\d{1,2})(?:\.((?:20)?\d\d))?")
_ISO = re.compile(r"(\d{4})-(\d\d)-(\d\d)")
_SLASHED = re.compile(r"(\d\d?)/(\d\d?)/(\d{4})")
_SPAN = re.compile(r"(\d\d?)[-–](\d\d?)")
_FIRST_YEAR, _LAST_YEAR = 2015, 2035


def calendar_time(
    tokens: list[Token], i: int, words: Words, published: date | None, *, month_first: bool
) -> Time | None:
    """Return the day, month or year that begins at a token; None if there is none.

    Parameters
    ----------
    month_first
        Whether a number after a month is its day ('May 13').
    """
    text = tokens[i].text
    month_cue = words.get(i, {}).get("months")
    if month_cue is not None:
        return _month(tokens, i, int(month_cue.value), words, published, month_first=month_first)
    if not text[0].isdecimal():
        return None
    if _YEAR.fullmatch(text) and _FIRST_YEAR <= int(text) <= _LAST_YEAR:
        return _year(tokens, i, words, published, month_first=month_first)
    return _in_figures(tokens, i, published) or _before_a_month(tokens, i, words, published)


def _in_figures(tokens: list[Token], i: int, published: date | None) -> Time | None:
    """Return '12.10', '12.10.2024', '2024-10-12' and '12/10/2024'."""
    text = tokens[i].text
    first, second, _ = _apart(tokens, i)
    if first is None and second and i + 2 < len(tokens) and tokens[i + 1].text in DASHES:
        dotted = _DOTTED.fullmatch(tokens[i + 2].text)
        if dotted is not None and len(dotted[2]) == 2:  # '09 - 11.05'
            time = _in_figures(tokens, i + 2, published)
            return _as_span(replace(time, first=i), second) if time else None
    if iso := _ISO.fullmatch(text):
        return _day(int(iso[3]), int(iso[2]), int(iso[1]), i, i, published)
    if slashed := _SLASHED.fullmatch(text):
        return _day(int(slashed[1]), int(slashed[2]), int(slashed[3]), i, i, published)
    dotted = _DOTTED.fullmatch(text)
    if dotted is None or (text.count(".") == 1 and _is_clock(tokens, i)):
        return None
    if len(dotted[2]) != 2 and not (i and tokens[i - 1].text in "(,"):
        return None
    year = int(dotted[3]) if dotted[3] else None
    full = year + 2000 if year is not None and year < 100 else year
    return _day(int(dotted[1]), int(dotted[2]), full, i, i, published)


def _before_a_month(tokens: list[Token], i: int, words: Words, published: date | None) -> Time | None:
    """Return '9 October' and '8-9 February'."""
    text = tokens[i].text
    span = _SPAN.fullmatch(text)
    first, second, at = (int(span[1]), int(span[2]), i) if span else _apart(tokens, i)
    following = words.get(at + 1, {}).get("months")
    if following is None or not second:
        return None
    year, last = _year_after(tokens, at + 1)
    return _as_span(_day(second, int(following.value), year, i, last, published), first)


def _apart(tokens: list[Token], i: int) -> tuple[int | None, int, int]:
    """Return the numbers of '18 - 21' and their last place; of one number the first is None, of none the second 0."""
    here, dash, after = ([*(token.text for token in tokens[i : i + 3]), "", "", ""])[:3]
    if not (here.isdecimal() and len(here) <= 2):
        return None, 0, i
    if dash in DASHES and after.isdecimal() and len(after) <= 2:
        return int(here), int(after), i + 2
    return None, int(here), i


def _as_span(time: Time | None, first: int | None) -> Time | None:
    """Return a day as the last of several that begin on a day of the same month; itself if there is no first."""
    if time is None or time.day is None or first is None or not 0 < first < time.day.day:
        return time
    return replace(time, period="multi_day", opened_on=time.day.replace(day=first))


def _is_clock(tokens: list[Token], i: int) -> bool:
    return i + 1 < len(tokens) and tokens[i + 1].text.startswith(("val", "godz", "час"))


def _month(
    tokens: list[Token],
    i: int,
    month: int,
    words: Words,
    published: date | None,
    *,
    month_first: bool,
) -> Time | None:
    following = tokens[i + 1].text if month_first and i + 1 < len(tokens) else ""
    if any("first_day ends" in words.get(i - back, {}) for back in (1, 2)):
        year, last = _year_after(tokens, i)
        return _day(1, month, year, i, last, published)
    if span := _SPAN.fullmatch(following):  # 'June 6-8'
        year, last = _year_after(tokens, i + 1)
        return _as_span(_day(int(span[2]), month, year, i, last, published), int(span[1]))
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
    if not 1 <= month <= 12:
        return None
    if year is None and published is not None:
        year = published.year
        if (month, day) > (published.month, published.day):
            year -= 1
    if not 1 <= day <= monthrange(year or 2024, month)[1]:
        return None
    return Time(period="day", day=date(year, month, day) if year else None, first=first, last=last)


def _year(
    tokens: list[Token],
    i: int,
    words: Words,
    published: date | None,
    *,
    month_first: bool,
) -> Time | None:
    year = int(tokens[i].text)
    for ahead in range(i + 1, min(i + 4, len(tokens))):  # '2025 m. spalio 9 d.', '2023 metų sausio'
        month = words.get(ahead, {}).get("months")
        number = tokens[ahead - 1].text
        if (
            month is not None and ahead - 1 > i and number.isdecimal() and len(number) <= 2
        ):  # '2025. gada 1. janvārī'
            return _day(int(number), int(month.value), year, i, ahead, published) if int(number) else None
        if month is not None:
            inner = _month(
                tokens, ahead, int(month.value), words, date(year, 12, 31), month_first=month_first
            )
            return replace(inner, first=i) if inner else None
    if published is not None and year == published.year:
        return Time(period="year_to_date", day=published - timedelta(days=1), first=i, last=i, named=False)
    if published is not None and year > published.year:
        return None
    return Time(period="year", day=date(year, 12, 31), first=i, last=i)
