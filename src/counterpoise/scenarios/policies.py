"""Policies: files a person can read, and the rows of levers the model takes.

A policy is a list of responses, each with its level, start, ramp, end, and perhaps a trigger; and statements about
the circumstances, which the rights screen reads.
"""

import difflib
from collections import Counter
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Self

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from counterpoise.errors import InputError
from counterpoise.scenarios.files import parse_file, read_text
from counterpoise.scenarios.model import LeverRows
from counterpoise.scenarios.parameters import COPIES, INDICATORS, LEVER_ROWS, LEVERS, N_LEVER_ROWS

__all__ = [
    "CIRCUMSTANCES",
    "Policy",
    "Response",
    "Trigger",
    "lever_rows",
    "load_history",
    "load_policies",
    "parse_policies",
]

CIRCUMSTANCES: dict[str, str] = {
    "protection_heard": "everybody's risk of ill-treatment is heard before anybody is sent back",
    "individual_assessment": "there is an individual decision on everybody sent back",
    "remedy": "there is an effective remedy before removal",
    "asylum_access": "applications are taken, whatever else the emergency law says",
    "aid_access": "help reaches people in the border zone",
    "access_elsewhere": "with every crossing closed, people can apply in another real way",
    "own_conduct": "people sent back had real access elsewhere and chose not to use it",
    "derogation": "a derogation under ECHR 15 was declared and is in force",
    "voluntary": "returns are voluntary, or follow an individual decision",
    "no_returns_to_coercer": "nobody is returned to, or kept in, the coercer's hands",
}
"""What the author of a policy may state; what is not stated counts as not so."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


def _fault(text: str, hint: str) -> PydanticCustomError:
    return PydanticCustomError("counterpoise", "{text}: {hint}", {"text": text, "hint": hint})


class Trigger(_Strict):
    """When a response begins and ends by itself."""

    indicator: str
    at_least: Annotated[float, Field(gt=0)]
    until_below: Annotated[float, Field(ge=0)] = 0.0

    @model_validator(mode="after")
    def _known(self) -> Self:
        names = [name for name in INDICATORS if name != "always"]
        if self.indicator not in names:
            near = difflib.get_close_matches(self.indicator, names, n=1)
            raise _fault(
                f"the indicator {self.indicator!r}",
                f"did you mean {near[0]}?" if near else f"known are {', '.join(names)}",
            )
        if self.until_below > self.at_least:
            raise _fault(
                f"until_below {self.until_below} above at_least {self.at_least}",
                "write the lower value in until_below",
            )
        return self


class Response(_Strict):
    """One lever of a policy: week ``start`` inclusive to ``end`` exclusive, rising in ``ramp`` weeks."""

    lever: str
    level: Annotated[float, Field(gt=0, le=1)] = 1.0
    start: Annotated[int, Field(ge=0)] = 0
    ramp: Annotated[int, Field(ge=1)] = 1
    end: Annotated[int, Field(ge=1)] | None = None
    hubs: tuple[Annotated[int, Field(ge=1, le=3)], ...] | None = None
    borders: tuple[Annotated[int, Field(ge=1, le=3)], ...] | None = None
    trigger: Trigger | None = None

    @model_validator(mode="after")
    def _known(self) -> Self:
        if self.lever not in LEVERS:
            near = difflib.get_close_matches(self.lever, LEVERS, n=1)
            raise _fault(
                f"the lever {self.lever!r}",
                f"did you mean {near[0]}?" if near else f"known are {', '.join(LEVERS)}",
            )
        scope = LEVERS[self.lever].scope
        for name, given in (("hubs", self.hubs), ("borders", self.borders)):
            if given is not None and name != scope:
                raise _fault(
                    f"'{name}' for {self.lever}", f"take it out: this lever is not set by {name[:-1]}"
                )
        if self.end is not None and self.end <= self.start:
            raise _fault(
                f"an end in week {self.end} with a start in week {self.start}", "end after the start"
            )
        return self

    @property
    def rows(self) -> tuple[int, ...]:
        """Rows of the model this response sets."""
        n = COPIES[LEVERS[self.lever].scope]
        chosen = self.hubs or self.borders or tuple(range(1, n + 1))
        return tuple(LEVER_ROWS[self.lever] + k - 1 for k in chosen)


class Policy(_Strict):
    """A mix of responses under one name."""

    name: Annotated[str, Field(pattern="^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60)]
    title: str
    levers: tuple[Response, ...]
    circumstances: dict[str, bool] = {}

    @model_validator(mode="after")
    def _clear(self) -> Self:
        for name in self.circumstances:
            if name not in CIRCUMSTANCES:
                near = difflib.get_close_matches(name, CIRCUMSTANCES, n=1)
                raise _fault(
                    f"the circumstance {name!r}",
                    f"did you mean {near[0]}?" if near else f"known are {', '.join(CIRCUMSTANCES)}",
                )
        rows = Counter(row for response in self.levers for row in response.rows)
        twice = sorted({r.lever for r in self.levers if any(rows[row] > 1 for row in r.rows)})
        if twice:
            raise _fault(
                f"{', '.join(twice)} more than once in {self.name}", "set a lever once for each place"
            )
        return self


class _File(_Strict):
    policies: Annotated[tuple[Policy, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _once(self) -> Self:
        twice = sorted(n for n, k in Counter(p.name for p in self.policies).items() if k > 1)
        if twice:
            raise _fault(f"the name {', '.join(twice)} more than once", "give each policy a name of its own")
        return self


def load_policies(path: Path | None = None) -> tuple[Policy, ...]:
    """Return the policies of a file, or the bundled ones.

    Raises
    ------
    InputError
        If the file cannot be read or has faults; all faults together.
    """
    if path is None:
        text = files("counterpoise.data").joinpath("scenarios", "policies.yml").read_text(encoding="utf-8")
        return parse_policies(text, "the bundled policies")
    return parse_policies(read_text(path, "a policy file"), str(path))


def load_history(case: str) -> Policy:
    """Return the responses used in fact in a case, in the model's words.

    Raises
    ------
    InputError
        If none are bundled with the case.
    """
    path = files("counterpoise.data").joinpath("scenarios", f"history-{case}.yml")
    if not path.is_file():
        raise InputError(
            expected="a model that comes with the responses used in fact",
            found=case,
            where="MODEL",
            hint="use a bundled case, belarus-eu-2021 or russia-finland-2023",
        )
    return next(p for p in parse_policies(path.read_text(encoding="utf-8"), path.name) if p.name == "in-fact")


def parse_policies(text: str, where: str) -> tuple[Policy, ...]:
    """Return the policies written in ``text``; 'no-response' is added in front if it is not there.

    It is what all others are compared with.

    Raises
    ------
    InputError
        If it has faults; all faults together.
    """
    policies = parse_file(text, where, _File, "policies", "docs/scenarios.md").policies
    for policy in policies:
        if policy.name == "no-response" and policy.levers:
            raise InputError(
                expected="no levers in the policy 'no-response', with which all others are compared",
                found=f"{len(policy.levers)} levers",
                where=where,
                hint="give this policy another name",
            )
    if any(policy.name == "no-response" for policy in policies):
        return policies
    return (Policy(name="no-response", title="No response", levers=()), *policies)


def lever_rows(policy: Policy) -> LeverRows:
    """Return a policy as the rows of levers the model takes."""
    n = N_LEVER_ROWS
    level, start, end = np.zeros(n, np.float32), np.zeros(n, np.float32), np.full(n, 1e9, np.float32)
    step, threshold, until = np.ones(n, np.float32), np.zeros(n, np.float32), np.full(n, -1, np.float32)
    indicator = np.zeros(n, np.int32)
    names = list(INDICATORS)
    for response in policy.levers:
        for row in response.rows:
            level[row], start[row] = response.level, response.start
            step[row] = response.level / response.ramp
            if response.end is not None:
                end[row] = response.end
            if response.trigger is not None:
                indicator[row] = names.index(response.trigger.indicator)
                threshold[row], until[row] = response.trigger.at_least, response.trigger.until_below
    return LeverRows(
        level=level,
        start=start,
        end=end,
        step=step,
        indicator=indicator,
        threshold=threshold,
        until=until,
    )
