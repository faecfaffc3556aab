"""People found dead or reported missing: summed over incidents on entry, by route or country and month.

The publisher's file has a row per incident, with its place, its coordinates, where it was read, and words about those
who died. None of that is looked at: the columns named here are taken, summed, and forgotten, so that the archive holds
sums and a number of incidents only.
"""

from collections.abc import Mapping

import polars as pl

from counterpoise.errors import InputError
from counterpoise.observations.batch import Batch
from counterpoise.sources.assemble import RAW_CORRIDOR, RAW_NATIONALITY, assemble
from counterpoise.sources.carded import Given, carded_draft, cards_of
from counterpoise.sources.cells import parse_count, parse_day
from counterpoise.sources.published import PublishedTable
from counterpoise.sources.tables import ROW
from counterpoise.vocabulary import ALL_NATIONALITIES

__all__ = ["TABLES"]

_COUNTRIES = {
    **dict.fromkeys(("BLR", "Belarus"), "BY-inland"),
    **dict.fromkeys(("POL", "Poland"), "BY-PL"),
    **dict.fromkeys(("LTU", "Lithuania"), "BY-LT"),
    **dict.fromkeys(("LVA", "Latvia"), "BY-LV"),
    **dict.fromkeys(("FIN", "Finland"), "RU-FI"),
    **dict.fromkeys(("EST", "Estonia"), "RU-EE"),
}
"""Country of incident -> corridor, at the eastern borders. In Belarus the border is not said."""
_ROUTE, _COUNTRY = "iom.missing_migrants.route", "iom.missing_migrants"
_PARTS = {
    "Number of Dead": f"{_ROUTE}.dead",
    "Minimum Estimated Number of Missing": f"{_ROUTE}.missing",
}
_TOTAL = "Total Number of Dead and Missing"
_OUTSIDE = "a route or country that the corridors do not have"
_PRIVACY = (
    "Incidents were summed by month; their places, coordinates, texts and numbers of women, men and children were not "
    "taken."
)


def _parse_incidents(table: pl.DataFrame, given: Given) -> Batch:
    """Read the publisher's own file, a row per incident."""
    year, month, route, country = _heads_of(table, given.path.name)
    in_month = pl.concat_str(year, pl.lit(" "), month, pl.lit(" 1")).str.to_date("%Y %B %d", strict=False)
    own = table.select(
        ROW,
        in_month.alias("month"),
        route.str.strip_chars().alias("route"),
        country.str.strip_chars().alias("country"),
        _TOTAL,
        *_PARTS,
    )
    figures = _figures(own, {_TOTAL: _ROUTE, **_PARTS}, "route")
    figures = pl.concat([figures, _figures(own, {_TOTAL: _COUNTRY}, "country")])
    return _batch(figures, given)


_HEADS = {
    "year": ("Incident Year", "Incident year", "Reported Year"),
    "month": ("Month", "Reported Month"),
    "route": ("Migration Route", "Migration route"),
    "country": ("Country of Incident", "Country of incident"),
}
"""What is read of an incident besides its counts, and the heads it has had over the years."""


def _heads_of(table: pl.DataFrame, where: str) -> list[pl.Expr]:
    """Return the columns of ``_HEADS``.

    Raises
    ------
    InputError
        If one is missing.
    """
    found = {key: [head for head in heads if head in table.columns] for key, heads in _HEADS.items()}
    missing = [" or ".join(_HEADS[key]) for key, heads in found.items() if not heads]
    if missing:
        raise InputError(
            expected="the columns of IOM's file of incidents",
            found=f"no column {'; '.join(missing)}",
            where=where,
            hint="download the file again from IOM",
        )
    return [pl.col(heads[0]) for heads in found.values()]


def _parse_routes(table: pl.DataFrame, given: Given) -> Batch:
    """Read a table that is summed already, by month, route and country."""
    own = table.with_columns(parse_day(pl.col("month")))
    figures = [
        _figures(own, {"dead_or_missing": dataset}, by)
        for dataset, by in ((_ROUTE, "route"), (_COUNTRY, "country"))
    ]
    return _batch(pl.concat(figures), given)


def _parse_countries(table: pl.DataFrame, given: Given) -> Batch:
    """Read a table that is summed already, by month, country of incident and cause."""
    own = table.with_columns(parse_day(pl.col("month")))
    return _batch(_figures(own, {"dead_or_missing": _COUNTRY}, "country_of_incident"), given)


def _figures(table: pl.DataFrame, columns: Mapping[str, str], by: str) -> pl.DataFrame:
    """Return ``ROW, dataset, words, month, value`` of every cell with a number; ``words`` name route or country."""
    return (
        table.unpivot(on=list(columns), index=[ROW, "month", by], variable_name="column")
        .drop_nulls("value")
        .select(
            ROW,
            pl.col("column").replace_strict(dict(columns), return_dtype=pl.String).alias("dataset"),
            pl.col(by).fill_null("not said").alias("words"),
            "month",
            "value",
        )
    )


def _batch(figures: pl.DataFrame, given: Given) -> Batch:
    """Return the batch of single figures: those on a corridor of ours, summed by corridor and month."""
    routes = given.registry.by_publisher_name("iom")
    of_route = pl.col("dataset").str.starts_with(_ROUTE)
    placed = figures.with_columns(
        pl.when(of_route)
        .then(pl.col("words").replace_strict(routes, default=None, return_dtype=pl.String))
        .otherwise(pl.col("words").replace_strict(_COUNTRIES, default=None, return_dtype=pl.String))
        .alias("corridor"),
        parse_count(pl.col("value")).alias("count"),
    )
    wrong = placed.filter(pl.col("month").is_null() | pl.col("count").is_null() | (pl.col("count") < 0))
    good = placed.join(wrong, on=[ROW, "dataset"], how="anti")
    known = good.drop_nulls("corridor")
    sums = known.group_by("dataset", "corridor", "month").agg(
        pl.col("count").sum(), pl.len().alias("incidents"), pl.col(ROW).min()
    )
    rows = sums.sort("dataset", "corridor", "month").select(
        ROW,
        pl.col("corridor").alias(RAW_CORRIDOR),
        pl.lit(ALL_NATIONALITIES).alias(RAW_NATIONALITY),
        "dataset",
        "corridor",
        pl.lit("EU").alias("reporter"),
        pl.lit(ALL_NATIONALITIES).alias("nationality"),
        pl.col("month").dt.to_string("iso").alias("period_start"),
        pl.col("count").cast(pl.Int64).cast(pl.String).alias("value"),
        pl.format("sum of {} rows", "incidents").alias("locator"),
        pl.lit("at_least").alias("flag"),
    )
    return assemble(
        carded_draft(
            rows,
            cards_of(_COUNTRY),
            given,
            n_read=figures.height,
            left_out={
                "without a month, or no count of people": wrong.height,
                _OUTSIDE: good.height - known.height,
                "summed with others of the same corridor and month": known.height - sums.height,
            },
            title="People found dead or missing, by month",
            notes=(_PRIVACY,),
        )
    )


TABLES = (
    PublishedTable(
        name=_ROUTE,
        heads=("Incident ID", "Number of Dead", "Minimum Estimated Number of Missing", _TOTAL),
        value=None,
        parse=_parse_incidents,
    ),
    PublishedTable(
        name=_ROUTE, heads=("month", "route", "country", "dead_or_missing"), value=None, parse=_parse_routes
    ),
    PublishedTable(
        name=_COUNTRY,
        heads=("month", "country_of_incident", "dead_or_missing"),
        value=None,
        parse=_parse_countries,
    ),
)
