"""Frontex's spellings of nationalities and the codes they stand for, from ``nationalities.csv``.

A person can edit the table. ``Unknown``, ``Not specified`` and ``Third-country`` are one code, ``UNK``.
"""

import csv
import unicodedata
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from counterpoise.errors import InputError
from counterpoise.observations.nationalities import is_nationality

__all__ = ["load_spellings", "tidy"]


def tidy(text: str) -> str:
    """Return a spelling with single spaces and composed accents: differences nobody sees do not count."""
    return " ".join(unicodedata.normalize("NFC", text).replace("’", "'").split())


@cache
def load_spellings() -> Mapping[str, str]:
    """Return spelling -> code.

    Raises
    ------
    InputError
        If a spelling stands twice or a code is none.
    """
    text = files("counterpoise.sources.frontex").joinpath("nationalities.csv").read_text(encoding="utf-8")
    rows = [(tidy(row["spelling"]), row["code"].strip()) for row in csv.DictReader(text.splitlines())]
    spellings = [spelling for spelling, _ in rows]
    faults = [f"{s!r} stands twice" for s in sorted({s for s in spellings if spellings.count(s) > 1})]
    faults += [f"{s!r} has the unknown code {code!r}" for s, code in rows if not is_nationality(code)]
    if faults:
        raise InputError(
            expected="every spelling once, with a code of the observation frame",
            found="; ".join(faults),
            where="sources/frontex/nationalities.csv",
            hint="correct these rows",
        )
    return dict(rows)
