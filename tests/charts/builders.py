"""Small frames of the shapes charts take."""

from datetime import date

import polars as pl

from counterpoise.schemas import ALARMS, BANDS

FIRST = date(2021, 1, 1)


def bands(
    observed: list[float | None], *, expected: float = 20.0, flags: dict[int, str] | None = None
) -> pl.DataFrame:
    """Return the bands of a monthly series that begins in January 2021."""
    n = len(observed)
    months = pl.date_range(FIRST, FIRST.replace(year=FIRST.year + n // 12 + 1), interval="1mo", eager=True)[
        :n
    ]
    return pl.DataFrame(
        {
            "dataset": "a.b",
            "corridor": "BY-PL",
            "nationality": "TOTAL",
            "measure": "attempts",
            "period_start": months,
            "period_end": months.dt.month_end(),
            "observed": pl.Series(observed, dtype=pl.Float64),
            "expected": expected,
            "lower": expected / 2,
            "upper": expected * 2,
            "level": 0.95,
            "tail_probability": 0.1,
            "lower_tail_probability": 0.9,
            "calibrated_probability": 0.1,
            "growth_elsewhere": pl.Series([None] * n, dtype=pl.Float64),
            "specific_probability": pl.Series([None] * n, dtype=pl.Float64),
            "known_on": months.dt.month_end(),
            "flag": [(flags or {}).get(i, "") for i in range(n)],
        }
    ).select(list(BANDS))


def alarms(of: pl.DataFrame, *rows: int, kind: str = "surge") -> pl.DataFrame:
    """Return alarms at the given rows of a frame of bands."""
    picked = of[list(rows)] if rows else of.clear()
    return picked.with_columns(
        pl.lit(kind).alias("kind"),
        pl.lit(True).alias("discovery"),
        pl.lit("e").alias("episode"),
        pl.col("period_start").alias("onset"),
        pl.col("period_start").alias("onset_lower"),
        pl.col("period_end").alias("onset_upper"),
        pl.lit("").alias("reason"),
        pl.lit("").alias("notes"),
    ).select(list(ALARMS))
