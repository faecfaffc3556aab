"""The commands of ``counterpoise``, in the order of the work."""

from typing import Annotated

import typer

__all__ = ["app"]

app = typer.Typer(
    name="counterpoise",
    help="An open evidence workbench on the instrumentalisation of migration.",
    epilog="Start with: counterpoise brief belarus-eu-2021 --out brief.html",
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)


def _print_version(wanted: bool) -> None:
    if wanted:
        from counterpoise.provenance import version

        typer.echo(f"counterpoise {version()}")
        raise typer.Exit


@app.callback()
def _root(
    _version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Turn public, aggregate figures and dated events into answers with their sources."""


# Each module registers its commands; the order here is their order in --help.
from counterpoise.cli import (  # noqa: E402, F401
    attribute,
    backtest,
    base_rates,
    brief,
    bulletins,
    case_tables,
    cases,
    check,
    compare,
    corridors,
    detect,
    digest,
    evaluate,
    events,
    explore,
    exposure,
    ingest,
    observations,
    regimes,
    screen,
    sources,
    sync,
    trace,
)
