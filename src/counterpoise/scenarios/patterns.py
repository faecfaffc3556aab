"""Patterns of a case: published figures the model is laid beside, and which simulated figure stands for each.

Pattern-oriented modelling (Grimm et al. 2005, doi:10.1126/science.1116681): several weak patterns of unlike kinds,
none of which a wrong model meets by accident together with the others, instead of one number of error.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from importlib.resources import files
from typing import Annotated, Literal, Self

import numpy as np
import numpy.typing as npt
from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from counterpoise.scenarios.files import parse_file
from counterpoise.scenarios.parameters import SERIES

__all__ = ["Pattern", "load_patterns", "pattern_values", "shares_of_weeks"]

Values = npt.NDArray[np.float64]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Source(_Strict):
    """Where the figure stands among the bundled observations."""

    dataset: str
    corridor: str
    measure: str
    nationality: str = "TOTAL"
    nationality_over: str | None = None


class Pattern(_Strict):
    """One published figure, or the ratio of two, and the simulated series that stand for it."""

    name: str
    use: Literal["fit", "check"]
    series: Annotated[tuple[str, ...], Field(min_length=1)]
    period: tuple[date, date]
    observed: Annotated[float, Field(gt=0)]
    over: tuple[date, date] | None = None
    over_series: tuple[str, ...] | None = None
    observed_over: Annotated[float, Field(gt=0)] | None = None
    factor: Annotated[float, Field(gt=1)]
    source: Source

    @model_validator(mode="after")
    def _is_clear(self) -> Self:
        unknown = [name for name in (*self.series, *(self.over_series or ())) if name not in SERIES]
        if unknown:
            text = f"the series {', '.join(unknown)}"
            raise PydanticCustomError("counterpoise", "{text}", {"text": text, "hint": "see SERIES"})
        if self.is_ratio != (self.observed_over is not None):
            text = "one half of a ratio"
            hint = "give 'observed_over' and one of 'over' and 'over_series', or none of them"
            raise PydanticCustomError("counterpoise", "{text}", {"text": text, "hint": hint})
        return self

    @property
    def is_ratio(self) -> bool:
        """Whether the figure is one of two periods, or of two series."""
        return self.over is not None or self.over_series is not None

    @property
    def target(self) -> float:
        """The published figure, or ratio."""
        return self.observed / (self.observed_over or 1.0)


class _File(_Strict):
    case: str
    patterns: Annotated[tuple[Pattern, ...], Field(min_length=1)]


def load_patterns(case: str) -> tuple[Pattern, ...]:
    """Return the bundled patterns of a case; none if none are bundled."""
    name = f"patterns-{case}.yml"
    path = files("counterpoise.data").joinpath("scenarios", name)
    if not path.is_file():
        return ()
    return parse_file(path.read_text(encoding="utf-8"), name, _File, "patterns", "docs/scenarios.md").patterns


def pattern_values(series: npt.NDArray[np.float32], patterns: Sequence[Pattern], start: date) -> Values:
    """Return the simulated figure of each pattern, shape ``(n_patterns, n)``.

    A week that lies partly in a period counts by its days.

    Parameters
    ----------
    series
        Shape ``(n_weeks, len(SERIES), n)``.
    start
        First day of the first week.
    """
    rows = list(SERIES)

    def figure(names: Sequence[str], period: tuple[date, date]) -> Values:
        total = series[:, [rows.index(name) for name in names]].sum(axis=1, dtype=np.float64)
        return np.asarray(shares_of_weeks(period, start, len(series)) @ total)

    values = []
    for pattern in patterns:
        value = figure(pattern.series, pattern.period)
        if pattern.is_ratio:
            below = figure(pattern.over_series or pattern.series, pattern.over or pattern.period)
            value = value / np.maximum(below, 1.0)
        values.append(value)
    return np.array(values)


def shares_of_weeks(period: tuple[date, date], start: date, n_weeks: int) -> Values:
    """Return the share of each week's days that lies in a period, both ends inclusive."""
    days = [
        sum(period[0] <= start + timedelta(days=7 * week + day) <= period[1] for day in range(7))
        for week in range(n_weeks)
    ]
    return np.array(days) / 7
