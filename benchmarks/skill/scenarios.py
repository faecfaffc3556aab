"""Skill of the scenario model: calibrated on Belarus 2021, then laid beside Finland 2023, which no fit has seen.

Run: ``.venv/bin/python benchmarks/skill/scenarios.py`` (some minutes). Writes, beside this script,

- ``scenarios_patterns.csv``: per case and pattern the published figure, the simulated 10th percentile, median and 90th
  percentile of futures kept, with chance drawn anew, and the share within the factor that was set before the fit;
- ``scenarios_identifiability.csv``: per uncertainty the prior, what the fit left of it, and how many of the populations
  call it informed;
- ``scenarios_shape.csv``: statements on the course of events, and the share of futures in which they hold;

and ``src/counterpoise/data/scenarios/posterior-belarus-eu-2021.csv``, the futures kept.

The factors in the patterns files were set before the first fit. Priors of border weights and seats were widened once,
after the first fit lay at their ends; the model file says so. The mix of nationalities, runs with other chance and
several populations came later, after Finland had been looked at once: none of them was chosen by what it does there.
A finite population settles in one of several regions that reproduce the figures, so several are made and pooled.
"""

import csv
import sys
import time
from importlib.resources import files
from pathlib import Path

import numpy as np
from scipy.stats import kstest

from counterpoise.scenarios.calibrate import calibrate
from counterpoise.scenarios.design import scenarios_at
from counterpoise.scenarios.model import LeverRows
from counterpoise.scenarios.parameters import SERIES
from counterpoise.scenarios.patterns import load_patterns, pattern_values
from counterpoise.scenarios.policies import lever_rows, parse_policies
from counterpoise.scenarios.posterior import load_posterior, transferred_shares
from counterpoise.scenarios.run import run_experiments
from counterpoise.scenarios.worlds import World, load_world

HERE = Path(__file__).parent
DATA = HERE.parents[1] / "src" / "counterpoise" / "data" / "scenarios"
FIT, HELD_OUT = "belarus-eu-2021", "russia-finland-2023"
N, MOVES, MIXING, SEED = 1024, 600, 600, 1
POPULATIONS = 4
N_KEPT = 512
WEEKS = 40
INERT = (
    "cost_factor", "injury_ratio", "trust_gain", "tone_effect", "dialogue_effect", "information_effect",
    "information_decay", "pathway_substitution", "incentive_effect", "deal_gain", "deal_honour", "fence_effect",
)  # fmt: skip
"""Uncertainties that can change no pattern, since their lever is not pulled or they act on nothing that is counted: how
far these have drifted from their priors is how far a finite population drifts by chance."""


def history(case: str) -> LeverRows:
    """Return the responses used in fact."""
    text = files("counterpoise.data").joinpath("scenarios", f"history-{case}.yml").read_text(encoding="utf-8")
    return next(lever_rows(p) for p in parse_policies(text, case) if p.name == "in-fact")


def world_of(case: str) -> World:
    return load_world(case).model_copy(update={"weeks": WEEKS})


def predicted(case: str) -> tuple[np.ndarray, np.ndarray]:
    """Return series and figures of the kept futures under the responses in fact, with chance drawn anew."""
    world = world_of(case)
    if case == FIT:
        _, shares = load_posterior(FIT)
        shares = np.repeat(shares, 4, axis=1)
    else:
        shares = transferred_shares(world, FIT, 4 * N_KEPT, seed=SEED + 2)
    parameters = scenarios_at(world, iter(shares), shares.shape[1])
    done = run_experiments(parameters, [history(case)], world.cold, seed=SEED + 1, keep_series=True)
    return done.series[0], pattern_values(done.series[0], load_patterns(case), world.start)


def pattern_rows(case: str, values: np.ndarray) -> list[list[object]]:
    rows: list[list[object]] = []
    for pattern, value in zip(load_patterns(case), values, strict=True):
        low, middle, high = np.quantile(value, [0.1, 0.5, 0.9])
        near = np.abs(np.log((value + 1e-6) / pattern.target)) <= np.log(pattern.factor)
        inside = "yes" if low <= pattern.target <= high else "no"
        rows.append(
            [case, pattern.name, pattern.use, f"{pattern.target:.4g}", pattern.factor]
            + [f"{x:.4g}" for x in (low, middle, high)]
            + [f"{near.mean():.3f}", inside]
        )
    return rows


