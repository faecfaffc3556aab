"""A check is a value: what was looked at, how it came out, one sentence, and the offending rows."""

from dataclasses import dataclass, field
from typing import Literal

import polars as pl

__all__ = ["Check", "CheckStatus"]

CheckStatus = Literal["passed", "failed", "inconclusive", "skipped"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """The outcome of one check.

    Parameters
    ----------
    name
        Stable id, e.g. ``provisional_month``.
    status
        ``passed``, ``failed``, ``inconclusive`` or ``skipped``.
    text
        One sentence a reader understands without the code.
    table
        The rows the sentence speaks of; may be empty.
    """

    name: str
    status: CheckStatus
    text: str
    table: pl.DataFrame = field(default_factory=pl.DataFrame)

    def to_dict(self) -> dict[str, str]:
        """Return the check as it stands in every JSON answer."""
        return {"name": self.name, "status": self.status, "text": self.text}
