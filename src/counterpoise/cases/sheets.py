"""The tables of a case as a workbook (a sheet for each) or as one CSV file (with a column that names the section)."""

import csv
import io
import zipfile
from collections.abc import Sequence
from datetime import datetime
from typing import cast

from counterpoise.cases.edit import Section
from counterpoise.cases.tables import SECTIONS, CaseTables, columns_of
from counterpoise.errors import InputError

__all__ = ["parse_csv_tables", "parse_workbook_tables", "render_csv_tables", "render_workbook_tables"]

_SECTION = "section"
_LONGEST = 32_767
"""Characters a cell of a workbook holds."""
_LARGEST = 50 * 2**20
"""Bytes, unpacked, that no case comes near."""
_WIDE = {
    "text": 80,
    "what": 60,
    "title": 40,
    "url": 40,
    "sources": 30,
    "rights_concern": 30,
    "claimed_effect": 30,
}
_CREATED = datetime(2000, 1, 1)  # noqa: DTZ001 (a workbook's day has no zone; fixed, so that equal cases give equal bytes)
_EXPORT = "take a table that 'counterpoise cases export' wrote, and keep its columns"


def _csv_columns() -> list[str]:
    return [_SECTION, *dict.fromkeys(name for section in SECTIONS for name in columns_of(section))]


def render_csv_tables(tables: CaseTables) -> bytes:
    """Return the tables as one CSV file in UTF-8, with the mark by which spreadsheets know it."""
    text = io.StringIO()
    writer = csv.DictWriter(text, _csv_columns(), restval="", lineterminator="\r\n")
    writer.writeheader()
    for section, table in tables.items():
        writer.writerows({_SECTION: section, **cells} for _, cells in table)
    return text.getvalue().encode("utf-8-sig")


def parse_csv_tables(content: bytes, where: str) -> CaseTables:
    """Return the tables of a CSV file; rows are numbered as a spreadsheet shows them.

    Raises
    ------
    InputError
        If it is no CSV in UTF-8, has not the columns of an export, or names an unknown section.
    """
    try:
        text = content.decode("utf-8-sig")
        lines = text.split("\n", 1)[0]
        separator = max(",;\t", key=lines.count)
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True))
    except (UnicodeDecodeError, csv.Error) as error:
        raise InputError(
            expected="a CSV file in UTF-8", found=str(error), where=where, hint="save it as 'CSV UTF-8'"
        ) from error
    names = _require_columns(rows[0] if rows else [], _csv_columns(), where)
    tables: dict[Section, list[tuple[int, dict[str, str]]]] = {section: [] for section in SECTIONS}
    for number, row in enumerate(rows[1:], start=2):
        if not any(cell.strip() for cell in row):
            continue
        cells = _cells(names, row, f"{where}, row {number}")
        name = cells.pop(_SECTION).strip()
        if name not in SECTIONS:
            raise InputError(
                expected=f"one of {', '.join(SECTIONS)}",
                found=repr(name),
                where=f"{where}, row {number}, column {_SECTION}",
                hint="say what the row is",
            )
        section = cast("Section", name)
        known = columns_of(section)
        foreign = [column for column, cell in cells.items() if column not in known and cell.strip()]
        if foreign:
            raise InputError(
                expected=f"only {', '.join(known)} in a row of {section}",
                found=f"something under {', '.join(foreign)}",
                where=f"{where}, row {number}",
                hint="move it, or empty the cell",
            )
        tables[section].append((number, {column: cells[column] for column in known}))
    return tables


def _cells(names: Sequence[str], row: Sequence[str], where: str) -> dict[str, str]:
    if len(row) > len(names) and any(cell.strip() for cell in row[len(names) :]):
        raise InputError(
            expected=f"{len(names)} cells",
            found=str(len(row)),
            where=where,
            hint="put quotes around text with commas",
        )
    return dict(zip(names, [*row, *[""] * (len(names) - len(row))], strict=False))


