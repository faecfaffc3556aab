"""Names of nationalities for people to read, and the check that a code is one."""

from functools import cache

import pycountry

from counterpoise.vocabulary import SPECIAL_NATIONALITIES, split_nationality

__all__ = ["alpha_2_of", "alpha_3_of", "is_nationality", "nationality_name"]

_SHORT_NAMES = {
    "BOL": "Bolivia",
    "COD": "Congo (Kinshasa)",
    "COG": "Congo (Brazzaville)",
    "CZE": "Czechia",
    "IRN": "Iran",
    "KOR": "South Korea",
    "LAO": "Laos",
    "MDA": "Moldova",
    "PRK": "North Korea",
    "PSE": "Palestine",
    "RUS": "Russia",
    "SYR": "Syria",
    "TUR": "Türkiye",
    "TWN": "Taiwan",
    "TZA": "Tanzania",
    "VEN": "Venezuela",
    "VNM": "Viet Nam",
    "UNK": "Unknown",
    "XXA": "Stateless",
    "XSS": "Sub-Saharan, unspecified",
}


def is_nationality(code: str) -> bool:
    """Return whether ``code`` is ISO 3166 alpha-3 or one of the special codes."""
    if code in SPECIAL_NATIONALITIES:
        return True
    return code.isupper() and pycountry.countries.get(alpha_3=code) is not None  # the library ignores case


@cache
def alpha_3_of(code: str) -> str | None:
    """Return the ISO 3166 alpha-3 code of an alpha-2 or alpha-3 code; special codes as they are; None of others."""
    if is_nationality(code):
        return code
    found = pycountry.countries.get(alpha_2=code) if len(code) == 2 and code.isupper() else None
    return str(found.alpha_3) if found else None


@cache
def alpha_2_of(alpha_3: str) -> str | None:
    """Return the ISO 3166 alpha-2 code of a state, which is the id of its corridor; None if there is none."""
    found = pycountry.countries.get(alpha_3=alpha_3)
    return str(found.alpha_2) if found else None


@cache
def nationality_name(code: str) -> str:
    """Return a short English name: ``IRQ`` -> Iraq, ``TOTAL-UKR`` -> All except Ukraine."""
    base, left_out = split_nationality(code)
    if left_out:
        return f"All except {' and '.join(nationality_name(c) for c in left_out)}"
    if base in _SHORT_NAMES:
        return _SHORT_NAMES[base]
    if base in SPECIAL_NATIONALITIES:
        return "All nationalities" if base == "TOTAL" else SPECIAL_NATIONALITIES[base]
    country = pycountry.countries.get(alpha_3=base)
    return str(country.name) if country is not None else base
