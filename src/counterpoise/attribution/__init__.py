"""Attribution: what drives a rise, who opened the way, to what end, as graded evidence that can be checked."""

from counterpoise.attribution.attribute import attribute
from counterpoise.attribution.options import ATTRIBUTE_DEFAULTS, AttributeOptions
from counterpoise.attribution.results import Attribution
from counterpoise.attribution.screen import Screening, screen

__all__ = ["ATTRIBUTE_DEFAULTS", "AttributeOptions", "Attribution", "Screening", "attribute", "screen"]
