"""A time in a sentence, and times that are one together: 'from 1 January until 7 August', 'November last year'."""

from calendar import monthrange
from dataclasses import dataclass, replace
from datetime import date, timedelta

from counterpoise.sources.bulletins.grammar import Cue, Token
from counterpoise.sources.bulletins.sentences import is_break

__all__ = ["DASHES", "LEADING", "Time", "Words", "is_led", "joined_times"]

LEADING = frozenset({"since_word", "since_far", "until_word", "to_word", "first_day"})
"""Kinds of words that stand before a time; where they end counts."""
_OPEN = frozenset({"year_to_date", "since_start", "week"})
_LONGEST_SPAN = 31
"""Days; what begins longer ago is a total and no sum of some days."""
_NEAR = 5
DASHES = frozenset("-–—")
_YEARS = frozenset({"year", "year_to_date"})


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
    opened_on: date | None = None
    is_weekday: bool = False
    until: bool = False
    """Whether the text names the last day of a total."""


Words = dict[int, dict[str, Cue]]
"""The cues of a sentence by the place of their first token and kind; those that lead a time also by '... ends'."""


def joined_times(times: list[Time], tokens: list[Token], words: Words, published: date | None) -> list[Time]:
    """Return the times of a sentence, in order, with those that say one time together as one."""
    opened = [_opened(time, tokens, words, published) for time in _with_their_years(times)]
    return _merged(_spans(opened, tokens, words, published), tokens)


def _opened(time: Time, tokens: list[Token], words: Words, published: date | None) -> Time:
    """Return 'since' a day, month or year as a period that goes on to the day before publication."""
    opens = is_led(time, "since_word", words) or _is_followed(time, "since_after", words)
    ends = is_led(time, "until_word", words)
    opens = opens or (not ends and time.period in {"day", "month"} and _begins_far(time, tokens, words))
    if time.is_weekday and _is_followed(time, "until_after", words):
        return time
    if not (opens and time.named and time.period in {"day", "month", "year"}):
        return time
    yesterday = published - timedelta(days=1) if published else None
    start_of_year = (
        published is not None
        and time.day is not None
        and time.period in {"day", "month"}
        and (
            (time.period == "day" and (time.day.month, time.day.day) == (1, 1))
            or (time.period == "month" and time.day.month == 1)
        )
        and time.day.year == published.year
    )
    period = (
        "year_to_date" if start_of_year or (published is None and time.period == "year") else "since_start"
    )
    if (
        time.period == "month"
        and published
        and time.day
        and (time.day.year, time.day.month) == (published.year, published.month)
    ):
        period = "month_to_date"
    if time.is_weekday:
        period = "multi_day"  # 'since Friday'
    return Time(
        period=period,
        day=yesterday,
        first=time.first,
        last=time.last,
        named=False,
        since=True,
        opened_on=time.day,
        is_weekday=time.is_weekday,
    )


def is_led(time: Time, kind: str, words: Words) -> bool:
    """Return whether words of a kind stand just before a time, or one word before it."""
    return any(f"{kind} ends" in words.get(time.first - back, {}) for back in (1, 2))


def _begins_far(time: Time, tokens: list[Token], words: Words) -> bool:
    """Return whether the part of the sentence begins with 'since' and comes to the day later."""
    at = time.first - 1
    while at >= 0 and not is_break(tokens[at]):
        if "since_far" in words.get(at, {}) and (at == 0 or is_break(tokens[at - 1])):
            return True
        at -= 1
    return False


def _is_followed(time: Time, kind: str, words: Words) -> bool:
    return kind in words.get(time.last + 1, {})


