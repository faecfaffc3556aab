"""Provisional months: the newest period whose nationalities the publisher has not broken down yet.

In some vintages most of the newest month stands under 'unknown nationality' and is spread over nationalities
one vintage later. Such a month says little about any nationality, and a total that is mostly unknown is not yet
verified: it is marked, nothing is learnt from it, and no alarm is raised on it. The rule names no month: it
compares the share of unidentified people in a corridor's newest period with the corridor's own past.
"""

import numpy as np
import numpy.typing as npt
import polars as pl

from counterpoise.observations.panel import Panel
from counterpoise.vocabulary import UNKNOWN, is_unidentified

__all__ = ["provisional_corridors", "unidentified_share"]

_SMALLEST_SHARE = 0.2
_ABOVE_USUAL = 0.2
_COMPARED_PERIODS = 24
_SMALLEST_TOTAL = 50.0


def unidentified_share(panel: Panel, corridor: str) -> npt.NDArray[np.float64]:
    """Return the share (0 to 1) of people without a stated nationality per period; NaN where nobody was counted."""
    rows = panel.series.with_row_index("row").filter(pl.col("corridor") == corridor)
    codes = rows["nationality"].to_list()
    index = rows["row"].to_numpy()
    single = np.array([not code.startswith("TOTAL") for code in codes], dtype=bool)
    unidentified = np.array([is_unidentified(code) for code in codes], dtype=bool)
    total = np.nansum(panel.values[index[single]], axis=0)
    if "TOTAL" in codes:  # part of the nationalities may be stored only as a published total
        total = np.nan_to_num(panel.values[index[codes.index("TOTAL")]])
    unknown = np.nansum(panel.values[index[unidentified]], axis=0)
    share: npt.NDArray[np.float64] = np.full(total.shape, np.nan)
    np.divide(unknown, total, out=share, where=total > 0)
    return share


def provisional_corridors(panel: Panel) -> pl.DataFrame:
    """Return the corridors whose newest period is provisional.

    Returns
    -------
    polars.DataFrame
        Columns ``corridor, period_start, share, usual_share``. The newest period is provisional if at least
        50 people were counted, a fifth or more of them are unidentified, and that share is more than
        20 percentage points above the mean of the 24 periods before.
    """
    found = []
    last = panel.values.shape[1] - 1
    for corridor in panel.series["corridor"].unique().sort():
        if UNKNOWN not in panel.series.filter(pl.col("corridor") == corridor)["nationality"]:
            continue
        share = unidentified_share(panel, corridor)
        before = share[max(0, last - _COMPARED_PERIODS) : last]
        usual = float(np.nanmean(before)) if np.isfinite(before).any() else 0.0
        rows = panel.series.with_row_index("row").filter(pl.col("corridor") == corridor)["row"].to_numpy()
        counted = float(np.nanmax(panel.values[rows, last], initial=0.0))
        if counted >= _SMALLEST_TOTAL and share[last] >= max(_SMALLEST_SHARE, usual + _ABOVE_USUAL):
            found.append((corridor, panel.periods["period_start"][last], float(share[last]), usual))
    return pl.DataFrame(
        found,
        schema={
            "corridor": pl.String(),
            "period_start": pl.Date(),
            "share": pl.Float64(),
            "usual_share": pl.Float64(),
        },
        orient="row",
    )
