"""Refusal of tables with a row per person: Counterpoise takes counts of groups only.

Two readings: what columns are called (in English, Lithuanian, Latvian, Polish, Russian, Finnish, German), and
what their cells look like. Both can be wrong, so the sentence says what was taken for what, and what to do. How often
they are wrong is measured in ``benchmarks/skill/person_level.py``.
"""

import csv
import re
import unicodedata
from collections.abc import Collection
from functools import cache
from importlib.resources import files

import polars as pl

from counterpoise.errors import InputError
from counterpoise.sources.cells import parse_count, parse_day
from counterpoise.sources.faults import listed
from counterpoise.sources.tables import ROW
from counterpoise.vocabulary import SPECIAL_NATIONALITIES

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
_PHONE = r"^(?:(?:\+|00)\d[\d ()./-]{7,18}|\(?0\d[\d ()./-]{7,12}|8[ (-]+\d[\d ()./-]{6,12})$"
_PERSON_NUMBER = (
    r"^(?:\d{6}[-+A]\d{3}[0-9A-Z]|(?:\d{6}|32\d{4})-?\d{5}|[3-6]\d{10}|\d{3}-\d{3}-\d{3} \d{2}|"
    r"\d{2}(?:[02468][1-9]|[13579][0-2])(?:0[1-9]|[12]\d|3[01])\d{5}|\d{6,8}[-+]\d{4})$"
)
"""Finland, Latvia, Lithuania and Estonia, Russia, Poland, Sweden and Denmark."""
_PAPER = r"^(?:[A-ZА-Я]{1,3} ?|(?:[A-ZА-Я]{1,3} ?)?(?:No\.? ?|№ ?))\d{6,9}$"
"""A number of a passport or identity card: letters and six to nine digits, or with the sign for a number."""
_WORDS = r"[\p{L}'’.-]+"
_NAME_SHAPED = rf"^{_WORDS}(?:,? {_WORDS}){{0,4}}$"
_TELLS = (
    r"(?i)\b(?:i|my|me|he|she|his|her|we|our|aš|mano|mane|jis|ji|jos|mes|mūsų|es|mans|mana|mani|viņš|viņa|mēs|mūsu|"
    r"ja|mój|moja|mnie|mi|on|ona|jego|jej|nas|nasz|я|мой|моя|мне|меня|он|она|его|её|мы|нас|мій|мені|мене|він|вона|"
    r"минулі|мяне|мой|ён|яна|minä|minun|minut|minua|hän|hänen|me|meidän|ich|mein|meine|mich|mir|er|sie|wir|uns|"
    r"je|mon|ma|nous|il|elle|j'ai)\b|(?:أنا|كنت|نحن|قال|قالت|لي)"
)
"""Words in which somebody tells what happened to them, or is told of."""
_TELLING_WORDS = 8
_FULL_NAME = r"^\p{Lu}[\p{L}'’-]+(?:,? (?:(?:al|el|bin|ibn|van|von|de|da)[ -])?\p{Lu}[\p{L}'’.-]+){1,3}$"
_PLACE_WORDS = (
    r"(?i)\b(?:airport|airfield|area|city|station|international|route|border|borders|sea|land|republic|islands?|states|kingdom|arab|emirates|north|south|east|"
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


@cache
def _given_names() -> tuple[str, ...]:
    """Return common given names in the languages of people at these borders and of those who write of them."""
    text = (files("counterpoise.sources") / "given_names.csv").read_text(encoding="utf-8")
    return tuple(row["name"].casefold() for row in csv.DictReader(text.splitlines()))


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
        Columns that are long, unique or dated by design, such as a locator: only what no aggregate has is looked for.

    Raises
    ------
    InputError
        If columns are named, or filled, like data about persons.
    """
    names = [name for name in table.columns if name != ROW]
    reasons = [
        f"column {name!r} by its name"
        for name in person_level_columns(names)
        if not _names_places(table, name)
    ]
    reasons += _reasons_by_cells(table, [name for name in names if name != value])
    reasons += _reasons_by_shape(table, [name for name in names if name not in {*free, value}], value)
    if reasons:
        raise InputError(
            expected="counts of groups, never a row per person",
            found=f"what looks like data about single persons ({listed(dict.fromkeys(reasons))})",
            where=where,
            hint="count the rows per corridor, nationality and period, and give only the counts without "
            "any column about persons; if a column is misread, rename it",
        )


def _names_places(table: pl.DataFrame, name: str) -> bool:
    """Return whether a column that could be of persons by its head has countries or places in nearly all its cells."""
    cells = _filled(table, name)
    places = cells.is_in(list(_countries())) | cells.str.contains(_PLACE_WORDS)
    return len(cells) >= MIN_ROWS and _mean(places) > 0.9


@cache
def _countries() -> frozenset[str]:
    """Return codes and names of countries, and the codes that statistics use beside them."""
    import pycountry

    known = {getattr(one, key, None) for one in pycountry.countries for key in ("alpha_2", "alpha_3", "name")}
    return frozenset({*SPECIAL_NATIONALITIES, *(word for word in known if word)})


def _filled(table: pl.DataFrame, name: str) -> pl.Series:
    cells = table[name].drop_nulls().str.strip_chars()
    return cells.filter(cells.str.len_chars() > 0)


def _reasons_by_cells(table: pl.DataFrame, names: list[str]) -> list[str]:
    """Return the columns with cells that no table of counts has, whatever else stands in a row."""
    reasons: list[str] = []
    for name in names:
        cells = _filled(table, name)
        if len(cells) < MIN_ROWS:
            continue
        distinct = cells.unique()
        varied = len(distinct) >= max(MIN_ROWS, 0.5 * len(cells))
        found = None
        if _share(distinct, _EMAIL) > 0.5:
            found = "e-mail addresses"
        elif varied and _share(distinct, _PERSON_NUMBER) > 0.5:
            found = "personal numbers"
        elif varied and _share(distinct, _PHONE) > 0.5:
            found = "telephone numbers"
        elif varied and _share(distinct, _PAPER) > 0.8:
            found = "numbers of passports or identity cards"
        elif len(distinct) >= MIN_ROWS and _mean(_have_given_names(distinct)) > 0.3:
            found = "names of persons"
        elif _mean(_tell_a_story(cells)) > 0.5:
            found = "what persons told"
        if found:
            reasons.append(f"column {name!r}, whose cells look like {found}")
    return reasons


def _have_given_names(cells: pl.Series) -> pl.Series:
    """Return which cells are a few words, one of them a common given name."""
    shaped = cells.filter(cells.str.contains(_NAME_SHAPED) & ~cells.str.contains(_PLACE_WORDS))
    words = shaped.str.to_lowercase().str.replace_all("[,.]", " ").str.split(" ")
    known = words.list.set_intersection(pl.Series([list(_given_names())])).list.len() > 0
    return pl.concat([known, pl.repeat(value=False, n=len(cells) - len(shaped), eager=True)])


def _tell_a_story(cells: pl.Series) -> pl.Series:
    """Return which cells are sentences in which somebody tells, or is told of."""
    return (cells.str.count_matches(r"\S+") >= _TELLING_WORDS) & (cells.str.count_matches(_TELLS) >= 2)


def _reasons_by_shape(table: pl.DataFrame, names: list[str], value: str | None) -> list[str]:
    """Return the columns that mean a person if a row counts one: full names, births, numbers of records."""
    single = _counts_singles(table, value)
    reasons: list[str] = []
    for name in names:
        cells = _filled(table, name)
        if len(cells) < MIN_ROWS:
            continue
        distinct_share = cells.n_unique() / len(cells)
        if distinct_share >= 0.8 and not single and _are_birth_dates(cells) and _is_unsorted(cells):
            reasons.append(f"column {name!r}, whose cells look like dates of birth")
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
    return span >= 10 and on_the_first < 0.5 and float(years.median()) < 2005  # type: ignore[arg-type]


def _is_unsorted(cells: pl.Series) -> bool:
    """Return whether cells go up and down as by chance: periods of a table go up, or do so part by part."""
    up = _mean(
        cells.str.replace(r"^(\d{1,2})[./](\d{1,2})[./](\d{4})$", "$3-$2-$1")
        .rank("dense")
        .diff()
        .drop_nulls()
        > 0
    )
    return 0.25 < up < 0.75


def _are_record_ids(cells: pl.Series) -> bool:
    """Return whether every row has a number of its own that is neither a period nor the number of the row."""
    if len(cells) < MIN_RECORDS or cells.n_unique() < len(cells) or _share(cells, _RECORD_ID) <= 0.9:
        return False
    if _share(cells, _PERIOD) > 0.5:
        return False
    numbers = cells.cast(pl.Int64, strict=False)
    return numbers.null_count() > 0 or bool((numbers.diff().drop_nulls() != 1).any())
