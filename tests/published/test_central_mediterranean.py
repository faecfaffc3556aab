"""Search and rescue on the Central Mediterranean: what a published study found, with our estimator and open counts.

Rodríguez Sánchez, Wucherpfennig, Rischke & Iacus (2023), Scientific Reports 13, doi 10.1038/s41598-023-38119-4:
a Bayesian structural time series of attempted crossings (arrivals, people brought back, deaths), 2011 to 2020, with
drivers such as prices, conflict and weather. *Theirs*: no discernible difference after Mare Nostrum (October 2013), nor
after rescue by private ships (from the end of August 2014); a fall after the Libyan rescue zone and coordinated
pushbacks (2017). *Ours*: monthly detections of the same route, twelve months after each.

What agrees: both rescue periods hold no difference, and after August 2017 counts are about a quarter of what was to be
expected. What does not: our interval of the fall still holds no difference. People brought back to Libya and Tunisia
are not detections, so ours falls by counting too; and without their drivers one series shows only larger effects: with
the largest nationalities together the interval is narrower, and it still holds no difference.
"""

from datetime import date

import numpy as np
import numpy.typing as npt
import pytest

from counterpoise.impact.event_study import estimate_event_study
from counterpoise.impact.structural_time_series import Estimate, estimate_structural
from counterpoise.observations.archive import Archive
from counterpoise.observations.bundled import read_bundled
from counterpoise.observations.panel import Panel, build_panels

ROUTE = "central-mediterranean"
MARE_NOSTRUM, PRIVATE_SHIPS, PUSHBACKS = date(2013, 10, 1), date(2014, 9, 1), date(2017, 8, 1)
FIRST = date(2011, 1, 1)
N_POST, N_LARGEST = 12, 8


@pytest.fixture(scope="module")
def panel() -> Panel:
    known = Archive.from_batch(read_bundled()).as_of()
    panels = build_panels(known, corridors=(ROUTE,), measures=("detections",))
    return next(one for one in panels if one.dataset == "frontex.ibc")


def columns(panel: Panel, day: date) -> tuple[int, int]:
    starts = panel.periods["period_start"].to_list()
    return starts.index(FIRST), starts.index(day)


def of_total(panel: Panel, day: date) -> Estimate:
    first, at = columns(panel, day)
    row = panel.series.rows().index((ROUTE, "TOTAL"))
    return estimate_structural(np.log1p(panel.values[row, first : at + N_POST]), at - first)


def largest(panel: Panel, day: date) -> tuple[npt.NDArray[np.float64], int]:
    """Log counts of the nationalities with most detections in the two years before."""
    first, at = columns(panel, day)
    rows = [i for i, (_, name) in enumerate(panel.series.rows()) if not name.startswith("TOTAL")]
    before = np.nansum(panel.values[rows][:, at - 24 : at], axis=1)
    chosen = np.array(rows)[np.argsort(-before)[:N_LARGEST]]
    return np.log1p(panel.values[chosen, first : at + N_POST]), at - first


@pytest.mark.parametrize("day", [MARE_NOSTRUM, PRIVATE_SHIPS])
def test_rescue_by_state_and_private_ships_shows_no_discernible_difference(panel: Panel, day: date) -> None:
    found = of_total(panel, day)
    assert found.lower < 0 < found.upper
    assert abs(found.estimate) < np.log(2)


def test_after_the_pushbacks_counts_are_far_below_but_one_series_alone_cannot_tell(panel: Panel) -> None:
    found = of_total(panel, PUSHBACKS)
    assert 0.15 < np.exp(found.estimate) < 0.4
    assert found.lower < 0 < found.upper
    assert found.upper < 0.5 * -found.lower


def test_nationalities_together_say_the_same_more_surely(panel: Panel) -> None:
    alone = of_total(panel, PUSHBACKS)
    together = estimate_event_study(*largest(panel, PUSHBACKS))
    assert 0.15 < np.exp(together.estimate) < 0.4
    assert together.upper < 0.5
    assert together.upper - together.lower < together.single_width
    assert abs(together.estimate - alone.estimate) < 0.5
