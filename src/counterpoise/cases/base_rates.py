"""The case base and its base rates: how catalogued attempts ended, by decade, kind of actor or status of the label.

Only attempts are catalogued. The rates say how those ended that somebody called so; they are no prior for a surge.
"""

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Literal

import polars as pl
from ruamel.yaml import YAML
from scipy.special import betaincinv

__all__ = ["CASE_BASE", "LEVEL", "BaseRates", "base_rates", "case_base"]

CASE_BASE: dict[str, pl.DataType] = {
    name: pl.String()
    for name in (
        "id",
        "part_of",
        "began",
        "ended",
        "named_state",
        "target",
        "actor_type",
        "means",
        "objectives",
        "outcome",
        "outcome_according_to",
        "label_status",
        "confidence",
        "source",
        "url",
        "named_codes",
        "target_codes",
    )
}
LEVEL = 0.9
_JUDGED = ("success", "partial", "failure")
_FULL, _PART = "success", "partial"

By = Literal["decade", "actor_type", "label_status", "means", "outcome"]


@dataclass(frozen=True, slots=True, kw_only=True)
class BaseRates:
    """How attempts ended.

    Parameters
    ----------
    rows
        ``value, n_cases, n_judged, n_success, n_partial, share, lower, upper, level``: ``share`` is of judged attempts
        with success or partial success; with equal-tailed Jeffreys intervals. By outcome: of all attempts.
    caveat
        What the selection of cases means.
    """

    by: str
    rows: pl.DataFrame
    caveat: str


@cache
def _card() -> dict[str, Any]:
    text = files("counterpoise.data").joinpath("case_base.yml").read_text(encoding="utf-8")
    card: dict[str, Any] = YAML(typ="safe", pure=True).load(text)
    return card


@cache
def case_base() -> pl.DataFrame:
    """Return the catalogued attempts, schema ``CASE_BASE``, by beginning."""
    content = files("counterpoise.data").joinpath("case_base.csv").read_bytes()
    rows = pl.read_csv(content, schema=CASE_BASE).with_columns(pl.all().fill_null(""))
    return rows.sort("began", "id")


def base_rates(by: By) -> BaseRates:
    """Return how catalogued attempts ended, by one property.

    Phases of one continuous case count once, with the outcome of the last phase that is judged.
    """
    cases = _whole_cases()
    if by == "means":
        cases = cases.with_columns(pl.col("means").str.split(" ")).explode("means")
    if by == "decade":
        cases = cases.with_columns(pl.format("{}0s", pl.col("began").str.head(3)).alias("decade"))
    grouped = (
        cases.group_by(by)
        .agg(
            pl.len().cast(pl.Int64).alias("n_cases"),
            pl.col("outcome").is_in(_JUDGED).sum().cast(pl.Int64).alias("n_judged"),
            (pl.col("outcome") == _FULL).sum().cast(pl.Int64).alias("n_success"),
            (pl.col("outcome") == _PART).sum().cast(pl.Int64).alias("n_partial"),
        )
        .sort(by)
        .rename({by: "value"})
    )
    if by == "outcome":
        hits, n = grouped["n_cases"], pl.Series([cases.height] * grouped.height)
    else:
        hits, n = grouped["n_success"] + grouped["n_partial"], grouped["n_judged"]
    intervals = [_jeffreys(h, m) for h, m in zip(hits, n, strict=True)]
    rows = grouped.with_columns(
        pl.Series("share", [h / m if m else None for h, m in zip(hits, n, strict=True)], dtype=pl.Float64),
        pl.Series("lower", [low for low, _ in intervals], dtype=pl.Float64),
        pl.Series("upper", [high for _, high in intervals], dtype=pl.Float64),
        pl.lit(LEVEL).alias("level"),
    )
    return BaseRates(by=by, rows=rows, caveat=" ".join(_card()["caveat"].split()))


def _whole_cases() -> pl.DataFrame:
    """Return one row per case: of several phases the first's beginning and the last judged outcome."""
    whole = pl.when(pl.col("part_of") == "").then("id").otherwise("part_of").alias("whole")
    judged = pl.col("outcome").is_in(_JUDGED)
    return (
        case_base()
        .with_columns(whole)
        .group_by("whole", maintain_order=True)
        .agg(
            pl.col("began").first(),
            pl.col("actor_type", "label_status").first(),
            pl.col("means").str.split(" ").explode().unique(maintain_order=True).str.join(" "),
            pl.coalesce(pl.col("outcome").filter(judged).last(), pl.col("outcome").last()).alias("outcome"),
        )
    )


def _jeffreys(hits: int, n: int) -> tuple[float, float]:
    """Return the equal-tailed Jeffreys interval of a share, with its usual ends at 0 and 1 (Brown et al. 2001)."""
    tail = (1 - LEVEL) / 2
    lower = 0.0 if hits == 0 else float(betaincinv(hits + 0.5, n - hits + 0.5, tail))
    upper = 1.0 if hits == n else float(betaincinv(hits + 0.5, n - hits + 0.5, 1 - tail))
    return round(lower, 4), round(upper, 4)
