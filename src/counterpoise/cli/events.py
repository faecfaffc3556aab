"""``counterpoise events inbox``: acts from official feeds, for a person to accept, edit or reject."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from counterpoise.cli._shared import ArchiveOption, write_bytes
from counterpoise.cli.app import app

if TYPE_CHECKING:
    from counterpoise.sources.acts.candidates import Reading
    from counterpoise.sources.acts.inbox import Rows

events_app = typer.Typer(
    help="Acts from official feeds: an inbox in which a person decides.",
    no_args_is_help=True,
    rich_markup_mode=None,
    add_completion=False,
)
app.add_typer(events_app, name="events")


@events_app.callback()
def events_command() -> None:
    """Keep the events of a case up to date from official feeds; a person decides about each."""


@events_app.command("inbox")
def inbox(
    review: Annotated[
        Path,
        typer.Option("--review", metavar="FILE.csv", help="The inbox: made if not there; you decide in it."),
    ],
    feeds: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="[FILE…]", help="Fetched feeds: RSS or Atom, or JSON of the Sejm's ELI interface."
        ),
    ] = None,
    case: Annotated[
        str | None,
        typer.Option("--case", metavar="FILE.yml", help="A case file that accepted acts are written into."),
    ] = None,
    archive: ArchiveOption = None,
) -> None:
    """Put acts of fetched feeds into an inbox; with --case, write those you accepted into a case file.

    Read are EUR-Lex (Official Journal), Dziennik Ustaw and Monitor Polski (ELI), HUDOC and Curia. In the inbox, fill
    in a sentence of your own and the confidence, correct what is wrong, and write accept or reject under 'decision'.
    Nothing enters a case without that; decisions stay, and the same run again changes nothing.

    Example: counterpoise events inbox oj.rss du-2024.json --review inbox.csv
    """
    from counterpoise.cases.edit import edited_case
    from counterpoise.cases.load import parse_case, read_case_text
    from counterpoise.errors import InputError
    from counterpoise.observations.archive import read_corridors
    from counterpoise.sources.acts.candidates import read_candidates
    from counterpoise.sources.acts.inbox import entered, read_inbox, render_inbox, updated

    rows = read_inbox(review)
    readings = [(feed, read_candidates(feed)) for feed in feeds or ()]
    for feed, reading in readings:
        rows, n_new = updated(rows, reading.candidates)
        typer.echo(f"{feed}: {_account(reading, n_new)}")
    if case is not None:
        text, bundled = read_case_text(case)
        if bundled:
            raise InputError(
                expected="a case file of yours",
                found=f"the bundled case {case}, which is not changed",
                where="--case",
                hint=f"write it to a file first: counterpoise cases export {case} --out FILE.csv, then cases import",
            )
        wanted, rows, n_new = entered(rows, parse_case(text, case, read_corridors(archive)))
        if n_new:
            write_bytes(Path(case), edited_case(text, case, wanted).encode())
        typer.echo(f"{case}: {n_new} events entered.")
    write_bytes(review, render_inbox(rows).encode())
    typer.echo(f"{review}: {_state(rows)}")


def _account(reading: "Reading", n_new: int) -> str:
    kept = len(reading.candidates)
    left = "".join(f" + {n} {reason}" for reason, n in reading.left_out.items())
    unseen = sorted({c.publisher.title for c in reading.candidates if c.publisher.shape == "unverified"})
    note = f" Unverified: nobody here saw an answer of {', '.join(unseen)}." if unseen else ""
    return f"read {reading.n_read} = {kept} candidates{left}; {n_new} are new.{note}"


def _state(rows: "Rows") -> str:
    decisions = [row["decision"] for row in rows.values()]
    n_entered = sum(bool(row["entered_in"]) for row in rows.values())
    return (
        f"{decisions.count('')} wait for a decision, {decisions.count('accept')} accepted "
        f"({n_entered} of them in a case), {decisions.count('reject')} rejected."
    )
