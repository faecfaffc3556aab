"""Does the answer depend on how the counting rules of the past are read? The same estimate under each reading."""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import polars as pl

from counterpoise.checks import Check
from counterpoise.impact.options import EvaluateOptions
from counterpoise.impact.structural_time_series import Estimate
from counterpoise.numbers import plain

__all__ = ["check_counting_rules"]

Array = npt.NDArray[np.float64]
_LARGE = 0.5
"""Log ratio by which two readings differ in size: by half as much again, or more."""


def check_counting_rules(
    found: Estimate,
    log_counts: Array,
    n_pre: int,
    jumps: tuple[int, ...],
    *,
    estimate: Callable[[Array, int, tuple[int, ...]], Estimate],
    options: EvaluateOptions,
) -> Check:
    """Return whether sign or size depend on the reading of counting rules that changed before the responses.

    Readings: a jump may have come with each change (the estimate itself); no change mattered; only figures
    since the last change count. Two readings differ in sign where the one interval lies above no difference and
    the other below, or one holds it and the other does not; in size where estimates are half a log unit apart.

    Parameters
    ----------
    found
        The estimate with jumps.
    jumps
        Columns of the pre period from which another rule held.
    estimate
        Makes an estimate of log counts, pre periods and jumps.
    """
    if not jumps:
        return Check(
            name="counting_rules",
            status="passed",
            text="No counting rule of the series is known to have changed in the months before.",
        )
    readings = {"a jump at each change": found, "no change mattered": estimate(log_counts, n_pre, ())}
    since = log_counts[jumps[-1] :]
    if int((~np.isnan(since[: n_pre - jumps[-1]])).sum()) >= options.min_pre_periods:
        readings["only since the last change"] = estimate(since, n_pre - jumps[-1], ())
    table = pl.DataFrame(
        [(name, one.estimate, one.lower, one.upper) for name, one in readings.items()],
        schema=["reading", "estimate", "lower", "upper"],
        orient="row",
    )
    signs = {int(one.lower > 0) - int(one.upper < 0) for one in readings.values()}
    estimates = [one.estimate for one in readings.values()]
    span = max(estimates) - min(estimates)
    least, most = np.exp(min(estimates)), np.exp(max(estimates))
    factors = (
        f"factors from {plain(least)} to {plain(most)} under {len(readings)} readings of rules that changed "
        "before"
    )
    if len(signs) > 1:
        return Check(
            name="counting_rules",
            status="failed",
            text=f"Whether there is a difference at all depends on the counting rules: {factors}.",
            table=table,
        )
    if span > _LARGE:
        return Check(
            name="counting_rules",
            status="failed",
            text=f"The size, not the sign, depends on the counting rules: {factors}.",
            table=table,
        )
    return Check(
        name="counting_rules",
        status="passed",
        text=f"Neither sign nor size depends much on the counting rules: {factors}.",
        table=table,
    )
