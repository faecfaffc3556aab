"""One response, or group of responses, on one series: window, controls, estimate, correction, checks."""

from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import numpy.typing as npt
import polars as pl

from counterpoise.checks import Check
from counterpoise.impact.counting import check_counting_rules
from counterpoise.impact.identifiability import Group
from counterpoise.impact.options import EvaluateOptions
from counterpoise.impact.outcomes import Series
from counterpoise.impact.paths import Paths, draw_paths
from counterpoise.impact.peak_start import correct_for_peak, peak_null, starts_at_peak
from counterpoise.impact.placebo import check_placebo_in_time, check_placebo_outcome
from counterpoise.impact.results import Effect
from counterpoise.impact.structural_time_series import (
    Estimate,
    counterfactual,
    estimate_structural,
    model_interval,
)
from counterpoise.impact.synthetic_control import estimate_synthetic
from counterpoise.numbers import plain
from counterpoise.observations.panel import Panel

__all__ = ["Window", "estimate_effect", "window_of"]

_MAX_PEAKS = 400
_POOR_FIT = 0.7
"""Residuals before of over seven tenths of the spread of the path: the control follows under half of its variance."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """Columns of a series: pre period from ``begin`` to ``first``, post period from ``first`` to ``stop``."""

    begin: int
    first: int
    stop: int


def window_of(series: Series, group: Group, options: EvaluateOptions) -> Window | str:
    """Return the window of a group in a series, or in words why there is none.

    The post period begins with the month in which the group begins and ends with the last whole month before
    the next group, after at most ``max_post_periods``. The pre period is all before. Either may have months
    without a figure.
    """
    published = ~np.isnan(series.values)
    month = group.begin.replace(day=1)
    last = group.last_day or date.max
    after = [i for i, (start, end) in enumerate(_spans(series)) if start >= month and end <= last]
    after = after[: options.max_post_periods]
    if not after and any(start <= month <= end for start, end in _spans(series)):
        return "another response begins before one month is over"
    shown = [i for i in after if published[i]]
    if not shown:
        return f"no monthly figure is published from {month:%B %Y} on, before the next responses begin"
    before = np.flatnonzero(published[: after[0]])
    if before.size < options.min_pre_periods:
        return f"{before.size} monthly figures before {month:%B %Y}; {options.min_pre_periods} are needed"
    return Window(begin=int(before[0]), first=after[0], stop=shown[-1] + 1)


def _spans(series: Series) -> list[tuple[date, date]]:
    return list(zip(series.starts, series.ends, strict=True))


def estimate_effect(
    effect: Effect,
    series: Series,
    window: Window,
    *,
    controls: tuple[Series, ...],
    refused_donors: tuple[str, ...],
    panel: Panel,
    rule_starts: tuple[date, ...],
    rng: np.random.Generator,
    options: EvaluateOptions,
) -> Effect:
    """Return the effect with estimate, interval and checks.

    ``refused_donors`` are corridors that were affected themselves, so that no synthetic control is made of them.
    """
    span = slice(window.begin, window.stop)
    n_pre = window.first - window.begin
    log_counts = np.log1p(series.values[span])
    first_month = series.starts[window.begin].month
    regressors = _regressors(controls, series, span)
    starts = series.starts[span]
    changes = tuple(sorted({sum(end < day for end in series.ends[span]) for day in rule_starts}))
    jumps = tuple(column for column in changes if 0 < column < n_pre)

    def estimate(counts: npt.NDArray[np.float64], n: int, rule_changes: tuple[int, ...]) -> Estimate:
        cut = len(log_counts) - len(counts)
        return estimate_structural(
            counts,
            n,
            controls=None if regressors is None else regressors[cut:],
            first_month=(first_month - 1 + cut) % 12 + 1,
            rule_changes=rule_changes,
            options=options,
        )

    found = estimate(log_counts, n_pre, jumps)
    rules = check_counting_rules(found, log_counts, n_pre, jumps, estimate=estimate, options=options)
    placebo = check_placebo_in_time(
        log_counts, n_pre, controls=regressors, first_month=first_month, options=options
    )
    uncorrected = found
    found, peak = _peak(found, log_counts, n_pre, panel, starts[n_pre], rng, options)
    expected, centre = counterfactual(
        log_counts,
        n_pre,
        controls=regressors,
        first_month=first_month,
        rule_changes=jumps,
        options=options,
    )
    _, half = model_interval(expected, np.flatnonzero(~np.isnan(log_counts[n_pre:])), options)
    # where more is expected than the middle, the effect is below the estimate
    stretch = (float((found.upper - found.estimate) / half), float((found.estimate - found.lower) / half))
    paths = draw_paths(
        expected,
        float(centre),
        series.values[window.first : window.stop],
        shift=uncorrected.estimate - found.estimate,
        stretch=stretch,
        level=options.level,
        rng=rng,
    )
    return replace(
        effect,
        pointwise=_pointwise(series, window, paths),
        cumulative={
            "estimate": paths.cumulative,
            "lower": paths.cumulative_lower,
            "upper": paths.cumulative_upper,
        },
        estimate=found.estimate,
        lower=found.lower,
        upper=found.upper,
        relative={
            "estimate": float(np.exp(found.estimate)),
            "lower": float(np.exp(found.lower)),
            "upper": float(np.exp(found.upper)),
        },
        checks=(
            placebo,
            check_placebo_outcome(
                _left_out(panel, series, span), n_pre, first_month=first_month, options=options
            ),
            peak,
            rules,
            _check_months(log_counts, n_pre),
            _check_synthetic(
                log_counts,
                n_pre,
                [one for one in controls if one.corridor not in refused_donors],
                series,
                span,
                refused_donors,
                found,
                options,
            ),
            _check_controls(controls if regressors is not None else ()),
            _check_other_causes(),
        ),
    )


def _pointwise(series: Series, window: Window, paths: Paths) -> pl.DataFrame:
    """Return every month of the window with what was counted and, from the responses on, what was expected."""
    span = slice(window.begin, window.stop)
    before = np.full(window.first - window.begin, np.nan)
    return pl.DataFrame(
        {
            "period_start": series.starts[span],
            "period_end": series.ends[span],
            "observed": series.values[span],
            **{
                name: np.concatenate([before, getattr(paths, name)])
                for name in ("expected", "lower", "upper")
            },
        }
    ).with_columns(pl.col(pl.Float64).fill_nan(None))


def _left_out(panel: Panel, series: Series, span: slice) -> npt.NDArray[np.float64] | None:
    """Return log counts of the nationalities the total is without, on the same corridor; None without every month."""
    codes = series.nationality.split("-")[1:]
    rows = [
        i for i, name in enumerate(panel.series.rows()) if name in {(series.corridor, code) for code in codes}
    ]
    values = panel.values[rows, span].sum(axis=0)
    return np.log1p(values) if rows and not np.isnan(values).any() else None


def _regressors(controls: tuple[Series, ...], series: Series, span: slice) -> npt.NDArray[np.float64] | None:
    """Return periods x controls, log scale, of those with a figure in every period; None if there are none."""
    whole = [
        np.log1p(one.values[span])
        for one in controls
        if one.starts == series.starts and not np.isnan(one.values[span]).any()
    ]
    return np.column_stack(whole) if whole else None


def _peak(
    found: Estimate,
    log_counts: npt.NDArray[np.float64],
    n_pre: int,
    panel: Panel,
    start: date,
    rng: np.random.Generator,
    options: EvaluateOptions,
) -> tuple[Estimate, Check]:
    """Return the estimate, corrected if the responses begin at a peak, and the check that says so."""
    if not starts_at_peak(log_counts, n_pre):
        return found, Check(name="peak_start", status="passed", text="The responses do not begin at a peak.")
    column = panel.periods["period_start"].to_list().index(start)
    before = panel.values[:, :column]
    whole = np.log1p(before[~np.isnan(before).any(axis=1)])
    null = peak_null(
        whole,
        log_counts.shape[0] - n_pre,
        first_month=panel.periods["period_start"][0].month,
        rng=rng,
        max_peaks=_MAX_PEAKS,
        options=options,
    )
    if null is None:
        return found, Check(
            name="peak_start",
            status="inconclusive",
            text="The responses begin at a peak, and there are too few past peaks to correct for the fall after one.",
        )
    return correct_for_peak(found, null), Check(
        name="peak_start",
        status="failed",
        text=(
            f"The responses begin at a peak. At {null.n_peaks} past peaks the uncorrected interval left out zero in "
            f"{null.n_false}; estimate and interval are corrected by what followed those."
        ),
    )


def _check_synthetic(
    log_counts: npt.NDArray[np.float64],
    n_pre: int,
    donors: list[Series],
    series: Series,
    span: slice,
    refused: tuple[str, ...],
    found: Estimate,
    options: EvaluateOptions,
) -> Check:
    """Return whether a synthetic control of the other routes agrees, and whether they follow this one at all."""
    paths = _regressors(tuple(donors), series, span)
    left_out = f" Refused as donors, because affected themselves: {', '.join(refused)}." if refused else ""
    made = None
    if paths is not None and not np.isnan(log_counts).any():
        made = estimate_synthetic(np.vstack([log_counts, paths.T]), n_pre, level=options.level)
    if made is None:
        text = f"No synthetic control: under three other routes have a figure in every month.{left_out}"
        return Check(name="synthetic_control", status="skipped", text=text)
    least, most = (float(np.exp(value)) for value in made.without_one)
    overlap = made.lower <= found.upper and found.lower <= made.upper
    poor = made.fit > _POOR_FIT
    how = (
        "The other routes hardly follow this one, so it says little."
        if poor
        else "The two agree."
        if overlap
        else "The two do not agree."
    )
    return Check(
        name="synthetic_control",
        status="inconclusive" if poor else "passed" if overlap else "failed",
        text=(
            f"A synthetic control of {len(made.weights)} other routes gives a factor of {plain(np.exp(made.estimate))} "
            f"[{plain(np.exp(made.lower))} to {plain(np.exp(made.upper))}], {plain(least)} to {plain(most)} "
            "when any one of them "
            f"is left out; placebo in space: {made.p_space:.0%} of the routes stand out as much. {how}{left_out}"
        ),
    )


def _check_months(log_counts: npt.NDArray[np.float64], n_pre: int) -> Check:
    published = ~np.isnan(log_counts)
    before, after = int(published[:n_pre].sum()), int(published[n_pre:].sum())
    if published.all():
        return Check(
            name="months_published", status="passed", text="Every month before and after has a figure."
        )
    return Check(
        name="months_published",
        status="inconclusive",
        text=(
            f"{before} of {n_pre} months before and {after} of {len(published) - n_pre} after have a figure. If "
            "busy months were reported more often, the comparison is off."
        ),
    )


def _check_other_causes() -> Check:
    """Return what no single series can rule out; so it stands beside every estimate."""
    return Check(
        name="other_causes",
        status="inconclusive",
        text=(
            "The figure is a difference from what the months before would lead one to expect. Whatever else began in "
            "these months, at this border or elsewhere on the route, is in it too."
        ),
    )


def _check_controls(controls: tuple[Series, ...]) -> Check:
    names = ", ".join(one.corridor for one in controls)
    if not controls:
        return Check(
            name="unaffected_series",
            status="inconclusive",
            text="No series of another route has figures throughout: level and season alone make the forecast.",
        )
    return Check(
        name="unaffected_series",
        status="inconclusive",
        text=f"Assumed to be unaffected by the responses: {names}. If people moved there, the estimate is wrong.",
    )
