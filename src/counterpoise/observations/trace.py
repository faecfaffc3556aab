"""``trace``: from a figure back to the rows and documents it was read from."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import polars as pl

from counterpoise.errors import AnalysisError, InputError
from counterpoise.observations.archive import Archive, read_series
from counterpoise.observations.as_of import add_flag, rows_as_of
from counterpoise.observations.hierarchy import rows_behind
from counterpoise.observations.questions import require_measure, require_nationality
from counterpoise.observations.regimes import Regime, regimes_for
from counterpoise.observations.suppression import SMALLEST, suppress_observations
from counterpoise.provenance import Provenance, describe_inputs
from counterpoise.schemas import CELL, OBSERVATIONS
from counterpoise.vocabulary import ALL_NATIONALITIES, split_nationality

__all__ = ["Trace", "parse_period", "trace_figure"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Trace:
    """Where one figure comes from.

    Parameters
    ----------
    figures
        What the figure was on the day of replay, one row per dataset and period length that has it: columns
        ``dataset, frequency, period_start, period_end, value, unit, place, publisher_term, known_on, flag``.
    rows
        The stored rows it is made of: columns of ``OBSERVATIONS``, ``used`` and ``sign``. The values of the used
        ones times ``sign`` (-1: taken out of a published total) sum to the figures. Those not used (sign 0)
        were published by then too, and a later vintage or another document replaced them.
    documents
        The documents these rows were read from, or that cover a period in which nobody was counted.
    regimes
        The counting rules in force.
    """

    corridor: str
    nationality: str
    measure: str
    figures: pl.DataFrame
    rows: pl.DataFrame
    documents: pl.DataFrame
    regimes: tuple[Regime, ...]
    provenance: Provenance

    @property
    def as_of(self) -> date:
        """The day of replay."""
        return self.provenance.as_of

    def without_small_counts(self) -> "Trace":
        """Return the trace fit for print: counts of a nationality under 10 are null and flagged ``suppressed``.

        So are counts that would give them away: beside them in one vintage of a corridor, or, where the figure is of
        one nationality, in one vintage of all corridors it is summed over.
        """
        of_one = not self.nationality.startswith(ALL_NATIONALITIES)
        small = pl.lit(of_one) & pl.col("value").is_between(1, SMALLEST - 1)
        figures = self.figures.with_columns(
            pl.when(~small).then("value").alias("value"),
            pl.when(small).then(add_flag("suppressed")).otherwise("flag").alias("flag"),
        )
        apart = ["known_on", "document"]
        vintages = self.rows.with_row_index("at").partition_by(apart, maintain_order=True)
        rows = [suppress_observations(vintage, over_corridors=of_one) for vintage in vintages]
        shown = pl.concat(rows).sort("at").drop("at") if rows else self.rows
        return replace(self, figures=figures, rows=shown)

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON answer of ``trace``."""

        def plain(frame: pl.DataFrame) -> list[dict[str, Any]]:
            return frame.with_columns(pl.col(pl.Date).dt.to_string("iso")).to_dicts()

        return {
            **self.provenance.header(),
            "corridor": self.corridor,
            "nationality": self.nationality,
            "measure": self.measure,
            "figures": plain(self.figures),
            "rows": plain(self.rows),
            "documents": plain(self.documents),
            "regimes": [
                {
                    "id": r.id,
                    "from": r.start.isoformat(),
                    "to": r.end.isoformat() if r.end else None,
                    "what": r.what,
                    "source": r.source,
                    "url": r.url,
                }
                for r in self.regimes
            ],
            "checks": [],
        }


