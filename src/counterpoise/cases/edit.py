"""Entries of a case file changed or added in place: whatever is not changed stays as it was written, to the byte.

Only the lines of a changed entry are written anew, and comments within them are kept. What comes out is read again
and compared with what was wanted, so that a file in an unusual style is refused rather than damaged.
"""

from collections.abc import Mapping, Sequence
from io import StringIO
from typing import Any, Literal

from pydantic import BaseModel
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode
from ruamel.yaml.scalarstring import FoldedScalarString

from counterpoise.cases.load import parse_case
from counterpoise.cases.model import Case
from counterpoise.errors import InputError

__all__ = ["Section", "Wanted", "edited_case"]

Section = Literal["events", "responses", "sources"]
Wanted = Sequence[tuple[int | None, BaseModel]]
"""The entries a section shall have, in order, each with its place in the file so far (None: new)."""

_WIDTH = 100
_SHORT = 80
"""Longer texts are folded over lines, as the bundled files have them."""


def edited_case(text: str, where: str, wanted: Mapping[Section, Wanted]) -> str:
    """Return the text of a case file with its entries as wanted.

    Parameters
    ----------
    text
        The file as it is: a valid case.
    wanted
        For each section to be changed, all its entries; those of the file stay in their order, and none is left out.

    Raises
    ------
    InputError
        If the file is no valid case, or written in a way that cannot be changed in place.
    """
    before = parse_case(text, where)
    root = YAML(typ="rt", pure=True).compose(StringIO(text))
    splices: list[tuple[int, int, str]] = []
    for section, entries in wanted.items():
        splices += _section_splices(text, root, section, entries, getattr(before, section))
    for start, end, lines in sorted(splices, reverse=True):
        text = text[:start] + lines + text[end:]
    _require_as_wanted(text, where, before, wanted)
    return text


def _require_as_wanted(text: str, where: str, before: Case, wanted: Mapping[Section, Wanted]) -> None:
    update: dict[str, Any] = {
        section: tuple(entry for _, entry in entries) for section, entries in wanted.items()
    }
    try:
        as_wanted = parse_case(text, where) == before.model_copy(update=update)
    except InputError:
        as_wanted = False
    if not as_wanted:
        raise InputError(
            expected="a case file written as 'counterpoise cases new' begins one, a line for each key",
            found="one in which an entry cannot be changed without touching others",
            where=where,
            hint="write these entries as lines of their own, without anchors, or edit the file by hand",
        )


def _section_splices(
    text: str, root: MappingNode, section: str, wanted: Wanted, entries: Sequence[BaseModel]
) -> list[tuple[int, int, str]]:
    """Return (start, end, new lines) for each place of the text that changes."""
    key, node = next(((k, v) for k, v in root.value if k.value == section), (None, None))
    newline = "\r\n" if "\r\n" in text else "\n"
    if not isinstance(node, SequenceNode) or node.flow_style or not node.value:
        if not wanted:
            return []
        lines = f"{section}:\n" + "".join(_dumped(_mapping(entry), 2) for _, entry in wanted)
        if key is None:
            gap = "" if text.endswith("\n") else "\n"
            return [(len(text), len(text), (gap + "\n" + lines).replace("\n", newline))]
        start, end = _line_start(text, key.start_mark.index), _line_end(text, _end(text, node, key))
        return [(start, end, lines.replace("\n", newline))]
    column = node.start_mark.column
    spans = [_span(text, item, column) for item in node.value]
    splices = []
    after = spans[0][0]
    new: list[str] = []
    for place, entry in wanted:
        if place is None:
            new.append(_spaced(text, spans, _dumped(_mapping(entry), column)))
            continue
        if new:
            splices.append((after, after, "".join(new)))
            new = []
        start, end = spans[place]
        if entry != entries[place]:
            splices.append((start, end, _changed(text[start:end], entry, entries[place], column)))
        after = end
    if new:
        splices.append((after, after, "".join(new)))
    return [(start, end, lines.replace("\r\n", "\n").replace("\n", newline)) for start, end, lines in splices]


def _spaced(text: str, spans: Sequence[tuple[int, int]], lines: str) -> str:
    """Return new lines with an empty one before them, if the file has its entries apart."""
    apart = len(spans) > 1 and text[spans[0][1] : spans[1][0]].startswith(("\n", "\r\n"))
    return f"\n{lines}" if apart else lines


