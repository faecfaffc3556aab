"""Which language a text is in: the one whose words it uses most, by the letters and the words of the grammars."""

import re

from counterpoise.sources.bulletins.grammar import LANGUAGES, load_grammar

__all__ = ["detect_language"]

_WORD = re.compile(r"[^\W\d_]+")
_MOST = 400
_LETTERS = {"lt": "ėįųūšžčęą", "lv": "āēīūķļņģšžč", "pl": "łśćńóżźęą", "fi": "äö", "de": "üß"}
_FEW = 5
"""How many times rarer a letter is in a language that has it only in words of another."""


def detect_language(text: str) -> str:
    """Return the code of the language; English if nothing speaks for another."""
    small = text.lower()
    if any("а" <= letter <= "я" for letter in small):
        return _cyrillic(small)
    words = _WORD.findall(small)[:_MOST]
    scores: dict[str, float] = {}
    for code in LANGUAGES:
        grammar = load_grammar(code)
        known = sum(any(phrase.words[0] != "*" for phrase in grammar.phrases_of(word)) for word in words)
        letters = sum(small.count(letter) for letter in _LETTERS.get(code, ""))
        scores[code] = known + letters
    return max(LANGUAGES, key=lambda code: scores[code])


def _cyrillic(small: str) -> str:
    """Return which of three languages it is: only Russian lacks the letter 'і', only Belarusian lacks 'и'."""
    dotted, plain = small.count("і"), small.count("и")
    if dotted * _FEW < plain:
        return "ru"
    return "be" if plain * _FEW < dotted else "uk" if dotted else "ru"
