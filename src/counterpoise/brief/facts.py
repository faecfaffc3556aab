"""Where a brief gets its numbers: series and results, each read once and cited with its documents."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

import polars as pl

from counterpoise.brief.cite import Register
from counterpoise.brief.text import Cited, spoken_month
from counterpoise.monitoring.results import Detection
from counterpoise.observations.archive import Known, read_series
from counterpoise.observations.words import MEASURE_WORDS, place, spoken_date, who
from counterpoise.provenance import Provenance, describe_inputs

__all__ = ["Facts", "SeriesKey"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesKey:
    """Names one series."""

    dataset: str
    corridor: str
    nationality: str
    measure: str
    frequency: str = "M"

    def rows(self, frame: pl.DataFrame) -> pl.DataFrame:
        """Return the rows of a result's frame that belong to the series."""
        return frame.filter(
            pl.col("dataset") == self.dataset,
            pl.col("corridor") == self.corridor,
            pl.col("nationality") == self.nationality,
            pl.col("measure") == self.measure,
        )


@dataclass(slots=True, kw_only=True)
class Facts:
    """Series as they were known, the detection over them, and the register in which numbers are cited."""

    known: Known
    detection: Detection
    register: Register
    observations_id: str
    """Result id of what was known on the day."""
    _read: dict[SeriesKey, pl.DataFrame] = field(default_factory=dict)

    @classmethod
    def of(cls, known: Known, detection: Detection) -> "Facts":
        """Return the facts of a day; nothing is cited yet."""
        provenance = Provenance(
            stage="observations", as_of=known.day, inputs=describe_inputs(known.observations)
        )
        return cls(
            known=known,
            detection=detection,
            register=Register(known.documents, as_of=known.day),
            observations_id=provenance.result_id,
        )

    def series(self, key: SeriesKey) -> pl.DataFrame:
        """Return the series as it was known: schema ``OBSERVATIONS``, by period."""
        if key not in self._read:
            self._read[key] = read_series(self.known, **asdict(key))
        return self._read[key]

    def describe(self, key: SeriesKey, period: str) -> str:
        """Return what a figure of the series is, in words."""
        words = MEASURE_WORDS.get(key.measure, key.measure).capitalize()
        return f"{words}{who(key.nationality)}, {place(self.known.corridors[key.corridor])}, {period}"

    def observed(self, key: SeriesKey, period_start: date) -> Cited:
        """Return the cited figure of one period.

        Raises
        ------
        KeyError
            If no figure was known; callers ask for periods they have seen in the series.
        """
        found = self.series(key).filter(pl.col("period_start") == period_start)
        if found.is_empty():
            raise KeyError(key, period_start)
        row = found.row(-1, named=True)
        return self.register.cite(
            row["value"],
            what=self.describe(key, _period(row["period_start"], key.frequency)),
            result_id=self.observations_id,
            key=_key(key, period_start),
            documents=row["document"].split(),
            locators=[row["locator"]],
            known_on=row["known_on"],
        )

    def modelled(self, key: SeriesKey, band: Mapping[str, Any], column: str) -> Cited:
        """Return a cited number of the detection: ``expected``, ``lower`` or ``upper`` of one period."""
        word = {"expected": "Expected", "lower": "Lower end of", "upper": "Upper end of"}[column]
        tail = "" if column == "expected" else f" {band['level']:.0%} interval"
        period = _period(band["period_start"], key.frequency)
        sources = self.series(key)["document"].unique().sort().to_list()
        return self.register.cite(
            band[column],
            what=f"{word}{tail}: {self.describe(key, period)}",
            result_id=self.detection.result_id,
            key=_key(key, band["period_start"]),
            documents=sorted({d for entry in sources for d in entry.split()})[:3],
            locators=["computed from earlier figures of the series"],
            known_on=None,
            column=column,
            options=self.detection.provenance.to_dict()["options"],
        )

    def judged_from(self, key: SeriesKey) -> date | None:
        """Return the first period of a monitored series that could be alarmed: earlier ones only teach."""
        needed = int(self.detection.provenance.options["warm_up_periods"])
        figures = (
            key.rows(self.detection.bands)
            .filter(pl.col("observed").is_not_null(), ~pl.col("flag").str.contains("provisional"))
            .sort("period_start")["period_start"]
        )
        return figures[needed] if len(figures) > needed else None

    def publisher(self, dataset: str) -> str:
        """Return who publishes a dataset."""
        found = self.known.datasets.filter(pl.col("dataset") == dataset)
        return str(found["publisher"][0]) if found.height else dataset


def _key(key: SeriesKey, period_start: date) -> dict[str, str]:
    return {**asdict(key), "period_start": period_start.isoformat()}


def _period(start: date, frequency: str) -> str:
    if frequency == "Y":
        return str(start.year)
    return spoken_month(start) if frequency == "M" else spoken_date(start)
