"""``counterpoise check``: a typed claim: supported, contradicted, or not knowable, and a sentence that is true."""

from typing import Annotated

import typer

from counterpoise.cli._shared import ArchiveOption, AsOfOption, JsonOption, OutOption, SeedOption, parse_day
from counterpoise.cli.app import app


@app.command("check")
def check_command(
    claim: Annotated[str, typer.Argument(metavar="CLAIM", help="A sentence, in quotation marks.")],
    case: Annotated[
        str, typer.Option("--case", metavar="CASE", help="The case the claim is about (id or file).")
    ] = "belarus-eu-2021",
    as_of: AsOfOption = None,
    json_: JsonOption = False,
    out: OutOption = None,
    seed: SeedOption = 0,
    archive: ArchiveOption = None,
) -> None:
    """Say whether a claim is supported, contradicted or not knowable, and give a sentence that is true.

    The sentence says what fell or rose, by how much, where and when, and because of what. The answer is
    supported, contradicted or not knowable, with the figures, their pages, and one sentence that is true. A
    cause is never supported by counts alone: whatever else began at the time is in them too.

    Example: counterpoise check "crossings fell 90 % because of the fence"
    """
    import json

    from counterpoise.cases import load_case
    from counterpoise.cli._shared import print_json, write_bytes
    from counterpoise.errors import InputError
    from counterpoise.impact.check import check_claim
    from counterpoise.impact.claims import read_as
    from counterpoise.observations.archive import open_archive

    if out is not None and out.suffix != ".json":
        raise InputError(
            expected="a file name ending in .json",
            found=out.suffix or "no suffix",
            where=f"--out {out}",
            hint="choose this suffix",
        )
    stored = open_archive(archive)
    answer = check_claim(
        stored,
        claim,
        case=load_case(case, stored.corridors),
        as_of=parse_day(as_of, "--as-of"),
        seed=seed,
    )
    if out is not None:
        write_bytes(out, json.dumps(answer.to_dict(), ensure_ascii=False, indent=2).encode())
    if json_:
        print_json(answer.to_dict())
    elif out is None:
        typer.echo(f"{answer.verdict.replace('_', ' ').capitalize()}, as of {answer.provenance.as_of}.")
        typer.echo(f"{read_as(answer.claim)}.\n")
        for reason in answer.reasons:
            typer.echo(f"  {reason}")
        typer.echo(f"\nTrue is: {answer.true_sentence}\n")
        for source in answer.sources:
            typer.echo(f"  {source['publisher']}: {source['title']} {source['url']}".rstrip())
        typer.echo(f"Result {answer.provenance.result_id}")
