"""Monitoring: whether something unusual is happening at a border."""

from counterpoise.monitoring.detect import detect
from counterpoise.monitoring.options import DETECT_DEFAULTS, DetectOptions
from counterpoise.monitoring.results import Detection

__all__ = ["DETECT_DEFAULTS", "DetectOptions", "Detection", "detect"]
