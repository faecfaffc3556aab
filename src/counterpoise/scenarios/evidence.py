"""What ``evaluate`` and ``attribute`` found of the same case, as far as the model can be laid beside it.

Both are read as their JSON answers. Bounds of what responses did rule out futures in which the same responses do
something else in the model (history matching on effects: Craig et al. 1997). Answers that attribution leaves open say
within which futures a policy has to hold up; they are not weighed, for a likelihood ratio is no share of futures.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from counterpoise.errors import AnalysisError, InputError
from counterpoise.observations.corridors import load_corridors
from counterpoise.scenarios.files import read_text
from counterpoise.scenarios.parameters import BORDERS, PARAMETERS, SERIES
from counterpoise.scenarios.patterns import shares_of_weeks
from counterpoise.scenarios.policies import Policy, lever_rows, load_history
from counterpoise.scenarios.run import run_experiments
from counterpoise.scenarios.worlds import World

__all__ = ["OpenAnswer", "Ruled", "consistent_futures", "open_answers", "read_answer"]

Float = npt.NDArray[np.float32]
Flags = npt.NDArray[np.bool_]

LEVER_OF = {
    "airline_pressure": "hub_closure",
    "sanctions": "sanctions",
    "turn_back_law": "turn_back",
    "emergency_law": "emergency_law",
    "fence": "fence",
    "troops": "troops",
    "readmission": "return_programme",
    "border_closure": "crossing_closure",
    "information_campaign": "information",
}
"""Kind of a response in a case -> lever of the model; other kinds have none."""
NEAR = timedelta(days=31)
"""A lever of the history is the response of a case if it begins within a month of it, as ``evaluate`` groups them."""
COUNTED = ("attempts", "prevented", "detections")
FEWEST = 8
"""Fewer futures say nothing of the tail."""
GAINS = ("unity_gain", "attention_gain", "rights_gain", "deal_gain")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruled:
    """One effect of ``evaluate`` beside the same responses in the model.

    Parameters
    ----------
    lower, upper
        Bounds of ``evaluate``, as factors: counted over expected without the responses.
    p10, median, p90
        The same in the model, over all futures drawn.
    kept_share
        Share of futures within the bounds.
    """

    responses: tuple[str, ...]
    levers: tuple[str, ...]
    corridor: str
    outcome: str
    lower: float
    upper: float
    p10: float
    median: float
    p90: float
    kept_share: float

    def to_dict(self) -> dict[str, Any]:
        """Return the row as it stands in the JSON answer."""
        return {name: getattr(self, name) for name in self.__slots__} | {
            "responses": list(self.responses),
            "levers": list(self.levers),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenAnswer:
    """An answer that ``attribute`` does not find behind another over its whole interval.

    Parameters
    ----------
    among
        Which futures stand for it; None where the model has none of the kind.
    """

    question: str
    answer: str
    log_lr_lower: float
    log_lr_upper: float
    among: Flags | None


def read_answer(path: Path, stage: str) -> Mapping[str, Any]:
    """Return a JSON answer that ``evaluate`` or ``attribute`` wrote.

    Raises
    ------
    InputError
        If the file cannot be read, or holds something else.
    """
    text = read_text(path, f"an answer of '{stage}'")
    try:
        answer = json.loads(text)
    except ValueError:
        answer = None
    found = answer.get("stage") if isinstance(answer, dict) else None
    if found != stage:
        raise InputError(
            expected=f"an answer of '{stage}' as JSON",
            found=f"one of '{found}'" if found else "something else",
            where=str(path),
            hint=f"write one with: counterpoise {stage} CASE --out FILE.json",
        )
    return dict(answer)


def consistent_futures(
    world: World, parameters: Float, evaluation: Mapping[str, Any], *, seed: int
) -> tuple[Flags, tuple[Ruled, ...]]:
    """Return which futures give the effects that ``evaluate`` bounds, and each effect beside the model's.

    The history bundled with the world is run with and without the levers that stand for the responses of an effect,
    with the same chance; the figure is that of ``evaluate``: the mean over its months of the log ratio. Effects
    whose months, corridor, outcome or responses the model does not have are left out.

    Parameters
    ----------
    parameters
        Shape ``(len(PARAMETERS), n)``.
    evaluation
        The JSON answer of ``evaluate``.

    Raises
    ------
    InputError
        If the world comes without the responses used in fact.
    AnalysisError
        If hardly any future is left.
    """
    history = load_history(world.id)
    kinds = {row["response"]: row for row in evaluation["rights"]}
    keep = np.ones(parameters.shape[1], np.bool_)
    rows: list[Ruled] = []
    for effect in evaluation["effects"]:
        series = _series_of(world, effect)
        months = _months_of(world, effect)
        concerned = _concerned(world, history, [kinds[name] for name in effect["responses"] if name in kinds])
        if not (series and months and concerned and effect["lower"] is not None):
            continue
        simulated = _effect(world, parameters, history, concerned, series, months, seed)
        within = (simulated >= effect["lower"]) & (simulated <= effect["upper"])
        keep &= within
        p10, median, p90 = np.exp(np.quantile(simulated, [0.1, 0.5, 0.9])).tolist()
        rows.append(
            Ruled(
                responses=tuple(effect["responses"]),
                levers=tuple(dict.fromkeys(history.levers[k].lever for k in concerned)),
                corridor=effect["corridor"],
                outcome=effect["outcome"],
                lower=float(np.exp(effect["lower"])),
                upper=float(np.exp(effect["upper"])),
                p10=p10,
                median=median,
                p90=p90,
                kept_share=float(within.mean()),
            )
        )
    if keep.sum() < FEWEST:
        raise AnalysisError(
            expected=f"{FEWEST} futures or more in which responses do what evaluate found",
            found=f"{keep.sum()} of {keep.size:,}",
            where="--impact",
            hint="use more --runs; if it stays so, the model or its priors do not fit these effects",
        )
    return keep, tuple(rows)


def _series_of(world: World, effect: Mapping[str, Any]) -> list[str]:
    """Return the series of the model that stand for what an effect is about; none if the model has none.

    Figures of crossing points are no detections; a route counts if all borders of the world are part of it.
    """
    outcome, corridor = effect["outcome"], effect["corridor"]
    if outcome not in COUNTED or effect["nationality"] not in {"TOTAL", "TOTAL-UKR"}:
        return []
    if world.all_priors["crossing_share"].high > 0:
        return []
    registry = load_corridors()
    parts = registry.subtree(corridor) if corridor in registry else (corridor,)
    inside = [b for b, border in enumerate(world.borders) if border in parts]
    whole = len(inside) == BORDERS or corridor in world.borders
    return [f"{outcome}_{b + 1}" for b in inside] if whole else []


def _months_of(world: World, effect: Mapping[str, Any]) -> list[tuple[date, date]]:
    """Return the months of an effect, or none if one lies outside the weeks of the world."""
    months = [
        (date.fromisoformat(row["period_start"]), date.fromisoformat(row["period_end"]))
        for row in effect["pointwise"]
    ]
    last = world.start + timedelta(weeks=world.weeks)
    return months if all(world.start <= first and end < last for first, end in months) else []


def _concerned(world: World, history: Policy, responses: Sequence[Mapping[str, Any]]) -> list[int]:
    """Return the levers of the history that are these responses."""
    days = [(LEVER_OF.get(r["kind"]), date.fromisoformat(r["begins_on"])) for r in responses]
    return [
        k
        for k, lever in enumerate(history.levers)
        for name, day in [(lever.lever, world.start + timedelta(weeks=lever.start))]
        if any(name == kind and abs(day - begins) <= NEAR for kind, begins in days)
    ]


def _effect(
    world: World,
    parameters: Float,
    history: Policy,
    concerned: Sequence[int],
    series: Sequence[str],
    months: Sequence[tuple[date, date]],
    seed: int,
) -> npt.NDArray[np.float64]:
    """Return the mean log ratio over months, with and without some levers; one is added to both, for none."""
    others = tuple(lever for k, lever in enumerate(history.levers) if k not in concerned)
    without = history.model_copy(update={"levers": others})
    weeks = (months[-1][1] - world.start).days // 7 + 1
    rows = [list(SERIES).index(name) for name in series]
    share = np.array([shares_of_weeks(month, world.start, weeks) for month in months])
    found = []
    for at in range(0, parameters.shape[1], 4096):
        part = parameters[:, at : at + 4096]
        both = run_experiments(
            part, [lever_rows(history), lever_rows(without)], world.cold[:weeks], seed=seed, first=at,
            keep_series=True,
        ).series[:, :, rows].sum(axis=2, dtype=np.float64)  # fmt: skip
        figures = np.log(np.einsum("mw,pwn->pmn", share, both) + 1)
        found.append((figures[0] - figures[1]).mean(axis=0))
    return np.concatenate(found)


def open_answers(parameters: Float, attribution: Mapping[str, Any]) -> tuple[OpenAnswer, ...]:
    """Return the answers on opening and aim that are left open, each with the futures that stand for it.

    An answer is behind if another beats it over the whole interval of their ratio. A movement nobody steers, or that
    private networks steer alone, is none of the model's: it has a coercer in every future. Tolerance is its class of
    proxies; a commercial aim is where fees weigh most in the gain, a coercive one where something else does.
    """
    value = dict(zip(PARAMETERS, parameters, strict=True))
    proxies = value["strategy"] == 4
    fees = np.all([value["fee_gain"] > value[name] for name in GAINS], axis=0)
    kinds: dict[str, dict[str, Flags | None]] = {
        "opening": {"none": None, "private": None, "state_tolerated": proxies, "state_active": ~proxies},
        "aim": {
            "not_shown": np.ones(proxies.size, np.bool_),
            "commercial_or_domestic": fees,
            "coercive": ~fees,
        },
    }
    behind = {
        (row["question"], row["a"] if row["upper"] < 0 else row["b"])
        for row in attribution["odds"]
        if row["upper"] < 0 or row["lower"] > 0
    }
    return tuple(
        OpenAnswer(
            question=question,
            answer=row["name"],
            log_lr_lower=row["log_lr_lower"],
            log_lr_upper=row["log_lr_upper"],
            among=kinds[question][row["name"]],
        )
        for question in kinds
        for row in attribution["questions"].get(question, ())
        if (question, row["name"]) not in behind
    )
