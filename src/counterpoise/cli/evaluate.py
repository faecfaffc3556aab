"""``counterpoise evaluate``: what the responses of a case did, or why that cannot be known."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from counterpoise.cli._shared import (
    ArchiveOption,
    AsOfOption,
    JsonOption,
    OutOption,
    SeedOption,
    parse_day,
    print_json,
    print_table,
    require_choice,
    write_bytes,
    write_frame,
)
from counterpoise.cli.app import app
from counterpoise.numbers import plain

if TYPE_CHECKING:
    from pathlib import Path

    import polars as pl

    from counterpoise.impact import Evaluation


_CHARTS = ("effect", "ledgers", "displacement")


@app.command("evaluate")
def evaluate_command(
    case: Annotated[str, typer.Argument(metavar="CASE", help="Case id or file; 'cases' lists them.")],
    response: Annotated[
        str | None,
        typer.Option("--response", metavar="ID", help="Only this response, e.g. r12; the answer lists them."),
    ] = None,
    outcome: Annotated[
        list[str] | None,
        typer.Option("--outcome", metavar="NAME", help="Only this measure; may be given again."),
    ] = None,
    chart: Annotated[
        str,
        typer.Option(
            "--chart",
            metavar="effect|ledgers|displacement",
            help="What --out draws: one effect and all responses, rights and harm over time, or other corridors.",
        ),
    ] = "effect",
    full: Annotated[
        bool, typer.Option("--full", help="Every count, displacement and the ledgers, of all responses.")
    ] = False,
    as_of: AsOfOption = None,
    json_: JsonOption = False,
    out: OutOption = None,
    seed: SeedOption = 0,
    archive: ArchiveOption = None,
) -> None:
    """Say what the responses of a case did to each outcome, or why that cannot be known.

    Responses that begin within a month of each other get joint bounds and are not split. Where a counting rule
    changed in the same months, a fall is no effect. With under 12 monthly figures before, nothing is estimated.
    Factors are what was counted over what was expected without the responses: 1 means no difference. Rights,
    harm and costs stand beside, never in a score. The answer is a paragraph for each group of responses; --response
    and --full show all of it. --out writes .csv, .parquet or .json, or a chart (.svg, .png,
    .html).

    Example: counterpoise evaluate belarus-eu-2021 --outcome detections
    """
    from counterpoise.cases import load_case
    from counterpoise.cli._responses import response_lines
    from counterpoise.errors import AnalysisError
    from counterpoise.impact import evaluate
    from counterpoise.observations.archive import open_archive

    require_choice(chart, _CHARTS, "--chart", "effect draws what was counted beside what was expected")
    observations = open_archive(archive)
    result = evaluate(
        observations,
        case=load_case(case, observations.corridors),
        response=response,
        outcomes=tuple(outcome or ()),
        as_of=parse_day(as_of, "--as-of"),
        seed=seed,
    )
    if not result.effects:
        raise AnalysisError(
            expected="a case with responses",
            found="none",
            where=case,
            hint="add them under 'responses' in the case file; 'counterpoise cases new' prints a commented one",
        )
    if out is not None:
        _write(out, result, chart)
    if json_:
        print_json(result.to_dict())
    elif out is None and (full or response is not None):
        _print(result)
    elif out is None:
        for line in response_lines(result):
            _say(line)


def _frame(result: "Evaluation") -> "pl.DataFrame":
    """Return one row per effect, without its checks."""
    import polars as pl

    rows = []
    for effect in result.effects:
        row = effect.to_dict()
        factors, total = row.pop("relative") or {}, row.pop("cumulative") or {}
        del row["pointwise"]
        row["responses"] = " ".join(row["responses"])
        row["checks"] = "; ".join(f"{check.name} {check.status}" for check in effect.checks)
        rows.append(
            {
                **row,
                **{f"relative_{name}": factors.get(name) for name in ("estimate", "lower", "upper")},
                **{f"cumulative_{name}": total.get(name) for name in ("estimate", "lower", "upper")},
            }
        )
    parts = ("", "relative_", "cumulative_")
    numbers = ("level", *(f"{part}{name}" for part in parts for name in ("estimate", "lower", "upper")))
    return pl.DataFrame(rows, schema_overrides=dict.fromkeys(numbers, pl.Float64))


def _print(result: "Evaluation") -> None:
    import polars as pl

    titles = {row["response"]: f"{row['country']}: {row['title']}" for row in result.rights}
    typer.echo(f"As of {result.provenance.as_of}. Responses:")
    for name, title in titles.items():
        typer.echo(f"  {name}  {title}")
    typer.echo("")
    frame = _frame(result)
    separate = frame.filter(~pl.col("reason").str.starts_with("not identifiable separately"))
    estimated = separate.filter(pl.col("status").is_in(["estimated", "joint_bounds"]))
    if estimated.height:
        print_table(
            estimated.select(
                "responses",
                "corridor",
                "nationality",
                "outcome",
                "status",
                pl.col("relative_estimate").alias("factor"),
                pl.col("relative_lower").alias("lower"),
                pl.col("relative_upper").alias("upper"),
                "checks",
            ),
            numbers=("factor", "lower", "upper"),
        )
    else:
        typer.echo("No effect can be estimated.")
    others = separate.filter(~pl.col("status").is_in(["estimated", "joint_bounds"]))
    reasons = others.group_by("responses", "status", "reason", maintain_order=True).agg(
        pl.format("{} at {}", "outcome", "corridor").str.join(", ").alias("where")
    )
    for (responses,), rows in reasons.group_by("responses", maintain_order=True):
        typer.echo(f"\n{responses}")
        for row in rows.iter_rows(named=True):
            _say(f"  {row['status'].replace('_', ' ')}: {row['where']}: {row['reason']}")
    _print_families(result)
    _print_displacement(result)
    _print_composition(result)
    _print_ledgers(result)
    typer.echo("")
    for check in result.checks:
        typer.echo(f"{check.status:>12}  {check.text}")
    _say(
        "\nA factor is a difference from what the months before would lead one to expect, whatever caused it. A rise "
        "or fall in events is none in persons."
    )
    typer.echo(f"Result {result.result_id}")


def _say(line: str) -> None:
    """Print a line in the width of a page, what runs over set in; addresses stay whole."""
    import textwrap

    for part in line.split("\n"):
        inset = " " * (len(part) - len(part.lstrip()) + 4)
        wrapped = textwrap.wrap(
            part, 118, subsequent_indent=inset, break_long_words=False, break_on_hyphens=False
        )
        typer.echo("\n".join(wrapped))


def _print_families(result: "Evaluation") -> None:
    typer.echo("\nWhat each count did around these responses")
    for family in result.families:
        typer.echo(f"  {' '.join(family.responses)}")
        _say(f"    {family.text}")
        for bound in family.bounds:
            typer.echo(
                f"    {bound['corridor']} {bound['month'][:7]}: crossings tried lie between {bound['lower']:,.0f} and "
                f"{bound['upper']:,.0f} (the larger of, and the sum of, {' and '.join(bound['of'])})."
            )


def _print_displacement(result: "Evaluation") -> None:
    """Print diversion ratios where there are any, and each other reason once."""
    if not result.displacement:
        return
    typer.echo("\nDisplacement")
    reasons: dict[tuple[str, str], list[str]] = {}
    for row in result.displacement:
        if row["ratio"] is None:
            reasons.setdefault((row["channel"], row["reason"]), []).append(row["responses"][0])
            continue
        ratio = row["ratio"]
        _say(
            f"  {' '.join(row['responses'])}: of what {row['from']} counted less ({row['outcome']}), "
            f"{plain(ratio['estimate'])} times as much [{plain(ratio['lower'])} to {plain(ratio['upper'])}] "
            "was counted more at "
            f"{row['to']}."
        )
    for (channel, reason), names in reasons.items():
        _say(f"  {channel.replace('_', ' ')}: {reason} ({len(set(names))} groups of responses).")


def _print_composition(result: "Evaluation") -> None:
    """Print shares of the corridor by how often decisions gave protection."""
    from counterpoise.impact.composition import SAYS_NOTHING

    told = [row for row in result.composition if row["text"]]
    if told:
        typer.echo("\nWho is counted, by how often first decisions gave protection")
        for row in told:
            _say(f"  {' '.join(row['responses'])} at {row['corridor']}: {row['text']}")
        _say(f"  {SAYS_NOTHING}")


def _print_ledgers(result: "Evaluation") -> None:
    """Print rights, harm, costs and what is published of gain and unity; nothing is summed."""
    from counterpoise.cli._ledgers import ledger_lines

    for line in ledger_lines(result):
        _say(line)


def _write(out: "Path", result: "Evaluation", chart: str) -> None:
    import json

    if out.suffix == ".json":
        write_bytes(out, json.dumps(result.to_dict(), ensure_ascii=False, indent=2).encode())
    elif out.suffix in {".svg", ".png", ".html"}:
        from counterpoise.charts.save import chart_bytes

        write_bytes(out, chart_bytes(_drawn(result, chart), out.suffix))
    else:
        write_frame(out, _frame(result))


def _drawn(result: "Evaluation", chart: str) -> Any:
    if chart == "ledgers":
        from counterpoise.charts.ledgers import chart_ledgers

        return chart_ledgers(result)
    if chart == "displacement":
        from counterpoise.charts.displacement import chart_displacement

        return chart_displacement(result)
    from counterpoise.charts.impact import chart_evaluation

    return chart_evaluation(result)
