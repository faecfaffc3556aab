"""When a figure is about: from the words of a time to a kind of period and its last day."""

from calendar import monthrange
from dataclasses import replace
from datetime import date, timedelta

from counterpoise.sources.bulletins.calendar_words import calendar_time
from counterpoise.sources.bulletins.grammar import Cue, Token
from counterpoise.sources.bulletins.sentences import is_break
from counterpoise.sources.bulletins.spans import DASHES, LEADING, Time, Words, is_led, joined_times

__all__ = ["Time", "times_of"]

_SAID = 3
_RELATIVE: dict[str, tuple[str, bool]] = {
    "since": ("since_start", False),
    "several_days": ("multi_day", False),
    "this_year": ("year_to_date", False),
    "last_year": ("year", False),
    "year_before_last": ("year", False),
    "this_month": ("month_to_date", False),
    "quarter": ("quarter", False),
    "last_month": ("month", False),
    "last_week": ("week", False),
    "week": ("week", False),
    "weekend": ("multi_day", False),
    "two_days_before": ("day", True),
    "day_before": ("day", False),
    "today": ("day", True),
    "weekdays": ("day", True),
}
"""Kinds of words for a time without a date, the first that fits: the period, and whether a day is named."""


def times_of(
    tokens: list[Token],
    cues: list[Cue],
    published: date | None,
    before: Time | None = None,
    mentioned: Time | None = None,
    *,
    month_first: bool = True,
) -> list[Time]:
    """Return the times of a sentence in order; the conventions are those of ``docs/bulletins.md``.

    The day on which somebody said so is none of them.

    Parameters
    ----------
    before
        Time of the figure before, for 'the same day' and 'a year earlier'.
    mentioned
        Time named last, also by a sentence without figures, for 'in that time'.
    month_first
        Whether a number after a month is its day ('May 13'), in that language.
    """
    words: Words = {}
    for cue in cues:
        words.setdefault(cue.first, {}).setdefault(cue.kind, cue)
        if cue.kind in LEADING:
            words.setdefault(cue.last, {}).setdefault(f"{cue.kind} ends", cue)
    said = [cue for cue in cues if cue.kind in {"reported", "reported_on"}]
    found: list[Time] = []
    i = 0
    while i < len(tokens):
        if i not in words and not tokens[i].text[0].isdecimal():
            i += 1
            continue
        time = (
            calendar_time(tokens, i, words, published, month_first=month_first)
            or _same_time(i, words, mentioned)
            or _referring(i, words, found[-1] if found else before)
            or _relative(i, words, published)
        )
        if time is None:
            i += 1
            continue
        if not is_led(time, "until_word", words):
            time = _a_week_before(time, found, published)
        if not (
            any(_is_when_said(time, cue, published) for cue in said) or _is_compared(time, tokens, words)
        ):
            found.append(time)
        i = time.last + 1
    return joined_times(found, tokens, words, published)


def _a_week_before(time: Time, found: list[Time], published: date | None) -> Time:
    """Return the weekday of publication in a list that goes back in time as that of the week before."""
    if not time.is_weekday or time.day is None or time.day != published or not found:
        return time
    last = found[-1].day
    if found[-1].period != "day" or last is None or last >= time.day or len(found) < 2:
        return time
    before = found[-2].day
    is_descending = found[-2].period == "day" and before is not None and before > last
    return replace(time, day=time.day - timedelta(days=7)) if is_descending else time


def _is_compared(time: Time, tokens: list[Token], words: Words) -> bool:
    """Return whether a time is what is compared with ('50 times more than in 2020', 'the most since August')."""
    at = time.first - 1
    while at >= 0 and not is_break(tokens[at]):
        at_least = words.get(at - 1, {}).get("at_least")
        is_bound = at_least is not None and at_least.last == at and _is_number(at + 1, tokens, words)
        if ("than" in words.get(at, {}) and not is_bound) or (
            "superlative" in words.get(at, {})
            and (_is_remark(at, time, tokens) or (time.first - at <= _SAID + 1 and _is_open(time, words)))
        ):
            return True
        at -= 1
    return False


def _is_open(time: Time, words: Words) -> bool:
    """Return whether a time names no day, month or year, or is one since which something goes on."""
    return not time.named or is_led(time, "since_word", words)


