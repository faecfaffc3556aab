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
from counterpoise.observations.corrections import apply_corrections, load_corrections
from counterpoise.observations.corridors import CorridorRegistry, load_corridors
from counterpoise.observations.coverage import covered_periods
from counterpoise.observations.hierarchy import figures_of
from counterpoise.observations.regimes import Regime, load_regimes
from counterpoise.observations.store import default_archive_path, figures_on_disk, read_store
from counterpoise.schemas import CELL

__all__ = ["Archive", "Known", "layer", "open_archive", "read_corridors", "read_series"]


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
        Of the whole archive, without datasets withdrawn by ``day``; vintages only those published by ``day`` (the
        first one always, because its values are replayed with an assumed lag).
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

    def covered(self, dataset: str, frequency: str) -> pl.DataFrame:
        """Return the periods in which a cell the dataset lacks is a 0, and since when; none if it is sparse.

        Columns as ``covered_periods`` gives them. A dataset with several lengths of periods covers of each only
        what lies between its first and last figure of that length: its vintages do not say more.
        """
        card = self.datasets.row(by_predicate=pl.col("dataset") == dataset, named=True)
        vintages = self.vintages.filter(pl.col("dataset") == dataset)
        periods = covered_periods(
            vintages if card["dense"] else vintages.clear(),
            lag_days=card["lag_days"],
            frequency=frequency,
            day=self.day,
        )
        rows = self.observations.filter(pl.col("dataset") == dataset)
        if rows["frequency"].n_unique() < 2:
            return periods
        starts = rows.filter(pl.col("frequency") == frequency)["period_start"]
        return periods.filter(pl.col("period_start").is_between(starts.min(), starts.max()))

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
    ledger: pl.DataFrame
    withdrawals: pl.DataFrame
    corridors: CorridorRegistry
    regimes: tuple[Regime, ...]
    path: Path | None = None
    """The file, or None if only bundled observations are read."""

    @classmethod
    def from_batch(cls, batch: Batch, *, path: Path | None = None) -> "Archive":
        """Return an archive in memory that holds ``batch``, with the bundled registries."""
        return cls(
            observations=batch.observations,
            documents=batch.documents.sort("document"),
            datasets=batch.datasets.sort("dataset"),
            vintages=batch.vintages.sort(pl.all()),
            set_aside=batch.set_aside.sort(pl.all()),
            ledger=batch.ledger.sort("document", "run", maintain_order=True),
            withdrawals=batch.withdrawals.sort(pl.all()),
            corridors=load_corridors().with_user_corridors(batch.observations["corridor"].unique()),
            regimes=load_regimes(),
            path=path,
        )

    @property
    def newest_known_on(self) -> date:
        """The newest day on which the data changed: of a publication, or of the withdrawal of a dataset.

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
        withdrawn: list[date] = self.withdrawals["withdrawn_on"].to_list()
        return max([newest, *withdrawn])

    def as_of(self, day: date | None = None) -> Known:
        """Return what was known on ``day``; None means the newest day of publication in the data."""
        day = day or self.newest_known_on
        withdrawn = self.withdrawals.filter(pl.col("withdrawn_on") <= day)
        datasets = self.datasets.join(withdrawn, on="dataset", how="anti", maintain_order="left")
        return Known(
            day=day,
            observations=apply_corrections(
                _as_of(self.observations, datasets, self.vintages, day), day, load_corrections()
            ),
            documents=self.documents,
            datasets=datasets,
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

    def both(name: str, key: list[str] | None = None) -> pl.DataFrame:
        own: pl.DataFrame = getattr(stored, name)
        below: pl.DataFrame = getattr(bundled, name)
        if "dataset" in below.columns:
            below = below.filter(keep)
        # First what is bundled: figures added to a bundled dataset do not change how that one is read.
        return pl.concat([below, own]).unique(subset=key, keep="first", maintain_order=True)

    return Batch(
        observations=both("observations"),
        documents=both("documents", ["document"]),
        datasets=both("datasets", ["dataset"]),
        vintages=both("vintages"),
        set_aside=both("set_aside"),
        ledger=both("ledger"),
        withdrawals=both("withdrawals"),
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


def read_corridors(path: Path | None = None) -> CorridorRegistry:
    """Return the corridors of the archive ``open_archive`` would open, without reading its figures.

    Raises
    ------
    InputError
        If ``path`` is given and holds no archive.
    """
    if path is None and not default_archive_path().exists():
        return load_corridors()
    with figures_on_disk(path or default_archive_path()) as figures:
        return load_corridors().with_user_corridors(figures.corridors())


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
    rows = figures_of(of_dataset, known.corridors, corridor, nationality, known.dense)
    zeros = _zeros(rows, known.covered(dataset, frequency)) if not rows.is_empty() else rows.clear()
    return pl.concat([rows, zeros]).sort(*CELL)


def _zeros(rows: pl.DataFrame, covered: pl.DataFrame) -> pl.DataFrame:
    """Return a row for each covered period that the series lacks: there the publisher counted nobody."""
    template = rows.head(1).drop("period_start", "period_end", "known_on", "document", "flag")
    return (
        covered.join(rows, on=["period_start", "period_end"], how="anti")
        .join(template, how="cross")
        .with_columns(pl.lit(0.0).alias("value"), pl.lit("not in the table: 0").alias("locator"))
        .select(rows.columns)
    )
