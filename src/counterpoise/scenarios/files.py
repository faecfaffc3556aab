"""Model and policy files: YAML a person writes, checked as a whole, with line and remedy for every fault."""

import difflib
from io import StringIO
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from counterpoise.cases.faults import line_of
from counterpoise.cases.load import plain_yaml
from counterpoise.errors import InputError

__all__ = ["parse_file", "read_text"]

Model = TypeVar("Model", bound=BaseModel)

N_SHOWN = 20
_ONLY_CASES = frozenset({"label_status", "corridors"})
"""Keys that every case file has, and no model or policy file: told at once, not as a fault for each of its keys."""
_REMEDIES = {
    "missing": "add this key",
    "extra_forbidden": "take it out",
    "date_from_datetime_parsing": "write a day as YYYY-MM-DD",
    "date_type": "write a day as YYYY-MM-DD",
    "float_type": "write a number",
    "float_parsing": "write a number",
    "int_type": "write a whole number",
    "int_parsing": "write a whole number",
    "bool_parsing": "write true or false",
    "tuple_type": "write a list: [one, two], or lines that begin with '- '",
    "model_type": "write keys and values",
    "dict_type": "write keys and values",
    "string_too_short": "write a few words",
    "string_pattern_mismatch": "use small letters, digits and single hyphens",
}


def read_text(path: Path, what: str) -> str:
    """Return the text of a file.

    Raises
    ------
    InputError
        If it cannot be read, or is not UTF-8.
    """
    try:
        return path.read_bytes().decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        found = error.strerror if isinstance(error, OSError) else "bytes that are no UTF-8"
        raise InputError(
            expected=f"{what} that can be read, in UTF-8",
            found=found or str(error),
            where=str(path),
            hint="check the path and how the file was saved",
        ) from error


def parse_file(
    text: str, where: str, model: type[Model], what: str, page: str, *, instead: str = "name another file"
) -> Model:
    """Return the content of a file as ``model`` describes it.

    Parameters
    ----------
    text, where
        The YAML, and the file or name it came from.
    what, page
        What the file is, and the page that describes it, for messages.
    instead
        What to do if it is a case file.

    Raises
    ------
    InputError
        If it is not YAML or has faults: all of them in one sentence, each with its line and what to do.
    """
    try:
        document = YAML(typ="rt", pure=True).load(StringIO(text))
    except (YAMLError, ValueError) as error:
        mark = getattr(error, "problem_mark", None) if isinstance(error, MarkedYAMLError) else None
        raise InputError(
            expected=f"{what} in YAML",
            found=str(getattr(error, "problem", None) or error).split("\n", maxsplit=1)[0],
            where=f"{where}, line {mark.line + 1}" if mark else where,
            hint="look at indentation, colons and quotes on this line and the one above",
        ) from error
    if isinstance(document, dict) and document.keys() >= _ONLY_CASES:
        raise InputError(
            expected=f"{what} as {page} describes it",
            found="a case file",
            where=where,
            hint=instead,
        )
    try:
        return model.model_validate(plain_yaml(document))
    except ValidationError as error:
        raise _all_faults(error, document, where, what, page, model) from error


def _all_faults(
    error: ValidationError, document: Any, where: str, what: str, page: str, model: type[BaseModel]
) -> InputError:
    found = []
    faults = error.errors(include_url=False)
    places = [tuple(fault["loc"]) for fault in faults]
    for fault in faults:
        place = tuple(fault["loc"])
        if fault["type"] == "too_short" and any(p[: len(place)] == place and p != place for p in places):
            continue  # pydantic's echo of the faults below: a list whose entries are wrong counts as empty
        found.append((line_of(document, place), _label(place), *_found(fault, model)))
    found = sorted(set(found))
    shown = found[:N_SHOWN]
    more = f" (and {len(found) - N_SHOWN} more)" if len(found) > N_SHOWN else ""
    return InputError(
        expected=f"{what} as {page} describes it",
        found="; ".join(f"line {n}: {text} in '{label}'" if label else text for n, label, text, _ in shown)
        + more,
        where=where,
        hint="; ".join(dict.fromkeys(remedy for *_, remedy in shown)),
    )


def _label(place: tuple[str | int, ...]) -> str:
    return ", ".join(str(step + 1) if isinstance(step, int) else step for step in place)


def _found(fault: ErrorDetails, model: type[BaseModel]) -> tuple[str, str]:
    kind, value, context = fault["type"], fault.get("input"), fault.get("ctx", {})
    last = str(fault["loc"][-1]) if fault["loc"] else ""
    if kind == "counterpoise":
        return str(context["text"]), str(context["hint"])
    if kind == "missing":
        return f"no {last!r}", f"add a line '{last}: …'"
    if kind == "extra_forbidden":
        near = difflib.get_close_matches(last, _keys_of(model), n=1)
        return f"the unknown key {last!r}", f"did you mean {near[0]}?" if near else "take it out"
    if kind in {"too_short", "too_long"}:
        wanted = context.get("min_length", context.get("max_length"))
        return (
            f"{context['actual_length']} entries in place of {wanted}",
            f"write {wanted} entries in '{last}'",
        )
    shown = repr(value) if isinstance(value, str | int | float | bool) else "no such value"
    return shown, _REMEDIES.get(kind, fault["msg"])


def _keys_of(model: type[BaseModel], seen: frozenset[type] = frozenset()) -> list[str]:
    keys = list(model.model_fields)
    for field in model.model_fields.values():
        for inner in getattr(field.annotation, "__args__", (field.annotation,)):
            if isinstance(inner, type) and issubclass(inner, BaseModel) and inner not in seen:
                keys += _keys_of(inner, seen | {model})
    return keys
