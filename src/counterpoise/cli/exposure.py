"""``counterpoise exposure``: conditions at borders, alphabetically, and how often the same led to nothing."""

import typer

from counterpoise.cli._shared import AsOfOption, JsonOption, parse_day, print_json, print_table
from counterpoise.cli.app import app


@app.command("exposure")
def exposure_command(as_of: AsOfOption = None, json_: JsonOption = False) -> None:
    """List borders with the structural conditions present, and how many with the same saw no attempt.

    Alphabetical, without score or rank. What is not at hand is unknown, not absent. --as-of looks at what was known
    on that day; without it, at the day of the case base.

    Example: counterpoise exposure --as-of 2021-01-01
    """
    from datetime import date

    from counterpoise.cases.exposure import exposure
    from counterpoise.provenance import registry_header

    found = exposure(parse_day(as_of, "--as-of") or date(2026, 3, 31))
    if json_:
        rows = found.rows.to_dicts()
        header = registry_header("exposure", rows, found.as_of)
        print_json({**header, "checks": [], "rows": rows, "caveat": found.caveat})
        return
    typer.echo(f"As of {found.as_of}.\n")
    print_table(found.rows, numbers=("n_same_conditions", "n_same_without_attempt"))
    typer.echo(f"\n{found.caveat}")
