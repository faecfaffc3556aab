"""What is gained by several series together, and whether intervals of the joint models hold.

    python benchmarks/skill/impact_joint.py

*Event study*: 1,200 real placebos, each the eight nationalities with most detections on one route and a month drawn
with a fixed seed; 12 months follow, at least 48 lie before. Coverage of the interval of their mean, and its width
over the mean width of the same eight, each by itself: the power gained for the same estimand. The factor on its
width (``EvaluateOptions.panel_width``) is learnt on those that end by 2018. *Diversion*: 600
simulated pairs of corridors with a common level; half of what would have been counted at the first goes, and of
that a known share to the second; coverage of the diversion ratio. Writes ``impact_joint.csv``.
"""

import sys
from pathlib import Path

import numpy as np
import numpy.typing as npt
import polars as pl

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parents[1]))

from benchmarks.skill.impact import FIRST_YEAR, LAST_CHOOSING_YEAR, N_POST, SEED  # noqa: E402
from counterpoise.impact.displacement import draw_differences, estimate_diversion  # noqa: E402
from counterpoise.impact.event_study import estimate_event_study  # noqa: E402
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


def routes() -> tuple[list[Array], int]:
    """Return per route the log counts of its largest nationalities, series x months, and the first month."""
    known = Archive.from_batch(read_bundled()).as_of()
    panel = next(p for p in build_panels(known) if p.dataset == "frontex.ibc")
    logs = []
    for corridor in panel.series["corridor"].unique().sort():
        rows = np.flatnonzero(
            (
                (panel.series["corridor"] == corridor)
                & ~panel.series["nationality"].str.starts_with("TOTAL")
                & (corridor != "eastern-borders")
            ).to_numpy()
        )
        totals = np.nansum(panel.values[rows], axis=1)
        chosen = rows[np.argsort(-totals)][:N_SERIES][np.sort(-totals)[:N_SERIES] <= -SMALLEST_TOTAL]
        counts = panel.values[chosen]
        if len(chosen) == N_SERIES:
            logs.append(np.log1p(counts[:, ~np.isnan(counts).any(axis=0)]))
    return logs, panel.periods["period_start"][0].month


def event_study() -> list[dict[str, object]]:
    """Return coverage of the mean of several series and its width against theirs: by whether widths were learnt there.

    ``factor`` is by what the interval of the model has to be multiplied to hold 95 % of the placebos of the row.
    """
    logs, month = routes()
    generator = np.random.default_rng([SEED, 8])
    made = []
    for _ in range(N_PANELS):
        one = logs[int(generator.integers(len(logs)))]
        cut = int(generator.integers(LEAST_PRE, one.shape[1] - N_POST + 1))
        found = estimate_event_study(one[:, : cut + N_POST], cut, first_month=month)
        by_itself = estimate_together(one[:, : cut + N_POST], cut, first_month=month)
        interval = np.array([found.estimate, found.lower, found.upper])
        made.append(
            {
                "early": cut + N_POST <= N_LEARNT,
                "held": found.lower <= 0 <= found.upper,
                "held_single": ((by_itself[:, 1] <= 0) & (by_itself[:, 2] >= 0)).mean(),
                "widths": abs(float(in_half_widths(*interval))) * EVALUATE_DEFAULTS.panel_width,
                "width": found.upper - found.lower,
                "single_width": found.single_width,
                "correlation": found.correlation,
            }
        )
    table = pl.DataFrame(made)
    parts = {"to 2018": pl.col("early"), "after 2018": ~pl.col("early")}
    return [
        {
            "what": f"event study, {N_SERIES} nationalities, {len(logs)} routes, {name}",
            "n": part.height,
            **part.select(
                pl.col("held").mean().round(4).alias("coverage"),
                pl.col("width").mean().round(3),
                pl.col("held_single").mean().round(4).alias("single_coverage"),
                pl.col("single_width").mean().round(3),
                (pl.col("width") / pl.col("single_width")).mean().round(3).alias("width_ratio"),
                pl.col("correlation").mean().round(3),
                pl.col("widths").quantile(0.95, "linear").round(2).alias("factor"),
            ).row(0, named=True),
        }
        for name, wanted in parts.items()
        for part in (table.filter(wanted),)
    ]


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
    table = pl.DataFrame([*event_study(), *(diversion(share) for share in SHARES)], infer_schema_length=None)
    table.write_csv(Path(__file__).with_suffix(".csv"))
    with pl.Config(tbl_rows=-1, tbl_cols=-1, tbl_width_chars=140, fmt_str_lengths=60):
        print(table)


if __name__ == "__main__":
    main()
