"""The ledger of a reading: how many figures a document holds, how many were kept, and why the others were not."""

from collections.abc import Mapping

import polars as pl

from counterpoise.provenance import sha256_of
from counterpoise.schemas import LEDGER

__all__ = ["KEPT", "LEFT_OUT", "READ", "ledger_frame", "ledger_lines", "unbalanced_runs"]

READ, KEPT, LEFT_OUT = "read", "kept", "left_out"


def ledger_frame(document: str, *, read: int, kept: int, left_out: Mapping[str, int]) -> pl.DataFrame:
    """Return the rows of schema ``LEDGER`` of one reading of a document.

    Parameters
    ----------
    document
        Id of the document.
    read
        Figures found in it, counted before anything was chosen.
    kept
        Figures that became observations.
    left_out
        Reason -> figures; reasons without figures are not written.
    """
    reasons = {reason: n for reason, n in left_out.items() if n}
    lost = read - kept - sum(reasons.values())
    assert lost == 0, f"{read} figures read, {kept} kept, {reasons} left out: {lost} are unaccounted for"
    entries = [(READ, "", read), (KEPT, "", kept), *((LEFT_OUT, reason, n) for reason, n in reasons.items())]
    run = f"r-{sha256_of(repr((document, entries)).encode())[:16]}"
    return pl.DataFrame(
        [(document, run, *entry) for entry in entries],
        schema={name: column.dtype for name, column in LEDGER.items()},
        orient="row",
    )


def unbalanced_runs(ledger: pl.DataFrame) -> pl.DataFrame:
    """Return ``document, run, read, kept, left_out`` of the readings whose figures do not add up."""
    sums = ledger.group_by("document", "run").agg(
        pl.col("figures").filter(pl.col("outcome") == outcome).sum().alias(outcome)
        for outcome in (READ, KEPT, LEFT_OUT)
    )
    return sums.filter(pl.col(READ) != pl.col(KEPT) + pl.col(LEFT_OUT)).sort("document", "run")


def ledger_lines(ledger: pl.DataFrame) -> list[str]:
    """Return one line for each reading: ``3,257 figures read = 3,257 kept``, and what was left out, by reason."""
    lines = []
    for _, run in ledger.group_by("document", "run", maintain_order=True):
        n = dict(run.filter(pl.col("outcome") != LEFT_OUT).select("outcome", "figures").iter_rows())
        reasons = run.filter(pl.col("outcome") == LEFT_OUT).select("figures", "reason").iter_rows()
        parts = [f"{n[KEPT]:,} kept", *(f"{figures:,} {reason}" for figures, reason in reasons)]
        lines.append(f"{n[READ]:,} figures read = {' + '.join(parts)}")
    return lines
