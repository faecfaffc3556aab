"""``counterpoise sources``: which datasets there are, how fresh they are, and whether they look sound."""

from typing import Annotated

import typer

from counterpoise.cli._shared import (
    ArchiveOption,
    AsOfOption,
    JsonOption,
    OutOption,
    parse_day,
    print_json,
    print_table,
    write_frame,
)
from counterpoise.cli.app import app

_SHOWN_ROWS = 5


@app.command("sources")
def sources_command(
    check: Annotated[
        bool,
        typer.Option("--check", help="Check what is stored: ranges, totals, units, vintages, repetitions."),
    ] = False,
    withdraw: Annotated[
        str | None,
        typer.Option(
            "--withdraw",
            metavar="DATASET",
            help="Withdraw a dataset of your own from today on; it stays stored, and earlier days still show it.",
        ),
    ] = None,
    as_of: AsOfOption = None,
    json_: JsonOption = False,
    out: OutOption = None,
    archive: ArchiveOption = None,
) -> None:
    """Show the datasets: first seen, last changed, last checked, and whether the next figures are overdue.

    Below them the ledger of every document that was read: figures read = kept + left out, by reason.

    A dataset whose page answers but stopped changing is 'unchanged'; one whose next figures should have come is
    'overdue'; one for which no lag is known is 'closed'. Without --as-of the day is the newest
    publication stored, or the newest answer of a source to sync.

    Example: counterpoise sources --check
    """
    from datetime import date

    import polars as pl

    from counterpoise.observations.archive import open_archive
    from counterpoise.observations.ledger import ledger_lines
    from counterpoise.observations.store import default_archive_path
    from counterpoise.observations.withdraw import withdraw_dataset
    from counterpoise.provenance import registry_header
    from counterpoise.sources.freshness import dataset_ages
    from counterpoise.sources.quality import quality_checks
    from counterpoise.sources.sync.downloads import Downloads, downloads_folder
    from counterpoise.sources.sync.tally import checks_of

    if withdraw is not None:
        today = date.today()  # noqa: DTZ011 (the day on which the user takes it back)
        since = withdraw_dataset(archive or default_archive_path(), withdraw, today)
        typer.echo(
            f"{withdraw} is withdrawn since {since}; --as-of an earlier day still shows it.", err=json_
        )
    stored = open_archive(archive)
    answered = checks_of(Downloads(downloads_folder(stored.path))) if stored.path else {}
    day = parse_day(as_of, "--as-of") or max([stored.newest_known_on, *answered.values()])
    known = stored.as_of(day)
    ages = dataset_ages(stored, known.day, answered)
    checks = quality_checks(stored, known) if check else ()
    rows = ages.with_columns(pl.col(pl.Date).dt.to_string("iso")).to_dicts()
    if out is not None:
        write_frame(out, ages)
    if json_:
        header = registry_header("sources", rows, known.day)
        print_json(
            {
                **header,
                "checks": [one.to_dict() for one in checks],
                "sources": rows,
                "ledger": stored.ledger.to_dicts(),
            }
        )
        return
    if out is None:
        print_table(
            ages.drop("title", "publisher", *(() if ages["withdrawn_on"].count() else ("withdrawn_on",))),
            numbers=("figures",),
        )
        titles = dict(stored.documents.select("document", "title").iter_rows())
        for (document,), run in stored.ledger.group_by("document", maintain_order=True):
            typer.echo(f"\n{titles[document]} ({document})")
            for line in ledger_lines(run):
                typer.echo(f"  {line}")
    for one in checks:
        typer.echo(f"\n{one.status:>12}  {one.text}")
        if not one.table.is_empty():
            print_table(one.table.head(_SHOWN_ROWS))
