"""Which numbers of a sentence count people or attempts, and where a sentence says that there was nobody."""

from dataclasses import replace

from counterpoise.sources.bulletins.grammar import Cue, Grammar
from counterpoise.sources.bulletins.quantities import Quantity, quantities_of
from counterpoise.sources.bulletins.scene import Context, Scene
from counterpoise.sources.bulletins.sentences import is_break

__all__ = ["counts_of"]

_NEAR = 6
_ATTACHED = 7
_LAST_DAY = 31
_NEAR_RATE = 4
_PASSED_OVER = frozenset({"emphasis", "about", "at_least"})


def counts_of(scene: Scene, grammar: Grammar, context: Context) -> tuple[list[Quantity], list[Quantity]]:
    """Return the numbers that count people or attempts in this context, and the others of the sentence, in order.

    Where nobody came a zero counts; a number that is corrected is neither.
    """
    starts: dict[int, set[str]] = {}
    ends: dict[int, set[str]] = {}
    for cue in scene.cues:
        starts.setdefault(cue.first, set()).add(cue.kind)
        ends.setdefault(cue.last, set()).add(cue.kind)
    for time in scene.times:
        ends.setdefault(time.last, set()).add("times")
    words = _Words(scene, starts, ends)
    if words.is_undated_record():
        return [], []
    taken = {i for time in scene.times for i in range(time.first, time.last + 1)}
    numbers = [q for q in quantities_of(scene.tokens, scene.cues, grammar) if q.first not in taken]
    counts: list[Quantity] = []
    others: list[Quantity] = []
    struck = False
    for number in numbers:
        if words.is_left_out(number, context):
            others.append(number)
            continue
        if words.is_struck(number):
            struck = True
            continue
        people = words.what_follows(number.last + 1)
        if words.counts_people(number, context, people=people, goes_on=bool(counts), struck=struck):
            counts.append(replace(number, is_counted=bool(people)))
        else:
            others.append(number)
    zeros = [zero for zero in words.nobody(counts, context) if not words.is_left_out(zero, context)]
    return sorted([*counts, *zeros], key=lambda count: count.first), others


