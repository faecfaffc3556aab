"""The grammar of a language: words that a person who speaks it keeps in a YAML file, made ready to look up.

A file of ``languages/`` names the words of each kind. A word that ends in ``*`` stands for all that begin so; several
words with spaces are a phrase. Nothing else about a language is written in code.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources
from typing import Any

from ruamel.yaml import YAML

from counterpoise.errors import InputError

__all__ = ["LANGUAGES", "Cue", "Grammar", "Token", "load_grammar", "read_grammar"]

LANGUAGES = ("en", "lt", "lv", "pl", "ru", "fi")
_MAPPED = ("numbers", "weekdays", "months")
_GROUPED = ("places", "measures")
_LISTED = (
    "people",
    "adjectives",
    "none",
    "about",
    "at_least",
    "thousand",
    "one",
    "day_before",
    "today",
    "weekend",
    "week",
    "last_week",
    "this_month",
    "last_month",
    "this_year",
    "last_year",
    "since",
    "since_word",
    "until_word",
    "first_day",
    "compared",
    "total",
    "reported",
    "never_after",
    "never_before",
    "skip",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """A word or number of a text, in small letters, with its place."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Cue:
    """A word or phrase that means something: its kind, what it stands for, and the tokens it takes."""

    kind: str
    value: str | int
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class _Phrase:
    words: tuple[str, ...]
    kind: str
    value: str | int


class Grammar:
    """The words of one language.

    Parameters
    ----------
    code
        ISO 639-1.
    words
        The content of its file.
    """

    def __init__(self, code: str, words: Mapping[str, Any]) -> None:
        self.code = code
        self.home: str | None = words.get("home")
        self.poland_lag: int = int(words.get("poland_lag", 1))
        self._exact: dict[str, list[_Phrase]] = {}
        self._prefix: dict[str, list[_Phrase]] = {}
        for kind in _GROUPED:
            for value, entries in (words.get(kind) or {}).items():
                self._add(kind, entries, str(value))
        for kind in _MAPPED:
            for word, value in (words.get(kind) or {}).items():
                self._add(kind, [str(word)], int(value))
        for kind in _LISTED:
            self._add(kind, [str(word) for word in words.get(kind) or []], "")
        self._lengths = sorted({len(stem) for stem in self._prefix}, reverse=True)
        self.phrases_of = lru_cache(maxsize=20_000)(self._phrases_of)

    def _add(self, kind: str, entries: list[str], value: str | int) -> None:
        for entry in entries:
            words = tuple(entry.lower().split())
            phrase = _Phrase(words, kind, value)
            index, key = (self._prefix, words[0][:-1]) if words[0].endswith("*") else (self._exact, words[0])
            index.setdefault(key, []).append(phrase)

    def _phrases_of(self, word: str) -> tuple[_Phrase, ...]:
        found = list(self._exact.get(word, ()))
        for length in self._lengths:
            if length <= len(word):
                found += self._prefix.get(word[:length], ())
        return tuple(sorted(found, key=lambda phrase: -len(phrase.words)))

    def cues(self, tokens: list[Token]) -> list[Cue]:
        """Return every cue in the tokens of a sentence, in order; of one kind the longest at each place."""
        found: list[Cue] = []
        for first, token in enumerate(tokens):
            kinds: set[str] = set()
            for phrase in self.phrases_of(token.text):
                last = first + len(phrase.words) - 1
                if phrase.kind in kinds or last >= len(tokens):
                    continue
                if all(
                    _fits(word, tokens[first + i].text) for i, word in enumerate(phrase.words[1:], start=1)
                ):
                    kinds.add(phrase.kind)
                    found.append(Cue(kind=phrase.kind, value=phrase.value, first=first, last=last))
        return found


def _fits(word: str, text: str) -> bool:
    return text.startswith(word[:-1]) if word.endswith("*") else text == word


def read_grammar(code: str, text: str) -> Grammar:
    """Return the grammar written in a YAML text.

    Raises
    ------
    InputError
        If it names a kind of words that is not known, or has none of a kind that is needed.
    """
    words = YAML(typ="safe", pure=True).load(text)
    known = {"home", "poland_lag", *_GROUPED, *_MAPPED, *_LISTED}
    unknown = sorted(set(words) - known) if isinstance(words, dict) else ["not a mapping"]
    needed = [
        kind for kind in ("places", "measures", "people") if not (isinstance(words, dict) and words.get(kind))
    ]
    if unknown or needed:
        raise InputError(
            expected="kinds of words that the grammar knows, with places, measures and people",
            found=", ".join([*unknown, *(f"no {kind}" for kind in needed)]),
            where=f"languages/{code}.yml",
            hint=f"the kinds are: {', '.join(sorted(known))}",
        )
    return Grammar(code, words)


@cache
def load_grammar(code: str) -> Grammar:
    """Return the grammar of a language that comes with the program."""
    file = resources.files("counterpoise.sources.bulletins").joinpath("languages", f"{code}.yml")
    return read_grammar(code, file.read_text(encoding="utf-8"))
