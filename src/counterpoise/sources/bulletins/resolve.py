"""What one number of a sentence says: what it counts, at which borders, when, and how sure that is."""

from dataclasses import dataclass, replace
from datetime import date, timedelta

from counterpoise.sources.bulletins.confidence import doubts_of
from counterpoise.sources.bulletins.grammar import Grammar
from counterpoise.sources.bulletins.quantities import Quantity
from counterpoise.sources.bulletins.scene import RANK, Context, Place, Scene
from counterpoise.sources.bulletins.services import (
    headline_measure,
    largest_day,
    likely_border,
    undated_period,
)
from counterpoise.sources.bulletins.spans import Time

__all__ = ["TOTALS", "Said", "dated", "meant_by", "resolve"]

_RECORDED = {"BY-LT": "prevented", "BY-LV": "prevented", "BY-PL": "attempts"}
"""What a service counts when a text only says that it recorded people: its headline figure."""
_HEADLINES = frozenset({"prevented", "attempts", "detections", "detained", "arrivals"})
_TRIED = frozenset({"attempts", "prevented"})
_OLDEST_TOTAL = 3
_FEW_LET_IN = 5
"""More are hardly let in on one day; beside a running total they are one themselves."""
_NEARLY_OVER = 3
"""Days; a month with more days to come after publication is not told whole."""
_UNTAKEN = frozenset({"month_to_date", "quarter"})
"""No period of ours fits them."""
_SPANS = frozenset({"multi_day", "week"})
_LONG = frozenset({"year", "month"})
TOTALS = frozenset({"year_to_date", "since_start"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What a number says, by the words of the text."""

    measure: str
    corridors: tuple[str, ...]
    time: Time | None
    also: Time | None = None
    """The other of two times of which it is said: 'in July and August 900 each'."""
    doubts: frozenset[str]
    """What is not sure about it: names of ``confidence.DOUBTS``."""
    is_low: bool
    """Whether neither what it counts nor when is said."""
    is_said: bool
    """Whether measure, border and time are said in its sentence."""
    sector: str = ""


def resolve(
    scene: Scene,
    quantity: Quantity,
    counts: list[Quantity],
    others: list[Quantity],
    previous: str | None,
    published: date | None,
    context: Context,
) -> Said | None:
    """Return what a number says; None if it says too little.

    Parameters
    ----------
    counts, others
        Numbers of the sentence that count people or attempts, and those that do not.
    previous
        What the number before it counts.
    """
    place = scene.place_of(quantity, counts)
    measure, sure_measure = scene.measure_of(quantity, place, previous, context)
    lead = not any(cue.first < counts[0].first for cue in scene.places)
    corridors, sure_place = scene.corridors_of(quantity, place, context, numbers_lead=lead)
    time = scene.time_of(quantity, place)
    if scene.of_kind("respectively") and len(scene.places) == len(counts):
        corridors, sure_place = (str(scene.places[counts.index(quantity)].value),), True
        measure = min((str(cue.value) for cue in scene.measures), key=RANK.index, default=measure)
        time = scene.times[0] if scene.times else time
    own = context.is_home_said and (context.home in context.seen or not context.seen)
    if not scene.places and context.home and own and time is not None and time.period in TOTALS:
        corridors, sure_place = (context.home,), True  # a service's running totals are its own
    measure = _of_totals(measure, scene, time, context)
    if measure is None and corridors and (context.fragment or quantity.is_none or scene.of_kind("services")):
        measure = headline_measure(corridors[0], published)
    if not corridors and (border := context.only_border or _likely(measure, published, context)):
        corridors, sure_place = (border,), False
    if measure is None or not corridors or (measure == "deaths_missing" and not quantity.is_counted):
        return None
    if len(counts) == 1 and not quantity.is_none and scene.names_together(place):
        return None
    doubts = set(doubts_of(scene, quantity, place, counts, others, (measure, corridors, time), context))
    doubts |= ({"border"} if not sure_place else set()) | ({"measure"} if not sure_measure else set())
    is_low = (not sure_measure and time is None) or context.is_unnamed
    is_said = sure_measure and sure_place and time is not None
    if time is None:
        if context.is_aside and measure == "detained" and not scene.places:
            return None  # goes on about another border, or about drivers
        time, known = _undated(
            scene, quantity, place, measure, corridors[0], published, context, sure=sure_measure
        )
        if not known:
            return None
    if time is not None and (time.period in _UNTAKEN or _goes_on(time, published)):
        return None
    if time is not None and time.period == "since_start" and time.opened_on and time.opened_on.month == 1:
        this_year = any(other.period == "year_to_date" for other in scene.times)
        if this_year:  # 'since January 2022 11,211, this year 1,315': all of 2022
            time = replace(time, period="year", day=date(time.opened_on.year, 12, 31))
    return Said(
        measure=measure,
        corridors=corridors,
        time=time,
        also=scene.time_beside(time) if time is not None and scene.of_kind("each") else None,
        doubts=frozenset(doubts),
        is_low=is_low,
        is_said=is_said,
        sector=scene.sector_of(place, corridors[0]) if len(corridors) == 1 else "",
    )


def _likely(measure: str | None, published: date | None, context: Context) -> str | None:
    """Return the border that a phrase without one is most likely of."""
    return (context.likely or likely_border(measure, published)) if context.is_unnamed else None


def _of_totals(measure: str | None, scene: Scene, time: Time | None, context: Context) -> str | None:
    """Return what a long time's number without a word of its own counts: not the arrests of a day, told as an aside."""
    is_long = time is not None and time.period in TOTALS | _LONG
    was_day = context.time is None or context.time.period == "day"
    is_aside = measure == "detained" and not scene.measures and is_long and was_day
    return context.first_measure if is_aside and context.first_measure in _TRIED else measure


def _goes_on(time: Time, published: date | None) -> bool:
    """Return whether a month is not over, so that its figure is one of some of its days."""
    if time.period != "month" or time.day is None or published is None:
        return False
    return (time.day - published).days > _NEARLY_OVER


def _undated(
    scene: Scene,
    quantity: Quantity,
    place: Place,
    measure: str,
    corridor: str,
    published: date | None,
    context: Context,
    *,
    sure: bool,
) -> tuple[Time | None, bool]:
    """Return the time of a number that names none, and whether it can be known.

    None is the day the service last counted. A total, or a number too large for a day, is of the time the text has been
    about, or else of the service's usual one.
    """
    many = measure == "admitted_humanitarian" and quantity.value > _FEW_LET_IN
    if many and context.is_total and context.cumulative is not None:
        return context.cumulative, True
    large = quantity.value > largest_day(corridor, measure)
    total = any(place.after < cue.first < quantity.first for cue in scene.of_kind("total"))
    carried = _carried(measure, corridor, context)
    if not (large or total) or (carried is not None and carried.period in _LONG):
        return carried, True
    if large and not (sure or context.fragment):
        return None, False
    period = undated_period(corridor, quantity.value, published)
    if context.cumulative is not None and not (large and period):
        return context.cumulative, True
    if period is None or published is None:
        return None, False
    return Time(period=period, day=published - timedelta(days=1), first=-1, last=-1, named=False), True


def _carried(measure: str, corridor: str, context: Context) -> Time | None:
    """Return the time said before, if it goes on: a span of days, or the year of another measure of that border."""
    said = context.mentioned
    if said is None:
        return None
    other = corridor == context.corridor and measure != context.measure
    return said if said.period in _SPANS or (other and said.period in _LONG) else None


def meant_by(
    measure: str, corridor: str, quantity: Quantity, scene: Scene, grammar: Grammar, context: Context
) -> str:
    """Return the measure a service means by the word used of it.

    Lithuania's service gives one number, of people turned back, also of its neighbours; where a text only says that
    people were recorded, it is the measure the text has been about, else the service's headline figure.
    """
    if measure == "recorded":
        headline = "prevented" if grammar.code == "lt" else _RECORDED.get(corridor, "detections")
        measure = context.measure if context.measure in _HEADLINES else headline
    if measure == "arrivals" and context.about_asylum and corridor.startswith("RU-"):
        return "asylum_applications"
    if grammar.code == "lt" and measure == "attempts" and (corridor != "BY-LT" or quantity.value == 0):
        after = (quantity.last + 1, quantity.last + 2)
        itself = any(cue.value == "attempts" and cue.first in after for cue in scene.measures)
        return "attempts" if itself and quantity.value else "prevented"
    return measure


def dated(
    time: Time | None,
    corridor: str,
    grammar: Grammar,
    published: date | None,
    context: Context,
) -> tuple[date | None, str]:
    """Return the last day a figure covers and its period."""
    lag = grammar.poland_lag if corridor == "BY-PL" else 1
    if time is None:
        return (published - timedelta(days=lag) if published else context.days.get(corridor)), "day"
    day = time.day
    if time.period == "day" and not time.named and published and lag != 1 and context.home != corridor:
        day = published - timedelta(days=1)
    covered = context.days.get(corridor)
    if time.period in TOTALS and not time.until and covered is not None and published is not None:
        day = covered if 1 <= (published - covered).days <= _OLDEST_TOTAL else day
    return day, time.period
