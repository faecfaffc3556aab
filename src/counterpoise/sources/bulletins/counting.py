"""Which numbers of a sentence count people or attempts, and where a sentence says that there was nobody."""

from dataclasses import replace

from counterpoise.sources.bulletins.grammar import Grammar
from counterpoise.sources.bulletins.quantities import Quantity, quantities_of
from counterpoise.sources.bulletins.scene import Context, Scene
from counterpoise.sources.bulletins.sentences import is_break

__all__ = ["counts_of"]

_NEAR = 6
_ATTACHED = 5
_PASSED_OVER = frozenset({"emphasis", "about", "at_least"})


def counts_of(scene: Scene, grammar: Grammar, context: Context) -> list[Quantity]:
    """Return the numbers that count people or attempts in this context, in order, with a zero where nobody came."""
    starts: dict[int, set[str]] = {}
    ends: dict[int, set[str]] = {}
    for cue in scene.cues:
        starts.setdefault(cue.first, set()).add(cue.kind)
        ends.setdefault(cue.last, set()).add(cue.kind)
    for time in scene.times:
        ends.setdefault(time.last, set()).add("times")
    words = _Words(scene, starts, ends)
    if words.is_undated_record():
        return []
    taken = {i for time in scene.times for i in range(time.first, time.last + 1)}
    numbers = [q for q in quantities_of(scene.tokens, scene.cues, grammar) if q.first not in taken]
    counts: list[Quantity] = []
    struck = False
    for number in numbers:
        if words.is_left_out(number):
            continue
        if words.is_struck(number):
            struck = True
        elif words.counts_people(number, context, goes_on=bool(counts), struck=struck):
            counts.append(replace(number, is_counted=bool(words.what_follows(number.last + 1))))
    zeros = words.nobody(counts, context)
    return sorted([*counts, *zeros], key=lambda count: count.first)


