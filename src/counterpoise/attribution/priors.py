"""Prior probabilities: three fixed sets, and anybody's own from a file. There is no default among them."""

from collections.abc import Mapping
from importlib.resources import files
from math import isclose
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from counterpoise.errors import InputError
from counterpoise.vocabulary import ANSWERS

__all__ = ["Prior", "load_priors", "parse_prior", "read_prior"]

Prior = Mapping[str, Mapping[str, float]]
"""Question -> answer -> probability."""


def load_priors() -> dict[str, Prior]:
    """Return the three fixed priors by name, each with every question."""
    text = files("counterpoise.data").joinpath("attribution", "priors.yml").read_text(encoding="utf-8")
    entries: Mapping[str, Any] = YAML(typ="safe", pure=True).load(text)
    return {
        name: parse_prior(entry["prior"], f"data/attribution/priors.yml, {name}")
        for name, entry in entries.items()
    }


def read_prior(path: Path) -> Prior:
    """Return the prior of a YAML file: for each question its answers and their probabilities.

    Raises
    ------
    InputError
        If it cannot be read, or has faults; all faults together.
    """
    try:
        entries = YAML(typ="safe", pure=True).load(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError, YAMLError) as error:
        raise InputError(
            expected="a YAML file with probabilities",
            found=str(error).split("\n", maxsplit=1)[0],
            where=f"--prior {path}",
            hint="write for example 'aim: {not_shown: 0.6, commercial_or_domestic: 0.2, coercive: 0.2}'",
        ) from error
    return parse_prior(entries, f"--prior {path}")


def parse_prior(entries: object, where: str) -> Prior:
    """Return the prior; a question that is left out has even probabilities.

    Raises
    ------
    InputError
        If a question or answer is unknown, an answer is missing, a probability is none, or they do not sum to 1.
    """
    if not isinstance(entries, Mapping):
        raise InputError(
            expected=f"probabilities under {', '.join(ANSWERS)}",
            found="an empty file" if entries is None else f"{type(entries).__name__}",
            where=where,
            hint="write for example 'record: {real: 0.9, reporting_artefact: 0.1}'",
        )
    faults = [f"the unknown question {name!r}" for name in entries if name not in ANSWERS]
    prior: dict[str, Mapping[str, float]] = {}
    for question, answers in ANSWERS.items():
        given = entries.get(question)
        if given is None:
            prior[question] = dict.fromkeys(answers, 1 / len(answers))
            continue
        found = _faults(question, given)
        faults += found
        if not found:
            prior[question] = {name: float(given[name]) for name in answers}
    if faults:
        raise InputError(
            expected="probabilities of every answer that sum to 1",
            found="; ".join(faults),
            where=where,
            hint="'counterpoise attribute --questions' lists the answers",
        )
    return prior


def _faults(question: str, given: object) -> list[str]:
    answers = ANSWERS[question]
    if not isinstance(given, Mapping):
        return [f"{question} without answers"]
    faults = [f"{question} with the unknown answer {name!r}" for name in given if name not in answers]
    faults += [f"{question} without {name}" for name in answers if name not in given]
    wrong = [
        f"{question} {name} = {p!r}"
        for name, p in given.items()
        if isinstance(p, bool) or not isinstance(p, int | float) or not 0 <= p <= 1
    ]
    faults += wrong
    if not faults:
        total = sum(float(given[name]) for name in answers)
        if not isclose(total, 1.0, abs_tol=1e-6):
            faults.append(f"{question} that sums to {total:g}")
    return faults
