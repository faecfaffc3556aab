"""The grammar of a language: words that a person who speaks it keeps in a YAML file, made ready to look up.

A file of ``languages/`` names the words of each kind. A word that ends in ``*`` stands for all that begin so; several
words with spaces are a phrase. Nothing else about a language is written in code.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources
from typing import Any, NamedTuple

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from counterpoise.errors import InputError

__all__ = ["LANGUAGES", "Cue", "Grammar", "Token", "load_grammar", "read_grammar"]

LANGUAGES = ("en", "lt", "lv", "pl", "ru", "fi", "uk", "be", "de")
_LONGEST_NUMBER = 40
"""Characters of a number in words that are written as one."""
_MAPPED = ("numbers", "weekdays", "months")
_GROUPED = ("places", "services", "measures", "wording")
_LISTED = (
    "people",
    "adjectives",
    "none",
    "about",
    "at_least",
    "thousand",
    "one",
    "day_before",
    "two_days_before",
    "citizens",
    "between",
    "plain",
    "outside",
    "occasions",
    "each",
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
    "same_day",
    "same_time",
    "both_after",
    "year_earlier",
    "several_days",
    "of_which",
    "per_day",
    "average",
    "record",
    "emphasis",
    "they",
    "not_word",
    "rather",
    "reported_on",
    "superlative",
    "than",
    "relative",
    "since_far",
    "week_earlier",
    "quarter",
    "day_earlier",
    "year_before_last",
    "checkpoint",
    "border",
    "to_word",
    "since_after",
    "until_after",
    "and",
    "respectively",
    "half",
    "total",
    "reported",
    "never_after",
    "never_before",
    "skip",
)


class Token(NamedTuple):
    """A word or number of a text, in small letters, with its place."""

    text: str
    start: int
    end: int
    is_name: bool = False
    """Whether it is written with a capital."""


class Cue(NamedTuple):
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
        self.capitalised: bool = bool(words.get("capitalised", False))
        self.month_first: bool = bool(words.get("month_first", False))
        self.spoken_abroad: bool = bool(words.get("spoken_abroad", False))
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
        for half in range(2, min(len(word), _LONGEST_NUMBER) - 1):  # 'forty-one', 'neljäkymmentäkuusi'
            tens, ones = self._number(word[:half]), self._number(word[half:].removeprefix("-"))
            if tens and ones and tens % 10 == 0 and tens > 10 > ones:
                found.append(_Phrase((word,), "numbers", tens + ones))
        for length in self._lengths:
            if length <= len(word):
                found += self._prefix.get(word[:length], ())
        return tuple(sorted(found, key=lambda phrase: -len(phrase.words)))

    def _number(self, word: str) -> int | None:
        values = [p.value for p in self._exact.get(word, ()) if p.kind == "numbers" and len(p.words) == 1]
        ones = [p for p in self._exact.get(word, ()) if p.kind == "one" and len(p.words) == 1]
        return int(values[0]) if values else 1 if ones else None

    def is_month(self, word: str) -> bool:
        """Return whether a word in small letters is the name of a month."""
        return any(phrase.kind == "months" for phrase in self.phrases_of(word))

    def cues(self, tokens: list[Token]) -> list[Cue]:
        """Return every cue in the tokens of a sentence, in order; of one kind the longest, and none inside another."""
        found: list[Cue] = []
        covered: dict[str, int] = {}
        lookup = self.phrases_of
        for first, token in enumerate(tokens):
            phrases = lookup(token.text)
            if not phrases:
                continue
            kinds: set[str] = set()
            for phrase in phrases:
                last = first + len(phrase.words) - 1
                if phrase.kind == "months" and self.capitalised and not token.is_name:  # 'may' is no month
                    continue
                if phrase.kind in kinds or last >= len(tokens) or covered.get(phrase.kind, -1) >= first:
                    continue
                if last == first or _follow(phrase.words, tokens, first):
                    kinds.add(phrase.kind)
                    covered[phrase.kind] = last
                    found.append(Cue(kind=phrase.kind, value=phrase.value, first=first, last=last))
        return found


def _follow(words: tuple[str, ...], tokens: list[Token], first: int) -> bool:
    """Return whether the words of a phrase after its first follow a token."""
    for i in range(1, len(words)):
        word, text = words[i], tokens[first + i].text
        if not (text.startswith(word[:-1]) if word[-1] == "*" else text == word):
            return False
    return True


def read_grammar(code: str, text: str) -> Grammar:
    """Return the grammar written in a YAML text.

    Raises
    ------
    InputError
        If it names a kind of words that is not known, or has none of a kind that is needed.
    """
    try:
        words = YAML(typ="safe", pure=True).load(text)
    except YAMLError as error:
        raise InputError(
            expected="YAML",
            found=" ".join(str(error).split()),
            where=f"languages/{code}.yml",
            hint='a word that begins with a mark is written in quotes: "* days"',
        ) from error
    known = {
        "home",
        "spoken_abroad",
        "capitalised",
        "month_first",
        "poland_lag",
        *_GROUPED,
        *_MAPPED,
        *_LISTED,
    }
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
