"""A typed claim taken apart: which quantity moved how far, where, when, and because of what."""

import calendar
import re
from dataclasses import dataclass
from datetime import date
from typing import Any

from counterpoise.errors import InputError

__all__ = ["Claim", "parse_claim"]

_MONTHS = {name.lower(): i for i, name in enumerate(calendar.month_name) if name}
_MONTHS |= {name.lower(): i for i, name in enumerate(calendar.month_abbr) if name}
_MONTH = "|".join(sorted(_MONTHS, key=len, reverse=True))
_WHEN = re.compile(rf"\b(?:({_MONTH})\.?\s+)?(20\d\d)\b|\b({_MONTH})\b", re.IGNORECASE)
_PERCENT = re.compile(r"(\d+(?:[.,]\d+)?)\s*(?:%|per\s?cent)", re.IGNORECASE)
_FELL = re.compile(
    r"\b(fell|fall(?:en|s)?|drop\w*|decreas\w*|declin\w*|reduc\w*|cut\w*|down|fewer|halved|stopp?\w*|end(?:ed|s)?)\b",
    re.IGNORECASE,
)
_ROSE = re.compile(
    r"\b(rose|rise\w*|increas\w*|grew|grow\w*|up|more|doubled|tripled|surg\w*)\b", re.IGNORECASE
)
_FACTORS = {"halved": 0.5, "doubled": 2.0, "tripled": 3.0}
_CAUSE = re.compile(
    r"\b(because(?:\s+of)?|due\s+to|thanks\s+to|caused\s+by|as\s+a\s+result\s+of|owing\s+to|by\s+means\s+of)\b(.*)",
    re.IGNORECASE | re.DOTALL,
)
_OUTCOMES = (
    (r"onward|in germany|reach\w* germany|german police", "onward_detections"),
    (r"attempt\w*", "attempts"),
    (r"turned back|pushed back|push-?backs?|prevented", "prevented"),
    (r"asylum|applica\w*", "asylum_applications"),
    (r"deaths?|died|dead|missing", "deaths_missing"),
    (r"refus\w*", "refusals"),
    (r"detained|detentions?", "detained"),
    (r"crossings?|detections?|detected|arrivals?|entries|people|flow\w*|migration", "detections"),
)
_PLACES = (
    (r"poland|polish", "POL"),
    (r"lithuania\w*", "LTU"),
    (r"latvia\w*", "LVA"),
    (r"finland|finnish", "FIN"),
    (r"norway|norwegian", "NOR"),
    (r"estonia\w*", "EST"),
)
_CAUSES = (
    (r"fence|barrier|wall", "fence"),
    (r"clos\w+", "border_closure"),
    (
        r"turn\w* back|push-?\s?backs?|pushing|asylum (?:ban|suspension|law)|suspen\w*|restrict\w*",
        "turn_back_law",
    ),
    (r"emergenc\w*|zone|access ban", "emergency_law"),
    (r"soldiers?|troops?|army|military", "troops"),
    (r"sanction\w*|listing\w*", "sanctions"),
    (r"flights?|airlines?|boarding|hubs?", "airline_pressure"),
    (r"campaign\w*|poster\w*", "information_campaign"),
    (r"talks?|calls?|diploma\w*|rail", "diplomacy"),
    (r"readmission|repatriation|return flights?|returns", "readmission"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """What a sentence says, as far as it could be read.

    Parameters
    ----------
    factor
        What is left of the quantity: 0.1 for a fall by 90 %; None where only a direction is said.
    direction
        ``fell`` or ``rose``.
    outcome
        Measure meant; ``detections`` where people, crossings or a flow are said.
    state
        State whose border is meant, alpha-3; None if none is named.
    months
        First days of the months or years named, in order; a year alone is its January, see ``whole_years``.
    cause
        Kind of response named; empty if a cause is named that is no known kind; None if none is named.
    """

    text: str
    factor: float | None
    direction: str
    outcome: str
    state: str | None
    months: tuple[date, ...]
    whole_years: bool
    cause: str | None

    def to_dict(self) -> dict[str, Any]:
        """Return what was read, as plain JSON values."""
        return {
            "text": self.text,
            "factor": self.factor,
            "direction": self.direction,
            "outcome": self.outcome,
            "state": self.state,
            "months": [month.isoformat() for month in self.months],
            "whole_years": self.whole_years,
            "cause": self.cause,
        }


def parse_claim(text: str) -> Claim:
    """Return the claim of an English sentence.

    Raises
    ------
    InputError
        If it does not say that something counted fell or rose.
    """
    cause = _CAUSE.search(text)
    said = text[: cause.start()] if cause else text
    fell, rose = _FELL.search(said), _ROSE.search(said)
    if fell is None and rose is None:
        raise InputError(
            expected="a sentence in which something counted fell or rose",
            found=repr(text),
            where="the claim",
            hint='write for example "crossings fell 90 % in 2022 because of the fence"',
        )
    first = fell if rose is None or (fell is not None and fell.start() < rose.start()) else rose
    word = first.group(1).lower() if first else ""
    direction = "fell" if first is fell else "rose"
    months, whole_years = _months(text)
    return Claim(
        text=text.strip(),
        factor=_factor(said, word, direction),
        direction=direction,
        outcome=_first(_OUTCOMES, said) or "detections",
        state=_first(_PLACES, text),
        months=months,
        whole_years=whole_years,
        cause=(_first(_CAUSES, cause.group(2)) or "") if cause else None,
    )


def _factor(said: str, word: str, direction: str) -> float | None:
    if word in _FACTORS:
        return _FACTORS[word]
    percent = _PERCENT.search(said)
    if percent is None:
        return None
    share = float(percent.group(1).replace(",", ".")) / 100
    return max(1 - share, 0.0) if direction == "fell" else 1 + share


def _first(patterns: tuple[tuple[str, str], ...], text: str) -> str | None:
    for pattern, meaning in patterns:
        if re.search(rf"\b(?:{pattern})\b", text, re.IGNORECASE):
            return meaning
    return None


def _months(text: str) -> tuple[tuple[date, ...], bool]:
    """Return the months named, and whether only years are; a month without a year takes the next year said."""
    found: list[tuple[int | None, int | None]] = []
    for month, year, alone in _WHEN.findall(text):
        named = (month or alone).lower()
        if alone and alone.lower() == "may" and "May" not in text:
            continue
        found.append((int(year) if year else None, _MONTHS[named] if named else None))
    years = [year for year, _ in found if year]
    dated = []
    for i, (year, month) in enumerate(found):
        at = year or next((y for y, _ in found[i:] if y), years[-1] if years else None)
        if at is not None:
            dated.append(date(at, month or 1, 1))
    return tuple(dated), bool(dated) and all(month is None for _, month in found)
