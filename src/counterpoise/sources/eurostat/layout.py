"""Which dataset a bulk file is, and which of its rows are figures of ours: totals over sex and age, single states.

A file does not name its dataset, but its dimensions do.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from counterpoise.observations.nationalities import alpha_3_of

__all__ = ["LAYOUTS", "Layout", "citizenship", "state"]

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
    split
        A dimension of which several codes are taken, each as a dataset of its own.
    """

    name: str
    dimensions: frozenset[str]
    kept: Mapping[str, str]
    split: tuple[str, Mapping[str, str]] | None = None


_PERSONS = {"sex": "T", "age": "TOTAL", "unit": "PER"}
_APPLICANTS = {"ASY_APP": "migr_asyappctzm", "FRST": "migr_asyappctzm.first_time"}
_DECISIONS = {"TOTAL": "migr_asydcfstq", "TOTAL_POS": "migr_asydcfstq.positive"}
LAYOUTS = (
    *(
        Layout(
            name="migr_asyappctzm",
            dimensions=frozenset(["unit", "sex", "age", kind]),
            kept=_PERSONS,
            split=(kind, _APPLICANTS),
        )
        for kind in ("applicant", "asyl_app")  # its name since 2022, and before
    ),
    Layout(
        name="migr_asydcfstq",
        dimensions=frozenset(["unit", "sex", "age", "decision"]),
        kept=_PERSONS,
        split=("decision", _DECISIONS),
    ),
    Layout(
        name="migr_eirfs",
        dimensions=frozenset(["unit", "reason"]),
        kept={"unit": "PER", "reason": "TOTAL"},
    ),
    Layout(
        name="migr_resfirst",
        dimensions=frozenset(["unit", "reason", "duration"]),
        kept={"unit": "PER", "reason": "TOTAL", "duration": "TOTAL"},
    ),
)


def state(code: str) -> str | None:
    """Return the ISO 3166 alpha-3 code of a reporting state; None for a group of states or an unknown code."""
    return _alpha_3(code, _STATES)


def citizenship(code: str) -> str | None:
    """Return the nationality of a citizenship code; None for a group of states or an unknown code."""
    return _alpha_3(code, _CITIZENS)


def _alpha_3(code: str, others: Mapping[str, str]) -> str | None:
    return others[code] if code in others else alpha_3_of(code) if len(code) == 2 else None
