"""Annual figures of states of origin: applications elsewhere, decisions on them, people displaced; as known on a day.

They are of ``data/attribution/origins.csv`` (UNHCR). A year comes out by the end of June of the next one, and later
vintages are not at hand: so under an earlier day the year is unavailable, and what is shown is as revised since.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files

import numpy as np
import numpy.typing as npt
import polars as pl

__all__ = ["ORIGINS_DATASET", "OriginFigures", "load_origins", "published_on"]

Array = npt.NDArray[np.float64]

ORIGINS_DATASET = "unhcr.origins"


@dataclass(frozen=True, slots=True, kw_only=True)
class OriginFigures:
    """Figures by origin and year; NaN where there is none.

    Parameters
    ----------
    origins, years
        Labels of the axes; years are consecutive.
    applications
        New applications of persons, in all states but those that are left out.
    protected, decided
        First decisions: with protection of any kind; with protection or refusal.
    displaced
        People of the origin displaced abroad at the end of the year.
    """

    origins: tuple[str, ...]
    years: tuple[int, ...]
    applications: Array
    protected: Array
    decided: Array
    displaced: Array


def published_on(year: int) -> date:
    """Return the day by which the figures of a year are out: the report on it comes in June of the next one."""
    return date(year + 1, 6, 30)


@cache
def _table() -> pl.DataFrame:
    path = files("counterpoise.data").joinpath("attribution", "origins.csv")
    return pl.read_csv(path.read_bytes())


def load_origins(day: date, without: Collection[str]) -> OriginFigures:
    """Return what was published by ``day``, applications without those in the states ``without``."""
    known = _table().filter(pl.col("year") <= day.year - 1)
    known = known.filter(pl.col("year").map_elements(published_on, return_dtype=pl.Date) <= day)
    near = [c for c in known.columns if c.startswith("in_") and c.removeprefix("in_") in without]
    elsewhere = pl.col("applications") - pl.sum_horizontal([pl.lit(0), *(pl.col(c) for c in near)])
    known = known.with_columns(elsewhere.alias("applications"))
    origins, years = known["origin"].unique().sort().to_list(), known["year"].unique().sort().to_list()
    rows = [origins.index(origin) for origin in known["origin"]]
    columns = [years.index(year) for year in known["year"]]

    def placed(name: str) -> Array:
        values = np.full((len(origins), len(years)), np.nan)
        if rows:
            values[rows, columns] = known[name].cast(pl.Float64).to_numpy()
        return values

    return OriginFigures(
        origins=tuple(origins),
        years=tuple(years),
        applications=placed("applications"),
        protected=placed("protected"),
        decided=placed("decided"),
        displaced=placed("displaced_abroad"),
    )
