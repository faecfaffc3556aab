"""Placebo in time: what the estimator reports in the same series where no response began."""

import numpy as np
import numpy.typing as npt
import polars as pl
from scipy.special import betainc

from counterpoise.checks import Check
from counterpoise.impact.options import EvaluateOptions
from counterpoise.impact.structural_time_series import estimate_structural

__all__ = ["check_placebo_in_time"]

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
