"""One sentence with what stands in it, and which of it belongs to a number: the measure, the border, the time.

Each is looked for in the number's own part of the sentence (between marks) first, there between the numbers beside
it, then in the parts before, then after. What is found farther away is less sure.
"""

from dataclasses import dataclass, field, replace
from datetime import date
from itertools import pairwise

from counterpoise.sources.bulletins.grammar import Cue, Grammar, Token
from counterpoise.sources.bulletins.quantities import Quantity
from counterpoise.sources.bulletins.sentences import Sentence, is_break
from counterpoise.sources.bulletins.times import Time, times_of

__all__ = ["ELSEWHERE", "RANK", "Context", "Place", "Scene", "border_of", "scene_of"]

RANK = (
    "admitted_humanitarian",
    "prevented",
    "detained",
    "asylum_applications",
    "attempts",
    "arrivals",
    "detections",
    "deaths_missing",
    "recorded",
)
"""Of measures in one part of a sentence the first counts: attempts that were prevented are people turned back."""


_JOINT = 3
"""Words from a time to the next that 'and' joins to it: 'in July and in August'."""
ELSEWHERE = "elsewhere"
"""Value of ``places`` that are no border of ours, such as the Union as a whole: their numbers are not taken."""


def border_of(corridor: str) -> str:
    """Return the border of a corridor that may be a part of one: 'RU-FI' of 'RU-FI-lapland'."""
    return "-".join(corridor.split("-")[:2])