def parse_period(text: str, where: str = "--period") -> tuple[date, date]:
    """Return first and last day of ``2021``, ``2021-06`` or ``2021-06-12``.

    Raises
    ------
    InputError
        If the text is none of these.
    """
    try:
        match text.count("-"):
            case 0 if len(text) == 4:
                return date(int(text), 1, 1), date(int(text), 12, 31)
            case 1:
                first = date.fromisoformat(f"{text}-01")
                after = date(first.year + first.month // 12, first.month % 12 + 1, 1)
                return first, after - timedelta(days=1)
            case 2:
                day = date.fromisoformat(text)
                return day, day
    except ValueError:
        pass
    raise InputError(
        expected="a year, a month or a day: 2021, 2021-06 or 2021-06-12",
        found=repr(text),
        where=where,
        hint="write the period in one of these ways",
    )


def trace_figure(
    archive: Archive,
    *,
    corridor: str,
    measure: str,
    period: str,
    nationality: str = ALL_NATIONALITIES,
    dataset: str | None = None,
    frequency: str | None = None,
    as_of: date | None = None,
) -> Trace:
    """Return where the figures of a corridor, nationality, measure and period come from.

    Parameters
    ----------
    archive
        The archive.
    corridor, measure, nationality
        What the figure is about; ``TOTAL-UKR`` and parents of the corridor tree are traced to their parts.
    period
        ``2021``, ``2021-06`` or ``2021-06-12``: figures whose period is exactly this.
    dataset
        Only this dataset; None: every dataset that has the figure.
    frequency
        Figures with periods of this length that begin with ``period``; needed for weeks and other spans. None:
        figures about exactly ``period``.
    as_of
        Day of replay; None: the newest day of publication in the data.

    Raises
    ------
    InputError
        If the corridor, measure, nationality or period is not understood.
    AnalysisError
        If no such figure was known on that day.
    """
    start, end = parse_period(period)
    archive.corridors.require(corridor)
    require_measure(measure)
    require_nationality(nationality)
    known = archive.as_of(as_of)
    about_end = pl.col("period_end") == end if frequency is None else pl.col("frequency") == frequency
    this_period = (pl.col("period_start") == start) & about_end
    of_measure = pl.col("measure") == measure
    if dataset is not None:
        of_measure &= pl.col("dataset") == dataset
    # Also a dataset whose series has no row in the period may have a figure: in a dense one it is a 0.
    wanted = known.observations.filter(of_measure).select("dataset", "frequency").unique().sort(pl.all())
    found = [
        read_series(
            known, dataset=d, corridor=corridor, nationality=nationality, measure=measure, frequency=f
        ).filter(this_period)
        for d, f in wanted.iter_rows()
    ]
    figures = pl.concat([known.observations.clear(), *found])
    if figures.is_empty():
        raise AnalysisError(
            expected=f"a figure of {measure} on {corridor} for {nationality} in {period}",
            found=f"none known on {known.day}",
            where=str(archive.path or "the bundled observations"),
            hint="'counterpoise observations --corridor ID' lists what there is",
        )
    in_force = pl.col("dataset").is_in(known.datasets["dataset"].implode())
    stored = archive.observations.filter(of_measure, this_period, in_force)
    chosen = rows_as_of(stored, known.datasets, archive.vintages, known.day).drop("assumed_on")
    behind = rows_behind(chosen, archive.corridors, corridor, nationality, known.dense)
    rows = (
        _candidates(stored, archive, corridor, nationality, behind)
        .join(behind, on=stored.columns, how="left")
        .with_columns(pl.col("sign").fill_null(0), pl.col("sign").is_not_null().alias("used"))
        .filter(pl.col("used") | (pl.col("known_on") <= known.day))
        .select(*OBSERVATIONS, "used", "sign")
        .sort("dataset", "known_on", "corridor", "nationality", "document", *CELL)
    )
    cited = {*rows["document"], *" ".join(figures["document"]).split()}
    return Trace(
        corridor=corridor,
        nationality=nationality,
        measure=measure,
        figures=figures.select(
            "dataset",
            "frequency",
            "period_start",
            "period_end",
            "value",
            "unit",
            "place",
            "publisher_term",
            "known_on",
            "flag",
        ),
        rows=rows,
        documents=archive.documents.filter(pl.col("document").is_in(cited)),
        regimes=tuple(
            r
            for r in regimes_for(archive.regimes, archive.corridors, corridor, measure)
            if r.covers(start) or r.covers(end)
        ),
        provenance=Provenance(
            stage="trace",
            as_of=known.day,
            options={
                "corridor": corridor,
                "nationality": nationality,
                "measure": measure,
                "period": period,
                "dataset": dataset,
                "frequency": frequency,
            },
            inputs=describe_inputs(rows.filter("used")),
        ),
    )


def _candidates(
    stored: pl.DataFrame, archive: Archive, corridor: str, nationality: str, behind: pl.DataFrame
) -> pl.DataFrame:
    """Return the rows of all vintages that are, or were once, part of the figure."""
    base, left_out = split_nationality(nationality)
    dense = archive.datasets.filter("dense")["dataset"]
    own = pl.col("corridor") == corridor
    in_tree = pl.col("corridor").is_in(archive.corridors.subtree(corridor))
    rows = stored.filter(own | (in_tree & pl.col("dataset").is_in(dense.implode())))
    if base != ALL_NATIONALITIES:
        return rows.filter(pl.col("nationality") == base)
    is_total = pl.col("nationality") == ALL_NATIONALITIES
    taken_off = pl.col("nationality").is_in(left_out)
    place = ["dataset", "corridor"]
    published = behind.filter(is_total).select(place).unique()
    under_published = published.with_columns(
        pl.col("corridor").map_elements(
            lambda c: list(archive.corridors.subtree(c)), return_dtype=pl.List(pl.String)
        )
    ).explode("corridor")
    summed = rows.join(under_published, on=place, how="anti").filter(pl.col("dataset").is_in(dense.implode()))
    return pl.concat(
        [
            rows.join(published, on=place, how="semi").filter(is_total),
            rows.join(behind.filter(pl.col("sign") < 0), on=place, how="semi").filter(taken_off),
            summed.filter(~is_total, ~taken_off),
        ]
    ).unique(maintain_order=True)
