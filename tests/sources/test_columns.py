import io
import string
from datetime import date, timedelta

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from counterpoise.errors import InputError
from counterpoise.schemas import CELL, OBSERVATIONS
from counterpoise.sources.columns import NEEDED
from counterpoise.vocabulary import FLAGS, MEASURES, PLACES, UNITS
from tests.sources.builders import CSV_HEAD, CSV_ROWS, columns_csv, parquet, parse

ROW = "BY-PL,IRQ,detections,2021-08-01,M,12"


def test_needed_columns_are_enough_and_every_default_is_said():
    batch = parse(columns_csv(), "My figures.csv")

    first = batch.observations.sort("period_start").row(0, named=True)
    document = batch.documents["document"][0]
    assert first == {
        "dataset": "user.my-figures",
        "corridor": "BY-PL",
        "reporter": "POL",
        "nationality": "IRQ",
        "measure": "detections",
        "unit": "events",
        "place": "any",
        "publisher_term": "detections",
        "period_start": date(2021, 8, 1),
        "period_end": date(2021, 8, 31),
        "frequency": "M",
        "value": 12.0,
        "known_on": date(2021, 10, 1),
        "document": document,
        "locator": "row 2",
        "flag": "",
    }
    for name in set(OBSERVATIONS) - {*NEEDED, "document"}:
        assert any(note.startswith(f"No column {name}:") for note in batch.notes), name


def test_without_a_day_of_publication_figures_are_replayed_from_the_day_after_their_period():
    batch = parse(columns_csv())

    assert batch.datasets.select("dense", "lag_days").rows() == [(False, 1)]
    assert batch.vintages.select("known_on", "first_period_start", "last_period_end").rows() == [
        (date(2021, 10, 1), date(2021, 8, 1), date(2021, 9, 30))
    ]


def test_days_of_publication_make_vintages_and_no_lag_is_assumed():
    rows = (f"{ROW},2021-09-05", f"{ROW.replace('12', '15')},2021-10-05")

    batch = parse(columns_csv(*rows, head=f"{CSV_HEAD},known_on"))

    assert batch.datasets["lag_days"].to_list() == [None]
    assert batch.vintages["known_on"].to_list() == [date(2021, 9, 5), date(2021, 10, 5)]


def test_an_unknown_corridor_becomes_the_users_own_and_is_said():
    batch = parse(columns_csv(ROW.replace("BY-PL", "my-river")))

    assert batch.observations["corridor"].to_list() == ["my-river"]
    assert batch.observations["reporter"].to_list() == ["EU"]
    assert any("become your own: my-river" in note for note in batch.notes)


def test_an_unknown_nationality_is_kept_aside_and_listed():
    batch = parse(columns_csv(ROW, ROW.replace("IRQ", "Iraqi")))

    (aside,) = batch.set_aside.rows(named=True)
    assert (aside["text"], aside["value"], aside["locator"]) == ("Iraqi", 12.0, "row 3")
    assert aside["reason"] == "unknown nationality"
    assert batch.observations["nationality"].to_list() == ["IRQ"]


def test_zeros_stay_because_a_missing_figure_means_unknown():
    assert parse(columns_csv(ROW.replace(",12", ",0"))).observations["value"].to_list() == [0.0]


def test_columns_of_others_are_left_out_and_named():
    batch = parse(columns_csv(f"{ROW},calm", head=f"{CSV_HEAD},weather"))

    assert any("left out: weather" in note for note in batch.notes)


@pytest.mark.parametrize("separator", [";", "\t"])
def test_other_separators_are_recognised_and_said(separator):
    content = columns_csv().replace(b",", separator.encode())

    batch = parse(content)

    assert batch.observations.drop("document").equals(parse(columns_csv()).observations.drop("document"))
    assert any("separated by" in note for note in batch.notes)


@pytest.mark.parametrize("start", [b"\xef\xbb\xbf", b""], ids=["byte order mark", "plain"])
@pytest.mark.parametrize("line_end", [b"\r\n", b"\n"], ids=["Windows", "Unix"])
def test_byte_order_marks_line_ends_and_empty_rows_do_not_count(start, line_end):
    content = start + columns_csv().replace(b"\n", line_end) + b",,,,,\n"

    assert parse(content).observations["value"].to_list() == [12.0, 31.0]


