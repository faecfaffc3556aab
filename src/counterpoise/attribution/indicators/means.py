"""Means: coded facts of a case file, with the grade of their source and the group that shares one report.

A report of grade g makes it between a and b probable that the fact is so, had both been as likely before: its odds
are a / (1 - a) to b / (1 - b). An answer says how probable the fact is under it, between two bounds (words of ICD 203).
With L the odds of the report and p the probability under an answer, the report has likelihood p L + 1 - p: the fact is
not taken as certain (Jeffrey 1965, chapter 11). Independent groups add, up to the ratio of the fact taken as certain;
several reports of one group count as the best of them. That nothing is reported is no evidence: it may be that nobody
looked.
"""

from collections.abc import Iterable, Mapping
from math import inf, isinf, log
from typing import Any, Literal

import numpy as np

from counterpoise.attribution._kernels import Array
from counterpoise.attribution.evidence import Item, Reports, saturated
from counterpoise.attribution.words import PROBABILITY_WORDS, RELIABILITY
from counterpoise.vocabulary import ANSWERS

__all__ = ["best_grades", "fact_item", "fact_log_lr", "group_cap"]


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


def fact_log_lr(question: str, words: Mapping[str, str], grade: str | None) -> tuple[Array, Array]:
    """Return bounds of the log likelihood ratio of each pair of answers, answers x answers.

    Parameters
    ----------
    words
        Answer -> how probable the fact is under it; answers left out are ``even``. Answers with the same word cannot
        be told apart by the fact: their ratio is 0 exactly.
    grade
        Of the report; None: as if the fact were certain.
    """
    names = ANSWERS[question]
    report_odds = (inf,) if grade is None else tuple(p / (1 - p) for p in RELIABILITY[grade])
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
    name: str,
    question: str,
    words: Mapping[str, str],
    best: Mapping[str, str],
    *,
    nature: Literal["fact", "analyst"] = "fact",
    **rest: Any,
) -> Item:
    """Return the item of one kind of fact, reported by groups with these best grades.

    Parameters
    ----------
    best
        Group -> best grade of its reports.
    **rest
        What else an item holds: statement, known_on, figures, sources, rerun.
    """
    reports = {}
    for group, grade in sorted(best.items()):
        lower, upper = fact_log_lr(question, words, grade)
        reports[group] = Reports(lower=lower, upper=upper, cap=group_cap(grade))
    saturation = fact_log_lr(question, words, None)
    lower = saturated(np.sum([r.lower for r in reports.values()], axis=0), saturation[0])
    upper = saturated(np.sum([r.upper for r in reports.values()], axis=0), saturation[1])
    return Item(
        indicator=name,
        question=question,
        nature=nature,
        lower=lower,
        upper=upper,
        reports=reports,
        saturation=saturation,
        reliability=", ".join(sorted(set(best.values()), key=list(RELIABILITY).index)),
        group=" + ".join(sorted(best)),
        **rest,
    )


def _ratio(p: float, q: float, odds: float) -> float:
    if isinf(odds):
        return log(p / q)
    return log((p * odds + 1 - p) / (q * odds + 1 - q))
