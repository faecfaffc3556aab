"""``evaluate``: what the responses of a case did to each outcome, or why that cannot be known."""

from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from counterpoise.cases.known import known_case
from counterpoise.cases.ledgers import Ledgers, read_ledgers
from counterpoise.checks import Check
from counterpoise.errors import InputError
from counterpoise.impact.composition import composition_of
from counterpoise.impact.displacement import NET_IN_PERSONS, displacement_of
from counterpoise.impact.estimate import Window, estimate_effect, window_of
from counterpoise.impact.families import families_of
from counterpoise.impact.identifiability import (
    Group,
    closure_in,
    group_responses,
    rule_change_in,
    turn_back_in,
)
from counterpoise.impact.ledgers import harms_of, rights_of, rows_of
from counterpoise.impact.options import EVALUATE_DEFAULTS, EvaluateOptions
from counterpoise.impact.outcomes import OUTCOMES, Series, controls_of, outcome_series
from counterpoise.impact.results import Effect, Evaluation
from counterpoise.impact.several import several_nationalities
from counterpoise.observations.archive import Archive, Known
from counterpoise.observations.origins import load_origins
from counterpoise.observations.panel import Panel, build_panels
from counterpoise.observations.questions import require_measure
from counterpoise.observations.regimes import Regime, regimes_for
from counterpoise.provenance import Provenance, canonical_json, describe_inputs, sha256_of

if TYPE_CHECKING:
    from counterpoise.cases import Case

__all__ = ["evaluate"]

_SHARE_OF_LEFT_OUT = frozenset({"frontex-ukraine-share"})
"""Rules that concern totals with a nationality the case leaves out, and not the total without it."""

_ONLY_DEATHS = "only months in which people were found dead or missing are listed: those do not compare"


def evaluate(
    observations: Archive,
    *,
    case: "Case",
    response: str | None = None,
    outcomes: Sequence[str] = (),
    as_of: date | None = None,
    options: EvaluateOptions = EVALUATE_DEFAULTS,
    seed: int = 0,
    ledgers: Ledgers | None = None,
) -> Evaluation:
    """Return what the responses of a case did, as it was known on a day.

    Parameters
    ----------
    observations
        The archive.
    case
        The case; its responses are numbered ``r01``, ``r02``… in the order in which they begin.
    response
        Show only effects of this response, and of those it cannot be told apart from.
    outcomes
        Measures to look at; empty: the whole family.
    as_of
        Day of replay; None: the newest day of publication in the data.
    options
        Settings of the estimator.
    seed
        Seed of the draw of past peaks.
    ledgers
        Instruments, access, costs, indicators and polls; None: the bundled tables.

    Raises
    ------
    InputError
        If an outcome is no measure that responses are evaluated on, or the case has no such response.
    """
    wanted = tuple(outcomes) or OUTCOMES
    for outcome in wanted:
        require_measure(outcome, "--outcome")
    known = observations.as_of(as_of)
    story = known_case(case, known.day)
    groups = group_responses(story.responses)
    named = tuple(pair for group in groups for pair in zip(group.names, group.responses, strict=True))
    if response is not None and response not in dict(named):
        raise InputError(
            expected=f"a response of {case.id}: "
            + ", ".join(f"{n} ({r.country}: {r.title})" for n, r in named),
            found=repr(response),
            where="--response",
            hint="choose one of these, or a later --as-of",
        )
    shown = [group for group in groups if response is None or response in group.names]
    series = outcome_series(known, case, wanted)
    panels = build_panels(known, measures=wanted)
    effects: list[Effect] = []
    displacement: list[dict[str, Any]] = []
    composition: list[dict[str, Any]] = []
    origins = load_origins(known.day, ())
    for group in shown:
        for one in series:
            found = _effects(known, case, group, one, panels, options, seed)
            effects += found
            if one.outcome == "detections" and isinstance(within := window_of(one, group, options), Window):
                composition.append(
                    composition_of(
                        group,
                        one,
                        within,
                        panel=_panel_of(panels, one),
                        left_out=case.left_out_codes,
                        rule_changed=found[0].status == "not_identifiable",
                        origins=origins,
                    )
                )
            if found[0].status in {"estimated", "joint_bounds"}:
                window = window_of(one, group, options)
                assert isinstance(window, Window)
                displacement += displacement_of(
                    found[0],
                    one,
                    window,
                    siblings=controls_of(panels, known, one, case),
                    rng=np.random.default_rng([seed, 1]),
                    options=options,
                )
        effects += _without_series(known, case, group, series, wanted, options)
    beside = (ledgers or read_ledgers()).known(case.id, known.day)
    rights = rights_of(named, story, beside, known, replay=known.day < observations.newest_known_on)
    bearing = {one for row in rights for one in row["instruments"]}
    read = known.observations.filter(pl.col("frequency") == "M", pl.col("measure").is_in(wanted))
    return Evaluation(
        effects=tuple(effects),
        families=families_of(shown, series, known.corridors),
        displacement=tuple(displacement),
        composition=tuple(composition),
        rights=rights,
        instruments=tuple(row for row in rows_of(beside.instruments) if row["id"] in bearing),
        harms=harms_of(story, known),
        access=rows_of(beside.access),
        costs=rows_of(beside.costs, named),
        indicators=rows_of(beside.indicators),
        polls=rows_of(beside.polls),
        checks=(_check_displacement(displacement), _check_ledgers()),
        provenance=Provenance(
            stage="evaluate",
            as_of=known.day,
            seed=seed,
            options={
                **asdict(options),
                "case": sha256_of(canonical_json(case.model_dump(mode="json")).encode()),
                "response": response,
                "outcomes": list(wanted),
            },
            inputs=describe_inputs(read),
        ),
    )


