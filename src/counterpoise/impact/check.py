"""``check``: a typed claim against what was counted and what the responses can be shown to have done."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import polars as pl

from counterpoise.impact.claim_figures import Change, changes_of, months_published, unsettled_in
from counterpoise.impact.claims import Claim, parse_claim
from counterpoise.impact.evaluate import evaluate
from counterpoise.impact.options import EVALUATE_DEFAULTS, EvaluateOptions
from counterpoise.impact.outcomes import OUTCOMES, Series, outcome_series
from counterpoise.impact.results import Effect, Evaluation
from counterpoise.numbers import plain
from counterpoise.observations.archive import Archive, Known
from counterpoise.observations.corridors import Corridor, CorridorRegistry
from counterpoise.observations.nationalities import nationality_name
from counterpoise.observations.words import MEASURE_WORDS, joined, located, place, who
from counterpoise.provenance import Provenance

if TYPE_CHECKING:
    from counterpoise.cases import Case

__all__ = ["ClaimCheck", "check_claim"]

Verdict = Literal["supported", "contradicted", "not_knowable"]
_NEAR = 0.1
"""A claimed change is borne out if the published one is within a tenth of the earlier figure."""
_SHOWN = 3
"""Changes of the outcome meant that the true sentence gives at most."""


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
    series = _series_meant(claim, known, case)
    changes = _changes(claim, known, series, _starts(claim, named))
    aside = _aside(claim, changes, series, known.corridors)
    verdict, reasons = _judged(
        claim, changes, _no_pair(claim, named), _published(claim, series, known.corridors)
    )
    reasons += [f"Left out: {text}." for text in aside]
    wide = _wider(claim, changes, series, known.corridors)
    if wide:
        verdict = "not_knowable"
        reasons += [wide, "So the figures of the route neither bear the claim out nor contradict it."]
    if claim.cause is not None:
        verdict, more = _judged_cause(claim, verdict, result, named, known.corridors)
        reasons += more
    if claim.not_read:
        verdict = "not_knowable"
        reasons.append(
            f"These words were not understood, so that the claim as a whole is not judged: {', '.join(claim.not_read)}."
        )
    return ClaimCheck(
        claim=claim,
        verdict=verdict,
        reasons=tuple(reasons),
        true_sentence=_true_sentence(claim, changes, series, aside, result, named, known.corridors),
        sources=_sources(_read(claim, changes, series), known),
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


def _starts(claim: Claim, named: list[dict[str, Any]]) -> list[date]:
    """Return from when a change is looked for where the claim names no time: the months in which the causes begin."""
    if claim.months:
        return []
    return [date.fromisoformat(row["begins_on"]).replace(day=1) for row in named]


def _series_meant(claim: Claim, known: Known, case: "Case") -> tuple[Series, ...]:
    """Return the counts the claim can be about: of the outcome meant first, the nearest first."""
    wanted = (claim.outcome, *(o for o in OUTCOMES if o not in {claim.outcome, "deaths_missing", "refusals"}))
    series = outcome_series(known, case, wanted, nationality=claim.nationality)
    corridors = known.corridors
    if claim.state:
        series = tuple(s for s in series if claim.state in corridors[s.corridor].to_states) or series
    if claim.neighbour:
        series = tuple(s for s in series if claim.neighbour in corridors[s.corridor].from_states) or series
    return tuple(
        sorted(
            series,
            key=lambda s: (wanted.index(s.outcome), _is_wide(claim, corridors[s.corridor]), s.corridor),
        )
    )


def _is_wide(claim: Claim, corridor: Corridor) -> bool:
    """Return whether figures of a corridor are of more borders than the one the claim names."""
    one_state = claim.state is not None and len(corridor.to_states) > 1
    one_neighbour = claim.neighbour is not None and len(corridor.from_states) > 1
    return one_state or one_neighbour


def _changes(claim: Claim, known: Known, series: Sequence[Series], starts: list[date]) -> list[Change]:
    """Return what each count did; of the outcome meant only at the border itself, where its figures suffice."""
    found = [c for one in series for c in changes_of(claim, one, starts, known.corridors[one.corridor])]
    own = [c for c in found if c.series.outcome == claim.outcome]
    near = [c for c in own if not _is_wide(claim, c.corridor)]
    return [*(near or own), *(c for c in found if c.series.outcome != claim.outcome)]


def _judged(
    claim: Claim, changes: Sequence[Change], no_pair: str, published: str
) -> tuple[Verdict, list[str]]:
    """Return the verdict on the quantity alone."""
    meant = [c for c in changes if c.series.outcome == claim.outcome]
    if not meant:
        return "not_knowable", [no_pair, f"{published[0].upper()}{published[1:]}."]
    reasons = [f"Published: {c.said()}." for c in meant]
    if not all(c.whole for c in meant):
        return "not_knowable", [
            *reasons,
            "The year is not published to its end: only its first months are compared.",
        ]
    opposite = not any(c.direction in {claim.direction, None} for c in meant)
    if claim.factor is not None and all(c.doubtful for c in meant) and not opposite:
        return "not_knowable", [*reasons, "A figure is disputed or of low confidence: no size rests on it."]
    if not any(_borne_out(claim, c) for c in meant):
        return "contradicted", [*reasons, "The published change is another."]
    against = [c for c in changes if _against(claim, c)]
    if against:
        reasons += [f"Another count moved the other way: {c.said()}." for c in against]
        return "not_knowable", [*reasons, "Whether fewer came, or fewer were counted, cannot be told."]
    return "supported", reasons


def _no_pair(claim: Claim, named: list[dict[str, Any]]) -> str:
    """Return why there are no two figures to compare."""
    if claim.months:
        return "The figures do not hold both ends of the time of the claim."
    if named:
        begun = joined([f"{day:%B %Y}" for day in dict.fromkeys(_starts(claim, named))])
        return f"The claim names no time, and no figures lie around the beginning of the responses meant ({begun})."
    return "The claim names no time: name a year, for example 'in 2022'."


def _published(claim: Claim, series: Sequence[Series], corridors: CorridorRegistry) -> str:
    """Return which figures of the count meant are published."""
    texts = [months_published(one, corridors[one.corridor]) for one in series if one.outcome == claim.outcome]
    what = f"{MEASURE_WORDS[claim.outcome]}{who(claim.nationality) if claim.nationality else ''}"
    none = f"no monthly figures of {what} are known for the corridors of the case"
    found = "; ".join(text for text in texts if text)
    return found or none


def _aside(
    claim: Claim, changes: Sequence[Change], series: Sequence[Series], corridors: CorridorRegistry
) -> list[str]:
    """Return the provisional figures a reader would look for in the answer."""
    shown = {c.series.corridor for c in changes if c.series.outcome == claim.outcome}
    return [
        text
        for one in series
        if one.outcome == claim.outcome
        and (not shown or one.corridor in shown or claim.state or claim.neighbour)
        and (text := unsettled_in(claim, one, corridors[one.corridor]))
    ]


def _wider(
    claim: Claim, changes: Sequence[Change], series: Sequence[Series], corridors: CorridorRegistry
) -> str | None:
    """Return the warning that a claim on one border was read on a whole route, and what is counted there alone."""
    wide = [c for c in changes if c.series.outcome == claim.outcome and _is_wide(claim, c.corridor)]
    if not wide:
        return None
    sides = [nationality_name(code) for code in (claim.state, claim.neighbour) if code]
    border = f"the border of {' with '.join(sides)}" if claim.state else f"the border with {sides[0]}"
    alone = [
        text
        for one in series
        if corridors[one.corridor].kind == "border"
        and (text := months_published(one, corridors[one.corridor]))
    ]
    told = (
        f"counts of that border alone: {'; '.join(alone)}"
        if alone
        else "no count of that border alone is known"
    )
    return f"{_span_of(wide[0].corridor)}, wider than {border}; {told}."


def _span_of(corridor: Corridor) -> str:
    ends = [nationality_name(code) for code in (corridor.to_states[0], corridor.to_states[-1])]
    where = place(corridor)
    return f"{where[0].upper()}{where[1:]} spans {' to '.join(ends)}"


def _against(claim: Claim, change: Change) -> bool:
    """Return whether another count than the one meant moved the other way."""
    return change.series.outcome != claim.outcome and change.direction not in {claim.direction, None}


def _borne_out(claim: Claim, change: Change) -> bool:
    if claim.factor is None:
        return change.direction == claim.direction
    if change.factor is None:
        return False
    room = _NEAR * max(1.0, claim.factor)
    if claim.at_least:
        further = change.factor - claim.factor if claim.direction == "rose" else claim.factor - change.factor
        return further >= -room
    return abs(change.factor - claim.factor) <= room


def _judged_cause(
    claim: Claim,
    verdict: Verdict,
    result: Evaluation,
    named: list[dict[str, Any]],
    corridors: CorridorRegistry,
) -> tuple[Verdict, list[str]]:
    """Return the verdict on quantity and cause together, and why."""
    worst: Verdict = "contradicted" if verdict == "contradicted" else "not_knowable"
    never = f"Counts alone never show a cause ('{claim.cause_text}'): whatever else began at the time is in them too."
    if not named:
        return worst, ["The cause named is no kind of response in the case.", never]
    reasons: list[str] = []
    outside = False
    for row in named:
        for effect in _effects_of(claim, result, row["response"]):
            reasons.append(
                f"{row['response']} {row['country']}: {row['title']}: {_said_of(effect, corridors)}"
            )
            bounds = effect.relative or {}
            lower, upper = bounds.get("lower"), bounds.get("upper")
            if claim.factor is not None and lower is not None and upper is not None and not _failed(effect):
                outside |= not lower <= claim.factor <= upper
    if claim.nationality:
        reasons.append("These are effects on all nationalities together: none is estimated on one alone.")
    elif outside and len(named) == 1 and claim.state is None:
        return "contradicted", [*reasons, never]
    return worst, [*reasons, never]


def _failed(effect: Effect) -> str:
    """Return the names of the checks an effect failed, in words; empty if it failed none."""
    failed = [check.name.replace("_", " ") for check in effect.checks if check.status == "failed"]
    return " and its check ".join(f"'{name}'" for name in failed)


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
    if effect.relative is None:
        return f"{effect.status.replace('_', ' ')}: {effect.reason}."
    what = f"{MEASURE_WORDS[effect.outcome]}{who(effect.nationality)} {located(corridors[effect.corridor])}"
    failed = _failed(effect)
    doubt = f" The estimate failed its check {failed}, and nothing is made of it." if failed else ""
    return f"{what} were {_times(effect)}.{doubt}"


def _times(effect: Effect) -> str:
    """Return the interval in words."""
    bounds = effect.relative or {}
    others = len(effect.responses) - 1
    beside = "the other response" if others == 1 else f"the {others} other responses"
    began = f"{beside} that began within a month and " if others else ""
    return (
        f"{plain(bounds['lower'])} to {plain(bounds['upper'])} times what the months before would lead one to expect, "
        f"with {began}whatever else began at the time"
    )


def _true_sentence(
    claim: Claim,
    changes: Sequence[Change],
    series: Sequence[Series],
    aside: Sequence[str],
    result: Evaluation,
    named: list[dict[str, Any]],
    corridors: CorridorRegistry,
) -> str:
    own = [c for c in changes if c.series.outcome == claim.outcome]
    shown = own[:_SHOWN]
    away = [c for c in changes if _against(claim, c)][:1] if own else []
    sentence = "; ".join(c.said() for c in [*shown, *away])
    if own and _is_wide(claim, own[0].corridor):
        span = _span_of(own[0].corridor)
        sentence += f" ({span[0].lower()}{span[1:]})"
    if not own:
        sentence = "; ".join([*aside, _published(claim, series, corridors)])
    if claim.cause is not None and own:
        told = [e for row in named for e in _effects_of(claim, result, row["response"]) if e.relative]
        sound = [e for e in told if not _failed(e)]
        failed = sorted({name for e in told if (name := _failed(e))})
        if len(named) == 1 and sound and not claim.nationality:
            one = sound[0]
            what = f"{MEASURE_WORDS[one.outcome]}{who(one.nationality)} {located(corridors[one.corridor])}"
            sentence += f"; in the months after '{named[0]['title']}' began, {what} were {_times(one)}"
        else:
            cause = (
                "the responses meant" if len(named) > 1 else "the response" if named else "the cause named"
            )
            sentence += f"; what {cause} did to them cannot be told from these figures"
            if failed and len(named) == 1:
                sentence += f", as the estimate failed its check {failed[0]}"
    return f"{sentence[0].upper()}{sentence[1:]}."


def _read(
    claim: Claim, changes: Sequence[Change], series: Sequence[Series]
) -> list[tuple[Series, list[date]]]:
    """Return the series and months an answer stands on; without two figures, the ends of what is published."""
    own = any(c.series.outcome == claim.outcome for c in changes)
    if own:
        shown = [c for c in changes if c.series.outcome == claim.outcome or _against(claim, c)]
        return [
            (c.series, [c.first[0], c.last[0].replace(month=c.until) if c.yearly else c.last[0]])
            for c in shown
        ]
    found = []
    for one in series:
        settled = [s for s, v in zip(one.starts, one.values, strict=True) if not np.isnan(v)]
        days = [
            *settled[:1],
            *settled[-1:],
            *(aside.month for aside in one.unsettled if aside.month in claim.months),
        ]
        if one.outcome == claim.outcome and days:
            found.append((one, days))
    return found


def _sources(read: Sequence[tuple[Series, list[date]]], known: Known) -> tuple[dict[str, str], ...]:
    pages: dict[str, dict[str, str]] = {}
    documents = {row["document"]: row for row in known.documents.iter_rows(named=True)}
    for series, days in read:
        below = known.corridors.subtree(series.corridor)
        rows = known.observations.filter(
            pl.col("dataset") == series.dataset,
            pl.col("measure") == series.outcome,
            pl.col("frequency") == "M",
            pl.col("corridor").is_in(below),
            pl.col("period_start").is_in(days),
        )
        for document in rows["document"].unique().sort():
            row = documents[document]
            pages[document] = {"title": row["title"], "publisher": row["publisher"], "url": row["url"]}
    return tuple(pages.values())
