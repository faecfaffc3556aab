"""Size of the test of coincidence: how often it finds something where facts and series have nothing in common.

Run: python benchmarks/skill/attribution_coincidence.py. Writes attribution_coincidence.csv: 5,000 repetitions of each
design, facts in clusters and series with memory, made apart; and beside it the size of a null that shuffles facts.
"""

from pathlib import Path

import numpy as np
import polars as pl

from counterpoise.attribution.indicators.coincidence import LAGS, measure_coincidence

OUT = Path(__file__).with_suffix(".csv")
N_REPETITIONS = 5000
N_MONTHS = 120
LEVEL = 0.05
SEED = 31
N_SHUFFLES = 39
DESIGNS = (
    # name, memory of the series, probability that a cluster begins, probability that it goes on
    ("independent", 0.0, 0.08, 0.0),
    ("memory", 0.6, 0.08, 0.0),
    ("clusters", 0.0, 0.03, 0.7),
    ("memory_and_clusters", 0.6, 0.03, 0.7),
    ("strong_memory_and_clusters", 0.8, 0.02, 0.8),
)


def series(memory: float, rng: np.random.Generator) -> np.ndarray:
    """Return jumps with memory and heavy tails."""
    shocks = rng.standard_t(4, N_MONTHS + 60)
    values = np.zeros(len(shocks))
    for t in range(1, len(shocks)):
        values[t] = memory * values[t - 1] + shocks[t]
    return values[60:]


def facts(begin: float, go_on: float, rng: np.random.Generator) -> np.ndarray:
    """Return months with facts, in clusters; at least three."""
    while True:
        marked = np.zeros(N_MONTHS, dtype=bool)
        for t in range(N_MONTHS):
            going = t > 0 and marked[t - 1] and rng.random() < go_on
            marked[t] = going or rng.random() < begin
        if marked.sum() >= 3:
            return marked


def shuffled_p(jumps: np.ndarray, marked: np.ndarray, rng: np.random.Generator) -> float:
    """Return the p-value of a null that moves every fact by itself."""

    def largest(months: np.ndarray) -> float:
        at = np.flatnonzero(months)
        return max(float(jumps[(at + lag) % N_MONTHS].mean()) for lag in LAGS)

    found = largest(marked)
    null = [largest(rng.permutation(marked)) for _ in range(N_SHUFFLES)]
    return (1 + sum(value >= found for value in null)) / (1 + N_SHUFFLES)


def sizes(
    name: str, memory: float, begin: float, go_on: float, n: int = N_REPETITIONS
) -> tuple[float, float]:
    """Return the share of repetitions rejected at 5 %, by the circular shift and by shuffling."""
    rng = np.random.default_rng([SEED, *name.encode()])
    shifted = shuffled = 0
    for _ in range(n):
        jumps, marked = series(memory, rng), facts(begin, go_on, rng)
        found = measure_coincidence(jumps, marked, 1)
        assert found is not None
        shifted += found.p_value <= LEVEL
        shuffled += shuffled_p(jumps, marked, rng) <= LEVEL
    return shifted / n, shuffled / n


def main() -> None:
    """Measure and write."""
    rows = [(design[0], N_REPETITIONS, LEVEL, *sizes(*design)) for design in DESIGNS]
    columns = ["design", "n_repetitions", "level", "size", "size_of_a_shuffle"]
    frame = pl.DataFrame(rows, schema=columns, orient="row")
    frame.write_csv(OUT, float_precision=4)
    print(frame)


if __name__ == "__main__":
    main()
