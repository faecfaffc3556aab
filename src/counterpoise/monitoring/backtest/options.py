"""Settings of the back-test, each with the reason for its default."""

from dataclasses import dataclass
from datetime import date

from counterpoise.errors import InputError
from counterpoise.monitoring.backtest.thresholds import Rate

__all__ = ["BACKTEST_DEFAULTS", "BacktestOptions"]


@dataclass(frozen=True, slots=True, kw_only=True)
class BacktestOptions:
    """Options of ``backtest``."""

    rates: tuple[Rate, ...] = (
        Rate(value=0.5, per="decade"),
        Rate(value=1.0, per="decade"),
        Rate(value=1.0, per="month"),
    )
    """Stated rates of false alarms at which detectors are compared."""
    trained_to: date = date(2018, 12, 1)
    """Last month of the real series on which thresholds are set: before the labelled episodes."""
    since: date | None = None
    """First month in which surges and alarms count; None: after ``warm_up_months``."""
    until: date | None = None
    """Last month in which they count; None: the last of the data."""
    warm_up_months: int = 60
    """Months that only teach, the same for every detector: five years, the longest baseline among them."""
    n_own_surges: int = 1500
    """Surges of our own recipe, where none are given."""
    n_simulated: int = 300
    """Simulated series per class, ten years each: at one episode in a decade, about 300 episodes or 6 %."""
    surges_per_decade: float = 1.0
    """Real surges assumed per series-decade where the share of true alarms (PPV) is computed."""
    references: tuple[str, ...] = ("ears_c1",)
    """Detectors that all others are compared with, pair by pair."""
    n_draws: int = 1000
    """Draws of the block bootstrap."""
    level: float = 0.95
    """Probability of the intervals."""

    def __post_init__(self) -> None:
        faults = [
            f"{name} = {value}"
            for name, value, fine in (
                ("rates", self.rates, bool(self.rates)),
                ("warm_up_months", self.warm_up_months, self.warm_up_months >= 4),
                ("n_own_surges", self.n_own_surges, self.n_own_surges >= 1),
                ("n_simulated", self.n_simulated, self.n_simulated >= 1),
                ("surges_per_decade", self.surges_per_decade, self.surges_per_decade > 0),
                ("n_draws", self.n_draws, self.n_draws >= 1),
                ("level", self.level, 0 < self.level < 1),
                ("since and until", (self.since, self.until), _in_order(self.since, self.until)),
            )
            if not fine
        ]
        if faults:
            raise InputError(
                expected="at least one rate, positive numbers, and --from not after --to",
                found=", ".join(faults),
                where="options of backtest",
                hint="see BacktestOptions for the meaning of each",
            )


def _in_order(since: date | None, until: date | None) -> bool:
    return since is None or until is None or since <= until


BACKTEST_DEFAULTS = BacktestOptions()
