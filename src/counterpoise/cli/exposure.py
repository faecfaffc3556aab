"""``counterpoise exposure``: conditions at borders, alphabetically, and how often the same led to nothing."""

from typing import TYPE_CHECKING

import typer

from counterpoise.cli._shared import AsOfOption, JsonOption, parse_day, print_json, print_table
from counterpoise.cli.app import app

if TYPE_CHECKING:
    import polars as pl


@app.command("exposure")
def exposure_command(as_of: AsOfOption = None, json_: JsonOption = False) -> None:
    """List borders with the structural conditions present, and how many with the same saw no attempt.

    Alphabetical, without score or rank. What is not at hand is unknown, not absent. --as-of looks at what was known
    on that day; without it, at the day of the case base. --json adds on what each condition rests, with its vintage.

    Example: counterpoise exposure --as-of 2021-01-01
    """
    from datetime import date

    import polars as pl

    from counterpoise.cases.conditions import CONDITIONS
    from counterpoise.cases.exposure import exposure
    from counterpoise.provenance import registry_header

    found = exposure(parse_day(as_of, "--as-of") or date(2026, 3, 31))
    if json_:
        rows = found.rows.to_dicts()
        header = registry_header("exposure", rows, found.as_of)
        answer = {**header, "checks": [], "rows": rows, "basis": found.basis.to_dicts()}
        print_json({**answer, "caveat": found.caveat})
        return
    typer.echo(f"As of {found.as_of}.\n")
    names = list(CONDITIONS)
    told = found.rows.select(
        "from_state",
        "to_state",
        "joined_by",
        _listed([pl.col(name) for name in names], names).alias("present"),
        _listed([pl.col(name).is_null() for name in names], names).alias("unknown"),
        "n_same_conditions",
        "n_same_without_attempt",
    )
    print_table(told, numbers=("n_same_conditions", "n_same_without_attempt"))
    typer.echo(f"\n{found.caveat}")


def _listed(holds: list["pl.Expr"], names: list[str]) -> "pl.Expr":
    """Return the names whose expression holds, joined by commas."""
    import polars as pl

    said = [
        pl.when(hold).then(pl.lit(name.replace("_", " "))) for hold, name in zip(holds, names, strict=True)
    ]
    return pl.concat_list(said).list.drop_nulls().list.join(", ")
