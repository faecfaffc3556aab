"""Windows and constants all indicators share, so that they speak of the same months."""

__all__ = ["HISTORY_MONTHS", "PSEUDO_COUNT", "WINDOW_MONTHS", "YEAR"]

WINDOW_MONTHS = 3
"""The months under test: the month asked for and the two before it. An episode seldom begins and peaks in one."""
YEAR = 12
HISTORY_MONTHS = 36
"""Months needed before the month under test: two years of seasons, and a year before the run-up."""
PSEUDO_COUNT = 5.0
"""Added to both sides of a ratio of counts, so that a handful of people is no growth."""
