"""Events, responses and sources go to a spreadsheet and back: nothing is lost, and nothing else of the file moves."""

import csv
import datetime as dt
import difflib
import io
import zipfile
from importlib.resources import files

import fastexcel
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from counterpoise.cases import Case, Event, Response, parse_case
from counterpoise.cases.edit import edited_case
from counterpoise.cases.sheets import (
    parse_csv_tables,
    parse_workbook_tables,
    render_csv_tables,
    render_workbook_tables,
)
from counterpoise.cases.tables import columns_of, merged, tables_of
from counterpoise.errors import InputError
from counterpoise.vocabulary import Confidence, EventStatus, FactKind, Precision
from tests.cases.builders import TEXT, case, event, response

FORMATS = {
    "csv": (render_csv_tables, parse_csv_tables),
    "xlsx": (render_workbook_tables, parse_workbook_tables),
}
SHARP = "=+-@'\"\\;,#:|>&*!%`[]{}_x0041_\n＝ é\u200b漢😀"
TEXTS = (
    st.text(st.sampled_from(SHARP) | st.characters(codec="utf-8", exclude_categories=["C", "Z"]))
    .map(str.strip)
    .filter(bool)
)
SENTENCES = st.lists(TEXTS, min_size=1, max_size=30).map(" ".join)
DAYS = st.dates(dt.date(1, 1, 1), dt.date(9998, 12, 31))


@st.composite
def events(draw: st.DrawFn) -> dict[str, object]:
    day = draw(DAYS)
    return event(
        date=day,
        end_date=draw(st.none() | st.just(day)),
        precision=draw(st.sampled_from(Precision)),
        known_on=draw(st.none() | st.just(day)),
        kind="transit_facilitation",
        actor=draw(st.none() | TEXTS),
        text=draw(SENTENCES),
        confidence=draw(st.sampled_from(Confidence)),
        status=draw(st.sampled_from(EventStatus)),
        facts=tuple(
            draw(
                st.lists(
                    st.sampled_from(sorted(set(FactKind) - {FactKind.HELD_BACK, FactKind.WAY_CLOSED})),
                    unique=True,
                    max_size=3,
                )
            )
        ),
    )


@st.composite
def responses(draw: st.DrawFn) -> dict[str, object]:
    claim = draw(st.booleans())
    return response(
        title=draw(TEXTS),
        what=draw(SENTENCES),
        adopted_on=draw(DAYS),
        rights_concern=draw(st.none() | TEXTS),
        raised_by=tuple(draw(st.lists(TEXTS, max_size=3))),
        **({"claimed_effect": draw(TEXTS), "claimed_by": draw(TEXTS)} if claim else {}),
    )


CASES = st.builds(
    lambda e, r: case(events=tuple(e), responses=tuple(r)),
    st.lists(events(), max_size=3),
    st.lists(responses(), max_size=2),
)


def where(section: str) -> str:
    return f"t.xlsx, sheet {section}"


@pytest.mark.parametrize("suffix", FORMATS)
@settings(max_examples=15, deadline=None)
@given(some=CASES)
def test_nothing_is_lost_on_the_way(suffix: str, some: Case) -> None:
    render, parse = FORMATS[suffix]
    tables = parse(render(tables_of(some)), "t")
    there = merged(some, tables, where=where)
    assert (there.n_changed, there.n_added, there.n_absent) == (0, 0, 0)
    nameless = {s: [(n, {**cells, "entry": ""}) for n, cells in rows] for s, rows in tables.items()}
    back = merged(case(), nameless, where=where)
    for section in ("events", "responses"):
        wanted = getattr(some, section)
        assert {e for _, e in back.wanted[section]} == set(wanted)
        assert len(back.wanted[section]) == len(set(wanted))


@settings(max_examples=15, deadline=None)
@given(some=CASES)
def test_any_entry_can_be_written_into_a_file(some: Case) -> None:
    before = parse_case(TEXT, "c.yml")
    wanted = {
        "events": [(None, e) for e in some.events] + [(0, before.events[0])],
        "responses": [(None, r) for r in some.responses],
    }
    after = parse_case(edited_case(TEXT, "c.yml", wanted), "c.yml")
    assert after.events == (*some.events, before.events[0])
    assert after.responses == some.responses


