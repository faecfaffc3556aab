"""The result of ``attribute``: questions, odds, ledger, flips, checks and provenance; prose is made elsewhere."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from counterpoise.attribution.combine import Odds
from counterpoise.attribution.evidence import Item
from counterpoise.attribution.flips import Flip
from counterpoise.attribution.legal import LegalTable
from counterpoise.attribution.subject import Subject
from counterpoise.attribution.visibility import Visibility
from counterpoise.checks import Check
from counterpoise.provenance import Provenance

__all__ = ["NO_PERSONS", "Attribution"]

NO_PERSONS = (
    "This speaks of what moves people and who opens ways. It says nothing about any person's need for protection, "
    "credibility or right to apply."
)
"""Part of every answer, in text and JSON."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribution:
    """Competing answers with their evidence; never a verdict.

    Parameters
    ----------
    odds
        Question -> bounds of log likelihood ratios.
    posteriors
        Question -> prior name -> answer -> (lower, upper).
    leading
        Question -> answers that no other beats over its whole interval.
    abstained
        Question -> why no single answer is given, or None.
    ledger
        All items, by question.
    later
        What the case file has and was not yet known, or is outside the months that count: statement and reason.
    not_visible_in
        Measures in which the case can only partly be seen, with the reason; where it cannot be seen, it is refused.
    legal
        The legal tests beside the evidence.
    pages
        Id of a source of the ledger -> its title and address.
    """

    subject: Subject
    odds: Mapping[str, Odds]
    posteriors: Mapping[str, Mapping[str, Mapping[str, tuple[float, float]]]]
    leading: Mapping[str, tuple[str, ...]]
    abstained: Mapping[str, str | None]
    ledger: tuple[Item, ...]
    flips: tuple[Flip, ...]
    later: tuple[dict[str, str], ...]
    not_visible_in: tuple[Visibility, ...]
    legal: tuple[LegalTable, ...]
    pages: Mapping[str, tuple[str, str]]
    checks: tuple[Check, ...]
    provenance: Provenance

    @property
    def result_id(self) -> str:
        """The id of this result."""
        return self.provenance.result_id

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON answer of ``attribute``; its keys are stable."""
        return {
            **self.provenance.header(),
            "subject": self.subject.to_dict(),
            "questions": {question: self._answers(question) for question in self.odds},
            "odds": [row for question in self.odds for row in self._odds(question)],
            "ledger": [_row(item, self.odds[item.question].answers) for item in self.ledger],
            "abstained": dict(self.abstained),
            "flips": [flip.to_dict() for flip in self.flips],
            "not_yet_counted": list(self.later),
            "not_visible_in": [entry.to_dict() for entry in self.not_visible_in],
            "legal_annex": [table.to_dict() for table in self.legal],
            "says_nothing_about_persons": True,
            "text": NO_PERSONS,
            "checks": [check.to_dict() for check in self.checks],
            "provenance": self.provenance.to_dict(),
        }

    def _answers(self, question: str) -> list[dict[str, Any]]:
        odds = self.odds[question]
        return [
            {
                "name": name,
                "log_lr_lower": _rounded(odds.lower[i, 0]),
                "log_lr_upper": _rounded(odds.upper[i, 0]),
                "posteriors": {
                    prior: [_rounded(end) for end in answers[name]]
                    for prior, answers in self.posteriors[question].items()
                },
            }
            for i, name in enumerate(odds.answers)
        ]

    def _odds(self, question: str) -> list[dict[str, Any]]:
        odds = self.odds[question]
        return [
            {
                "question": question,
                "a": a,
                "b": b,
                "lower": _rounded(odds.lower[i, j]),
                "upper": _rounded(odds.upper[i, j]),
            }
            for i, a in enumerate(odds.answers)
            for j, b in enumerate(odds.answers)
            if i > j
        ]


def _row(item: Item, answers: tuple[str, ...]) -> dict[str, Any]:
    return {
        "indicator": item.indicator,
        "statement": item.statement,
        "question": item.question,
        "nature": item.nature,
        "log_lr": {
            name: [_rounded(item.lower[i, 0]), _rounded(item.upper[i, 0])] for i, name in enumerate(answers)
        },
        "reliability": item.reliability,
        "group": item.group,
        "cap": None if item.cap is None else _rounded(item.cap),
        "known_on": item.known_on.isoformat() if item.known_on else None,
        "figures": item.figures,
        "sources": list(item.sources),
        "claimed_by": [told.claimed_by for told in item.told if told.claimed_by],
        "rerun": item.rerun,
    }


def _rounded(value: float) -> float:
    return round(float(value), 4) + 0.0
