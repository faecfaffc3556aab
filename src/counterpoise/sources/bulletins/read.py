"""From the text of a bulletin to its figures: which number counts what, at which border, and when.

Sentence by sentence. A number is a figure if what it counts is people or attempts and a word of a measure stands by
it, or if it goes on from the figure before ("this year - 1,290"). What is carried from elsewhere in the text, or from
what the service is known to count, lowers the confidence.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from counterpoise.sources.bulletins.counting import counts_of
from counterpoise.sources.bulletins.grammar import LANGUAGES, Grammar, load_grammar
from counterpoise.sources.bulletins.language import detect_language
from counterpoise.sources.bulletins.quantities import Quantity
from counterpoise.sources.bulletins.scene import Context, Place, Scene, scene_of
from counterpoise.sources.bulletins.sentences import sentences_of
from counterpoise.sources.bulletins.services import headline_measure, largest_day, undated_period
from counterpoise.sources.bulletins.times import Time

__all__ = ["Reading", "read_bulletin"]

_RECORDED = {"BY-LT": "prevented", "BY-LV": "prevented", "BY-PL": "attempts"}
"""What a service counts when a text only says that it recorded people: its headline figure."""
_LARGEST_DAY = 5000
_OLDEST_TOTAL = 3
_ROUNDED = 0.15
"""Two values of one thing that differ by less are one, rounded and exact; others may be of its parts."""
_TOTALS = frozenset({"year_to_date", "since_start"})
_ORDER = {"high": 0, "medium": 1, "low": 2}


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One figure of a bulletin.

    Parameters
    ----------
    date
        Last day it covers; None if the text gives none and the day of publication is not known.
    start, end
        Place of the sentence in the text, in characters.
    flag
        ``at_least``, ``about`` or empty.
    """

    date: date | None
    corridor: str
    measure: str
    period: str
    value: int
    confidence: str
    relay: bool
    start: int
    end: int
    flag: str = ""


def read_bulletin(
    text: str, *, lang: str | None = None, published: date | None = None, grammar: Grammar | None = None
) -> list[Reading]:
    """Return the figures of a text in order, each once.

    Parameters
    ----------
    lang
        ISO 639-1; None: found from the text. A language without a grammar gives no figures.
    published
        Day of publication; None: days that the text does not name stay unknown.
    grammar
        A grammar of one's own, instead of that of the language.
    """
    code = detect_language(text) if lang is None else lang
    if grammar is None:
        if code not in LANGUAGES:
            return []
        grammar = load_grammar(code)
    sentences = [(sentence, grammar.cues(sentence.tokens)) for sentence in sentences_of(text)]
    named = any(cue.kind == "measures" for _, cues in sentences for cue in cues)
    context = Context(fragment=not named)
    readings: list[Reading] = []
    for sentence, cues in sentences:
        if not any(cue.kind == "skip" for cue in cues):
            readings += _read_scene(scene_of(sentence, cues, published), grammar, published, context)
    return _once(readings)


def _read_scene(
    scene: Scene, grammar: Grammar, published: date | None, context: Context
) -> Iterator[Reading]:
    counts = counts_of(scene, grammar, fragment=context.fragment)
    used = False
    for quantity in counts:
        place = scene.place_of(quantity, counts)
        lead = not any(cue.first < counts[0].first for cue in scene.places)
        found = _figures(scene, quantity, place, grammar, published, context, numbers_lead=lead)
        used = used or bool(found)
        yield from found
    if scene.places and not used:
        context.corridor = str(scene.places[0].value)


