"""Eurostat's statistics on asylum and on the enforcement of immigration law: bulk files and answers of its API."""

from counterpoise.sources.eurostat.answer import is_answer, parse_answer
from counterpoise.sources.eurostat.bulk import is_bulk, parse_bulk

__all__ = ["is_answer", "is_bulk", "parse_answer", "parse_bulk"]
