"""From the text of a bulletin to its figures: which number counts what, at which border, and when.

Sentence by sentence. A number is a figure if what it counts is people or attempts and a word of a measure stands by
it, or if it goes on from the figure before ("this year - 1,290"). What is carried from elsewhere in the text, or from
what the service is known to count, lowers the confidence.
"""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import product

from counterpoise.sources.bulletins.confidence import unknown_words
from counterpoise.sources.bulletins.counting import counts_of
from counterpoise.sources.bulletins.grammar import LANGUAGES, Cue, Grammar, load_grammar
from counterpoise.sources.bulletins.language import detect_language
from counterpoise.sources.bulletins.quantities import Quantity
from counterpoise.sources.bulletins.resolve import TOTALS, Said, dated, meant_by, resolve
from counterpoise.sources.bulletins.scene import ELSEWHERE, Context, Scene, border_of, scene_of
from counterpoise.sources.bulletins.sentences import Sentence, sentences_of
from counterpoise.sources.bulletins.services import headline_measure
from counterpoise.sources.bulletins.spans import Time

__all__ = ["Reading", "read_bulletin"]

_LARGEST_DAY = 5000
_FRAGMENT = 2
"""Sentences; a longer text that names nothing counted is about something else."""
_ROUNDED = 0.15
"""Two values of one thing that differ by less are one, rounded and exact; others may be of its parts."""
_LONGEST_SENTENCE = 250
"""Words and marks."""
_MOST_NUMBERS = 50
_COUNTING = frozenset({"numbers", "one", "none", "thousand"})
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
    since: "datetime.date | None" = None
    """First day it covers, where the text says so or the period does."""
    sector: str = ""
    """Id of the corridor that is the part of the border it is of; empty if it is of the whole, or that is not said."""
    doubts: tuple[str, ...] = ()
    """Names of ``confidence.DOUBTS``: why it is not sure."""
    unknown: int = 0
    """Words of its sentence that the grammar does not know."""
    is_said: bool = True
    """Whether measure, border and time are said in its sentence."""
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
    sentences = [
        (sentence, grammar.cues(sentence.tokens))
        for sentence in sentences_of(text, grammar.is_month)
        if _is_prose(sentence)
    ]
    every = [cue for _, cues in sentences for cue in cues]
    named = {str(cue.value) for cue in every if cue.kind == "measures"}
    services = [str(cue.value) for cue in every if cue.kind == "services"]
    context = Context(
        home=services[0] if services else grammar.home,
        fragment=not named and len(sentences) <= _FRAGMENT and not _is_told(sentences),
        about_asylum="asylum_applications" in named,
    )
    borders = {border_of(str(cue.value)) for cue in every if cue.kind in {"places", "services"}}
    context.is_home_said = context.home is not None
    context.only_border = next(iter(borders)) if len(borders) == 1 else None
    said = bool(borders) or not grammar.spoken_abroad
    context.is_home_alone = said and context.home is not None and borders <= {context.home}
    context.has_places = bool(borders)
    context.is_unnamed = context.home is None and not borders and _is_unnamed(sentences)
    context.likely = next((str(cue.value) for cue in every if cue.kind == "wording"), None)
    readings: list[Reading] = []
    for sentence, cues in sentences:
        readings += _read_scene(
            scene_of(sentence, cues, grammar, published, context), grammar, published, context
        )
    return _once(readings)


def _read_scene(
    scene: Scene, grammar: Grammar, published: date | None, context: Context
) -> Iterator[Reading]:
    counts, others = counts_of(scene, grammar, context) if _may_count(scene) else ([], [])
    used = False
    previous: str | None = None
    for quantity in counts:
        said = resolve(scene, quantity, counts, others, previous, published, context)
        found = list(_readings(scene, quantity, said, grammar, published, context)) if said else []
        if said and found:
            _remember(said, found, context)
            used, previous = True, said.measure
        yield from found
    if scene.places and not used and not _is_same_state(str(scene.places[0].value), context):
        context.corridor = str(scene.places[0].value)
    context.is_aside = not used and bool(scene.of_kind("skip"))
    if not used and scene.times:
        context.mentioned = scene.times[-1]


