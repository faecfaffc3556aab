"""Eurostat's statistics on asylum and on the enforcement of immigration law, from its bulk files."""

from counterpoise.sources.eurostat.bulk import is_bulk, parse_bulk

__all__ = ["is_bulk", "parse_bulk"]
