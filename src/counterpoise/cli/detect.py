"""``counterpoise detect``: months in which far more or far fewer people were counted than expected."""

from datetime import date
from typing import TYPE_CHECKING, Annotated, Any

import typer

from counterpoise.cli._shared import (
    ArchiveOption,
    AsOfOption,
    CorridorOption,
    JsonOption,
    NationalityOption,
    OutOption,
    SeedOption,
    SinceOption,
    parse_day,
    print_json,
    print_table,
    require_choice,
    write_bytes,
    write_frame,
)
from counterpoise.cli.app import app

if TYPE_CHECKING:
    from pathlib import Path

    import polars as pl

    from counterpoise.monitoring import Detection

_BARS = "▁▂▃▄▅▆▇█"
_SPARK_PERIODS = 24
_SHOWN_ALARMS = 40
_SHOWN_UNJUDGED = 10
_SHOWN_MONTHS = 24
"""How far back alarms are printed without --since: who asks what is unusual asks about now."""
_CHARTS = ("band", "heat", "multiples")
_PERIODS = {
    "M": (
        "month",
        "%Y-%m",
        "the rate of the years before 2019 (every alarm of those years counted as false)",
    ),
    "W": ("week", "%Y-%m-%d", "the largest rate on simulated weeks and on Italy's landings before 2022"),
    "D": ("day", "%Y-%m-%d", "the largest rate on simulated days and on Italy's landings before 2022"),
}
"""For each frequency: a period, how it is written, and where the rate of false alarms was measured."""


@app.command("detect")
def detect_command(
    as_of: AsOfOption = None,
    corridor: CorridorOption = None,
    nationality: NationalityOption = None,
    since: SinceOption = None,
    case: Annotated[
        str | None, typer.Option("--case", metavar="CASE", help="Only the corridors of a case (id or file).")
    ] = None,
    frequency: Annotated[
        str, typer.Option("--frequency", metavar="M|W|D", help="M: months; W: weeks from Monday; D: days.")
    ] = "M",
    chart: Annotated[
        str,
        typer.Option(
            "--chart",
            metavar="band|heat|multiples",
            help="What --out draws: one series, a calendar of all series, or many series side by side.",
        ),
    ] = "band",
    json_: JsonOption = False,
    out: OutOption = None,
    seed: SeedOption = 0,
    archive: ArchiveOption = None,
) -> None:
    """Mark months in which far more, or far fewer, people were counted than expected.

    Every monthly series is forecast one month ahead from its own past, with seasons; a month is marked where
    the count is very unlikely under that forecast. --as-of replays the day: only figures published by then
    are used. --out writes the alarms (.csv, .parquet, .json) or a chart (.svg, .png, .html): of one series, or
    with --chart heat of all series as a calendar. --frequency D does the same for days, with weekdays instead
    of seasons, and --frequency W for their weeks from Monday to Sunday, which weather troubles less; a series
    with too few figures is shown as having no baseline. With --corridor or --case,
    national figures of days stand beside the months, each with the day it was published.

    Example: counterpoise detect --corridor eastern-borders --as-of 2021-09-15
    """
    from counterpoise.cases import load_case
    from counterpoise.cli._clocks import clock_lines, clocks_as_json
    from counterpoise.monitoring import detect, detect_daily, detect_weekly, two_clocks
    from counterpoise.observations.archive import open_archive

    require_choice(
        chart, _CHARTS, "--chart", "heat draws all series as a calendar, multiples up to twelve side by side"
    )
    require_choice(frequency, tuple(_PERIODS), "--frequency", "M for months, W for weeks, D for days")
    engine = {"M": detect, "W": detect_weekly, "D": detect_daily}[frequency]
    observations = open_archive(archive)
    first_day = parse_day(since, "--since")
    told = load_case(case, observations.corridors) if case else None
    result = engine(
        observations,
        case=told,
        corridors=(corridor,) if corridor else (),
        nationality=nationality,
        since=first_day,
        as_of=parse_day(as_of, "--as-of"),
        seed=seed,
    )
    clocks = None
    if frequency == "M" and (corridor or told):
        borders = observations.corridors.subtree(corridor) if corridor else told.corridors if told else ()
        clocks = two_clocks(observations, result, corridors=borders)
        clocks = clocks.filter(clocks["period_end"] >= (first_day or date.min))
    answer = {**result.to_dict(), "clocks": clocks_as_json(clocks)}
    if out is not None:
        _write(out, result, answer, chart, corridor, nationality)
    if json_:
        print_json(answer)
    elif out is None:
        _print(result, frequency, clock_lines(clocks), first_day)


