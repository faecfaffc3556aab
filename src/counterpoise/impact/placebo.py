"""Placebos: what the estimator reports where no response began, and of a count no response can have changed."""

import numpy as np
import numpy.typing as npt
import polars as pl
from scipy.special import betainc

from counterpoise.checks import Check
from counterpoise.impact.options import EvaluateOptions
from counterpoise.impact.structural_time_series import estimate_structural

__all__ = ["check_placebo_in_time", "check_placebo_outcome"]

_MAX_FOLDS = 10
_MIN_FOLDS = 3


def check_placebo_in_time(
    log_counts: npt.NDArray[np.float64],
    n_pre: int,
    *,
    controls: npt.NDArray[np.float64] | None,
    first_month: int,
    options: EvaluateOptions,
) -> Check:
    """Return whether intervals at earlier dates hold zero as often as they should.

    Folds do not overlap, are as long as the post period, and have at least the least pre period before them. The
    check fails where so many misses or more would come in under 5 % of such series.
    """
    n_post = log_counts.shape[0] - n_pre
    published = ~np.isnan(log_counts)
    cuts = [
        cut
        for cut in range(n_pre - n_post, 0, -n_post)
        if published[:cut].sum() >= options.min_pre_periods and published[cut : cut + n_post].any()
    ][:_MAX_FOLDS]
    if len(cuts) < _MIN_FOLDS:
        return Check(
            name="placebo_in_time",
            status="inconclusive",
            text=f"Only {len(cuts)} earlier dates to try the estimator at; {_MIN_FOLDS} are needed.",
        )
    rows = []
    for cut in cuts:
        end = cut + n_post
        fold = estimate_structural(
            log_counts[:end],
            cut,
            controls=None if controls is None else controls[:end],
            first_month=first_month,
            options=options,
        )
        rows.append((cut, fold.estimate, fold.lower, fold.upper))
    table = pl.DataFrame(rows, schema=["n_pre", "estimate", "lower", "upper"], orient="row")
    misses = table.filter((pl.col("lower") > 0) | (pl.col("upper") < 0)).height
    # the binomial probability of so many misses and more
    unlikely = misses > 0 and betainc(misses, len(cuts) - misses + 1, 1 - options.level) < 0.05
    return Check(
        name="placebo_in_time",
        status="failed" if unlikely else "passed",
        text=f"At {len(cuts)} earlier dates without this response, {misses} intervals leave out zero.",
        table=table,
    )


def check_placebo_outcome(
    log_counts: npt.NDArray[np.float64] | None, n_pre: int, *, first_month: int, options: EvaluateOptions
) -> Check:
    """Return whether a count the response cannot have changed stayed as expected; None: there is none."""
    name = "placebo_outcome"
    if log_counts is None:
        return Check(
            name=name,
            status="skipped",
            text="No count of this corridor is published that it cannot have changed.",
        )
    found = estimate_structural(log_counts, n_pre, first_month=first_month, options=options)
    stayed = found.lower <= 0 <= found.upper
    text = (
        "People of a nationality the case leaves out, because they came for other reasons, were counted "
        f"{np.exp(found.estimate):.2g} [{np.exp(found.lower):.2g} to {np.exp(found.upper):.2g}] times as often as "
        "expected. "
    )
    moved = "Something else changed on this corridor in the same months, and may be in the estimate too."
    return Check(
        name=name,
        status="passed" if stayed else "failed",
        text=text + ("So nothing else that reaches everybody is seen in these months." if stayed else moved),
    )
