from datetime import date

import polars as pl
import pytest

from counterpoise.errors import InputError
from counterpoise.sources.mapping import parse_mapping
from tests.sources.builders import parquet, parse

MAPPING = """
dataset: user.stack
dense: true
columns:
  corridor: [route, border_type]
  place: {from: border_type, values: {Land: green_border, Sea: sea}}
  nationality: {from: who, values: {OOO: UNK, OOS: XSS, STL: XXA, XXX: UNK}}
  period_start: month
  value: detections
  known_on: vintage
constants: {measure: detections, frequency: M}
"""
HEAD = "vintage,month,route,border_type,who,detections"
ROWS = (
    "2023-02-03,2022-12-01,Eastern Borders Route,Land,IRQ,5",
    "2023-02-03,2022-11-01,Eastern Mediterranean Route,Sea,OOO,7",
    "2023-03-03,2022-12-01,Eastern Borders Route,Land,IRQ,6",
)


def stack(*rows, head=HEAD):
    return "\n".join([head, *(rows or ROWS)]).encode()


def test_words_become_codes_and_corridors():
    batch = parse(stack(), mapping=MAPPING)

    columns = ("corridor", "place", "nationality", "period_start", "value", "known_on", "locator")
    assert sorted(batch.observations.select(columns).rows()) == [
        ("eastern-borders", "green_border", "IRQ", date(2022, 12, 1), 5.0, date(2023, 2, 3), "row 2"),
        ("eastern-borders", "green_border", "IRQ", date(2022, 12, 1), 6.0, date(2023, 3, 3), "row 4"),
        ("eastern-mediterranean-sea", "sea", "UNK", date(2022, 11, 1), 7.0, date(2023, 2, 3), "row 3"),
    ]
    assert batch.documents.height == 1


def test_each_vintage_covers_the_months_it_has():
    batch = parse(stack(), mapping=MAPPING)

    assert batch.vintages.select("known_on", "first_period_start", "last_period_end").rows() == [
        (date(2023, 2, 3), date(2022, 11, 1), date(2022, 12, 31)),
        (date(2023, 3, 3), date(2022, 12, 1), date(2022, 12, 31)),
    ]


def test_parquet_reads_as_csv_does():
    csv = parse(stack(), mapping=MAPPING)
    table = pl.read_csv(stack(), try_parse_dates=True)
    assert table.schema["month"] == pl.Date

    found = parse(parquet(table), "figures.parquet", MAPPING)

    hidden = ("document", "locator")
    assert found.observations.drop(hidden).equals(csv.observations.drop(hidden))
    assert found.observations["locator"].sort().to_list() == ["row 1", "row 2", "row 3"]


def test_rows_that_fall_together_after_translation_are_summed_and_said():
    rows = (ROWS[1], ROWS[1].replace("OOO,7", "XXX,4"))

    batch = parse(stack(*rows), mapping=MAPPING)

    assert batch.observations.select("value", "locator").rows() == [(11.0, "row 2+row 3")]
    assert any("2 rows that fall on one figure" in note for note in batch.notes)


def test_rows_that_repeat_in_the_files_own_words_are_a_fault():
    with pytest.raises(InputError) as caught:
        parse(stack(ROWS[0], ROWS[0].replace(",5", ",8")), mapping=MAPPING)

    assert "stands already in row 2" in caught.value.found


@pytest.mark.parametrize(
    ("row", "text", "reason"),
    [
        (ROWS[0].replace("IRQ", "ZZZ"), "ZZZ", "unknown nationality"),
        (ROWS[0].replace("Eastern Borders", "Arctic"), "Arctic Route / Land", "unknown corridor"),
    ],
)
def test_words_that_nothing_translates_are_kept_aside(row, text, reason):
    batch = parse(stack(row), mapping=MAPPING)

    assert batch.observations.is_empty()
    assert batch.set_aside.select("text", "value", "reason").rows() == [(text, 5.0, reason)]
    assert batch.vintages.height == 1


def test_zeros_are_left_out_of_a_dense_dataset_only():
    row = ROWS[0].replace(",5", ",0")
    sparse = MAPPING.replace("dense: true", "dense: false")

    assert parse(stack(row), mapping=MAPPING).observations.is_empty()
    assert parse(stack(row), mapping=sparse).observations["value"].to_list() == [0.0]


