import pytest

from counterpoise.errors import InputError
from counterpoise.schemas import OBSERVATIONS
from counterpoise.sources.person_level import person_level_columns
from tests.sources.builders import CSV_HEAD, columns_csv, parse

ROW = "BY-PL,IRQ,detections,2021-08-{day:02d},D,{value}"


def table(column, cells, *, value=1, head=CSV_HEAD):
    rows = [f"{ROW.format(day=i % 28 + 1, value=value)},{cell}" for i, cell in enumerate(cells, start=0)]
    return columns_csv(*rows, head=f"{head},{column}")


@pytest.mark.parametrize(
    "name",
    [
        "name", "Name", "NAMES", "first_name", "FirstName", "surname", "Last Name", "date_of_birth", "DOB",
        "birthDate", "passport_no", "phone", "Phone number", "e-mail", "email", "home address", "case_id",
        "person_id", "vardas", "pavardė", "gimimo data", "asmens kodas", "vārds", "uzvārds", "dzimšanas datums",
        "personas kods", "imię", "nazwisko", "data urodzenia", "PESEL", "имя", "фамилия", "дата рождения",
        "паспорт", "телефон", "etunimi", "sukunimi", "syntymäaika", "henkilötunnus", "Vorname", "Nachname",
        "Geburtsdatum", "Aktenzeichen", "Telefon", "adres", "osoite", "epasts",
    ],
)  # fmt: skip
def test_columns_about_persons_are_told_by_name_in_the_languages_around(name):
    assert person_level_columns([name]) == [name]

    with pytest.raises(InputError) as caught:
        parse(columns_csv(f"{ROW.format(day=1, value=3)},x", head=f"{CSV_HEAD},{name}"))

    assert caught.value.expected == "counts of groups, never a row per person"
    assert repr(name) in caught.value.found


@pytest.mark.parametrize(
    "name",
    [
        *OBSERVATIONS, "vintage", "month", "route", "border_type", "detections", "route_name", "country name",
        "cases", "number of cases", "nationality_name", "age_group", "sex", "report_id", "id", "border", "agency",
        "applicants", "survivors", "destination", "dobra", "url", "note", "filename",
    ],
)  # fmt: skip
def test_columns_of_counts_are_not(name):
    assert person_level_columns([name]) == []


NAMES = ["Anna Virtanen", "Jonas Petraitis", "Ahmad al-Hassan", "Mary Smith", "Олег Иванов", "Łukasz Nowak"]
BIRTHS = ["1987-03-14", "1990-11-02", "2001-07-23", "1975-01-30", "1969-12-09", "1998-05-17"]
SHAPES = [
    ("names", "who", NAMES, "names of persons"),
    ("e-mail addresses", "contact", [f"a{i}@example.org" for i in range(6)], "e-mail addresses"),
    ("telephones", "contact", [f"+370 612 {i:05d}" for i in range(6)], "telephone numbers"),
    ("Finnish numbers", "code", [f"13105{i}-308T" for i in range(6)], "personal numbers"),
    ("births", "day", BIRTHS, "dates of birth"),
    ("births with points", "day", ["14.03.1987", "02.11.1990", "23.07.2001", "30.01.1975", "9.12.1969"], "birth"),
    ("record numbers", "ref", [f"K{i * 37 % 1000:04d}/21" for i in range(25)], "a number of its own"),
]  # fmt: skip


@pytest.mark.parametrize(("column", "cells", "found"), [c[1:] for c in SHAPES], ids=[c[0] for c in SHAPES])
def test_columns_about_persons_are_told_by_their_cells(column, cells, found):
    with pytest.raises(InputError) as caught:
        parse(table(column, cells))

    assert found in caught.value.found


def test_sex_and_age_of_every_row_are_refused():
    rows = [f"{ROW.format(day=i + 1, value=1)},F,{20 + i}" for i in range(6)]

    with pytest.raises(InputError) as caught:
        parse(columns_csv(*rows, head=f"{CSV_HEAD},sex,age"))

    assert "sex and age in every row" in caught.value.found


@pytest.mark.parametrize(
    ("column", "cells", "value"),
    [
        (
            "area",
            ["Western Balkans", "Black Sea", "North Africa", "Central Asia", "Baltic Sea", "Arctic Sea"],
            1,
        ),
        (
            "area",
            ["Kuźnica Białostocka", "Nowy Dwór", "Biała Podlaska", "Bielsk Podlaski", "Sokółka Mała"],
            40,
        ),
        ("ref", [f"K{i:04d}" for i in range(25)], 12),
        ("reported", ["2021-09-01"] * 6, 1),
        ("month", [f"20{i:02d}-01-01" for i in range(9, 24)], 1),
        ("year", [str(year) for year in range(1990, 2010)], 1),
        ("line", [str(number) for number in range(1, 29)], 1),
    ],
)
def test_columns_of_places_periods_and_references_pass(column, cells, value):
    batch = parse(table(column, cells, value=value, head=CSV_HEAD))

    assert any(f"left out: {column}" in note for note in batch.notes)


def test_a_list_of_persons_without_a_count_is_refused():
    content = ("who,came\n" + "\n".join(f"{name},yes" for name in NAMES)).encode()

    with pytest.raises(InputError) as caught:
        parse(content)

    assert "names of persons" in caught.value.found


@pytest.mark.parametrize(
    ("cells", "found"),
    [
        (["Ahmad Khalil", "Layla Saleh", "Omar Haddad", "Zainab Najjar", "Hassan Aziz"], "names of persons"),
        (["Jonas", "Rasa", "Tomas", "Ilze", "Олег", "محمد"], "names of persons"),
        ([f"LB{i:06d}" for i in range(200100, 200106)], "passports or identity cards"),
        ([f"№ {i}" for i in range(1200100, 1200106)], "passports or identity cards"),
        (["1.2.1987", "3.11.1962", "9.9.2001", "30.4.1978", "12.12.1969", "5.6.1990"], "dates of birth"),
        ([f"They took my phone and we walked back to village {i} at night" for i in range(6)], "what persons told"),
        ([f"Они забрали мой телефон и мы шли лесом {i} километров назад" for i in range(6)], "what persons told"),
    ],
)  # fmt: skip
def test_persons_are_told_whatever_the_row_counts(cells, found):
    with pytest.raises(InputError) as caught:
        parse(table("x", cells, value=34))

    assert found in caught.value.found
    assert "'x'" in caught.value.found


@pytest.mark.parametrize("column", ["locator", "publisher_term"])
def test_columns_that_are_long_by_design_are_looked_at_too(column):
    with pytest.raises(InputError) as caught:
        parse(table(column, NAMES, value=34))

    assert repr(column) in caught.value.found


@pytest.mark.parametrize(
    ("name", "cells"),
    [
        ("passport", ["AFG", "BLR", "IRQ", "SYR", "YEM"]),
        ("name", ["Georgia", "Chad", "Iraq", "Jordan", "Israel"]),
        ("x", ["Kuźnica", "Terespol", "Narva", "Medininkai", "Vaalimaa"]),
        (
            "x",
            [f"Figures of the service for week {i} as told by its office in the morning" for i in range(6)],
        ),
        ("x", [f"2021-{month:02d}-{day:02d}" for month in (8, 9) for day in range(1, 14)]),
    ],
)
def test_what_only_resembles_data_about_persons_passes(name, cells):
    assert parse(table(name, cells, value=34)).observations.height
