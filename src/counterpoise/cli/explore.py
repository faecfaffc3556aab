"""``counterpoise explore``: which mix of responses holds up over many futures, without breaking rights."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from counterpoise.cli._shared import (
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

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import polars as pl

    from counterpoise.scenarios import Exploration, ExploreOptions
    from counterpoise.scenarios.explore import Runner
    from counterpoise.scenarios.model import Float, LeverRows
    from counterpoise.scenarios.policies import Policy
    from counterpoise.scenarios.run import Experiments
    from counterpoise.scenarios.store import Part
    from counterpoise.scenarios.worlds import World

_CHARTS = ("trade-off", "regret", "parallel", "failures", "trajectories")
SHOWN = ("attempts", "deaths", "stranded_weeks", "coercer_gain", "polarisation", "cohesion", "cost")


@app.command("explore")
def explore_command(
    model: Annotated[
        str,
        typer.Argument(
            metavar="CASE|MODEL.yml",
            help="A case with a bundled model (belarus-eu-2021, russia-finland-2023), or a model file.",
        ),
    ],
    policies: Annotated[
        Path | None,
        typer.Option("--policies", metavar="FILE", help="Policies to compare; default: the bundled set."),
    ] = None,
    runs: Annotated[
        int, typer.Option("--runs", metavar="N", help="Futures; every policy meets each of them.")
    ] = 4096,
    design: Annotated[
        str, typer.Option("--design", metavar="NAME", help="How futures are drawn: latin_hypercube or sobol.")
    ] = "latin_hypercube",
    workers: Annotated[
        int | None,
        typer.Option("--workers", metavar="N", help="Threads; the answer does not depend on it."),
    ] = None,
    futures: Annotated[
        str,
        typer.Option(
            "--futures",
            metavar="NAME",
            help="priors: all that is plausible; calibrated: only those near the published figures of the case.",
        ),
    ] = "priors",
    sensitivity: Annotated[
        int,
        typer.Option(
            "--sensitivity",
            metavar="N",
            help="Also Sobol indices: which uncertainties matter; N a power of two, e.g. 256. 0: none.",
        ),
    ] = 0,
    search: Annotated[
        int,
        typer.Option(
            "--search",
            metavar="N",
            help="Find policies in N generations, rights kept, and compare those; --out FILE.yml writes them. 0: none.",
        ),
    ] = 0,
    save: Annotated[
        Path | None,
        typer.Option(
            "--save",
            metavar="DIR",
            help="Keep all experiments as a Parquet data set; a stopped run goes on where it was.",
        ),
    ] = None,
    scheduler: Annotated[
        str | None,
        typer.Option("--scheduler", metavar="tcp://…", help="Run on this Dask cluster; needs --save."),
    ] = None,
    impact: Annotated[
        Path | None,
        typer.Option(
            "--impact",
            metavar="FILE.json",
            help="An answer of 'evaluate': futures in which responses do something outside its bounds take no part.",
        ),
    ] = None,
    attribution: Annotated[
        Path | None,
        typer.Option(
            "--attribution",
            metavar="FILE.json",
            help="An answer of 'attribute': also say what would hold up under each answer it leaves open.",
        ),
    ] = None,
    chart: Annotated[
        str,
        typer.Option(
            "--chart",
            metavar="NAME",
            help="What --out draws: trade-off, regret, parallel, failures, or trajectories beside what was published.",
        ),
    ] = "regret",
    as_of: AsOfOption = None,
    json_: JsonOption = False,
    out: OutOption = None,
    seed: SeedOption = 0,
) -> None:
    """Find which mix of responses holds up over many futures, and when it fails; no forecast.

    Rights come first: a policy that a rule blocks is simulated and shown, and never recommended. A recommended one
    is in nearly all futures no worse than no response, outcome by outcome, and clearly better in one outcome in half
    of them. There is no first among those, and nothing is weighed against lives or rights. --out writes .csv,
    .parquet or .json. The first run on a machine may have to compile the model, for some ten seconds.

    Example: counterpoise explore belarus-eu-2021 --runs 2000
    """
    from typing import cast

    from counterpoise.errors import InputError
    from counterpoise.scenarios import ExploreOptions, explore, load_policies, load_world
    from counterpoise.scenarios.design import Design
    from counterpoise.scenarios.evidence import read_answer
    from counterpoise.scenarios.native import is_kept
    from counterpoise.scenarios.options import Futures

    options = ExploreOptions(
        runs=runs,
        design=cast("Design", design),
        futures=cast("Futures", futures),
        sensitivity_runs=sensitivity,
    )
    require_choice(
        chart,
        _CHARTS,
        "--chart",
        "trade-off and parallel compare policies, failures shows when they do not help",
    )
    if scheduler and save is None:
        raise InputError(
            expected="--save DIR beside --scheduler",
            found="no --save",
            where="--scheduler",
            hint="name a folder, so that what a cluster has done is kept",
        )
    world = load_world(model)
    if not is_kept():
        typer.echo("Compiling the model for this machine; once, for some ten seconds…", err=True)

    def tell(done: int, of: int) -> None:
        if of >= 50_000 and (done == of or done % (of // 20) < 1024):
            typer.echo(f"{done:,} of {of:,} futures…", err=True)

    chosen = load_policies(policies)
    if search:
        from counterpoise.scenarios.search import search_policies

        found = search_policies(
            world, generations=search, as_of=parse_day(as_of, "--as-of"), options=options, seed=seed
        )
        chosen = (*(p for p in chosen if p.name == "no-response"), *found.policies)
    result = explore(
        world,
        policies=chosen,
        as_of=parse_day(as_of, "--as-of"),
        options=options,
        seed=seed,
        impact=read_answer(impact, "evaluate") if impact else None,
        attribution=read_answer(attribution, "attribute") if attribution else None,
        workers=workers,
        progress=tell,
        run=_runner(save, scheduler, world, seed, workers, tell) if save else None,
    )
    if out is not None:
        _write(out, result, chart, world, options, chosen)
    if json_:
        print_json(result.to_dict())
    elif out is None:
        _print(result)


def _runner(
    folder: Path,
    scheduler: str | None,
    world: "World",
    seed: int,
    workers: int | None,
    tell: "Callable[[int, int], None]",
) -> "Runner":
    """Return how experiments are made in parts that are kept, here or on a cluster."""
    from counterpoise.scenarios.cluster import on_cluster
    from counterpoise.scenarios.run import run_experiments
    from counterpoise.scenarios.store import one_after_the_other, run_in_parts

    def run(
        run_id: str, names: "Sequence[str]", parameters: "Float", policies: "Sequence[LeverRows]"
    ) -> "Experiments":
        def simulate(part: "Part") -> "Experiments":
            span = parameters[:, part.first : part.first + part.n]
            return run_experiments(span, policies, world.cold, seed=seed, first=part.first, workers=workers)

        compute = (
            on_cluster(scheduler, parameters, policies, world.cold, seed=seed)
            if scheduler
            else one_after_the_other(simulate)
        )
        return run_in_parts(folder, run_id, names, parameters, compute, progress=tell)

    return run


def _frame(result: "Exploration") -> "pl.DataFrame":
    """Return one row per policy and outcome."""
    import polars as pl

    return pl.DataFrame(
        [
            {
                "policy": policy.name,
                "admissible": policy.admissible,
                "recommended": policy.name in result.recommended,
                "outcome": outcome,
                **values,
                "regret_median": policy.regret[outcome]["median"],
                "regret_p90": policy.regret[outcome]["p90"],
                "no_worse_share": policy.no_worse[outcome],
                "clearly_better_share": policy.helps[outcome],
            }
            for policy in result.policies
            for outcome, values in policy.outcomes.items()
        ]
    )


def _print(result: "Exploration") -> None:
    import polars as pl

    typer.echo(
        f"{result.n_experiments:,} experiments: {len(result.policies)} policies in {result.n_runs:,} futures each. "
        "Median [10th to 90th percentile]:\n"
    )
    rows = [
        {
            "policy": policy.name,
            "rights": "" if policy.admissible else "screened out",
            **{name: _spread(policy.outcomes[name]) for name in SHOWN},
        }
        for policy in result.policies
    ]
    print_table(pl.DataFrame(rows), numbers=SHOWN)
    if result.recommended:
        typer.echo(f"\nHold up, in the order of the file: {', '.join(result.recommended)}")
    else:
        typer.echo("\nNo policy holds up.")
    for policy in result.policies:
        for screen in policy.screens:
            if screen.result == "blocked_unless" and screen.met:
                continue
            rule = screen.rule
            case = f", {rule.judgment}" if rule.judgment else ""
            unless = f" ({'; or '.join(screen.conditions)})" if screen.conditions else ""
            typer.echo(
                f"  {policy.name}: {screen.result.replace('_', ' ')}{unless}: {rule.article}; {rule.body}{case}"
            )
    _print_stability(result)
    _print_evidence(result)
    _print_prices(result)
    _print_failures(result)
    _print_sensitivity(result)
    typer.echo("")
    for check in result.checks:
        typer.echo(f"{check.status:>12}  {check.text}")
    typer.echo(f"Result {result.result_id}, digest {result.digest[:16]}")


def _print_stability(result: "Exploration") -> None:
    for name in result.recommended:
        without = [row["structure"] for row in result.stability if name not in row["recommended"]]
        said = f"not where there is only: {', '.join(without)}" if without else "in every structure alone"
        typer.echo(f"  {name} holds up {said}")


def _print_evidence(result: "Exploration") -> None:
    for row in result.evidence["effects"]:
        typer.echo(
            f"  {row['outcome']} at {row['corridor']} with {', '.join(row['levers'])}, over those without: estimated "
            f"{_number(row['lower'])} to {_number(row['upper'])}, in the model {_number(row['median'])} "
            f"[{_number(row['p10'])}, {_number(row['p90'])}]"
        )
    for row in result.evidence["answers"]:
        names = row["recommended"]
        said = (
            "the model has no such futures, or hardly any, and says nothing"
            if names is None
            else f"hold up: {', '.join(names) or 'none'} ({row['n_runs']:,} futures)"
        )
        typer.echo(
            f"  if {row['question']} is {row['answer'].replace('_', ' ')} (log likelihood ratio "
            f"{row['log_lr_lower']:.1f} to {row['log_lr_upper']:.1f}): {said}"
        )


def _print_prices(result: "Exploration") -> None:
    import polars as pl

    priced = [price for price in result.price_of_constraint if not price.refused]
    if priced:
        typer.echo(
            "\nWhat keeping to rights costs: by how much the screened-out policy is better than the best admissible "
            "one of the same future\n(below 0: worse), with what comes with it in the same row. 10th to 90th "
            "percentile:\n"
        )
        rows = [
            {
                "policy": price.policy,
                "better in": price.outcome,
                "by": _range({"lower": price.lower, "upper": price.upper}),
                **{f"more {name}": _range(values) for name, values in (price.harms or {}).items()},
                "more legal exposure": _range(price.legal_exposure or {}),
                "more coercer gain": _range(price.coercer_gain or {}),
            }
            for price in priced
        ]
        print_table(pl.DataFrame(rows), numbers=tuple(rows[0])[2:])
    for price in result.price_of_constraint:
        if price.refused:
            typer.echo(f"  {price.policy}: no price, {price.refused}")


def _print_failures(result: "Exploration") -> None:
    for failure in result.failures:
        limits = ", ".join(
            f"{name} {' or '.join(map(str, limit['among']))}"
            if "among" in limit
            else f"{name} {_number(limit['lower'])} to {_number(limit['upper'])}"
            for name, limit in failure.box.limits.items()
        )
        typer.echo(
            f"\n{failure.policy} does not clearly lower {failure.outcome} in {failure.failing_share:.0%} of futures; "
            f"{failure.box.coverage:.0%} of these lie where {limits} (there it fails in {failure.box.density:.0%})"
        )


def _print_sensitivity(result: "Exploration") -> None:
    import polars as pl

    if not result.sensitivity:
        return
    typer.echo(
        "\nUncertainties that explain most of the spread, with all others (total Sobol index, log scale):\n"
    )
    rows = [
        {"policy": s.policy, "outcome": s.outcome, "uncertainty": s.uncertainty, "total": s.total,
         "lower": s.total_lower, "upper": s.total_upper}
        for s in result.sensitivity
    ]  # fmt: skip
    frame = (
        pl.DataFrame(rows).sort("total", descending=True).group_by("policy", "outcome", maintain_order=True)
    )
    print_table(
        frame.head(3).sort("policy", "outcome", maintain_order=True), numbers=("total", "lower", "upper")
    )


def _spread(values: "Mapping[str, float]") -> str:
    return f"{_number(values['median'])} [{_number(values['p10'])}, {_number(values['p90'])}]"


def _range(values: "Mapping[str, float | None]") -> str:
    return f"{_number(values.get('lower'))} to {_number(values.get('upper'))}"


def _number(value: float | None) -> str:
    if value is None:
        return "-"
    return f"{value:,.0f}" if abs(value) >= 10 else f"{value:.2g}"


def _write(
    out: Path,
    result: "Exploration",
    chart: str,
    world: "World",
    options: "ExploreOptions",
    policies: "Sequence[Policy]",
) -> None:
    import json

    if out.suffix == ".json":
        write_bytes(out, json.dumps(result.to_dict(), ensure_ascii=False, indent=2).encode())
    elif out.suffix in {".yml", ".yaml"}:
        from counterpoise.scenarios.search import policies_text

        write_bytes(out, policies_text([p for p in policies if p.name != "no-response"]).encode())
    elif out.suffix in {".svg", ".png", ".html"}:
        from counterpoise.charts.save import chart_bytes

        write_bytes(out, chart_bytes(_chart(result, chart, world, options), out.suffix))
    else:
        write_frame(out, _frame(result))


def _chart(result: "Exploration", chart: str, world: "World", options: "ExploreOptions") -> Any:
    from counterpoise.charts import scenarios, scenarios_failures
    from counterpoise.scenarios.trajectories import simulate_trajectories

    match chart:
        case "trade-off":
            return scenarios.chart_trade_off(result)
        case "parallel":
            return scenarios.chart_parallel(result)
        case "failures":
            return scenarios_failures.chart_failures(result)
        case "trajectories":
            course = simulate_trajectories(world, options=options, seed=result.provenance.seed)
            return scenarios_failures.chart_trajectories(course)
        case _:
            return scenarios.chart_regret(result)