def test_a_table_of_corridors_goes_before_the_registry():
    mapping = MAPPING.replace(
        "corridor: [route, border_type]", "corridor: {from: route, values: {Eastern Borders Route: BY-PL}}"
    )

    assert parse(stack(ROWS[0]), mapping=mapping).observations["corridor"].to_list() == ["BY-PL"]


def test_a_card_fills_what_the_mapping_leaves_open():
    batch = parse(stack(), mapping=MAPPING.replace("user.stack", "frontex.ibc"))

    (dataset,) = batch.datasets.rows(named=True)
    assert (dataset["publisher"], dataset["lag_days"], dataset["dense"]) == ("Frontex", 34, True)
    assert batch.observations["publisher_term"].unique().to_list() == ["illegal border-crossing"]
    assert any("from the card" in note for note in batch.notes)


def test_a_remark_is_said_and_marks_its_rows_only():
    remarks = "remarks: [{text: A slip., where: {vintage: 2023-02-03, who: IRQ}, flag: disputed}]"

    batch = parse(stack(), mapping=MAPPING + remarks)

    assert sorted(batch.observations.select("value", "flag").rows()) == [
        (5.0, "disputed"),
        (6.0, ""),
        (7.0, ""),
    ]
    assert any(note.startswith("A slip. (1 rows") for note in batch.notes)


FAULTY_MAPPINGS = [
    ("no dataset", ("dataset: user.stack", ""), "dataset: Field required"),
    ("unknown field", ("dense: true", "dens: true"), "dens: Extra inputs"),
    ("unknown column of ours", ("  value: ", "  count: "), "count is none of our columns"),
    ("no value", ("  value: detections", ""), "value needs a column or a constant"),
    ("no vintage", ("  known_on: vintage", ""), "known_on needs a column or a constant"),
    ("said twice", ("frequency: M", "frequency: M, value: 1"), "value is both a column and a constant"),
    (
        "several columns of a value",
        ("  value: detections", "  value: [detections, who]"),
        "value is read from one",
    ),
    ("not YAML", ("columns:", "columns: ["), "expected"),
]


@pytest.mark.parametrize(
    ("change", "found"), [c[1:] for c in FAULTY_MAPPINGS], ids=[c[0] for c in FAULTY_MAPPINGS]
)
def test_a_faulty_mapping_is_refused_with_its_field(change, found):
    assert change[0] in MAPPING

    with pytest.raises(InputError) as caught:
        parse_mapping(MAPPING.replace(*change).encode(), "mapping.yml")

    assert found in caught.value.found
    assert caught.value.where == "mapping.yml"


@pytest.mark.parametrize(
    ("mapping", "found"),
    [
        (MAPPING.replace("value: detections", "value: sightings"), "no column sightings"),
        (MAPPING.replace("user.stack", "frontex.ibc").replace("dense: true", "dense: false"), "dense False"),
        (
            MAPPING.replace("user.stack", "frontex.ibc").replace("measure: detections", "measure: arrivals"),
            "measure arrivals where the card says detections",
        ),
        (
            MAPPING.replace("[route, border_type]", "{from: route, values: {Eastern Borders Route: east}}"),
            "east",
        ),
    ],
)
def test_a_mapping_that_does_not_fit_is_refused(mapping, found):
    with pytest.raises(InputError) as caught:
        parse(stack(), mapping=mapping)

    assert found in caught.value.found


def test_faults_name_the_columns_of_the_file():
    with pytest.raises(InputError) as caught:
        parse(stack(ROWS[0].replace(",5", ",-5")), mapping=MAPPING)

    assert caught.value.found == "row 2: detections '-5' is negative"


def test_the_mapping_in_the_docs_reads(repository):
    page = (repository / "docs/ingest.md").read_text(encoding="utf-8")
    mapping = page.split("```yaml\n")[1].split("```")[0]
    rows = "section,citizenship,month,n,published\nNorth,IRQ,2022-05,4,2022-06-20\nSouth,Unknown,2022-06,2,2022-07-20"

    batch = parse(rows.encode(), mapping=mapping)

    assert sorted(batch.observations.select("corridor", "nationality", "value", "flag").rows()) == [
        ("BY-LT", "IRQ", 4.0, "disputed"),
        ("BY-PL", "UNK", 2.0, ""),
    ]
