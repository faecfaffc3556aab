"""Families of worlds: how peaked routes are, how rough series are, how strong and how sudden an episode is.

Nobody knows these settings, so evidence is weighed in several families, and its interval is the spread over them.
The ranges hold what was measured on the detections of all routes from 2013 to 2018, before any labelled episode
but the Arctic route (``benchmarks/skill/attribution_network.py``), and are wide around it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields

import numpy as np

__all__ = ["RANGES", "Family", "make_families"]

RANGES: Mapping[str, tuple[float, float]] = {
    "route_concentration": (0.4, 1.2),
    "log_size_sd": (1.6, 2.3),
    "season_amplitude": (0.3, 1.0),
    "push_sd": (0.2, 0.6),
    "cell_sd": (0.4, 0.9),
    "count_dispersion": (1.5, 6.0),
    "strength": (1.6, 2.8),
    "strength_sd": (0.3, 0.6),
    "slow_months": (8.0, 18.0),
    "fast_months": (1.0, 3.0),
    "spread_to_others": (0.25, 0.9),
    "nationalities_opened": (2.0, 8.0),
    "new_nationality_share": (0.3, 0.8),
    "mixture_share": (0.15, 0.35),
    "counting_factor": (0.8, 1.6),
    "counting_spread": (0.05, 0.3),
    "other_episodes": (10.0, 40.0),
    "application_sd": (0.25, 0.5),
    "application_response": (0.3, 1.0),
    "displacement_sd": (0.1, 0.35),
    "displacement_response": (0.1, 0.5),
    "recognition_shift": (0.3, 1.5),
    "rule_known_if_artefact": (0.4, 0.8),
    "rule_known_if_real": (0.03, 0.12),
}
"""Lowest and highest value of each setting of a family; meanings stand at ``Family``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """Settings shared by the worlds of a family.

    Parameters
    ----------
    route_concentration
        Sum of the Dirichlet weights with which an origin spreads over corridors; small: nearly all by one.
    log_size_sd
        Standard deviation of the log size of origins.
    season_amplitude
        Half the log range between the high and the low month of a corridor.
    push_sd, cell_sd
        Standard deviations, log scale, of slow swings of an origin, and of swings of one origin on one corridor.
    count_dispersion
        Shape of the gamma that spreads Poisson rates; small: rough counts.
    strength, strength_sd
        Mean and standard deviation of the log factor at the height of an episode.
    slow_months, fast_months
        Months from begin to height of a gradual and of a sudden rise.
    spread_to_others
        How far an origin's own growth shows on other corridors, as a share of that here.
    nationalities_opened, new_nationality_share
        Mean number of nationalities that use an opening, and the share of these without history there.
    mixture_share
        Share of worlds in which a second driver works beside the first, weaker.
    counting_factor, counting_spread
        Log factor of a change of counting, and how far it differs between nationalities.
    other_episodes
        Mean number of other episodes of a world, on any corridor: real series are compared with series that had
        episodes of their own.
    application_sd, application_response
        Year-to-year noise of applications elsewhere, log scale, and how far reasons to leave show in them.
    displacement_sd, displacement_response
        The same of people displaced abroad, for war or persecution.
    recognition_shift
        How far war or persecution raises the logit of the share protected.
    rule_known_if_artefact, rule_known_if_real
        Probability that the registry shows a rule that changed in the window, if counting changed and if not.
    """

    route_concentration: float
    log_size_sd: float
    season_amplitude: float
    push_sd: float
    cell_sd: float
    count_dispersion: float
    strength: float
    strength_sd: float
    slow_months: float
    fast_months: float
    spread_to_others: float
    nationalities_opened: float
    new_nationality_share: float
    mixture_share: float
    counting_factor: float
    counting_spread: float
    other_episodes: float
    application_sd: float
    application_response: float
    displacement_sd: float
    displacement_response: float
    recognition_shift: float
    rule_known_if_artefact: float
    rule_known_if_real: float


def make_families(n: int, seed: int) -> tuple[Family, ...]:
    """Return ``n`` families spread evenly over the ranges (Latin hypercube)."""
    names = [field.name for field in fields(Family)]
    from scipy.stats import qmc  # half a second to import, and only the making of worlds needs it

    sample = qmc.LatinHypercube(d=len(names), rng=np.random.default_rng(seed)).random(n)
    lowest = np.array([RANGES[name][0] for name in names])
    highest = np.array([RANGES[name][1] for name in names])
    rows = lowest + sample * (highest - lowest)
    return tuple(Family(**dict(zip(names, map(float, row), strict=True))) for row in rows)
