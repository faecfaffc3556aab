"""IOM's Missing Migrants Project: people found dead or missing, as sums by route or country and month."""

from counterpoise.sources.iom.missing_migrants import TABLES

__all__ = ["TABLES"]
