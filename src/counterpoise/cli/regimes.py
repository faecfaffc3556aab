"""``counterpoise regimes``: by which rule a figure was counted, from when to when."""

from typing import TYPE_CHECKING

import typer

from counterpoise.cli._shared import CorridorOption, JsonOption, MeasureOption, OutOption, print_answer
from counterpoise.cli.app import app

if TYPE_CHECKING:
    import polars as pl


@app.command("regimes")
def regimes_command(
    corridor: CorridorOption = None,
    measure: MeasureOption = None,
    json_: JsonOption = False,
    out: OutOption = None,
) -> None:
    """List the rules of counting: what a figure counts, since when, and where a break is.

    With --corridor: the rules that touch its figures, also those of what lies above and below it.

    Example: counterpoise regimes --corridor BY-LT
    """
    from counterpoise.observations.regimes import select_regimes
    from counterpoise.provenance import registry_header

    frame = select_regimes(corridor, measure)
    header = registry_header("regimes", frame.to_dicts())
    print_answer(header, "regimes", frame, as_json=json_, out=out, printer=_print)


def _print(frame: "pl.DataFrame") -> None:
    for row in frame.iter_rows(named=True):
        span = f"{row['from']} to {row['to'] or '…'}"
        typer.echo(f"{span:<24}  {row['corridor']}  {row['measure']}{'  (break)' if row['break'] else ''}")
        _say(row["what"])
        _say(f"Source: {row['source']}. {row['url']}")
        typer.echo()
    rules = "1 rule" if frame.height == 1 else f"{frame.height} rules"
    typer.echo(f"{rules}. Across a break, figures of that corridor and measure do not compare.")


def _say(text: str) -> None:
    import textwrap

    typer.echo(
        textwrap.fill(
            text,
            width=100,
            initial_indent="  ",
            subsequent_indent="  ",
            break_long_words=False,
            break_on_hyphens=False,
        )
    )
