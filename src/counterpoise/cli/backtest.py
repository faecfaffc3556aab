"""``counterpoise backtest``: how soon detectors find surges, at the same rate of false alarms."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from counterpoise.cli._shared import (
    JsonOption,
    OutOption,
    SeedOption,
    parse_day,
    print_json,
    print_table,
    write_bytes,
    write_frame,
)
from counterpoise.cli.app import app

if TYPE_CHECKING:
    from datetime import date

    import polars as pl

    from counterpoise.monitoring.backtest import Backtest

_DEFAULT_DETECTORS = ["count_model", "ears_c1", "farrington_flexible", "rolling_maximum"]
_DEFAULT_RATES = ["0.5", "1", "1%"]


@app.command("backtest")
def backtest_command(
    detector: Annotated[
        list[str] | None,
        typer.Option(
            "--detector",
            metavar="NAME",
            help="A detector; may be repeated; 'all' for every one. Default: "
            + ", ".join(_DEFAULT_DETECTORS),
        ),
    ] = None,
    from_: Annotated[
        str | None,
        typer.Option(
            "--from", metavar="MONTH", help="First month in which surges and alarms count: 2019-01."
        ),
    ] = None,
    to: Annotated[
        str | None, typer.Option("--to", metavar="MONTH", help="Last month in which they count.")
    ] = None,
    train_to: Annotated[
        str, typer.Option("--train-to", metavar="MONTH", help="Last month on which thresholds are set.")
    ] = "2018-12",
    warm_up: Annotated[
        int, typer.Option("--warm-up", metavar="N", help="First months of the data that only teach.")
    ] = 60,
    rate: Annotated[
        list[str] | None,
        typer.Option(
            "--rate",
            metavar="RATE",
            help="False alarms: episodes per series-decade (0.5), or a share of series-months (1%); may be "
            "repeated. Default: " + ", ".join(_DEFAULT_RATES),
        ),
    ] = None,
    data: Annotated[
        Path | None,
        typer.Option("--data", metavar="FILE", help="Other monthly figures in our observation columns."),
    ] = None,
    surges: Annotated[
        Path | None,
        typer.Option(
            "--surges",
            metavar="FILE",
            help="CSV of surges to add: corridor, nationality, first_month, kind, size, shape, add_month_1 to "
            "add_month_3. Without it they are drawn.",
        ),
    ] = None,
    workers: Annotated[
        int | None,
        typer.Option(
            "--workers", metavar="N", min=1, help="Processes side by side. Default: one per processor."
        ),
    ] = None,
    resume: Annotated[
        Path | None,
        typer.Option("--resume", metavar="DIR", help="Keep finished parts here, and take them up again."),
    ] = None,
    seed: SeedOption = 0,
    json_: JsonOption = False,
    out: OutOption = None,
) -> None:
    """Compare detectors: surges found within one, two and three months, at the same rate of false alarms.

    Surges are added to the bundled Frontex series (or to those of --data), each detector's threshold is set on the
    untouched series up to --train-to, and its false alarms are counted after that and on simulations without
    any surge. --out writes everything (.json) or the table of detection (.csv, .parquet).

    Example: counterpoise backtest --detector count_model --detector ears_c1 --rate 1
    """
    import os

    import polars as pl

    from counterpoise.monitoring.backtest import BacktestOptions, backtest
    from counterpoise.monitoring.backtest.labelled import ONSETS
    from counterpoise.monitoring.backtest.selection import choose_detectors
    from counterpoise.monitoring.backtest.series import monthly_panel, select_series
    from counterpoise.monitoring.backtest.thresholds import parse_rate
    from counterpoise.observations.bundled import read_bundled
    from counterpoise.sources import read_document

    options = BacktestOptions(
        rates=tuple(parse_rate(text) for text in rate or _DEFAULT_RATES),
        trained_to=_month(train_to, "--train-to"),
        since=_month(from_, "--from") if from_ else None,
        until=_month(to, "--to") if to else None,
        warm_up_months=warm_up,
    )
    detectors = choose_detectors(detector or _DEFAULT_DETECTORS)
    given = _read_surges(surges) if surges else None
    batch, dataset = (read_bundled(), "frontex.ibc") if data is None else (read_document(data), None)
    panel = monthly_panel(batch, dataset=dataset)
    result = backtest(
        select_series(panel),
        detectors,
        surges=given,
        readings=select_series(panel, only=[(corridor, nationality) for corridor, nationality, _ in ONSETS]),
        options=options,
        seed=seed,
        workers=workers or os.cpu_count() or 1,
        resume=resume,
        progress=lambda line: typer.echo(line, err=True),
    )
    if out is not None:
        _write(out, result)
    if json_:
        print_json(result.to_dict())
    elif out is None:
        _print(result, pl.col("class") == "all")


def _month(text: str, option: str) -> "date":
    """Return the first day of a month written YYYY-MM, or of the month of a day."""
    day = parse_day(f"{text}-01" if len(text) == len("2019-01") else text, option)
    assert day is not None
    return day.replace(day=1)


def _read_surges(path: Path) -> "pl.DataFrame":
    import polars as pl

    from counterpoise.errors import InputError
    from counterpoise.monitoring.backtest.inject import SURGES

    try:
        return pl.read_csv(path, schema_overrides=SURGES)
    except (OSError, pl.exceptions.PolarsError) as error:
        raise InputError(
            expected=f"a CSV file of surges with the columns {', '.join(SURGES)}",
            found=str(error).splitlines()[0],
            where=str(path),
            hint="months are written as their first day, 2019-01-01",
        ) from error


def _print(result: "Backtest", everywhere: "pl.Expr") -> None:
    shown = ["detector", "rate", "realised_rate", "p1", "p2", "p3", "lower", "upper"]
    typer.echo(
        f"{result.n_series} series, {result.surges.height} surges. Share of surges with a new alarm in the first (p1), "
        "the first two (p2) and three months (p3);\nlower and upper: 95 % interval of p2. Rates of false alarms are "
        "episodes per series-decade, or per cent of series-months;\nrealised: after the months of training, outside "
        "labelled episodes.\n"
    )
    print_table(result.detection.filter(everywhere).select(shown), numbers=tuple(shown[2:]))
    gains = result.gains.filter(everywhere)
    if gains.height:
        columns = ["detector", "reference", "rate", "gain_p2", "lower", "upper"]
        typer.echo("\nDifference in p2 over the same surges, with its interval:\n")
        print_table(gains.select(columns), numbers=tuple(columns[3:]))
    typer.echo("")
    for check in result.checks:
        typer.echo(f"{check.status}: {check.text}")
    typer.echo(f"Result {result.result_id}; --json has every class, the simulations, forecasts and onsets.")


def _write(out: Path, result: "Backtest") -> None:
    import json

    if out.suffix == ".json":
        write_bytes(out, json.dumps(result.to_dict(), ensure_ascii=False, indent=2).encode())
    else:
        write_frame(out, result.detection)
