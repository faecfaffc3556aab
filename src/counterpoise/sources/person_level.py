"""Refusal of tables with a row per person: Counterpoise takes counts of groups only.

Two readings: what columns are called (in English, Lithuanian, Latvian, Polish, Russian, Finnish, German), and
what their cells look like. Both can be wrong, so the sentence says what was taken for what, and what to do.
"""

import re
import unicodedata
from collections.abc import Collection

import polars as pl

from counterpoise.errors import InputError
from counterpoise.sources.cells import parse_count, parse_day
from counterpoise.sources.faults import listed
from counterpoise.sources.tables import ROW

__all__ = ["person_level_columns", "require_aggregate"]

# Compared without accents, case and punctuation: 'Birth-Date' is 'birth date'.
_PHRASES = (
    # Names
    "first name", "last name", "full name", "given name", "family name", "middle name", "maiden name",
    "surname", "forename", "firstname", "lastname", "fullname", "vorname", "nachname", "familienname",
    "vardas pavarde", "pavarde", "uzvards", "imie", "imiona", "nazwisko", "имя", "фамилия", "отчество", "фио",
    "etunimi", "sukunimi", "name of person", "person name", "applicant name",
    # Birth
    "birth date", "birthdate", "date of birth", "dob", "birthday", "born on", "year of birth", "birth year",
    "place of birth", "birthplace", "gimimo data", "gimimo metai", "dzimsanas datums", "dzimsanas gads",
    "data urodzenia", "rok urodzenia", "дата рождения", "год рождения", "syntymaaika", "syntymavuosi",
    "geburtsdatum", "geburtsjahr", "geburtstag",
    # Papers and numbers of persons
    "passport", "pasas", "paso nr", "pase", "paszport", "паспорт", "passi", "reisepass", "passnummer",
    "ausweisnummer", "identity card", "id card", "national id", "identity number", "id number",
    "personal code",
    "personal number", "social security", "ssn", "pesel", "asmens kodas", "personas kods", "isikukood",
    "henkilotunnus", "hetu", "снилс", "инн", "person id", "personid", "applicant id", "case id", "caseid",
    "case number", "case no", "case nr", "bylos nr", "lietas nr", "nr sprawy", "номер дела", "asianumero",
    "aktenzeichen", "fingerprint", "eurodac id", "eurodac number",
    # Contact
    "phone", "phone number", "telephone", "mobile number", "telefonas", "telefons", "telefon", "телефон",
    "puhelin", "puhelinnumero", "handynummer", "email", "e mail", "el pastas", "epasts", "электронная почта",
    "sahkoposti", "home address", "street address", "postal address", "address", "adresas", "adrese", "adres",
    "адрес", "osoite", "kotiosoite", "adresse", "wohnanschrift",
)  # fmt: skip
_WHOLE = frozenset(
    ("name", "names", "person", "vards", "vardas", "nimi", "imya", "namen", "nazwa osoby", "mail")
)
"""Words that mean a person only when they are the whole head: 'name' does, 'route name' does not."""

_SEX = frozenset(("sex", "gender", "lytis", "dzimums", "plec", "пол", "sukupuoli", "geschlecht"))
_AGE = frozenset(("age", "amzius", "vecums", "wiek", "возраст", "ika", "alter"))

_EMAIL = r"^[^@\s]+@[^@\s]+\.[A-Za-z]{2,}$"
_PHONE = r"^(?:\+|00)\d[\d ()./-]{7,18}$"
_PERSON_NUMBER = r"^(?:\d{6}[-+A]\d{3}[0-9A-Z]|\d{6}-\d{5}|[3-6]\d{10}|\d{3}-\d{3}-\d{3} \d{2})$"
_FULL_NAME = r"^\p{Lu}[\p{L}'’-]+(?:,? (?:(?:al|el|bin|ibn|van|von|de|da)[ -])?\p{Lu}[\p{L}'’.-]+){1,3}$"
_PLACE_WORDS = (
    r"(?i)\b(?:route|border|borders|sea|land|republic|islands?|states|kingdom|arab|emirates|north|south|east|"
    r"west|northern|southern|eastern|western|central|new|saint|san|sri|region|district|county|province|"
    r"voivodeship|coast|point|crossing|lake|river|mount|europe|africa|asia|america|total|"
    r"unknown|and|of|the)\b"
)
_RECORD_ID = r"^[A-Za-z0-9/_-]*\d[A-Za-z0-9/_-]*$"
_PERIOD = r"^(?:19|20)\d{2}(?:-?(?:Q[1-4]|W?\d{2}(?:-\d{2})?))?$"

MIN_ROWS = 5
"""Fewer cells show no pattern."""
MIN_RECORDS = 20
"""Rows of one each, with an id of their own, before they are taken for records of persons."""


