"""Means: coded facts of a case file, with the grade of their source and the group that shares one report.

A report of grade g makes it between a and b probable that the fact is so, had both been as likely before: its odds
are a / (1 - a) to b / (1 - b). Reports of independent groups multiply; several of one group count as the best of
them. An answer says how probable the fact is under it, between two bounds (words of ICD 203). With L the odds of the
reports and p the probability under an answer, the reports have likelihood p L + 1 - p: the fact is not taken as
certain (Jeffrey 1965, chapter 11). That nothing is reported is no evidence: it may be that nobody looked.
"""

from collections.abc import Iterable, Mapping
from math import log
from typing import Any

import numpy as np

from counterpoise.attribution._kernels import Array
from counterpoise.attribution.evidence import Item
from counterpoise.attribution.words import PROBABILITY_WORDS, RELIABILITY
from counterpoise.vocabulary import ANSWERS

__all__ = ["best_grades", "fact_item", "fact_log_lr", "group_cap", "pooled_reliability"]


def group_cap(grade: str) -> float:
    """Return the most that reports of one group may move a log likelihood ratio: the log odds of their grade."""
    upper = RELIABILITY[grade][1]
    return log(upper / (1 - upper))


def best_grades(reports: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Return group -> best grade of its reports, from pairs of group and grade."""
    best: dict[str, str] = {}
    for group, grade in reports:
        kept = best.get(group, grade)
        best[group] = next(g for g in RELIABILITY if g in {grade, kept})
    return best


def pooled_reliability(grades: Iterable[str]) -> tuple[float, float]:
    """Return the lowest and highest odds that a fact is so, from the best grade of each independent group."""
    lower, upper = 1.0, 1.0
    for grade in grades:
        low, high = RELIABILITY[grade]
        lower, upper = lower * low / (1 - low), upper * high / (1 - high)
    return lower, upper


def fact_log_lr(
    question: str, words: Mapping[str, str], report_odds: tuple[float, float]
) -> tuple[Array, Array]:
    """Return bounds of the log likelihood ratio of each pair of answers, answers x answers.

    Parameters
    ----------
    words
        Answer -> how probable the fact is under it; answers left out are ``even``. Answers with the same word cannot
        be told apart by the fact: their ratio is 0 exactly.
    report_odds
        Of ``pooled_reliability``.
    """
    names = ANSWERS[question]
    spoken = [words.get(name, "even") for name in names]
    lower, upper = np.zeros((len(names), len(names))), np.zeros((len(names), len(names)))
    for i, mine in enumerate(spoken):
        for j, other in enumerate(spoken):
            if mine == other:
                continue
            (a_low, a_high), (b_low, b_high) = PROBABILITY_WORDS[mine], PROBABILITY_WORDS[other]
            lower[i, j] = min(_ratio(a_low, b_high, odds) for odds in report_odds)
            upper[i, j] = max(_ratio(a_high, b_low, odds) for odds in report_odds)
    return lower, upper


def fact_item(
    name: str, question: str, words: Mapping[str, str], best: Mapping[str, str], **rest: Any
) -> Item:
    """Return the item of one kind of fact, reported by groups with these best grades.

    Parameters
    ----------
    best
        Group -> best grade of its reports.
    **rest
        What else an item holds: statement, known_on, figures, sources, rerun.
    """
    lower, upper = fact_log_lr(question, words, pooled_reliability(best.values()))
    return Item(
        indicator=name,
        question=question,
        nature="fact",
        lower=lower,
        upper=upper,
        reliability=", ".join(sorted(set(best.values()), key=list(RELIABILITY).index)),
        group=" + ".join(sorted(best)),
        cap=sum(group_cap(grade) for grade in best.values()),
        **rest,
    )


def _ratio(p: float, q: float, odds: float) -> float:
    return log((p * odds + 1 - p) / (q * odds + 1 - q))
