"""The section "What drives it, who opened the way?": for, against and not shown, side by side or not at all."""

from dataclasses import dataclass
from functools import partial
from typing import Any

from counterpoise.attribution.evidence import Item
from counterpoise.attribution.hypotheses import load_facts, load_questions
from counterpoise.attribution.naming import answer_title, answer_words, change_words
from counterpoise.attribution.results import NO_PERSONS, Attribution
from counterpoise.attribution.words import in_words
from counterpoise.brief.cite import Register
from counterpoise.brief.model import Figure, Table
from counterpoise.brief.text import Part, Text, plain
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
        Statements, each report of a coded fact with the number of its source.
        For and against are told of each answer other than the plain one.
    posteriors
        Probability in words, answers x priors.
    """

    title: str
    reading: str
    in_favour: tuple[Text, ...]
    against: tuple[Text, ...]
    not_shown: tuple[Text, ...]
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
                    "for": [plain(text) for text in q.in_favour],
                    "against": [plain(text) for text in q.against],
                    "not_shown": [plain(text) for text in q.not_shown],
                    "posteriors": q.posteriors.to_dict(),
                }
                for q in self.questions
            ],
            "flips": list(self.flips),
            "seen": list(self.seen),
            "text": self.persons,
        }


def attribution_section(
    result: Attribution, corridors: CorridorRegistry, register: Register
) -> AttributionSection:
    """Return the section of a result; ``corridors`` has the names of those it is about.

    The sources of coded facts are entered in the register.
    """
    s = result.subject
    titles = {source: title for source, (title, _) in result.pages.items()}
    return AttributionSection(
        headline=_headline(result),
        subject=(
            f"{MEASURE_WORDS[s.measure]}{who(s.nationality)} at {place(corridors[s.corridor])}, "
            f"{s.window_start:%B} to {s.window_end:%B %Y}: {s.counted:,.0f}, and {s.year_before:,.0f} a year before "
            f"({s.dataset}; month {s.chosen_by})."
        ),
        questions=tuple(
            _question(result, question.name, question.title, register) for question in load_questions()
        ),
        flips=tuple(
            f"{_title(flip.question)}: {'with' if flip.kind == 'planted' else 'without'} "
            f"{change_words(flip.change, result.ledger, titles)}, what stands is "
            f"{answer_words(flip.question, flip.after)}"
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
        f"{asked[q]} leads to {answer_words(q, result.leading[q])}"
        for q, why in result.abstained.items()
        if why is None
    ]
    open_ = [asked[q] for q, why in result.abstained.items() if why is not None]
    parts = [joined(led)] if led else []
    if open_:
        parts.append(f"{joined(open_)} {'has' if len(open_) == 1 else 'have'} no single answer")
    return f"Four questions were weighed apart: {'; '.join(parts)}. What speaks for and against each stands below."


def _question(result: Attribution, question: str, title: str, register: Register) -> QuestionText:
    items = [item for item in result.ledger if item.question == question]
    names = result.odds[question].answers
    why = result.abstained[question]
    sides: dict[str, list[Text]] = {"for": [], "against": [], "neither": []}
    for item in items:
        favoured = [names[i] for i in range(1, len(names)) if item.lower[i, 0] > 0]
        opposed = [names[i] for i in range(1, len(names)) if item.upper[i, 0] < 0]
        if favoured:
            sides["for"].append(_told(item, result, register, "for", favoured))
        if opposed:
            sides["against"].append(_told(item, result, register, "against", opposed))
        if not favoured and not opposed:
            sides["neither"].append(_statement(item, result, register))
    priors = list(result.posteriors[question])
    rows = tuple(
        (
            answer_title(question, name),
            *(in_words(*result.posteriors[question][prior][name]) for prior in priors),
        )
        for name in names
    )
    return QuestionText(
        title=f"{title}?",
        reading=f"No single answer: {why}."
        if why
        else f"Leads: {answer_words(question, result.leading[question])}.",
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


def _told(item: Item, result: Attribution, register: Register, side: str, answers: list[str]) -> Text:
    said = _statement(item, result, register)
    return (*said, f" Speaks {side} {answer_words(item.question, answers)}.")


def _statement(item: Item, result: Attribution, register: Register) -> Text:
    """Return what an item says; reports of a fact, and what an analyst added, with the numbers of their sources."""
    if item.told:
        parts: list[Part] = [f"{load_facts()[item.indicator].title}."]
        for told in item.told:
            parts += [f" {told.text} ", *_cited(told.sources, result, register)]
        return tuple(parts)
    if item.nature == "analyst":
        return (f"{item.statement} ", *_cited(item.sources, result, register))
    return (item.statement,)


def _cited(sources: tuple[str, ...], result: Attribution, register: Register) -> list[Part]:
    pages = [result.pages[source] for source in sources]
    return [register.page(title=title, url=url) for title, url in pages]


def _title(question: str) -> str:
    return next(q.title for q in load_questions() if q.name == question)


def _figure(result: Attribution) -> Figure:
    s = result.subject
    readings = "; ".join(
        f"{_title(q)}: {why or 'leads ' + answer_words(q, result.leading[q])}"
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