def _require_columns(found: Sequence[str], expected: Sequence[str], where: str) -> list[str]:
    names = [name.strip() for name in found]
    while names and not names[-1]:
        names.pop()
    missing = [name for name in expected if name not in names]
    unknown = [name or "one without a name" for name in names if name not in expected]
    twice = [name for name in expected if names.count(name) > 1]
    faults = [
        f"{word} {', '.join(some)}"
        for word, some in (("no", missing), ("also", unknown), ("twice", twice))
        if some
    ]
    if faults:
        raise InputError(
            expected=f"the columns {', '.join(expected)}",
            found="; ".join(faults),
            where=f"{where}, row 1",
            hint=_EXPORT,
        )
    return names


def render_workbook_tables(tables: CaseTables) -> bytes:
    """Return the tables as a workbook, every cell as text: a spreadsheet calculates none of them, nor changes a day.

    Raises
    ------
    InputError
        If a text is too long for a cell.
    """
    import xlsxwriter

    out = io.BytesIO()
    # neither formulas nor links are made of texts
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(out, options) as book:
        book.set_properties({"created": _CREATED})
        plain = book.add_format({"num_format": "@", "text_wrap": True, "valign": "top"})
        bold = book.add_format({"num_format": "@", "bold": True, "bottom": 1})
        for section, table in tables.items():
            sheet = book.add_worksheet(section)
            columns = columns_of(section)
            for place, name in enumerate(columns):
                sheet.set_column(place, place, _WIDE.get(name, 14), plain)
                sheet.write_string(0, place, name, bold)
            sheet.freeze_panes(1, 0)
            for row, cells in table:
                for place, name in enumerate(columns):
                    if len(cells[name]) > _LONGEST:
                        raise InputError(
                            expected=f"at most {_LONGEST:,} characters in a cell",
                            found=f"{len(cells[name]):,}",
                            where=f"{section}, row {row}, column {name}",
                            hint="export to .csv",
                        )
                    if cells[name]:
                        sheet.write_string(row - 1, place, cells[name], plain)
    return out.getvalue()


def parse_workbook_tables(content: bytes, where: str) -> CaseTables:
    """Return the tables of a workbook that has a sheet for each section, or for some.

    Raises
    ------
    InputError
        If it is no workbook, far too large, or a sheet has not the columns of an export.
    """
    import fastexcel

    try:
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            size = sum(part.file_size for part in parts.infolist())
        if size > _LARGEST:
            raise InputError(
                expected=f"a workbook of at most {_LARGEST // 2**20} MiB, unpacked",
                found=f"{size / 2**20:,.0f} MiB",
                where=where,
                hint=_EXPORT,
            )
        book = fastexcel.read_excel(content)
        sheets = {
            name: book.load_sheet(name, header_row=None, skip_rows=0, dtypes="string").to_polars()
            for name in book.sheet_names
            if name in SECTIONS
        }
    except (zipfile.BadZipFile, fastexcel.FastExcelError, ValueError, NotImplementedError, OSError) as error:
        raise InputError(
            expected="an .xlsx workbook that is whole",
            found=" ".join(str(error).split())[:200],
            where=where,
            hint="save it again as .xlsx, or use .csv",
        ) from error
    if not sheets:
        raise InputError(
            expected=f"sheets named {', '.join(SECTIONS)}",
            found=f"only {', '.join(book.sheet_names)}",
            where=where,
            hint=_EXPORT,
        )
    tables: dict[Section, list[tuple[int, dict[str, str]]]] = {}
    for name, frame in sheets.items():
        section = cast("Section", name)
        rows = [[cell or "" for cell in row] for row in frame.iter_rows()]
        names = _require_columns(rows[0] if rows else [], columns_of(section), f"{where}, sheet {section}")
        tables[section] = [
            (number, _cells(names, row, f"{where}, sheet {section}, row {number}"))
            for number, row in enumerate(rows[1:], start=2)
            if any(cell.strip() for cell in row)
        ]
    return tables
