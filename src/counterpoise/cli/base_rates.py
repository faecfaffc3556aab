"""``counterpoise cases base``: catalogued attempts, and how they ended."""

from typing import Annotated

import typer

from counterpoise.cli._shared import JsonOption, print_json, print_table
from counterpoise.cli.cases import cases_app

_BY = ("decade", "actor_type", "label_status", "means", "outcome")


@cases_app.command("base")
def base_command(
    by: Annotated[
        str | None,
        typer.Option("--by", metavar="|".join(_BY), help="Rates by this property; without it, the attempts."),
    ] = None,
    json_: JsonOption = False,
) -> None:
    """List catalogued attempts at coercion by migration, or how they ended.

    Label status and confidence stand with every row. Only attempts are catalogued: the rates give no prior for a
    surge.

    Example: counterpoise cases base --by decade
    """
    import polars as pl

    from counterpoise.cases.base_rates import base_rates, case_base
    from counterpoise.errors import InputError
    from counterpoise.provenance import registry_header

    if by is not None and by not in _BY:
        raise InputError(
            expected=f"one of {', '.join(_BY)}", found=repr(by), where="--by", hint="choose one of these"
        )
    rates = base_rates(by or "outcome")  # type: ignore[arg-type]
    rows = case_base() if by is None else rates.rows
    if json_:
        plain = rows.to_dicts()
        answer = {**registry_header("base_rates", plain), "checks": [], "by": by, "caveat": rates.caveat}
        print_json({**answer, "rows": plain})
        return
    if by is None:
        shown = (
            "id",
            "began",
            "named_state",
            "target",
            "actor_type",
            "outcome",
            "label_status",
            "confidence",
        )
        print_table(rows.select(shown))
    else:
        print_table(
            rows.with_columns(pl.col("share", "lower", "upper").round(2)),
            numbers=("n_cases", "n_judged", "n_success", "n_partial", "share", "lower", "upper", "level"),
        )
    typer.echo(f"\n{rates.caveat}")
