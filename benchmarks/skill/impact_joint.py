"""What is gained by several series together, and whether intervals of the joint models hold.

    python benchmarks/skill/impact_joint.py

*Panels*: 1,200 real placebos, each the eight nationalities with most detections on one route and a month drawn
with a fixed seed; 12 months follow, at least 48 lie before. For the mean over them: the event study (each its own
counterfactual) and matrix completion (from the nationalities of all other routes): coverage, interval score, error,
and the width over the mean width of the same eight, each by itself: the power gained for the same estimand. The factor
on widths (``EvaluateOptions.panel_width``) and the settings of the completion were learnt on those that end by 2018.
*Diversion*: 600 simulated pairs of corridors with a common level; half of what would have been counted at the
first goes, and of that a known share to the second; coverage of the diversion ratio. Writes ``impact_joint.csv``.
"""

import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import polars as pl

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parents[1]))

from benchmarks.skill.impact import FIRST_YEAR, LAST_CHOOSING_YEAR, N_POST, SEED, Interval, scores  # noqa: E402
from counterpoise.impact.displacement import draw_differences, estimate_diversion  # noqa: E402
from counterpoise.impact.event_study import estimate_event_study  # noqa: E402
from counterpoise.impact.matrix_completion import donors_of, estimate_completed  # noqa: E402
from counterpoise.impact.options import EVALUATE_DEFAULTS  # noqa: E402
from counterpoise.impact.peak_start import in_half_widths  # noqa: E402
from counterpoise.impact.structural_time_series import estimate_together  # noqa: E402
from counterpoise.observations.archive import Archive  # noqa: E402
from counterpoise.observations.bundled import read_bundled  # noqa: E402
from counterpoise.observations.panel import build_panels  # noqa: E402

Array = npt.NDArray[np.float64]
N, N_PANELS = 600, 1200
N_LEARNT = 12 * (LAST_CHOOSING_YEAR - FIRST_YEAR + 1)
N_SERIES = 8
LEAST_PRE = 48
SMALLEST_TOTAL = 100
SHARES = (0.0, 0.5, 1.0)
N_PRE = 48


@dataclass(frozen=True, slots=True)
class Route:
    """Log counts, series x months, of the nationalities most often counted on a route, and of all on other routes."""

    largest: Array
    elsewhere: Array


def routes() -> tuple[list[Route], int]:
    """Return the routes with enough nationalities, and the first month."""
    known = Archive.from_batch(read_bundled()).as_of()
    panel = next(p for p in build_panels(known) if p.dataset == "frontex.ibc")
    here = panel.series["corridor"].to_numpy()
    counted = (~panel.series["nationality"].str.starts_with("TOTAL")).to_numpy() & (here != "eastern-borders")
    logs = np.log1p(panel.values[:, ~np.isnan(panel.values[counted]).any(axis=0)])
    totals = np.expm1(logs).sum(axis=1)
    found = []
    for corridor in sorted(set(here)):
        rows = np.flatnonzero(counted & (here == corridor))
        chosen = rows[np.argsort(-totals[rows])][:N_SERIES]
        if (totals[chosen] >= SMALLEST_TOTAL).sum() == N_SERIES:
            found.append(Route(logs[chosen], logs[counted & (here != corridor)]))
    return found, panel.periods["period_start"][0].month


def estimates(route: Route, cut: int, month: int) -> dict[str, tuple[Interval, float]]:
    """Return estimate, lower and upper of each method at one placebo, and by what its own width was multiplied."""
    treated, donors = (part[:, : cut + N_POST] for part in (route.largest, route.elsewhere))
    donors = donors[donors_of(donors[:, :cut], EVALUATE_DEFAULTS)]
    alone = estimate_event_study(treated, cut, first_month=month)
    own = estimate_completed(treated, donors, cut)
    assert own is not None  # 48 months before give two earlier dates
    return {
        "event study": ((alone.estimate, alone.lower, alone.upper), EVALUATE_DEFAULTS.panel_width),
        "matrix completion": ((own.estimate, own.lower, own.upper), 1.0),
    }