def _is_told(sentences: list[tuple[Sentence, list[Cue]]]) -> bool:
    """Return whether a text tells something in words that the grammar does not know, and is no mere figure."""
    known = sum(cue.last - cue.first + 1 for _, cues in sentences for cue in cues)
    words = sum(token.text[0].isalpha() for sentence, _ in sentences for token in sentence.tokens)
    return words - known > _FRAGMENT


def _is_unnamed(sentences: list[tuple[Sentence, list[Cue]]]) -> bool:
    """Return whether a text is short and has no name that the grammar does not know, such as a country's."""
    if len(sentences) > _FRAGMENT:
        return False
    for sentence, cues in sentences:
        known = {at for cue in cues for at in range(cue.first, cue.last + 1)}
        if any(token.is_name and at and at not in known for at, token in enumerate(sentence.tokens)):
            return False
    return True


def _is_prose(sentence: Sentence) -> bool:
    """Return whether a sentence can be one: lists and tables without full stops are not read."""
    numbers = sum(token.text[0].isdecimal() for token in sentence.tokens)
    return len(sentence.tokens) <= _LONGEST_SENTENCE and numbers <= _MOST_NUMBERS


def _may_count(scene: Scene) -> bool:
    """Return whether a sentence has a number or says that there was nobody."""
    return any(cue.kind in _COUNTING for cue in scene.cues) or any(
        t.text[0].isdecimal() for t in scene.tokens
    )


def _is_same_state(corridor: str, context: Context) -> bool:
    """Return whether a border without figures is guarded by the state whose other border has them."""
    known = context.corridor
    return known is not None and known in context.seen and _state(known) == _state(corridor)


def _state(corridor: str) -> str:
    """Return who guards a border: 'LV' of BY-LV and of RU-LV."""
    return corridor.rpartition("-")[2]


def _readings(
    scene: Scene, quantity: Quantity, said: Said, grammar: Grammar, published: date | None, context: Context
) -> Iterator[Reading]:
    unknown = len(unknown_words(scene))
    times = (said.also, said.time) if said.also is not None else (said.time,)
    for said_of, time in product(said.corridors, times):
        corridor = _of_two_days_before(said_of, time, grammar, published, context)
        day, period = dated(time, corridor, grammar, published, context)
        measure = meant_by(said.measure, corridor, quantity, scene, grammar, context)
        context.is_abroad = measure == "asylum_applications" and not _is_at_border(
            scene, corridor, said, context
        )
        if context.is_abroad or corridor == ELSEWHERE or (period == "day" and quantity.value > _LARGEST_DAY):
            continue  # a country's applications are not those at its border
        doubts = said.doubts | ({"unknown"} if unknown else set())
        if measure != said.measure or _is_of_another_rule(measure, corridor, quantity, published):
            doubts |= {"meaning"}
        yield Reading(
            date=day,
            corridor=corridor,
            measure=measure,
            period=period,
            value=quantity.value,
            confidence=_confidence(doubts, is_low=said.is_low),
            doubts=tuple(sorted(doubts)),
            unknown=unknown,
            sector=said.sector,
            is_said=said.is_said,
            relay=context.home is not None and context.home != corridor,
            start=scene.sentence.start,
            end=scene.sentence.end,
            flag=quantity.bound,
            since=_first_day(period, day, time.opened_on if time else None),
            is_assumed=time is None,
        )


def _of_two_days_before(
    corridor: str, time: Time | None, grammar: Grammar, published: date | None, context: Context
) -> str:
    """Return Poland's border for a weekday two days ago in a note of Lithuania's service that names no border."""
    unsaid = grammar.poland_lag > 1 and not context.has_places and corridor == context.home
    if (
        not unsaid
        or time is None
        or not time.is_weekday
        or time.period != "day"
        or not (published and time.day)
    ):
        return corridor
    return "BY-PL" if (published - time.day).days == grammar.poland_lag else corridor