@pytest.mark.parametrize("suffix", FORMATS)
def test_no_cell_is_a_formula(suffix: str) -> None:
    texts = ["=HYPERLINK(A1)", "+1", "-1", "@x", "'quoted", "＝1"]
    some = case(events=tuple(event(text=text) for text in texts))
    render, parse = FORMATS[suffix]
    content = render(tables_of(some))
    if suffix == "xlsx":
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            assert not any(b"<f>" in parts.read(name) for name in parts.namelist())
        sheet = fastexcel.read_excel(content).load_sheet("events").to_polars()
        shown = sheet["text"].to_list()
    else:
        shown = [
            row["text"] for row in csv.DictReader(io.StringIO(content.decode("utf-8-sig"))) if row["text"]
        ]
    assert shown == [f"'{text}" for text in texts]
    assert merged(some, parse(content, "t"), where=where).n_changed == 0


def test_only_the_lines_of_a_changed_entry_change_and_comments_stay() -> None:
    text = files("counterpoise.data").joinpath("cases", "russia-finland-2023.yml").read_text(encoding="utf-8")
    text = text.replace("    kind: coercer_action\n", "    kind: coercer_action  # as the guard says\n", 1)
    before = parse_case(text, "c.yml")
    later = before.events[1].model_copy(update={"confidence": Confidence.LOW, "facts": ()})
    new = Event.model_validate(event(date=dt.date(2023, 8, 2), sources=before.events[0].sources))
    wanted = [(0, before.events[0]), (1, later), (None, new), *[*enumerate(before.events)][2:]]
    after = edited_case(text, "c.yml", {"events": wanted})
    moved = [
        line
        for line in difflib.ndiff(text.splitlines(), after.splitlines())
        if line[0] in "+-" and line[2:].strip()
    ]
    assert sorted(moved) == sorted(
        [
            "-     confidence: medium",
            "-     facts: [control_ended]",
            "+     confidence: low",
            "+   - date: 2023-08-02",
            "+     kind: statement_threat",
            "+     text: A threat is made.",
            f"+     sources: [{before.events[0].sources[0]}]",
            "+     confidence: high",
        ]
    )


@pytest.mark.parametrize(
    "style",
    [
        TEXT.replace("\n", "\r\n"),
        TEXT.replace("events:\n  - date", "events:\n  -\n    date"),
        TEXT.replace("  - date", "- date").replace("    kind: statement", "  kind: statement"),
        TEXT.replace("    text: A threat is made.", "    text: |-\n      A threat is made.\n\n  # after"),
    ],
    ids=["Windows lines", "dash alone", "no indent", "block text"],
)
def test_other_styles_are_changed_in_place_or_refused(style: str) -> None:
    try:
        before = parse_case(style, "c.yml")
    except InputError:
        style = TEXT
        before = parse_case(style, "c.yml")
    later = before.events[0].model_copy(update={"text": "Another threat."})
    after = edited_case(style, "c.yml", {"events": [(0, later)]})
    assert parse_case(after, "c.yml").events == (later,)
    assert after.count("\r\n") == (after.count("\n") if "\r\n" in style else 0)


def test_what_cannot_be_changed_in_place_is_refused() -> None:
    entry = TEXT.split("events:\n")[1].split("harms:")[0].replace("  - date", "  - &one\n    date")
    text = f"{TEXT.split('events:')[0]}events:\n{entry}  - *one\nsources:{TEXT.split('sources:')[-1]}"
    before = parse_case(text, "c.yml")
    later = before.events[0].model_copy(update={"text": "Another threat."})
    with pytest.raises(InputError, match="anchors"):
        edited_case(text, "c.yml", {"events": [(0, later), (1, before.events[1])]})


def filled(column: str, cell: str, section: str = "events", **more: str) -> dict[str, list]:
    some = parse_case(TEXT, "c.yml")
    tables = {name: list(rows) for name, rows in tables_of(some).items()}
    blank = dict.fromkeys(columns_of(section), "")
    first = tables[section][0][1] if tables[section] else blank
    tables[section] = [(7, {**first, column: cell, **more})]
    return tables