def _figures(
    scene: Scene,
    quantity: Quantity,
    place: Place,
    grammar: Grammar,
    published: date | None,
    context: Context,
    *,
    numbers_lead: bool,
) -> list[Reading]:
    measure, sure_measure = scene.measure_of(quantity, place, context)
    time = scene.time_of(quantity, place)
    sure_time = time is not None
    corridors, sure_place = scene.corridors_of(quantity, place, grammar, context, numbers_lead=numbers_lead)
    if not scene.places and grammar.home and time is not None and time.period in _TOTALS:
        corridors, sure_place = (grammar.home,), True  # a service's running totals are its own
    if measure is None and context.fragment and corridors:
        measure = headline_measure(corridors[0], published)
    if measure is None or not corridors:
        return []
    large = quantity.value > largest_day(corridors[0], measure)
    total = any(place.after < cue.first < quantity.first for cue in scene.of_kind("total"))
    if time is None and (total or large):
        time = _undated(corridors[0], quantity, published, context, large=large)
        if time is None:
            return []
    confidence = "high" if sure_measure and sure_place and sure_time else "medium"
    if not (sure_measure or sure_time):
        confidence = "low"
    readings = []
    for corridor in corridors:
        day, period = _dated(time, corridor, grammar, published, context, shared=len(corridors) > 1)
        if period == "day" and quantity.value > _LARGEST_DAY:
            return []
        readings.append(
            Reading(
                date=day,
                corridor=corridor,
                measure=_counted(measure, corridor, quantity, grammar, context),
                period=period,
                value=quantity.value,
                confidence=confidence,
                relay=grammar.home is not None and grammar.home != corridor,
                start=scene.sentence.start,
                end=scene.sentence.end,
                flag=quantity.bound,
            )
        )
        if period == "day" and day is not None:
            context.days[corridor] = day
    if time is not None and time.period in _TOTALS:
        context.cumulative = time
    if measure != "recorded":
        context.measure = measure
    context.corridor = corridors[0]
    return readings


def _undated(
    corridor: str, quantity: Quantity, published: date | None, context: Context, *, large: bool
) -> Time | None:
    """Return the time of a total that names none: the one the text has been about, or the service's usual one."""
    period = undated_period(corridor, quantity.value, published)
    if context.cumulative is not None and not (large and period):
        return context.cumulative
    if period is None or published is None:
        return None
    return Time(period=period, day=published - timedelta(days=1), first=-1, last=-1, named=False)


def _counted(measure: str, corridor: str, quantity: Quantity, grammar: Grammar, context: Context) -> str:
    """Return the measure a service means by the word used of it.

    Lithuania's service gives one number, of people turned back, also of its neighbours; where a text only says that
    people were recorded, it is the measure the text has been about, else the service's headline figure.
    """
    if measure == "recorded":
        measure = context.measure or (
            "prevented" if grammar.code == "lt" else _RECORDED.get(corridor, "detections")
        )
    if grammar.code == "lt" and measure == "attempts" and (corridor != "BY-LT" or quantity.value == 0):
        return "prevented"
    return measure


def _dated(
    time: Time | None,
    corridor: str,
    grammar: Grammar,
    published: date | None,
    context: Context,
    *,
    shared: bool,
) -> tuple[date | None, str]:
    lag = grammar.poland_lag if corridor == "BY-PL" and not shared else 1
    if time is None:
        return (published - timedelta(days=lag) if published else context.days.get(corridor)), "day"
    day = time.day
    if time.period == "day" and not time.named and published and lag != 1 and grammar.home != corridor:
        day = published - timedelta(days=1)
    covered = context.days.get(corridor)
    if time.period in _TOTALS and covered is not None and published is not None:
        day = covered if 0 <= (published - covered).days <= _OLDEST_TOTAL else day
    return day, time.period


def _once(readings: list[Reading]) -> list[Reading]:
    """Return each figure once, the surest; a rounded value gives way to the exact one beside it."""
    kept: list[Reading] = []
    for reading in readings:
        key = (reading.corridor, reading.measure, reading.period, reading.date)
        same = [
            i
            for i, other in enumerate(kept)
            if (other.corridor, other.measure, other.period, other.date) == key
        ]
        alike = [i for i in same if _is_about(kept[i].value, reading.value)]
        if alike:
            kept[alike[0]] = min(kept[alike[0]], reading, key=_surest)
        elif not same or reading.confidence == "high":
            kept.append(replace(reading, confidence="medium") if same else reading)
    return kept


def _is_about(value: int, other: int) -> bool:
    return abs(value - other) <= _ROUNDED * max(value, other)


def _surest(reading: Reading) -> tuple[bool, int]:
    return bool(reading.flag), _ORDER[reading.confidence]
