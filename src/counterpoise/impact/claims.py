"""A typed claim taken apart: which quantity moved how far, where, when, and because of what."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from counterpoise.errors import InputError
from counterpoise.impact.claim_words import (
    CAUSE_WORD,
    CAUSES,
    COUNT_WORD,
    FELL,
    MONTHS,
    MOVES,
    NEIGHBOURS,
    NUMBER,
    NUMBERS,
    OUTCOMES_SAID,
    PARTS,
    PLACES,
    ROSE,
    SMALL_WORDS,
    STATED_CAUSE,
    TIMED_CAUSE,
    WHEN,
)
from counterpoise.numbers import plain
from counterpoise.observations.demonyms import named_nationalities
from counterpoise.observations.nationalities import nationality_name
from counterpoise.observations.words import MEASURE_WORDS, who

__all__ = ["Claim", "parse_claim", "read_as"]

_BORDER_STATES = frozenset(code for _, code in (*PLACES, *NEIGHBOURS)) | {"DEU"}
_AT_LEAST = re.compile(r"\b(?:at\s+least|(?:more|over)\s+than|over(?=\s+\d))\b", re.IGNORECASE)
_SINCE = re.compile(
    rf"\bsince\s+(?:the\s+)?(?:(?:start|beginning)\s+of\s+)?(?=(?:{WHEN.pattern}))", re.IGNORECASE
)
_COMPARED = re.compile(rf"\bthan\s+(?:in\s+)?(?=(?:{WHEN.pattern}))", re.IGNORECASE)
_WHOLE = {"doubl": 2.0, "tripl": 3.0, "trebl": 3.0, "quadrupl": 4.0, "halv": 0.5, "stop": 0.0, "end": 0.0}
_WHOLE_WORD = re.compile(r"\b(doubl|tripl|trebl|quadrupl|halv)\w+\b", re.IGNORECASE)
_ENDED = re.compile(r"\b(?:stop|end)(?:p?ed|s|p?ing)?\b", re.IGNORECASE)
_PERCENT = re.compile(rf"\b(to\s+)?({NUMBER})\s*(?:%|per\s?cent\b)", re.IGNORECASE)
_TIMES = re.compile(
    rf"\b({NUMBER})[\s-]?fold\b|\b({NUMBER})(?:\s+times\b|x\b)|\bby\s+a\s+factor\s+of\s+({NUMBER})\b",
    re.IGNORECASE,
)
_PART = re.compile(
    rf"\b(by|to)\s+(?:(?:a|an|one)\s+)?(two|three|four|nine)?[\s-]?({'|'.join(PARTS)})s?\b", re.IGNORECASE
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
    at_least
        Whether the sentence says that it moved so far or further.
    outcome
        Measure meant; ``detections`` where people, crossings or a flow are said.
    nationality
        Nationality of those counted, alpha-3; None if none is named.
    state, neighbour
        State whose border is meant, and the state beyond it, alpha-3; None if none is named.
    months
        First days of the months or years named, in order; a year alone is its January, see ``whole_years``.
    since
        Whether the time named is where a span begins that lasts until now.
    cause
        Kind of response named; empty if a cause is named that is no known kind; None if none is named.
    cause_text
        The words that name the cause; empty if there are none.
    not_read
        Words that were not understood.
    """

    text: str
    factor: float | None
    direction: str
    at_least: bool
    outcome: str
    nationality: str | None
    state: str | None
    neighbour: str | None
    months: tuple[date, ...]
    whole_years: bool
    since: bool
    cause: str | None
    cause_text: str
    not_read: tuple[str, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return what was read, as plain JSON values."""
        return {
            "text": self.text,
            "factor": self.factor,
            "direction": self.direction,
            "at_least": self.at_least,
            "outcome": self.outcome,
            "nationality": self.nationality,
            "state": self.state,
            "neighbour": self.neighbour,
            "months": [month.isoformat() for month in self.months],
            "whole_years": self.whole_years,
            "since": self.since,
            "cause": self.cause,
            "cause_text": self.cause_text,
            "not_read": list(self.not_read),
        }


def parse_claim(text: str) -> Claim:
    """Return the claim of an English sentence.

    Raises
    ------
    InputError
        If it does not say that something counted fell or rose.
    """
    cause = _cause(text)
    said = text if cause is None else _blanked(text, [cause])
    cause_text = "" if cause is None else text[slice(*cause)].strip(" ,.;:")
    hedges = [match.span() for match in _AT_LEAST.finditer(said)]
    moved = _blanked(said, hedges)
    nations = named_nationalities(said, places=_BORDER_STATES)
    outcome = _outcome(moved)
    first = _change(moved, outcome)
    if first is None or (outcome is None and not nations):
        raise InputError(
            expected="a sentence in which something counted fell or rose",
            found=repr(text),
            where="the claim",
            hint='write for example "crossings fell 90 % in 2022 because of the fence"',
        )
    direction = "fell" if FELL.fullmatch(first.group()) else "rose"
    factor, of_factor = _factor(moved, first.group().lower(), direction)
    state = _first(PLACES, text)
    neighbour = _first(NEIGHBOURS, said) or _first(
        (
            (rf"(?:{name})\s+border|border\s+(?:of\s+\w+\s+)?with\s+(?:{name})", code)
            for name, code in NEIGHBOURS
        ),
        text,
    )
    since = _SINCE.search(said)
    months, whole_years = _months(text)
    understood = [
        *hedges,
        *of_factor,
        *([since.span()] if since else []),
        *((begin, end) for code, begin, end in nations if code == nations[0][0]),
        *_spans(_of(OUTCOMES_SAID, outcome), moved),
        *_spans(_of(PLACES, state), moved),
        *_spans(_of(NEIGHBOURS, neighbour), moved),
        *(
            match.span()
            for pattern in (WHEN, FELL, ROSE, COUNT_WORD, _COMPARED)
            for match in pattern.finditer(moved)
        ),
    ]
    return Claim(
        text=text.strip(),
        factor=factor,
        direction=direction,
        at_least=bool(hedges) and factor is not None,
        outcome=outcome or "detections",
        nationality=nations[0][0] if nations else None,
        state=state,
        neighbour=neighbour,
        months=months,
        whole_years=whole_years,
        since=since is not None and bool(months),
        cause=None if cause is None else _first(CAUSES, cause_text) or "",
        cause_text=cause_text,
        not_read=_not_read(_blanked(said, understood)),
    )


def read_as(claim: Claim) -> str:
    """Return in one line what of a claim was read, so that whoever wrote it sees what was not."""
    what = f"{MEASURE_WORDS[claim.outcome]}{who(claim.nationality) if claim.nationality else ''}"
    sides = [nationality_name(code) for code in (claim.state, claim.neighbour) if code]
    form = "%Y" if claim.whole_years else "%B %Y"
    times = [f"{month:{form}}" for month in claim.months]
    if claim.since:
        period = f"since {times[0]}"
    else:
        period = " to ".join(dict.fromkeys((times[0], times[-1]))) if times else "none named"
    change = claim.direction
    if claim.factor is not None:
        change += (
            f" to {'at ' + _limit(claim) + ' ' if claim.at_least else ''}{plain(claim.factor)} of what it was"
        )
        if claim.factor > 1:
            change = change.replace(" of what it was", " times what it was")
    parts = [
        what,
        f"border {' with '.join(sides) if claim.state else 'with ' + sides[0] if sides else 'none named'}",
        f"period {period}",
        f"change {change}",
        f"cause {'none named' if claim.cause is None else repr(claim.cause_text)}",
    ]
    if claim.not_read:
        parts.append(f"not understood {', '.join(map(repr, claim.not_read))}")
    return f"Read as: {', '.join(parts)}"


def _limit(claim: Claim) -> str:
    return "most" if claim.direction == "fell" else "least"


def _cause(text: str) -> tuple[int, int] | None:
    """Return where the cause stands: after 'because of' and its like, as what cuts or raises, or as 'after' it."""
    stated = STATED_CAUSE.search(text)
    if stated:
        end = _clause_end(text, stated.end())
        rest = _blanked(text, [(stated.start(), end)])
        if not (
            FELL.search(rest) or ROSE.search(rest)
        ):  # 'because of the fence crossings fell': no comma ends it
            named = CAUSE_WORD.search(text, stated.end(), end)
            end = named.end() if named else end
        return stated.start(), end
    verb = MOVES.search(text)
    if verb:
        subject = text[: verb.start()]
        counted, named = COUNT_WORD.search(subject), CAUSE_WORD.search(subject)
        acts = COUNT_WORD.search(text, verb.end()) or named_nationalities(text[verb.end() :])
        begin = next((m.start() for m in re.finditer(r"[\w'’-]+", subject) if _tells(m.group())), None)
        if acts and begin is not None and (named or not counted):
            first = min(begin, named.start()) if named else begin
            return first, verb.start()
    timed = TIMED_CAUSE.search(text)
    return timed.span() if timed else None


def _tells(word: str) -> bool:
    """Return whether a word of a subject can name who acts: no time, number or small word."""
    return word.lower() not in SMALL_WORDS and not WHEN.fullmatch(word) and not word.isdigit()


def _clause_end(text: str, start: int) -> int:
    comma = re.compile(r"[,;](?!\d)").search(text, start)
    return comma.start() if comma else len(text)


def _change(said: str, outcome: str | None) -> re.Match[str] | None:
    """Return the first word of change; 'stopped' and 'ended' only where there is no other."""
    found = sorted(
        (match for pattern in (FELL, ROSE) for match in pattern.finditer(said)),
        key=lambda match: match.start(),
    )
    plainly = [match for match in found if not _ENDED.fullmatch(match.group())]
    return next(iter([*plainly, *found]), None)


def _outcome(said: str) -> str | None:
    found = _first(OUTCOMES_SAID, said)
    if found != "prevented" or re.search(
        r"turned back|pushed back|push-?\s?backs?|prevented", said, re.IGNORECASE
    ):
        return found
    others = [
        match for match in (*FELL.finditer(said), *ROSE.finditer(said)) if not _ENDED.fullmatch(match.group())
    ]
    return found if others else _first(OUTCOMES_SAID[-4:], said)


def _factor(said: str, word: str, direction: str) -> tuple[float | None, list[tuple[int, int]]]:
    """Return what is left of the quantity, and where that is said."""
    percent, times, part = _PERCENT.search(said), _TIMES.search(said), _PART.search(said)
    whole = _WHOLE_WORD.search(said)
    if percent:
        share = _number(percent.group(2)) / 100
        factor = share if percent.group(1) else max(1 - share, 0.0) if direction == "fell" else 1 + share
        return factor, [percent.span()]
    if times:
        size = _number(next(group for group in times.groups() if group))
        return (size if direction == "rose" else 1 / size if size else None), [times.span()]
    if part:
        share = PARTS[part.group(3).lower()] * _number(part.group(2) or "1")
        to = part.group(1).lower() == "to"
        return (share if to else max(1 - share, 0.0) if direction == "fell" else 1 + share), [part.span()]
    if whole:
        return _WHOLE[whole.group(1).lower()], [whole.span()]
    return (0.0 if _ENDED.fullmatch(word) else None), []


def _number(text: str) -> float:
    return float(NUMBERS[text.lower()]) if text.lower() in NUMBERS else float(text.replace(",", "."))


def _first(patterns: Iterable[tuple[str, str]], text: str) -> str | None:
    for pattern, meaning in patterns:
        if re.search(rf"\b(?:{pattern})\b", text, re.IGNORECASE):
            return meaning
    return None


def _of(patterns: Iterable[tuple[str, str]], meaning: str | None) -> str | None:
    return next((pattern for pattern, one in patterns if one == meaning), None)


def _spans(pattern: str | None, text: str) -> list[tuple[int, int]]:
    if pattern is None:
        return []
    return [match.span() for match in re.finditer(rf"\b(?:{pattern})\b", text, re.IGNORECASE)]


def _blanked(text: str, spans: Iterable[tuple[int, int]]) -> str:
    """Return the text with blanks in place of some of it, so that places in it stay the same."""
    for begin, end in spans:
        text = text[:begin] + " " * (end - begin) + text[end:]
    return text


def _not_read(rest: str) -> tuple[str, ...]:
    words = [re.sub(r"['’]s?$", "", word) for word in re.findall(r"\w+(?:[.,'’-]\w+)*['’]?", rest)]
    return tuple(dict.fromkeys(word for word in words if word and word.lower() not in SMALL_WORDS))


def _months(text: str) -> tuple[tuple[date, ...], bool]:
    """Return the months named, and whether only years are; a month without a year takes the next year said."""
    found: list[tuple[int | None, int | None]] = []
    for month, year, alone in WHEN.findall(text):
        named = (month or alone).lower()
        if alone and alone.lower() == "may" and "May" not in text:
            continue
        found.append((int(year) if year else None, MONTHS[named] if named else None))
    years = [year for year, _ in found if year]
    dated = []
    for i, (year, month) in enumerate(found):
        at = year or next((y for y, _ in found[i:] if y), years[-1] if years else None)
        if at is not None:
            dated.append(date(at, month or 1, 1))
    dated.sort()  # 'fewer in 2022 than in 2021'
    return tuple(dated), bool(dated) and all(month is None for _, month in found)
