"""Italy: people landed from the sea by day, as the Ministry of the Interior's bulletins say it, every vintage."""

from counterpoise.sources.italy.landings import TABLES

__all__ = ["TABLES"]
