"""``screen``: which corridor-months look least like ordinary rises, each with its reasons; never nationalities.

A place in this list says that a rise is worth a question, not that anybody made it. Every month that is a rise is
read by the indicators of an opening and of the record, on totals alone; no coded fact enters.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import polars as pl

from counterpoise.attribution.cube import Cube, cube_of
from counterpoise.attribution.indicators.catalogue import STATISTICS, compute_statistics
from counterpoise.attribution.indicators.shape import is_rise
from counterpoise.attribution.indicators.windows import HISTORY_MONTHS, WINDOW_MONTHS, YEAR
from counterpoise.attribution.likelihoods import Likelihoods, class_of, load_likelihoods, tables_sha256
from counterpoise.attribution.reference import Reading, read_statistics
from counterpoise.attribution.results import NO_PERSONS
from counterpoise.checks import Check
from counterpoise.errors import AnalysisError
from counterpoise.observations.archive import Archive
from counterpoise.observations.panel import build_panels
from counterpoise.provenance import Provenance, describe_inputs
from counterpoise.vocabulary import FLOW_MEASURES

__all__ = ["SCREENED", "Screening", "screen", "screen_cube"]

SCREENED: dict[str, pl.DataType] = {
    "rank": pl.Int64(),
    "dataset": pl.String(),
    "corridor": pl.String(),
    "left_out": pl.String(),
    "month": pl.Date(),
    "counted": pl.Float64(),
    "year_before": pl.Float64(),
    "opening_lower": pl.Float64(),
    "opening_upper": pl.Float64(),
    "artefact_lower": pl.Float64(),
    "artefact_upper": pl.Float64(),
    "reasons": pl.String(),
}
"""Columns of the list. ``opening_…`` and ``artefact_…``: bounds of the log likelihood ratio of any opening to none,
and of a reporting artefact to a real record; ranked by the middle of the first."""
_N_REASONS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Screening:
    """Corridor-months with a rise, those least like ordinary rises first; schema ``SCREENED``."""

    rows: pl.DataFrame
    checks: tuple[Check, ...]
    provenance: Provenance

    @property
    def result_id(self) -> str:
        """The id of this result."""
        return self.provenance.result_id

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON answer of ``screen``; its keys are stable."""
        rows = self.rows.with_columns(pl.col(pl.Date).dt.to_string("iso"))
        return {
            **self.provenance.header(),
            "rows": rows.to_dicts(),
            "ranks_nationalities": False,
            "says_nothing_about_persons": True,
            "text": NO_PERSONS,
            "checks": [check.to_dict() for check in self.checks],
            "provenance": self.provenance.to_dict(),
        }


def screen(
    observations: Archive, *, since: date | None = None, as_of: date | None = None, seed: int = 0
) -> Screening:
    """Return every corridor-month with a rise, as known on a day, those least like ordinary rises first.

    Parameters
    ----------
    observations
        The archive; dense datasets of flows are screened. A corridor is read without the nationalities its registry
        entry leaves out (``totals_without``).
    since
        Show only months from this day on; places are given among these.
    as_of
        Day of replay; None: the newest day of publication in the data.
    seed
        Written into the result; no random numbers are drawn.

    Raises
    ------
    AnalysisError
        If no monthly series by nationality was known on that day.
    """
    known = observations.as_of(as_of)
    panels = [p for p in build_panels(known) if p.measure in FLOW_MEASURES and p.dataset in known.dense]
    parts = []
    for panel in panels:
        corridors = panel.series["corridor"].unique().sort().to_list()
        by_left_out: dict[tuple[str, ...], list[str]] = {}
        for corridor in corridors:
            by_left_out.setdefault(known.corridors[corridor].totals_without, []).append(corridor)
        for left_out, members in by_left_out.items():
            cube = cube_of(panel, leave_out=left_out)
            rows = screen_cube(cube, load_likelihoods(), corridors=members, since=since)
            parts.append(
                rows.with_columns(
                    pl.lit(panel.dataset).alias("dataset"), pl.lit(" ".join(left_out)).alias("left_out")
                )
            )
    if not parts:
        raise AnalysisError(
            expected="a monthly series by nationality on several corridors",
            found=f"none known on {known.day}",
            where="the archive",
            hint="choose a later --as-of, or ingest the publisher's workbook",
        )
    read = known.observations.filter(
        pl.col("frequency") == "M", pl.col("dataset").is_in([p.dataset for p in panels])
    )
    return Screening(
        rows=_ranked(pl.concat(parts)),
        checks=(_check_blind(),),
        provenance=Provenance(
            stage="screen",
            as_of=known.day,
            seed=seed,
            options={"since": since, "likelihoods_sha256": tables_sha256()},
            inputs=describe_inputs(read),
        ),
    )


