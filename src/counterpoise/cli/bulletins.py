"""``counterpoise bulletins``: figures read from the sentences of border services and of relays."""

from pathlib import Path
from typing import Annotated

import typer

from counterpoise.cli._shared import OutOption, parse_day, write_bytes, write_frame
from counterpoise.cli.app import app


@app.command("bulletins")
def bulletins_command(
    file: Annotated[
        Path,
        typer.Argument(metavar="FILE", help="JSON lines, an RSS or Atom feed, an HTML page, or plain text."),
    ],
    lang: Annotated[
        str | None,
        typer.Option(
            "--lang", metavar="CODE", help="Language of a page or text: en, lt, lv, pl, ru, fi, uk, be, de."
        ),
    ] = None,
    published: Annotated[
        str | None, typer.Option("--published", metavar="DAY", help="Day of publication of a page or text.")
    ] = None,
    out: OutOption = None,
    review: Annotated[
        Path | None,
        typer.Option(
            "--review",
            metavar="FILE.csv",
            help="Figures that are not sure go here; what you decide in it wins the next time.",
        ),
    ] = None,
) -> None:
    """Read figures from the bulletins of border services and from news of them, in nine languages.

    FILE holds a JSON object a line with id and text, and if known lang (en, lt, lv, pl, ru, fi, uk, be, de), published
    (YYYY-MM-DD) and publisher; or it is a feed, a page or plain text, of which --lang and --published may say what
    it does not say itself. The answer is a JSON object a line: id and observations, each with the last day it
    covers, border, measure, period, value, confidence, whether another country's service relays it, and the place of
    its sentence in the text. Without a day of publication, days the text does not name stay null.

    With --out FILE.csv (or .parquet) the figures of all bulletins become one table that ingest reads: repetitions
    dropped, revisions kept, disputes listed, running totals compared with the days between them.

    Example: counterpoise bulletins notes.jsonl --out figures.csv --review reviewed.csv
    """
    import json

    from counterpoise.sources.bulletins.documents import answer_of, figures_of, read_bulletins
    from counterpoise.sources.bulletins.review import read_reviewed, render_review, reviewed, unsure_figures
    from counterpoise.sources.bulletins.series import series_of

    bulletins = read_bulletins(file, lang=lang, published=parse_day(published, "--published"))
    figures = [figures_of(bulletin) for bulletin in bulletins]
    if review is not None:
        rows = read_reviewed(review)
        unsure = unsure_figures([figure for found in figures for figure in found])
        decided = []
        for found in figures:
            kept, rows = reviewed(found, rows, unsure)
            decided.append(kept)
        figures = decided
        write_bytes(review, render_review(rows).encode())
        n_open = sum(not row["decision"].strip() for row in rows.values())
        typer.echo(
            f"{review}: {n_open} figures wait for a decision, {len(rows) - n_open} are decided.", err=True
        )
    if out is not None and out.suffix in {".csv", ".parquet"}:
        series = series_of(figure for found in figures for figure in found)
        write_frame(out, series.observations)
        left = "".join(f"; {n} left out: {reason}" for reason, n in sorted(series.left_out.items()))
        derived = series.observations.height - series.kept
        more = f", {derived} more days from running totals" if derived else ""
        typer.echo(
            f"Read {series.read} figures of {len(bulletins)} bulletins: {series.kept} kept{more}{left}.",
            err=True,
        )
        for check in series.checks:
            typer.echo(f"{check.name}: {check.status}. {check.text}", err=True)
        return
    lines = [
        json.dumps(answer_of(b, found), ensure_ascii=False)
        for b, found in zip(bulletins, figures, strict=True)
    ]
    text = "".join(f"{line}\n" for line in lines)
    if out is not None:
        write_bytes(out, text.encode())
    else:
        typer.echo(text, nl=False)
