"""Settings of the monitoring engine, each with the reason for its default."""

from dataclasses import dataclass, fields
from math import inf, isfinite

from counterpoise.errors import InputError

__all__ = ["DETECT_DEFAULTS", "DetectOptions"]

_OPEN_SHARES = ("level", "threshold")
"""Below 1: a band of all counts, or an alarm on every count, says nothing."""
_SHARES = (
    "alarm_rate",
    "season_discount",
    "dispersion_discount",
    "weight_memory",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class DetectOptions:
    """Options of ``detect``.

    The settings of the models were chosen by log score on real series and by surges of our own added to them, all
    up to December 2018, before the labelled episodes; then they were frozen. ``benchmarks/skill/settings.py``
    makes them again.
    """

    level: float = 0.95
    """Probability of the expected band shown."""
    threshold: float = 0.0025
    """An alarm is raised where P(count at least as extreme) is below this: on series with 50 people and more it
    begins an episode in 1 % of the series-months up to 2018."""
    alarm_rate: float = 0.00486
    """Alarms that begin an episode per series-month, realised at ``threshold`` over all series up to 2018. Every
    real surge of those years counts as false, so ``expected_false_alarms``, computed from it, is a ceiling. It is
    above the nominal rate because monthly flows have heavier tails than the model."""
    min_observed: float = 10.0
    """No surge is raised on fewer people: exports suppress cells under 10."""
    min_expected_for_collapse: float = 20.0
    """No collapse is raised where fewer were expected."""
    quiet_periods_before_collapse: int = 12
    """No collapse is raised so soon after a surge: a surge that ends is no collapse."""
    warm_up_periods: int = 24
    """Periods with figures before a series has a baseline: two full years of seasons."""
    silence_periods: int = 24
    """A nationality not seen for this long opens a new route when it is seen again."""
    shift_periods: int = 6
    """So many periods in a row above the band that held when an episode began make a level shift."""
    models: tuple[tuple[float, float], ...] = ((0.6, 0.2), (0.6, 1.0), (0.85, 0.2), (0.85, 1.0))
    """Level discount (share of what was known about the level that is kept to the next period) and prior
    dispersion (log-scale variance of a period of its own) of each model that runs."""
    weight_memory: float = 0.9
    """Share of the models' past log scores that is kept from one period to the next."""
    background: float = 2.0
    """People a month that any route may see at any time; a surge must stand out from forecast and background."""
    background_sd: float = 0.25
    """Standard deviation of the background, as a share of it."""
    season_discount: float = 0.99
    season_sd: float = 0.1
    """Prior standard deviation of each seasonal coefficient, log scale."""
    dispersion_weight: float = 4.0
    """How many periods of evidence the prior dispersion is worth."""
    dispersion_discount: float = 0.85
    """Volatility changes quickly: the dispersion remembers about half a year."""
    break_sd: float = 1.5
    """Standard deviation added to the level where a counting rule changes."""

    def __post_init__(self) -> None:
        plain = [field.name for field in fields(self) if field.name != "models"]
        faults = [
            f"{name} = {getattr(self, name)}"
            for name in plain
            if not (isfinite(getattr(self, name)) and getattr(self, name) > 0)
            or (name in _SHARES and getattr(self, name) > 1)
            or (name in _OPEN_SHARES and getattr(self, name) >= 1)
        ]
        if not self.models or any(not 0 < discount <= 1 or not 0 < v < inf for discount, v in self.models):
            faults.append(f"models = {self.models}")
        if faults:
            raise InputError(
                expected="positive settings, shares of at most 1, level and threshold below 1",
                found=", ".join(faults),
                where="options of detect",
                hint="see DetectOptions for the meaning of each",
            )


DETECT_DEFAULTS = DetectOptions()
