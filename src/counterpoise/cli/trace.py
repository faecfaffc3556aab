"""``counterpoise trace``: from a number back to the documents it was read from."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from counterpoise.cli._shared import (
    ArchiveOption,
    AsOfOption,
    CorridorOption,
    JsonOption,
    MeasureOption,
    NationalityOption,
    parse_day,
    print_json,
    print_table,
)
from counterpoise.cli.app import app

if TYPE_CHECKING:
    from counterpoise.observations.archive import Archive
    from counterpoise.observations.trace import Trace


@app.command("trace")
def trace_command(
    what: Annotated[
        str | None,
        typer.Argument(metavar="[BRIEF|RESULT_ID]", help="A brief (.html), or the id of a result."),
    ] = None,
    key: Annotated[
        str | None,
        typer.Argument(
            metavar="[N|KEY]",
            help="A number of the brief, or corridor/nationality/measure/period of a result.",
        ),
    ] = None,
    corridor: CorridorOption = None,
    nationality: NationalityOption = None,
    measure: MeasureOption = None,
    period: Annotated[
        str | None, typer.Option("--period", metavar="PERIOD", help="2021, 2021-06 or 2021-06-12.")
    ] = None,
    dataset: Annotated[str | None, typer.Option("--dataset", metavar="ID", help="Only this dataset.")] = None,
    as_of: AsOfOption = None,
    small_counts: Annotated[
        bool,
        typer.Option("--small-counts", help="Show counts of nationalities under 10 too, as published."),
    ] = False,
    json_: JsonOption = False,
    archive: ArchiveOption = None,
) -> None:
    """Walk a number back to the rows, vintages and documents it was read from.

    Name the number as it stands in a brief, as a key of a result (the result is made again, and its id
    checked), or by corridor, measure and period. Counts of a nationality under 10 are withheld, and those that
    would give them away; --small-counts shows them.

    Examples
    --------
      counterpoise trace brief.html 3

      counterpoise trace --corridor eastern-borders --nationality IRQ --measure detections --period 2021-06
    """
    from counterpoise.errors import InputError
    from counterpoise.observations.archive import open_archive
    from counterpoise.observations.trace import trace_figure

    stored = open_archive(archive)
    day = parse_day(as_of, "--as-of")
    cited: dict[str, Any] | None = None
    about: dict[str, Any] = {
        "corridor": corridor,
        "nationality": nationality or "TOTAL",
        "measure": measure,
        "period": period,
        "dataset": dataset,
        "frequency": None,
        "as_of": day,
    }
    if what is not None:
        page = Path(what).suffix in {".html", ".htm"}
        if key is None or not (page or what.startswith("detect-")):
            raise InputError(
                expected="a brief and a number ('trace brief.html 3'), or a result of 'detect' and a key "
                "('trace detect-… eastern-borders/IRQ/detections/2021-06')",
                found=f"{what!r} without a second word" if key is None else repr(what),
                where="counterpoise trace",
                hint="any other result is made again by its own command with the same --as-of, --seed and --archive: "
                "the same id says it is the same (of 'attribute', --json has the command under 'rerun'); its figures "
                "are traced by --corridor, --measure and --period",
            )
        if page:
            cited = _cited_number(Path(what), key)
            if not cited.get("key"):
                _print_cited(cited, json_)
                return
            about.update(_about_citation(cited))
        else:
            about.update(_about_result(stored, what, key, day))
    missing = [f"--{name}" for name in ("corridor", "measure", "period") if about[name] is None]
    if missing:
        raise InputError(
            expected="a brief and a number, a result and a key, or --corridor, --measure and --period",
            found=f"no {', '.join(missing)}",
            where="counterpoise trace",
            hint="see 'counterpoise trace --help' for examples",
        )
    traced = trace_figure(stored, **about)
    found = traced if small_counts else traced.without_small_counts()
    if json_:
        print_json({**found.to_dict(), **({"citation": cited} if cited else {})})
        return
    if cited:
        typer.echo(f"[{key}] {cited['what']}: {cited['text']}")
        typer.echo(f"Result {cited['result_id']}, as of {cited['as_of']}\n")
        if cited["column"] != "observed":
            typer.echo("It was computed from the series that leads up to this figure.\n")
    _print(found)


def _cited_number(path: Path, number: str) -> dict[str, Any]:
    """Return what a brief says of its number ``[n]``."""
    from counterpoise.brief.trace_block import read_trace_block
    from counterpoise.errors import InputError

    block: dict[str, dict[str, Any]] = read_trace_block(path)
    if number not in block:
        raise InputError(
            expected=f"a number from 1 to {len(block)}",
            found=repr(number),
            where=str(path),
            hint="use a number in square brackets of this brief",
        )
    return block[number]


def _about_citation(cited: dict[str, Any]) -> dict[str, Any]:
    """Return what names a citation's figure, and the day on which it was known."""
    from datetime import date

    entry = cited["key"]
    day = cited.get("as_of")
    return {
        "corridor": entry["corridor"],
        "nationality": entry["nationality"],
        "measure": entry["measure"],
        "dataset": entry["dataset"],
        "period": entry["period_start"],
        "frequency": entry["frequency"],
        "as_of": date.fromisoformat(day) if day else None,
    }


