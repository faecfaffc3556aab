"""Speed of the estimators of ``evaluate``: processor time of one analysis, of 10,000 placebos, of a whole case.

    python benchmarks/speed/impact.py

Writes ``impact.csv``: the closed form with ten controls and without (150 months), 10,000 placebo analyses of 60 months
one by one and together, and all responses of the Belarus case with checks, displacement and ledgers. Run with one
thread of linear algebra (``OMP_NUM_THREADS=1``): small matrices lose by more.
"""

import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import polars as pl

from counterpoise.cases import load_case
from counterpoise.impact import evaluate
from counterpoise.impact.structural_time_series import estimate_structural, estimate_together
from counterpoise.observations.archive import Archive
from counterpoise.observations.bundled import read_bundled

N_MONTHS, N_PRE, N_CONTROLS, N_PLACEBOS, REPEATS = 150, 138, 10, 10_000, 200


def seconds(work: Callable[[], object], repeats: int) -> float:
    """Return processor seconds of one run: the least of three rounds, the first run left out."""
    work()
    rounds = []
    for _ in range(3 if repeats > 1 else 1):
        begin = time.process_time()
        for _ in range(repeats):
            work()
        rounds.append((time.process_time() - begin) / repeats)
    return min(rounds)


def main() -> None:
    """Print the table and write it."""
    generator = np.random.default_rng(1)
    series = 5 + np.cumsum(generator.normal(0, 0.2, N_MONTHS))
    controls = 5 + np.cumsum(generator.normal(0, 0.2, (N_MONTHS, N_CONTROLS)), axis=0)

    def placebos() -> None:
        for i in range(N_PLACEBOS):
            estimate_structural(series[i % 80 : i % 80 + 60], 48)

    panel = np.array([series[i % 80 : i % 80 + 60] for i in range(N_PLACEBOS)])
    archive, case = Archive.from_batch(read_bundled()), load_case("belarus-eu-2021")
    rows = [
        (
            f"closed form, {N_CONTROLS} controls, {N_MONTHS} months",
            seconds(lambda: estimate_structural(series, N_PRE, controls=controls), REPEATS),
        ),
        (
            f"closed form, no controls, {N_MONTHS} months",
            seconds(lambda: estimate_structural(series, N_PRE), REPEATS),
        ),
        (f"{N_PLACEBOS:,} placebo analyses of 60 months", seconds(placebos, 1)),
        (
            f"{N_PLACEBOS:,} placebo analyses of 60 months, together",
            seconds(lambda: estimate_together(panel, 48), 1),
        ),
        ("all responses of a case", seconds(lambda: evaluate(archive, case=case), 1)),
    ]
    table = pl.DataFrame(rows, schema=["what", "seconds"], orient="row").with_columns(
        pl.col("seconds").round_sig_figs(3)
    )
    table.write_csv(Path(__file__).with_suffix(".csv"))
    with pl.Config(fmt_str_lengths=60):
        print(table)


if __name__ == "__main__":
    main()
