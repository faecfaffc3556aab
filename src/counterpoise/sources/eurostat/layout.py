"""Which dataset of Eurostat a document is, and which of its rows are figures of ours: totals, single states.

A bulk file does not name its dataset, but its dimensions do; where several datasets have the same ones, the name of
the file has to say which it is. An answer of the API names it.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from counterpoise.errors import InputError
from counterpoise.observations.nationalities import alpha_3_of

__all__ = ["LAYOUTS", "Layout", "choose_rows", "citizenship", "layout_of", "state"]

_CODE = re.compile(r"migr_[a-z0-9]+")

_STATES = {"EL": "GRC", "UK": "GBR", "XK": "XKX"}
"""Codes in which Eurostat differs from ISO 3166."""
_CITIZENS = {"TOTAL": "TOTAL", "UNK": "UNK", "STLS": "XXA", **_STATES}


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """A dataset of Eurostat.

    Parameters
    ----------
    dimensions
        Those of the file besides ``freq``, ``geo`` and ``citizen``, in any order.
    kept
        Dimension -> the code whose rows are taken. ``split`` is left out of it.
    frequency
        The code in ``freq``; rows of another are left out.
    split
        A dimension of which several codes are taken, each as a dataset of its own.
    shared
        Whether other datasets have these dimensions too, so that the document has to be named.
    """

    name: str
    dimensions: frozenset[str]
    kept: Mapping[str, str]
    frequency: str
    split: tuple[str, Mapping[str, str]] | None = None
    shared: bool = False


_PERSONS = {"sex": "T", "age": "TOTAL", "unit": "PER"}
_APPLICANTS = {"ASY_APP": "migr_asyappctzm", "FRST": "migr_asyappctzm.first_time"}
_DECISIONS = {"TOTAL": "migr_asydcfstq", "TOTAL_POS": "migr_asydcfstq.positive"}
LAYOUTS = (
    *(
        Layout(
            name="migr_asyappctzm",
            dimensions=frozenset(["unit", "sex", "age", kind]),
            kept=_PERSONS,
            frequency="M",
            split=(kind, _APPLICANTS),
        )
        for kind in ("applicant", "asyl_app")  # its name since 2022, and before
    ),
    Layout(
        name="migr_asydcfstq",
        dimensions=frozenset(["unit", "sex", "age", "decision"]),
        kept=_PERSONS,
        frequency="Q",
        split=("decision", _DECISIONS),
    ),
    Layout(
        name="migr_eirfs",
        dimensions=frozenset(["unit", "reason"]),
        kept={"unit": "PER", "reason": "TOTAL"},
        frequency="A",
    ),
    Layout(
        name="migr_resfirst",
        dimensions=frozenset(["unit", "reason", "duration"]),
        kept={"unit": "PER", "reason": "TOTAL", "duration": "TOTAL"},
        frequency="A",
    ),
    Layout(
        name="migr_asyresa",
        dimensions=frozenset(["unit", "sex", "age"]),
        kept=_PERSONS,
        frequency="A",
        shared=True,  # with populations and pending applications by citizenship
    ),
)


def layout_of(dimensions: Sequence[str], *, named: str, where: str) -> Layout:
    """Return the dataset a document is.

    Parameters
    ----------
    dimensions
        All of them but the period.
    named
        What names the document: of a file its name, of an answer its id. May say nothing of a dataset.

    Raises
    ------
    InputError
        If it is none of ``LAYOUTS``.
    """
    own = frozenset(dimensions) - {"freq", "geo", "citizen"}
    code = _CODE.search(named.lower())
    for layout in LAYOUTS:
        called = code is not None and code.group() == layout.name
        fits = layout.dimensions == own and {"freq", "geo", "citizen"} <= set(dimensions)
        if fits and (called or (code is None and not layout.shared)):
            return layout
    raise InputError(
        expected=f"one of the datasets {', '.join(sorted({layout.name for layout in LAYOUTS}))}, with its dimensions",
        found=f"{code.group() if code else 'no dataset named'}, with the dimensions {', '.join(dimensions)}",
        where=where,
        hint="a file may need its dataset's code in its name, as the publisher names it; read another dataset with a "
        "mapping file, as a long table",
    )


def choose_rows(codes: pl.DataFrame, layout: Layout) -> tuple[pl.DataFrame, dict[str, pl.Series]]:
    """Return the rows to take, and for each reason the numbers (``_row``) of those left out.

    Parameters
    ----------
    codes
        ``_row``, and a column for each dimension but the period.

    Returns
    -------
    tuple
        ``codes`` with ``dataset``, ``reporter``, ``nationality``; and reason -> rows.
    """
    states = {code: state(code) for code in codes["geo"].unique().drop_nulls()}
    citizens = {code: citizenship(code) for code in codes["citizen"].unique().drop_nulls()}
    conditions = {"of another frequency": pl.col("freq") != layout.frequency}
    conditions |= {f"not the total by {name}": pl.col(name) != code for name, code in layout.kept.items()}
    if layout.split is not None:
        name, taken = layout.split
        conditions[f"another {name} than {' and '.join(taken)}"] = ~pl.col(name).is_in(list(taken))
    conditions["a group of states, or a code not known, that reports"] = ~pl.col("geo").is_in(
        [code for code, found in states.items() if found]
    )
    conditions["citizenship of a group of states, or of a code not known"] = ~pl.col("citizen").is_in(
        [code for code, found in citizens.items() if found]
    )
    left_out: dict[str, pl.Series] = {}
    for reason, condition in conditions.items():
        gone = codes.filter(condition.fill_null(value=True))["_row"]
        if len(gone):
            left_out[reason] = gone
            codes = codes.filter(~condition.fill_null(value=True))
    if layout.split is None:
        dataset = pl.lit(f"eurostat.{layout.name}")
    else:
        name, taken = layout.split
        dataset = pl.col(name).replace_strict({code: f"eurostat.{found}" for code, found in taken.items()})
    return codes.with_columns(
        dataset.alias("dataset"),
        pl.col("geo").replace_strict(states, return_dtype=pl.String).alias("reporter"),
        pl.col("citizen").replace_strict(citizens, return_dtype=pl.String).alias("nationality"),
    ), left_out


def state(code: str) -> str | None:
    """Return the ISO 3166 alpha-3 code of a reporting state; None for a group of states or an unknown code."""
    return _alpha_3(code, _STATES)


def citizenship(code: str) -> str | None:
    """Return the nationality of a citizenship code; None for a group of states or an unknown code."""
    return _alpha_3(code, _CITIZENS)


def _alpha_3(code: str, others: Mapping[str, str]) -> str | None:
    return others[code] if code in others else alpha_3_of(code) if len(code) == 2 else None