@pytest.mark.parametrize(
    ("frequency", "start", "end"),
    [
        ("D", "2021-08-03", date(2021, 8, 3)),
        ("W", "2021-08-02", date(2021, 8, 8)),
        ("M", "2024-02", date(2024, 2, 29)),
        ("M", "FEB2024", date(2024, 2, 29)),
        ("Q", "2021-Q4", date(2021, 12, 31)),
        ("Q", "2021Q1", date(2021, 3, 31)),
        ("Y", "2021", date(2021, 12, 31)),
        ("M", "2021-08-01 00:00:00", date(2021, 8, 31)),
    ],
)
def test_a_period_ends_where_its_frequency_says(frequency, start, end):
    batch = parse(columns_csv(f"BY-PL,IRQ,detections,{start},{frequency},1"))

    assert batch.observations["period_end"].to_list() == [end]


FAULTY = [
    ("negative", "BY-PL,IRQ,detections,2021-08-01,M,-1", "value '-1' is negative"),
    ("fraction", "BY-PL,IRQ,detections,2021-08-01,M,1.5", "value '1.5' is not a whole number"),
    ("word", "BY-PL,IRQ,detections,2021-08-01,M,many", "value 'many' is not a number"),
    ("empty", "BY-PL,IRQ,detections,2021-08-01,M,", "value no value"),
    ("NaN", "BY-PL,IRQ,detections,2021-08-01,M,NaN", "value 'NaN' is not a finite number"),
    ("inf", "BY-PL,IRQ,detections,2021-08-01,M,inf", "value 'inf' is not a finite number"),
    ("huge", "BY-PL,IRQ,detections,2021-08-01,M,1e15", "value '1e15' is more than"),
    ("bad date", "BY-PL,IRQ,detections,01.08.2021,M,1", "period_start '01.08.2021' is not a date"),
    ("no such day", "BY-PL,IRQ,detections,2021-02-30,D,1", "period_start '2021-02-30' is not a date"),
    ("mid-month", "BY-PL,IRQ,detections,2021-08-15,M,1", "2021-08-15 is not the first day of a period M"),
    ("mid-quarter", "BY-PL,IRQ,detections,2021-08-01,Q,1", "is not the first day of a period Q"),
    ("year as month", "BY-PL,IRQ,detections,2021,M,1", "period_start '2021' is not a date"),
    ("span without end", "BY-PL,IRQ,detections,2021-08-01,S,1", "frequency S needs a period_end"),
    ("measure", "BY-PL,IRQ,crossings,2021-08-01,M,1", "measure 'crossings' is no measure"),
    ("frequency", "BY-PL,IRQ,detections,2021-08-01,month,1", "frequency 'month' is no frequency"),
    ("no corridor", ",IRQ,detections,2021-08-01,M,1", "corridor empty"),
    ("no nationality", "BY-PL,,detections,2021-08-01,M,1", "nationality empty"),
]


@pytest.mark.parametrize(("row", "found"), [case[1:] for case in FAULTY], ids=[case[0] for case in FAULTY])
def test_a_faulty_row_is_refused_with_its_number(row, found):
    with pytest.raises(InputError) as caught:
        parse(columns_csv(CSV_ROWS[1], row))

    assert caught.value.where == "figures.csv"
    assert "row 3: " in caught.value.found
    assert found in caught.value.found
    assert "row 2" not in caught.value.found


@pytest.mark.parametrize(
    ("extra", "cell", "found"),
    [
        ("period_end", "2021-08-15", "not one period of frequency M"),
        ("period_end", "2021-07-01", "ends before it begins"),
        ("known_on", "2021-08-15", "known on 2021-08-15, before its period ends on 2021-08-31"),
        ("known_on", "soon", "known_on 'soon' is not a date"),
        ("reporter", "Poland", "reporter 'Poland' is no reporter"),
        ("unit", "people", "unit 'people' is no unit"),
        ("place", "forest", "place 'forest' is no place"),
        ("flag", "provisional guess", "flag unknown guess"),
        ("dataset", "frontex.ibc", "frontex.ibc, in which a missing figure means 0"),
    ],
)
def test_a_faulty_cell_of_an_optional_column_is_refused(extra, cell, found):
    with pytest.raises(InputError) as caught:
        parse(columns_csv(f"{ROW},{cell}", head=f"{CSV_HEAD},{extra}"))

    assert found in caught.value.found


