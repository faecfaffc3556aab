"""Nationalities in English sentences: ``Iraqis``, ``Syrian nationals``, ``people from Viet Nam`` -> their codes."""

import re
from functools import cache

import pycountry

from counterpoise.observations.nationalities import nationality_name

__all__ = ["named_nationalities"]

_DEMONYMS = """
AFG Afghan; AGO Angolan; ALB Albanian; ARM Armenian; AZE Azerbaijani|Azeri; BDI Burundian; BEN Beninese;
BFA Burkinabe; BGD Bangladeshi; BIH Bosnian; BLR Belarusian; BOL Bolivian; BRA Brazilian; BTN Bhutanese;
CAF Central African; CHN Chinese; CIV Ivorian; CMR Cameroonian; COD Congolese; COL Colombian; COM Comorian;
CPV Cape Verdean; CUB Cuban; DJI Djiboutian; DOM Dominican; DZA Algerian; ECU Ecuadorian; EGY Egyptian;
ERI Eritrean; ETH Ethiopian; GAB Gabonese; GEO Georgian; GHA Ghanaian; GIN Guinean; GMB Gambian; HTI Haitian;
IDN Indonesian; IND Indian; IRN Iranian; IRQ Iraqi; ISR Israeli; JOR Jordanian; KAZ Kazakh|Kazakhstani;
KEN Kenyan; KGZ Kyrgyz; KHM Cambodian; KWT Kuwaiti; LBN Lebanese; LBR Liberian; LBY Libyan; LKA Sri Lankan;
MAR Moroccan; MDA Moldovan; MDG Malagasy; MKD Macedonian; MLI Malian; MMR Burmese; MNE Montenegrin;
MNG Mongolian; MRT Mauritanian; MWI Malawian; MYS Malaysian; NER Nigerien; NGA Nigerian; NPL Nepalese|Nepali;
PAK Pakistani; PER Peruvian; PHL Filipino; PSE Palestinian; RUS Russian; RWA Rwandan; SAU Saudi; SDN Sudanese;
SEN Senegalese; SLE Sierra Leonean; SOM Somali; SRB Serbian|Serb; SSD South Sudanese; SYR Syrian; TCD Chadian;
TGO Togolese; TJK Tajik|Tajikistani; TKM Turkmen; TUN Tunisian; TUR Turkish|Turk; TZA Tanzanian; UGA Ugandan;
UKR Ukrainian; UZB Uzbek|Uzbekistani; VEN Venezuelan; VNM Vietnamese; XKX Kosovar|Kosovan; YEM Yemeni; ZMB Zambian;
ZWE Zimbabwean; UNK unknown nationality|unspecified nationality; XXA stateless
"""
_OTHER_NAMES = {
    "ivory coast": "CIV",
    "dr congo": "COD",
    "turkey": "TUR",
    "vietnam": "VNM",
    "burma": "MMR",
    "kosovo": "XKX",
    "cape verde": "CPV",
}


@cache
def _codes() -> dict[str, str]:
    """Return every demonym (singular) and name of a country, in small letters, and its code."""
    named = {country.name.lower(): country.alpha_3 for country in pycountry.countries}
    named |= {nationality_name(code).lower(): code for code in named.values()} | _OTHER_NAMES
    for entry in _DEMONYMS.replace("\n", " ").split(";"):
        code, words = entry.strip().split(" ", 1)
        named |= {word.lower(): code for word in words.split("|")}
    return named


@cache
def _pattern() -> re.Pattern[str]:
    words = "|".join(re.escape(word) for word in sorted(_codes(), key=len, reverse=True))
    return re.compile(rf"\b(from\s+)?({words})(s?)\b(\s+(?:nationals?|citizens?))?", re.IGNORECASE)


def named_nationalities(
    text: str, *, places: frozenset[str] = frozenset()
) -> tuple[tuple[str, int, int], ...]:
    """Return the nationalities a sentence names: code, and where its words begin and end.

    A country's name counts after ``from`` only, as elsewhere it is a place. The names and adjectives of ``places``
    (the states at whose borders people are counted) count as people only in the plural or before ``nationals``.
    """
    names = {country.name.lower() for country in pycountry.countries}
    names |= {nationality_name(c.alpha_3).lower() for c in pycountry.countries} | set(_OTHER_NAMES)
    found = []
    for match in _pattern().finditer(text):
        word = match.group(2).lower()
        code = _codes()[word]
        meant = bool(match.group(3) or match.group(4)) if code in places else True
        if meant and (word not in names or match.group(1)):
            found.append((code, match.start(), match.end()))
    return tuple(found)
