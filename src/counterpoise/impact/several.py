"""One effect over the nationalities a case names: their mean says more than any, and no one of them is shown."""

from dataclasses import replace

import numpy as np

from counterpoise.cases.model import Case
from counterpoise.checks import Check
from counterpoise.impact.estimate import Window
from counterpoise.impact.event_study import estimate_event_study
from counterpoise.impact.options import EvaluateOptions
from counterpoise.impact.outcomes import Series
from counterpoise.impact.peak_start import starts_at_peak
from counterpoise.impact.results import Effect
from counterpoise.observations.panel import Panel

__all__ = ["several_nationalities"]

_FEWEST = 3
_MOST_AT_PEAK = 1 / 3
_SMALLEST = 100.0
"""A nationality with fewer people over the whole pre period is left out: its log ratio is chance."""


def several_nationalities(
    effect: Effect, series: Series, window: Window, *, panel: Panel, case: Case, options: EvaluateOptions
) -> Effect | None:
    """Return the mean effect over the case's nationalities on the same corridor.

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
    found = estimate_event_study(
        np.array(list(chosen.values())),
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
            *(check for check in effect.checks if check.name in {"other_causes", "months_published"}),
        ),
    )
