"""The section "What drives it, who opened the way?": for, against and not shown, side by side or not at all."""

from dataclasses import dataclass
from functools import partial
from typing import Any

from counterpoise.attribution.evidence import Item
from counterpoise.attribution.hypotheses import load_questions
from counterpoise.attribution.results import NO_PERSONS, Attribution
from counterpoise.attribution.words import in_words
from counterpoise.brief.model import Figure, Table
from counterpoise.charts.attribution import chart_forest
from counterpoise.charts.theme import Layout
from counterpoise.observations.corridors import CorridorRegistry
from counterpoise.observations.words import MEASURE_WORDS, joined, place, who

__all__ = ["AttributionSection", "QuestionText", "attribution_section"]


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionText:
    """One question with its evidence.

    Parameters
    ----------
    reading
        The answer that leads, or why there is none.
    in_favour, against, not_shown
        Statements. For and against are told of each answer other than the plain one.
    posteriors
        Probability in words, answers x priors.
    """

    title: str
    reading: str
    in_favour: tuple[str, ...]
    against: tuple[str, ...]
    not_shown: tuple[str, ...]
    posteriors: Table


@dataclass(frozen=True, slots=True, kw_only=True)
class AttributionSection:
    """What a brief says of an attribution, or why there is none.

    Parameters
    ----------
    refused
        Why no attribution can be made; then nothing else is there.
    """

    headline: str = ""
    subject: str = ""
    questions: tuple[QuestionText, ...] = ()
    flips: tuple[str, ...] = ()
    seen: tuple[str, ...] = ()
    figure: Figure | None = None
    persons: str = NO_PERSONS
    command: str = ""
    refused: str = ""

    def to_dict(self) -> dict[str, Any]:
        """Return the section as it stands in the brief's JSON."""
        return {
            "subject": self.subject,
            "refused": self.refused,
            "questions": [
                {
                    "title": q.title,
                    "reading": q.reading,
                    "for": list(q.in_favour),
                    "against": list(q.against),
                    "not_shown": list(q.not_shown),
                    "posteriors": q.posteriors.to_dict(),
                }
                for q in self.questions
            ],
            "flips": list(self.flips),
            "seen": list(self.seen),
            "text": self.persons,
        }


def attribution_section(result: Attribution, corridors: CorridorRegistry) -> AttributionSection:
    """Return the section of a result; ``corridors`` has the names of those it is about."""
    s = result.subject
    return AttributionSection(
        headline=_headline(result),
        subject=(
            f"{MEASURE_WORDS[s.measure]}{who(s.nationality)} at {place(corridors[s.corridor])}, "
            f"{s.window_start:%B} to {s.window_end:%B %Y}: {s.counted:,.0f}, and {s.year_before:,.0f} a year before "
            f"({s.dataset}; month {s.chosen_by})."
        ),
        questions=tuple(_question(result, question.name, question.title) for question in load_questions()),
        flips=tuple(
            f"{_title(flip.question)}: {'with' if flip.kind == 'planted' else 'without'} {_spoken(flip.change)}, what "
            f"stands is {_listed(flip.after)}"
            for flip in result.flips
            if flip.kind in {"group", "source", "planted"}
        ),
        seen=tuple(
            f"Seen {entry.status.replace('_', ' ')} in {entry.measure}: {entry.why} What would do: {entry.instead}."
            for entry in result.not_visible_in
        ),
        figure=_figure(result),
        command=result.ledger[0].rerun,
    )


def _headline(result: Attribution) -> str:
    """Return in a sentence which of the questions have an answer."""
    asked = {q.name: f"“{q.title}?”" for q in load_questions()}
    led = [
        f"{asked[q]} leads to {_spoken(result.leading[q][0])}"
        for q, why in result.abstained.items()
        if why is None
    ]
    open_ = [asked[q] for q, why in result.abstained.items() if why is not None]
    parts = [joined(led)] if led else []
    if open_:
        parts.append(f"{joined(open_)} {'has' if len(open_) == 1 else 'have'} no single answer")
    return f"Four questions were weighed apart: {'; '.join(parts)}. What speaks for and against each stands below."


def _question(result: Attribution, question: str, title: str) -> QuestionText:
    items = [item for item in result.ledger if item.question == question]
    names = result.odds[question].answers
    why = result.abstained[question]
    sides: dict[str, list[str]] = {"for": [], "against": [], "neither": []}
    for item in items:
        favoured = [names[i] for i in range(1, len(names)) if item.lower[i, 0] > 0]
        opposed = [names[i] for i in range(1, len(names)) if item.upper[i, 0] < 0]
        if favoured:
            sides["for"].append(_told(item, "for", favoured))
        if opposed:
            sides["against"].append(_told(item, "against", opposed))
        if not favoured and not opposed:
            sides["neither"].append(item.statement)
    priors = list(result.posteriors[question])
    rows = tuple(
        (_spoken(name), *(in_words(*result.posteriors[question][prior][name]) for prior in priors))
        for name in names
    )
    return QuestionText(
        title=f"{title}?",
        reading=f"No single answer: {_spoken(why)}."
        if why
        else f"Leads: {_spoken(result.leading[question][0])}.",
        in_favour=tuple(sides["for"]),
        against=tuple(sides["against"]),
        not_shown=tuple(sides["neither"]),
        posteriors=Table(
            caption=f"{title}: how probable at each prior; none of them is the default",
            columns=("answer", *priors),
            numeric=(False,) * (len(priors) + 1),
            rows=rows,
        ),
    )


def _told(item: Item, side: str, answers: list[str]) -> str:
    return f"{item.statement} Speaks {side} {joined([_spoken(name) for name in answers])}."


def _listed(names: tuple[str, ...]) -> str:
    return ", ".join(_spoken(name) for name in names)


def _spoken(words: str) -> str:
    return words.replace("_", " ")


def _title(question: str) -> str:
    return next(q.title for q in load_questions() if q.name == question)


def _figure(result: Attribution) -> Figure:
    s = result.subject
    readings = "; ".join(
        f"{_title(q)}: {_spoken(why or 'leads ' + result.leading[q][0])}"
        for q, why in result.abstained.items()
    )
    return Figure(
        id="forest",
        title="The evidence, item by item",
        subtitle=(
            "Log likelihood ratio of each answer to the plain one, as bounds: right speaks for the answer, left "
            "against it; a bar over the line decides nothing. Blue: counts. Red: coded facts. Black: all together."
        ),
        source=(f"{s.dataset} and the case file, result {result.result_id}",),
        words=readings,
        draw=partial(_draw, result),
        corridors=(),
    )


def _draw(result: Attribution, layout: Layout) -> Any:
    return chart_forest(result, layout=layout, captioned=False)