def test_a_month_twice_names_both_rows():
    with pytest.raises(InputError) as caught:
        parse(columns_csv(*CSV_ROWS, CSV_ROWS[0].replace("12", "13")))

    assert caught.value.found == "row 4: IRQ on BY-PL for 2021-08-01 stands already in row 2"


def test_all_faults_come_together_in_the_order_of_rows():
    rows = ["BY-PL,IRQ,detections,2021-08-01,M,-1"] * 2 + ["BY-PL,IRQ,steps,yesterday,M,x"]

    with pytest.raises(InputError) as caught:
        parse(columns_csv(*rows))

    assert [part.split(":")[0] for part in caught.value.found.split("; ")] == [
        "row 2",
        "row 3",
        "row 4",
        "row 4",
        "row 4",
    ]


def test_more_faults_than_a_sentence_holds_are_counted():
    with pytest.raises(InputError) as caught:
        parse(columns_csv(*["BY-PL,IRQ,detections,2021-08-01,M,-1"] * 50))

    assert caught.value.found.endswith("and 30 more faults")


def test_a_renamed_column_is_guessed():
    with pytest.raises(InputError) as caught:
        parse(columns_csv(head=CSV_HEAD.replace("period_start", "period_begin")))

    assert caught.value.found.startswith("no column period_start;")
    assert "rename period_begin to period_start" in caught.value.hint


@pytest.mark.parametrize("name", ["known_on"])
def test_a_gap_in_the_days_of_publication_is_refused(name):
    with pytest.raises(InputError) as caught:
        parse(columns_csv(f"{CSV_ROWS[0]},2021-11-01", f"{CSV_ROWS[1]},", head=f"{CSV_HEAD},{name}"))

    assert caught.value.found == "row 3: known_on is empty here only"


# --- round trip -------------------------------------------------------------------------------------------

WORDS = st.text(string.ascii_letters + string.digits + " ,;\"'#éłя-", max_size=12)


@st.composite
def frames(draw):
    """Return a frame of observations as the archive could hold it, with each figure once."""
    day = st.dates(date(2009, 1, 1), date(2030, 12, 31))
    rows = []
    for number in range(draw(st.integers(1, 12))):
        start = draw(day)
        frequency = draw(st.sampled_from(["D", "W", "M", "Y", "S"]))
        if frequency == "M":
            start = start.replace(day=1)
        if frequency == "Y":
            start = start.replace(month=1, day=1)
        end = {
            "D": start,
            "W": start + timedelta(days=6),
            "M": (start.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1),
            "Y": date(start.year, 12, 31),
            "S": start + timedelta(days=draw(st.integers(0, 400))),
        }[frequency]
        rows.append(
            {
                "dataset": draw(st.sampled_from(["user.a", "user.b"])),
                "corridor": draw(st.sampled_from(["BY-PL", "eastern-borders", "own river"])),
                "reporter": draw(st.sampled_from(["POL", "EU", "XKX"])),
                "nationality": draw(st.sampled_from(["IRQ", "UNK", "TOTAL", "XKX", "XXA"])),
                "measure": draw(st.sampled_from(sorted(MEASURES))),
                "unit": draw(st.sampled_from(sorted(UNITS))),
                "place": draw(st.sampled_from(sorted(PLACES))),
                "publisher_term": draw(WORDS),
                "period_start": start,
                "period_end": end,
                "frequency": frequency,
                "value": float(draw(st.integers(0, 10**9))),
                "known_on": end + timedelta(days=draw(st.integers(0, 100))),
                "locator": f"cell {number}{draw(WORDS)}",
                "flag": " ".join(sorted(draw(st.sets(st.sampled_from(sorted(FLAGS)), max_size=2)))),
            }
        )
    schema = {name: column.dtype for name, column in OBSERVATIONS.items() if name != "document"}
    frame = pl.DataFrame(rows, schema=schema)
    return frame.unique([*CELL, "known_on"], keep="first", maintain_order=True)


@given(frames())
@settings(max_examples=25, deadline=None)
def test_parse_of_write_is_the_frame_for_csv_and_parquet(frame):
    buffer = io.BytesIO()
    frame.write_csv(buffer)

    for content in (buffer.getvalue(), parquet(frame)):
        found = parse(content).observations.drop("document")
        assert found.sort(pl.all()).equals(frame.sort(pl.all()))
