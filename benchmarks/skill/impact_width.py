"""By how much intervals of a series are made wider or narrower than the model's own: the fit, written down.

    python benchmarks/skill/impact_width.py

Learns the four coefficients of ``EvaluateOptions.width_coefficients`` on the real placebos of ``impact.py`` that
end by December 2017 and on 1,000 simulated series of each class with seeds of their own (those of ``impact.py`` are
not seen): least mean interval score, with a penalty where coverage of the placebos is under 92.5 % or that of a
simulated class outside 94 to 96.5 % (under 90 % for phi 0.8, 92 % for a level that moves much), by differential
evolution with a fixed seed. Writes ``impact_width.csv``: coefficients as fitted and as rounded in the options, with
coverage and score of both on what they were learnt from.
"""

from pathlib import Path

import numpy as np
import numpy.typing as npt
import polars as pl
from scipy.optimize import Bounds, differential_evolution

from benchmarks.skill.impact import (
    FIRST_YEAR,
    LAST_CHOOSING_YEAR,
    MOVING,
    MOVING_SPREAD,
    N_POST,
    N_PRE,
    PHIS,
    SEED,
    placebos,
    scores,
    simulate,
)
from counterpoise.impact.options import EVALUATE_DEFAULTS
from counterpoise.impact.structural_time_series import estimate_structural
from counterpoise.impact.width import features_of, width_factor

Array = npt.NDArray[np.float64]
N_LEARNT = 1000
UNIT_REAL, UNIT_SIMULATED, WEIGHT_SIMULATED = 5.5, 2.2, 0.15
"""Interval scores are divided by about what they are, so that neither kind of data drowns the other."""

LEAST_COVERAGE = {"phi 0.8": 0.90, "level moves by 0.4": 0.92, "level moves by 0.15": 0.92}
HALF_WEIGHT = frozenset(MOVING)
"""Two classes of nearly the same kind count as one."""


def _generator(seed: int) -> np.random.Generator:
    return np.random.default_rng([SEED + 1, seed])


def prepared(data: list[tuple[Array, int, int]]) -> tuple[Array, Array]:
    """Return features (n x 4) and estimate, lower, upper without any factor (n x 3)."""
    features, intervals = [], []
    for y, n, month in data:
        found = estimate_structural(y, n, first_month=month)
        applied = width_factor(y[:n], EVALUATE_DEFAULTS)
        features.append(features_of(y[:n]))
        centre = found.estimate
        intervals.append(
            (centre, centre + (found.lower - centre) / applied, centre + (found.upper - centre) / applied)
        )
    return np.array(features), np.array(intervals)


def scored(part: tuple[Array, Array], coefficients: Array) -> tuple[float, float]:
    """Return coverage and mean interval score under coefficients."""
    features, intervals = part
    factor = np.exp(features @ coefficients)[:, None]
    centre = intervals[:, :1]
    held, score, _ = scores(np.column_stack([centre, centre + factor * (intervals[:, 1:] - centre)]))
    return float(held.mean()), float(score.mean())


def main() -> None:
    """Write the table."""
    drawn, _, _ = placebos()
    n_choosing = 12 * (LAST_CHOOSING_YEAR - FIRST_YEAR + 1)
    real = prepared([one for one in drawn if one[1] + N_POST <= n_choosing])
    made = {f"phi {phi:g}": simulate(phi, N_LEARNT, _generator(round(10 * phi))) for phi in PHIS}
    for name, step in MOVING.items():
        made[name] = simulate(0.0, N_LEARNT, _generator(round(100 * step)), step=step, spread=MOVING_SPREAD)
    simulated = {name: prepared([(y, N_PRE, 1) for y in series]) for name, series in made.items()}

    def loss(coefficients: Array) -> float:
        coverage, score = scored(real, coefficients)
        total = score / UNIT_REAL + 400 * max(0.0, 0.925 - coverage) ** 2
        for name, part in simulated.items():
            coverage, score = scored(part, coefficients)
            least = LEAST_COVERAGE.get(name, 0.94)
            outside = max(0.0, coverage - 0.965) ** 2 + max(0.0, least - coverage) ** 2
            weight = WEIGHT_SIMULATED * (0.5 if name in HALF_WEIGHT else 1.0)
            total += weight * score / UNIT_SIMULATED + 100 * outside
        return total

    bounds = Bounds([-0.8] * 4, [0.8] * 4)
    fitted = differential_evolution(loss, bounds, seed=SEED, popsize=16, maxiter=80, tol=1e-6).x
    rows = []
    for name, coefficients in (
        ("fitted", fitted),
        ("default", np.array(EVALUATE_DEFAULTS.width_coefficients)),
    ):
        for data, part in {"placebos": real, **simulated}.items():
            coverage, score = scored(part, coefficients)
            rows.append(
                {
                    "coefficients": name,
                    **{f"c{i}": round(float(c), 3) for i, c in enumerate(coefficients)},
                    "data": data,
                    "coverage": round(coverage, 4),
                    "interval_score": round(score, 3),
                }
            )
    table = pl.DataFrame(rows)
    table.write_csv(Path(__file__).with_suffix(".csv"))
    print(table)


if __name__ == "__main__":
    main()