def _span(text: str, item: Node, column: int) -> tuple[int, int]:
    """Return where the lines of an entry begin and end, its dash included, comments after it not."""
    start = _line_start(text, item.start_mark.index)
    while text[start + column : start + column + 1] != "-" and start > 0:
        start = _line_start(text, start - 1)
    return start, _line_end(text, _end(text, item))


def _end(text: str, node: Node | None, key: Node | None = None) -> int:
    """Return where the last character of a node stands, plus one."""
    if isinstance(node, MappingNode) and not node.flow_style and node.value:
        return max(_end(text, value, name) for name, value in node.value)
    if isinstance(node, SequenceNode) and not node.flow_style and node.value:
        return max(_end(text, value) for value in node.value)
    if node is None or (isinstance(node, ScalarNode) and node.value == "" and node.style is None):
        return int(key.end_mark.index) if key is not None else int(node.end_mark.index) if node else 0
    start, end = int(node.start_mark.index), int(node.end_mark.index)
    return start + len(text[start:end].rstrip())


def _line_start(text: str, place: int) -> int:
    return text.rfind("\n", 0, place) + 1


def _line_end(text: str, place: int) -> int:
    end = text.find("\n", place)
    return len(text) if end < 0 else end + 1


def _yaml(column: int) -> YAML:
    yaml = YAML(typ="rt", pure=True)
    yaml.width = 10_000  # lines break only where they broke before, or where _folded says
    yaml.preserve_quotes = True
    yaml.allow_unicode = True
    yaml.indent(mapping=2, sequence=column + 2, offset=column)
    yaml.representer.ignore_aliases = lambda data: True  # one day in two places is no anchor
    return yaml


def _dumped(entry: CommentedMap, column: int) -> str:
    out = StringIO()
    _yaml(column).dump(CommentedSeq([entry]), out)
    return "\n".join(line.rstrip() for line in out.getvalue().split("\n"))


def _changed(lines: str, entry: BaseModel, before: BaseModel, column: int) -> str:
    """Return the lines of an entry with what changed in it; its comments stay."""
    try:
        mapping = _yaml(column).load(StringIO(lines))[0]
    except (YAMLError, TypeError, KeyError):
        mapping = None  # an alias, or a style that does not stand alone
    if not isinstance(mapping, CommentedMap):
        return _dumped(_mapping(entry), column)
    now, was = _fields(entry), _fields(before)
    order = list(type(entry).model_fields)
    for name in order:
        if now.get(name) == was.get(name):
            continue
        if name not in now:
            mapping.pop(name, None)
        elif name in mapping:
            mapping[name] = now[name]
        else:
            earlier = [key for key in mapping if key in order and order.index(key) < order.index(name)]
            place = list(mapping).index(earlier[-1]) + 1 if earlier else 0
            mapping.insert(place, name, now[name])
    return _dumped(mapping, column)


def _mapping(entry: BaseModel) -> CommentedMap:
    return CommentedMap(_fields(entry))


def _fields(entry: BaseModel) -> dict[str, Any]:
    """Return what an entry says beyond its defaults, as YAML holds it."""
    return {
        name: _value(value)
        for name, value in entry.model_dump(exclude_defaults=True, by_alias=True).items()
        if value is not None
    }


def _value(value: Any) -> Any:
    if isinstance(value, tuple | list):
        items = CommentedSeq([_value(item) for item in value])
        items.fa.set_flow_style()
        return items
    return _folded(str(value)) if isinstance(value, str) else value


def _folded(text: str) -> Any:
    """Return a long text of one line as one that is folded over lines."""
    if len(text) <= _SHORT or any(letter.isspace() and letter != " " for letter in text):
        return text
    folded = FoldedScalarString(text)
    places, start = [], 0
    for place in range(1, len(text) - 1):
        if text[place] == " " and text[place - 1] != " " and text[place + 1] != " ":
            ahead = text.find(" ", place + 1)
            if (ahead if ahead > 0 else len(text)) - start > _WIDTH:
                places.append(place)
                start = place + 1
    folded.fold_pos = places
    return folded