@dataclass(slots=True, kw_only=True)
class Context:
    """What the text has been about so far."""

    home: str | None = None
    """Border of the service that speaks."""
    corridor: str | None = None
    measure: str | None = None
    first_measure: str | None = None
    """What the first figure counts: totals without a word of their own are of it, not of an aside on arrests."""
    time: Time | None = None
    days: dict[str, date] = field(default_factory=dict)
    """Newest day with a figure, by border: a running total beside it ends then."""
    cumulative: Time | None = None
    mentioned: Time | None = None
    """Time named last, also by a sentence without figures."""
    fragment: bool = False
    """Whether no word of the text says what is counted: then it is the service's headline figure."""
    is_total: bool = False
    """Whether the figure before was a running total."""
    about_asylum: bool = False
    is_home_said: bool = False
    """Whether a service or the language says whose border it is; else it is that of the first figure."""
    has_places: bool = True
    """Whether the text names a border or a service."""
    is_unnamed: bool = False
    """Whether a short text names no border and no other place, so that the most likely one may be taken."""
    likely: str | None = None
    """Border of the service that words things so, if the text names none."""
    only_border: str | None = None
    """The border of a text that names one alone."""
    is_aside: bool = False
    """Whether the sentence before was about other things: another border, drivers."""
    is_abroad: bool = False
    """Whether the figure before was of a country and not of its border."""
    is_home_alone: bool = False
    """Whether the text names no border but that of the service that speaks."""
    seen: set[str] = field(default_factory=set)
    """Borders with a figure."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a number stands: the part of the sentence, and the numbers beside it."""

    part_first: int
    part_last: int
    after: int
    before: int
    first_number: int
    """First number of the part."""

    def holds(self, at: int) -> bool:
        """Return whether a token is in the number's part."""
        return self.part_first <= at <= self.part_last

    def is_own(self, at: int) -> bool:
        """Return whether a token is in the number's part and no other number is between."""
        return self.holds(at) and self.after < at < self.before


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """The words of a sentence that mean something, and the ends of its parts."""

    sentence: Sentence
    tokens: list[Token]
    cues: list[Cue]
    kinds: dict[str, list[Cue]]
    """The same by kind."""
    places: list[Cue]
    """Borders; a part of one is named in ``sectors``."""
    sectors: list[Cue]
    measures: list[Cue]
    times: list[Time]
    ends: list[int]

    def of_kind(self, kind: str) -> list[Cue]:
        """Return the cues of a kind, in order."""
        return self.kinds.get(kind, [])

    def part_of(self, at: int) -> tuple[int, int]:
        """Return the first token of the part of the sentence in which a token is, and the mark that ends it."""
        first = max((end + 1 for end in self.ends if end < at), default=0)
        return first, next(end for end in self.ends if end >= at)

    def place_of(self, quantity: Quantity, others: list[Quantity]) -> Place:
        """Return where a number stands among the others."""
        start, end = self.part_of(quantity.first)
        return Place(
            part_first=start,
            part_last=end,
            after=max((other.last for other in others if other.last < quantity.first), default=-1),
            before=min(
                (other.first for other in others if other.first > quantity.last), default=len(self.tokens)
            ),
            first_number=min(other.first for other in others if start <= other.first),
        )

    def measure_of(
        self, quantity: Quantity, place: Place, previous: str | None, context: Context
    ) -> tuple[str | None, bool]:
        """Return what a number counts, and whether words beside it say so.

        Parameters
        ----------
        previous
            What the number before it in the sentence counts.
        """
        own = [cue for cue in self.measures if place.is_own(cue.first)]
        ands = [
            cue.first
            for cue in self.of_kind("and")
            if quantity.last < cue.first < place.before <= place.part_last
        ]
        if ands:  # 'stopped 20 people and let in 3': what follows 'and' is of the next number
            own = [cue for cue in own if cue.first < ands[-1]]
        led = [cue for cue in self.measures if place.after < cue.first < quantity.first]
        if {cue.value for cue in own} == {"attempts"}:  # 'prevented so far … 20 attempts'
            own = [*led, *own] if place.after < 0 else own
        if not own and place.after >= 0:  # between the part of the number before and this one
            end = next(end for end in self.ends if end >= place.after)
            own = [
                cue
                for cue in self.measures
                if end < cue.first < quantity.first and not self._is_relative(cue)
            ]
        if not own and previous is not None:
            return previous, True
        if previous == "prevented" and {cue.value for cue in own} == {"attempts"}:
            return previous, True  # 'prevented 29 attempts, and on Friday 43 attempts'
        inside = own or [cue for cue in self.measures if place.holds(cue.first)]
        after = [cue for cue in self.measures if quantity.first < cue.first < place.before]
        for group in (inside, led, after):
            if group:
                return min((str(cue.value) for cue in group), key=RANK.index), True
        if self.measures:
            return str(min(self.measures, key=lambda cue: abs(cue.first - quantity.first)).value), False
        return context.measure, False

    def _is_relative(self, cue: Cue) -> bool:
        """Return whether a word stands in a clause about people just named ('who tried to cross')."""
        start, _ = self.part_of(cue.first)
        return any(other.first in {start, start + 1} for other in self.of_kind("relative"))

    def corridors_of(
        self, quantity: Quantity, place: Place, context: Context, *, numbers_lead: bool
    ) -> tuple[tuple[str, ...], bool]:
        """Return the borders a number is about, and whether that is sure; several if nobody came at any of them.

        Parameters
        ----------
        numbers_lead
            Whether the first number stands before the first border: '180 in Poland and 200 in Latvia'.
        """
        if quantity.is_alone and self.places:
            return tuple(dict.fromkeys(str(cue.value) for cue in self._places_of_nobody(quantity))), True
        own = [cue for cue in self.places if place.is_own(cue.first)]
        found = own or [cue for cue in self.places if place.holds(cue.first)]
        before = [cue for cue in found or self.places if cue.first < quantity.first]
        after = [cue for cue in found if cue.first > quantity.last]
        if after and (numbers_lead or not before):
            return (str(after[0].value),), True
        if before:
            return (str(before[-1].value),), True
        services = [cue for cue in self.of_kind("services") if cue.first < quantity.first or not self.places]
        if services:
            return (str(services[0].value),), True
        corridor = context.corridor or context.home
        if self.of_kind("superlative") and context.is_home_said and context.home in context.seen:
            corridor = context.home  # a service's records are its own
        if corridor:
            return (corridor,), corridor == context.home
        return ((str(self.places[0].value),), len(self.places) == 1) if self.places else ((), False)

    def _places_of_nobody(self, quantity: Quantity) -> list[Cue]:
        """Return the borders at which nobody came: not those that a later part tells something else of."""
        _, end = self.part_of(quantity.first)
        return [cue for cue in self.places if cue.first < end or self._is_listed(cue)] or self.places

    def _is_listed(self, place: Cue) -> bool:
        """Return whether the part of the sentence in which a border stands says nothing but that."""
        start, end = self.part_of(place.first)
        said = [cue for cue in self.cues if cue.kind != "plain"]
        known = {at for cue in said for at in range(cue.first, cue.last + 1)}
        return sum(at not in known for at in range(start, end)) <= 1

    def names_together(self, place: Place) -> bool:
        """Return whether a number is of two borders together: '89 people tried to enter Lithuania and Poland'."""
        near = [cue for cue in self.places if place.holds(cue.first)]
        joints = {cue.first for cue in self.of_kind("and")}
        return not self.of_kind("each") and any(
            first.value != second.value and second.first - first.last == 2 and first.last + 1 in joints
            for first, second in pairwise(near)
        )

    def sector_of(self, place: Place, corridor: str) -> str:
        """Return the part of a border that a number is of, if its part of the sentence names one and no other."""
        own = [cue for cue in self.sectors if place.is_own(cue.first)]
        found = own or [cue for cue in self.sectors if place.holds(cue.first)]
        named = {str(cue.value) for cue in found if border_of(str(cue.value)) == corridor}
        return named.pop() if len(named) == 1 else ""

    def time_of(self, quantity: Quantity, place: Place) -> Time | None:
        """Return the time a number is about; None if the sentence gives none for it."""
        said = self._in_brackets_after(quantity) or self._two_days_before(quantity, place)
        if said is not None:
            return said
        beside = self._just_before(quantity, place)
        if beside is not None:
            return beside
        inside = [time for time in self.times if place.holds(time.first)]
        own = [time for time in inside if place.is_own(time.first)]
        times_follow = bool(inside) and inside[0].first > place.first_number
        leading = [time for time in self.times if place.after < time.first < quantity.first]
        for group in (own, leading, inside):
            before = [time for time in group if time.first < quantity.first]
            after = [time for time in group if time.first > quantity.first]
            if group:
                chosen = after[0] if after and (times_follow or not before) else before[-1]
                return self._named_day(chosen, leading)
        before = [time for time in self.times if time.first < quantity.first]
        return before[-1] if before else self._after(quantity, place)

    def _just_before(self, quantity: Quantity, place: Place) -> Time | None:
        """Return a day that ends where a number begins, but for a comma, if it stands in no other number's part."""
        for time in self.times:
            between = self.tokens[time.last + 1 : quantity.first]
            start, _ = self.part_of(time.first)
            if (
                place.after < min(start, time.first)
                and time.last < quantity.first
                and all(is_break(token) for token in between)
                and time.period == "day"
            ):
                return time
        return None

    def _named_day(self, chosen: Time, leading: list[Time]) -> Time:
        """Return the day that is named before 'in one day', which names none."""
        if chosen.period != "day" or chosen.named or chosen.day is None:
            return chosen
        days = [time for time in leading if time.period == "day" and time.named and time.day is not None]
        return next((time for time in reversed(days) if time.day and time.day <= chosen.day), chosen)

    def _after(self, quantity: Quantity, place: Place) -> Time | None:
        """Return the time that follows in a later part: of the last number any, of another a day of its own."""
        after = [time for time in self.times if quantity.last < time.first < place.before]
        if after and place.before == len(self.tokens):
            return after[0]
        days = [time for time in after if time.period == "day"]
        named = [cue.first for cue in self.places if cue.first > quantity.last]
        return days[0] if days and not (named and named[0] < days[0].first) else None

    def _two_days_before(self, quantity: Quantity, place: Place) -> Time | None:
        """Return 'on Saturday and Sunday' before a number as both days together."""
        led = [
            time for time in self.times if place.after < time.first < quantity.first and time.period == "day"
        ]
        total = any(place.after < cue.first < place.before for cue in self.of_kind("total"))
        if total and led and (opened := self._day_joined(led[-1])) is not None:
            return replace(led[-1], period="multi_day", opened_on=opened)
        if len(led) < 2 or led[-1].first != led[-2].last + 2:
            return None
        if self.of_kind("each"):
            return None
        if not (total or (led[-1].is_weekday and led[-2].is_weekday)):
            return None
        return replace(led[-1], period="multi_day", first=led[-2].first, opened_on=led[-2].day)

    def _day_joined(self, time: Time) -> date | None:
        """Return the first of two days of one month: the 15th of '15 and 16 November'."""
        joined = any(cue.first == time.first - 1 for cue in self.of_kind("and"))
        number = self.tokens[time.first - 2].text if time.first > 1 else ""
        if not (joined and time.day and number.isdecimal() and 0 < int(number) < time.day.day):
            return None
        return time.day.replace(day=int(number))

    def time_beside(self, time: Time) -> Time | None:
        """Return the time that 'and' joins to a time, of the same kind: the July of 'in July and August'."""
        joints = {cue.first for cue in self.of_kind("and")}
        return next(
            (
                other
                for other in self.times
                if other.period == time.period
                and other.last < time.first
                and time.first - other.last <= _JOINT
                and any(other.last < at < time.first for at in joints)
            ),
            None,
        )

    def _in_brackets_after(self, quantity: Quantity) -> Time | None:
        """Return the time in '33 people (Wednesday)'."""
        for at in range(quantity.last + 1, min(quantity.last + 4, len(self.tokens))):
            if self.tokens[at].text == "(":
                return next((time for time in self.times if time.first in {at + 1, at + 2}), None)
        return None


def scene_of(
    sentence: Sentence, cues: list[Cue], grammar: Grammar, published: date | None, context: Context
) -> Scene:
    """Return a sentence with its cues and times."""
    tokens = sentence.tokens
    kinds: dict[str, list[Cue]] = {}
    for cue in cues:
        kinds.setdefault(cue.kind, []).append(cue)
    return Scene(
        sentence=sentence,
        tokens=tokens,
        cues=cues,
        kinds=kinds,
        places=[cue._replace(value=border_of(str(cue.value))) for cue in kinds.get("places", [])],
        sectors=[cue for cue in kinds.get("places", []) if border_of(str(cue.value)) != cue.value],
        measures=kinds.get("measures", []),
        times=times_of(
            tokens,
            cues,
            published,
            context.time,
            context.mentioned,
            month_first=grammar.month_first,
        ),
        ends=[i for i, token in enumerate(tokens) if is_break(token)] + [len(tokens)],
    )
