"""``counterpoise bulletins``: figures read from the sentences of border services and of relays."""

from pathlib import Path
from typing import Annotated

import typer

from counterpoise.cli._shared import OutOption, write_bytes
from counterpoise.cli.app import app


@app.command("bulletins")
def bulletins_command(
    file: Annotated[
        Path, typer.Argument(metavar="FILE.jsonl", help="One JSON object a line: id, text, lang, published.")
    ],
    out: OutOption = None,
) -> None:
    """Read figures from bulletins in Lithuanian, Latvian, Polish, Russian, English and Finnish.

    FILE holds a JSON object a line with id and text, and if known lang (en, lt, lv, pl, ru, fi) and published
    (YYYY-MM-DD). The answer is a JSON object a line: id and observations, each with the last day it covers,
    border, measure, period, value, confidence, whether another country's service relays it, and the place of its
    sentence in the text. Without a day of publication, days the text does not name stay null.

    Example: counterpoise bulletins notes.jsonl --out figures.jsonl
    """
    import json

    from counterpoise.sources.bulletins.documents import figures_of, read_bulletins

    lines = [json.dumps(answer, ensure_ascii=False) for answer in figures_of(read_bulletins(file))]
    text = "".join(f"{line}\n" for line in lines)
    if out is not None:
        write_bytes(out, text.encode())
    else:
        typer.echo(text, nl=False)