def _print(result: "Detection", frequency: str, clocks: list[str], since: date | None) -> None:
    import polars as pl

    unit, written, measured = _PERIODS[frequency]
    day = result.provenance.as_of
    first = since or _months_before(day, _SHOWN_MONTHS)
    recent = _newest_first(result.alarms.filter(pl.col("period_start") >= first))
    n_earlier = result.alarms.height - recent.height
    shown = recent.head(_SHOWN_ALARMS)
    typer.echo(
        f"As of {day}: {_counted(recent.height, 'alarm')} since {first}, in {result.n_series} series with a baseline."
    )
    expected = result.expected_false_alarms_since(first)
    typer.echo(f"Expected false alarms since then: at most about {expected:,.0f}, at {measured}.\n")
    if shown.height:
        sparks = [_spark(result.bands, row) for row in shown.iter_rows(named=True)]
        table = shown.select(
            pl.col("period_start").dt.strftime(written).alias(unit),
            "corridor",
            "nationality",
            "measure",
            "kind",
            "observed",
            "expected",
            pl.format("[{}-{}]", pl.col("lower").cast(pl.Int64), pl.col("upper").cast(pl.Int64)).alias(
                "95% band"
            ),
            pl.Series(f"{_SPARK_PERIODS} {unit}s to then", sparks, dtype=pl.String),
        )
        several = shown.group_by("corridor", "measure").agg(pl.col("dataset").n_unique())["dataset"]
        if several.max() != 1:  # the same count of another publisher is not another count
            table.insert_column(table.columns.index("measure") + 1, shown["dataset"])
        print_table(table, numbers=("observed", "expected"))
        if recent.height > shown.height:
            typer.echo(f"… and {recent.height - shown.height} more; --json or --out show them all.")
    if n_earlier:
        oldest: date = result.alarms["period_start"].to_list()[0]
        typer.echo(f"{_counted(n_earlier, 'earlier alarm')}: --since {oldest}")
    unjudged = _not_judged(result, unit, first)
    for line in unjudged[:_SHOWN_UNJUDGED]:
        typer.echo(line)
    if len(unjudged) > _SHOWN_UNJUDGED:
        typer.echo(f"… and {len(unjudged) - _SHOWN_UNJUDGED} more series that were not judged all the time")
    if clocks:
        typer.echo(
            "\nTwo clocks: national figures that rose, on the day they could be read, beside the monthly count"
        )
        for line in clocks:
            typer.echo(f"  {line}")
    typer.echo("")
    for check in result.checks:
        typer.echo(f"{check.status:>12}  {check.text}")
    typer.echo("\nAn alarm says that a count is unusual. It says nothing about why, or about any person.")
    typer.echo(f"Result {result.result_id}")


def _months_before(day: date, n: int) -> date:
    """Return the first day of the month ``n`` months before that of ``day``."""
    months = day.year * 12 + day.month - 1 - n
    return date(months // 12, months % 12 + 1, 1)


def _counted(n: int, word: str) -> str:
    return f"{n:,} {word}" if n == 1 else f"{n:,} {word}s"


def _newest_first(alarms: "pl.DataFrame") -> "pl.DataFrame":
    """Return alarms by period, the newest first, and within a period totals before nationalities."""
    import polars as pl

    return alarms.sort(
        pl.col("period_start"),
        pl.col("nationality").str.starts_with("TOTAL"),
        pl.col("corridor"),
        pl.col("nationality"),
        pl.col("dataset"),
        descending=[True, True, False, False, False],
    )


def _not_judged(result: "Detection", unit: str, first: date) -> list[str]:
    """Return for which series nothing, or not all of the time shown, was judged: silence there is no answer."""
    import polars as pl

    key = ("corridor", "nationality", "measure", "dataset")
    lines = [
        f"{row['corridor']} {row['nationality']} {row['measure']} ({row['dataset']}): {row['reason']}; not judged"
        for row in result.series.filter(pl.col("status") == "no_baseline").sort(key).iter_rows(named=True)
    ]
    judged = result.judged.group_by(key).agg(pl.col("period_start").min().alias("judged_since"))
    figures = (
        result.bands.filter(pl.col("observed").is_not_null())
        .group_by(key)
        .agg(pl.col("period_start").min().alias("figures_since"))
    )
    late = judged.join(figures, on=key).filter(pl.col("judged_since") > first).sort(key)
    return lines + [
        f"{row['corridor']} {row['nationality']} {row['measure']} ({row['dataset']}): judged since "
        f"{row['judged_since']}; the {unit}s before, from {row['figures_since']}, were not judged"
        for row in late.iter_rows(named=True)
    ]


def _spark(bands: "pl.DataFrame", alarm: dict[str, Any]) -> str:
    """Return the periods up to an alarm as bars."""
    import polars as pl

    key = ("dataset", "corridor", "nationality", "measure")
    counts = (
        bands.filter(
            *(pl.col(name) == alarm[name] for name in key), pl.col("period_start") <= alarm["period_start"]
        )
        .tail(_SPARK_PERIODS)["observed"]
        .to_list()
    )
    most = max([c for c in counts if c is not None], default=0.0) or 1.0
    return "".join(" " if c is None else _BARS[min(7, int(8 * c / most))] for c in counts)


def _write(
    out: "Path",
    result: "Detection",
    answer: dict[str, Any],
    chart: str,
    corridor: str | None,
    nationality: str | None,
) -> None:
    import json

    if out.suffix == ".json":
        write_bytes(out, json.dumps(answer, ensure_ascii=False, indent=2).encode())
    elif out.suffix in {".svg", ".png", ".html"}:
        from counterpoise.charts.save import chart_bytes

        write_bytes(out, chart_bytes(_drawn(result, chart, corridor, nationality), out.suffix))
    else:
        write_frame(out, result.alarms)


def _drawn(result: "Detection", chart: str, corridor: str | None, nationality: str | None) -> Any:
    if chart == "heat":
        from counterpoise.charts.heat_map import chart_heat_map

        return chart_heat_map(result)
    if chart == "multiples":
        from counterpoise.charts.multiples import chart_multiples

        return chart_multiples(result)
    from counterpoise.charts.monitoring import chart_detection

    return chart_detection(result, corridor, nationality)
