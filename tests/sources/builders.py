"""Small documents for the tests of the sources: the right one, and the wrong one with one thing changed."""

import io
from collections.abc import Sequence
from pathlib import Path

import polars as pl
import xlsxwriter

from counterpoise.observations.batch import Batch
from counterpoise.observations.corridors import load_corridors
from counterpoise.sources.mapping import parse_mapping
from counterpoise.sources.read import parse_document

HEAD = ("Route", "Border type or inland", "Nationality", "NOV2022", "DEC2022")
ROWS = (
    ("Eastern Borders Route", "Land", "Iraq", 3, 0),
    ("Eastern Borders Route", "Land", "Unknown", 5, 1),
    ("Eastern Borders Route", "Land", "Third-country", 2, 0),
    ("Western Balkan Route", "Land", "Kosovo*", 0, 7),
    ("Western Balkan Route", "Sea", "Syria", 1, 0),
    ("Black Sea Route", "Sea", "Stateless", 0, 4),
)
NOTES = ("Definition: ...", None, "Source: FRAN data as of 03FEB23")


def workbook(
    *,
    head: Sequence[object] = HEAD,
    rows: Sequence[Sequence[object]] = ROWS,
    notes: Sequence[object] = NOTES,
    sheet: str = "Detections_of_IBC",
    notes_sheet: str = "Notes",
    other_sheets: Sequence[str] = ("Dictionary",),
) -> bytes:
    """Return a workbook laid out as Frontex's own, with two months."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        figures = book.add_worksheet(sheet)
        for number, row in enumerate([head, *rows]):
            figures.write_row(number, 0, row)
        book.add_worksheet(notes_sheet).write_column(0, 0, notes)
        for name in other_sheets:
            book.add_worksheet(name).write(0, 0, "Afghanistan")
    return buffer.getvalue()


CSV_HEAD = "corridor,nationality,measure,period_start,frequency,value"
CSV_ROWS = ("BY-PL,IRQ,detections,2021-08-01,M,12", "BY-PL,IRQ,detections,2021-09-01,M,31")


def columns_csv(*rows: str, head: str = CSV_HEAD) -> bytes:
    """Return a CSV of our own columns."""
    return ("\n".join([head, *(rows or CSV_ROWS)]) + "\n").encode()


def parse(content: bytes, name: str = "figures.csv", mapping: str | None = None) -> Batch:
    """Return the batch of a document as ``read_document`` would, without a disk."""
    rules = parse_mapping(mapping.encode(), "mapping.yml") if mapping is not None else None
    return parse_document(content, path=Path(name), mapping=rules, registry=load_corridors())


def parquet(frame: pl.DataFrame) -> bytes:
    """Return a frame as the bytes of a Parquet file."""
    buffer = io.BytesIO()
    frame.write_parquet(buffer)
    return buffer.getvalue()
