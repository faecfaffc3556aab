"""Detectors with one interface: our count model and the field's standards, implemented from their papers."""

from counterpoise.monitoring.detectors.base import Detector, Forecaster
from counterpoise.monitoring.detectors.cusum import CountChart
from counterpoise.monitoring.detectors.ears import Ears
from counterpoise.monitoring.detectors.ets import SeasonalEts
from counterpoise.monitoring.detectors.farrington import Farrington
from counterpoise.monitoring.detectors.random_walk import RandomWalk
from counterpoise.monitoring.detectors.rolling_maximum import RollingMaximum
from counterpoise.monitoring.detectors.year_on_year import YearOnYear

__all__ = [
    "CountChart",
    "Detector",
    "Ears",
    "Farrington",
    "Forecaster",
    "RandomWalk",
    "RollingMaximum",
    "SeasonalEts",
    "YearOnYear",
    "catalogue",
]


def catalogue() -> tuple[Detector, ...]:
    """Return the comparators with their published defaults, simplest first; names are unique."""
    return (
        YearOnYear(),
        RollingMaximum(years=1),
        RollingMaximum(years=3),
        Ears(method="C1"),
        Ears(method="C2"),
        Ears(method="C3"),
        Farrington(
            name="farrington_1996", n_levels=1, skip=1, residual_limit=1.0, trend_p_value=0.05, limit="delta"
        ),
        Farrington(),
        CountChart(method="cusum"),
        CountChart(method="glr"),
        SeasonalEts(),
        RandomWalk(),
    )
