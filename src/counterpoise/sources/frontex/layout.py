"""The layout of Frontex's workbook: which sheets it has, which column is which month, when the data were cut.

Checked against the workbook of 3 February 2023. A workbook that differs is refused with what differs; only
explicit totals (a column or row named so) are recognised besides.
"""

import re
from dataclasses import dataclass
from datetime import date

import fastexcel
import polars as pl

from counterpoise.errors import InputError
from counterpoise.sources.cells import parse_month
from counterpoise.sources.faults import Fault, listed, require_no_faults

__all__ = [
    "KEYS",
    "SHEET",
    "Layout",
    "column_letters",
    "is_total",
    "month_word",
    "parse_layout",
    "parse_vintage",
    "read_sheets",
]

SHEET = "Detections_of_IBC"
NOTES = "Notes"
KEYS = ("Route", "Border type or inland", "Nationality")
_AS_OF = re.compile(r"\bdata\s+as\s+of\s+(\d{1,2})\s*([A-Za-z]{3})[A-Za-z]*\s*(\d{4}|\d{2})\b", re.IGNORECASE)
_TOTAL = re.compile(r"^(grand )?totals?( .*)?$|^sum$", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """Where the figures stand in the detections sheet; column indices count from 0, ``row`` (of the heads) from 1."""

    row: int
    months: dict[int, date]
    totals: tuple[int, ...]


def is_total(text: str) -> bool:
    """Return whether a head or a row's name says that it holds a sum of others."""
    return _TOTAL.match(text.strip()) is not None


def month_word(month: date) -> str:
    """Return a month as the sheet heads it: ``JAN2009``."""
    return f"{month:%b%Y}".upper()


def column_letters(index: int) -> str:
    """Return the letters of a column as a spreadsheet shows them: 0 is ``A``, 26 is ``AA``."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def read_sheets(content: bytes, where: str) -> dict[str, pl.DataFrame]:
    """Return every sheet of a workbook as text, row 1 first, under its name.

    Raises
    ------
    InputError
        If the workbook cannot be opened, or lacks the sheet of detections or of notes.
    """
    try:
        reader = fastexcel.read_excel(content)
        names = reader.sheet_names
        missing = [name for name in (SHEET, NOTES) if name not in names]
        if not missing:
            # skip_rows=0 keeps empty rows at the top, so that row numbers are those a spreadsheet shows.
            return {
                name: reader.load_sheet(name, header_row=None, skip_rows=0, dtypes="string").to_polars()
                for name in names
            }
    except fastexcel.FastExcelError as error:
        raise InputError(
            expected="an Excel workbook that opens",
            found=str(error).split("\n", 1)[0],
            where=where,
            hint="download it again from the publisher",
        ) from error
    raise InputError(
        expected=f"Frontex's workbook with the sheets {SHEET} and {NOTES}",
        found=f"sheets {listed(names)}",
        where=where,
        hint="if it is another workbook, save the sheet as CSV and describe it in a mapping file",
    )


def parse_layout(table: pl.DataFrame, where: str) -> Layout:
    """Return which column holds which month.

    Parameters
    ----------
    table
        The sheet as text. Its first row with any text holds the heads: public code that reads the workbooks of 2026
        finds an empty row above them.

    Raises
    ------
    InputError
        If the key columns have other names, a head is neither month nor total, or months repeat or are
        missing: all faults together.
    """
    rows = ([(cell or "").strip() for cell in row] for row in table.iter_rows())
    number, heads = next(((i, row) for i, row in enumerate(rows, start=1) if any(row)), (1, []))
    faults = [
        Fault(0, f"column {column_letters(i)} is {found!r}, not {key!r}")
        for i, key in enumerate(KEYS)
        if (found := heads[i] if i < len(heads) else "") != key
    ]
    months: dict[int, date] = {}
    totals: list[int] = []
    for i, text in enumerate(heads[len(KEYS) :], start=len(KEYS)):
        month = parse_month(text)
        if month is not None:
            if month in months.values():
                faults.append(Fault(0, f"month {text} stands twice, the second time in {column_letters(i)}"))
            months[i] = month
        elif is_total(text):
            totals.append(i)
        else:
            faults.append(Fault(0, f"column {column_letters(i)} is {text!r}, not a month such as JAN2009"))
    faults += [Fault(0, f"no column for {month_word(month)}") for month in _gaps(sorted(months.values()))]
    if not months:
        faults.append(Fault(0, "no column of a month"))
    require_no_faults(
        faults,
        expected=f"the columns {', '.join(KEYS)} and then one for every month, as JAN2009",
        where=f"{where}, sheet {SHEET}, row {number}",
        hint="use the workbook as Frontex publishes it; its layout of 2018 is not read",
    )
    return Layout(row=number, months=months, totals=tuple(totals))


def _gaps(months: list[date]) -> list[date]:
    """Return the months between the first and the last that are not there."""
    if not months:
        return []
    every = pl.date_range(months[0], months[-1], "1mo", eager=True).to_list()
    return [month for month in every if month not in months]


def parse_vintage(notes: pl.DataFrame, where: str) -> date:
    """Return the day in ``FRAN data as of 03FEB23`` of the notes sheet: the day of this vintage.

    Raises
    ------
    InputError
        If no cell says it, or cells say different days.
    """
    cells = [cell for row in notes.iter_rows() for cell in row if cell]
    days = set()
    for cell in cells:
        for day, month, year in _AS_OF.findall(cell):
            first = parse_month(f"{month}{year if len(year) == 4 else f'20{year}'}")
            if first is not None and 1 <= int(day) <= 31:
                days.add((first, int(day)))
    if len(days) == 1:
        first, day = days.pop()
        try:
            return first.replace(day=day)
        except ValueError:
            pass
    raise InputError(
        expected="one line such as 'FRAN data as of 03FEB23', which says when the data were cut",
        found=f"{len(days)} such lines with different days" if len(days) > 1 else "no such line with a day",
        where=f"{where}, sheet {NOTES}",
        hint="use the workbook as Frontex publishes it",
    )
