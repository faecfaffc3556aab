"""``counterpoise cases``: the cases, one case, a new one, and the check of a file."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from counterpoise.cli._shared import (
    ArchiveOption,
    AsOfOption,
    JsonOption,
    OutOption,
    parse_day,
    print_json,
    print_table,
    write_bytes,
)
from counterpoise.cli.app import app

if TYPE_CHECKING:
    from counterpoise.cases.known import KnownCase
    from counterpoise.cases.model import Case
    from counterpoise.errors import CounterpoiseError

cases_app = typer.Typer(
    help="List the cases; show, begin or check one.",
    invoke_without_command=True,
    rich_markup_mode=None,
    add_completion=False,
)
app.add_typer(cases_app, name="cases")


@cases_app.callback()
def cases_command(context: typer.Context, json_: JsonOption = False) -> None:
    """List the bundled cases with the status of their label; or show, begin or check one.

    Example: counterpoise cases show belarus-eu-2021 --as-of 2021-09-15
    """
    if context.invoked_subcommand is not None:
        return
    import polars as pl

    from counterpoise.cases.load import list_cases, load_case
    from counterpoise.provenance import registry_header

    rows = [_line(load_case(name)) for name in list_cases()]
    if json_:
        print_json({**registry_header("cases", rows), "checks": [], "cases": rows})
        return
    table = pl.DataFrame(rows).select("id", "label_status", "title", "n_events", "n_responses", "n_harms")
    print_table(table, numbers=("n_events", "n_responses", "n_harms"))


def _line(case: "Case") -> dict[str, Any]:
    return {
        "id": case.id,
        "title": case.title,
        "label_status": str(case.label_status),
        "asserted_by": list(case.asserted_by),
        "denied_by": list(case.denied_by),
        "corridors": list(case.corridors),
        "n_events": len(case.events),
        "n_responses": len(case.responses),
        "n_harms": len(case.harms),
        "n_sources": len(case.sources),
    }


@cases_app.command("show")
def show(
    name: Annotated[str, typer.Argument(metavar="CASE", help="Name of a bundled case, or a case file.")],
    as_of: AsOfOption = None,
    json_: JsonOption = False,
    archive: ArchiveOption = None,
) -> None:
    """Show a case: label, phases, events, responses, harms, sources; with --as-of only what was known.

    Example: counterpoise cases show ukraine-2022
    """
    from counterpoise.cases.known import known_case
    from counterpoise.cases.load import load_case
    from counterpoise.cases.text import case_lines
    from counterpoise.observations.archive import read_corridors
    from counterpoise.provenance import registry_header

    known = known_case(load_case(name, read_corridors(archive)), parse_day(as_of, "--as-of"))
    if json_:
        content = _content(known)
        print_json({**registry_header("cases", content, known.as_of), "checks": [], **content})
        return
    for line in case_lines(known):
        typer.echo(line)


def _content(known: "KnownCase") -> dict[str, Any]:
    case = known.case.model_copy(
        update={
            "phases": known.phases,
            "events": known.events,
            "responses": known.responses,
            "harms": known.harms,
        }
    )
    later = {
        "events": [e.first_known_on for e in known.later_events],
        "responses": [r.first_known_on for r in known.later_responses],
        "harms": [h.first_known_on for h in known.later_harms],
    }
    return {
        "case": case.model_dump(mode="json", by_alias=True),
        "not_yet_known": {section: [day.isoformat() for day in days] for section, days in later.items()},
    }


@cases_app.command("new")
def new(
    case_id: Annotated[str, typer.Argument(metavar="ID", help="Name of the new case, e.g. my-border-2026.")],
    out: OutOption = None,
) -> None:
    """Print a commented case file to begin with, or write it with --out.

    Example: counterpoise cases new my-border-2026 --out my-border-2026.yml
    """
    from counterpoise.cases.template import case_template

    _give(case_template(case_id), out)


@cases_app.command("schema")
def schema(out: OutOption = None) -> None:
    """Print the JSON Schema of case files, by which an editor helps; or write it with --out.

    Example: counterpoise cases schema --out case.schema.json
    """
    from counterpoise.cases.template import case_schema_json

    _give(case_schema_json(), out)


def _give(text: str, out: Path | None) -> None:
    from counterpoise.errors import InputError

    if out is None:
        typer.echo(text, nl=False)
        return
    if out.exists():
        raise InputError(
            expected="the name of a file that is not there yet",
            found="a file with this name",
            where=f"--out {out}",
            hint="choose another name, or move the file away",
        )
    write_bytes(out, text.encode())
    typer.echo(f"Wrote {out}.")


@cases_app.command("check")
def check(
    files: Annotated[list[str], typer.Argument(metavar="FILE…", help="Case files, or names of cases.")],
    json_: JsonOption = False,
    archive: ArchiveOption = None,
) -> None:
    """Check case files; every fault with its line and what to do.

    A case may name the corridors that 'counterpoise corridors' lists, those of your own figures included.

    Example: counterpoise cases check my-border-2026.yml
    """
    from counterpoise.cases.load import load_case
    from counterpoise.errors import CounterpoiseError
    from counterpoise.observations.archive import read_corridors
    from counterpoise.provenance import registry_header

    corridors = read_corridors(archive)
    checks: list[dict[str, str]] = []
    errors: list[CounterpoiseError] = []
    for file in files:
        try:
            text = _verdict(load_case(file, corridors))
        except CounterpoiseError as error:
            errors.append(error)
        else:
            checks.append({"name": file, "status": "passed", "text": text})
    if errors:
        raise _joined(errors)
    if json_:
        print_json({**registry_header("cases", checks), "checks": checks})
        return
    for passed in checks:
        typer.echo(f"{passed['name']}: {passed['text']}")


def _verdict(case: "Case") -> str:
    return (
        f"a valid case ({case.label_status}): {len(case.events)} events, {len(case.responses)} responses, "
        f"{len(case.harms)} harms, {len(case.sources)} sources"
    )


def _joined(errors: list["CounterpoiseError"]) -> "CounterpoiseError":
    from counterpoise.errors import InputError

    if len(errors) == 1:
        return errors[0]
    return InputError(
        expected=errors[0].expected,
        found="; ".join(f"in {error.where}: {error.found}" for error in errors),
        where=f"{len(errors)} files",
        hint="; ".join(f"in {error.where}: {error.hint}" for error in errors),
    )
