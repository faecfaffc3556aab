"""Size of the test of coincidence: how often it finds something where facts and series have nothing in common.

Run: python benchmarks/skill/attribution_coincidence.py. Writes attribution_coincidence.csv: 5,000 repetitions of each
design, facts in clusters and series with memory, made apart; and beside it the size of a null that shuffles facts.
Designs whose name begins with ``daily`` are of the test on daily figures: three borders with a common part, figures on
some days only, acts in clusters; the shuffle there gives each act a day of its own.
"""

from pathlib import Path

import numpy as np
import polars as pl

from counterpoise.attribution.indicators.coincidence import LAGS, measure_coincidence
from counterpoise.attribution.indicators.daily_response import contrasts, measure_daily_response

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
DAILY_DESIGNS = (
    # name, memory of a day, share of days with a figure, mean acts of a cluster
    ("daily", 0.5, 0.9, 1.0),
    ("daily_memory", 0.95, 0.9, 1.0),
    ("daily_gaps", 0.9, 0.35, 1.0),
    ("daily_gaps_and_clusters", 0.95, 0.35, 3.0),
)
N_DAYS, N_BORDERS = 365, 3


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


def borders(memory: float, share: float, rng: np.random.Generator) -> np.ndarray:
    """Return counts of borders by day, with memory and a common part; NaN on days without a figure."""
    logs = np.zeros((N_BORDERS + 1, N_DAYS + 100))
    shocks = rng.normal(0, 0.6 * np.sqrt(1 - memory**2), logs.shape)
    for t in range(1, logs.shape[1]):
        logs[:, t] = memory * logs[:, t - 1] + shocks[:, t]
    rate = np.exp(4.0 + logs[:-1, 100:] + logs[-1, 100:])
    counts = rng.poisson(rate).astype(np.float64)
    counts[rng.random(counts.shape) > share] = np.nan
    return counts


def acts(in_cluster: float, rng: np.random.Generator) -> tuple[list[int], list[int]]:
    """Return days of acts in clusters within a month, and the direction declared for each; at least four."""
    days: list[int] = []
    while len(days) < 4:
        start = int(rng.integers(N_DAYS))
        days += [int((start + rng.integers(30)) % N_DAYS) for _ in range(1 + rng.poisson(in_cluster - 1))]
    return days, [int(sign) for sign in rng.choice([-1, 1], len(days))]


def daily_sizes(
    name: str, memory: float, share: float, in_cluster: float, n: int = N_REPETITIONS
) -> tuple[float, float]:
    """Return the share of repetitions rejected at 5 %, by the circular shift and by shuffling."""
    rng = np.random.default_rng([SEED, *name.encode()])
    shifted = shuffled = tested = 0
    for _ in range(n):
        counts, (days, signs) = borders(memory, share, rng), acts(in_cluster, rng)
        found = measure_daily_response(counts, days, signs)
        if found is None:
            continue
        tested += 1
        shifted += found.p_value <= LEVEL
        moved = (
            np.asarray(signs)
            * contrasts(counts)[:, [days, *rng.integers(N_DAYS, size=(N_SHUFFLES, len(days)))]]
        )
        means = np.nanmean(moved, axis=(0, 2))
        shuffled += bool((1 + (means[1:] >= means[0]).sum()) / (1 + N_SHUFFLES) <= LEVEL)
    return shifted / tested, shuffled / tested


def main() -> None:
    """Measure and write."""
    rows = [(design[0], N_REPETITIONS, LEVEL, *sizes(*design)) for design in DESIGNS]
    rows += [(design[0], N_REPETITIONS, LEVEL, *daily_sizes(*design)) for design in DAILY_DESIGNS]
    columns = ["design", "n_repetitions", "level", "size", "size_of_a_shuffle"]
    frame = pl.DataFrame(rows, schema=columns, orient="row")
    frame.write_csv(OUT, float_precision=4)
    print(frame)


if __name__ == "__main__":
    main()
