"""Monitoring: whether something unusual is happening at a border."""

from counterpoise.monitoring.daily import DAILY_DEFAULTS, detect_daily
from counterpoise.monitoring.detect import detect
from counterpoise.monitoring.options import DETECT_DEFAULTS, DetectOptions
from counterpoise.monitoring.results import Detection

__all__ = ["DAILY_DEFAULTS", "DETECT_DEFAULTS", "DetectOptions", "Detection", "detect", "detect_daily"]
