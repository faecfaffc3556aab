"""The mapping file: how the columns of a foreign CSV or Parquet say what our columns say.

People write it in YAML; ``docs/ingest.md`` explains it and ``docs/examples/frontex_vintages.yml`` is one.
"""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from counterpoise.errors import InputError
from counterpoise.sources.cards import parse_yaml, say_invalid
from counterpoise.vocabulary import FLAGS

__all__ = ["ColumnRule", "DocumentMapping", "Remark", "parse_mapping"]

NEEDED = ("corridor", "nationality", "measure", "period_start", "frequency", "value", "known_on")
OPTIONAL = ("reporter", "unit", "place", "publisher_term", "period_end", "locator", "flag")


def _as_text(value: Any) -> Any:
    """Return what YAML read as a number, a day or a yes back as the text people wrote."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return value.isoformat() if isinstance(value, date) else str(value) if isinstance(value, int) else value


Text = Annotated[str, BeforeValidator(_as_text)]


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class ColumnRule(_Strict):
    """One of our columns: which column or columns of the file it is read from, and how words translate."""

    columns: tuple[str, ...] = Field(alias="from", min_length=1)
    values: Mapping[Text, Text] = Field(default_factory=dict)
    """The file's word -> ours; the words of several columns are joined by a slash between spaces."""
    publisher: str = "frontex"
    """For a corridor: whose names of the registry are meant."""

    @model_validator(mode="before")
    @classmethod
    def _short_form(cls, value: Any) -> Any:
        """Take ``value: detections`` for ``value: {from: detections}``, and one column for a list of one."""
        if isinstance(value, str | list):
            value = {"from": value}
        if isinstance(value, dict) and isinstance(value.get("from"), str):
            value = {**value, "from": [value["from"]]}
        return value


class Remark(_Strict):
    """Something to know of some rows: said in the notes, and marked on the figures if there is a flag."""

    text: str = Field(min_length=1)
    where: Mapping[str, Text]
    """Column of the file -> the word in it; all must agree."""
    flag: str = ""

    @model_validator(mode="after")
    def _known_flag(self) -> "Remark":
        if self.flag and self.flag not in FLAGS:
            raise ValueError(f"flag must be one of {', '.join(FLAGS)}")
        return self


class DocumentMapping(_Strict):
    """A whole mapping file."""

    dataset: str = Field(pattern=r"^[a-z0-9_]+(\.[a-z0-9_-]+)+$")
    title: str = ""
    publisher: str = ""
    licence: str = ""
    url: str = ""
    dense: bool | None = None
    lag_days: int | None = Field(default=None, ge=0)
    columns: Mapping[str, ColumnRule]
    constants: Mapping[str, Text] = Field(default_factory=dict)
    remarks: tuple[Remark, ...] = ()

    @model_validator(mode="after")
    def _complete(self) -> "DocumentMapping":
        given = [*self.columns, *self.constants]
        unknown = sorted(set(given) - {*NEEDED, *OPTIONAL})
        faults = [f"{name} is none of our columns" for name in unknown]
        faults += [
            f"{name} is both a column and a constant" for name in sorted({*self.columns} & {*self.constants})
        ]
        faults += [f"{name} needs a column or a constant" for name in NEEDED if name not in given]
        several = [n for n, rule in self.columns.items() if len(rule.columns) > 1 and n in _SINGLE]
        faults += [f"{name} is read from one column only" for name in several]
        if faults:
            raise ValueError("; ".join(faults))
        return self


_SINGLE = ("value", "period_start", "period_end", "known_on")


def parse_mapping(content: bytes, where: str) -> DocumentMapping:
    """Return the mapping a YAML document describes.

    Raises
    ------
    InputError
        If it is not YAML, or fields are missing, unknown or wrong: all together.
    """
    try:
        return DocumentMapping.model_validate(parse_yaml(content, where))
    except ValidationError as error:
        raise InputError(
            expected="a mapping file with dataset, columns and constants",
            found=say_invalid(error),
            where=where,
            hint="correct these fields; docs/ingest.md explains them",
        ) from error
