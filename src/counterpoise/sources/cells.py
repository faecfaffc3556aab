"""Text of a cell as a day or a count, as expressions over a frame; and the words a cell may hold."""

from datetime import date

import polars as pl
import pycountry

from counterpoise.vocabulary import Frequency

__all__ = [
    "LARGEST_COUNT",
    "count_fault",
    "is_reporter",
    "parse_count",
    "parse_day",
    "parse_month",
    "period_end",
    "period_fault",
    "period_start",
]

LARGEST_COUNT = 1e9
"""More than any border has counted in a century: a larger figure is a slip."""

_MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")


def parse_count(text: pl.Expr) -> pl.Expr:
    """Return the number a text says, or null if it says none."""
    return text.str.strip_chars().cast(pl.Float64, strict=False)


def count_fault(text: pl.Expr, largest: float = LARGEST_COUNT) -> pl.Expr:
    """Return what is wrong with a count, in words; null if nothing is.

    Parameters
    ----------
    text
        The cell as text; null if empty.
    largest
        Largest plausible count, inclusive.
    """
    count = parse_count(text)
    said = pl.concat_str(pl.lit("'"), text, pl.lit("'"))
    return (
        pl.when(text.is_null())
        .then(pl.lit("no value"))
        .when(count.is_null())
        .then(pl.concat_str(said, pl.lit(" is not a number")))
        .when(~count.is_finite())
        .then(pl.concat_str(said, pl.lit(" is not a finite number")))
        .when(count < 0)
        .then(pl.concat_str(said, pl.lit(" is negative")))
        .when(count != count.round())
        .then(pl.concat_str(said, pl.lit(" is not a whole number")))
        .when(count > largest)
        .then(pl.concat_str(said, pl.lit(f" is more than {largest:,.0f}, the largest plausible count")))
        .otherwise(pl.lit(None, pl.String))
    )


def parse_day(text: pl.Expr) -> pl.Expr:
    """Return the day a text ``YYYY-MM-DD`` says (midnight may follow), or null."""
    return (
        text.str.strip_chars()
        .str.replace(r"^(\d{4}-\d{2}-\d{2})[T ]00:00(?::00(?:\.0+)?)?Z?$", "$1")
        .str.to_date("%Y-%m-%d", strict=False)
    )


def parse_month(text: str) -> date | None:
    """Return the first day of a month written ``JAN2009``, or None if the text is no such month."""
    name, year = text.strip()[:3].upper(), text.strip()[3:]
    if name not in _MONTHS or len(year) != 4 or not year.isdecimal() or year < "1900":
        return None
    return date(int(year), _MONTHS.index(name) + 1, 1)


def period_start(text: pl.Expr, frequency: pl.Expr) -> pl.Expr:
    """Return the first day of the period a text says, or null if it says none of that frequency.

    Read are ``YYYY-MM-DD``; for months also ``YYYY-MM`` and ``JAN2009``; for quarters ``YYYY-Q1`` and
    ``YYYYQ1``; for years ``YYYY``.
    """
    clean = text.str.strip_chars().str.to_uppercase()
    month = clean.replace_strict(_month_words(), default=None, return_dtype=pl.Date)
    quarter = clean.str.extract_groups(r"^(?<year>\d{4})-?Q(?<quarter>[1-4])$")
    first_of_quarter = (quarter.struct.field("quarter").cast(pl.Int64) * 3 - 2).cast(pl.String)
    return pl.coalesce(
        parse_day(text),
        pl.when(frequency == Frequency.MONTH).then(
            pl.coalesce(month, (clean + "-01").str.to_date("%Y-%m-%d", strict=False))
        ),
        pl.when(frequency == Frequency.QUARTER).then(
            pl.concat_str(
                quarter.struct.field("year"), pl.lit("-"), first_of_quarter.str.zfill(2), pl.lit("-01")
            ).str.to_date("%Y-%m-%d", strict=False)
        ),
        pl.when(frequency == Frequency.YEAR).then((clean + "-01-01").str.to_date("%Y-%m-%d", strict=False)),
    )


def _month_words() -> dict[str, date]:
    return {
        f"{name}{year}": date(year, number, 1)
        for year in range(1900, 2101)
        for number, name in enumerate(_MONTHS, start=1)
    }


def period_end(start: pl.Expr, frequency: pl.Expr) -> pl.Expr:
    """Return the last day, inclusive, of a period; null for ``S``, which has no fixed length."""
    return (
        pl.when(frequency == Frequency.DAY)
        .then(start)
        .when(frequency == Frequency.WEEK)
        .then(start.dt.offset_by("6d"))
        .when(frequency == Frequency.MONTH)
        .then(start.dt.month_end())
        .when(frequency == Frequency.QUARTER)
        .then(start.dt.offset_by("3mo").dt.offset_by("-1d"))
        .when(frequency == Frequency.YEAR)
        .then(start.dt.offset_by("1y").dt.offset_by("-1d"))
        .otherwise(pl.lit(None, pl.Date))
    )


def period_fault(start: pl.Expr, end: pl.Expr, frequency: pl.Expr) -> pl.Expr:
    """Return what is wrong with a period, in words; null if nothing is.

    A month begins on the 1st, a quarter on the 1st of January, April, July or October, a year on 1 January;
    every period but ``S`` has the length of its frequency.
    """
    day, month = start.dt.day(), start.dt.month()
    unaligned = (
        ((frequency == Frequency.MONTH) & (day != 1))
        | ((frequency == Frequency.QUARTER) & ((day != 1) | (month % 3 != 1)))
        | ((frequency == Frequency.YEAR) & ((day != 1) | (month != 1)))
    )
    said = pl.concat_str(start.cast(pl.String), pl.lit(" to "), end.cast(pl.String))
    regular_end = period_end(start, frequency)
    return (
        pl.when(unaligned)
        .then(pl.concat_str(start.cast(pl.String), pl.lit(" is not the first day of a period "), frequency))
        .when(end < start)
        .then(pl.concat_str(said, pl.lit(" ends before it begins")))
        .when((frequency != Frequency.SPAN) & (end != regular_end))
        .then(pl.concat_str(said, pl.lit(" is not one period of frequency "), frequency, pl.lit("; use S")))
        .otherwise(pl.lit(None, pl.String))
    )


def is_reporter(code: str) -> bool:
    """Return whether ``code`` is ISO 3166 alpha-3 of a state, or ``EU``, or Kosovo* (``XKX``)."""
    return code in {"EU", "XKX"} or pycountry.countries.get(alpha_3=code) is not None
