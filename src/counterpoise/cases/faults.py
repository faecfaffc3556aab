"""Faults of a case file: where each stands, what was found, what to do; told together in one sentence."""

import difflib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from counterpoise.cases.model import Actors, Case, Event, Harm, LeftOut, Phase, Response, Source
from counterpoise.errors import InputError

__all__ = ["CaseFault", "Place", "faults_of", "input_error", "line_of"]

Place = tuple[str | int, ...]
"""Keys and positions from the top of the document, e.g. ``("events", 3, "kind")``."""

N_SHOWN = 20
"""More faults than this in one message help nobody; the number of the others is said."""

_PARTS: dict[str, type[BaseModel]] = {
    "actors": Actors,
    "leave_out": LeftOut,
    "phases": Phase,
    "events": Event,
    "responses": Response,
    "harms": Harm,
    "sources": Source,
}

_REMEDIES = {
    "date_type": "write a day as YYYY-MM-DD, without quotes",
    "string_type": "write text; put it in quotes if it looks like a number or a date",
    "string_too_short": "write something, or take the line out",
    "tuple_type": "write a list: [one, two], or lines that begin with '- '",
    "too_short": "give at least one",
    "model_type": "write keys and values on lines of their own, indented",
    "int_type": "write a whole number",
    "int_parsing": "write a whole number",
    "int_from_float": "write a whole number",
    "greater_than_equal": "a count is never negative",
    "bool_type": "write true or false",
    "bool_parsing": "write true or false",
}


@dataclass(frozen=True, slots=True)
class CaseFault:
    """One fault of a case file."""

    place: Place
    found: str
    remedy: str

    @property
    def label(self) -> str:
        """The place in words, counting from one: ``events 4, kind``."""
        words: list[str] = []
        for step in self.place:
            if isinstance(step, int) and words:
                words[-1] += f" {step + 1}"
            else:
                words.append(str(step))
        return ", ".join(words)


def faults_of(error: ValidationError) -> list[CaseFault]:
    """Return the faults behind an error of the model, one for each mistake.

    The model tells some mistakes twice: a misspelt key is both unknown and missing, and a list whose one entry
    is wrong also counts as empty.
    """
    details = error.errors(include_url=False)
    meant = {
        (*e["loc"][:-1], near)
        for e in details
        if e["type"] == "extra_forbidden" and (near := _nearest_key(tuple(e["loc"])))
    }
    places = [tuple(e["loc"]) for e in details]

    def is_echo(e: ErrorDetails) -> bool:
        place = tuple(e["loc"])
        if e["type"] == "missing":
            return place in meant
        below = any(len(other) > len(place) and other[: len(place)] == place for other in places)
        return e["type"] == "too_short" and below

    return [_fault_of(e) for e in details if not is_echo(e)]


def _fault_of(error: ErrorDetails) -> CaseFault:
    place: Place = tuple(error["loc"])
    kind, value, context = error["type"], error.get("input"), error.get("ctx", {})
    last = str(place[-1]) if place else ""
    match kind:
        case "missing":
            return CaseFault(place, f"no {last!r}", f"add a line '{last}: …'")
        case "extra_forbidden":
            return CaseFault(place, f"the unknown key {last!r}", _near_key(place))
        case "enum":
            return CaseFault(place, repr(value), _near_value(str(value), str(context["expected"])))
        case "counterpoise":
            return CaseFault(place, str(context["text"]), str(context["hint"]))
        case "string_pattern_mismatch" | "string_too_long":
            remedy = (
                "begin with https:// or http://"
                if last == "url"
                else "use small letters, digits and single hyphens, at most 60"
            )
            return CaseFault(place, repr(value), remedy)
        case _:
            return CaseFault(place, _shown(value), _REMEDIES.get(kind, error["msg"]))


def _shown(value: object) -> str:
    if isinstance(value, str | int | float) or value is None:
        return "nothing" if value in (None, "") else repr(value)
    if isinstance(value, Mapping):
        return "keys and values"
    return "a list" if isinstance(value, Sequence) else str(value)


def _known_keys(place: Place) -> list[str]:
    part = Case if len(place) == 1 else _PARTS.get(str(place[0]), Case)
    return [field.alias or name for name, field in part.model_fields.items()]


def _nearest_key(place: Place) -> str | None:
    near = difflib.get_close_matches(str(place[-1]), _known_keys(place), n=1)
    return near[0] if near else None


def _near_key(place: Place) -> str:
    near = _nearest_key(place)
    return f"did you mean {near}?" if near else f"take it out; known are {', '.join(_known_keys(place))}"


def _near_value(value: str, expected: str) -> str:
    names = expected.replace("'", "").replace(" or ", ", ").split(", ")
    near = difflib.get_close_matches(value, names, n=1)
    return (f"did you mean {near[0]}? " if near else "") + f"known are {', '.join(names)}"


def line_of(document: Any, place: Place) -> int:
    """Return the line, from 1, on which ``place`` stands in a round-trip document, or the nearest above."""
    line, node = 0, document
    for step in place:
        try:
            line = (node.lc.item(step) if isinstance(step, int) else node.lc.key(step))[0]
            node = node[step]
        except (AttributeError, KeyError, IndexError, TypeError):
            break
    return int(line) + 1


def input_error(faults: Sequence[CaseFault], line: Callable[[Place], int], where: str) -> InputError:
    """Return one error that tells all faults, in the order of their lines."""
    placed = sorted({(line(fault.place), fault.label, fault.found, fault.remedy) for fault in faults})
    expected = "a case as docs/cases.md describes it"
    if len(placed) == 1:
        number, label, found, remedy = placed[0]
        return InputError(
            expected=expected,
            found=f"{found} in '{label}'" if label else found,
            where=f"{where}, line {number}",
            hint=remedy,
        )
    shown = placed[:N_SHOWN]
    more = f" (and {len(placed) - N_SHOWN} more)" if len(placed) > N_SHOWN else ""
    return InputError(
        expected=expected,
        found="; ".join(f"line {n}: {found} in '{label}'" for n, label, found, _ in shown) + more,
        where=f"{where}, lines {', '.join(str(n) for n in dict.fromkeys(n for n, *_ in shown))}",
        hint="; ".join(f"line {n}: {remedy}" for n, _, _, remedy in shown),
    )
