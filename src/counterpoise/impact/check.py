"""``check``: a typed claim against what was counted and what the responses can be shown to have done."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import polars as pl

from counterpoise.impact.claims import Claim, parse_claim
from counterpoise.impact.evaluate import evaluate
from counterpoise.impact.options import EVALUATE_DEFAULTS, EvaluateOptions
from counterpoise.impact.outcomes import OUTCOMES, Series, outcome_series
from counterpoise.impact.results import Effect, Evaluation
from counterpoise.numbers import plain
from counterpoise.observations.archive import Archive, Known
from counterpoise.observations.corridors import CorridorRegistry
from counterpoise.observations.nationalities import nationality_name
from counterpoise.observations.words import MEASURE_WORDS, located, who
from counterpoise.provenance import Provenance

if TYPE_CHECKING:
    from counterpoise.cases import Case

__all__ = ["ClaimCheck", "check_claim"]

Verdict = Literal["supported", "contradicted", "not_knowable"]
_NEAR = 0.1
"""A claimed change is borne out if the published one is within a tenth of the earlier figure."""
_YEAR = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimCheck:
    """What can be said of a claim.

    Parameters
    ----------
    verdict
        ``supported`` only for what was counted; that a response caused it is at most ``not_knowable``, because
        whatever else began at the time is in the figure too.
    true_sentence
        One sentence that is true, with its figures.
    sources
        Title and address of each page the figures stand on.
    """

    claim: Claim
    verdict: Verdict
    reasons: tuple[str, ...]
    true_sentence: str
    sources: tuple[dict[str, str], ...]
    provenance: Provenance

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON answer of ``check``."""
        return {
            **self.provenance.header(),
            "claim": self.claim.to_dict(),
            "verdict": self.verdict,
            "reasons": list(self.reasons),
            "true_sentence": self.true_sentence,
            "sources": list(self.sources),
            "checks": [],
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class _Change:
    """Two published figures of one count."""

    series: Series
    first: tuple[date, float]
    last: tuple[date, float]
    yearly: bool
    where: str

    @property
    def factor(self) -> float | None:
        return self.last[1] / self.first[1] if self.first[1] > 0 else None

    def said(self) -> str:
        form = "%Y" if self.yearly else "%B %Y"
        return (
            f"{MEASURE_WORDS[self.series.outcome]}{who(self.series.nationality)} {self.where} were "
            f"{self.first[1]:,.0f} in {self.first[0]:{form}} and "
            f"{self.last[1]:,.0f} in {self.last[0]:{form}}"
        )


def check_claim(
    observations: Archive,
    text: str,
    *,
    case: "Case",
    as_of: date | None = None,
    options: EvaluateOptions = EVALUATE_DEFAULTS,
    seed: int = 0,
) -> ClaimCheck:
    """Return whether a claim is supported, contradicted or cannot be known, on the figures of a case.

    Raises
    ------
    InputError
        If the sentence does not say that something counted fell or rose.
    """
    claim = parse_claim(text)
    result = evaluate(observations, case=case, as_of=as_of, options=options, seed=seed)
    known = observations.as_of(as_of)
    named = _named(claim, result)
    changes = _changes(claim, known, case, _starts(claim, result, named))
    verdict, reasons = _judged(claim, changes)
    if claim.cause is not None:
        verdict, more = _judged_cause(claim, verdict, result, named, known.corridors)
        reasons += more
    return ClaimCheck(
        claim=claim,
        verdict=verdict,
        reasons=tuple(reasons),
        true_sentence=_true_sentence(claim, changes, result, named),
        sources=_sources(
            [c for c in changes if c.series.outcome == claim.outcome or _against(claim, c)], known
        ),
        provenance=Provenance(
            stage="check",
            as_of=known.day,
            seed=seed,
            options={"claim": claim.text, "case": case.id},
            upstream=(result.result_id,),
        ),
    )


def _named(claim: Claim, result: Evaluation) -> list[dict[str, Any]]:
    """Return the responses a claim can mean: of the kind named, and of the state named if one is."""
    if not claim.cause:
        return []
    found = [row for row in result.rights if row["kind"] == claim.cause]
    if claim.state:
        found = [row for row in found if row["country"] == nationality_name(claim.state)] or found
    if claim.months:
        last = max(claim.months)
        found = [row for row in found if date.fromisoformat(row["begins_on"]).year <= last.year] or found
    return found


def _starts(claim: Claim, result: Evaluation, named: list[dict[str, Any]]) -> list[date]:
    """Return from when a change is looked for where the claim names no time: the months in which the causes begin."""
    if claim.months or not named:
        return []
    return [date.fromisoformat(row["begins_on"]).replace(day=1) for row in named]


def _changes(claim: Claim, known: Known, case: "Case", starts: list[date]) -> list[_Change]:
    """Return what each count of the outcome did over the time of the claim; the outcome meant comes first."""
    wanted = (claim.outcome, *(o for o in OUTCOMES if o not in {claim.outcome, "deaths_missing", "refusals"}))
    series = outcome_series(known, case, wanted)
    if claim.state:
        near = [s for s in series if claim.state in known.corridors[s.corridor].to_states]
        series = tuple(near) or series
    found = [c for one in series for c in _change(claim, one, starts, located(known.corridors[one.corridor]))]
    return sorted(found, key=lambda c: (wanted.index(c.series.outcome), c.series.corridor))


def _change(claim: Claim, series: Series, starts: list[date], where: str) -> list[_Change]:
    if claim.whole_years:
        years = [m.year for m in claim.months]
        pair = (years[0] - 1, years[0]) if len(years) == 1 else (years[0], years[-1])
        totals = [_year_total(series, year) for year in pair]
        if totals[0] is None or totals[1] is None:
            return []
        first, last = (date(pair[0], 1, 1), totals[0]), (date(pair[1], 1, 1), totals[1])
        return [_Change(series=series, first=first, last=last, yearly=True, where=where)]
    figures = {s: float(v) for s, v in zip(series.starts, series.values, strict=True) if not np.isnan(v)}
    if len(claim.months) > 1:
        pairs = [(claim.months[0], claim.months[-1])]
    elif claim.months:
        earlier = [day for day in figures if day < claim.months[0]]
        pairs = [(max(earlier), claim.months[0])] if earlier else []
    else:
        pairs = [
            (max(before), max(after))
            for start in starts
            if (before := [d for d in figures if d < start and _apart(d, start) <= _YEAR])
            and (after := [d for d in figures if d >= start and _apart(start, d) < _YEAR])
        ]
    return [
        _Change(series=series, first=(a, figures[a]), last=(b, figures[b]), yearly=False, where=where)
        for a, b in pairs
        if a in figures and b in figures
    ]


def _apart(earlier: date, later: date) -> int:
    return (later.year - earlier.year) * _YEAR + later.month - earlier.month


def _year_total(series: Series, year: int) -> float | None:
    values = [float(v) for s, v in zip(series.starts, series.values, strict=True) if s.year == year]
    return sum(values) if len(values) == _YEAR and not np.isnan(values).any() else None


def _judged(claim: Claim, changes: Sequence[_Change]) -> tuple[Verdict, list[str]]:
    """Return the verdict on the quantity alone."""
    meant = [c for c in changes if c.series.outcome == claim.outcome]
    if not meant:
        return "not_knowable", [
            f"No two monthly figures of {claim.outcome.replace('_', ' ')} cover the time of the claim."
        ]
    held = [c for c in meant if _borne_out(claim, c)]
    reasons = [f"Published: {c.said()}." for c in meant]
    if not held:
        return "contradicted", [*reasons, "The published change is another."]
    against = [
        c
        for c in changes
        if c.series.outcome != claim.outcome and _direction(c) not in {claim.direction, None}
    ]
    if against:
        reasons += [f"Another count moved the other way: {c.said()}." for c in against]
        return "not_knowable", [*reasons, "Whether fewer came, or fewer were counted, cannot be told."]
    return "supported", reasons


def _against(claim: Claim, change: _Change) -> bool:
    """Return whether another count than the one meant moved the other way."""
    return change.series.outcome != claim.outcome and _direction(change) not in {claim.direction, None}


def _direction(change: _Change) -> str | None:
    factor = change.factor
    if factor is None or abs(factor - 1) < _NEAR:
        return None
    return "rose" if factor > 1 else "fell"


def _borne_out(claim: Claim, change: _Change) -> bool:
    if claim.factor is None:
        return _direction(change) == claim.direction
    return change.factor is not None and abs(change.factor - claim.factor) <= _NEAR * max(1.0, claim.factor)


def _judged_cause(
    claim: Claim,
    verdict: Verdict,
    result: Evaluation,
    named: list[dict[str, Any]],
    corridors: CorridorRegistry,
) -> tuple[Verdict, list[str]]:
    """Return the verdict on quantity and cause together, and why."""
    if not named:
        return "not_knowable" if verdict != "contradicted" else verdict, [
            "No response of this kind is in the case."
        ]
    reasons: list[str] = []
    outside = False
    for row in named:
        for effect in _effects_of(claim, result, row["response"]):
            reasons.append(
                f"{row['response']} {row['country']}: {row['title']}: {_said_of(effect, corridors)}"
            )
            bounds = effect.relative or {}
            lower, upper = bounds.get("lower"), bounds.get("upper")
            if claim.factor is not None and lower is not None and upper is not None:
                outside |= not lower <= claim.factor <= upper
    if verdict == "contradicted" or (outside and len(named) == 1):
        return "contradicted", reasons
    return "not_knowable", reasons


def _effects_of(claim: Claim, result: Evaluation, response: str) -> list[Effect]:
    """Return the effects on the outcome meant that a response is part of, joint ones rather than its own blank."""
    found = [
        e
        for e in result.effects
        if response in e.responses
        and e.outcome == claim.outcome
        and not e.reason.startswith("not identifiable sep")
    ]
    told = [e for e in found if e.status != "refused"]
    return told or found[:1]


def _said_of(effect: Effect, corridors: CorridorRegistry) -> str:
    what = f"{MEASURE_WORDS[effect.outcome]}{who(effect.nationality)} {located(corridors[effect.corridor])}"
    bounds = effect.relative or {}
    others = len(effect.responses) - 1
    match effect.status:
        case "estimated":
            return (
                f"a factor between {plain(bounds['lower'])} and {plain(bounds['upper'])} on {what}, "
                "with whatever else began at the time."
            )
        case "joint_bounds":
            return (
                f"not separable from {'another' if others == 1 else f'{others} others'} that began within a month; "
                "all together a factor between "
                f"{plain(bounds['lower'])} and {plain(bounds['upper'])} on {what}."
            )
        case _:
            return f"{effect.status.replace('_', ' ')}: {effect.reason}."


def _true_sentence(
    claim: Claim, changes: Sequence[_Change], result: Evaluation, named: list[dict[str, Any]]
) -> str:
    parts = [c.said() for c in changes[:1]]
    away = next(
        (c for c in changes[1:] if changes and _direction(c) not in {None, _direction(changes[0])}), None
    )
    parts += [away.said()] if away else []
    sentence = ", while ".join(parts) or "No figures that cover the time of the claim are published"
    if claim.cause is not None:
        told = [e for row in named for e in _effects_of(claim, result, row["response"]) if e.relative]
        if len(told) == 1 and told[0].relative:
            bounds = told[0].relative
            sentence += (
                "; what is left of them by the response and whatever began with it lies between "
                f"{plain(bounds['lower'])} and {plain(bounds['upper'])} of what was expected"
            )
        else:
            sentence += "; what the response did to them cannot be told from these figures"
    return f"{sentence[0].upper()}{sentence[1:]}."


def _sources(changes: Sequence[_Change], known: Known) -> tuple[dict[str, str], ...]:
    pages: dict[str, dict[str, str]] = {}
    documents = {row["document"]: row for row in known.documents.iter_rows(named=True)}
    for change in changes:
        below = known.corridors.subtree(change.series.corridor)
        last = change.last[0].replace(month=12) if change.yearly else change.last[0]
        rows = known.observations.filter(
            pl.col("dataset") == change.series.dataset,
            pl.col("measure") == change.series.outcome,
            pl.col("frequency") == "M",
            pl.col("corridor").is_in(below),
            pl.col("period_start").is_in([change.first[0], last]),
        )
        for document in rows["document"].unique().sort():
            row = documents[document]
            pages[document] = {"title": row["title"], "publisher": row["publisher"], "url": row["url"]}
    return tuple(pages.values())
