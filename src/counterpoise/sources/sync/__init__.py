"""``sync``: documents fetched politely and within bounds, read, and stored whole or not at all."""

from counterpoise.sources.sync.run import Synced, sync

__all__ = ["Synced", "sync"]
