"""``counterpoise ingest``: read documents into the archive."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from counterpoise.cli._shared import ArchiveOption, JsonOption, parse_day, print_json
from counterpoise.cli.app import app

if TYPE_CHECKING:
    from counterpoise.observations.batch import Batch
    from counterpoise.observations.store import Stored

_SHOWN_SET_ASIDE = 20


@app.command("ingest")
def ingest_command(
    files: Annotated[list[Path], typer.Argument(metavar="FILE…", help="Workbook, CSV or Parquet files.")],
    mapping: Annotated[
        Path | None,
        typer.Option(
            "--mapping", metavar="FILE", help="What the columns of a long CSV or Parquet mean (YAML)."
        ),
    ] = None,
    published: Annotated[
        str | None,
        typer.Option(
            "--published",
            metavar="DAY",
            help="When files of Eurostat, UNHCR or IOM that do not say so were published: their vintage.",
        ),
    ] = None,
    json_: JsonOption = False,
    archive: ArchiveOption = None,
) -> None:
    """Read documents into the archive, all of them or none.

    Takes the Frontex workbook as it is published, bulk files and API answers of Eurostat, tables of UNHCR, IOM and
    Italy's landings, our own observation columns, and any long CSV or Parquet with --mapping. Says what it took and
    what it left.
    Reading a document twice changes nothing; nothing stored is ever overwritten.

    Example: counterpoise ingest Monthly_detections_of_IBC.xlsx
    """
    from counterpoise.observations.batch import join_batches
    from counterpoise.observations.store import append_batch, default_archive_path
    from counterpoise.sources import read_document

    path = archive or default_archive_path()
    published_on = parse_day(published, "--published") if published is not None else None
    batches = []
    for file in files:
        typer.echo(f"Reading {file.name} …", err=True)
        batches.append(read_document(file, mapping=mapping, published_on=published_on))
    batch = join_batches(batches)
    typer.echo(f"Writing {path} …", err=True)
    stored = append_batch(path, batch)
    if json_:
        print_json(_answer(batch, stored, path))
    else:
        _print(batch, stored, path)


def _answer(batch: "Batch", stored: "Stored", path: Path) -> dict[str, object]:
    from datetime import date

    import polars as pl

    from counterpoise.provenance import registry_header

    def plain(frame: pl.DataFrame) -> list[dict[str, object]]:
        return frame.with_columns(pl.col(pl.Date).dt.to_string("iso")).to_dicts()

    answer = {
        "archive": str(path),
        "changed": stored.changed,
        "new": stored.n_new,
        "documents": plain(batch.documents),
        "vintages": plain(batch.vintages),
        "notes": list(batch.notes),
        "set_aside": plain(batch.set_aside),
        "ledger": plain(batch.ledger),
        "conflicts": plain(stored.conflicts),
        "repeated": plain(stored.repeated),
    }
    newest = batch.vintages["known_on"].max()
    content = {name: answer[name] for name in ("documents", "vintages", "set_aside")}
    header = registry_header("ingest", content, newest if isinstance(newest, date) else None)
    return {**header, "checks": [], **answer}


def _print(batch: "Batch", stored: "Stored", path: Path) -> None:
    from counterpoise.observations.ledger import ledger_lines

    for key, vintages in batch.vintages.group_by("dataset", maintain_order=True):
        days = vintages["known_on"].unique().sort()
        when = f"{days[0]}" if len(days) == 1 else f"{len(days)} times from {days[0]} to {days[-1]}"
        dataset = str(key[0])
        first, last = min(vintages["first_period_start"]), max(vintages["last_period_end"])
        typer.echo(f"{dataset}, as published {when}: {first} to {last}")
    for note in batch.notes:
        typer.echo(f"Note: {note}")
    for line in ledger_lines(batch.ledger):
        typer.echo(line)
    if batch.set_aside.height:
        typer.echo(f"Kept aside, not understood: {batch.set_aside.height} figures.")
        for row in batch.set_aside.head(_SHOWN_SET_ASIDE).iter_rows(named=True):
            typer.echo(f"  {row['text']!r} at {row['locator']}: {row['value']:g} ({row['reason']})")
        if batch.set_aside.height > _SHOWN_SET_ASIDE:
            typer.echo("  … 'counterpoise observations --set-aside' lists them all.")
    if stored.conflicts.height:
        typer.echo(
            f"Another document of the same day gives other values for {stored.conflicts.height} cells; "
            "both are kept, 'counterpoise trace' shows them."
        )
    for row in stored.repeated.iter_rows(named=True):
        share = (
            "The same figures"
            if row["n_same"] == row["n_figures"]
            else f"{row['n_same']} of {row['n_figures']} figures"
        )
        typer.echo(
            f"{share} of {row['dataset']} are already stored as {row['same_as']}: analyses see both. To take one back: "
            f"counterpoise sources --withdraw {row['same_as']}"
        )
    if stored.changed:
        typer.echo(f"Stored {stored.n_new['observations']} new figures in {path}")
    else:
        typer.echo(f"Nothing new: {path} has all of this already")
