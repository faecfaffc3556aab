"""``counterpoise sync``: fetch what the sources have now, and store what is new."""

from typing import TYPE_CHECKING, Annotated

import typer

from counterpoise.cli._shared import ArchiveOption, JsonOption, print_json
from counterpoise.cli.app import app

if TYPE_CHECKING:
    from counterpoise.sources.sync import Synced
    from counterpoise.sources.sync.plan import Step
    from counterpoise.sources.sync.tally import Outcome, Tally

_FAILED = 3


@app.command("sync")
def sync_command(
    sources: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="SOURCE…", help="Datasets or publishers, e.g. frontex vsat.bulletin; default: all."
        ),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only show what would be asked; nothing is, nothing is written.")
    ] = False,
    mirror: Annotated[
        str | None,
        typer.Option(
            "--mirror",
            metavar="URL",
            help="Ask this server instead of all others: it has a folder for each host.",
        ),
    ] = None,
    json_: JsonOption = False,
    archive: ArchiveOption = None,
) -> None:
    """Fetch what the sources have now and store what is new; each source whole or not at all.

    Says first whom it will ask and how often, then asks: robots.txt and pauses are kept, only what has changed is sent
    again, and a download that was cut off goes on where it stopped. A source that fails leaves the archive and the
    other sources as they are; the exit code is then 3. Downloads and a ledger of runs are kept in a folder beside the
    archive. A source marked 'unverified' has a page that nobody here could see.

    Examples: counterpoise sync --dry-run

    counterpoise sync frontex vsat
    """
    from counterpoise.observations.store import default_archive_path
    from counterpoise.sources.sync import sync

    path = archive or default_archive_path()

    def say(line: str) -> None:
        typer.echo(line, err=True)

    if not dry_run and not json_:
        for line in _plan_lines(sync(path, sources or (), dry_run=True, mirror=mirror)):
            say(f"Plan: {line} …")
    synced = sync(path, sources or (), dry_run=dry_run, mirror=mirror, say=say)
    if json_:
        print_json(_answer(synced, str(path)))
    elif dry_run:
        for line in _plan_lines(synced):
            typer.echo(line)
        typer.echo("Nothing was asked, nothing was written.")
    else:
        _print(synced)
    if synced.n_failed:
        raise typer.Exit(_FAILED)


def _answer(synced: "Synced", archive: str) -> dict[str, object]:
    from counterpoise.provenance import registry_header

    content = {
        "archive": archive,
        "plan": [step.to_dict() for step in synced.steps],
        "sources": [outcome.to_dict() for outcome in synced.outcomes],
    }
    return {**registry_header("sync", content), "checks": [], **content}


def _plan_lines(synced: "Synced") -> list[str]:
    return [_plan_line(step) for step in synced.steps]


def _plan_line(step: "Step") -> str:
    fetch = step.fetch
    marks = [*(["second grade"] if fetch.second_grade else []), *(["unverified"] if fetch.unverified else [])]
    last = f"last answered {step.checked_at[:10]}" if step.checked_at else "never asked"
    return (
        f"{step.card.dataset}: {step.address} ({fetch.kind}), at most {step.most_requests} requests "
        f"{fetch.delay_seconds:g} s apart, {fetch.limit_mb:g} MB each, {last}"
        + (f"; {', '.join(marks)}" if marks else "")
    )


def _print(synced: "Synced") -> None:
    for outcome in synced.outcomes:
        typer.echo(f"{outcome.source}: {_sentence(outcome)}")
        for note in outcome.notes:
            typer.echo(f"  Note: {note}")
    if synced.n_failed:
        typer.echo(
            f"{synced.n_failed} of {len(synced.outcomes)} sources failed; what was there before is kept.",
            err=True,
        )


def _sentence(outcome: "Outcome") -> str:
    if outcome.error is not None:
        e = outcome.error
        return f"failed. {e['where']}: expected {e['expected']}, found {e['found']}; {e['hint']}."
    what = "new figures stored" if outcome.state == "stored" else "nothing new"
    return f"{what}. Documents: {_tally(outcome.documents)}. Figures: {_tally(outcome.figures)}."


def _tally(tally: "Tally") -> str:
    left = "".join(f", {n:,} {reason}" for reason, n in sorted(tally.excluded.items()))
    return f"{tally.read:,} read = {tally.kept:,} kept{left}"
