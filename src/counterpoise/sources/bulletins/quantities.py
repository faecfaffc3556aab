"""Numbers in a sentence: digits with any mark of thousands, words, and 'none'."""

import re
from dataclasses import dataclass, replace

from counterpoise.sources.bulletins.grammar import Cue, Grammar, Token

__all__ = ["Quantity", "quantities_of"]

_GROUPED = re.compile(r"\d{1,3}(?:[.,’'\u00a0\u202f ]\d{3})+")
_HUNDREDS = re.compile(r"[1-9]\d\d")
_LARGEST = 1_000_000
_LONGEST = 12
"""Characters; no number that counts people is longer."""
_TEN, _HUNDRED = 10, 100
_OF_NUMBERS = frozenset({"numbers", "one", "none", "thousand", "half", "about", "at_least"})
_BOUNDS = frozenset({"about", "at_least"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantity:
    """A number: its value, the tokens it takes, and whether it is a bound or only about right."""

    value: int
    first: int
    last: int
    is_word: bool = False
    is_none: bool = False
    is_counted: bool = False
    """Whether the people or attempts it counts are named by it."""
    is_alone: bool = False
    """Whether it is a zero for the whole sentence, at every border that is named."""
    bound: str = ""
    """``at_least``, ``about`` or empty."""


def quantities_of(tokens: list[Token], cues: list[Cue], grammar: Grammar) -> list[Quantity]:
    """Return the numbers of a sentence in order; dates, years and times of day are left to the reader of times."""
    by_place: dict[int, list[Cue]] = {}
    for cue in cues:
        if cue.kind not in _OF_NUMBERS and tokens[cue.first].text[0] != "-":
            continue
        by_place.setdefault(cue.first, []).append(cue)
    found: list[Quantity] = []
    i = 0
    while i < len(tokens):
        if i not in by_place and not tokens[i].text[0].isdecimal():
            i += 1
            continue
        quantity = _digits(tokens, i, by_place) or _words(i, by_place) or _a_thousand(i, by_place)
        if quantity is None:
            i += 1
            continue
        found.append(_with_bound(quantity, by_place))
        i = quantity.last + 1
    return found


def _digits(tokens: list[Token], i: int, by_place: dict[int, list[Cue]]) -> Quantity | None:
    text = tokens[i].text
    if not text[0].isdecimal() or len(text) > _LONGEST:
        return None
    thousand = any(cue.kind == "thousand" for cue in by_place.get(i + 1, ()))
    if _GROUPED.fullmatch(text) and not thousand:
        value: float = int(re.sub(r"\D", "", text))
    elif text.isdecimal():
        value = int(text)
    elif re.fullmatch(r"\d+[.,]\d+", text) and thousand:
        value = float(text.replace(",", "."))
    else:
        return None
    value = round(value * 1000) if thousand else value
    last = i + thousand
    if thousand and last + 1 < len(tokens) and _HUNDREDS.fullmatch(tokens[last + 1].text):
        value, last = value + int(tokens[last + 1].text), last + 1  # '17 tys. 100'
    if last + 1 < len(tokens) and tokens[last + 1].text[0] == "-" and last + 1 not in by_place:
        last += len(tokens[last + 1].text) > 1  # the ending of a number in digits: '121-ną'
    return Quantity(value=int(value), first=i, last=last) if value <= _LARGEST else None


def _words(i: int, by_place: dict[int, list[Cue]]) -> Quantity | None:
    """Return a number in words: 'forty three', 'dwadzieścia tysięcy sto', 'piętnaście i pół tysiąca'."""
    value, last = _below_a_thousand(i, by_place)
    if last < i:
        return None
    half = next((cue for cue in by_place.get(last + 1, ()) if cue.kind == "half"), None)
    after = half.last + 1 if half else last + 1
    if any(cue.kind == "thousand" for cue in by_place.get(after, ())):
        rest, end = _below_a_thousand(after + 1, by_place)
        value, last = value * 1000 + (500 if half else rest), after if half else max(after, end)
    return Quantity(value=value, first=i, last=last, is_word=True)


def _a_thousand(i: int, by_place: dict[int, list[Cue]]) -> Quantity | None:
    """Return the thousand of 'more than a thousand'; alone the word is a plural that says no number."""
    cue = next((cue for cue in by_place.get(i, ()) if cue.kind == "thousand"), None)
    bounds = (by_place.get(i - back, ()) for back in (1, 2, 3))
    bound = any(c.kind in _BOUNDS and c.last == i - 1 for cues in bounds for c in cues)
    return Quantity(value=1000, first=i, last=cue.last, is_word=True) if cue and bound else None


def _below_a_thousand(i: int, by_place: dict[int, list[Cue]]) -> tuple[int, int]:
    """Return the number whose words begin at a place, and its last place (before the place: there is none)."""
    value, last = 0, i - 1
    while (word := _number_word(last + 1, by_place)) is not None:
        number, end = word
        if number == _HUNDRED and 0 < value < _TEN:  # 'two hundred'
            value *= _HUNDRED
        elif number < _room(value):
            value += number
        else:
            break
        last = end
    return value, last


def _room(value: int) -> int:
    """Return below which a number must be to go on from one said before: 'forty' takes a 'three', 'ten' none."""
    if value == 0:
        return _HUNDRED * _TEN
    if value % _HUNDRED == 0:
        return _HUNDRED
    return _TEN if value % _TEN == 0 and value % _HUNDRED > _TEN else 0


def _number_word(i: int, by_place: dict[int, list[Cue]]) -> tuple[int, int] | None:
    here = {cue.kind: cue for cue in by_place.get(i, ())}
    if "numbers" in here:
        return int(here["numbers"].value), i
    if "one" in here and not _is_none(i, by_place):
        return 1, here["one"].last
    return None


def _is_none(i: int, by_place: dict[int, list[Cue]]) -> bool:
    """Return whether the 'one' at a place belongs to a 'not one'."""
    return any(
        cue.kind == "none" and cue.last >= i for back in (0, 1, 2) for cue in by_place.get(i - back, ())
    )


def _with_bound(quantity: Quantity, by_place: dict[int, list[Cue]]) -> Quantity:
    bound = ""
    for back in (1, 2, 3):
        for cue in by_place.get(quantity.first - back, ()):
            if cue.kind in _BOUNDS and cue.last == quantity.first - 1:
                bound = cue.kind
    return replace(quantity, bound=bound)
