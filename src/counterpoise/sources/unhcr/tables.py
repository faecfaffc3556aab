"""Tables of UNHCR's Refugee Data Finder, by country of origin and country of asylum, one row per year.

Read are the tables of the publisher's R package ``refugees`` (heads ``coo_iso, coa_iso``) and the same with English
heads (``origin, asylum_country``). What is taken of them is what can be compared: people, not cases; new applications,
not appeals; decisions of first instance. The rest is left out by reason.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from counterpoise.observations.batch import Batch
from counterpoise.observations.nationalities import alpha_2_of
from counterpoise.sources.assemble import RAW_CORRIDOR, RAW_NATIONALITY, assemble
from counterpoise.sources.carded import Given, carded_draft, cards_of
from counterpoise.sources.published import PublishedTable
from counterpoise.sources.tables import ROW

__all__ = ["TABLES"]

_FIRST = ("FI", "NA")
"""Levels of decision that are of first instance: ``FI`` first instance, ``NA`` new applications."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kind:
    """One of UNHCR's tables.

    Parameters
    ----------
    title
        What the document is called.
    figures
        Column of counts -> dataset.
    chosen
        Column -> (codes that are taken, why the others are not).
    said
        Columns that tell rows of one origin, state and year apart; such rows are summed.
    """

    title: str
    prefix: str
    figures: Mapping[str, str]
    chosen: Mapping[str, tuple[tuple[str, ...], str]]
    said: tuple[str, ...] = ()

    def parse(self, table: pl.DataFrame, given: Given) -> Batch:
        """Return the batch of the table."""
        own = table.rename({"coo_iso": "origin", "coa_iso": "asylum_country"}, strict=False)
        own = own.with_columns(pl.col("year", "origin", "asylum_country", *self.said).str.strip_chars())
        n_read = _n_figures(own, self.figures)
        left_out: dict[str, int] = {}
        for column, (codes, reason) in self.chosen.items():
            taken = pl.col(column).is_in(list(codes)).fill_null(value=False)
            left_out[reason] = _n_figures(own.filter(~taken), self.figures)
            own = own.filter(taken)
        states = {code: alpha_2_of(code) for code in own["asylum_country"].drop_nulls().unique()}
        origin = pl.col("origin")
        rows = (
            own.unpivot(
                on=list(self.figures),
                index=[ROW, "year", "origin", "asylum_country", *self.said],
                variable_name="column",
            )
            .drop_nulls("value")
            .select(
                ROW,
                pl.col("asylum_country").alias(RAW_CORRIDOR),
                pl.concat_str("origin", *self.said, separator=" ").alias(RAW_NATIONALITY),
                pl.col("column").replace_strict(dict(self.figures), return_dtype=pl.String).alias("dataset"),
                pl.col("asylum_country")
                .replace_strict(states, default=None, return_dtype=pl.String)
                .alias("corridor"),
                pl.when(pl.col("asylum_country").is_in([c for c, found in states.items() if found]))
                .then("asylum_country")
                .otherwise(pl.lit("EU"))  # kept aside: its state is not known
                .alias("reporter"),
                origin.alias("nationality"),
                pl.col("year").alias("period_start"),
                "value",
                pl.format("row {}, {}", ROW, "column").alias("locator"),
            )
        )
        return assemble(
            carded_draft(
                rows,
                cards_of(self.prefix),
                given,
                n_read=n_read,
                left_out=left_out,
                title=self.title,
                names={"period_start": "year"},
            )
        )


def _n_figures(table: pl.DataFrame, columns: Mapping[str, str]) -> int:
    return int(table.select(pl.sum_horizontal(pl.col(*columns).is_not_null().sum())).item())


_POPULATION = _Kind(
    title="Refugees and asylum-seekers at the end of the year, by origin and country of asylum",
    prefix="unhcr.population",
    figures={
        "refugees": "unhcr.population.refugees",
        "asylum_seekers": "unhcr.population.asylum_seekers",
    },
    chosen={},
)
_APPLICATIONS = _Kind(
    title="Asylum applications by origin and country of asylum",
    prefix="unhcr.asylum_applications",
    figures={"applied": "unhcr.asylum_applications"},
    chosen={
        "app_pc": (("P",), "counted in cases, not people"),
        "app_type": (("N",), "repeated, appealed, or several kinds not told apart"),
    },
    said=("procedure_type", "app_type", "dec_level"),
)
_DECISIONS = _Kind(
    title="Decisions on asylum applications by origin and country of asylum",
    prefix="unhcr.asylum_decisions",
    figures={
        "dec_total": "unhcr.asylum_decisions",
        "dec_recognized": "unhcr.asylum_decisions.recognized",
        "dec_other": "unhcr.asylum_decisions.complementary",
        "dec_rejected": "unhcr.asylum_decisions.rejected",
        "dec_closed": "unhcr.asylum_decisions.closed",
    },
    chosen={
        "dec_pc": (("P",), "counted in cases, not people"),
        "dec_level": (_FIRST, "on appeal, reviewed, or several instances not told apart"),
    },
    said=("procedure_type", "dec_level"),
)
_HEADS = (("origin", "asylum_country"), ("coo_iso", "coa_iso"))
_FLOWS = ("refugee_like",)
"""A head of the table of new displacements in a year, which is another than the stock at its end."""

TABLES = tuple(
    PublishedTable(
        name=kind.prefix,
        heads=("year", *keys, *kind.figures, *kind.said, *kind.chosen),
        without=_FLOWS,
        value=next(iter(kind.figures)),
        parse=kind.parse,
    )
    for kind in (_POPULATION, _APPLICATIONS, _DECISIONS)
    for keys in _HEADS
)
