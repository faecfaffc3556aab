"""The section 'What would hold up?': what the scenario model found, in words no stronger than it is.

It stands in no replay: the model and its rules were made with what is known now.
"""

from counterpoise.brief.model import ScenarioSection, Table
from counterpoise.scenarios.results import Exploration, PolicyResult

__all__ = ["scenario_section"]

SHOWN = {
    "deaths": "Deaths",
    "stranded_weeks": "Held up (person-weeks)",
    "attempts": "Attempts",
    "cost": "Public cost (million euro)",
}


def scenario_section(exploration: Exploration) -> ScenarioSection:
    """Return the section for a result of ``explore``."""
    titles = {policy.name: policy.title for policy in exploration.policies}
    held = [titles[name] for name in exploration.recommended]
    paragraphs = [
        f"A model of people, hubs, borders, a coercer and the societies concerned set "
        f"{len(exploration.policies)} policies against each other in {exploration.n_runs:,} futures. This is no "
        "forecast: futures are drawn evenly from wide ranges, most of them assumptions, so shares of futures are no "
        "probabilities, and sizes are orders of magnitude.",
        _held(held),
    ]
    paragraphs += [
        "What keeping to rights costs is in the result only as intervals beside the harm that would come with breaking "
        "them; nothing here weighs one against the other. What the model leaves out cannot fail in it: routes "
        "elsewhere, what happens after return or in third countries, the residents of the border."
    ]
    screened = [policy for policy in exploration.policies if not policy.admissible]
    return ScenarioSection(
        headline=(
            f"Of {len(exploration.policies)} policies compared in a model, which is no forecast, rights rule out "
            f"{len(screened)} beforehand, and {len(held)} of the others hold up in nearly all futures."
        ),
        paragraphs=tuple(paragraphs),
        screened=tuple(_screened(policy) for policy in screened),
        table=_table(exploration),
        result_id=exploration.result_id,
    )


def _held(held: list[str]) -> str:
    if not held:
        return "None of the policies compared is in nearly all futures no worse than no response and clearly better."
    return (
        "In nearly all futures no worse than no response, outcome by outcome and cost apart, and clearly better in one "
        f"outcome in at least half of them: {'; '.join(held)}. There is no first among these, and what was not "
        "compared may do as well."
    )


def _screened(policy: PolicyResult) -> str:
    """Return one policy that rights rule out, with the articles and judgments, and what is still before a court."""
    stops, pending = [], []
    for screen in policy.screens:
        rule = screen.rule
        of = f" (compare {rule.judgment})" if rule.judgment else ""
        if screen.result == "blocked" or (screen.result == "blocked_unless" and not screen.met):
            stops.append(f"{rule.article}{of}")
        elif screen.result == "contested_pending":
            pending.append(rule.judgment)
    text = f"{policy.title}: {'; '.join(dict.fromkeys(stops))}."
    if pending:
        text += f" Before the court, no judgment found: {'; '.join(pending)}."
    return text


def _table(exploration: Exploration) -> Table:
    rows = []
    for policy in exploration.policies:
        standing = (
            "holds up"
            if policy.name in exploration.recommended
            else "admissible"
            if policy.admissible
            else "screened out"
        )
        values = [_spread(policy, name) for name in SHOWN]
        rows.append((policy.title, standing, *values))
    return Table(
        caption=f"Policies over {exploration.n_runs:,} futures: median, 10th to 90th percentile",
        columns=("Policy", "Standing", *SHOWN.values()),
        numeric=(False, False, *(True for _ in SHOWN)),
        rows=tuple(rows),
        note="Screened-out policies are shown so that nobody has to take our word for what they would do; they are not "
        "recommended. Method: the page on scenarios.",
    )


def _spread(policy: PolicyResult, name: str) -> str:
    values = policy.outcomes[name]
    return f"{_number(values['median'])}, {_number(values['p10'])} to {_number(values['p90'])}"


def _number(value: float) -> str:
    if value >= 1000:
        return f"{float(f'{value:.2g}'):,.0f}"
    return f"{value:,.0f}" if value >= 1 or value == 0 else f"{value:.1f}"