def shape_rows(series: dict[str, np.ndarray]) -> list[list[object]]:
    """Return statements on the course of events with the share of futures in which they hold."""
    row = {name: k for k, name in enumerate(SERIES)}
    rows: list[list[object]] = []

    def month(values: np.ndarray, case: str, first: str, last: str) -> np.ndarray:
        start = np.datetime64(world_of(case).start)
        days = start + np.arange(7 * WEEKS)
        share = (
            ((days >= np.datetime64(first)) & (days <= np.datetime64(last))).reshape(WEEKS, 7).mean(axis=1)
        )
        return np.asarray(share @ values.astype(float))

    def add(case: str, statement: str, holds: np.ndarray) -> None:
        rows.append([case, statement, f"{holds.mean():.3f}"])

    s = series[FIT]
    months = ["06-30", "07-31", "08-31", "09-30", "10-31", "11-30", "12-31"]
    poland = np.array([month(s[:, row["attempts_1"]], FIT, f"2021-{m[:2]}-01", f"2021-{m}") for m in months])
    peak = poland.argmax(axis=0)
    add(FIT, "attempts at the Polish border peak in October", peak == 4)
    add(FIT, "they peak in September, October or November", np.abs(peak - 4) <= 1)
    ratio = np.abs(np.log(poland.max(axis=0) / 17447))
    add(FIT, "their peak month is within a factor 1.5 of 17,447", ratio <= np.log(1.5))
    near = (np.abs(peak - 4) <= 1) & (ratio <= np.log(1.5))
    add(FIT, "month within one and height within a factor 1.5", near)
    found = s[:, row["detections_1"]] + s[:, row["detections_2"]] + s[:, row["detections_3"]]
    tried = s[:, row["attempts_1"]] + s[:, row["attempts_2"]] + s[:, row["attempts_3"]]
    july, october = ("2021-07-01", "2021-07-31"), ("2021-10-01", "2021-10-31")
    fall = month(found, FIT, *october) < month(found, FIT, *july)
    rise = month(tried, FIT, *october) > month(tried, FIT, *july)
    onward = s[:, row["onward_detections"]]
    further = month(onward, FIT, *october) > month(onward, FIT, *july)
    add(
        FIT,
        "July to October: detections fall while attempts and onward detections rise",
        fall & rise & further,
    )
    add(FIT, "attempts in December are under a third of October", poland[6] < poland[4] / 3)
    f = series[HELD_OUT]
    all_ = f[:, row["registered"]].sum(axis=0, dtype=float)
    add(
        HELD_OUT,
        "people who came, all in all, within a factor 10 of 1,319",
        np.abs(np.log10(all_ / 1319 + 1e-9)) <= 1,
    )
    before, after = f[13:16], f[16:17]
    north = after[:, row["detections_3"]].sum(axis=0)
    add(
        HELD_OUT,
        "in the week after the south-east closed more people came in the north than in the week before",
        north > before[-1, row["detections_3"]],
    )
    add(
        HELD_OUT,
        "in that week more came in the north than in the south-east",
        north > after[:, row["detections_1"]].sum(axis=0),
    )
    end = f[20:30, row["registered"]].sum(axis=0)
    add(
        HELD_OUT,
        "after full closure under a twentieth a week of November",
        end / 10 < f[14:18, row["registered"]].sum(axis=0) / 4 / 20,
    )
    return rows


def tell(move: int, tolerance: float, accepted: float) -> None:
    if move % 100 == 0:
        print(f"move {move}: tolerance {tolerance:.3f}, accepted {accepted:.2f}", file=sys.stderr)


def kept_futures() -> tuple[tuple[str, ...], np.ndarray]:
    """Return names, and shares of the futures kept, as many from each population."""
    kept = []
    for k in range(POPULATIONS):
        began = time.perf_counter()
        found = calibrate(
            world_of(FIT), history(FIT), load_patterns(FIT), n=N, moves=MOVES, mixing=MIXING, seed=SEED + k,
            progress=tell,
        )  # fmt: skip
        took = time.perf_counter() - began
        print(f"{found.n_experiments:,} runs, {took:.0f} s, worst error {found.distance.max():.3f} factors")
        some = np.random.default_rng(SEED).permutation(N)[: N_KEPT // POPULATIONS]
        kept.append(found.shares[:, some])
    return found.names, np.concatenate(kept, axis=1)


def informed_by(names: tuple[str, ...], shares: np.ndarray) -> dict[str, bool]:
    """Return which uncertainties have moved further from their priors than those that can change no pattern."""
    distance = {
        name: float(kstest(share, "uniform").statistic) for name, share in zip(names, shares, strict=True)
    }
    chance = max(distance[name] for name in INERT)
    return {name: bool(d > chance) for name, d in distance.items()}


def main() -> None:
    """Calibrate, unless ``--keep`` says that the futures kept are those of the last time; then write the tables."""
    if "--keep" not in sys.argv[1:]:
        names, shares = kept_futures()
        with (DATA / f"posterior-{FIT}.csv").open("w", newline="") as file:
            out = csv.writer(file, lineterminator="\n")
            out.writerow(names)
            out.writerows([f"{x:.4f}" for x in column] for column in shares.T)
        load_posterior.cache_clear()
    names, shares = load_posterior(FIT)
    priors = world_of(FIT).all_priors
    with (HERE / "scenarios_identifiability.csv").open("w", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(["uncertainty", "low", "high", "p10", "median", "p90", "contraction", "informed"])
        populations = [informed_by(names, part) for part in np.split(shares, POPULATIONS, axis=1)]
        for name, share in zip(names, shares, strict=True):
            low, middle, high = priors[name].at(np.quantile(share, [0.1, 0.5, 0.9]))
            calls = sum(informed[name] for informed in populations)
            out.writerow(
                [name, f"{priors[name].low:g}", f"{priors[name].high:g}"]
                + [f"{x:.3g}" for x in (low, middle, high)]
                + [f"{1 - share.var() * 12:.2f}"]
                + ["can inform nothing" if name in INERT else f"{calls} of {POPULATIONS}"]
            )
    series, rows = {}, []
    for case in (FIT, HELD_OUT):
        series[case], values = predicted(case)
        rows += pattern_rows(case, values)
    with (HERE / "scenarios_patterns.csv").open("w", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(
            [
                "case",
                "pattern",
                "use",
                "published",
                "factor",
                "p10",
                "median",
                "p90",
                "within_factor",
                "in_interval",
            ]
        )
        out.writerows(rows)
    with (HERE / "scenarios_shape.csv").open("w", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(["case", "statement", "share_of_futures"])
        out.writerows(shape_rows(series))
    for row in rows:
        print(*row)


if __name__ == "__main__":
    main()
