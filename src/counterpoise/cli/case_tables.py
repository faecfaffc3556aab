"""``counterpoise cases export`` and ``cases import``: events, responses and sources in a spreadsheet, and back."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from counterpoise.cli._shared import ArchiveOption, write_bytes
from counterpoise.cli.cases import cases_app

if TYPE_CHECKING:
    from counterpoise.cases.edit import Section
    from counterpoise.cases.tables import CaseTables

CaseArgument = Annotated[
    str, typer.Argument(metavar="CASE", help="A case file, or the name of a bundled case.")
]


@cases_app.command("export")
def export(
    name: CaseArgument,
    out: Annotated[
        Path,
        typer.Option("--out", metavar="FILE", help="Where to: .xlsx (a sheet for each section) or .csv."),
    ],
    archive: ArchiveOption = None,
) -> None:
    """Write events, responses and sources of a case as a table, to be edited in a spreadsheet.

    The column 'entry' names each row's entry in the case; leave it empty in a new row. Lists are separated by
    semicolons. A text that a spreadsheet would calculate begins with an apostrophe.

    Example: counterpoise cases export belarus-eu-2021 --out belarus.xlsx
    """
    from counterpoise.cases.load import load_case
    from counterpoise.cases.sheets import render_csv_tables, render_workbook_tables
    from counterpoise.cases.tables import tables_of
    from counterpoise.observations.archive import read_corridors

    tables = tables_of(load_case(name, read_corridors(archive)))
    _require_suffix(out, "--out")
    write_bytes(out, (render_csv_tables if out.suffix == ".csv" else render_workbook_tables)(tables))
    typer.echo(f"Wrote {', '.join(f'{len(rows)} {section}' for section, rows in tables.items())} to {out}.")


@cases_app.command("import")
def import_(
    name: CaseArgument,
    table: Annotated[Path, typer.Argument(metavar="TABLE", help="What 'cases export' wrote: .xlsx or .csv.")],
    out: Annotated[
        Path | None,
        typer.Option(
            "--out", metavar="FILE.yml", help="Write the case here; without it, CASE itself is changed."
        ),
    ] = None,
    archive: ArchiveOption = None,
) -> None:
    """Take an edited table back into a case file: only the lines of changed entries change, comments stay.

    Entries without a row stay as they are; to take one out, edit the case file. Every cell that cannot be read is told
    with its row and column, and nothing is written. What the case holds already is not added again.

    Example: counterpoise cases import my-border-2026.yml my-border-2026.xlsx
    """
    from counterpoise.cases.edit import edited_case
    from counterpoise.cases.load import parse_case, read_case_text
    from counterpoise.cases.tables import merged
    from counterpoise.observations.archive import read_corridors

    text, bundled = read_case_text(name)
    target = _target(name, out, bundled=bundled)
    case = parse_case(text, name, read_corridors(archive))
    tables = _read(table)

    def where(section: "Section") -> str:
        return f"{table}, sheet {section}" if table.suffix == ".xlsx" else str(table)

    change = merged(case, tables, where=where)
    if change.n_changed or change.n_added or out is not None:
        write_bytes(target, edited_case(text, name, change.wanted).encode())
    absent = f", {change.n_absent} without a row left as they are" if change.n_absent else ""
    written = f" {target} is written." if change.n_changed or change.n_added or out is not None else ""
    typer.echo(f"{change.n_changed} entries changed, {change.n_added} added{absent}.{written}")


def _target(name: str, out: Path | None, *, bundled: bool) -> Path:
    from counterpoise.errors import InputError

    if bundled and out is None:
        raise InputError(
            expected="a file of yours to write to",
            found=f"the bundled case {name}, which is not changed",
            where="cases import",
            hint="add --out FILE.yml",
        )
    return out or Path(name)


def _read(table: Path) -> "CaseTables":
    from counterpoise.cases.sheets import parse_csv_tables, parse_workbook_tables
    from counterpoise.errors import InputError

    _require_suffix(table, "TABLE")
    try:
        content = table.read_bytes()
    except OSError as error:
        raise InputError(
            expected="a table that can be read",
            found=error.strerror or str(error),
            where=str(table),
            hint="check the path",
        ) from error
    return (parse_csv_tables if table.suffix == ".csv" else parse_workbook_tables)(content, str(table))


def _require_suffix(path: Path, where: str) -> None:
    from counterpoise.cli._shared import require_choice

    require_choice(path.suffix, (".xlsx", ".csv"), where, "choose a workbook or a CSV file")
