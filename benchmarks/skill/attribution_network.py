"""How like real series the synthetic worlds are: routes, sizes, seasons, roughness and rises, 2013 to 2018.

Run: python benchmarks/skill/attribution_network.py. Writes attribution_network.csv: each measure on the detections of
the years 2013 to 2018 (all routes; needs the publisher's workbook in ../shared) and its 10th, 50th and 90th
percentile over synthetic worlds of all families. The same of the annual figures of origins, by those of 2005 to 2018.
"""

from datetime import date
from pathlib import Path

import numpy as np
import polars as pl

from counterpoise.attribution._kernels import rolling_sum
from counterpoise.attribution.cube import Cube
from counterpoise.attribution.indicators.origin_push import (
    applications_growth,
    displacement_growth,
    recognition_share,
)
from counterpoise.attribution.indicators.shape import monthly_jump
from counterpoise.attribution.worlds.families import make_families
from counterpoise.attribution.worlds.simulate import simulate_world
from counterpoise.observations.origins import OriginFigures, load_origins

OUT = Path(__file__).with_suffix(".csv")
DETECTIONS = Path(__file__).parents[3] / "shared" / "data" / "frontex" / "frontex_ibc.parquet"
N_WORLDS = 80
_N_MONTHS = 72


def real_cube() -> Cube:
    """Return the detections of 2013 to 2018 by route and nationality; nationalities with two people a month."""
    rows = (
        pl.read_parquet(DETECTIONS)
        .filter(pl.col("month").is_between(date(2013, 1, 1), date(2018, 12, 31)))
        .group_by("route", "nationality", "month")
        .agg(pl.col("detections").sum())
    )
    big = (
        rows.group_by("nationality")
        .agg(pl.col("detections").sum())
        .filter(pl.col("detections") >= 2 * _N_MONTHS)
    )
    names = sorted(set(big["nationality"]) - {"OOO", "OOS"})
    routes = sorted(rows["route"].unique())
    months = sorted(rows["month"].unique())
    counts = np.zeros((len(routes), len(names) + 1, len(months)))
    for route, name, month, value in rows.iter_rows():
        if name in names:
            counts[routes.index(route), names.index(name), months.index(month)] = value
    counts[:, -1] = counts[:, :-1].sum(axis=1)
    return Cube(
        corridors=tuple(routes),
        nationalities=tuple(names),
        months=tuple(months),
        counts=counts,
        held=np.ones(counts.shape[:2], dtype=bool),
        unidentified=np.zeros(len(names), dtype=bool),
    )


def measures(cube: Cube) -> dict[str, float]:
    """Return what is compared, of the cube's nationalities."""
    counts = cube.counts[:, : len(cube.nationalities)][:, ~cube.unidentified]
    size = counts.sum(axis=(0, 2)) / counts.shape[2]
    used = size >= 2
    counts, size = counts[:, used], size[used]
    share = counts.sum(axis=2) / counts.sum(axis=(0, 2))
    window = rolling_sum(counts, 3)
    before = rolling_sum(counts, 12)
    active = window >= 10
    year = np.full(window.shape, np.nan)
    year[..., 3:] = before[..., :-3] / 4
    judged = active & ~np.isnan(year)
    rise = judged & (window >= 30) & (window >= 1.5 * year)
    jump = monthly_jump(counts)[judged & ~np.isnan(monthly_jump(counts))]
    busy = counts[counts.mean(axis=2) >= 10]
    logs = np.log(busy + 1)
    steps = np.diff(logs, axis=-1)
    return {
        "log_size_mean": float(np.log(size).mean()),
        "log_size_sd": float(np.log(size).std()),
        "effective_routes_median": float(np.median(1 / (share**2).sum(axis=0))),
        "top_route_share_median": float(np.median(share.max(axis=0))),
        "monthly_log_change_sd_median": float(np.median(steps.std(axis=-1))),
        "monthly_jump_p90": float(np.quantile(jump, 0.9)),
        "monthly_jump_p99": float(np.quantile(jump, 0.99)),
        "rise_share_of_active_months": float(rise.sum() / judged.sum()),
    }


def measures_of_origins(figures: OriginFigures) -> dict[str, float]:
    """Return what is compared of annual figures: spreads from year to year (half the 16 to 84 % range), and levels."""
    with np.errstate(invalid="ignore", divide="ignore"):
        applied = applications_growth(figures)[:, 1:][figures.applications[:, :-1] >= 200]
        displaced = displacement_growth(figures)[:, 1:][figures.displaced[:, :-1] >= 1000]
        share = np.clip(recognition_share(figures), 0.01, 0.99)
        logit = np.log(share / (1 - share))
    changes = np.diff(logit, axis=1)
    return {
        "application_growth_spread": _spread(applied),
        "displacement_growth_spread": _spread(displaced),
        "displacement_growth_p95": float(np.nanquantile(displaced, 0.95)),
        "recognition_logit_mean": float(np.nanmean(logit)),
        "recognition_logit_sd": float(np.nanstd(logit)),
        "recognition_logit_change_spread": _spread(changes),
    }


def _spread(values: np.ndarray) -> float:
    lower, upper = np.nanquantile(values, [0.16, 0.84])
    return float(upper - lower) / 2


def main() -> None:
    """Compare and write."""
    rng = np.random.default_rng(7)
    families = make_families(8, 20240101)
    worlds = []
    for i in range(N_WORLDS):
        world = simulate_world(
            families[i % len(families)], rng, driver="seasonal_return", is_open=False, artefact=None
        )
        worlds.append({**measures(world.cube), **measures_of_origins(world.origins)})
    real = {**measures(real_cube()), **measures_of_origins(load_origins(date(2019, 6, 30), ()))}
    rows = [
        (name, value, *np.quantile([w[name] for w in worlds], [0.1, 0.5, 0.9]))
        for name, value in real.items()
    ]
    frame = pl.DataFrame(
        rows, schema=["measure", "real_to_2018", "worlds_p10", "worlds_p50", "worlds_p90"], orient="row"
    )
    frame.write_csv(OUT, float_precision=3)
    print(frame)


if __name__ == "__main__":
    main()
