"""Settings of ``evaluate``, each with the reason for its default."""

from dataclasses import dataclass
from math import isfinite

from counterpoise.errors import InputError

__all__ = ["EVALUATE_DEFAULTS", "EvaluateOptions"]


@dataclass(frozen=True, slots=True, kw_only=True)
class EvaluateOptions:
    """Options of ``evaluate``."""

    level: float = 0.95
    """Probability of every interval."""
    min_pre_periods: int = 12
    """With fewer periods before a response nothing is estimated: one year is the least that shows seasons."""
    max_post_periods: int = 12
    """An effect is read over at most so many periods: later, a forecast without the response says little."""
    level_ratios: tuple[float, ...] = (0.02, 0.1, 0.9)
    """Share of the one-step variance that moves the level for good; averaged over, because a prior that holds the
    level fixed is what makes other tools overconfident."""
    noise_correlations: tuple[float, ...] = (0.6, 0.9)
    """Of the rest, from one month to the next; averaged over. What passes within months is then not taken for a level
    that stays. Ratios and correlations were chosen by interval score on real placebos that end by 2018; see
    ``benchmarks/skill/impact.py``."""
    ridge_scales: tuple[float, ...] = (0.03, 0.3, 3.0)
    """Prior variance of a regression coefficient, relative to the noise, on standardised control series."""
    recent_periods: int = 24
    """Months whose changes say how restless the months to come are."""
    recent_prior_periods: float = 12.0
    """How many months of usual changes the recent ones are shrunk by. Both were chosen by interval score on real
    placebos that end by 2017."""
    width_below: tuple[float, float, float, float, float] = (-0.01, -0.4, 0.66, -0.03, 0.08)
    width_above: tuple[float, float, float, float, float] = (-0.05, -0.19, -0.25, 0.21, 0.21)
    """Log factor on the width of intervals below and above the estimate, per feature of the series (see ``width.py``):
    constant, width of the model, share of counts under five, last year over the usual one, restlessness of years;
    by ``benchmarks/skill/impact_width.py``."""
    panel_width: float = 1.26
    """By what the interval of a mean over several nationalities is multiplied: so that it holds zero in 95 % of real
    placebos that end by 2018 (``benchmarks/skill/impact_joint.py``)."""
    panel_months: int = 24
    panel_shrinkage: float = 0.15
    """Matrix completion reads so many months before a response, and shrinks singular values by this share of the
    largest: by squared error on placebos that end by 2018. Longer, series drift apart."""
    least_donors: int = 20
    """With fewer series of other corridors no panel is completed: there are no patterns to be found."""
    season_scale: float = 0.3
    """Prior variance of each calendar month's coefficient, relative to the noise."""
    rule_change_scale: float = 6.0
    """Prior variance of a jump where a counting rule changed before the response, relative to the noise."""

    def __post_init__(self) -> None:
        faults = []
        if not 0 < self.level < 1:
            faults.append(f"level = {self.level}")
        faults += [
            f"{name} = {value}"
            for name, value in (
                ("min_pre_periods", self.min_pre_periods),
                ("max_post_periods", self.max_post_periods),
                ("recent_periods", self.recent_periods),
                ("recent_prior_periods", self.recent_prior_periods),
                ("panel_width", self.panel_width),
                ("panel_months", self.panel_months),
                ("panel_shrinkage", self.panel_shrinkage),
                ("least_donors", self.least_donors),
                ("season_scale", self.season_scale),
                ("rule_change_scale", self.rule_change_scale),
            )
            if not (isfinite(value) and value > 0)
        ]
        if not self.level_ratios or any(not 0 < ratio < 1 for ratio in self.level_ratios):
            faults.append(f"level_ratios = {self.level_ratios}")
        if not self.noise_correlations or any(not 0 <= phi < 1 for phi in self.noise_correlations):
            faults.append(f"noise_correlations = {self.noise_correlations}")
        if not self.ridge_scales or any(not (isfinite(s) and s > 0) for s in self.ridge_scales):
            faults.append(f"ridge_scales = {self.ridge_scales}")
        if faults:
            raise InputError(
                expected="positive settings, level, level ratios and correlations between 0 and 1",
                found=", ".join(faults),
                where="options of evaluate",
                hint="see EvaluateOptions for the meaning of each",
            )


EVALUATE_DEFAULTS = EvaluateOptions()
