"""Make the frozen likelihood tables of attribution from synthetic worlds, and their card with hashes.

Run: python benchmarks/skill/attribution_tables.py [--workers 2]. Writes data/attribution/likelihoods.{csv,yml} of
the package. No real series is read: the settings are frozen before any labelled case is looked at with them.
"""

import argparse
import hashlib
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import numpy as np
import polars as pl

from counterpoise.attribution.worlds.families import make_families
from counterpoise.attribution.worlds.tables import draw_classes, likelihood_rows

SEED = 20240101
N_FAMILIES = 8
N_REAL = 300
N_ARTEFACT = 300
PACKAGE = Path(__file__).parents[2] / "src" / "counterpoise"
DATA = PACKAGE / "data" / "attribution"


def probe_hash() -> str:
    """Return the SHA-256 of the truth and the classes of a few worlds: if it changes, the tables must be made anew."""
    family = make_families(N_FAMILIES, SEED)[0]
    worlds = draw_classes(family, np.random.SeedSequence(SEED), n_real=2, n_artefact=2)
    return hashlib.sha256(worlds.write_csv().encode()).hexdigest()


def _family(number: int) -> pl.DataFrame:
    family = make_families(N_FAMILIES, SEED)[number]
    seed = np.random.SeedSequence(SEED).spawn(N_FAMILIES)[number]
    return draw_classes(family, seed, N_REAL, N_ARTEFACT)


def main() -> None:
    """Make and write the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--workers", type=int, default=2)
    with ProcessPoolExecutor(parser.parse_args().workers) as pool:
        worlds = list(pool.map(_family, range(N_FAMILIES)))
    frame = likelihood_rows(worlds).sort("question", "indicator", "family", "answer")
    DATA.mkdir(parents=True, exist_ok=True)
    content = frame.write_csv(float_precision=4).encode()
    (DATA / "likelihoods.csv").write_bytes(content)
    lines = [
        "table: likelihoods.csv",
        "title: Likelihoods of indicator classes under each answer, in families of synthetic worlds",
        "made_by: benchmarks/skill/attribution_tables.py",
        f"seed: {SEED}",
        f"n_families: {N_FAMILIES}",
        f"n_worlds_per_family: {7 * N_REAL + 4 * N_ARTEFACT}",
        f"sha256: {hashlib.sha256(content).hexdigest()}",
        f"probe_sha256: {probe_hash()}",
    ]
    (DATA / "likelihoods.yml").write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
