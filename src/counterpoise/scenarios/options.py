"""Settings of ``explore``, each with the reason for its default."""

from dataclasses import dataclass
from math import isfinite
from typing import Literal

from counterpoise.errors import InputError
from counterpoise.scenarios.design import Design

__all__ = ["EXPLORE_DEFAULTS", "ExploreOptions", "Futures"]

Futures = Literal["priors", "calibrated"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ExploreOptions:
    """Options of ``explore``."""

    runs: int = 4096
    """Futures each policy meets: 90th percentiles of all outcomes are stable to some per cent, in under a second."""
    design: Design = "latin_hypercube"
    """Latin hypercube spreads any number of futures evenly; Sobol is better with a power of two."""
    futures: Futures = "priors"
    """All that is plausible; ``calibrated``: only futures in which the model gave what was published of the case."""
    regret_quantile: float = 0.9
    """Regret is judged where it is large but not at the single worst future, which is a matter of luck."""
    no_worse_share: float = 0.9
    """A recommended policy is no worse than no response in so many futures, outcome by outcome, cost apart."""
    tolerance: float = 0.05
    """Worse means worse by more than this share: smaller differences are chance between two runs."""
    help_by: float = 0.2
    """Clearly better means by so much."""
    help_share: float = 0.5
    """A recommended policy is clearly better in one outcome in at least so many futures."""
    sensitivity_runs: int = 0
    """Base size of a Sobol design for sensitivity, a power of two; 0: none, as it costs that many times the number of
    uncertainties."""
    level: float = 0.8
    """Probability of intervals over futures: from the 10th to the 90th percentile, as in the tables."""

    def __post_init__(self) -> None:
        faults = []
        if not 8 <= self.runs <= 5_000_000:
            faults.append(f"runs = {self.runs} (from 8 to 5,000,000)")
        if self.design not in ("latin_hypercube", "sobol"):
            faults.append(f"design = {self.design!r} (latin_hypercube or sobol)")
        if self.futures not in ("priors", "calibrated"):
            faults.append(f"futures = {self.futures!r} (priors or calibrated)")
        faults += [
            f"{name} = {value} (between 0 and 1)"
            for name, value in (
                ("regret_quantile", self.regret_quantile),
                ("no_worse_share", self.no_worse_share),
                ("help_by", self.help_by),
                ("help_share", self.help_share),
                ("level", self.level),
            )
            if not (isfinite(value) and 0 < value < 1)
        ]
        size = self.sensitivity_runs
        if size and (size < 16 or size & (size - 1) or size > 65536):
            faults.append(f"sensitivity_runs = {size} (0, or a power of two from 16 to 65,536)")
        if not 0 <= self.tolerance < 1:
            faults.append(f"tolerance = {self.tolerance} (from 0 to below 1)")
        if faults:
            raise InputError(
                expected="settings within their ranges",
                found=", ".join(faults),
                where="options of explore",
                hint="see ExploreOptions for the meaning of each",
            )


EXPLORE_DEFAULTS = ExploreOptions()
