"""Which numbers of a sentence count people or attempts, and where a sentence says that there was nobody."""

from counterpoise.sources.bulletins.grammar import Grammar
from counterpoise.sources.bulletins.quantities import Quantity, quantities_of
from counterpoise.sources.bulletins.scene import Scene
from counterpoise.sources.bulletins.sentences import is_break

__all__ = ["counts_of"]

_NEAR = 6
_ATTACHED = 4
_FEWEST_ALONE = 2


def counts_of(scene: Scene, grammar: Grammar, *, fragment: bool) -> list[Quantity]:
    """Return the numbers that count people, in order; a zero if nobody is said to have come.

    Parameters
    ----------
    fragment
        Whether the whole text names nothing that is counted: then a number may stand alone.
    """
    taken = {i for time in scene.times for i in range(time.first, time.last + 1)}
    numbers = [q for q in quantities_of(scene.tokens, scene.cues, grammar) if q.first not in taken]
    starts: dict[int, set[str]] = {}
    for cue in scene.cues:
        starts.setdefault(cue.first, set()).add(cue.kind)
    counts: list[Quantity] = []
    for number in numbers:
        if _counts_people(number, scene, starts, fragment=fragment) or (
            counts and _leads_to_a_place(number, starts)
        ):
            counts.append(number)
    return counts or _none(scene)


def _leads_to_a_place(quantity: Quantity, starts: dict[int, set[str]]) -> bool:
    """Return whether a number goes on from one before it: '180 people in Poland and 200 in Latvia'."""
    return not quantity.is_word and any("places" in starts.get(quantity.last + ahead, ()) for ahead in (1, 2))


def _counts_people(quantity: Quantity, scene: Scene, starts: dict[int, set[str]], *, fragment: bool) -> bool:
    """Return whether a number is followed by people or attempts, or stands alone beside a measure."""
    tokens, after = scene.tokens, quantity.last + 1
    percent = after < len(tokens) and tokens[after].text == "%"
    led_by = {cue.kind for cue in scene.cues if cue.last == quantity.first - 1}
    if percent or "never_before" in led_by:
        return False
    counted = _what_follows(after, scene, starts)
    if counted or counted is None:
        return bool(counted)
    if quantity.is_word and quantity.value < _FEWEST_ALONE:
        return False
    if "compared" in led_by:
        return True
    near = any(-_NEAR <= quantity.first - cue.last <= _NEAR + 1 for cue in scene.measures)
    if after >= len(tokens) or is_break(tokens[after]):
        return near or fragment or quantity.first == 0 or is_break(tokens[quantity.first - 1])
    goes_on = starts.get(after, set()) & {"measures", "adjectives", "total", "this_year"}
    touching = not quantity.is_word and "measures" in led_by
    return near and (bool(goes_on) or touching)


def _what_follows(after: int, scene: Scene, starts: dict[int, set[str]]) -> bool | None:
    """Return whether people follow a number; None if what follows is none (kilometres, soldiers, years)."""
    for place in range(after, min(after + _ATTACHED, len(scene.tokens))):
        kinds = starts.get(place, set())
        if "people" in kinds:
            return True
        if "never_after" in kinds:
            return None
        if is_break(scene.tokens[place]) or ("adjectives" not in kinds and place > after + 1):
            break
    return False


def _none(scene: Scene) -> list[Quantity]:
    """Return a zero where a sentence says that nobody was counted."""
    beside = [*scene.of_kind("people"), *scene.measures]
    for cue in scene.of_kind("none") if scene.measures else []:
        if any(abs(other.first - cue.last) <= _NEAR + 2 for other in beside):
            return [Quantity(value=0, first=cue.first, last=cue.last, is_none=True)]
    return []
