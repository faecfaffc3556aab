"""The back-test: how soon detectors find surges, and how often they cry wolf, at the same stated rate."""

from counterpoise.monitoring.backtest.options import BACKTEST_DEFAULTS, BacktestOptions
from counterpoise.monitoring.backtest.results import Backtest
from counterpoise.monitoring.backtest.run import backtest

__all__ = ["BACKTEST_DEFAULTS", "Backtest", "BacktestOptions", "backtest"]
