"""Monitoring: whether something unusual is happening at a border."""

from counterpoise.monitoring.daily import DAILY_DEFAULTS, detect_daily
from counterpoise.monitoring.detect import detect
from counterpoise.monitoring.options import DETECT_DEFAULTS, DetectOptions
from counterpoise.monitoring.results import Detection
from counterpoise.monitoring.two_clocks import two_clocks
from counterpoise.monitoring.weekly import WEEKLY_DEFAULTS, detect_weekly

__all__ = [
    "DAILY_DEFAULTS",
    "DETECT_DEFAULTS",
    "WEEKLY_DEFAULTS",
    "DetectOptions",
    "Detection",
    "detect",
    "detect_daily",
    "detect_weekly",
    "two_clocks",
]
