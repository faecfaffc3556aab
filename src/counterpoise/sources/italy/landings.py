"""Landings in Italy by day and, within the year, by nationality: one row per figure and bulletin.

The Ministry of the Interior publishes a bulletin (PDF) on the 15th and on the last day of a month. Civil society types
it off into two tables (onData, *Liberiamoli tutti!*); these are read, with their own heads or under English names. The
day of the bulletin is the vintage, so a replay sees a day as it stood in each bulletin.
"""

import polars as pl

from counterpoise.observations.batch import Batch
from counterpoise.observations.nationalities import alpha_3_of
from counterpoise.sources.assemble import RAW_CORRIDOR, RAW_NATIONALITY, assemble
from counterpoise.sources.carded import Given, carded_draft, cards_of
from counterpoise.sources.cells import parse_day
from counterpoise.sources.published import PublishedTable
from counterpoise.sources.tables import ROW
from counterpoise.vocabulary import ALL_NATIONALITIES, UNKNOWN

__all__ = ["TABLES"]

_OTHERS = {"altre", "OOO"}
"""The bulletin names ten nationalities; all others stand together in one row."""
_HOUR = (
    "A day on which its bulletin appeared is counted until 8 in the morning: flagged provisional; the bulletin of the "
    "15th is completed by the next one, that of the last day of a month never."
)


def _parse_daily(table: pl.DataFrame, given: Given) -> Batch:
    own = table.rename(
        {"Data": "date", "Valore": "arrivals", "Data_Report": "report_date"}, strict=False
    ).with_columns(pl.col("arrivals").str.strip_chars())
    empty = pl.col("arrivals").is_null()
    # After its own day a bulletin's table goes on with zeros to the end of the month: nothing was counted yet.
    later = parse_day(pl.col("date")) > parse_day(pl.col("report_date"))
    kept = own.filter(~empty, ~later.fill_null(value=False))
    n_later = own.filter(~empty, later).height
    unfinished = pl.col("date") == pl.col("report_date")
    rows = kept.select(
        ROW,
        pl.lit("Italy").alias(RAW_CORRIDOR),
        pl.lit(ALL_NATIONALITIES).alias(RAW_NATIONALITY),
        pl.lit("italy.sea_landings").alias("dataset"),
        pl.lit("IT").alias("corridor"),
        pl.lit("ITA").alias("reporter"),
        pl.lit(ALL_NATIONALITIES).alias("nationality"),
        pl.lit("sea").alias("place"),
        pl.col("date").alias("period_start"),
        pl.col("arrivals").alias("value"),
        pl.col("report_date").alias("known_on"),
        pl.when(unfinished).then(pl.lit("provisional")).otherwise(pl.lit("")).alias("flag"),
    )
    return assemble(
        carded_draft(
            rows,
            [card for card in cards_of("italy.sea_landings") if card.frequency == "D"],
            given,
            n_read=own.filter(~empty).height,
            left_out={"a day after the bulletin's own, filled with zeros": n_later},
            title="People landed from the sea in Italy, by day and bulletin",
            names={"period_start": "date", "value": "arrivals", "known_on": "report_date"},
            notes=(_HOUR,),
        )
    )


def _parse_nationalities(table: pl.DataFrame, given: Given) -> Batch:
    own = table.rename(
        {
            "Data_Report": "report_date",
            "ISO_3166-1": "nationality",
            "Nazione": "nationality_it",
            "Valore": "arrivals_year_to_date",
        },
        strict=False,
    )
    words = pl.coalesce("nationality", "nationality_it").str.strip_chars()
    codes = {word: _nationality(word) for word in own.select(words.unique()).to_series().drop_nulls()}
    rows = own.select(
        ROW,
        pl.lit("Italy").alias(RAW_CORRIDOR),
        words.alias(RAW_NATIONALITY),
        pl.lit("italy.sea_landings.year_to_date").alias("dataset"),
        pl.lit("IT").alias("corridor"),
        pl.lit("ITA").alias("reporter"),
        words.replace_strict(codes, default=None, return_dtype=pl.String).alias("nationality"),
        pl.lit("sea").alias("place"),
        (pl.col("report_date").str.slice(0, 4) + "-01-01").alias("period_start"),
        pl.col("report_date").alias("period_end"),
        pl.col("arrivals_year_to_date").alias("value"),
        pl.col("report_date").alias("known_on"),
    )
    return assemble(
        carded_draft(
            rows,
            cards_of("italy.sea_landings.year_to_date"),
            given,
            n_read=own.height,
            left_out={},
            title="People landed from the sea in Italy since 1 January, by declared nationality and bulletin",
            names={"value": "arrivals_year_to_date", "known_on": "report_date"},
        )
    )


def _nationality(word: str) -> str | None:
    """Return the code of a word of the table: two or three letters, or the row of all others."""
    return UNKNOWN if word in _OTHERS else alpha_3_of(word)


TABLES = (
    PublishedTable(
        name="italy.sea_landings",
        heads=("date", "arrivals", "report_date"),
        value="arrivals",
        parse=_parse_daily,
    ),
    PublishedTable(
        name="italy.sea_landings",
        heads=("Data", "Valore", "Data_Report"),
        without=("Nazione",),
        value="Valore",
        parse=_parse_daily,
    ),
    PublishedTable(
        name="italy.sea_landings.year_to_date",
        heads=("report_date", "nationality", "arrivals_year_to_date"),
        value="arrivals_year_to_date",
        parse=_parse_nationalities,
    ),
    PublishedTable(
        name="italy.sea_landings.year_to_date",
        heads=("Data_Report", "Nazione", "ISO_3166-1", "Valore"),
        value="Valore",
        parse=_parse_nationalities,
    ),
)
