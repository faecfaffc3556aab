from datetime import date

import polars as pl
import pytest

from counterpoise.errors import InputError
from counterpoise.observations.nationalities import is_nationality
from counterpoise.sources import read_document
from counterpoise.sources.frontex.layout import column_letters, is_total
from counterpoise.sources.frontex.nationalities import load_spellings
from tests.sources.builders import HEAD, ROWS, parse, workbook


def cells(batch):
    columns = ("corridor", "place", "nationality", "period_start", "value")
    return sorted(batch.observations.select(columns).rows())


def test_every_figure_above_zero_is_taken_to_its_corridor_and_code():
    november, december = date(2022, 11, 1), date(2022, 12, 1)

    batch = parse(workbook(), "ibc.xlsx")

    assert cells(batch) == [
        ("black-sea", "sea", "XXA", december, 4.0),
        ("eastern-borders", "green_border", "IRQ", november, 3.0),
        ("eastern-borders", "green_border", "UNK", november, 7.0),
        ("eastern-borders", "green_border", "UNK", december, 1.0),
        ("western-balkan-land", "green_border", "XKX", december, 7.0),
        ("western-balkan-sea", "sea", "SYR", november, 1.0),
    ]
    assert batch.set_aside.is_empty()


def test_a_summed_figure_names_all_its_cells_and_the_sum_is_said():
    batch = parse(workbook(), "ibc.xlsx")

    locators = dict(batch.observations.select("locator", "value").rows())
    assert locators["Detections_of_IBC!D3+D4"] == 7.0
    assert locators["Detections_of_IBC!E3"] == 1.0
    assert any("2 rows that repeat" in note for note in batch.notes)


def test_heads_below_an_empty_row_are_found_and_locators_are_those_of_the_sheet():
    lower = parse(workbook(head=(None,) * len(HEAD), rows=(HEAD, *ROWS)), "book.xlsx").observations
    usual = parse(workbook(), "book.xlsx").observations

    key = ["corridor", "nationality", "period_start"]
    assert lower.select(*key, "value").equals(usual.select(*key, "value"))
    assert usual.filter(pl.col("corridor") == "black-sea")["locator"].to_list() == ["Detections_of_IBC!E7"]
    assert lower.filter(pl.col("corridor") == "black-sea")["locator"].to_list() == ["Detections_of_IBC!E8"]


def test_rows_that_repeat_in_the_same_words_are_summed():
    batch = parse(workbook(rows=[ROWS[0], ROWS[0]]), "ibc.xlsx")

    assert batch.observations["value"].to_list() == [6.0]
    assert batch.observations["locator"].to_list() == ["Detections_of_IBC!D2+D3"]


def test_the_vintage_is_the_day_of_the_notes_and_covers_all_months():
    batch = parse(workbook(rows=ROWS[:1]), "ibc.xlsx")

    (vintage,) = batch.vintages.rows(named=True)
    assert vintage["known_on"] == date(2023, 2, 3)
    assert (vintage["first_period_start"], vintage["last_period_end"]) == (
        date(2022, 11, 1),
        date(2022, 12, 31),
    )
    assert batch.observations["known_on"].unique().to_list() == [date(2023, 2, 3)]
    assert batch.documents["published_on"].to_list() == [date(2023, 2, 3)]
    assert batch.datasets.row(0, named=True)["dense"] is True


@pytest.mark.parametrize(
    ("row", "text", "reason"),
    [
        (("Eastern Borders Route", "Land", "Atlantis", 0, 4), "Atlantis", "unknown nationality"),
        (("Arctic Route", "Sea", "Iraq", 0, 4), "Arctic Route / Sea", "unknown route or border type"),
        (("Western Balkan Route", "Inland", "Iraq", 0, 4), "Western Balkan Route / Inland", "unknown route"),
        (("Black Sea Route", "Air", "Iraq", 0, 4), "Black Sea Route / Air", "unknown route or border type"),
    ],
)
def test_what_is_not_known_is_kept_aside_and_listed(row, text, reason):
    batch = parse(workbook(rows=[*ROWS, row]), "ibc.xlsx")

    (aside,) = batch.set_aside.rows(named=True)
    assert (aside["text"], aside["value"], aside["locator"]) == (text, 4.0, "Detections_of_IBC!E8")
    assert aside["reason"].startswith(reason)
    assert any("1 figures were kept aside" in note for note in batch.notes)
    assert cells(batch) == cells(parse(workbook(), "ibc.xlsx"))


def test_totals_are_left_out_and_compared():
    rows = [(*row, row[3] + row[4]) for row in ROWS]
    total = ("Total", "", "", 11, 12, 23)

    batch = parse(workbook(head=(*HEAD, "Total"), rows=[*rows, total]), "ibc.xlsx")
    wrong = parse(workbook(rows=[*ROWS, ("Total", "", "", 11, 13)]), "ibc.xlsx")

    assert cells(batch) == cells(parse(workbook(), "ibc.xlsx"))
    assert any("agrees with the sum" in note for note in batch.notes)
    assert any("Columns of totals were left out: F" in note for note in batch.notes)
    assert any("differs from the sum of the figures in 1 months" in note for note in wrong.notes)


