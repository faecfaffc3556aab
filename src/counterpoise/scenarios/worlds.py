"""The world of a case: where and when the model plays, and the priors of its uncertainties.

Priors are bundled in ``data/scenarios/priors.yml``; a model file may narrow or move any of them, and says why.
"""

import difflib
import math
from datetime import date, timedelta
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Literal, Self

import numpy as np
import numpy.typing as npt
from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from counterpoise.errors import InputError
from counterpoise.scenarios.files import parse_file, read_text
from counterpoise.scenarios.parameters import BORDERS, PARAMETERS

__all__ = ["Prior", "State", "World", "load_priors", "load_world", "parse_world", "world_names"]

Share = frozenset(
    {
        "willingness", "initial_success", "success_learning", "rumour", "information_effect", "information_decay",
        "pathway_substitution", "incentive_effect", "closure_compliance", "effort_limit", "effort_growth",
        "deal_honour", "switching", "staging_share", "cold_damping", "base_prevention", "fence_effect",
        "troops_effect", "base_interception", "troops_interception", "turn_back_reach", "crossing_share",
        "recorded_share", "aid_effect", "aid_base", "home_return", "return_programme_effect", "claim_share",
        "recognition_share", "rejected_return", "onward_share", "onward_found", "salience_memory",
        "polarisation_gain", "trust_gain", "cohesion_strain", "cohesion_recovery", "tone_effect", "dialogue_effect",
    }
)  # fmt: skip
"""Parameters that are shares and cannot leave 0 to 1."""
_CLASSES = {"strategy": 5, "adaptation": 3, "polarisation_switch": 2}
_POSITIVE = frozenset(
    {"potential_people", "seats", "reroute_weeks", "pulse_weeks", "salience_scale", "decisions", "beds"}
)
_COLDEST_DAY = 20
"""Day of the year about which the cold is deepest, 20 January (climate normals of the Baltic region)."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Prior(_Strict):
    """The range of one uncertainty; both ends inclusive, of a choice the upper one exclusive."""

    low: float
    high: float
    scale: Literal["linear", "log", "choice"] = "linear"
    unit: str
    source: Annotated[str, Field(min_length=3)]

    @model_validator(mode="after")
    def _is_a_range(self) -> Self:
        if not (math.isfinite(self.low) and math.isfinite(self.high) and self.low <= self.high):
            raise _fault(f"a range from {self.low} to {self.high}", "write two numbers, low not above high")
        if self.scale == "log" and self.low <= 0:
            raise _fault(f"a log scale from {self.low}", "a log scale begins above 0")
        if self.scale == "choice" and (self.low % 1 or self.high % 1 or self.low == self.high):
            raise _fault(f"a choice from {self.low} to {self.high}", "write two different whole numbers")
        return self

    def at(self, share: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        """Return the values at shares from 0 to 1 of the range."""
        if self.scale == "log":
            return np.asarray(np.exp(np.log(self.low) + share * (np.log(self.high) - np.log(self.low))))
        value = self.low + share * (self.high - self.low)
        return np.minimum(np.floor(value), self.high - 1) if self.scale == "choice" else value


class State(_Strict):
    """A state of the target side, and what binds it beyond the European Convention."""

    state: Annotated[str, Field(pattern="^[A-Z]{3}$")]
    eu_member: bool
    protocol_4_party: bool


class _Priors(_Strict):
    priors: dict[str, Prior]

    @model_validator(mode="after")
    def _possible(self) -> Self:
        _require_possible(self.priors)
        return self


class World(_Strict):
    """Where and when the model plays, and its priors."""

    id: Annotated[str, Field(pattern="^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60)]
    title: str
    case: str | None = None
    start: date
    weeks: Annotated[int, Field(ge=4, le=520)] = 104
    borders: Annotated[tuple[str, ...], Field(min_length=BORDERS, max_length=BORDERS)]
    target_states: Annotated[tuple[State, ...], Field(min_length=1)]
    priors: dict[str, Prior] = {}

    @model_validator(mode="after")
    def _possible(self) -> Self:
        _require_possible(self.priors)
        return self

    @property
    def all_priors(self) -> dict[str, Prior]:
        """Every prior in the order of the model's rows: this file's, or the bundled one."""
        return {name: self.priors.get(name, prior) for name, prior in load_priors().items()}

    @property
    def cold(self) -> npt.NDArray[np.float32]:
        """How deep winter is in each week, 0 in high summer to 1; shape ``(weeks,)``."""
        days = [(self.start + timedelta(weeks=w)).timetuple().tm_yday for w in range(self.weeks)]
        angle = 2 * np.pi * (np.array(days) - _COLDEST_DAY) / 365.25
        return np.asarray((1 + np.cos(angle)) / 2, dtype=np.float32)


def _fault(text: str, hint: str) -> PydanticCustomError:
    return PydanticCustomError("counterpoise", "{text}: {hint}", {"text": text, "hint": hint})


def _require_possible(priors: dict[str, Prior]) -> None:
    for name, prior in priors.items():
        if name not in PARAMETERS:
            near = difflib.get_close_matches(name, PARAMETERS, n=1)
            raise _fault(
                f"a prior of {name!r}, which the model does not have",
                f"did you mean {near[0]}?" if near else "see docs/scenarios.md for its uncertainties",
            )
        if name in Share and not (prior.low >= 0 and prior.high <= 1):
            raise _fault(f"{name} from {prior.low} to {prior.high}", "a share lies between 0 and 1")
        if name in _CLASSES and not (
            prior.scale == "choice" and prior.low >= 0 and prior.high <= _CLASSES[name]
        ):
            raise _fault(
                f"{name} from {prior.low} to {prior.high}",
                f"write scale: choice within 0 and {_CLASSES[name]}",
            )
        if prior.low < 0 or (name in _POSITIVE and prior.low == 0):
            raise _fault(
                f"{name} from {prior.low}", "it is above 0" if name in _POSITIVE else "it is never below 0"
            )
        if name == "potential_people" and prior.high > 8e6:
            raise _fault(f"{name} up to {prior.high}", "whole people are exact up to eight million here")


def _data(name: str) -> str:
    return files("counterpoise.data").joinpath("scenarios", name).read_text(encoding="utf-8")


@cache
def load_priors() -> dict[str, Prior]:
    """Return the bundled priors in the order of the model's rows."""
    read = parse_file(_data("priors.yml"), "priors.yml", _Priors, "priors", "docs/scenarios.md").priors
    return {name: read[name] for name in PARAMETERS}


