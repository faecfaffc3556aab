"""The words of a question: a measure and a nationality the vocabulary has, or which one may be meant."""

import difflib

import pycountry

from counterpoise.errors import InputError
from counterpoise.observations.nationalities import is_nationality
from counterpoise.vocabulary import ALL_NATIONALITIES, MEASURES, split_nationality

__all__ = ["require_measure", "require_nationality"]


def require_measure(measure: str, where: str = "--measure") -> str:
    """Return the measure.

    Raises
    ------
    InputError
        If the vocabulary has no such measure.
    """
    if measure not in MEASURES:
        near = difflib.get_close_matches(measure, MEASURES, n=3, cutoff=0.5)
        raise InputError(
            expected=f"one of the measures {', '.join(MEASURES)}",
            found=repr(measure),
            where=where,
            hint=f"did you mean {' or '.join(near)}" if near else "choose one of these",
        )
    return measure


def require_nationality(nationality: str, where: str = "--nationality") -> str:
    """Return the code: of one nationality, ``TOTAL``, or ``TOTAL`` less some, as ``TOTAL-UKR``.

    Raises
    ------
    InputError
        If it is none of these.
    """
    base, left_out = split_nationality(nationality)
    if (
        not all(is_nationality(code) for code in (base, *left_out))
        or ALL_NATIONALITIES in left_out
        or (left_out and base != ALL_NATIONALITIES)
    ):
        try:
            near = f"did you mean {pycountry.countries.lookup(nationality).alpha_3}"
        except LookupError:
            near = "write for example IRQ or TOTAL-UKR"
        raise InputError(
            expected="an ISO 3166 alpha-3 code, TOTAL, or TOTAL less some codes",
            found=repr(nationality),
            where=where,
            hint=near,
        )
    return nationality