class _Words:
    """A sentence's words by where they begin and end."""

    def __init__(self, scene: Scene, starts: dict[int, set[str]], ends: dict[int, set[str]]) -> None:
        self.scene = scene
        self.starts = starts
        self.ends = ends
        self.other_things = {
            cue.first for cue in scene.cues if cue.kind == "never_after" and cue.last > cue.first
        }
        """Where a phrase for other things begins; it goes before the word for people in it ('times more')."""
        self.passed_over = {cue.last: cue.first for cue in scene.cues if cue.kind in _PASSED_OVER}

    def is_undated_record(self) -> bool:
        """Return whether a sentence tells of a record without its day."""
        named = any(time.named for time in self.scene.times)
        return bool(self.scene.of_kind("record")) and not named

    def is_left_out(self, number: Quantity, context: Context) -> bool:
        """Return whether a number stands by or after words about other things: smugglers, vehicles, other borders.

        What stands in a part of the sentence before them is kept, and so is what follows a semicolon.
        """
        part, part_last = self.scene.part_of(number.first)
        semicolons = [i for i in range(number.first) if self.scene.tokens[i].text == ";"]
        restart = next(
            (
                i
                for i in reversed(semicolons)
                if any(i < cue.first < part_last for cue in self.scene.measures)
            ),
            -1,
        )
        skipped = self.scene.of_kind("skip") + (
            []
            if context.about_asylum
            else [cue for cue in self.scene.of_kind("checkpoint") if not self._is_outside(cue)]
        )
        clause_last = self._clause_after(part_last)
        for cue in skipped:
            if part <= cue.first <= clause_last or restart < cue.first < number.first:
                return True
        after = self.starts.get(number.last + 1, set())
        if "since_word" in self.ends.get(number.first - 1, ()) and after & {"until_word", "to_word"}:
            return True  # 'from 28 until 31 March'
        if "months" in after or (
            number.value <= _LAST_DAY
            and "to_word" in self.ends.get(number.first - 1, ())
            and "times" in self.ends.get(number.first - 2, ())
        ):
            return True  # a day that does not exist; 'August 6 to 10'
        if number.value <= _LAST_DAY and self._ends_days(number):
            return True
        return bool(self.scene.of_kind("average")) or self._is_rate(number)

    def _is_outside(self, checkpoint: Cue) -> bool:
        """Return whether a word says that a crossing was not at a checkpoint: 'outside the checkpoints'."""
        before = range(checkpoint.first - 2, checkpoint.first)
        return any("outside" in self.ends.get(at, ()) for at in before)

    def _ends_days(self, number: Quantity) -> bool:
        """Return whether a number is one of two days of a month: 'on August 21 and 24, there were two'."""
        days = [time for time in self.scene.times if time.period == "day" and not time.is_weekday]
        if "and" in self.starts.get(number.last + 1, ()):
            return any(time.first == number.last + 2 for time in days)  # '16 and 17 December'
        joined = "and" in self.ends.get(number.first - 1, ())
        return joined and any(time.last == number.first - 2 for time in days) and self._is_bare(number)

    def _is_rate(self, number: Quantity) -> bool:
        """Return whether a number is one of every day: '50 a day', 'up to 100 daily, while now it is around ten'."""
        rates = [cue.first for cue in self.scene.of_kind("per_day")]
        if any(number.last < at <= number.last + _NEAR_RATE for at in rates):
            return True
        said = [cue.first for cue in self.scene.measures] + [time.first for time in self.scene.times]
        goes_on = not any(self._in_part(number, at) for at in said)
        return goes_on and any(at < number.first for at in rates)

    def _clause_after(self, part_last: int) -> int:
        """Return where the part of a sentence ends, with a relative clause that follows: ', who helped'."""
        if any(cue.first in {part_last + 1, part_last + 2} for cue in self.scene.of_kind("relative")):
            return next((end for end in self.scene.ends if end > part_last), part_last)
        return part_last

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
        joined = "and" in self.starts.get(after, ())
        near = {after, after + 1, after + 2} if joined else {after, after + 1}
        timed = any(time.first in near for time in self.scene.times)
        listed = (
            joined and after + 1 < len(self.scene.tokens) and self.scene.tokens[after + 1].text[0].isdecimal()
        )
        return timed or listed or (joined and bool(leads))

    def counts_people(
        self, number: Quantity, context: Context, *, people: bool | None, goes_on: bool, struck: bool
    ) -> bool:
        """Return whether a number is followed by people or attempts, or goes on from what was counted before.

        Parameters
        ----------
        people
            What follows it, as ``what_follows`` says.
        """
        after = number.last + 1
        mark = self.scene.tokens[after].text if after < len(self.scene.tokens) else ""
        if mark in {"%", "§"} or self._is_led_elsewhere(number) or people is None:
            return False
        if self._is_part_of_another(number) or (goes_on and self._is_of_some_country(number)):
            return False
        if people and (self.scene.measures or context.fragment or goes_on):
            return True
        return self._goes_on(number, context, counted=people, goes_on=goes_on, struck=struck)

    def _is_led_elsewhere(self, number: Quantity) -> bool:
        """Return whether a word before a number makes it one of other things: 'aged 24', 'between 18 and 35'."""
        others = {"never_before", "between"}
        joined = "and" in self.ends.get(number.first - 1, ()) and "between" in self.ends.get(
            number.first - 3, ()
        )
        return joined or bool(others & self._before(number))

    def _goes_on(
        self, number: Quantity, context: Context, *, counted: bool, goes_on: bool, struck: bool
    ) -> bool:
        """Return whether what is counted is understood: 'Poland 54 on Friday', 'this year - 1,290'."""
        before = self._before(number)
        if struck or before & {"compared", "they"}:
            return True
        if number.is_word and number.value == 1:
            continued = goes_on and self._follows_a_break(number)
            return self._is_bare(number) and ("measures" in before or continued)
        near = any(-_NEAR <= number.first - cue.last <= _NEAR + 1 for cue in self.scene.measures)
        if counted or self._is_bare(number):
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
        return self._same_part(number.first, at)

    def _has_in_its_part(self, number: Quantity, kind: str) -> bool:
        return any(self._in_part(number, cue.first) for cue in self.scene.of_kind(kind))

    def _is_beside_a_place(self, number: Quantity) -> bool:
        """Return whether a border stands by: '180 people in Poland and 200 in Latvia', 'and Poland 54 on Friday'."""
        after = any("places" in self.starts.get(number.last + ahead, ()) for ahead in (1, 2, 3))
        return after or "places" in self.ends.get(number.first - 1, ())

    def _is_part_of_another(self, number: Quantity) -> bool:
        """Return whether a number is of some among those counted before: 'of them 52 Iraqis'."""
        before = [cue for cue in self.scene.of_kind("of_which") if cue.last < number.first]
        if any(number.first <= cue.first <= number.last + 3 for cue in self.scene.sectors):
            return False  # 'of them 84 at Niirala' is of a part of the border
        if before and self._names_citizens(number):
            return True
        said = any(self._in_part(number, cue.first) for cue in before)
        measures = [cue.first for cue in self.scene.measures if cue.value != "attempts"]
        timed = any(number.last < time.first <= number.last + _ATTACHED for time in self.scene.times)
        own = [*measures, *(time.first for time in self.scene.times)]
        return said and not timed and not any(self._in_part(number, at) for at in own)

    def _is_of_some_country(self, number: Quantity) -> bool:
        """Return whether a number in a list tells who those counted before were: '29 people: 24 citizens of Iraq'."""
        own = [one.first for one in (*self.scene.measures, *self.scene.places)]
        own += [time.first for time in self.scene.times]
        return self._names_citizens(number) and not any(self._in_part(number, at) for at in own)

    def _names_citizens(self, number: Quantity) -> bool:
        """Return whether citizens of some country are what a number counts."""
        near = range(number.last + 1, number.last + 4)
        return any("citizens" in self.starts.get(at, ()) for at in near)

    def what_follows(self, after: int) -> bool | None:
        """Return whether people follow a number; None if what follows is none (kilometres, soldiers, years)."""
        passed, unknown, place = True, 0, after
        while place < min(after + _ATTACHED, len(self.scene.tokens)) and unknown <= 1:
            kinds = self.starts.get(place, set())
            if place in self.other_things:
                return None
            if "people" in kinds or (passed and place > after and "measures" in kinds):
                return True
            if place == after and self._follows_of_them(place):
                return True
            if "occasions" in kinds and self._is_of_attempts(after):
                return True
            if "never_after" in kinds:
                return None
            if is_break(self.scene.tokens[place]):
                break
            named = self.scene.tokens[place].is_name or (place > after and "and" in kinds)
            unknown += not named and "adjectives" not in kinds
            passed = passed and "adjectives" in kinds
            place += 1
        return False

    def _follows_of_them(self, at: int) -> bool:
        """Return whether '10 179 of them could not enter' says what some of those counted before did."""
        here = next((cue for cue in self.scene.of_kind("of_which") if cue.first == at), None)
        if here is None:
            return False
        times = [time.first for time in self.scene.times]
        said = [*(cue.first for cue in self.scene.measures), *times]
        return any(at < one and self._same_part(at, one) for one in said)

    def _is_of_attempts(self, at: int) -> bool:
        """Return whether a part of the sentence tells of attempts: 'tried to cross 39 700 times'."""
        return any(cue.value == "attempts" and self._same_part(at, cue.first) for cue in self.scene.measures)

    def _same_part(self, first: int, second: int) -> bool:
        start, end = self.scene.part_of(first)
        return start <= second < end

    def nobody(self, counts: list[Quantity], context: Context) -> list[Quantity]:
        """Return a zero for each part of the sentence that says so, or for the whole if it says that nobody came."""
        phrases = [cue for cue in self.scene.measures if cue.last > cue.first]
        said = [
            cue
            for cue in self.scene.of_kind("none")
            if not any(phrase.first <= cue.first <= phrase.last for phrase in phrases)
        ]
        known = bool(
            counts
            or context.measure
            or self.scene.measures
            or self.scene.places
            or self.scene.of_kind("services")
        )
        zeros: list[Quantity] = []
        start = 0
        for end in self.scene.ends:
            cues = [cue for cue in said if start <= cue.first < end]
            taken = any(start <= count.first < end for count in counts)
            dated = bool(cues) and any(
                time.first in {cues[-1].last + 1, cues[-1].last + 2} for time in self.scene.times
            )
            if cues and known and (dated or not taken) and self._says_nobody(cues[-1], start, end):
                zeros.append(Quantity(value=0, first=cues[-1].first, last=cues[-1].last, is_none=True))
            start = end + 1
        if counts or len(zeros) > 1:
            return zeros
        beside = [*self.scene.of_kind("people"), *self.scene.of_kind("they"), *self.scene.measures]
        for cue in said if known else []:
            near = any(
                other.first != cue.first and abs(other.first - cue.last) <= _NEAR + 2 for other in beside
            )
            if near or zeros:
                return [Quantity(value=0, first=cue.first, last=cue.last, is_none=True, is_alone=True)]
        return []

    def _says_nobody(self, none: Cue, start: int, end: int) -> bool:
        """Return whether a part has a measure of its own beside 'nobody', or is just that: '- none on Monday'."""
        beside = [cue for cue in self.scene.measures if start <= cue.first < end]
        if any(
            cue.first != none.first or (none.last > none.first and cue.value != "recorded") for cue in beside
        ):
            return True
        after = none.last + 1
        closed = after >= end or any(time.first in {after, after + 1} for time in self.scene.times)
        people = [cue for cue in self.scene.of_kind("people") if start <= cue.first < end]
        if people and not self.scene.measures:
            return True
        return closed and all(cue.first == none.first for cue in people)
