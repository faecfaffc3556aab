"""Ledgers beside a case: legal instruments, access, costs, indicators of gain and unity, polls.

Tables a person can read, under ``data/ledgers``, one line per figure or instrument, each with its page and the day
it was checked. A line counts in a replay from ``public_on``.
"""

from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files

import polars as pl

from counterpoise.errors import InputError
from counterpoise.schemas import Column

__all__ = [
    "ACCESS",
    "BORDER_LENGTHS",
    "COSTS",
    "INDICATORS",
    "INSTRUMENTS",
    "POLLS",
    "POPULATION",
    "Ledgers",
    "parse_ledger",
    "read_border_lengths",
    "read_ledgers",
    "read_population",
]

_TEXT, _DAY, _NUMBER = pl.String(), pl.Date(), pl.Float64()
_CITED = {
    "publisher": Column(_TEXT, "Who published it"),
    "url": Column(_TEXT, "Address of the page"),
    "checked_on": Column(_DAY, "Day on which the page was last read"),
}

INSTRUMENTS: dict[str, Column] = {
    "id": Column(_TEXT, "Short name"),
    "states": Column(_TEXT, "States it bears on, ISO 3166 alpha-3 or EU, separated by one space"),
    "kinds": Column(
        _TEXT, "Kinds of response it bears on, separated by one space; empty: none of the targets'"
    ),
    "body": Column(_TEXT, "Court or body"),
    "title": Column(_TEXT, "Name of the case or act"),
    "number": Column(_TEXT, "Application or act number; may be empty"),
    "articles": Column(_TEXT, "Articles at issue"),
    "public_on": Column(_DAY, "Day from which it was known"),
    "heard_on": Column(_DAY, "Day of the hearing; null if none, or not seen"),
    "decided_on": Column(_DAY, "Day of judgment or adoption; null while pending or proposed"),
    "final_on": Column(_DAY, "Day it became final or came into force; null if not, or not seen"),
    "status": Column(_TEXT, "pending, decided, final, in_force, proposed"),
    "held": Column(_TEXT, "What it says, in our words"),
    **_CITED,
    "confidence": Column(_TEXT, "How far the page carries it"),
}
ACCESS: dict[str, Column] = {
    "case": Column(_TEXT, "Case id"),
    "country": Column(_TEXT, "State"),
    "from": Column(_DAY, "First day, inclusive"),
    "to": Column(_DAY, "Last day, inclusive; null: no end found"),
    "whom": Column(_TEXT, "Who was kept out"),
    "what": Column(_TEXT, "How, in our words"),
    **_CITED,
}
COSTS: dict[str, Column] = {
    "case": Column(_TEXT, "Case id"),
    "country": Column(_TEXT, "Who paid"),
    "response": Column(_TEXT, "Title of the response in the case file; empty: not of one response"),
    "what": Column(_TEXT, "What was paid for"),
    "recurs": Column(_TEXT, "once, a year, or the years it covers"),
    "amount_lower": Column(_NUMBER, "Amount, lower end; null where only an upper end is published"),
    "amount_upper": Column(_NUMBER, "Amount, upper end"),
    "qualifier": Column(_TEXT, "The publisher's about, over, up to; may be empty"),
    "currency": Column(_TEXT, "ISO 4217"),
    "price_year": Column(pl.Int64(), "Year of the prices"),
    "length_km": Column(_NUMBER, "Kilometres it was built or kept for; null if not of a length"),
    "public_on": Column(_DAY, "Day from which it was known"),
    "precision": Column(_TEXT, "How exactly that day is known"),
    **_CITED,
    "confidence": Column(_TEXT, "How far the page carries it"),
    "note": Column(_TEXT, "What a reader must know"),
}
INDICATORS: dict[str, Column] = {
    "case": Column(_TEXT, "Case id"),
    "side": Column(_TEXT, "coercer or target"),
    "actor": Column(_TEXT, "Whom it is about"),
    "kind": Column(
        _TEXT, "listing, delisting, carrier, fee, recognition, trade_transit, vote, pledge, troops, casualty"
    ),
    "sense": Column(_TEXT, "gain, cost or unity, as the page or its critics see it"),
    "what": Column(_TEXT, "What is counted"),
    "value": Column(_NUMBER, "The figure; null where none is published"),
    "unit": Column(_TEXT, "Unit of the figure"),
    "public_on": Column(_DAY, "Day it happened and was known"),
    **_CITED,
    "confidence": Column(_TEXT, "How far the page carries it"),
    "note": Column(_TEXT, "What a reader must know"),
}
POLLS: dict[str, Column] = {
    "case": Column(_TEXT, "Case id"),
    "country": Column(_TEXT, "Where it was asked"),
    "pollster": Column(_TEXT, "Who asked"),
    "client": Column(_TEXT, "For whom; empty if for itself or not said"),
    "fieldwork_from": Column(_TEXT, "First day, month or year of asking"),
    "fieldwork_to": Column(_TEXT, "Last day, month or year of asking"),
    "fieldwork_precision": Column(_TEXT, "day, month or year"),
    "question": Column(_TEXT, "The question, in our words"),
    "answer": Column(_TEXT, "The answer whose share it is"),
    "share_percent": Column(_NUMBER, "Share of those asked, percent"),
    "n": Column(pl.Int64(), "How many were asked; null if not published"),
    "public_on": Column(_DAY, "Day of publication"),
    **_CITED,
    "confidence": Column(_TEXT, "How far the page carries it"),
    "note": Column(_TEXT, "What a reader must know"),
}
POPULATION: dict[str, Column] = {
    "state": Column(_TEXT, "ISO 3166 alpha-3"),
    "year": Column(pl.Int64(), "Year"),
    "population": Column(pl.Int64(), "Inhabitants at mid-year"),
    "publisher": Column(_TEXT, "Who publishes it"),
    "url": Column(_TEXT, "Its page"),
    "copy": Column(_TEXT, "The copy it was read from"),
}
BORDER_LENGTHS: dict[str, Column] = {
    "corridor": Column(_TEXT, "Border, of the registry"),
    "km": Column(_NUMBER, "Length in kilometres, rivers and lakes included"),
    "stated_by": Column(_TEXT, "Whose figure it is; empty if that is not said"),
    "publisher": Column(_TEXT, "Who published it"),
    "url": Column(_TEXT, "Address of the page"),
    "copy": Column(_TEXT, "How it was read"),
}
_MAY_BE_NULL = {"heard_on", "decided_on", "final_on", "to", "amount_lower", "length_km", "value", "n"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledgers:
    """The tables, each by its schema above."""

    instruments: pl.DataFrame
    access: pl.DataFrame
    costs: pl.DataFrame
    indicators: pl.DataFrame
    polls: pl.DataFrame

    def known(self, case: str, day: date) -> "Ledgers":
        """Return the lines of a case that were public on a day; what was decided later counts as pending."""
        later = pl.col("decided_on") > day
        settled = pl.col("final_on").is_not_null() & (pl.col("final_on") > day)
        instruments = self.instruments.filter(pl.col("public_on") <= day).with_columns(
            pl.when(later)
            .then(pl.lit("pending"))
            .when(settled)
            .then(pl.lit("decided"))
            .otherwise("status")
            .alias("status"),
            pl.when(later).then(pl.lit("")).otherwise("held").alias("held"),
            *(
                pl.when(pl.col(c) <= day).then(pl.col(c)).alias(c)
                for c in ("heard_on", "decided_on", "final_on")
            ),
        )
        of_case = pl.col("case") == case
        return Ledgers(
            instruments=instruments,
            access=self.access.filter(of_case, pl.col("from") <= day).with_columns(
                pl.when(pl.col("to") <= day).then("to").alias("to")
            ),
            **{
                name: getattr(self, name).filter(of_case, pl.col("public_on") <= day)
                for name in ("costs", "indicators", "polls")
            },
        )


def parse_ledger(content: bytes, schema: dict[str, Column], where: str) -> pl.DataFrame:
    """Return one table of the bytes of a CSV file.

    Raises
    ------
    InputError
        If columns are missing, or a value is no day or number; all faults together.
    """
    texts = pl.read_csv(content, infer_schema=False).with_columns(pl.all().fill_null(""))
    if texts.columns != list(schema):
        raise InputError(
            expected=f"the columns {', '.join(schema)}",
            found=", ".join(texts.columns),
            where=where,
            hint="name the columns so, in this order",
        )
    faults, columns = [], []
    for name, column in schema.items():
        if column.dtype == _TEXT:
            columns.append(texts[name])
            continue
        filled = texts[name].replace("", None)
        read = (
            filled.str.to_date(strict=False)
            if column.dtype == _DAY
            else filled.cast(column.dtype, strict=False)
        )
        bad = read.is_null() & (filled.is_not_null() | pl.Series([name not in _MAY_BE_NULL]))
        faults += [f"line {i + 2}: {name} is {texts[name][i]!r}" for i in bad.arg_true().to_list()]
        columns.append(read)
    if faults:
        raise InputError(
            expected="days written YYYY-MM-DD, and numbers",
            found="; ".join(faults),
            where=where,
            hint="correct these lines",
        )
    return pl.DataFrame(columns)


@cache
def read_ledgers() -> Ledgers:
    """Return the bundled tables. They are cached: do not change them."""
    folder = files("counterpoise.data").joinpath("ledgers")
    schemas = {
        "instruments": INSTRUMENTS,
        "access": ACCESS,
        "costs": COSTS,
        "indicators": INDICATORS,
        "polls": POLLS,
    }
    return Ledgers(
        **{
            name: parse_ledger(
                folder.joinpath(f"{name}.csv").read_bytes(), schema, f"data/ledgers/{name}.csv"
            )
            for name, schema in schemas.items()
        }
    )


@cache
def read_population() -> pl.DataFrame:
    """Return inhabitants by state and year, schema ``POPULATION``."""
    content = files("counterpoise.data").joinpath("ledgers", "population.csv").read_bytes()
    return parse_ledger(content, POPULATION, "data/ledgers/population.csv")


@cache
def read_border_lengths() -> pl.DataFrame:
    """Return published lengths of borders, schema ``BORDER_LENGTHS``."""
    content = files("counterpoise.data").joinpath("ledgers", "border_lengths.csv").read_bytes()
    return parse_ledger(content, BORDER_LENGTHS, "data/ledgers/border_lengths.csv")