class _Words:
    """A sentence's words by where they begin and end."""

    def __init__(self, scene: Scene, starts: dict[int, set[str]], ends: dict[int, set[str]]) -> None:
        self.scene = scene
        self.starts = starts
        self.ends = ends
        self.passed_over = {cue.last: cue.first for cue in scene.cues if cue.kind in _PASSED_OVER}

    def is_undated_record(self) -> bool:
        """Return whether a sentence tells of a record without its day."""
        named = any(time.named for time in self.scene.times)
        return bool(self.scene.of_kind("record")) and not named

    def is_left_out(self, number: Quantity) -> bool:
        """Return whether a number stands by or after words about other things: smugglers, vehicles, other borders.

        What stands in a part of the sentence before them is kept, and so is what follows a semicolon.
        """
        part = max((end for end in self.scene.ends if end < number.first), default=-1)
        part_last = next(end for end in self.scene.ends if end >= number.first)
        restart = max(
            (i for i in range(number.first) if self.scene.tokens[i].text == ";"),
            default=-1,
        )
        for cue in self.scene.of_kind("skip"):
            if part < cue.first <= part_last or restart < cue.first < number.first:
                return True
        if "since_word" in self.ends.get(number.first - 1, ()) and "until_word" in self.starts.get(
            number.last + 1, ()
        ):
            return True  # 'from 28 until 31 March'
        rate = any("per_day" in self.starts.get(number.last + ahead, ()) for ahead in (1, 2, 3, 4))
        average = any(part < cue.first <= part_last for cue in self.scene.of_kind("average"))
        return rate or average

    def is_struck(self, number: Quantity) -> bool:
        """Return whether a number is the one that is corrected: 'not 11 but 13'."""
        return "not_word" in self._before(number) or "rather" in self.starts.get(number.last + 1, ())

    def _led_from(self, number: Quantity) -> int:
        """Return the place just before a number, 'about' and 'only' passed over."""
        at = number.first - 1
        while at >= 0 and at in self.passed_over:
            at = self.passed_over[at] - 1
        return at

    def _before(self, number: Quantity) -> set[str]:
        return self.ends.get(self._led_from(number), set())

    def _follows_a_break(self, number: Quantity) -> bool:
        at = self._led_from(number)
        return at < 0 or is_break(self.scene.tokens[at])

    def _is_bare(self, number: Quantity) -> bool:
        """Return whether no word that could be counted follows a number: a mark, a time, 'and'."""
        after = number.last + 1
        if after >= len(self.scene.tokens) or is_break(self.scene.tokens[after]):
            return True
        leads = self._before(number) & {"measures", "places", "compared"}
        timed = any(time.first in {after, after + 1} for time in self.scene.times)
        return timed or (bool(leads) and "and" in self.starts.get(after, ()))

    def counts_people(self, number: Quantity, context: Context, *, goes_on: bool, struck: bool) -> bool:
        """Return whether a number is followed by people or attempts, or goes on from what was counted before."""
        after = number.last + 1
        mark = self.scene.tokens[after].text if after < len(self.scene.tokens) else ""
        counted = self.what_follows(after)
        if mark in {"%", "§"} or "never_before" in self.ends.get(number.first - 1, ()) or counted is None:
            return False
        if self._is_part_of_another(number):
            return False
        return counted or self._goes_on(number, context, goes_on=goes_on, struck=struck)

    def _goes_on(self, number: Quantity, context: Context, *, goes_on: bool, struck: bool) -> bool:
        """Return whether the people are understood: 'Poland 54 on Friday', 'this year - 1,290'."""
        before = self._before(number)
        if struck or before & {"compared", "they"}:
            return True
        if number.is_word and number.value == 1:
            return self._is_bare(number) and "measures" in before
        near = any(-_NEAR <= number.first - cue.last <= _NEAR + 1 for cue in self.scene.measures)
        if self._is_bare(number):
            known = (
                goes_on
                or context.measure is not None
                or self.scene.measures
                or self.scene.of_kind("services")
            )
            stands = (
                before & {"places", "times", "total", "measures"}
                or self._follows_a_break(number)
                or self._has_in_its_part(number, "total")
                or any(self._in_part(number, time.first) for time in self.scene.times)
            )
            return near or context.fragment or bool(known and stands)
        if goes_on and not number.is_word and self._is_beside_a_place(number):
            return True
        kinds = self.starts.get(number.last + 1, set())
        return "this_year" in kinds or (near and bool(kinds & {"measures", "adjectives", "total"}))

    def _in_part(self, number: Quantity, at: int) -> bool:
        start = max((end for end in self.scene.ends if end < number.first), default=-1)
        return start < at < next(end for end in self.scene.ends if end >= number.first)

    def _has_in_its_part(self, number: Quantity, kind: str) -> bool:
        return any(self._in_part(number, cue.first) for cue in self.scene.of_kind(kind))

    def _is_beside_a_place(self, number: Quantity) -> bool:
        """Return whether a border stands by: '180 people in Poland and 200 in Latvia', 'and Poland 54 on Friday'."""
        after = any("places" in self.starts.get(number.last + ahead, ()) for ahead in (1, 2))
        return after or "places" in self.ends.get(number.first - 1, ())

    def _is_part_of_another(self, number: Quantity) -> bool:
        """Return whether a number is of some among those counted before: 'of them 52 Iraqis'."""
        said = any(
            cue.last < number.first and self._in_part(number, cue.first)
            for cue in self.scene.of_kind("of_which")
        )
        own = [*(cue.first for cue in self.scene.measures), *(time.first for time in self.scene.times)]
        return said and not any(self._in_part(number, at) for at in own)

    def what_follows(self, after: int) -> bool | None:
        """Return whether people follow a number; None if what follows is none (kilometres, soldiers, years)."""
        passed = True
        for place in range(after, min(after + _ATTACHED, len(self.scene.tokens))):
            kinds = self.starts.get(place, set())
            if "people" in kinds or (passed and place > after and "measures" in kinds):
                return True
            if "never_after" in kinds:
                return None
            if is_break(self.scene.tokens[place]) or ("adjectives" not in kinds and place > after + 1):
                break
            passed = passed and "adjectives" in kinds
        return False

    def nobody(self, counts: list[Quantity], context: Context) -> list[Quantity]:
        """Return a zero for the sentence if it says that nobody was counted, or for the parts that say so."""
        said = self.scene.of_kind("none")
        beside = [*self.scene.of_kind("people"), *self.scene.of_kind("they"), *self.scene.measures]
        if not counts and (self.scene.measures or context.measure):
            for cue in said:
                if any(0 < abs(other.first - cue.last) <= _NEAR + 2 for other in beside):
                    return [Quantity(value=0, first=cue.first, last=cue.last, is_none=True, is_alone=True)]
        known = bool(counts) or context.measure is not None
        zeros: list[Quantity] = []
        start = 0
        for end in self.scene.ends:
            cues = [cue for cue in said if start <= cue.first < end]
            numbers = [count for count in counts if start <= count.first < end]
            if cues and not numbers and known:
                cue = cues[-1]
                measured = any(start <= other.first < end for other in self.scene.measures)
                bare = cue.last + 1 >= end and not any(
                    start <= other.first < end
                    for other in self.scene.of_kind("people")
                    if other.first != cue.first
                )
                if (measured and counts) or bare:
                    zeros.append(Quantity(value=0, first=cue.first, last=cue.last, is_none=True))
            start = end + 1
        return zeros
