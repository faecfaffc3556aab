"""``counterpoise observations``: the figures as they were known on a day."""

from typing import TYPE_CHECKING, Annotated

import typer

from counterpoise.cli._shared import (
    ArchiveOption,
    AsOfOption,
    CorridorOption,
    JsonOption,
    MeasureOption,
    NationalityOption,
    OutOption,
    SinceOption,
    parse_day,
    print_answer,
    print_table,
)
from counterpoise.cli.app import app

if TYPE_CHECKING:
    import polars as pl

_SHOWN_ROWS = 60


@app.command("observations")
def observations_command(
    corridor: CorridorOption = None,
    nationality: NationalityOption = None,
    measure: MeasureOption = None,
    since: SinceOption = None,
    as_of: AsOfOption = None,
    set_aside: Annotated[
        bool,
        typer.Option("--set-aside", help="List the figures kept aside because they were not understood."),
    ] = False,
    small_counts: Annotated[
        bool,
        typer.Option("--small-counts", help="Export counts of nationalities under 10 too, as published."),
    ] = False,
    json_: JsonOption = False,
    out: OutOption = None,
    archive: ArchiveOption = None,
) -> None:
    """Show figures with their source, as they were known on a day.

    Without options: what the archive holds, by dataset. With --corridor: its figures, the parts of a route
    summed within one dataset. Measures are never added to each other. In files and JSON, counts of a
    nationality under 10 are left out, and those that would give them away; --small-counts keeps them.

    Example: counterpoise observations --corridor eastern-borders --nationality TOTAL-UKR --since 2021-01-01
    """
    from counterpoise.observations.archive import open_archive
    from counterpoise.observations.listing import list_datasets, list_observations
    from counterpoise.observations.suppression import suppress_observations
    from counterpoise.provenance import Provenance, describe_inputs

    first_day = parse_day(since, "--since")
    stored = open_archive(archive)
    known = stored.as_of(parse_day(as_of, "--as-of"))
    if set_aside:
        frame = stored.set_aside
    elif corridor is None and nationality is None and measure is None:
        frame = list_datasets(known)
    else:
        frame = list_observations(
            known,
            corridor=corridor,
            nationality=nationality,
            measure=measure,
            since=first_day,
        )
        if (json_ or out is not None) and not small_counts:
            frame = suppress_observations(frame)
    options = {"corridor": corridor, "nationality": nationality, "measure": measure, "since": since}
    provenance = Provenance(
        stage="observations",
        as_of=known.day,
        options={**options, "set_aside": set_aside, "small_counts": small_counts},
        inputs=describe_inputs(known.observations),
    )
    header = {**provenance.header(), "archive": str(stored.path or "bundled")}
    print_answer(header, "observations", frame, as_json=json_, out=out, printer=_print)


def _print(frame: "pl.DataFrame") -> None:
    shown = frame.tail(_SHOWN_ROWS)
    hidden = [c for c in ("document", "locator", "period_end", "reporter", "unit") if c in shown.columns]
    table = shown.drop(hidden) if frame.width > 12 else shown
    print_table(table, numbers=("value", "rows", "corridors", "nationalities"))
    if frame.height > shown.height:
        typer.echo(
            f"… the last {shown.height} of {frame.height} rows; --since, --json or --out show them all."
        )
