"""One effect over the nationalities a case names: their mean says more than any, and no one of them is shown."""

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from counterpoise.cases.model import Case
from counterpoise.checks import Check
from counterpoise.impact.estimate import Window
from counterpoise.impact.event_study import JointEstimate, estimate_event_study
from counterpoise.impact.matrix_completion import donors_of, estimate_completed
from counterpoise.impact.options import EvaluateOptions
from counterpoise.impact.outcomes import Series
from counterpoise.impact.peak_start import starts_at_peak
from counterpoise.impact.results import Effect
from counterpoise.observations.panel import Panel
from counterpoise.vocabulary import ALL_NATIONALITIES

__all__ = ["several_nationalities"]

_FEWEST = 3
_MOST_AT_PEAK = 1 / 3
_SMALLEST = 100.0
"""A nationality with fewer people over the whole pre period is left out: its log ratio is chance."""


def several_nationalities(
    effect: Effect,
    series: Series,
    window: Window,
    *,
    panel: Panel,
    donors: tuple[str, ...],
    case: Case,
    options: EvaluateOptions,
) -> Effect | None:
    """Return the mean effect over the case's nationalities on the same corridor.

    ``donors`` are corridors that were not affected: their nationalities complete the panel, as a check beside.
    None with fewer than three, or where more than a third of them begin at a peak of their own: the mean is not
    corrected for the fall that follows peaks anyway.
    """
    span = slice(window.begin, window.stop)
    names = panel.series.rows()
    chosen = {}
    for code in case.nationalities:
        if (series.corridor, code) not in names:
            continue
        values = panel.values[names.index((series.corridor, code))][span]
        if not np.isnan(values).any() and values[: window.first - window.begin].sum() >= _SMALLEST:
            chosen[code] = np.log1p(values)
    n_pre = window.first - window.begin
    at_peak = sum(starts_at_peak(one, n_pre) for one in chosen.values())
    if len(chosen) < _FEWEST or at_peak > _MOST_AT_PEAK * len(chosen):
        return None
    logs = np.array(list(chosen.values()))
    found = estimate_event_study(
        logs,
        n_pre,
        first_month=series.starts[window.begin].month,
        options=options,
    )
    joint = effect.status == "joint_bounds"
    share = (found.upper - found.lower) / found.single_width
    return replace(
        effect,
        nationality="+".join(chosen),
        estimand=f"mean over {len(chosen)} nationalities of the {effect.estimand}",
        estimate=None if joint else found.estimate,
        lower=found.lower,
        upper=found.upper,
        relative={
            "estimate": None if joint else float(np.exp(found.estimate)),
            "lower": float(np.exp(found.lower)),
            "upper": float(np.exp(found.upper)),
        },
        cumulative=None,
        pointwise=effect.pointwise.clear(),
        checks=(
            Check(
                name="power_gained",
                status="passed" if share < 1 else "failed",
                text=(
                    f"The interval is {share:.0%} as wide as those of the {len(chosen)} nationalities by themselves on "
                    f"average; their errors go together with a correlation of {found.correlation:.2f}."
                ),
            ),
            Check(
                name="peak_start",
                status="passed" if at_peak == 0 else "inconclusive",
                text=(
                    f"{at_peak} of the {len(chosen)} begin at a peak of their own; the mean is not corrected for it."
                ),
            ),
            _check_completed(found, logs, _elsewhere(panel, donors)[:, span], n_pre, options),
            *(check for check in effect.checks if check.name in {"other_causes", "months_published"}),
        ),
    )


def _elsewhere(panel: Panel, donors: tuple[str, ...]) -> npt.NDArray[np.float64]:
    """Return log counts of every nationality on other corridors, series x periods."""
    wanted = panel.series["corridor"].is_in(donors) & ~panel.series["nationality"].str.starts_with(
        ALL_NATIONALITIES
    )
    logs: npt.NDArray[np.float64] = np.log1p(panel.values[wanted.to_numpy()])
    return logs


def _check_completed(
    found: JointEstimate,
    treated: npt.NDArray[np.float64],
    elsewhere: npt.NDArray[np.float64],
    n_pre: int,
    options: EvaluateOptions,
) -> Check:
    """Return whether the panel completed from other corridors says the same."""
    whole = elsewhere[~np.isnan(elsewhere).any(axis=1)]
    donors = whole[donors_of(whole[:, :n_pre], options)]
    completed = estimate_completed(treated, donors, n_pre, options=options)
    if completed is None or len(donors) < options.least_donors:
        return Check(
            name="matrix_completion",
            status="skipped",
            text=(
                f"{len(donors)} nationalities on unaffected corridors and {n_pre} months before: too few to complete "
                "the panel from them."
            ),
        )
    agree = completed.lower <= found.upper and found.lower <= completed.upper
    return Check(
        name="matrix_completion",
        status="passed" if agree else "failed",
        text=(
            f"The panel completed from {len(donors)} nationalities on other corridors ({completed.n_patterns} patterns "
            f"in common) gives a factor of {np.exp(completed.estimate):.2g} [{np.exp(completed.lower):.2g} to "
            f"{np.exp(completed.upper):.2g}]; its error was read at {completed.n_folds} earlier dates. The two "
            f"{'agree' if agree else 'do not agree'}."
        ),
    )