def _is_of_another_rule(measure: str, corridor: str, quantity: Quantity, published: date | None) -> bool:
    """Return whether the word used is seldom the service's own: arrivals where it counts applications, say."""
    usual = headline_measure(corridor, published)
    if measure == "arrivals":
        return usual == "asylum_applications"
    return measure == "attempts" and usual == "prevented" and quantity.is_none


def _is_at_border(scene: Scene, corridor: str, said: Said, context: Context) -> bool:
    """Return whether applications are those at a border: a long time's in a country are the country's.

    What names no country goes on from the figure before.
    """
    if not corridor.startswith("RU-"):
        return False
    is_long = said.time is not None and said.time.period in {"year", "year_to_date", "month"}
    if not is_long or said.sector or scene.of_kind("border") or scene.of_kind("services"):
        return True
    return not scene.places and not context.is_abroad


def _confidence(doubts: frozenset[str], *, is_low: bool) -> str:
    return "low" if is_low else "medium" if doubts else "high"


def _first_day(period: str, last: date | None, opened_on: date | None) -> date | None:
    if last is None:
        return None
    if period in {"since_start", "multi_day"}:
        return opened_on if opened_on is not None and opened_on <= last else None
    starts = {
        "day": last,
        "week": last - timedelta(days=6),
        "month": last.replace(day=1),
        "year": last.replace(month=1, day=1),
        "year_to_date": last.replace(month=1, day=1),
    }
    return starts[period]


def _remember(said: Said, readings: list[Reading], context: Context) -> None:
    for reading in readings:
        if reading.period == "day" and reading.date is not None:
            newest = context.days.get(reading.corridor, reading.date)
            context.days[reading.corridor] = max(reading.date, newest)
    if said.time is not None and said.time.period in TOTALS:
        context.cumulative = said.time
    context.measure = readings[-1].measure if said.measure == "recorded" else said.measure
    context.first_measure = context.first_measure or context.measure
    context.time = said.time or context.time
    context.mentioned = said.time
    context.is_total = said.time is not None and said.time.period in TOTALS
    context.corridor = said.corridors[0]
    context.seen.update(said.corridors)
    context.home = context.home or said.corridors[0]


def _once(readings: list[Reading]) -> list[Reading]:
    """Return each figure once, the surest; a rounded value gives way to the exact one beside it.

    Two values of one thing are both kept if both are said, and neither is sure then.
    """
    dated = {(r.corridor, r.measure, r.period, r.value) for r in readings if r.is_said}
    kept: list[Reading] = []
    meant = {(r.corridor, r.period, r.date, r.value) for r in readings if "meaning" not in r.doubts}
    for reading in readings:
        if (
            "meaning" in reading.doubts
            and (reading.corridor, reading.period, reading.date, reading.value) in meant
        ):
            continue  # what a headline was taken to mean, and the text then says otherwise
        if reading.is_assumed and (reading.corridor, reading.measure, reading.period, reading.value) in dated:
            continue  # a headline whose text then names the day
        same = [i for i, other in enumerate(kept) if _about(other) == _about(reading)]
        alike = [i for i in same if _is_about(kept[i], reading)]
        if alike:
            kept[alike[0]] = min(kept[alike[0]], reading, key=_surest)
        elif not same:
            kept.append(reading)
        elif reading.is_said:
            kept = [_disputed(other) if i in same else other for i, other in enumerate(kept)]
            kept.append(_disputed(reading))
    return kept


def _about(reading: Reading) -> tuple[object, ...]:
    return (reading.corridor, reading.sector, reading.measure, reading.period, reading.date)


def _disputed(reading: Reading) -> Reading:
    doubts = tuple(sorted({*reading.doubts, "elsewhere"}))
    return replace(reading, doubts=doubts, confidence="low" if reading.confidence == "low" else "medium")


def _is_about(first: Reading, second: Reading) -> bool:
    """Return whether two values are one: equal, or one of them rounded and the other near."""
    near = abs(first.value - second.value) <= _ROUNDED * max(first.value, second.value)
    rounded = any(one.flag or (one.value and one.value % 100 == 0) for one in (first, second))
    return first.value == second.value or (near and rounded)


def _surest(reading: Reading) -> tuple[bool, int]:
    return bool(reading.flag), _ORDER[reading.confidence]
