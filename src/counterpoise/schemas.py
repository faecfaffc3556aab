"""Every frame that crosses a module border: column, type, meaning; and the check that a frame has it."""

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from counterpoise.errors import InputError

__all__ = [
    "ALARMS",
    "BANDS",
    "CELL",
    "DATASETS",
    "DOCUMENTS",
    "EPISODES",
    "LEDGER",
    "OBSERVATIONS",
    "SERIES",
    "SET_ASIDE",
    "VINTAGES",
    "WITHDRAWALS",
    "Column",
    "empty",
    "require_schema",
]


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a frame."""

    dtype: pl.DataType
    meaning: str


OBSERVATIONS: dict[str, Column] = {
    "dataset": Column(pl.String(), "Dataset id, e.g. frontex.ibc"),
    "corridor": Column(pl.String(), "Corridor id of the registry, e.g. eastern-borders, BY-PL"),
    "reporter": Column(pl.String(), "ISO 3166 alpha-3 of the reporting state, or EU"),
    "nationality": Column(pl.String(), "ISO 3166 alpha-3, or TOTAL, UNK, XSS, XXA, XKX"),
    "measure": Column(pl.String(), "What the figure counts"),
    "unit": Column(pl.String(), "events, persons or decisions"),
    "place": Column(pl.String(), "Where it was counted: green_border, crossing_point, inland, sea, border"),
    "publisher_term": Column(pl.String(), "The publisher's own word for the measure"),
    "period_start": Column(pl.Date(), "First day the figure is about, inclusive"),
    "period_end": Column(pl.Date(), "Last day the figure is about, inclusive"),
    "frequency": Column(pl.String(), "D W M Q Y, or S for any other span"),
    "value": Column(pl.Float64(), "A count, never negative"),
    "known_on": Column(pl.Date(), "Day of publication (vintage)"),
    "document": Column(pl.String(), "Id of the source document"),
    "locator": Column(pl.String(), "Cell, row or sentence in the document"),
    "flag": Column(pl.String(), "Flags, separated by one space; empty if none"),
}

CELL: tuple[str, ...] = (
    "dataset",
    "corridor",
    "reporter",
    "nationality",
    "measure",
    "unit",
    "place",
    "period_start",
    "period_end",
    "frequency",
)
"""The columns that together name one figure; two vintages of a cell differ only in ``known_on`` and value."""

DOCUMENTS: dict[str, Column] = {
    "document": Column(pl.String(), "Id: d- and the first 16 hexadecimal digits of the SHA-256"),
    "sha256": Column(pl.String(), "SHA-256 of the bytes read; of the address where only a page was read"),
    "publisher": Column(pl.String(), "Who published it"),
    "title": Column(pl.String(), "Title, or file name"),
    "url": Column(pl.String(), "Address, or empty"),
    "published_on": Column(pl.Date(), "Day of publication, or null"),
    "licence": Column(pl.String(), "Reuse terms; 'not found' where so"),
}

DATASETS: dict[str, Column] = {
    "dataset": Column(pl.String(), "Dataset id"),
    "title": Column(pl.String(), "Title in plain words"),
    "publisher": Column(pl.String(), "Who publishes it"),
    "dense": Column(pl.Boolean(), "Whether a cell missing from a vintage is 0 (else unknown)"),
    "lag_days": Column(pl.Int64(), "Days from period end to publication; null: no lag is ever assumed"),
}

VINTAGES: dict[str, Column] = {
    "dataset": Column(pl.String(), "Dataset id"),
    "known_on": Column(pl.Date(), "Day of publication"),
    "document": Column(pl.String(), "Id of the source document"),
    "first_period_start": Column(pl.Date(), "First day covered"),
    "last_period_end": Column(pl.Date(), "Last day covered"),
}

WITHDRAWALS: dict[str, Column] = {
    "dataset": Column(pl.String(), "Dataset id"),
    "withdrawn_on": Column(pl.Date(), "Day from which on its figures no longer count"),
}

LEDGER: dict[str, Column] = {
    "document": Column(pl.String(), "Id of the document that was read"),
    "run": Column(
        pl.String(), "Id of the reading: the same where the document was read with the same outcome"
    ),
    "outcome": Column(pl.String(), "read, kept or left_out: read = kept + left_out"),
    "reason": Column(pl.String(), "Why figures were left out; empty for the others"),
    "figures": Column(pl.Int64(), "How many figures"),
}

SET_ASIDE: dict[str, Column] = {
    "dataset": Column(pl.String(), "Dataset id"),
    "document": Column(pl.String(), "Id of the source document"),
    "locator": Column(pl.String(), "Cell or row in the document"),
    "text": Column(pl.String(), "What could not be read as a code, as it stands in the document"),
    "period_start": Column(pl.Date(), "First day the figure is about"),
    "value": Column(pl.Float64(), "The figure"),
    "reason": Column(pl.String(), "Why it was kept aside"),
}

_SERIES_KEY: dict[str, Column] = {
    name: OBSERVATIONS[name] for name in ("dataset", "corridor", "nationality", "measure")
}

SERIES: dict[str, Column] = {
    **_SERIES_KEY,
    "frequency": OBSERVATIONS["frequency"],
    "first_period_start": Column(pl.Date(), "First period with a figure"),
    "last_period_end": Column(pl.Date(), "Last day of the last period with a figure"),
    "n_periods": Column(pl.Int64(), "Periods with a figure"),
    "total": Column(pl.Float64(), "Sum of the figures"),
    "status": Column(pl.String(), "monitored, or no_baseline"),
    "reason": Column(pl.String(), "Why there is no baseline, and since when; empty if monitored"),
}

BANDS: dict[str, Column] = {
    **_SERIES_KEY,
    "period_start": OBSERVATIONS["period_start"],
    "period_end": OBSERVATIONS["period_end"],
    "observed": Column(pl.Float64(), "The count; null where nothing is published"),
    "expected": Column(pl.Float64(), "Median of the one-step predictive distribution"),
    "lower": Column(pl.Float64(), "Lower end of the interval, inclusive"),
    "upper": Column(pl.Float64(), "Upper end of the interval, inclusive"),
    "level": Column(pl.Float64(), "Probability of the interval, e.g. 0.95"),
    "tail_probability": Column(pl.Float64(), "P(count >= observed) under the predictive distribution"),
    "lower_tail_probability": Column(pl.Float64(), "P(count <= observed) under the predictive distribution"),
    "calibrated_probability": Column(
        pl.Float64(), "Share of earlier cases of this size at least as far above; null where too few"
    ),
    "growth_elsewhere": Column(
        pl.Float64(), "Observed over expected of the same nationality on all other corridors; null if none"
    ),
    "specific_probability": Column(
        pl.Float64(), "P(count >= observed) had this series grown as the nationality did elsewhere"
    ),
    "known_on": Column(pl.Date(), "Day on which the figure was first known"),
    "flag": OBSERVATIONS["flag"],
}

ALARMS: dict[str, Column] = {
    **_SERIES_KEY,
    "kind": Column(pl.String(), "surge, level_shift, new_route, collapse or reporting_change"),
    "period_start": OBSERVATIONS["period_start"],
    "period_end": OBSERVATIONS["period_end"],
    "expected": BANDS["expected"],
    "lower": BANDS["lower"],
    "upper": BANDS["upper"],
    "level": BANDS["level"],
    "observed": BANDS["observed"],
    "tail_probability": Column(
        pl.Float64(), "Probability of a count at least as extreme, in the alarm's direction"
    ),
    "calibrated_probability": BANDS["calibrated_probability"],
    "growth_elsewhere": BANDS["growth_elsewhere"],
    "specific_probability": BANDS["specific_probability"],
    "discovery": Column(
        pl.Boolean(),
        "Whether a surge stands when all series are watched at once, at the stated rate of false discoveries; null "
        "where it is not tested: falls, totals, too few earlier cases",
    ),
    "known_on": BANDS["known_on"],
    "flag": OBSERVATIONS["flag"],
    "episode": Column(pl.String(), "Id of the episode the alarm belongs to"),
    "onset": Column(pl.Date(), "First day of the episode's first period"),
    "onset_lower": Column(pl.Date(), "Earliest day the rise may have begun"),
    "onset_upper": Column(pl.Date(), "Latest day the rise may have begun"),
    "reason": Column(pl.String(), "The alarm in one sentence"),
    "notes": Column(pl.String(), "What to bear in mind: regimes, same nationality elsewhere; empty if none"),
}

EPISODES: dict[str, Column] = {
    "episode": ALARMS["episode"],
    **_SERIES_KEY,
    "kind": Column(pl.String(), "Kind of the first alarm"),
    "onset": ALARMS["onset"],
    "onset_lower": ALARMS["onset_lower"],
    "onset_upper": ALARMS["onset_upper"],
    "last_alarm_end": Column(pl.Date(), "Last day of the last alarmed period"),
    "n_alarms": Column(pl.Int64(), "Alarmed periods"),
    "peak_start": Column(pl.Date(), "First day of the period with the largest count"),
    "peak": Column(pl.Float64(), "The largest count"),
    "observed": Column(pl.Float64(), "Sum of counts over the alarmed periods"),
    "expected": Column(pl.Float64(), "Sum of expected counts over the alarmed periods"),
}


def empty(schema: Mapping[str, Column]) -> pl.DataFrame:
    """Return a frame of the schema without rows."""
    return pl.DataFrame(schema={name: column.dtype for name, column in schema.items()})


def require_schema(frame: pl.DataFrame, schema: Mapping[str, Column], where: str) -> pl.DataFrame:
    """Return ``frame`` with exactly the columns of ``schema``, in its order.

    Raises
    ------
    InputError
        If a column is missing or has another type; all faults are named together.
    """
    faults = [f"no column {name}" for name in schema if name not in frame.columns]
    faults += [
        f"{name} is {frame.schema[name]}, not {column.dtype}"
        for name, column in schema.items()
        if name in frame.columns and frame.schema[name] != column.dtype
    ]
    if faults:
        raise InputError(
            expected=f"columns {', '.join(schema)}",
            found="; ".join(faults),
            where=where,
            hint="rename or convert these columns",
        )
    return frame.select(list(schema))
