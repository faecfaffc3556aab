"""Composition: among those counted on a corridor, the share from origins by how often decisions gave protection.

A fall that mostly keeps out people who would have been given protection is another thing than one that does not.
What is compared is the corridor as a whole, before and after; origins are put into three bands by the share of first
decisions on asylum that gave protection, all states of asylum together (UNHCR), in the year before the responses. The
bands are a property of decisions: they say nothing about any nationality or person, and none is shown.
"""

from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt

from counterpoise.impact.estimate import Window
from counterpoise.impact.identifiability import Group
from counterpoise.impact.outcomes import Series
from counterpoise.observations.origins import OriginFigures
from counterpoise.observations.panel import Panel
from counterpoise.vocabulary import ALL_NATIONALITIES

__all__ = ["BANDS", "SAYS_NOTHING", "composition_of"]

Array = npt.NDArray[np.float64]

BANDS = ("under a fifth", "a fifth to a half", "half and more", "not known")
"""Of first decisions. A fifth is the line of Regulation (EU) 2024/1348, Article 42(1)(j); half is the middle."""
SAYS_NOTHING = (
    "Shares of a corridor; they say nothing about the need for protection of any nationality or person."
)
_EDGES = (0.2, 0.5)
_FEWEST_DECISIONS = 100
"""With fewer decisions in the year an origin has no known share."""
_FEWEST_COUNTED = 100
"""With fewer people in either span the shares are chance."""
_MOST_UNKNOWN = 0.25
_MIN_EARLIER = 3


def composition_of(
    group: Group,
    series: Series,
    window: Window,
    *,
    panel: Panel,
    left_out: tuple[str, ...],
    rule_changed: bool,
    origins: OriginFigures,
) -> dict[str, Any]:
    """Return shares of each band before and after the responses began, or the reason why they are not given.

    Both spans have as many months, and the first ends where the second begins. ``usual_change`` is the range of the
    change in the share of the highest known band between such spans at earlier dates, which do not overlap.
    """
    n_post = window.stop - window.first
    begin = series.starts[window.first]
    year = _year_before(origins, begin)
    row: dict[str, Any] = {
        "responses": list(group.names),
        "corridor": series.corridor,
        "outcome": series.outcome,
        "months": n_post,
        "rates_of_year": year,
        "rule_changed": rule_changed,
        "bands": [],
        "usual_change": None,
        "reason": "",
        "text": "",
    }
    here = (
        (panel.series["corridor"] == series.corridor)
        & ~panel.series["nationality"].str.starts_with(ALL_NATIONALITIES)
        & ~panel.series["nationality"].is_in(left_out)
    ).to_numpy()
    if not here.any():
        return {**row, "reason": "no counts by nationality are published of this corridor and measure"}
    if year is None:
        return {**row, "reason": "no decisions of the year before were published"}
    if window.first < n_post:
        return {**row, "reason": f"under {n_post} months before"}
    bands = _band_of(panel.series.filter(here)["nationality"].to_list(), origins, year)
    counts = np.array([np.nansum(panel.values[here][bands == b], axis=0) for b in range(len(BANDS))])

    def span(first: int) -> Array:
        total: Array = counts[:, first : first + n_post].sum(axis=1)
        return total

    before, after = span(window.first - n_post), span(window.first)
    if min(before.sum(), after.sum()) < _FEWEST_COUNTED:
        return {**row, "reason": f"fewer than {_FEWEST_COUNTED} counted in one of the two spans"}
    shares = before / before.sum(), after / after.sum()
    if max(share[-1] for share in shares) > _MOST_UNKNOWN:
        return {**row, "reason": "more than a quarter of those counted are of origins without a known share"}
    earlier = []
    for first in range(window.first - n_post, n_post - 1, -n_post):
        pair = span(first - n_post), span(first)
        if min(one.sum() for one in pair) >= _FEWEST_COUNTED:
            earlier.append(float(pair[1][2] / pair[1].sum() - pair[0][2] / pair[0].sum()))
    row["bands"] = [
        {"protection_given": band, "share_before": round(float(one), 3), "share_after": round(float(two), 3)}
        for band, one, two in zip(BANDS, *shares, strict=True)
    ]
    if len(earlier) >= _MIN_EARLIER:
        row["usual_change"] = [round(min(earlier), 3), round(max(earlier), 3)]
    return {**row, "text": _told(row, before, after, len(earlier))}


def _year_before(origins: OriginFigures, begin: date) -> int | None:
    years = [year for year in origins.years if year < begin.year]
    return max(years) if years else None


def _band_of(nationalities: list[str], origins: OriginFigures, year: int) -> npt.NDArray[np.int64]:
    """Return the band of each nationality by its decisions of a year; the last where they are too few."""
    column = origins.years.index(year)
    places = [origins.origins.index(n) if n in origins.origins else -1 for n in nationalities]
    decided, protected = (
        np.where(np.array(places) < 0, np.nan, figures[places, column])
        for figures in (origins.decided, origins.protected)
    )
    known = np.nan_to_num(decided) >= _FEWEST_DECISIONS
    share = np.divide(protected, decided, out=np.zeros_like(decided), where=known)
    return np.where(known, np.digitize(share, _EDGES), len(BANDS) - 1)


def _told(row: dict[str, Any], before: Array, after: Array, n_earlier: int) -> str:
    """Return the bands in words: shares, what became of each, and whether such a change is unusual here."""
    high = row["bands"][2]
    change = high["share_after"] - high["share_before"]
    usual = row["usual_change"]
    how = (
        f"too few earlier spans ({n_earlier}) to say what is usual here"
        if usual is None
        else f"between earlier spans it moved by {100 * usual[0]:+.0f} to {100 * usual[1]:+.0f} points"
        f"{', so the change is within what is usual here' if usual[0] <= change <= usual[1] else ''}"
    )
    became = [
        f"{after[b] / before[b]:.2g} times as many from origins with {BANDS[b]} protected"
        for b in range(3)
        if min(before[b], after[b]) >= _FEWEST_COUNTED
    ]
    parts = f" Counted were, against before, {', '.join(became)}." if became else ""
    alike = (
        " A rule of counting changed meanwhile, so the two spans count different people."
        if row["rule_changed"]
        else ""
    )
    return (
        f"Of those counted, {high['share_before']:.0%} before and {high['share_after']:.0%} after were from origins of "
        f"whom half and more were given protection in first decisions of {row['rates_of_year']}; {how}.{parts}{alike}"
    )