def panels() -> list[dict[str, object]]:
    """Return coverage, width and error of each method for the mean over series; and of the series by themselves.

    ``factor`` is by what the interval of the model has to be multiplied to hold 95 % of the placebos of the row.
    """
    made, month = routes()
    generator = np.random.default_rng([SEED, 8])
    rows = []
    for _ in range(N_PANELS):
        route = made[int(generator.integers(len(made)))]
        cut = int(generator.integers(LEAST_PRE, route.largest.shape[1] - N_POST + 1))
        early = cut + N_POST <= N_LEARNT
        singles = estimate_together(route.largest[:, : cut + N_POST], cut, first_month=month)
        of_singles = {"early": early, "single_width": float((singles[:, 2] - singles[:, 1]).mean())}
        rows += [
            {**of_singles, "method": "by themselves", **_judged((e, low, up), 1.0)}
            for e, low, up in singles.tolist()
        ]
        rows += [
            {**of_singles, "method": method, **_judged(interval, by)}
            for method, (interval, by) in estimates(route, cut, month).items()
        ]
    table = pl.DataFrame(rows)
    return (
        table.group_by("method", "early", maintain_order=True)
        .agg(
            pl.len().alias("n"),
            pl.col("held").mean().round(4).alias("coverage"),
            pl.col("width").mean().round(3),
            (pl.col("width") / pl.col("single_width")).mean().round(3).alias("width_ratio"),
            pl.col("score").mean().round(3).alias("interval_score"),
            pl.col("squared").mean().sqrt().round(3).alias("rmse"),
            pl.col("widths").quantile(0.95, "linear").round(2).alias("factor"),
        )
        .sort("early", descending=True, maintain_order=True)
        .select(
            pl.format(
                f"{N_SERIES} nationalities, {len(made)} routes, {{}}, {{}}",
                pl.when("early").then(pl.lit("to 2018")).otherwise(pl.lit("after 2018")),
                "method",
            ).alias("what"),
            pl.exclude("method", "early"),
        )
        .to_dicts()
    )


def _judged(interval: Interval, by: float) -> dict[str, float]:
    held, score, squared = scores(np.array([interval]))
    return {
        "held": float(held[0]),
        "score": float(score[0]),
        "squared": float(squared[0]),
        "width": interval[2] - interval[1],
        "widths": abs(float(in_half_widths(*np.array(interval)))) * by,
    }


def diversion(share: float) -> dict[str, object]:
    """Return coverage of the diversion ratio where it is given."""
    held, widths = [], []
    for i in range(N):
        generator = np.random.default_rng([SEED, round(10 * share), i])
        level = np.cumsum(generator.normal(0, 0.05, N_PRE + N_POST))
        own = np.cumsum(generator.normal(0, 0.05, (2, N_PRE + N_POST)), axis=1)
        counts = np.exp(7 + level + own + generator.normal(0, 0.15, own.shape))
        lost = 0.5 * counts[0, N_PRE:]
        counts[0, N_PRE:] -= lost
        counts[1, N_PRE:] += share * lost
        draws = draw_differences(
            counts.round().astype(np.float64), N_PRE, first_month=1, rng=generator, options=EVALUATE_DEFAULTS
        )
        found = estimate_diversion(draws, level=0.95).ratio
        if found is not None:
            held.append(found[1] <= share <= found[2])
            widths.append(found[2] - found[1])
    return {
        "what": f"diversion ratio, {share:g} of the fall went next door",
        "n": len(held),
        "coverage": round(float(np.mean(held)), 4),
        "width": round(float(np.median(widths)), 3),
    }


def main() -> None:
    """Write the table."""
    table = pl.DataFrame([*panels(), *(diversion(share) for share in SHARES)], infer_schema_length=None)
    table.write_csv(Path(__file__).with_suffix(".csv"))
    with pl.Config(tbl_rows=-1, tbl_cols=-1, tbl_width_chars=140, fmt_str_lengths=60):
        print(table)


if __name__ == "__main__":
    main()
