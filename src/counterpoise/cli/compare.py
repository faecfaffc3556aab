"""``counterpoise compare``: two borders, or two episodes aligned on day 0, and what of them does not compare."""

from typing import TYPE_CHECKING, Annotated

import typer

from counterpoise.cli._shared import ArchiveOption, AsOfOption, JsonOption, OutOption, parse_day, print_table
from counterpoise.cli.app import app

if TYPE_CHECKING:
    from counterpoise.impact.compare import Comparison

_SIDE = "A corridor or case, with @ and a day 0: BY-PL@2021-08."


@app.command("compare")
def compare_command(
    a: Annotated[str, typer.Argument(metavar="A", help=_SIDE)],
    b: Annotated[str, typer.Argument(metavar="B", help="The other one.")],
    as_of: AsOfOption = None,
    json_: JsonOption = False,
    out: OutOption = None,
    archive: ArchiveOption = None,
) -> None:
    """Set two borders, or two episodes of one, side by side from their day 0: per head and per kilometre.

    Each measure carries what does not compare: another unit or place, a counting rule that changed, months
    without a figure. Without @ the first day of the bundled case with this border is day 0.

    Example: counterpoise compare BY-PL@2021-08 BY-LV@2021-08
    """
    import json

    from counterpoise.cli._shared import print_json, write_bytes, write_frame
    from counterpoise.impact.compare import compare
    from counterpoise.observations.archive import open_archive

    answer = compare(open_archive(archive), a, b, as_of=parse_day(as_of, "--as-of"))
    if out is not None:
        if out.suffix == ".json":
            write_bytes(out, json.dumps(answer.to_dict(), ensure_ascii=False, indent=2).encode())
        else:
            write_frame(out, answer.months)
    if json_:
        print_json(answer.to_dict())
    elif out is None:
        _print(answer)


def _print(answer: "Comparison") -> None:
    import polars as pl

    for name, side in (("A", answer.a), ("B", answer.b)):
        km = "no length" if side.km is None else f"{side.km:,.0f} km ({side.km_source})"
        people = (
            "no population"
            if side.population is None
            else f"{side.population:,} inhabitants ({side.population_year})"
        )
        typer.echo(f"{name}  {side.corridor}, day 0 {side.day_zero}, {km}, {people}")
    typer.echo("")
    rows = [
        {
            "measure": m["measure"],
            **{
                f"{side.upper()} {what}": m[side][key]
                for side in "ab"
                for key, what in (
                    ("n_months", "months"),
                    ("total", "sum"),
                    ("per_100k", "/100k"),
                    ("per_km", "/km"),
                )
            },
        }
        for m in answer.measures
    ]
    if not rows:
        typer.echo("Neither has monthly figures in these months.")
    else:
        frame = pl.DataFrame(rows, infer_schema_length=None)
        print_table(frame, numbers=tuple(frame.columns[1:]))
    for m in answer.measures:
        for warning in m["warnings"]:
            typer.echo(f"{m['measure']}: {warning}.")
    for check in answer.checks:
        typer.echo(f"\n{check.text}")
    typer.echo(f"Result {answer.provenance.result_id}")