@pytest.mark.parametrize(
    ("column", "cell", "found", "remedy"),
    [
        ("date", "1.2.2024", "'1.2.2024'", "YYYY-MM-DD"),
        ("kind", "threat", "'threat'", "statement_threat"),
        ("text", "", "nothing", "fill it in"),
        ("sources", "page; pgae", "pgae", "add a row"),
        ("facts", "flights; led_to_lin", "led_to_lin", "led_to_line"),
        ("known_on", "2023-01-01", "known on 2023-01-01", "known_on"),
        ("entry", "x000", "'x000'", "export the case again"),
    ],
)
def test_a_bad_cell_is_told_with_row_and_column(column: str, cell: str, found: str, remedy: str) -> None:
    tables = filled(column, cell, text="Changed.") if column != "text" else filled(column, cell)
    with pytest.raises(InputError) as caught:
        merged(parse_case(TEXT, "c.yml"), tables, where=where)
    assert "sheet events, row 7, column" in caught.value.found
    assert found in caught.value.found
    assert remedy in caught.value.found


def test_the_id_of_a_source_that_others_name_is_kept() -> None:
    with pytest.raises(InputError, match="page is gone"):
        merged(
            parse_case(TEXT, "c.yml"), {"sources": filled("id", "sheet", "sources")["sources"]}, where=where
        )


def test_a_second_import_adds_nothing() -> None:
    some = parse_case(TEXT, "c.yml")
    tables = {
        **filled("text", "Another threat."),
        "responses": [
            (2, {**dict.fromkeys(columns_of("responses"), ""), **{"title": "Law", "country": "Poland", "kind": "fence",
             "adopted_on": "2024-03-01 00:00:00", "what": "It says.", "sources": "page", "confidence": "low"}}),
        ],
    }  # fmt: skip
    first = merged(some, tables, where=where)
    assert (first.n_changed, first.n_added) == (1, 1)
    assert isinstance(first.wanted["responses"][0][1], Response)
    after = parse_case(edited_case(TEXT, "c.yml", first.wanted), "c.yml")
    again = merged(after, tables, where=where)
    assert (again.n_changed, again.n_added) == (0, 0)


def test_days_typed_in_a_spreadsheet_are_read() -> None:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet("sources")
        sheet.write_row(0, 0, columns_of("sources"))
        sheet = book.add_worksheet("events")
        sheet.write_row(0, 0, columns_of("events"))
        cells = {
            "kind": "context",
            "text": "Something happens.",
            "sources": "page",
            "confidence": "low",
        }
        for name, cell in cells.items():
            sheet.write_string(1, columns_of("events").index(name), cell)
        day = book.add_format({"num_format": "dd.mm.yyyy"})
        sheet.write_datetime(1, columns_of("events").index("date"), dt.date(2024, 5, 6), day)
    change = merged(parse_case(TEXT, "c.yml"), parse_workbook_tables(out.getvalue(), "t.xlsx"), where=where)
    assert [entry.date for _, entry in change.wanted["events"]] == [dt.date(2024, 2, 1), dt.date(2024, 5, 6)]


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (b"section,entry\n", "no date"),
        (b"\xff\xfe", "can't decode"),
        (render_csv_tables(tables_of(case())).replace(b"\r\nsources", b"\r\nharms"), "'harms'"),
        (render_csv_tables(tables_of(case())).replace(b",id,", b",Id,"), "also Id"),
    ],
)
def test_other_csv_files_are_refused(content: bytes, found: str) -> None:
    with pytest.raises(InputError) as caught:
        parse_csv_tables(content, "t.csv")
    assert found in caught.value.found


def test_other_workbooks_are_refused() -> None:
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr("xl/worksheets/sheet1.xml", b" " * (51 * 2**20))
    for content in (b"no workbook", bomb.getvalue()):
        with pytest.raises(InputError):
            parse_workbook_tables(content, "t.xlsx")