def _effects(
    known: Known,
    case: "Case",
    group: Group,
    series: Series,
    panels: tuple[Panel, ...],
    options: EvaluateOptions,
    seed: int,
) -> list[Effect]:
    """Return the effect of a group on one series; with several responses also a row for each of them."""
    blank = _blank(group, series.corridor, series.nationality, series.outcome, options)
    if series.outcome == "deaths_missing" and series.dataset not in known.dense:
        return [replace(blank, status="refused", reason=_ONLY_DEATHS)]
    window = window_of(series, group, options)
    if isinstance(window, str):
        return [replace(blank, status="refused", reason=window)]
    rules = tuple(
        rule
        for rule in regimes_for(known.regimes, known.corridors, series.corridor, series.outcome)
        if rule.start <= known.day and not (rule.id in _SHARE_OF_LEFT_OUT and "-" in series.nationality)
    )
    reason = _counting(group, series, window, rules)
    estimand = (
        f"mean log ratio of {series.outcome.replace('_', ' ')} to those expected without the responses, "
        f"{series.starts[window.first]:%B %Y} to {series.starts[window.stop - 1]:%B %Y}"
    )
    if reason:
        return [replace(blank, estimand=estimand, status="not_identifiable", reason=reason)]
    joint = len(group.names) > 1
    controls = controls_of(panels, known, series, case)
    affected = _affected(controls, known, case, series, window)
    effect = estimate_effect(
        replace(blank, estimand=estimand, status="joint_bounds" if joint else "estimated"),
        series,
        window,
        controls=controls,
        refused_donors=affected,
        panel=_panel_of(panels, series),
        rule_starts=tuple(rule.start for rule in rules),
        rng=np.random.default_rng(seed),
        options=options,
    )
    mean = several_nationalities(
        effect,
        series,
        window,
        panel=_panel_of(panels, series),
        donors=tuple(one.corridor for one in controls if one.corridor not in affected),
        case=case,
        options=options,
    )
    beside = [] if mean is None else [mean]
    if not joint:
        return [effect, *beside]
    together = (
        f"not identifiable separately: it begins within a month of {len(group.names) - 1} other responses"
    )
    help_ = "daily or weekly figures, or borders and nationalities that only one of them reached, would help"
    return [
        replace(
            effect,
            estimate=None,
            relative={**(effect.relative or {}), "estimate": None},
            cumulative={**(effect.cumulative or {}), "estimate": None},
            pointwise=effect.pointwise.with_columns(pl.lit(None, dtype=pl.Float64).alias("expected")),
        ),
        *beside,
        *(
            replace(
                blank,
                responses=(name,),
                estimand=estimand,
                status="not_identifiable",
                reason=f"{together}; see the joint bounds; {help_}",
            )
            for name in group.names
        ),
    ]