def _plain(text: str) -> str:
    """Return a head without accents, case and punctuation, its words separated by one space."""
    apart = re.sub(r"(?<=[a-zа-я])(?=[A-ZА-Я])", " ", text)
    bare = "".join(c for c in unicodedata.normalize("NFKD", apart) if not unicodedata.combining(c))
    return " ".join(re.findall(r"[^\W_]+", bare.casefold().replace("ł", "l")))


_PATTERN = re.compile(r"\b(?:" + "|".join(sorted({re.escape(_plain(p)) for p in _PHRASES})) + r")\b")
_WHOLE_PLAIN = frozenset(_plain(word) for word in _WHOLE)


def person_level_columns(names: Collection[str]) -> list[str]:
    """Return the column names that promise something about single persons."""
    return [name for name in names if _plain(name) in _WHOLE_PLAIN or _PATTERN.search(_plain(name))]


def require_aggregate(
    table: pl.DataFrame, where: str, *, value: str | None, free: Collection[str] = ()
) -> None:
    """Refuse a table that looks as if it had a row per person.

    Parameters
    ----------
    table
        Columns of text, and ``ROW``.
    value
        The column of counts, or None if there is none.
    free
        Columns that are written by design, such as a locator: only their names are looked at.

    Raises
    ------
    InputError
        If columns are named, or filled, like data about persons.
    """
    names = [name for name in table.columns if name != ROW]
    reasons = [f"column {name!r} by its name" for name in person_level_columns(names)]
    looked_at = [name for name in names if name not in {*free, value}]
    reasons += _reasons_by_shape(table, looked_at, value)
    if reasons:
        raise InputError(
            expected="counts of groups, never a row per person",
            found=f"what looks like data about single persons ({listed(dict.fromkeys(reasons))})",
            where=where,
            hint="count the rows per corridor, nationality and period, and give only the counts without "
            "any column about persons; if a column is misread, rename it",
        )


def _reasons_by_shape(table: pl.DataFrame, names: list[str], value: str | None) -> list[str]:
    single = _counts_singles(table, value)
    reasons: list[str] = []
    for name in names:
        cells = table[name].drop_nulls().str.strip_chars()
        cells = cells.filter(cells.str.len_chars() > 0)
        if len(cells) < MIN_ROWS:
            continue
        distinct_share = cells.n_unique() / len(cells)
        for pattern, word in (
            (_EMAIL, "e-mail addresses"),
            (_PHONE, "telephone numbers"),
            (_PERSON_NUMBER, "personal numbers"),
        ):
            if _share(cells, pattern) > 0.5:
                reasons.append(f"column {name!r}, whose cells look like {word}")
        if not single or distinct_share < 0.8:
            continue
        if _share(cells, _FULL_NAME) > 0.8 and _share(cells, _PLACE_WORDS) < 0.2:
            reasons.append(f"column {name!r}, whose cells look like names of persons")
        elif _are_birth_dates(cells):
            reasons.append(f"column {name!r}, whose cells look like dates of birth")
        elif _are_record_ids(cells) and value is not None:
            reasons.append(f"column {name!r}, a number of its own for every row that counts one")
    plain = {_plain(name) for name in names}
    if single and plain & _SEX and plain & _AGE:
        reasons.append("sex and age in every row")
    return reasons


def _counts_singles(table: pl.DataFrame, value: str | None) -> bool:
    """Return whether rows count one each (or nothing is counted), as in a list of persons."""
    if value is None:
        return True
    counts = table.select(parse_count(pl.col(value)))[value].drop_nulls()
    return len(counts) > 0 and _mean(counts <= 1) > 0.9


def _share(cells: pl.Series, pattern: str) -> float:
    return _mean(cells.str.contains(pattern))


def _mean(truths: pl.Series) -> float:
    """Return the share of rows that are true; 0 of none."""
    return int(truths.sum()) / len(truths) if len(truths) else 0.0


def _are_birth_dates(cells: pl.Series) -> bool:
    """Return whether most cells are days scattered over decades: figures have one period after another."""
    iso = cells.str.replace(r"^(\d{1,2})[./](\d{1,2})[./](\d{4})$", "$3-$2-$1")
    days = iso.to_frame("day").select(parse_day(pl.col("day")))["day"].drop_nulls()
    if len(days) < 0.8 * len(cells) or days.is_empty():
        return False
    years = days.dt.year()
    on_the_first = _mean(days.dt.day() == 1)
    span = int(years.max()) - int(years.min())  # type: ignore[arg-type]
    return span >= 10 and on_the_first < 0.5 and int(years.min()) < 2008  # type: ignore[arg-type]


def _are_record_ids(cells: pl.Series) -> bool:
    """Return whether every row has a number of its own that is neither a period nor the number of the row."""
    if len(cells) < MIN_RECORDS or cells.n_unique() < len(cells) or _share(cells, _RECORD_ID) <= 0.9:
        return False
    if _share(cells, _PERIOD) > 0.5:
        return False
    numbers = cells.cast(pl.Int64, strict=False)
    return numbers.null_count() > 0 or bool((numbers.diff().drop_nulls() != 1).any())
