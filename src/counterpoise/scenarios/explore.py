"""``explore``: which mix of responses holds up over many futures, without breaking rights, and when it fails."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from counterpoise.checks import Check
from counterpoise.provenance import Provenance, canonical_json, sha256_of
from counterpoise.scenarios.design import sample_scenarios
from counterpoise.scenarios.evidence import FEWEST, Ruled, consistent_futures, open_answers
from counterpoise.scenarios.model import LeverRows
from counterpoise.scenarios.options import EXPLORE_DEFAULTS, ExploreOptions
from counterpoise.scenarios.parameters import OUTCOMES, PARAMETERS
from counterpoise.scenarios.policies import Policy, lever_rows, load_policies
from counterpoise.scenarios.posterior import calibrated_scenarios
from counterpoise.scenarios.price import prices_of_constraint
from counterpoise.scenarios.prim import find_box
from counterpoise.scenarios.results import Exploration, Failure, PolicyResult
from counterpoise.scenarios.rights import is_admissible, load_rules, newest_check, screen_policy
from counterpoise.scenarios.robustness import order_of, regret_of, robustness_of
from counterpoise.scenarios.run import Experiments, run_experiments
from counterpoise.scenarios.sensitivity import sensitivities
from counterpoise.scenarios.worlds import World

__all__ = ["draw_scenarios", "explore"]

Float = npt.NDArray[np.float32]

Runner = Callable[[str, Sequence[str], Float, Sequence[LeverRows]], Experiments]

STRUCTURES = {
    "strategy": ("open", "pulse", "switch border", "stop and restart", "proxies"),
    "adaptation": ("fixed effort", "learning", "best response"),
    "polarisation_switch": ("null model of polarisation", "polarisation follows attention"),
}
FAILING = ("attempts", "deaths")
"""Outcomes in which a recommended policy is asked when it does not help."""
CHOICES = frozenset(STRUCTURES)


def explore(
    world: World,
    *,
    policies: Sequence[Policy] | None = None,
    as_of: date | None = None,
    options: ExploreOptions = EXPLORE_DEFAULTS,
    seed: int = 0,
    impact: Mapping[str, Any] | None = None,
    attribution: Mapping[str, Any] | None = None,
    workers: int | None = None,
    progress: Callable[[int, int], None] | None = None,
    run: Runner | None = None,
) -> Exploration:
    """Return which policies hold up over many futures, which are screened out, and when those that hold fail.

    Parameters
    ----------
    world
        Where and when, and the priors.
    policies
        The policies; None: the bundled set. 'no-response' must be among them.
    as_of
        Day of the rights screens: later judgments are not known. None: the newest day on which the rule base was
        checked.
    options
        Settings.
    seed
        Seed of the design and of chance in every future.
    impact
        JSON answer of ``evaluate`` for the case: futures in which the responses used in fact do something outside its
        bounds take no part.
    attribution
        JSON answer of ``attribute`` for the case: what would hold up is also said under each answer it leaves open.
    workers
        Threads; the answer does not depend on it.
    progress
        Told how many futures of how many are done.
    run
        How experiments are made, where not in this process: given the run's id, the names of the policies, the
        parameters and the levers, it returns what ``run_experiments`` would. See ``counterpoise.scenarios.store``.

    Returns
    -------
    Exploration
        No forecast: no future is said to be likelier than another.
    """
    chosen = tuple(load_policies() if policies is None else policies)
    day = as_of or newest_check()
    names = [policy.name for policy in chosen]
    screens = [screen_policy(policy, world.target_states, as_of=day) for policy in chosen]
    admissible = np.array([is_admissible(screen) for screen in screens])
    parameters = draw_scenarios(world, options.runs, options, seed=seed)
    effects: tuple[Ruled, ...] = ()
    if impact is not None:
        keep, effects = consistent_futures(world, parameters, impact, seed=seed)
        parameters = parameters[:, keep]
    upstream = tuple(answer["result_id"] for answer in (impact, attribution) if answer is not None)
    provenance = _provenance(world, chosen, day, options, seed, upstream)
    rows = [lever_rows(policy) for policy in chosen]
    if run is None:
        experiments = run_experiments(
            parameters, rows, world.cold, seed=seed, workers=workers, progress=progress
        )
    else:
        experiments = run(provenance.result_id, names, parameters, rows)
    outcomes = experiments.outcomes
    baseline = names.index("no-response")
    standing = robustness_of(outcomes, admissible, baseline, options)
    recommended = order_of(names, standing.recommended)
    regret = regret_of(outcomes, admissible)
    keys = list(OUTCOMES)
    low, median, high = np.quantile(outcomes, [0.1, 0.5, 0.9], axis=2)
    results = tuple(
        PolicyResult(
            name=policy.name,
            title=policy.title,
            admissible=bool(admissible[k]),
            screens=screens[k],
            outcomes={
                key: {"median": float(median[k, j]), "p10": float(low[k, j]), "p90": float(high[k, j])}
                for j, key in enumerate(keys)
            },
            regret={
                key: {"median": float(standing.median_regret[k, j]), "p90": float(standing.regret[k, j])}
                for j, key in enumerate(keys)
            },
            no_worse={key: float(standing.no_worse[k, j]) for j, key in enumerate(keys)},
            helps={key: float(standing.helps[k, j]) for j, key in enumerate(keys)},
        )
        for k, policy in enumerate(chosen)
    )
    return Exploration(
        policies=results,
        recommended=tuple(recommended),
        price_of_constraint=prices_of_constraint(
            regret, chosen, admissible, world.all_priors["death_rate"].high > 0, options.level
        ),
        failures=_failures(world, parameters, outcomes, names, recommended, baseline, options),
        sensitivity=sensitivities(
            world,
            [
                (n, lever_rows(p))
                for n, p in zip(names, chosen, strict=True)
                if n in {"no-response", *recommended}
            ],
            n=options.sensitivity_runs,
            seed=seed,
            level=options.level,
            workers=workers,
        )
        if options.sensitivity_runs
        else (),
        stability=_stability(parameters, outcomes, admissible, names, baseline, options),
        evidence={
            "effects": [row.to_dict() for row in effects],
            "answers": _under_answers(
                attribution, parameters, outcomes, admissible, names, baseline, options
            ),
        },
        n_experiments=parameters.shape[1] * len(chosen),
        n_runs=parameters.shape[1],
        digest=sha256_of(outcomes.tobytes()),
        checks=(
            _check_conserved(parameters, experiments.people),
            _check_futures(world, options),
            _check_screened(results),
            _check_recommended(recommended),
            *([_check_effects(effects, parameters.shape[1], options.runs)] if impact is not None else []),
        ),
        provenance=provenance,
        outcomes=outcomes,
        parameters=parameters,
    )


def draw_scenarios(world: World, n: int, options: ExploreOptions, *, seed: int) -> Float:
    """Return ``n`` futures as the options say, shape ``(len(PARAMETERS), n)``.

    Raises
    ------
    InputError
        If calibrated ones are asked of a world without a calibration.
    """
    if options.futures == "calibrated":
        return calibrated_scenarios(world, n, seed=seed)
    return sample_scenarios(world, n, design=options.design, seed=seed)


def _failures(
    world: World,
    parameters: Float,
    outcomes: Float,
    names: list[str],
    recommended: list[str],
    baseline: int,
    options: ExploreOptions,
) -> tuple[Failure, ...]:
    """Return, for each recommended policy, the box in which it does not clearly help."""
    keys, rows = list(OUTCOMES), list(PARAMETERS)
    free = [name for name, prior in world.all_priors.items() if prior.low < prior.high]
    x = parameters[[rows.index(name) for name in free]].T.astype(np.float64)
    found = []
    for name in recommended:
        for outcome in FAILING:
            j = keys.index(outcome)
            base = outcomes[baseline, j]
            fails = (outcomes[names.index(name), j] > (1 - options.help_by) * base) & (base > 0)
            box = find_box(x, fails, free, choices=CHOICES)
            if box is not None:
                found.append(
                    Failure(policy=name, outcome=outcome, failing_share=float(fails.mean()), box=box)
                )
    return tuple(found)


def _stability(
    parameters: Float,
    outcomes: Float,
    admissible: npt.NDArray[np.bool_],
    names: list[str],
    baseline: int,
    options: ExploreOptions,
) -> tuple[dict[str, Any], ...]:
    """Return what would be recommended in the futures of each alternative structure alone."""
    rows = list(PARAMETERS)
    found: list[dict[str, Any]] = []
    for name, structures in STRUCTURES.items():
        for value, title in enumerate(structures):
            among = parameters[rows.index(name)] == value
            if not among.any():
                continue
            standing = robustness_of(outcomes[:, :, among], admissible, baseline, options)
            found.append(
                {
                    "uncertainty": name,
                    "structure": title,
                    "n_runs": int(among.sum()),
                    "recommended": order_of(names, standing.recommended),
                }
            )
    return tuple(found)


def _under_answers(
    attribution: Mapping[str, Any] | None,
    parameters: Float,
    outcomes: Float,
    admissible: npt.NDArray[np.bool_],
    names: list[str],
    baseline: int,
    options: ExploreOptions,
) -> list[dict[str, Any]]:
    """Return, per answer that attribution leaves open, what would be recommended in the futures that stand for it."""
    found: list[dict[str, Any]] = []
    for answer in open_answers(parameters, attribution) if attribution is not None else ():
        among = answer.among
        enough = among is not None and among.sum() >= FEWEST
        found.append(
            {
                "question": answer.question,
                "answer": answer.answer,
                "log_lr_lower": answer.log_lr_lower,
                "log_lr_upper": answer.log_lr_upper,
                "n_runs": 0 if among is None else int(among.sum()),
                "recommended": order_of(
                    names, robustness_of(outcomes[:, :, among], admissible, baseline, options).recommended
                )
                if enough
                else None,
            }
        )
    return found


def _check_effects(effects: Sequence[Ruled], kept: int, of: int) -> Check:
    if not effects:
        return Check(
            name="effects_as_estimated",
            status="skipped",
            text="None of the effects estimated is about months, counts and responses that the model has.",
        )
    return Check(
        name="effects_as_estimated",
        status="passed",
        text=f"In {kept:,} of {of:,} futures drawn the responses used in fact do what was estimated of them "
        f"({len(effects)} of the effects); the others take no part.",
    )


def _check_conserved(parameters: Float, people: Float) -> Check:
    rows = list(PARAMETERS)
    weights = parameters[rows.index("origin_weight_1") : rows.index("origin_weight_4") + 1]
    total = ((weights[0] + weights[1]) + weights[2]) + weights[3]
    began = np.floor(parameters[rows.index("potential_people")] * weights / total).sum(axis=0)
    missing = int((people != began).sum())
    return Check(
        name="people_conserved",
        status="failed" if missing else "passed",
        text=f"In {missing:,} of {people.size:,} experiments people were made or lost."
        if missing
        else f"In all {people.size:,} experiments everybody is accounted for, to the last person.",
    )


def _check_futures(world: World, options: ExploreOptions) -> Check:
    drawn = (
        f"Futures are those in which the model, with the responses used in fact, came near the published figures of "
        f"{world.id}"
        if options.futures == "calibrated"
        else "Futures are drawn evenly from wide priors"
    )
    return Check(
        name="not_a_forecast",
        status="inconclusive",
        text=f"{drawn}; shares of futures are no probabilities, and sizes are orders of magnitude.",
    )


def _check_screened(results: Sequence[PolicyResult]) -> Check:
    held_back = [r.name for r in results if not r.admissible]
    pending = [r.name for r in results if any(s.result == "contested_pending" for s in r.screens)]
    text = f"Screened out before anything was compared: {', '.join(held_back) or 'none'}."
    if pending:
        text += f" Before a court without a judgment found: {', '.join(pending)}."
    table = pl.DataFrame(
        [
            {"policy": r.name, "rule": s.rule.id, "result": s.result, "article": s.rule.article}
            for r in results
            for s in r.screens
        ]
    )
    return Check(name="rights_screens", status="passed", text=text, table=table)


def _check_recommended(recommended: Sequence[str]) -> Check:
    return Check(
        name="something_holds_up",
        status="passed" if recommended else "inconclusive",
        text=f"{len(recommended)} of the policies hold up."
        if recommended
        else "No policy is both no worse than no response in nearly all futures and clearly better in half of them.",
    )


def _provenance(
    world: World,
    policies: Sequence[Policy],
    day: date,
    options: ExploreOptions,
    seed: int,
    upstream: tuple[str, ...],
) -> Provenance:
    def digest(value: object) -> str:
        return sha256_of(canonical_json(value).encode())

    rules = [asdict(rule) for rule in load_rules()]
    return Provenance(
        stage="explore",
        as_of=day,
        seed=seed,
        options={**asdict(options), "model": world.id},
        upstream=upstream,
        inputs=(
            {"input": "model", "id": world.id, "sha256": digest(world.model_dump(mode="json"))},
            {"input": "priors", "sha256": digest({k: p.model_dump() for k, p in world.all_priors.items()})},
            {"input": "policies", "n": len(policies), "sha256": digest([p.model_dump() for p in policies])},
            {"input": "rights_rules", "n": len(rules), "sha256": digest(rules)},
        ),
    )
