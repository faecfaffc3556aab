"""Numbers in a sentence: digits with any mark of thousands, words, and 'none'."""

import re
from dataclasses import dataclass

from counterpoise.sources.bulletins.grammar import Cue, Grammar, Token

__all__ = ["Quantity", "quantities_of"]

_GROUPED = re.compile(r"\d{1,3}(?:[.,’'\u00a0\u202f ]\d{3})+")
_LARGEST = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantity:
    """A number: its value, the tokens it takes, and whether it is a bound or only about right."""

    value: int
    first: int
    last: int
    is_word: bool = False
    is_none: bool = False
    bound: str = ""
    """``at_least``, ``about`` or empty."""


def quantities_of(tokens: list[Token], cues: list[Cue], grammar: Grammar) -> list[Quantity]:
    """Return the numbers of a sentence in order; dates, years and times of day are left to the reader of times."""
    by_place: dict[int, list[Cue]] = {}
    for cue in cues:
        by_place.setdefault(cue.first, []).append(cue)
    found: list[Quantity] = []
    i = 0
    while i < len(tokens):
        quantity = _digits(tokens, i, by_place) or _words(i, by_place)
        if quantity is None:
            i += 1
            continue
        found.append(_with_bound(quantity, by_place))
        i = quantity.last + 1
    return found


def _digits(tokens: list[Token], i: int, by_place: dict[int, list[Cue]]) -> Quantity | None:
    text = tokens[i].text
    if not text[0].isdecimal():
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
    if last + 1 < len(tokens) and tokens[last + 1].text[0] == "-" and last + 1 not in by_place:
        last += len(tokens[last + 1].text) > 1  # the ending of a number in digits: '121-ną'
    return Quantity(value=int(value), first=i, last=last) if value <= _LARGEST else None


def _words(i: int, by_place: dict[int, list[Cue]]) -> Quantity | None:
    here = {cue.kind: cue for cue in by_place.get(i, ())}
    if "numbers" in here:
        thousand = any(cue.kind == "thousand" for cue in by_place.get(i + 1, ()))
        value = int(here["numbers"].value) * (1000 if thousand else 1)
        return Quantity(value=value, first=i, last=i + thousand, is_word=True)
    if "one" in here and not _is_none(i, by_place):
        return Quantity(value=1, first=i, last=here["one"].last, is_word=True)
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
            if cue.kind in {"about", "at_least"} and cue.last == quantity.first - 1:
                bound = cue.kind
    return Quantity(
        value=quantity.value,
        first=quantity.first,
        last=quantity.last,
        is_word=quantity.is_word,
        bound=bound,
    )
