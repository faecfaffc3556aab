"""By how much intervals of a series are made wider or narrower than the model's own: the fit, written down.

    python benchmarks/skill/impact_width.py

Learns ``EvaluateOptions.width_below`` and ``width_above``: two quantile regressions (Koenker & Bassett 1978), which
minimise the mean interval score side by side. *Early*: every real series of ``impact.py`` with 50 people and more by
December 2018, at every month with 36 before it and twelve after it by then; nothing later is read. *Simulated*: 1,500
series of each class with seeds of their own. Scores are divided by about what they are, and both kinds weigh the
same. Which features are used was chosen on the rows ``held out``: series left out in five parts, and the years to 2018
with a fit on those to 2014. Writes ``impact_width.csv``: coefficients as fitted and as rounded in the options, with
coverage and score.
"""

from pathlib import Path

import numpy as np
import numpy.typing as npt
import polars as pl
from scipy.optimize import minimize

from benchmarks.skill.impact import (
    ALPHA,
    FIRST_YEAR,
    LAST_CHOOSING_YEAR,
    LEAST_PRE,
    MOVING,
    MOVING_SPREAD,
    N_POST,
    N_PRE,
    PHIS,
    SEED,
    SMALLEST_TOTAL,
    WIDTH_OF_MODEL,
    real_counts,
    scores,
    simulate,
)
from counterpoise.impact.options import EVALUATE_DEFAULTS
from counterpoise.impact.structural_time_series import estimate_together
from counterpoise.impact.width import features_of

Array = npt.NDArray[np.float64]
Sides = tuple[Array, Array]
N_LEARNT = 1500
N_PARTS = 5
UNIT_EARLY, UNIT_SIMULATED = 5.2, 2.2
SMOOTH = 0.05
"""Corner of the quantile loss, on the log scale: so that a gradient finds the least."""
PENALTY = 1e-3
LAST_LEARNT, FIRST_HELD_OUT = 60, 72
"""Months before: a fit on placebos that end by 2014, and those that begin in 2015."""


def prepared(log_counts: Array, n_pre: int, first_month: int) -> Array:
    """Return features, half-width and estimate, as columns, of the model's own intervals."""
    found = estimate_together(
        log_counts[:, : n_pre + N_POST], n_pre, first_month=first_month, options=WIDTH_OF_MODEL
    )
    half = (found[:, 2] - found[:, 1]) / 2
    return np.column_stack([features_of(log_counts[:, :n_pre], half), half, found[:, 0]])


def early() -> tuple[Array, npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Return what is learnt from of the early years, the series, and the months before."""
    counts, _, month = real_counts()
    counts = counts[:, : 12 * (LAST_CHOOSING_YEAR - FIRST_YEAR + 1)]
    logs = np.log1p(counts[counts.sum(axis=1) >= SMALLEST_TOTAL])
    cuts = range(LEAST_PRE, logs.shape[1] - N_POST + 1)
    parts = [prepared(logs, cut, month) for cut in cuts]
    series = np.tile(np.arange(len(logs), dtype=np.int64), len(parts))
    return np.concatenate(parts), series, np.repeat(np.array(cuts), len(logs))


def loss(coefficients: Array, data: Array, errors: Array, weights: Array) -> tuple[float, Array]:
    """Return the mean interval score of one side and its gradient, the corner smoothed."""
    features, half = data[:, :-2], data[:, -2]
    width = half * np.exp(np.clip(features @ coefficients, -8, 5))
    beyond = np.clip((errors - width) / SMOOTH, -500, 500)
    times = 2 / ALPHA
    score = weights @ (width + times * SMOOTH * np.logaddexp(0, beyond)) / weights.sum()
    slope = features.T @ (weights * width * (1 - times / (1 + np.exp(-beyond)))) / weights.sum()
    shrunk = np.append(0.0, coefficients[1:])
    return float(score + PENALTY * shrunk @ shrunk), slope + 2 * PENALTY * shrunk


def fitted(real: Array, simulated: dict[str, Array]) -> Sides:
    """Return the coefficients below and above the estimate."""
    data = np.concatenate([real, *simulated.values()])
    share = [np.full(len(real), 1 / len(real) / UNIT_EARLY)]
    share += [np.full(len(s), 1 / len(s) / len(simulated) / UNIT_SIMULATED) for s in simulated.values()]
    weights = np.concatenate(share)
    below, above = (
        minimize(
            loss,
            np.zeros(data.shape[1] - 2),
            args=(data, sign * data[:, -1], weights),
            jac=True,
            method="L-BFGS-B",
            options={"maxiter": 500},
        ).x
        for sign in (1, -1)
    )
    return below, above


def scored(data: Array, sides: Sides) -> tuple[Array, Array]:
    """Return whether each interval holds zero, and its score."""
    below, above = (data[:, -2] * np.exp(data[:, :-2] @ one) for one in sides)
    held, score, _ = scores(np.column_stack([data[:, -1], data[:, -1] - below, data[:, -1] + above]))
    return held, score


def main() -> None:
    """Write the table."""
    real, series, cuts = early()
    made = {
        f"phi {phi:g}": simulate(phi, N_LEARNT, np.random.default_rng([SEED + 2, round(10 * phi)]))
        for phi in PHIS
    }
    for name, step in MOVING.items():
        generator = np.random.default_rng([SEED + 2, round(100 * step)])
        made[name] = simulate(0.0, N_LEARNT, generator, step=step, spread=MOVING_SPREAD)
    simulated = {name: prepared(one, N_PRE, 1) for name, one in made.items()}
    sides = fitted(real, simulated)
    rows = []
    for kind, pair in (
        ("fitted", sides),
        ("default", (np.array(EVALUATE_DEFAULTS.width_below), np.array(EVALUATE_DEFAULTS.width_above))),
    ):
        numbers = {
            f"{side}{i}": round(float(c), 3)
            for side, one in zip(("below", "above"), pair, strict=True)
            for i, c in enumerate(one)
        }
        for name, part in {"early": real, **simulated}.items():
            rows.append({"coefficients": kind, **numbers, "data": name, **_summary(*scored(part, pair))})
    held, score = np.empty(len(real)), np.empty(len(real))
    for fold in range(N_PARTS):
        out = series % N_PARTS == fold
        held[out], score[out] = scored(real[out], fitted(real[~out], simulated))
    rows.append({"coefficients": "held out", "data": "early, by series", **_summary(held, score)})
    later = scored(real[cuts >= FIRST_HELD_OUT], fitted(real[cuts <= LAST_LEARNT], simulated))
    rows.append(
        {"coefficients": "held out", "data": "2015 to 2018, from the years before", **_summary(*later)}
    )
    table = pl.DataFrame(rows, infer_schema_length=None)
    table.write_csv(Path(__file__).with_suffix(".csv"))
    with pl.Config(tbl_rows=-1, tbl_cols=-1, tbl_width_chars=200):
        print(table)


def _summary(held: Array, score: Array) -> dict[str, float]:
    return {"coverage": round(float(held.mean()), 4), "interval_score": round(float(score.mean()), 3)}


if __name__ == "__main__":
    main()