def test_sheets_left_unread_and_empty_cells_are_said():
    content = workbook(rows=[*ROWS, ("Other", "Sea", "Iraq", None, 2)], other_sheets=("Dictionary", "Extra"))

    notes = " ".join(parse(content, "ibc.xlsx").notes)

    assert "1 empty cells" in notes
    assert "Sheet Dictionary" in notes
    assert "left unread, because their content is not known: Extra" in notes


def test_invisible_differences_of_a_spelling_do_not_count():
    batch = parse(workbook(rows=[("Eastern Borders Route", "Land", " Côte  d’Ivoire ", 1, 0)]), "ibc.xlsx")

    assert batch.observations["nationality"].to_list() == ["CIV"]


FAULTY = [
    ("negative count", {"rows": [(*ROWS[0][:3], -1, 0), *ROWS[1:]]}, "D2: '-1' is negative"),
    ("fraction", {"rows": [(*ROWS[0][:3], 1.5, 0), *ROWS[1:]]}, "D2: '1.5' is not a whole number"),
    ("word", {"rows": [(*ROWS[0][:3], "n/a", 0), *ROWS[1:]]}, "D2: 'n/a' is not a number"),
    ("huge number", {"rows": [(*ROWS[0][:3], 1e12, 0), *ROWS[1:]]}, "more than 1,000,000"),
    ("NaN", {"rows": [(*ROWS[0][:3], "NaN", 0), *ROWS[1:]]}, "not a finite number"),
    ("renamed column", {"head": ("Route", "Border", *HEAD[2:])}, "column B is 'Border'"),
    ("no columns moved", {"head": ("Nationality", "Route", *HEAD[2:])}, "column A is 'Nationality'"),
    ("month twice", {"head": (*HEAD[:4], "NOV2022")}, "month NOV2022 stands twice"),
    ("month left out", {"head": (*HEAD[:4], "JAN2023")}, "no column for DEC2022"),
    ("no month", {"head": (*HEAD[:4], "December")}, "column E is 'December'"),
    ("renamed sheet", {"sheet": "Data"}, "sheets Data, Notes, Dictionary"),
    ("no notes", {"notes_sheet": "Remarks"}, "sheets Detections_of_IBC, Remarks"),
    ("no vintage", {"notes": ("Source: FRAN data",)}, "no such line"),
    ("two vintages", {"notes": ("data as of 03FEB23", "data as of 04FEB23")}, "2 such lines"),
    ("31 February", {"notes": ("data as of 31FEB23",)}, "no such line"),
    ("vintage too early", {"notes": ("data as of 30DEC22",)}, "data as of 2022-12-30"),
    ("month without figures", {"rows": [(*row[:4], None) for row in ROWS]}, "DEC2022 HAS NO FIGURE"),
    ("no rows", {"rows": []}, "none"),
    ("no nationality", {"rows": [("Other", "Sea", "", 1, 1)]}, "C2: Nationality is empty"),
]


@pytest.mark.parametrize(("change", "found"), [case[1:] for case in FAULTY], ids=[case[0] for case in FAULTY])
def test_a_faulty_workbook_is_refused_in_one_sentence(change, found):
    with pytest.raises(InputError) as caught:
        parse(workbook(**change), "ibc.xlsx")

    assert found.casefold() in caught.value.found.casefold()
    assert caught.value.where.startswith("ibc.xlsx")
    assert "\n" not in str(caught.value)


def test_all_faults_of_a_workbook_come_together():
    rows = [(*ROWS[0][:3], -1, "x"), (*ROWS[1][:3], 0.5, 0)]

    with pytest.raises(InputError) as caught:
        parse(workbook(rows=rows), "ibc.xlsx")

    assert [part.split(":")[0] for part in caught.value.found.split("; ")] == ["D2", "E2", "D3"]


@pytest.mark.parametrize(("index", "letters"), [(0, "A"), (25, "Z"), (26, "AA"), (170, "FO"), (702, "AAA")])
def test_columns_are_named_as_a_spreadsheet_names_them(index, letters):
    assert column_letters(index) == letters


@pytest.mark.parametrize(
    ("text", "expected"),
    [("Total", True), ("GRAND TOTAL", True), ("Total 2022", True), ("Totally", False), ("Togo", False)],
)
def test_totals_are_told_by_their_name(text, expected):
    assert is_total(text) is expected


def test_every_spelling_has_a_code_of_the_observation_frame():
    assert all(is_nationality(code) for code in load_spellings().values())
    assert {load_spellings()[word] for word in ("Unknown", "Third-country", "Not specified")} == {"UNK"}