def _panel_of(panels: tuple[Panel, ...], series: Series) -> Panel:
    return next(p for p in panels if (p.dataset, p.measure) == (series.dataset, series.outcome))


def _affected(
    controls: tuple[Series, ...], known: Known, case: "Case", series: Series, window: Window
) -> tuple[str, ...]:
    """Return corridors that cannot stand for this one: into the same states, or counted by a new rule meanwhile."""
    start, end = series.starts[window.first], series.ends[window.stop - 1]
    targets = set(case.actors.targets)
    return tuple(
        one.corridor
        for one in controls
        if targets & set(known.corridors[one.corridor].to_states)
        or rule_change_in(regimes_for(known.regimes, known.corridors, one.corridor, one.outcome), start, end)
    )


def _counting(group: Group, series: Series, window: Window, rules: tuple[Regime, ...]) -> str:
    """Return why a change of counting forbids to read an effect; empty if none does."""
    start, end = series.starts[window.first], series.ends[window.stop - 1]
    change = rule_change_in(rules, start, end)
    other = "read onward detections, attempts and applications beside it"
    if change is not None:
        return f"a counting rule changed on {change.start} ({change.what}) A fall would be no effect: {other}"
    turning = turn_back_in(group, series.outcome)
    if turning is not None:
        return (
            f"'{turning.title}' ({turning.country}) takes people who are turned back out of {series.outcome}; "
            f"a fall would be no effect: {other}"
        )
    closing = closure_in(group, series.outcome)
    if closing is not None:
        return (
            f"'{closing.title}' ({closing.country}) acts on people who apply at crossing points, whom "
            f"{series.outcome} do not count; figures of applications would help"
        )
    return ""


def _without_series(
    known: Known,
    case: "Case",
    group: Group,
    series: tuple[Series, ...],
    wanted: tuple[str, ...],
    options: EvaluateOptions,
) -> list[Effect]:
    """Return a refusal for each outcome of which no monthly series was known, so that none is left out silently."""
    missing = [outcome for outcome in wanted if outcome not in {one.outcome for one in series}]
    return [
        replace(
            _blank(group, case.corridors[0], "TOTAL", outcome, options),
            status="refused",
            reason=_why_no_series(known, case, outcome),
        )
        for outcome in missing
    ]


def _why_no_series(known: Known, case: "Case", outcome: str) -> str:
    """Return why an outcome has no series: nothing monthly, or nothing but figures by nationality."""
    stored = known.observations.filter(
        pl.col("corridor").is_in(case.corridors), pl.col("measure") == outcome, pl.col("frequency") == "M"
    )
    if stored.is_empty():
        return "no monthly figures of this outcome were known for the corridors of the case"
    return (
        f"only figures by nationality are stored ({stored.height:,}), which need not be all; give rows with "
        "nationality TOTAL"
    )


def _blank(group: Group, corridor: str, nationality: str, outcome: str, options: EvaluateOptions) -> Effect:
    return Effect(
        responses=group.names,
        corridor=corridor,
        nationality=nationality,
        outcome=outcome,
        estimand=f"mean log ratio of {outcome.replace('_', ' ')} to those expected without the responses",
        status="refused",
        level=options.level,
    )


def _check_displacement(displacement: list[dict[str, Any]]) -> Check:
    told = [row for row in displacement if row["status"] == "estimated"]
    return Check(
        name="displacement",
        status="inconclusive",
        text=(
            f"A diversion ratio can be given for {len(told)} of {len(displacement)} pairs and channels. "
            f"{NET_IN_PERSONS}"
        ),
    )


def _check_ledgers() -> Check:
    return Check(
        name="ledgers",
        status="inconclusive",
        text=(
            "Rights, harm and costs are what was found published, and incomplete. They stand beside the effects: no "
            "sum and no score is made of them, and harm in a period is not said to come from a response."
        ),
    )
