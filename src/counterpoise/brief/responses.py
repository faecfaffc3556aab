"""The section "What did the responses do?": effects or why there are none, counts that disagree, law, costs."""

from collections.abc import Sequence
from datetime import date
from functools import partial
from typing import Any

from counterpoise.brief.cite import Register
from counterpoise.brief.model import Entry, Figure, ResponsesSection, Table
from counterpoise.charts.impact import chart_effect, describe_effect, drawn_effect
from counterpoise.charts.theme import Layout
from counterpoise.errors import InputError
from counterpoise.impact.composition import SAYS_NOTHING
from counterpoise.impact.results import Effect, Evaluation
from counterpoise.numbers import plain
from counterpoise.observations.corridors import CorridorRegistry
from counterpoise.observations.words import MEASURE_TITLES, label_of, spoken_date, who

__all__ = ["responses_section"]

_MARKED = ("failed",)
_MEMBER = "not identifiable separately"


def responses_section(
    result: Evaluation, register: Register, corridors: CorridorRegistry
) -> ResponsesSection:
    """Return the section of an evaluation; its pages are entered in the register."""
    told = [e for e in result.effects if e.status in {"estimated", "joint_bounds"}]
    groups = {e.responses for e in result.effects if not e.reason.startswith(_MEMBER)}
    lead = (
        f"Responses that began within a month of each other are read together: {len(groups)} groups. For "
        f"{len({e.responses for e in told})} of them some count can be set beside what the months before would lead "
        "one to expect; for the others too few months are published, a rule of counting changed in the same weeks, or "
        "the response itself takes people out of the count. A factor is a difference in what was counted, whatever "
        "caused it; a net effect in persons cannot be had from events."
    )
    measured, split = (
        len({e.responses for e in told}),
        [f for f in result.families if f.depends_on_count == "yes"],
    )
    headline = (
        f"The responses fall into {len(groups)} groups that began within a month of each other; for {measured} some "
        "count can be set beside what the months before let expect"
        + (f", and for {len(split)} its sign depends on what is counted" if split else "")
        + "."
    )
    return ResponsesSection(
        headline=headline,
        lead=lead,
        effects=_effects_table(told, result, corridors) if told else None,
        figure=_figure(result, corridors),
        disagreements=tuple(f"{_spoken(f.responses)}: {f.text}" for f in split),
        composition=_composition(result),
        instruments=tuple(_instrument(i, one, register) for i, one in enumerate(result.instruments, start=1)),
        costs=tuple(_cost(i, row, register) for i, row in enumerate(result.costs, start=1)),
        result_id=result.result_id,
    )


def _composition(result: Evaluation) -> tuple[str, ...]:
    """Return groups after which the share of an origin band moved more than between earlier spans, and a summary."""
    judged = [
        row for row in result.composition if row["text"] and row["usual_change"] and not row["rule_changed"]
    ]
    if not judged:
        return ()
    unusual = []
    for row in judged:
        lower, upper = row["usual_change"]
        high = row["bands"][2]
        if not lower <= high["share_after"] - high["share_before"] <= upper:
            unusual.append(f"{_spoken(row['responses'])}: {row['text']}")
    return (
        *unusual,
        f"After {len(judged) - len(unusual)} of {len(judged)} groups that can be compared, the share moved no more "
        "than between earlier spans of the same length.",
        f"{SAYS_NOTHING} Decisions are those of all states of asylum (UNHCR Refugee Data Finder, CC BY 4.0).",
    )


def _spoken(responses: Sequence[str]) -> str:
    numbers = [name[1:].lstrip("0") for name in responses]
    return f"Response {numbers[0]}" if len(numbers) == 1 else f"Responses {numbers[0]} to {numbers[-1]}"


def _effects_table(told: list[Effect], result: Evaluation, corridors: CorridorRegistry) -> Table:
    titles = {row["response"]: f"{row['country']}: {row['title']}" for row in result.rights}
    rows = []
    for effect in told:
        factors = effect.relative or {}
        first = titles[effect.responses[0]]
        more = f" and {len(effect.responses) - 1} more" if len(effect.responses) > 1 else ""
        rows.append(
            (
                f"{_spoken(effect.responses)}. {first}{more}",
                f"{MEASURE_TITLES[effect.outcome]}{who(effect.nationality)}, {label_of(corridors[effect.corridor])}",
                "together" if factors["estimate"] is None else plain(factors["estimate"]),
                f"{plain(factors['lower'])} to {plain(factors['upper'])}",
                ", ".join(c.name.replace("_", " ") for c in effect.checks if c.status in _MARKED),
            )
        )
    return Table(
        caption="Factors: what was counted over what was expected without the responses; 1 is no difference",
        columns=("Responses", "Count", "Factor", "95 % interval", "Checks failed"),
        numeric=(False, False, True, True, False),
        rows=tuple(rows),
        note="Numbers of responses are those of 'counterpoise evaluate', in the order in which they begin.",
    )


def _figure(result: Evaluation, corridors: CorridorRegistry) -> Figure | None:
    try:
        effect = drawn_effect(result)
    except InputError:
        return None
    begins = {row["response"]: date.fromisoformat(row["begins_on"]) for row in result.rights}
    return Figure(
        id="effect-1",
        corridors=(effect.corridor,),
        title=f"{MEASURE_TITLES[effect.outcome]}, {label_of(corridors[effect.corridor])}, counted and expected",
        subtitle=f"Counts per month; the band is what the months before {_spoken(effect.responses).lower()} let expect",
        source=(f"Computed; {result.result_id}.",),
        words=describe_effect(effect),
        draw=partial(_draw, effect=effect, begins=begins),
    )


def _draw(layout: Layout, *, effect: Effect, begins: dict[str, date]) -> Any:
    return chart_effect(effect, begins=begins, layout=layout)


def _instrument(number: int, one: dict[str, Any], register: Register) -> Entry:
    day = one["final_on"] or one["decided_on"] or one["heard_on"] or one["public_on"]
    return Entry(
        row="Instruments",
        number=number,
        when=spoken_date(date.fromisoformat(day)),
        kind=one["status"].replace("_", " "),
        who=one["body"],
        text=f"{one['title']}. {one['held']}",
        details=(
            ("Articles", one["articles"]),
            ("Checked", spoken_date(date.fromisoformat(one["checked_on"]))),
        ),
        sources=(register.page(title=one["title"], url=one["url"], publisher=one["publisher"]),),
        marks=(),
    )


def _cost(number: int, row: dict[str, Any], register: Register) -> Entry:
    lower, upper = row["amount_lower"], row["amount_upper"]
    amount = f"{upper:,.0f}" if lower in (None, upper) else f"{lower:,.0f} to {upper:,.0f}"
    qualifier = f"{row['qualifier']} " if row["qualifier"] else ""
    return Entry(
        row="Costs",
        number=number,
        when=spoken_date(date.fromisoformat(row["public_on"]))
        if row["precision"] == "day"
        else row["public_on"][:4],
        kind=f"{row['currency']} of {row['price_year']}",
        who=row["country"],
        text=f"{row['what']}: {qualifier}{amount} {row['currency']}, {row['recurs']}.",
        details=(("Note", row["note"]),) if row["note"] else (),
        sources=(register.page(title=row["what"], url=row["url"], publisher=row["publisher"]),),
        marks=(),
    )
