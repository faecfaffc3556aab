"""UNHCR: refugees and asylum-seekers at the end of a year, asylum applications and decisions of a year."""

from counterpoise.sources.unhcr.tables import TABLES

__all__ = ["TABLES"]
