"""Case files: the bundled ones by name, anybody's by path; every fault with file, line and remedy."""

import difflib
import re
from datetime import date
from importlib.resources import files
from io import StringIO
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from counterpoise.cases.faults import CaseFault, Place, faults_of, input_error, line_of
from counterpoise.cases.model import Case
from counterpoise.cases.references import reference_faults
from counterpoise.errors import InputError
from counterpoise.observations.corridors import CorridorRegistry, load_corridors

__all__ = ["list_cases", "load_case", "parse_case", "read_case_text"]


def list_cases() -> tuple[str, ...]:
    """Return the names of the bundled cases, in alphabetical order."""
    folder = files("counterpoise.data").joinpath("cases")
    return tuple(sorted(f.name.removesuffix(".yml") for f in folder.iterdir() if f.name.endswith(".yml")))


def load_case(name_or_path: str | Path, corridors: CorridorRegistry | None = None) -> Case:
    """Return a bundled case by its name, or the case of a file.

    Parameters
    ----------
    name_or_path
        Name of a bundled case, or a file.
    corridors
        What the case may name; None: the bundled corridors. Those of an archive (``Archive.corridors``) also hold
        what the user's own figures are about.

    Raises
    ------
    InputError
        If there is no such case or file, it cannot be read, or it has faults; all faults together.
    """
    text, _ = read_case_text(name_or_path)
    return parse_case(text, str(name_or_path), corridors)


def read_case_text(name_or_path: str | Path) -> tuple[str, bool]:
    """Return the text of a bundled case by its name, or of a case file; and whether it is a bundled one.

    Raises
    ------
    InputError
        If there is no such case or file, or it cannot be read.
    """
    name = str(name_or_path)
    if name in list_cases():
        content = files("counterpoise.data").joinpath("cases", f"{name}.yml").read_bytes()
        return _decoded(content, name), True
    path = Path(name_or_path)
    try:
        content = path.read_bytes()
    except OSError as error:
        if isinstance(name_or_path, Path) or path.suffix in {".yml", ".yaml"} or path.exists():
            found, hint = error.strerror or str(error), "check the path"
        else:
            near = difflib.get_close_matches(name, list_cases(), n=1, cutoff=0.4)
            found = repr(name)
            hint = (
                f"did you mean {near[0]}? " if near else ""
            ) + "'counterpoise cases' lists the bundled ones"
        raise InputError(
            expected="the name of a bundled case, or a case file that can be read",
            found=found,
            where=name,
            hint=hint,
        ) from error
    return _decoded(content, name), False


def _decoded(content: bytes, where: str) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise InputError(
            expected="a text file in UTF-8",
            found=f"the byte {content[error.start]:#04x}, which is no UTF-8",
            where=f"{where}, line {line}",
            hint="save the file in UTF-8 and try again",
        ) from error


def parse_case(text: str, where: str, corridors: CorridorRegistry | None = None) -> Case:
    """Return the case written in ``text``.

    Parameters
    ----------
    text
        YAML.
    where
        File or case name, for messages.
    corridors
        What the case may name; None: the bundled corridors.

    Raises
    ------
    InputError
        If it is not YAML, or has faults; all of them together, each with its line and what to do.
    """
    document = _parse_yaml(text, where)
    faults = reference_faults(document, load_corridors() if corridors is None else corridors)
    case = None
    try:
        case = Case.model_validate(plain_yaml(document))
    except ValidationError as error:
        faults += faults_of(error)
    if case is None or faults:

        def line(place: Place) -> int:
            return line_of(document, place)

        raise input_error(faults, line, where)
    return case


def _parse_yaml(text: str, where: str) -> CommentedMap:
    try:
        document = YAML(typ="rt", pure=True).load(StringIO(text))
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        problem = str(error.problem or error.context or "a fault").split("\n", maxsplit=1)[0]
        raise InputError(
            expected="YAML",
            found=problem.removeprefix("found "),
            where=f"{where}, line {mark.line + 1}" if mark else where,
            hint="look at indentation, colons and quotes on this line and the one above",
        ) from error
    except (YAMLError, ValueError) as error:
        day = _impossible_day(text)
        if day is not None:
            line, written = day
            raise InputError(
                expected="a day of the calendar",
                found=written,
                where=f"{where}, line {line}",
                hint="correct it, as YYYY-MM-DD",
            ) from error
        raise InputError(
            expected="YAML",
            found=str(error).split("\n", maxsplit=1)[0],
            where=where,
            hint="take out what is no plain text",
        ) from error
    if not isinstance(document, CommentedMap):
        raise input_error(
            [CaseFault((), "no keys and values", "begin with 'counterpoise cases new'")], lambda _: 1, where
        )
    return document


def _impossible_day(text: str) -> tuple[int, str] | None:
    """Return line and words of the first date that no calendar has: YAML says only that there is one."""
    for number, line in enumerate(text.splitlines(), start=1):
        for written in re.findall(r"\b\d{4}-\d\d-\d\d\b", line):
            try:
                date.fromisoformat(written)
            except ValueError:
                return number, written
    return None


def plain_yaml(node: Any) -> Any:
    """Return the document without ruamel's own types; a key without a value counts as left out."""
    if isinstance(node, dict):
        return {str(key): plain_yaml(value) for key, value in node.items() if value is not None}
    if isinstance(node, list):
        return [plain_yaml(item) for item in node]
    return str(node) if isinstance(node, str) else node
