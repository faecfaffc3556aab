"""Options every analysis command takes, and how answers are printed or written."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date

    import polars as pl

__all__ = [
    "ArchiveOption",
    "AsOfOption",
    "CorridorOption",
    "JsonOption",
    "MeasureOption",
    "NationalityOption",
    "OutOption",
    "SeedOption",
    "SinceOption",
    "parse_day",
    "print_answer",
    "print_json",
    "print_table",
    "require_choice",
    "write_bytes",
    "write_frame",
]

AsOfOption = Annotated[
    str | None,
    typer.Option(
        "--as-of", metavar="DAY", help="Replay with only what was known on this day, e.g. 2021-09-15."
    ),
]
CorridorOption = Annotated[
    str | None,
    typer.Option(
        "--corridor", metavar="ID", help="One corridor, e.g. eastern-borders; 'corridors' lists them."
    ),
]
NationalityOption = Annotated[
    str | None,
    typer.Option(
        "--nationality",
        metavar="CODE",
        help="ISO 3166 alpha-3, TOTAL, or TOTAL-UKR for all except Ukraine.",
    ),
]
MeasureOption = Annotated[
    str | None,
    typer.Option(
        "--measure", metavar="NAME", help="What the figures count, e.g. detections, prevented, attempts."
    ),
]
SinceOption = Annotated[
    str | None, typer.Option("--since", metavar="DAY", help="Leave out periods that begin before this day.")
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print the answer as JSON with stable keys.")]
OutOption = Annotated[
    Path | None,
    typer.Option("--out", metavar="FILE", help="Write to FILE; its suffix chooses the format."),
]
SeedOption = Annotated[int, typer.Option("--seed", metavar="N", help="Seed of the random numbers.")]
ArchiveOption = Annotated[
    Path | None,
    typer.Option("--archive", metavar="PATH", help="Archive file; default: the one in your data directory."),
]


def parse_day(text: str | None, option: str) -> "date | None":
    """Return the day, or None if the option was not given.

    Raises
    ------
    InputError
        If the text is not an ISO date.
    """
    from datetime import date

    from counterpoise.errors import InputError

    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise InputError(
            expected="a day written YYYY-MM-DD",
            found=repr(text),
            where=option,
            hint=f"write for example {option} 2021-09-15",
        ) from None


def require_choice(value: str, choices: "Sequence[str]", option: str, hint: str) -> None:
    """Raise if the value of an option is none of its choices.

    Raises
    ------
    InputError
        If it is not.
    """
    from counterpoise.errors import InputError

    if value not in choices:
        raise InputError(expected=" or ".join(choices), found=repr(value), where=option, hint=hint)


def print_json(answer: dict[str, Any]) -> None:
    """Print an answer as JSON."""
    import json

    typer.echo(json.dumps(answer, ensure_ascii=False, indent=2))


def print_answer(
    header: dict[str, Any],
    key: str,
    frame: "pl.DataFrame",
    *,
    as_json: bool,
    out: Path | None,
    printer: "Callable[[pl.DataFrame], None]",
) -> None:
    """Give a frame as the user asked: JSON under ``key`` after the header, a file by its suffix, or printed."""
    import json

    import polars as pl

    from counterpoise.provenance import version

    def answer() -> dict[str, Any]:
        rows = frame.with_columns(pl.col(pl.Date).dt.to_string("iso")).to_dicts()
        return {**header, "version": version(), "checks": [], key: rows}

    if out is not None:
        if out.suffix == ".json":
            write_bytes(out, json.dumps(answer(), ensure_ascii=False, indent=2).encode())
        else:
            write_frame(out, frame)
    if as_json:
        print_json(answer())
    elif out is None:
        printer(frame)


def print_table(frame: "pl.DataFrame", *, numbers: tuple[str, ...] = ()) -> None:
    """Print a frame as a plain aligned table; ``numbers`` are set to the right."""
    rows = [[_cell(value) for value in row] for row in frame.iter_rows()]
    widths = [max([len(name), *(len(row[i]) for row in rows)]) for i, name in enumerate(frame.columns)]

    def line(cells: list[str]) -> str:
        return "  ".join(
            cell.rjust(width) if name in numbers else cell.ljust(width)
            for cell, width, name in zip(cells, widths, frame.columns, strict=True)
        ).rstrip()

    typer.echo(line(frame.columns))
    typer.echo("  ".join("-" * width for width in widths))
    for row in rows:
        typer.echo(line(row))


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:,.0f}" if value == round(value) or abs(value) >= 100 else f"{value:,.2g}"
    return str(value)


def write_bytes(path: Path, content: bytes) -> None:
    """Write a file whole or not at all.

    Raises
    ------
    InputError
        If it cannot be written; what was there before is kept.
    """
    import os
    import tempfile

    from counterpoise.errors import InputError

    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".tmp")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
            mask = os.umask(0)
            os.umask(mask)
            os.chmod(temporary, 0o666 & ~mask)  # noqa: PTH101 (mkstemp makes private files)
            os.replace(temporary, path)  # noqa: PTH105
        except BaseException:
            os.unlink(temporary)  # noqa: PTH108
            raise
    except OSError as error:
        raise InputError(
            expected="a file that can be written",
            found=error.strerror or str(error),
            where=str(path),
            hint="choose another place with --out",
        ) from error


def write_frame(path: Path, frame: "pl.DataFrame") -> None:
    """Write a frame as ``.csv`` or ``.parquet``.

    Raises
    ------
    InputError
        If the suffix is neither, or the file cannot be written.
    """
    import io

    from counterpoise.errors import InputError

    buffer = io.BytesIO()
    match path.suffix:
        case ".csv":
            frame.write_csv(buffer)
        case ".parquet":
            frame.write_parquet(buffer)
        case suffix:
            raise InputError(
                expected="a file name ending in .csv or .parquet",
                found=suffix or "no suffix",
                where=f"--out {path}",
                hint="choose one of these suffixes",
            )
    write_bytes(path, buffer.getvalue())
