"""Sentences and tokens of a text, each with its place in it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from counterpoise.sources.bulletins.grammar import Token

__all__ = ["Sentence", "is_break", "sentences_of"]

_BREAKS = frozenset(",;:–—()[]|•-")
_TOKEN = re.compile(
    r"\d+(?:[.,’'\u00a0\u202f ]\d{3})+(?![\d])|\d+(?:[.,]\d+)*|%"  # numbers
    r"|(?<=\d)-[^\W\d_]+"  # the ending of a number in digits: '121-ną'
    r"|[^\W\d_]+(?:[-’'][^\W\d_]+)*"  # words
    r"|[,;:–—()\[\]|•]|-(?=\s)"  # marks
)
_END = re.compile(r"[.!?]+(?=\s|$)|\n+")
_ABBREVIATIONS = frozenset(
    [
        "tūkst",
        "tys",
        "tj",
        "r",
        "br",
        "m",
        "d",
        "val",
        "ok",
        "st",
        "nr",
        "art",
        "str",
        "gen",
        "płk",
        "kpt",
        "mjr",
        "ppłk",
        "g",
        "гг",
        "г",
        "тыс",
        "тел",
        "dr",
        "mr",
        "ms",
        "mrs",
        "no",
        "vs",
        "u",
        "al",
        "sk",
        "sg",
        "p",
    ]
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """A sentence, its place in the text, and its tokens in small letters."""

    start: int
    end: int
    tokens: list[Token]


def is_break(token: Token) -> bool:
    """Return whether a token is a mark between the parts of a sentence."""
    return token.text in _BREAKS


def sentences_of(text: str) -> Iterator[Sentence]:
    """Return the sentences of a text; a full stop after an abbreviation or an ordinal number ends none."""
    start = 0
    for end in _END.finditer(text):
        if end.group()[0] == "." and _goes_on(text, start, end.start(), end.end()):
            continue
        yield from _sentence(text, start, end.end())
        start = end.end()
    yield from _sentence(text, start, len(text))


def _goes_on(text: str, start: int, dot: int, after: int) -> bool:
    before = text[start:dot].rsplit(None, 1)
    word = before[-1].strip("(„\"'").lower() if before else ""
    following = text[after:].lstrip()[:1]
    if word in _ABBREVIATIONS or (len(word) == 1 and word.isalpha()):
        return not following.isupper() or word not in {"m", "r", "g", "d"} or word in {"d"}
    if word.replace(".", "").isdecimal():
        return following.islower() or following.isdecimal()
    return False


def _sentence(text: str, start: int, end: int) -> Iterator[Sentence]:
    tokens = [
        Token(text=found.group().lower().replace("’", "'"), start=found.start(), end=found.end())
        for found in _TOKEN.finditer(text, start, end)
    ]
    if tokens:
        yield Sentence(start=tokens[0].start, end=end, tokens=tokens)