def _about_result(stored: "Archive", result_id: str, key: str, day: Any) -> dict[str, Any]:
    """Make the result again, require the same id, and return what its key is about."""
    from counterpoise.errors import InputError
    from counterpoise.monitoring import detect

    parts = key.split("/")
    if len(parts) != 4:
        raise InputError(
            expected="a key corridor/nationality/measure/period, e.g. eastern-borders/IRQ/detections/2021-06",
            found=repr(key),
            where="counterpoise trace",
            hint="an alarm's episode is such a key",
        )
    corridor, nationality, measure, period = parts
    # The options of the result are not in its id: try the ones 'detect' is run with.
    tried = [
        {"corridors": corridors, "nationality": code, "as_of": day}
        for corridors in ((corridor,), ())
        for code in (None, nationality)
    ]
    ids = []
    for arguments in tried:
        result = detect(stored, **arguments)
        if result.result_id == result_id:
            break
        ids.append(result.result_id)
    else:
        raise InputError(
            expected=f"a result of 'detect' made from this archive as of {result.provenance.as_of}",
            found=f"{result_id}, while this archive gives {ids[0]}",
            where="counterpoise trace",
            hint="give the --archive and --as-of of the result; a result made with --since, or by another "
            "version, has another id",
        )
    if len(period) == 10 and period.endswith("-01"):
        period = period[:7]  # an episode is named by the first day of its first month
    return {"corridor": corridor, "nationality": nationality, "measure": measure, "period": period}


def _print_cited(cited: dict[str, Any], as_json: bool) -> None:
    """Show a citation that is not a figure of the archive: an event, say, or a count of alarms."""
    from counterpoise.provenance import registry_header

    if as_json:
        print_json({**registry_header("trace", cited), "citation": cited, "checks": []})
        return
    for name, value in cited.items():
        if value not in (None, "", [], {}):
            typer.echo(f"{name}: {value}")


def _print(found: "Trace") -> None:
    import polars as pl

    from counterpoise.observations.nationalities import nationality_name

    typer.echo(
        f"{nationality_name(found.nationality)}, {found.measure} on {found.corridor}, as known on {found.as_of}:"
    )
    for row in found.figures.iter_rows(named=True):
        flags = f" ({row['flag'].replace(' ', ', ')})" if row["flag"] else ""
        typer.echo(
            f"  {_count(row['value'])} {row['unit']}, {row['period_start']} to {row['period_end']}, "
            f"{row['dataset']}, known {row['known_on']}{flags}"
        )
    typer.echo("\nRead from these rows (* used on that day):")
    print_table(
        found.rows.select(
            pl.when("used").then(pl.lit("*")).otherwise(pl.lit("")).alias(" "),
            "corridor",
            "nationality",
            pl.col("value").map_elements(_count, return_dtype=pl.String, skip_nulls=False),
            "known_on",
            "flag",
            "document",
            "locator",
        ),
        numbers=("value",),
    )
    if found.rows["value"].null_count():
        typer.echo(
            "\nCounts of a nationality under 10 are withheld, and those that would give them away; --small-counts "
            "shows them."
        )
    typer.echo("\nDocuments:")
    for row in found.documents.iter_rows(named=True):
        typer.echo(f"  {row['document']}  {row['publisher']}: {row['title']}")
        typer.echo(
            f"    {row['url'] or 'no address'}; published {row['published_on'] or 'on a day not stored'}"
        )
        typer.echo(f"    reuse: {row['licence']}; SHA-256 {row['sha256']}")
    if found.regimes:
        typer.echo("\nHow it was counted then:")
        for regime in found.regimes:
            typer.echo(f"  {regime.start} to {regime.end or 'now'}: {regime.what} [{regime.source}]")


def _count(value: float | None) -> str:
    return "withheld" if value is None else f"{value:,.0f}"
