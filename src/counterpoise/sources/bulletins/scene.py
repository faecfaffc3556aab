"""One sentence with what stands in it, and which of it belongs to a number: the measure, the border, the time.

Each is looked for in the number's own part of the sentence (between marks) first, there between the numbers beside
it, then in the parts before, then after. What is found farther away is less sure.
"""

from dataclasses import dataclass, field
from datetime import date

from counterpoise.sources.bulletins.grammar import Cue, Grammar, Token
from counterpoise.sources.bulletins.quantities import Quantity
from counterpoise.sources.bulletins.sentences import Sentence, is_break
from counterpoise.sources.bulletins.times import Time, times_of

__all__ = ["RANK", "Context", "Place", "Scene", "scene_of"]

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


@dataclass(slots=True, kw_only=True)
class Context:
    """What the text has been about so far."""

    corridor: str | None = None
    measure: str | None = None
    days: dict[str, date] = field(default_factory=dict)
    """Newest day with a figure, by border: a running total beside it ends then."""
    cumulative: Time | None = None
    fragment: bool = False
    """Whether no word of the text says what is counted: then it is the service's headline figure."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a number stands: the part of the sentence, and the numbers beside it."""

    part_first: int
    part_last: int
    after: int
    before: int

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
    places: list[Cue]
    measures: list[Cue]
    times: list[Time]
    ends: list[int]

    def of_kind(self, kind: str) -> list[Cue]:
        """Return the cues of a kind, in order."""
        return [cue for cue in self.cues if cue.kind == kind]

    def place_of(self, quantity: Quantity, others: list[Quantity]) -> Place:
        """Return where a number stands among the others."""
        end = next(end for end in self.ends if quantity.first <= end)
        return Place(
            part_first=max((other + 1 for other in self.ends if other < quantity.first), default=0),
            part_last=end,
            after=max((other.last for other in others if other.last < quantity.first), default=-1),
            before=min(
                (other.first for other in others if other.first > quantity.last), default=len(self.tokens)
            ),
        )

    def measure_of(self, quantity: Quantity, place: Place, context: Context) -> tuple[str | None, bool]:
        """Return what a number counts, and whether the words beside it say so."""
        own = [cue for cue in self.measures if place.is_own(cue.first)]
        inside = own or [cue for cue in self.measures if place.holds(cue.first)]
        before = [cue for cue in self.measures if place.after < cue.first < quantity.first]
        after = [cue for cue in self.measures if quantity.first < cue.first < place.before]
        for group in (inside, before, after):
            if group:
                return min((str(cue.value) for cue in group), key=RANK.index), True
        if self.measures:
            return str(min(self.measures, key=lambda cue: abs(cue.first - quantity.first)).value), False
        return context.measure, False

    def corridors_of(
        self, quantity: Quantity, place: Place, grammar: Grammar, context: Context, *, numbers_lead: bool
    ) -> tuple[tuple[str, ...], bool]:
        """Return the borders a number is about, and whether that is sure; several if nobody came at any of them.

        Parameters
        ----------
        numbers_lead
            Whether the first number stands before the first border: '180 in Poland and 200 in Latvia'.
        """
        if quantity.is_none and self.places:
            return tuple(dict.fromkeys(str(cue.value) for cue in self.places)), True
        own = [cue for cue in self.places if place.is_own(cue.first)]
        found = own or [cue for cue in self.places if place.holds(cue.first)]
        before = [cue for cue in found or self.places if cue.first < quantity.first]
        after = [cue for cue in found if cue.first > quantity.last]
        if after and (numbers_lead or not before):
            return (str(after[0].value),), True
        if before:
            return (str(before[-1].value),), True
        if self.places:
            return (str(self.places[0].value),), len({cue.value for cue in self.places}) == 1
        if context.corridor is not None:
            return (context.corridor,), grammar.home == context.corridor
        return ((grammar.home,), True) if grammar.home else ((), False)

    def time_of(self, quantity: Quantity, place: Place) -> Time | None:
        """Return the time a number is about; None if the sentence gives none for it."""
        own = [time for time in self.times if place.is_own(time.first)]
        for group in (own, [time for time in self.times if place.holds(time.first)]):
            if group:
                before = [time for time in group if time.first < quantity.first]
                return before[-1] if before else group[0]
        before = [time for time in self.times if time.first < quantity.first]
        if before:
            return before[-1]
        after = (
            time for time in self.times if quantity.last < time.first < place.before and time.period == "day"
        )
        return next(after, None)


def scene_of(sentence: Sentence, cues: list[Cue], published: date | None) -> Scene:
    """Return a sentence with its cues and times."""
    tokens = sentence.tokens
    return Scene(
        sentence=sentence,
        tokens=tokens,
        cues=cues,
        places=[cue for cue in cues if cue.kind == "places"],
        measures=[cue for cue in cues if cue.kind == "measures"],
        times=times_of(tokens, cues, published),
        ends=[i for i, token in enumerate(tokens) if is_break(token)] + [len(tokens)],
    )
