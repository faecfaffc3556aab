"""``counterpoise digest``: what is new since a day."""

from typing import Annotated

import typer

from counterpoise.cli._shared import (
    ArchiveOption,
    AsOfOption,
    JsonOption,
    OutOption,
    SeedOption,
    parse_day,
    print_json,
    write_bytes,
)
from counterpoise.cli.app import app


@app.command("digest")
def digest_command(
    since: Annotated[
        str, typer.Option("--since", metavar="DAY", help="The day of the last look, exclusive.")
    ],
    as_of: AsOfOption = None,
    json_: JsonOption = False,
    out: OutOption = None,
    seed: SeedOption = 0,
    archive: ArchiveOption = None,
) -> None:
    """Say what became known since a day: new figures, revised ones, and the alarms they raise.

    --out writes plain text (.txt), a page for a mail (.html), an Atom feed (.atom or .xml), or .json.

    Example: counterpoise digest --since 2021-07-15 --as-of 2021-09-15
    """
    import json

    from counterpoise.brief.digest import render_digest_atom, render_digest_html, render_digest_text
    from counterpoise.errors import InputError
    from counterpoise.monitoring.digest import digest
    from counterpoise.observations.archive import open_archive

    day = parse_day(since, "--since")
    assert day is not None  # Typer requires the option
    found = digest(open_archive(archive), since=day, as_of=parse_day(as_of, "--as-of"), seed=seed)
    if out is not None:
        match out.suffix:
            case ".txt":
                content = render_digest_text(found)
            case ".html":
                content = render_digest_html(found)
            case ".atom" | ".xml":
                content = render_digest_atom(found)
            case ".json":
                content = json.dumps(found.to_dict(), ensure_ascii=False, indent=2)
            case suffix:
                raise InputError(
                    expected="a file name ending in .txt, .html, .atom, .xml or .json",
                    found=suffix or "no suffix",
                    where=f"--out {out}",
                    hint="choose one of these suffixes",
                )
        write_bytes(out, content.encode())
    if json_:
        print_json(found.to_dict())
    elif out is None:
        typer.echo(render_digest_text(found), nl=False)
