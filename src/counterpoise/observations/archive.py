"""The archive as analyses see it: all vintages in memory, immutable, and what was known on a day.

Bundled observations lie below what the user ingested. A dense dataset the user has documents of is read from
these alone: our extract holds part of the nationalities, and a cell missing from it is not a zero.
"""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import polars as pl

from counterpoise.errors import AnalysisError
from counterpoise.observations.as_of import as_of as _as_of
from counterpoise.observations.as_of import newest_known_on
from counterpoise.observations.batch import Batch
from counterpoise.observations.bundled import read_bundled
from counterpoise.observations.corridors import CorridorRegistry, load_corridors
from counterpoise.observations.hierarchy import roll_up, select_nationality
from counterpoise.observations.regimes import Regime, load_regimes
from counterpoise.observations.store import default_archive_path, read_store
from counterpoise.schemas import CELL

__all__ = ["Archive", "Known", "layer", "open_archive", "read_series"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What was known on a day.

    Parameters
    ----------
    day
        The day of replay, inclusive.
    observations
        Schema ``OBSERVATIONS``, one row per cell.
    documents, datasets, vintages
        Of the whole archive; vintages only those published by ``day`` (the first one always, because its
        values are replayed with an assumed lag).
    """

    day: date
    observations: pl.DataFrame
    documents: pl.DataFrame
    datasets: pl.DataFrame
    vintages: pl.DataFrame
    corridors: CorridorRegistry
    regimes: tuple[Regime, ...]

    @property
    def dense(self) -> frozenset[str]:
        """The datasets in which a missing cell is 0."""
        return frozenset(self.datasets.filter("dense")["dataset"])

    def covered_until(self, dataset: str) -> date | None:
        """Return the last day for which the dataset had figures, or None if none were known."""
        rows = self.observations.filter(pl.col("dataset") == dataset)
        last = rows["period_end"].max()
        return last if isinstance(last, date) else None

    def _repr_html_(self) -> str:
        return self.observations._repr_html_()


@dataclass(frozen=True, slots=True, kw_only=True)
class Archive:
    """All vintages of all observations, with registries."""

    observations: pl.DataFrame
    documents: pl.DataFrame
    datasets: pl.DataFrame
    vintages: pl.DataFrame
    set_aside: pl.DataFrame
    corridors: CorridorRegistry
    regimes: tuple[Regime, ...]
    path: Path | None = None
    """The file, or None if only bundled observations are read."""

    @classmethod
    def from_batch(cls, batch: Batch, *, path: Path | None = None) -> "Archive":
        """Return an archive in memory that holds ``batch``, with the bundled registries."""
        return cls(
            observations=batch.observations,
            documents=batch.documents,
            datasets=batch.datasets,
            vintages=batch.vintages,
            set_aside=batch.set_aside,
            corridors=load_corridors().with_user_corridors(batch.observations["corridor"].unique()),
            regimes=load_regimes(),
            path=path,
        )

    @property
    def newest_known_on(self) -> date:
        """The newest day of publication in the data.

        Raises
        ------
        AnalysisError
            If the archive is empty.
        """
        newest = newest_known_on(self.observations)
        if newest is None:
            raise AnalysisError(
                expected="at least one observation",
                found="an empty archive",
                where=str(self.path or "bundled observations"),
                hint="ingest a document first",
            )
        return newest

    def as_of(self, day: date | None = None) -> Known:
        """Return what was known on ``day``; None means the newest day of publication in the data."""
        day = day or self.newest_known_on
        return Known(
            day=day,
            observations=_as_of(self.observations, self.datasets, self.vintages, day),
            documents=self.documents,
            datasets=self.datasets,
            vintages=self.vintages.filter(
                (pl.col("known_on") <= day) | (pl.col("known_on") == pl.col("known_on").min().over("dataset"))
            ),
            corridors=self.corridors,
            regimes=self.regimes,
        )

    def _repr_html_(self) -> str:
        return (
            self.observations.group_by("dataset", "measure", "frequency")
            .agg(
                pl.len().alias("rows"),
                pl.col("corridor").n_unique().alias("corridors"),
                pl.col("period_start").min().alias("from"),
                pl.col("period_end").max().alias("to"),
                pl.col("known_on").max().alias("newest vintage"),
            )
            .sort("dataset", "measure", "frequency")
            ._repr_html_()
        )


def layer(stored: Batch, bundled: Batch) -> Batch:
    """Return what the user ingested on top of what is bundled."""
    ingested = stored.observations["dataset"].unique()
    replaced = bundled.datasets.filter(pl.col("dense") & pl.col("dataset").is_in(ingested.implode()))[
        "dataset"
    ]
    keep = ~pl.col("dataset").is_in(replaced.implode())

    def both(name: str, key: list[str] | None) -> pl.DataFrame:
        own: pl.DataFrame = getattr(stored, name)
        below: pl.DataFrame = getattr(bundled, name)
        if "dataset" in below.columns:
            below = below.filter(keep)
        return pl.concat([own, below]).unique(subset=key, keep="first", maintain_order=True)

    return Batch(
        observations=both("observations", None),
        documents=both("documents", ["document"]),
        datasets=both("datasets", ["dataset"]),
        vintages=both("vintages", None),
        set_aside=both("set_aside", None),
    )


def open_archive(path: Path | None = None) -> Archive:
    """Return the archive at ``path``; None means the one in the user's data directory, or the bundled facts.

    Raises
    ------
    InputError
        If ``path`` is given and holds no archive.
    """
    if path is None and not default_archive_path().exists():
        return Archive.from_batch(read_bundled())
    path = path or default_archive_path()
    return Archive.from_batch(layer(read_store(path), read_bundled()), path=path)


def read_series(
    known: Known, *, dataset: str, corridor: str, nationality: str, measure: str, frequency: str
) -> pl.DataFrame:
    """Return one series as it was known, parents and totals summed, zeros of dense datasets filled in.

    Returns
    -------
    polars.DataFrame
        Schema ``OBSERVATIONS``, by period. A zero that is implied by a vintage has the locator
        ``not in the table: 0``.
    """
    of_dataset = known.observations.filter(
        pl.col("dataset") == dataset, pl.col("measure") == measure, pl.col("frequency") == frequency
    )
    rows = select_nationality(
        roll_up(of_dataset, known.corridors, corridor, known.dense), nationality, known.dense
    )
    if dataset in known.dense and not rows.is_empty():
        rows = _fill_zeros(rows, of_dataset, nationality)
    return rows.sort(*CELL)


def _fill_zeros(rows: pl.DataFrame, of_dataset: pl.DataFrame, nationality: str) -> pl.DataFrame:
    """Add the periods the dataset covers and this series does not: there the publisher counted nobody."""
    periods = of_dataset.group_by("period_start", "period_end").agg(
        pl.col("known_on").max(), pl.col("document").unique().sort().str.join(" ")
    )
    template = rows.head(1).drop("period_start", "period_end", "known_on", "document")
    zeros = (
        periods.join(rows, on=["period_start", "period_end"], how="anti")
        .join(template, how="cross")
        .with_columns(
            pl.lit(0.0).alias("value"),
            pl.lit(nationality).alias("nationality"),
            pl.lit("not in the table: 0").alias("locator"),
            pl.when(pl.lit(rows["flag"].str.contains("lag_assumed").any()))
            .then(pl.lit("lag_assumed"))
            .otherwise(pl.lit(""))
            .alias("flag"),
        )
        .select(rows.columns)
    )
    return pl.concat([rows, zeros])
