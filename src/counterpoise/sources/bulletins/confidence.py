"""How sure a figure is: ``high`` only if everything in its sentence was understood, and nothing else could be meant.

Each thing that is not so is a doubt with a name. A figure without doubts is ``high``; one of which neither measure nor
time is said is ``low``; all others are ``medium``.
"""

from counterpoise.sources.bulletins.quantities import Quantity
from counterpoise.sources.bulletins.scene import Context, Place, Scene
from counterpoise.sources.bulletins.spans import Time

__all__ = ["DOUBTS", "doubts_of", "unknown_words"]

DOUBTS = {
    "measure": "what it counts does not stand by the number",
    "measures": "more than one thing is counted in its part of the sentence",
    "meaning": "the word used is not the one for what the service counts",
    "border": "the border does not stand by the number",
    "borders": "more than one border stands by the number",
    "time": "the time does not stand by the number",
    "times": "more than one time stands by the number",
    "bare": "no word for people or attempts follows the number",
    "numbers": "the sentence has other numbers that are not understood",
    "words": "the sentence compares, averages, or tells of parts, groups, records or other things",
    "unknown": "its sentence has words that the grammar does not know",
    "elsewhere": "the same text gives another value",
}
"""What may be unsure about a figure, in words."""
_OTHER_THINGS = frozenset(
    {
        "skip",
        "checkpoint",
        "never_before",
        "of_which",
        "compared",
        "average",
        "per_day",
        "record",
        "superlative",
        "than",
        "not_word",
        "rather",
        "year_earlier",
        "quarter",
        "this_month",
    }
)
"""Kinds of words beside which a figure is never sure."""
_TOGETHER = {
    "prevented": frozenset({"prevented", "attempts"}),
    "admitted_humanitarian": frozenset({"admitted_humanitarian", "prevented"}),
}
"""Measures that one sentence names of one number: attempts that were prevented, people not prevented from entering."""
_ANY_MEASURE = "recorded"


def doubts_of(
    scene: Scene,
    quantity: Quantity,
    place: Place,
    counts: list[Quantity],
    others: list[Quantity],
    said: tuple[str, tuple[str, ...], Time | None],
    context: Context,
) -> frozenset[str]:
    """Return what the words of its sentence leave unsure about a number.

    Parameters
    ----------
    counts, others
        Numbers of the sentence that count people or attempts, and those that do not and are no time.
    said
        Measure and borders it was taken to be of, and the time that the sentence gives for it.
    """
    measure, corridors, time = said
    doubts = {
        *_of_measure(scene, place, counts, measure),
        *_of_border(scene, place, corridors, context),
        *_of_time(scene, place, time),
    }
    if not (quantity.is_counted or quantity.is_none):
        doubts.add("bare")
    if others:
        doubts.add("numbers")
    if any(cue.kind in _OTHER_THINGS for cue in scene.cues):
        doubts.add("words")
    return frozenset(doubts)


def unknown_words(scene: Scene) -> list[str]:
    """Return the words of a sentence that are in no list of the grammar: any of them may change what a number means.

    The list ``plain`` is for words that change nothing.
    """
    known = {at for cue in scene.cues for at in range(cue.first, cue.last + 1)}
    known |= {at for time in scene.times for at in range(time.first, time.last + 1)}
    return [
        token.text
        for at, token in enumerate(scene.tokens)
        if at not in known and token.text[0].isalpha() and len(token.text) > 1
    ]


def _of_measure(scene: Scene, place: Place, counts: list[Quantity], measure: str) -> set[str]:
    alone = len(counts) == 1
    named = {str(cue.value) for cue in scene.measures if alone or place.holds(cue.first)} - {_ANY_MEASURE}
    if not named:
        return {"measure"}
    return set() if named == {measure} or named == set(_TOGETHER.get(measure, ())) else {"measures"}


def _of_border(scene: Scene, place: Place, corridors: tuple[str, ...], context: Context) -> set[str]:
    own = {str(cue.value) for cue in scene.places if place.is_own(cue.first)}
    near = own or {str(cue.value) for cue in scene.places if place.holds(cue.first)}
    named = near or {str(cue.value) for cue in (*scene.places, *scene.of_kind("services"))}
    if not named:
        return set() if context.is_home_alone and scene.of_kind("border") else {"border"}
    return set() if named == set(corridors) else {"borders"}


def _of_time(scene: Scene, place: Place, time: Time | None) -> set[str]:
    if time is None:
        return {"time"}
    near = [one for one in scene.times if place.holds(one.first)]
    own = [one for one in near if place.is_own(one.first)]
    sure = len(own) == 1 or len(near) == 1 or (not near and len(scene.times) == 1)
    return set() if sure else {"times"}