def world_names() -> tuple[str, ...]:
    """Return the names of the bundled worlds."""
    folder = files("counterpoise.data").joinpath("scenarios")
    names = (f.name.removesuffix(".yml") for f in folder.iterdir() if f.name.endswith(".yml"))
    other = ("priors", "policies", "patterns-", "history-")
    return tuple(sorted(name for name in names if not name.startswith(other)))


def load_world(name_or_path: str | Path) -> World:
    """Return a bundled world by the name of its case, or that of a file.

    Raises
    ------
    InputError
        If there is none, or it has faults; all faults together.
    """
    name = str(name_or_path)
    if name in world_names():
        return parse_world(_data(f"{name}.yml"), name)
    path = Path(name_or_path)
    if path.suffix not in {".yml", ".yaml"} and not path.exists():
        near = difflib.get_close_matches(name, world_names(), n=1, cutoff=0.4)
        raise InputError(
            expected="a model file, or a case with a bundled model: " + ", ".join(world_names()),
            found=repr(name),
            where="MODEL",
            hint=f"did you mean {near[0]}?" if near else "docs/scenarios.md shows how to write a model file",
        )
    return parse_world(read_text(path, "a model file"), name)


def parse_world(text: str, where: str) -> World:
    """Return the world written in ``text``.

    Raises
    ------
    InputError
        If it has faults; all faults together.
    """
    return parse_file(
        text,
        where,
        World,
        "a model",
        "docs/scenarios.md",
        instead="explore plays a model: write one as that page shows, or name a bundled one: "
        + ", ".join(world_names()),
    )