def _is_number(at: int, tokens: list[Token], words: Words) -> bool:
    """Return whether a number stands at a place or just after a word there: 'more than 250', 'more than about 250'."""
    return any(
        tokens[i].text[0].isdecimal() or words.get(i, {}).keys() & {"numbers", "thousand"}
        for i in (at, at + 1)
        if i < len(tokens)
    )


def _is_remark(superlative: int, time: Time, tokens: list[Token]) -> bool:
    """Return whether a part of a sentence only remarks on a number: ', the largest in a day'."""
    start = superlative
    while start > 0 and not is_break(tokens[start - 1]):
        start -= 1
    end = time.last + 1
    while end < len(tokens) and not is_break(tokens[end]):
        end += 1
    leads = end + 1 < len(tokens) and tokens[end].text in DASHES and tokens[end + 1].text[0].isdecimal()
    digits = any(token.text[0].isdecimal() for token in tokens[start : time.first])
    digits = digits or any(token.text[0].isdecimal() for token in tokens[time.last + 1 : end])
    return start > 0 and superlative - start <= 1 and not leads and not digits


def _is_when_said(time: Time, said: Cue, published: date | None) -> bool:
    """Return whether a day is that on which somebody said so: 'reported on Friday', 'on Friday, the service said'."""
    if time.period != "day" or not time.named:
        return False
    if said.kind == "reported_on" and time.first == said.last + 1:
        return True
    near = -_SAID <= said.first - time.last <= _SAID + 1
    return near and time.day == published and published is not None


def _same_time(i: int, words: Words, mentioned: Time | None) -> Time | None:
    """Return 'in that time' as the time named last."""
    cue = words.get(i, {}).get("same_time")
    return replace(mentioned, first=i, last=cue.last) if cue and mentioned else None


def _referring(i: int, words: Words, before: Time | None) -> Time | None:
    """Return 'the same day' as the day of the figure before, and 'a year earlier' as its time a year earlier."""
    here = words.get(i, {})
    if before is None or before.day is None:
        return None
    if "same_day" in here and before.period == "day":
        return replace(before, first=i, last=here["same_day"].last, named=True)
    if "day_earlier" in here and before.period == "day":
        return replace(
            before, day=before.day - timedelta(days=1), first=i, last=here["day_earlier"].last, named=True
        )
    if "week_earlier" in here and before.period == "week":
        return replace(before, day=before.day - timedelta(days=7), first=i, last=here["week_earlier"].last)
    if "year_earlier" in here and before.period in {"month", "year"}:
        day = date(
            before.day.year - 1, before.day.month, monthrange(before.day.year - 1, before.day.month)[1]
        )
        return replace(before, day=day, first=i, last=here["year_earlier"].last)
    return None


def _relative(i: int, words: Words, published: date | None) -> Time | None:
    here = words.get(i, {})
    if here.keys().isdisjoint(_RELATIVE):
        return None
    kind = next((kind for kind in _RELATIVE if kind in here), None)
    if kind is None:
        return None
    period, named = _RELATIVE[kind]
    weekday = int(here[kind].value) if kind == "weekdays" else 6
    day = _last_day(kind, weekday, published) if published else None
    opened = day - timedelta(days=1) if day and kind == "weekend" else None
    return Time(
        period=period,
        day=day,
        first=i,
        last=here[kind].last,
        named=named,
        since=kind == "since",
        is_weekday=kind == "weekdays",
        opened_on=opened,
    )


def _last_day(kind: str, weekday: int, published: date) -> date:
    """Return the last day that a time without a date covers."""
    yesterday = published - timedelta(days=1)
    days = {
        "last_year": date(published.year - 1, 12, 31),
        "year_before_last": date(published.year - 2, 12, 31),
        "last_month": published.replace(day=1) - timedelta(days=1),
        "last_week": _last(6, yesterday),
        "weekend": _last(6, published),
        "weekdays": _last(weekday, published),
        "today": published,
        "two_days_before": published - timedelta(days=2),
    }
    return days.get(kind, yesterday)


def _last(weekday: int, day: date) -> date:
    return day - timedelta(days=(day.weekday() - weekday) % 7)
