"""Settings of the first monitoring engine, each with the reason for its default."""

from dataclasses import dataclass, fields

from counterpoise.errors import InputError

__all__ = ["DETECT_DEFAULTS", "DetectOptions"]


@dataclass(frozen=True, slots=True, kw_only=True)
class DetectOptions:
    """Options of ``detect``.

    The model's settings (discounts, variances) and the threshold were chosen by log score and by the realised
    rate of alarms on the months up to December 2018, before the labelled episodes, and then frozen:
    ``benchmarks/skill/settings.py`` makes them again.
    """

    level: float = 0.95
    """Probability of the expected band shown."""
    threshold: float = 0.001
    """An alarm is raised where P(count at least as extreme) is below this."""
    alarm_rate: float = 0.00566
    """Alarms that begin an episode per series-month, realised at ``threshold`` over all series up to 2018. Every
    real surge of those years counts as false, so ``expected_false_alarms``, computed from it, is a ceiling. It is
    above the nominal rate because monthly flows have heavier tails than the model."""
    min_observed: float = 10.0
    """No surge is raised on fewer people: exports suppress cells under 10."""
    min_expected_for_collapse: float = 20.0
    """No collapse is raised where fewer were expected."""
    warm_up_periods: int = 24
    """Periods with figures before a series has a baseline: two full years of seasons."""
    silence_periods: int = 24
    """A nationality not seen for this long opens a new route when it is seen again."""
    hold_periods: int = 6
    """After this many alarmed periods in a row the new level is learnt as the baseline."""
    level_discount: float = 0.6
    """Share of what was known about the level that is kept from one period to the next."""
    season_discount: float = 0.99
    season_sd: float = 0.2
    """Prior standard deviation of each seasonal coefficient, log scale."""
    dispersion: float = 0.6
    """Prior variance of a period's own deviation, log scale (extra-Poisson)."""
    dispersion_weight: float = 12.0
    """How many periods of evidence the prior dispersion is worth."""
    dispersion_discount: float = 0.98
    break_sd: float = 1.5
    """Standard deviation added to the level where a counting rule changes."""

    def __post_init__(self) -> None:
        shares = (
            "level",
            "threshold",
            "alarm_rate",
            "level_discount",
            "season_discount",
            "dispersion_discount",
        )
        faults = [
            f"{field.name} = {getattr(self, field.name)}"
            for field in fields(self)
            if not getattr(self, field.name) > 0 or (field.name in shares and getattr(self, field.name) > 1)
        ]
        if faults:
            raise InputError(
                expected="positive settings, shares of at most 1",
                found=", ".join(faults),
                where="options of detect",
                hint="see DetectOptions for the meaning of each",
            )


DETECT_DEFAULTS = DetectOptions()