# --- the publisher's own workbook -------------------------------------------------------------------------


@pytest.fixture(scope="module")
def own_workbook(shared):
    return read_document(shared / "data/frontex/original/FrontexArrivals_FRAN_as_of_2023-02-03.xlsx")


@pytest.fixture(scope="module")
def stacked(shared, repository):
    return read_document(
        shared / "data/frontex/frontex_ibc_vintages.parquet",
        mapping=repository / "docs/examples/frontex_vintages.yml",
    )


def test_the_publishers_workbook_is_understood_whole(own_workbook):
    assert own_workbook.set_aside.is_empty()
    assert own_workbook.observations["value"].sum() == 4_298_298
    assert own_workbook.vintages["last_period_end"].to_list() == [date(2022, 12, 31)]


def test_workbook_and_stacked_table_agree_cell_for_cell(own_workbook, stacked):
    same = stacked.observations.filter(pl.col("known_on") == date(2023, 2, 3))

    ours, theirs = (
        frame.drop("document", "locator").sort(pl.all()) for frame in (own_workbook.observations, same)
    )

    assert ours.equals(theirs)


def test_every_route_and_year_equals_the_sheets_own_sum(own_workbook, shared):
    sheet = pl.read_excel(
        shared / "data/frontex/original/FrontexArrivals_FRAN_as_of_2023-02-03.xlsx",
        sheet_name="Detections_of_IBC",
    )
    expected = (
        sheet.unpivot(index=sheet.columns[:3], variable_name="month")
        .with_columns(pl.col("month").str.slice(3).cast(pl.Int32).alias("year"))
        .group_by("Route", "year")
        .agg(pl.col("value").cast(pl.Float64).sum())
        .filter(pl.col("value") > 0)
    )
    routes = {
        "Eastern Borders Route": "eastern-borders",
        "Eastern Mediterranean Route": "eastern-mediterranean",
        "Western Mediterranean Route": "western-mediterranean",
        "Western Balkan Route": "western-balkan",
        "Central Mediterranean Route": "central-mediterranean",
        "Western African Route": "western-african",
        "Circular Route from Albania to Greece": "circular-albania-greece",
        "Black Sea Route": "black-sea",
        "Other": "other",
    }

    found = (
        own_workbook.observations.with_columns(
            pl.col("corridor").str.replace("-(land|sea)$", ""), pl.col("period_start").dt.year().alias("year")
        )
        .with_columns(pl.col("corridor").replace("black", "black-sea"))
        .group_by("corridor", "year")
        .agg(pl.col("value").sum())
    )

    assert sorted(found.rows()) == sorted(
        (routes[route], year, value) for route, year, value in expected.rows()
    )


def test_a_publishers_table_of_several_vintages_is_one_document(stacked):
    assert stacked.documents.height == 1
    assert stacked.set_aside.is_empty()
    assert stacked.vintages.sort("known_on").select("known_on", "last_period_end").rows() == [
        (date(2023, 2, 3), date(2022, 12, 31)),
        (date(2025, 1, 7), date(2024, 11, 30)),
        (date(2025, 2, 4), date(2024, 12, 31)),
        (date(2025, 3, 4), date(2025, 1, 31)),
        (date(2025, 4, 2), date(2025, 2, 28)),
        (date(2025, 6, 3), date(2025, 4, 30)),
    ]


def test_the_known_slip_of_the_stacked_table_is_marked_not_corrected(stacked):
    marked = stacked.observations.filter(pl.col("flag") == "disputed")

    assert marked["value"].sum() == 9_977
    assert marked.select("corridor", "period_start", "known_on").unique().rows() == [
        ("central-mediterranean", date(2023, 12, 1), date(2025, 1, 7))
    ]
    assert any("9,977" in note for note in stacked.notes)


def test_the_newest_table_takes_its_vintage_from_the_mapping(shared, repository, stacked):
    newest = read_document(
        shared / "data/frontex/frontex_ibc.parquet", mapping=repository / "docs/examples/frontex_newest.yml"
    )

    same = stacked.observations.filter(pl.col("known_on") == date(2025, 6, 3))
    assert newest.vintages["known_on"].to_list() == [date(2025, 6, 3)]
    ours, theirs = (frame.drop("document", "locator").sort(pl.all()) for frame in (newest.observations, same))
    assert ours.equals(theirs)


def test_our_spellings_agree_with_the_collected_table(shared):
    codes = {"OOO": "UNK", "OOS": "XSS", "STL": "XXA"}
    collected = dict(pl.read_csv(shared / "data/frontex/nationality_names.csv").rows())

    ours = load_spellings()

    assert {name: ours[name] for name in collected} == {n: codes.get(c, c) for n, c in collected.items()}
