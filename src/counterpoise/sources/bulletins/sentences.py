"""Sentences and tokens of a text, each with its place in it."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from counterpoise.sources.bulletins.grammar import Token

__all__ = ["Sentence", "is_break", "sentences_of"]

_BREAKS = frozenset(",;:–—()[]|•-…")
_TOKEN = re.compile(
    r"\d{4}-\d\d-\d\d|\d\d?/\d\d?/\d{4}|\d\d?:\d\d"  # days and times of day
    r"|\d+[-–]\d+"  # spans
    r"|\d+(?:[.,’'\u00a0\u202f ]\d{3})+(?![\d])|\d+(?:[.,]\d+)*|[%§]"  # numbers
    r"|(?<=\d)-[^\W\d_]+"  # the ending of a number in digits: '121-ną'
    r"|[^\W\d_]+(?:[-–’'][^\W\d_]+)*"  # words
    r"|[,;:–—()\[\]|•…]|-(?=[\s\d])"  # marks
)
_END = re.compile(r"[.!?]+[\"”»“']*(?=\s|$)|\n+")
_LONGEST_WORD = 60
_WORD = re.compile(r"\s*([^\W\d_]+)")
_TITLES = frozenset(["gen", "płk", "kpt", "mjr", "ppłk", "por", "dr", "mr", "ms", "mrs", "st"])
_MONTHS = frozenset(["jan", "feb", "aug", "sept", "sep", "oct", "nov", "dec"])
_ABBREVIATIONS = (
    _TITLES | _MONTHS | {"tj", "val", "ok", "nr", "art", "str", "тел", "no", "vs", "u", "al", "sk", "d", "dn"}
)
_ORDINALS = frozenset(["st", "nd", "rd", "th"])
_UNITS = frozenset(["tūkst", "tys", "r", "br", "ub", "m", "g", "г", "гг", "тыс", "sg", "p", "proc"])
"""Abbreviations that may end a sentence: they go on if no capital follows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """A sentence, its place in the text, and its tokens in small letters."""

    start: int
    end: int
    tokens: list[Token]


def is_break(token: Token) -> bool:
    """Return whether a token is a mark between the parts of a sentence."""
    return token.text in _BREAKS


def sentences_of(text: str, is_month: Callable[[str], bool] = lambda word: False) -> Iterator[Sentence]:
    """Return the sentences of a text; a full stop after an abbreviation or an ordinal number ends none.

    Parameters
    ----------
    is_month
        Whether a word in small letters is a month: after a number it goes on also with a capital ('9. Juli').
    """
    start = 0
    for end in _END.finditer(text):
        if end.group()[0] == "." and _goes_on(text, start, end, is_month):
            continue
        yield from _sentence(text, start, end.end())
        start = end.end()
    yield from _sentence(text, start, len(text))


def _goes_on(text: str, start: int, end: re.Match[str], is_month: Callable[[str], bool]) -> bool:
    dot, after = end.span()
    before = text[max(start, dot - _LONGEST_WORD) : dot].rsplit(None, 1)
    whole = before[-1].strip("([„\"'").lower() if before else ""
    word = whole.rsplit(".", 1)[-1]
    following = text[after : after + _LONGEST_WORD].lstrip()[:1]
    if word in _UNITS:
        return not following.isupper()
    if word in _ABBREVIATIONS or (len(word) == 1 and word.isalpha()):
        return True
    if whole.replace(".", "").isdecimal():
        is_year = len(word) == 4 and word.isdecimal()
        if following.isupper() and len(word) < 3 and (next_word := _WORD.match(text, after)):
            return is_month(next_word[1].lower())
        return following.islower() or (following.isdecimal() and not is_year)
    return False


def _is_ordinal(text: str, start: int, word: str) -> bool:
    """Return whether a word is the 'th' of '28th'."""
    return word.lower() in _ORDINALS and start > 0 and text[start - 1].isdecimal()


def _sentence(text: str, start: int, end: int) -> Iterator[Sentence]:
    every = _TOKEN.finditer(text, start, end)
    words = (found for found in every if not _is_ordinal(text, found.start(), found.group()))
    tokens = [
        Token(
            text=found.group().lower().replace("’", "'"),
            start=found.start(),
            end=found.end(),
            is_name=found.group()[0].isupper(),
        )
        for found in words
    ]
    if tokens:
        yield Sentence(start=tokens[0].start, end=end, tokens=tokens)
