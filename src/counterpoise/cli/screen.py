"""``counterpoise screen``: corridor-months that look least like ordinary rises, with reasons."""

from typing import Annotated

import typer

from counterpoise.cli._shared import (
    ArchiveOption,
    AsOfOption,
    JsonOption,
    OutOption,
    SeedOption,
    SinceOption,
    parse_day,
    print_json,
    print_table,
    write_bytes,
    write_frame,
)
from counterpoise.cli.app import app


@app.command("screen")
def screen_command(
    since: SinceOption = None,
    as_of: AsOfOption = None,
    top: Annotated[int, typer.Option("--top", metavar="N", help="Print this many; files hold all.")] = 20,
    json_: JsonOption = False,
    out: OutOption = None,
    seed: SeedOption = 0,
    archive: ArchiveOption = None,
) -> None:
    """List corridor-months by how unlike ordinary rises they look, each with its reasons.

    Corridors are listed, never nationalities. A place says that a rise is worth a question; attribute asks it. What
    a measure does not count is not here. --out writes .csv, .parquet or .json.

    Example: counterpoise screen --since 2021-01-01
    """
    import json

    import polars as pl

    from counterpoise.attribution import screen
    from counterpoise.attribution.results import NO_PERSONS
    from counterpoise.observations.archive import open_archive

    result = screen(
        open_archive(archive), since=parse_day(since, "--since"), as_of=parse_day(as_of, "--as-of"), seed=seed
    )
    if out is not None and out.suffix == ".json":
        write_bytes(out, json.dumps(result.to_dict(), ensure_ascii=False, indent=2).encode())
    elif out is not None:
        write_frame(out, result.rows)
    if json_:
        print_json(result.to_dict())
    elif out is None:
        typer.echo(f"As of {result.provenance.as_of}: {result.rows.height} corridor-months with a rise.\n")
        shown = result.rows.head(top)
        print_table(
            shown.select(
                "rank",
                "corridor",
                pl.col("left_out").alias("without"),
                pl.col("month").dt.strftime("%Y-%m"),
                "counted",
                "year_before",
                pl.format(
                    "{} to {}", pl.col("opening_lower").round(2), pl.col("opening_upper").round(2)
                ).alias("log LR of any opening"),
                pl.format(
                    "{} to {}", pl.col("artefact_lower").round(2), pl.col("artefact_upper").round(2)
                ).alias("of an artefact"),
            ),
            numbers=("rank", "counted", "year_before"),
        )
        typer.echo("")
        for row in shown.iter_rows(named=True):
            typer.echo(f"{row['rank']:>3}  {row['reasons']}")
        typer.echo("")
        for check in result.checks:
            typer.echo(f"{check.status:>12}  {check.text}")
        typer.echo(f"\n{NO_PERSONS}\nResult {result.result_id}")
