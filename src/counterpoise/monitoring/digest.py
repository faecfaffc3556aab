"""``digest``: what is new since a day: figures, revisions, and the alarms they raise."""

from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

import polars as pl

from counterpoise.errors import InputError
from counterpoise.monitoring.detect import detect
from counterpoise.monitoring.options import DETECT_DEFAULTS, DetectOptions
from counterpoise.monitoring.results import Detection
from counterpoise.observations.archive import Archive
from counterpoise.provenance import Provenance, describe_inputs
from counterpoise.schemas import CELL

__all__ = ["Digest", "digest"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """What became known after one day and until another.

    Parameters
    ----------
    since, until
        New means: known after ``since``, on or before ``until``.
    figures
        One row per dataset and measure with new figures: columns ``dataset, measure, publisher, n_figures,
        n_corridors, first_period_start, last_period_end, known_on``.
    revisions
        Figures that had another value before: columns of a cell and ``value_before, value, known_on``.
    alarms
        Schema ``ALARMS``: the alarms of the newest state whose figure became known after ``since``.
    detection
        The detection they were taken from.
    """

    since: date
    until: date
    figures: pl.DataFrame
    revisions: pl.DataFrame
    alarms: pl.DataFrame
    detection: Detection
    provenance: Provenance

    @property
    def result_id(self) -> str:
        """The id of this result."""
        return self.provenance.result_id

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON answer of ``digest``."""

        def plain(frame: pl.DataFrame) -> list[dict[str, Any]]:
            return frame.with_columns(pl.col(pl.Date).dt.to_string("iso")).to_dicts()

        return {
            **self.provenance.header(),
            "since": self.since.isoformat(),
            "figures": plain(self.figures),
            "revisions": plain(self.revisions),
            "alarms": plain(self.alarms),
            "n_series": self.detection.n_series,
            "expected_false_alarms": expected_false_alarms(self),
            "checks": [check.to_dict() for check in self.detection.checks],
        }


def expected_false_alarms(found: Digest) -> float:
    """Return how many alarms the rule would raise by chance on the figures that are new."""
    bands = found.detection.bands
    judged = bands.filter(pl.col("known_on") > found.since, pl.col("observed").is_not_null())
    rate: float = found.detection.provenance.options["alarm_rate"]
    return round(judged.height * rate, 1)


def digest(
    observations: Archive,
    *,
    since: date,
    as_of: date | None = None,
    options: DetectOptions = DETECT_DEFAULTS,
    seed: int = 0,
) -> Digest:
    """Return what became known after ``since`` and until ``as_of``.

    Parameters
    ----------
    observations
        The archive.
    since
        The day of the last look, exclusive.
    as_of
        Day of replay, inclusive; None: the newest day of publication in the data.
    options
        Settings of ``detect``.
    seed
        Written into the result; no random numbers are drawn.

    Raises
    ------
    InputError
        If ``since`` is not before ``as_of``.
    AnalysisError
        If no monthly figure was known by then.
    """
    known = observations.as_of(as_of)
    if since >= known.day:
        raise InputError(
            expected=f"a day before {known.day}, the day of the newest figures",
            found=str(since),
            where="--since",
            hint="choose an earlier day",
        )
    before = observations.as_of(since).observations
    now = known.observations
    cell = list(CELL)
    new = now.join(before, on=cell, how="anti", nulls_equal=True)
    both = now.join(before.select(*cell, pl.col("value").alias("value_before")), on=cell, nulls_equal=True)
    detection = detect(observations, as_of=known.day, options=options, seed=seed)
    return Digest(
        since=since,
        until=known.day,
        figures=_summary(new, known.datasets),
        revisions=both.filter(pl.col("value") != pl.col("value_before"))
        .select(*cell, "value_before", "value", "known_on")
        .sort(*cell),
        alarms=detection.alarms.filter(pl.col("known_on") > since),
        detection=detection,
        provenance=Provenance(
            stage="digest",
            as_of=known.day,
            seed=seed,
            options={**asdict(options), "since": since},
            inputs=describe_inputs(now),
            upstream=(detection.result_id,),
        ),
    )


def _summary(new: pl.DataFrame, datasets: pl.DataFrame) -> pl.DataFrame:
    return (
        new.group_by("dataset", "measure")
        .agg(
            pl.len().cast(pl.Int64).alias("n_figures"),
            pl.col("corridor").n_unique().cast(pl.Int64).alias("n_corridors"),
            pl.col("period_start").min().alias("first_period_start"),
            pl.col("period_end").max().alias("last_period_end"),
            pl.col("known_on").max(),
        )
        .join(datasets.select("dataset", "publisher"), on="dataset", how="left")
        .select(
            "dataset",
            "measure",
            "publisher",
            "n_figures",
            "n_corridors",
            "first_period_start",
            "last_period_end",
            "known_on",
        )
        .sort("dataset", "measure")
    )
