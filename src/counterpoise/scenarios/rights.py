"""Rights as constraints: which policies may be recommended at all, by which rule, and whom it binds.

The rule base is ``data/scenarios/rights_rules.csv``: lever and circumstances in, article, body and judgment out, in
our own words. Rules screen policies before anything is ranked; they are never weighed. It is a reading of law on
the day of checking, not legal advice.
"""

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from io import StringIO
from typing import Any, Literal

from counterpoise.scenarios.parameters import BORDERS, LEVER_ROWS
from counterpoise.scenarios.policies import Policy
from counterpoise.scenarios.worlds import State

__all__ = [
    "Rule",
    "Screen",
    "circumstances_of",
    "is_admissible",
    "load_rules",
    "newest_check",
    "screen_policy",
]

ScreenResult = Literal["blocked", "blocked_unless", "contested_pending", "no_instrument_binding"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule: a lever under circumstances, and what follows from which instrument.

    Parameters
    ----------
    when
        Circumstances under which it applies; all must hold.
    unless
        Alternatives under any of which it does not block; each a set of circumstances that must all hold.
    decided_on
        Day of the judgment or instrument; None while pending.
    checked_on
        Day on which the source was read; None: the text of an instrument, known without a page.
    """

    id: str
    lever: str
    when: Mapping[str, bool]
    result: ScreenResult
    unless: tuple[Mapping[str, bool], ...]
    article: str
    body: str
    judgment: str
    number: str
    decided_on: date | None
    final: bool
    final_on: date | None
    binds: str
    checked_on: date | None
    source_title: str
    source_url: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Screen:
    """What one rule says of one policy in the states concerned."""

    rule: Rule
    result: ScreenResult
    states: tuple[str, ...]
    met: bool
    """Whether a condition of ``blocked_unless`` is stated to hold."""
    conditions: tuple[str, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return the screen as it stands in the JSON answer."""
        rule = self.rule
        return {
            "rule": rule.id,
            "lever": rule.lever,
            "result": self.result,
            "conditions": list(self.conditions),
            "conditions_met": self.met,
            "states": list(self.states),
            "article": rule.article,
            "body": rule.body,
            "judgment": rule.judgment,
            "number": rule.number,
            "decided_on": rule.decided_on.isoformat() if rule.decided_on else None,
            "final": rule.final,
            "final_on": rule.final_on.isoformat() if rule.final_on else None,
            "state_bound": rule.binds,
            "checked_on": rule.checked_on.isoformat() if rule.checked_on else None,
            "text": rule.text,
            "source": rule.source_title,
            "url": rule.source_url,
        }


def _conditions(text: str) -> dict[str, bool]:
    pairs = (part.strip().split("=") for part in text.split("&") if part.strip())
    return {name: value == "yes" for name, value in pairs}


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


@cache
def load_rules() -> tuple[Rule, ...]:
    """Return the rule base."""
    text = files("counterpoise.data").joinpath("scenarios", "rights_rules.csv").read_text(encoding="utf-8")
    return tuple(
        Rule(
            id=row["id"],
            lever=row["lever"],
            when=_conditions(row["when"]),
            result=row["result"],  # type: ignore[arg-type]
            unless=tuple(_conditions(part) for part in row["unless"].split("|") if part.strip()),
            article=row["article"],
            body=row["body"],
            judgment=row["judgment"],
            number=row["number"],
            decided_on=_day(row["decided_on"]),
            final=row["final"] == "yes",
            final_on=_day(row["final_on"]),
            binds=row["binds"],
            checked_on=_day(row["checked_on"]),
            source_title=row["source_title"],
            source_url=row["source_url"],
            text=row["text"],
        )
        for row in csv.DictReader(StringIO(text))
    )


def newest_check() -> date:
    """Return the newest day on which a rule was checked."""
    return max(rule.checked_on for rule in load_rules() if rule.checked_on)


def circumstances_of(policy: Policy) -> dict[str, bool]:
    """Return the circumstances of a policy: as stated, and as its levers make them, whatever is stated.

    Turn-back as the model has it comes without hearing anybody, so neither a hearing nor an individual decision
    can be claimed for it; whether a crossing is open follows from the levers.
    """
    shut = {
        row - LEVER_ROWS["crossing_closure"]
        for response in policy.levers
        if response.lever == "crossing_closure" and response.level > 0.99
        for row in response.rows
    }
    stated = dict(policy.circumstances)
    levers = {response.lever for response in policy.levers}
    if "turn_back" in levers:
        stated |= {"protection_heard": False, "individual_assessment": False}
    if "aid_access" in levers:
        stated["aid_access"] = True
    return stated | {"open_crossing": len(shut) < BORDERS}


def screen_policy(
    policy: Policy, states: Sequence[State], *, as_of: date, rules: Sequence[Rule] | None = None
) -> tuple[Screen, ...]:
    """Return what each rule known on a day says of a policy.

    A rule whose instrument or judgment is later than ``as_of`` was not known. A rule that binds none of the states
    gives ``no_instrument_binding``; the states it does bind are named.
    """
    circumstances = circumstances_of(policy)
    levers = {response.lever for response in policy.levers}
    screens = []
    for rule in load_rules() if rules is None else rules:
        applies = rule.lever in levers and _hold(rule.when, circumstances)
        if not applies or (rule.decided_on is not None and rule.decided_on > as_of):
            continue
        bound = tuple(
            state.state for state in states if rule.binds in {"all", "echr"} or getattr(state, rule.binds)
        )
        screens.append(
            Screen(
                rule=rule,
                result=rule.result if bound else "no_instrument_binding",
                states=bound,
                met=any(_hold(option, circumstances) for option in rule.unless),
                conditions=tuple(_written(option) for option in rule.unless),
            )
        )
    return tuple(screens)


def is_admissible(screens: Sequence[Screen]) -> bool:
    """Return whether a policy may be recommended: nothing blocks it, and every condition is stated to hold."""
    return not any(
        screen.result == "blocked" or (screen.result == "blocked_unless" and not screen.met)
        for screen in screens
    )


def _hold(conditions: Mapping[str, bool], circumstances: Mapping[str, bool]) -> bool:
    return all(circumstances.get(name, False) == value for name, value in conditions.items())


def _written(conditions: Mapping[str, bool]) -> str:
    return " and ".join(name if value else f"not {name}" for name, value in conditions.items())