def _spans(times: list[Time], tokens: list[Token], words: Words, published: date | None) -> list[Time]:
    """Return 'from 1 January until 7 August' as one time, and 'by 10 May' as a total of that year."""
    spans: list[Time] = []
    for time in times:
        last = spans[-1] if spans else None
        ends = is_led(time, "until_word", words) or _is_followed(time, "until_after", words)
        if last is not None and last.until and last.period == time.period == "year_to_date" and not ends:
            continue  # 'as of 12 March ... this year'
        joins = ends or is_led(time, "to_word", words)
        both = "both_after" in words.get(time.last + 1, {})
        if last is not None and _follows(last, time) and (both or _is_dashed(last, time, tokens)):
            spans[-1] = replace(time, period="multi_day", first=last.first, opened_on=last.day)
            continue
        if last is not None and last.since and time.period == "year" and _goes_on(last, time, tokens):
            spans[-1] = replace(last, last=time.last)  # 'since the start of the crisis in 2021'
            continue
        weekdays = last is not None and last.is_weekday and time.is_weekday
        if joins and weekdays and last is not None and last.since and time.day is None:
            spans[-1] = replace(time, period="multi_day", first=last.first)
        elif not joins or time.period not in {"day", "month"} or time.day is None:
            spans.append(time)
        elif weekdays and last is not None and _is_one_night(last, time.day, published):
            spans[-1] = replace(last, period="day", day=last.opened_on, last=time.last, since=False)
        elif (
            last is not None
            and last.opened_on
            and last.period != "year_to_date"
            and (0 <= (time.day - last.opened_on).days <= _LONGEST_SPAN)
        ):
            spans[-1] = replace(time, period="multi_day", first=last.first, opened_on=last.opened_on)
        elif last is not None and (last.since or last.period in _OPEN) and time.first - last.last <= _NEAR:
            spans[-1] = replace(last, day=time.day, last=time.last, until=True)
        elif (start := _opening_number(time, tokens, words)) is not None:
            whole = start == 1 and time.day.day == monthrange(time.day.year, time.day.month)[1]
            day = time.day.replace(day=min(start, time.day.day))
            spans.append(replace(time, period="month" if whole else "multi_day", opened_on=day))
        elif ends and time.named and time.period == "day" and not time.is_weekday:
            spans.append(replace(time, period="year_to_date", until=True))
        else:
            spans.append(time)
    return spans


def _is_dashed(first: Time, second: Time, tokens: list[Token]) -> bool:
    """Return whether two days are the ends of a span: '30 May - 1 June', '30.04-01.05'."""
    return second.first == first.last + 2 and tokens[first.last + 1].text in DASHES


def _follows(first: Time, second: Time) -> bool:
    """Return whether both are named days and the second comes soon after the first."""
    if first.period != "day" or second.period != "day" or first.day is None or second.day is None:
        return False
    return first.named and second.named and 0 < (second.day - first.day).days <= _LONGEST_SPAN


def _goes_on(first: Time, second: Time, tokens: list[Token]) -> bool:
    between = tokens[first.last + 1 : second.first]
    return len(between) <= _NEAR + 1 and not any(is_break(token) for token in between)


def _is_one_night(first: Time, last: date, published: date | None) -> bool:
    """Return whether 'from Thursday until Friday' is from midnight to midnight of the day before publication."""
    return first.opened_on is not None and (last - first.opened_on).days == 1 and last == published


def _opening_number(time: Time, tokens: list[Token], words: Words) -> int | None:
    """Return the day of the month with which a span begins, if alone: 'from 28 until 31 March'."""
    for back in (3, 4):
        at = time.first - back
        if "since_word ends" in words.get(at, {}) and tokens[at + 1].text.isdecimal():
            return int(tokens[at + 1].text)
    return None


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
        if last is not None and near and last.period == time.period == "multi_day":
            merged[-1] = replace(time, first=last.first)  # 'over the weekend (10-12 November)'
        elif last is not None and near and last.period == time.period == "day":
            both = time if time.last > time.first or not time.named or last.first == last.last else last
            merged[-1] = Time(
                period="day", day=both.day or last.day, first=last.first, last=time.last, named=True
            )
        else:
            merged.append(time)
    return merged


def _with_their_years(times: list[Time]) -> list[Time]:
    """Return the times with 'November last year', 'last year's November' and '10 August last year' as one."""
    joined: list[Time] = []
    for time in times:
        both = _of_that_year(joined[-1], time) if joined else None
        if both is None:
            joined.append(time)
        else:
            joined[-1] = both
    return joined


def _of_that_year(first: Time, second: Time) -> Time | None:
    part, year = (second, first) if first.period in _YEARS else (first, second)
    if part.period not in {"day", "month", "multi_day"} or not part.named or year.period not in _YEARS:
        return None
    if part.period == "multi_day" and (
        part.day is None or year.day is None or part.day.year != year.day.year
    ):
        return None
    if part.period == "multi_day":
        return replace(part, first=first.first, last=second.last)
    if second.first - first.last > 1 or year.since:
        return None
    if part.day is None or year.day is None:
        return replace(part, first=first.first, last=second.last)
    last = monthrange(year.day.year, part.day.month)[1]
    day = date(year.day.year, part.day.month, last if part.period == "month" else min(part.day.day, last))
    return replace(part, day=day, first=first.first, last=second.last)
