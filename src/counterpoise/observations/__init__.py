"""Observations: what was published, when, and how it was counted."""
