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
_HEADLINES = frozenset({"prevented", "attempts", "detections", "detained", "arrivals"})
_LARGEST_DAY = 5000
_OLDEST_TOTAL = 3
_FRAGMENT = 2
"""Sentences; a longer text that names nothing counted is about something else."""
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
    is_assumed: bool = False
    """Whether no time stands by it, and it is taken to be of the day the service last counted."""


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
    every = [cue for _, cues in sentences for cue in cues]
    named = {str(cue.value) for cue in every if cue.kind == "measures"}
    services = [str(cue.value) for cue in every if cue.kind == "services"]
    context = Context(
        home=services[0] if services else grammar.home,
        fragment=not named and len(sentences) <= _FRAGMENT,
        about_asylum="asylum_applications" in named,
    )
    readings: list[Reading] = []
    for sentence, cues in sentences:
        readings += _read_scene(
            scene_of(sentence, cues, grammar, published, context.time), grammar, published, context
        )
    return _once(readings)


def _read_scene(
    scene: Scene, grammar: Grammar, published: date | None, context: Context
) -> Iterator[Reading]:
    counts = counts_of(scene, grammar, context)
    lead = bool(counts) and not any(cue.first < counts[0].first for cue in scene.places)
    places = [str(cue.value) for cue in scene.places]
    pairs = (
        dict(zip([count.first for count in counts], places, strict=True))
        if scene.of_kind("respectively") and len(places) == len(counts)
        else {}
    )
    used = False
    previous: str | None = None
    for quantity in counts:
        place = scene.place_of(quantity, counts)
        measure, sure = scene.measure_of(quantity, place, previous, context)
        corridors = scene.corridors_of(quantity, place, context, numbers_lead=lead)
        if quantity.first in pairs:
            corridors = (pairs[quantity.first],), True
        found = _figures(scene, quantity, place, (measure, sure), corridors, grammar, published, context)
        if found:
            used, previous = True, measure
        yield from found
    if scene.places and not used:
        context.corridor = str(scene.places[0].value)


def _figures(
    scene: Scene,
    quantity: Quantity,
    place: Place,
    counted: tuple[str | None, bool],
    borders: tuple[tuple[str, ...], bool],
    grammar: Grammar,
    published: date | None,
    context: Context,
) -> list[Reading]:
    (measure, sure_measure), (corridors, sure_place) = counted, borders
    shared = scene.times[0] if scene.times and scene.of_kind("respectively") else None
    time = shared or scene.time_of(quantity, place)
    sure_time = time is not None
    own = context.home in context.seen or not context.seen
    if not scene.places and context.home and own and time is not None and time.period in _TOTALS:
        corridors, sure_place = (context.home,), True  # a service's running totals are its own
    if measure is None and corridors and (context.fragment or scene.of_kind("services")):
        measure = headline_measure(corridors[0], published)
    if measure is None or not corridors or (measure == "deaths_missing" and not quantity.is_counted):
        return []
    large = quantity.value > largest_day(corridors[0], measure)
    total = any(place.after < cue.first < quantity.first for cue in scene.of_kind("total"))
    if time is None and large and not (sure_measure or context.fragment):
        return []
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
        meant = _counted(measure, corridor, quantity, scene, grammar, context)
        if period == "day" and quantity.value > _LARGEST_DAY:
            return []
        if meant == "asylum_applications" and not corridor.startswith("RU-"):
            return []  # a country's applications are not those at this border
        readings.append(
            Reading(
                date=day,
                corridor=corridor,
                measure=meant,
                period=period,
                value=quantity.value,
                confidence=confidence,
                relay=context.home is not None and context.home != corridor,
                start=scene.sentence.start,
                end=scene.sentence.end,
                flag=quantity.bound,
                is_assumed=time is None,
            )
        )
        if period == "day" and day is not None:
            context.days[corridor] = max(day, context.days.get(corridor, day))
    if time is not None and time.period in _TOTALS:
        context.cumulative = time
    context.measure = readings[-1].measure if measure == "recorded" else measure
    context.time = time or context.time
    context.corridor = corridors[0]
    context.seen.update(corridors)
    context.home = context.home or corridors[0]
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


def _counted(
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
    if time.period == "day" and not time.named and published and lag != 1 and context.home != corridor:
        day = published - timedelta(days=1)
    covered = context.days.get(corridor)
    if time.period in _TOTALS and not time.until and covered is not None and published is not None:
        day = covered if 0 <= (published - covered).days <= _OLDEST_TOTAL else day
    return day, time.period


def _once(readings: list[Reading]) -> list[Reading]:
    """Return each figure once, the surest; a rounded value gives way to the exact one beside it."""
    dated = {(r.corridor, r.measure, r.period, r.value) for r in readings if r.confidence == "high"}
    kept: list[Reading] = []
    for reading in readings:
        if reading.is_assumed and (reading.corridor, reading.measure, reading.period, reading.value) in dated:
            continue  # a headline whose text then names the day
        key = (reading.corridor, reading.measure, reading.period, reading.date)
        same = [
            i
            for i, other in enumerate(kept)
            if (other.corridor, other.measure, other.period, other.date) == key
        ]
        alike = [i for i in same if _is_about(kept[i], reading)]
        if alike:
            kept[alike[0]] = min(kept[alike[0]], reading, key=_surest)
        elif not same or reading.confidence == "high":
            kept.append(replace(reading, confidence="medium") if same else reading)
    return kept


def _is_about(first: Reading, second: Reading) -> bool:
    """Return whether two values are one: equal, or one of them rounded and the other near."""
    near = abs(first.value - second.value) <= _ROUNDED * max(first.value, second.value)
    rounded = any(one.flag or (one.value and one.value % 100 == 0) for one in (first, second))
    return first.value == second.value or (near and rounded)


def _surest(reading: Reading) -> tuple[bool, int]:
    return bool(reading.flag), _ORDER[reading.confidence]
