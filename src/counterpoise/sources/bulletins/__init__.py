"""Bulletins of border services and news relays of them: figures read from the sentences that say them."""

from counterpoise.sources.bulletins.read import Reading, read_bulletin

__all__ = ["Reading", "read_bulletin"]
