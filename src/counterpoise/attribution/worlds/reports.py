"""Coded facts of a synthetic world: what is so, what is reported of it, what is repeated, and what is planted.

Whether a fact is so depends on the true answers, with a probability drawn from the range of its word. A report of a
grade is as much more frequent where the fact is so as the grade says. Reports are repeated by others of the same
group; and somebody may plant reports for a wrong answer.
"""

from dataclasses import dataclass

import numpy as np

from counterpoise.attribution.hypotheses import load_facts
from counterpoise.attribution.words import PROBABILITY_WORDS, RELIABILITY
from counterpoise.vocabulary import ANSWERS

__all__ = ["PLANTED", "Report", "plant_reports", "simulate_reports"]

_GROUPS_PER_FACT = 3
_REPORT_RATE = 0.35
"""Probability that a group reports a fact that is so. Many are never reported; silence counts for nothing."""
_GRADES = ("high", "medium", "low")
_GRADE_SHARES = (0.4, 0.4, 0.2)
PLANTED = "planted"
_N_PLANTED = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """One report of one kind of fact."""

    fact: str
    grade: str
    group: str


def simulate_reports(truth: dict[str, str], rng: np.random.Generator) -> list[Report]:
    """Return what is reported in a world with these true answers, by question."""
    found = []
    for name, fact in load_facts().items():
        for question in fact.predicted:
            if question not in truth:
                continue
            is_so = rng.random() < rng.uniform(*PROBABILITY_WORDS[fact.word(question, truth[question])])
            for number in range(_GROUPS_PER_FACT):
                grade = str(rng.choice(_GRADES, p=_GRADE_SHARES))
                reliability = rng.uniform(*RELIABILITY[grade])
                rate = _REPORT_RATE * (1.0 if is_so else (1 - reliability) / reliability)
                if rng.random() < rate:
                    copies = 1 + int(rng.poisson(1.0))
                    found += [Report(fact=name, grade=grade, group=f"{name}-{number}")] * copies
    return found


def plant_reports(truth: dict[str, str], rng: np.random.Generator) -> list[Report]:
    """Return reports of the best grade, all of one group, for a wrong answer to one question."""
    question = str(rng.choice([q for q in ("opening", "aim") if q in truth]))
    wrong = str(rng.choice([a for a in ANSWERS[question] if a != truth[question]]))
    speaking = [
        name
        for name, fact in load_facts().items()
        if question in fact.predicted
        and fact.word(question, wrong) in {"likely", "very_likely", "almost_certain"}
    ]
    if not speaking:
        return []
    return [Report(fact=str(rng.choice(speaking)), grade="high", group=PLANTED) for _ in range(_N_PLANTED)]