def screen_cube(
    cube: Cube, likelihoods: Likelihoods, *, corridors: Sequence[str], since: date | None = None
) -> pl.DataFrame:
    """Return one row per corridor-month that is a rise: columns of ``SCREENED`` without rank, dataset and left_out."""
    statistics = compute_statistics(cube)
    rows = []
    for corridor in corridors:
        c = cube.corridors.index(corridor)
        counts = cube.counts[c, -1]
        for t in range(HISTORY_MONTHS + WINDOW_MONTHS - 1, len(cube.months)):
            if (since is not None and cube.months[t] < since) or not is_rise(counts[: t + 1]):
                continue
            readings = read_statistics(cube, statistics, c, cube.total, t)
            if all(np.isnan(reading.tail_probability) for reading in readings.values()):
                continue  # too few comparable months were known to say anything
            opening = _bounds(likelihoods, "opening", readings)
            artefact = _bounds(likelihoods, "record", readings)
            window = slice(t - WINDOW_MONTHS + 1, t + 1)
            before = slice(t - WINDOW_MONTHS + 1 - YEAR, t + 1 - YEAR)
            rows.append(
                (
                    corridor,
                    cube.months[t],
                    float(counts[window].sum()),
                    float(counts[before].sum()),
                    *opening,
                    *artefact,
                    _reasons(likelihoods, readings),
                )
            )
    columns = {name: dtype for name, dtype in SCREENED.items() if name not in {"rank", "dataset", "left_out"}}
    return pl.DataFrame(rows, schema=columns, orient="row")


def _bounds(likelihoods: Likelihoods, question: str, readings: dict[str, Reading]) -> tuple[float, float]:
    """Return the smallest and largest log likelihood ratio of the second answer to the plain one."""
    found = [
        families[:, 1]
        for name, reading in readings.items()
        if (families := likelihoods.log_lr(question, name, class_of(reading.tail_probability))) is not None
    ]
    total = np.sum(found, axis=0) if found else np.zeros(1)
    return round(float(total.min()), 4) + 0.0, round(float(total.max()), 4) + 0.0


def _reasons(likelihoods: Likelihoods, readings: dict[str, Reading]) -> str:
    """Return the indicators that speak most for an opening, and the strongest against it."""
    weighed = []
    for name, reading in readings.items():
        families = likelihoods.log_lr("opening", name, class_of(reading.tail_probability))
        if families is not None:
            weighed.append((float(families[:, 1].mean()), name, reading))
    weighed.sort(key=lambda entry: -entry[0])
    in_favour = [_reason(name, reading) for weight, name, reading in weighed[:_N_REASONS] if weight > 0]
    against = [_reason(name, reading) for weight, name, reading in weighed[-1:] if weight < 0]
    return f"for: {'; '.join(in_favour) or 'nothing'}. against: {'; '.join(against) or 'nothing'}"


def _reason(name: str, reading: Reading) -> str:
    return f"{STATISTICS[name].title.lower()} {reading.value:.2f} (top {reading.tail_probability:.1%})"


def _ranked(rows: pl.DataFrame) -> pl.DataFrame:
    middle = (pl.col("opening_lower") + pl.col("opening_upper")) / 2
    return (
        rows.sort(middle, "dataset", "corridor", "month", descending=[True, False, False, False])
        .with_row_index("rank", offset=1)
        .with_columns(pl.col("rank").cast(pl.Int64))
        .select(list(SCREENED))
    )


def _check_blind() -> Check:
    text = (
        "Movements that a measure does not count are not in this list: people turned back, and people who apply at a "
        "crossing point (Ceuta 2021, Evros 2020, Finland 2023). A low place clears nobody, a high one accuses nobody."
    )
    return Check(name="blind_spots", status="inconclusive", text=text)
