"""The four questions, their answers, and what each answer predicts, read from ``data/attribution/questions.yml``."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from ruamel.yaml import YAML

from counterpoise.attribution.words import PROBABILITY_WORDS

__all__ = ["Answer", "Fact", "Question", "load_facts", "load_questions", "plain_answer"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One answer to a question.

    Parameters
    ----------
    name
        Stable code.
    title
        As a reader says it.
    definition
        When the answer is true.
    predicts
        Indicator -> what the answer predicts of it, in words.
    """

    name: str
    title: str
    definition: str
    predicts: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One of the four questions; the first answer is the plain one, against which likelihood ratios are stated."""

    name: str
    title: str
    asks: str
    answers: tuple[Answer, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """Codes of the answers, the plain one first."""
        return tuple(answer.name for answer in self.answers)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """A kind of coded fact: what an event of a case may show.

    Parameters
    ----------
    direction
        What it is declared beforehand to do to a flow: ``up``, ``down``, or ``none``.
    predicted
        Question -> answer -> how probable the fact is under the answer, in the words of ``PROBABILITY_WORDS``. Answers
        that are left out are ``even``; questions that are left out are not touched.
    """

    name: str
    title: str
    direction: str
    predicted: Mapping[str, Mapping[str, str]]

    def word(self, question: str, answer: str) -> str:
        """Return how probable the fact is under an answer."""
        return self.predicted.get(question, {}).get(answer, "even")


@cache
def _document() -> Mapping[str, Any]:
    text = files("counterpoise.data").joinpath("attribution", "questions.yml").read_text(encoding="utf-8")
    document: Mapping[str, Any] = YAML(typ="safe", pure=True).load(text)
    return document


@cache
def load_questions() -> tuple[Question, ...]:
    """Return the questions in their order: driver, opening, aim, record."""
    return tuple(
        Question(
            name=entry["name"],
            title=entry["title"],
            asks=_text(entry["asks"]),
            answers=tuple(
                Answer(
                    name=answer["name"],
                    title=answer["title"],
                    definition=_text(answer["definition"]),
                    predicts={k: _text(v) for k, v in answer["predicts"].items()},
                )
                for answer in entry["answers"]
            ),
        )
        for entry in _document()["questions"]
    )


@cache
def load_facts() -> Mapping[str, Fact]:
    """Return the kinds of coded facts by name."""
    facts = {
        name: Fact(
            name=name,
            title=_text(entry["title"]),
            direction=entry["direction"],
            predicted=entry.get("predicted", {}),
        )
        for name, entry in _document()["facts"].items()
    }
    for fact in facts.values():
        for answers in fact.predicted.values():
            assert set(answers.values()) <= set(PROBABILITY_WORDS), fact.name
    return facts


def plain_answer(question: str) -> str:
    """Return the answer against which likelihood ratios of a question are stated."""
    return next(q for q in load_questions() if q.name == question).names[0]


def _text(words: str) -> str:
    return " ".join(words.split())
