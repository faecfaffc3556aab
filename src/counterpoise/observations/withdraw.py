"""A dataset of one's own is withdrawn: from that day on nothing reads it, and a replay of an earlier day still does."""

from datetime import date
from pathlib import Path

import polars as pl

from counterpoise.errors import InputError
from counterpoise.observations.bundled import read_bundled
from counterpoise.observations.store import append_withdrawal, read_store

__all__ = ["withdraw_dataset"]


def withdraw_dataset(path: Path, dataset: str, day: date) -> date:
    """Mark a dataset of an archive file as withdrawn; its figures stay stored.

    Parameters
    ----------
    path
        The archive file.
    dataset
        Its id.
    day
        From which day on it no longer counts.

    Returns
    -------
    datetime.date
        The day of withdrawal: an earlier one, if it was withdrawn before.

    Raises
    ------
    InputError
        If the archive holds no such dataset, or it is one of the bundled ones.
    SourceError
        If another process keeps writing, or the disk takes no more. The archive is as it was.
    """
    stored = read_store(path)
    bundled = set(read_bundled().datasets["dataset"])
    own = sorted(set(stored.datasets["dataset"]) - bundled)
    if dataset not in own:
        raise InputError(
            expected=f"a dataset of your own: {', '.join(own) or 'none is stored'}",
            found=f"the bundled dataset {dataset}" if dataset in bundled else repr(dataset),
            where="--withdraw",
            hint="'counterpoise sources' lists the datasets",
        )
    before: list[date] = stored.withdrawals.filter(pl.col("dataset") == dataset)["withdrawn_on"].to_list()
    if before:
        return min(before)
    append_withdrawal(path, dataset, day)
    return day
