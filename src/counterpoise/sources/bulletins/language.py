"""Which language a text is in: the one whose words it uses most, by the letters and the words of the grammars."""

import re

from counterpoise.sources.bulletins.grammar import LANGUAGES, load_grammar

__all__ = ["detect_language"]

_WORD = re.compile(r"[^\W\d_]+")
_MOST = 400
_LETTERS = {"lt": "ėįųūšžčęą", "lv": "āēīūķļņģšžč", "pl": "łśćńóżźęą", "fi": "äö"}


def detect_language(text: str) -> str:
    """Return the code of the language; English if nothing speaks for another."""
    small = text.lower()
    words = _WORD.findall(small)[:_MOST]
    scores: dict[str, float] = {}
    for code in LANGUAGES:
        grammar = load_grammar(code)
        known = sum(any(phrase.words[0] != "*" for phrase in grammar.phrases_of(word)) for word in words)
        letters = sum(small.count(letter) for letter in _LETTERS.get(code, ""))
        scores[code] = known + letters
    if any("а" <= letter <= "я" for letter in small):
        return "ru"
    return max(LANGUAGES, key=lambda code: scores[code])
