"""How much of the driver counts hold at all, in the synthetic worlds of attribution.

Run: python benchmarks/skill/attribution_bound.py --sklearn PYTHON [--workers 2]. A learner that may use anything
(boosted trees of scikit-learn; ``PYTHON`` is an interpreter that has it, it is no dependency) is shown many worlds of
many families with their truth: first what the ledger reads; then also the values behind it, the readings of the
nationalities that rise most, and their changes on every other corridor; then the annual figures too. What it gains over
base rates in worlds of other families is a lower bound on what is there to gain. Writes attribution_bound.csv;
intervals are of a bootstrap over held-out families.
"""

import argparse
import subprocess
import tempfile
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import numpy as np
import polars as pl

from counterpoise.attribution._kernels import Array, lagged, rolling_sum
from counterpoise.attribution.indicators.catalogue import STATISTICS, compute_statistics
from counterpoise.attribution.indicators.origin_push import origin_shares
from counterpoise.attribution.indicators.windows import WINDOW_MONTHS, YEAR
from counterpoise.attribution.reference import read_origins, read_statistics
from counterpoise.attribution.worlds.families import make_families
from counterpoise.attribution.worlds.simulate import World, simulate_world
from counterpoise.attribution.worlds.tables import designs, truth_of

HERE = Path(__file__).parent
SEED, HELD_OUT_SEED = 31, 779
N_FAMILIES, N_HELD_OUT = 60, 20
N_PER_DESIGN = 30
N_RISING = 3
N_BOOTSTRAP = 1000
LEVEL = 0.95

LEARN = """
import sys
import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier

data = np.load(sys.argv[1])
told = {}
for name in ("ledger", "more", "more_and_annual_figures"):
    columns = data[name]
    model = HistGradientBoostingClassifier(
        max_iter=160, learning_rate=0.1, max_leaf_nodes=10, min_samples_leaf=60, l2_regularization=5.0,
        max_features=0.3, max_bins=63, early_stopping=False, random_state=0,
    )
    model.fit(data["train_x"][:, columns], data["train_truth"], sample_weight=data["train_weight"])
    told[name] = model.predict_proba(data["test_x"][:, columns])
np.savez(sys.argv[2], **told)
"""


def features(world: World) -> tuple[list[float], list[float], list[float]]:
    """Return what the learner is shown of a world: what the ledger reads, more of the counts, annual figures."""
    cube, c, at = world.cube, world.corridor, world.month
    statistics = compute_statistics(cube)
    mine = read_statistics(cube, statistics, c, world.nationality, at)
    ledger = [mine[name].tail_probability for name in STATISTICS]
    more = [mine[name].value for name in STATISTICS] + [float(world.nationality == cube.total)]
    window = rolling_sum(cube.counts, WINDOW_MONTHS)
    change = np.nan_to_num(window - lagged(window, YEAR))[..., at]
    rising = np.argsort(-change[c, :-1])[:N_RISING]
    of_series = [name for name, s in STATISTICS.items() if s.of == "series"]
    for n in rising:
        readings = read_statistics(cube, statistics, c, int(n), at)
        more += [v for name in of_series for v in (readings[name].value, readings[name].tail_probability)]
        more += sorted(np.delete(change[:, n], c) / max(change[c, n], 1.0))
    more += list(change[c, rising] / max(change[c, -1], 1.0))
    more += sorted(np.delete(np.log((window[:, -1, at] + 5) / (window[:, -1, at - YEAR] + 5)), c))
    year = cube.months[at].year
    of_origins = read_origins(world.origins, origin_shares(cube, c, world.nationality, at), year)
    annual = [v for r in of_origins.values() for v in (r.value, r.tail_probability)]
    return ledger, more, annual


def _family(seed: int, n_families: int, number: int) -> tuple[pl.DataFrame, np.ndarray, tuple[int, ...]]:
    """Return the truth of the worlds of a family, what is shown of each, and how many columns each part has."""
    family = make_families(n_families, seed)[number]
    rng = np.random.default_rng(np.random.SeedSequence(seed).spawn(n_families)[number])
    rows, shown = [], []
    for driver, is_open, artefact in designs(N_PER_DESIGN, 0):
        world = simulate_world(family, rng, driver=driver, is_open=is_open, artefact=artefact)
        parts = features(world)
        rows.append((number, driver, is_open, artefact))
        shown.append(np.concatenate(parts))
    schema = {"family": pl.Int64(), "driver": pl.String(), "is_open": pl.Boolean(), "artefact": pl.String()}
    sizes = tuple(len(part) for part in parts)
    return pl.DataFrame(rows, schema=schema, orient="row"), np.array(shown), sizes


def _weights(worlds: pl.DataFrame, truth: np.ndarray) -> Array:
    """Return weights such that every answer, and within it every design, counts the same; 0 where not asked."""
    keyed = worlds.with_columns(pl.Series("truth", truth))
    design = ["truth", "driver", "is_open", "artefact"]
    per_design = keyed.select(pl.len().over(design)).to_series().to_numpy()
    n_designs = keyed.select(pl.struct(design).n_unique().over("truth")).to_series().to_numpy()
    weights: Array = np.where(truth >= 0, 1.0 / (per_design * n_designs), 0.0)
    scaled: Array = weights / weights[truth >= 0].mean()
    return scaled


def gains(told: Array, truth: np.ndarray, weights: Array, family: np.ndarray) -> tuple[float, float, float]:
    """Return the gain in Brier score over base rates, with its interval from a bootstrap over families."""
    n = told.shape[1]
    loss = ((told - np.eye(n)[np.maximum(truth, 0)]) ** 2).sum(axis=1) * weights
    by_family = np.array([(loss[family == f].sum(), weights[family == f].sum()) for f in np.unique(family)])
    rng = np.random.default_rng(SEED)
    drawn = by_family[rng.integers(0, len(by_family), (N_BOOTSTRAP, len(by_family)))].sum(axis=1)
    base = 1 - 1 / n
    tails = ((1 - LEVEL) / 2, 1 - (1 - LEVEL) / 2)
    lower, upper = np.quantile(1 - drawn[:, 0] / drawn[:, 1] / base, tails)
    total = by_family.sum(axis=0)
    return float(1 - total[0] / total[1] / base), float(lower), float(upper)


def main() -> None:
    """Draw worlds, let the learner learn, and write what it gains."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--sklearn", required=True, metavar="PYTHON")
    arguments = parser.parse_args()
    arrays: dict[str, np.ndarray] = {}
    with ProcessPoolExecutor(arguments.workers) as pool:
        for part, seed, n in (("train", SEED, N_FAMILIES), ("test", HELD_OUT_SEED, N_HELD_OUT)):
            frames, shown, sizes = zip(*pool.map(_family, [seed] * n, [n] * n, range(n)), strict=True)
            worlds = pl.concat(frames)
            truth = truth_of(worlds, "driver")
            arrays[f"{part}_x"], arrays[f"{part}_truth"] = np.concatenate(shown), truth
            arrays[f"{part}_weight"] = _weights(worlds, truth)
            arrays[f"{part}_family"] = worlds["family"].to_numpy()
    ends = np.cumsum(sizes[0])
    for name, end in zip(("ledger", "more", "more_and_annual_figures"), ends, strict=True):
        arrays[name] = np.arange(end)
    with tempfile.TemporaryDirectory() as folder:
        shown_to, told_to = Path(folder) / "shown.npz", Path(folder) / "told.npz"
        np.savez(shown_to, allow_pickle=False, **arrays)
        subprocess.run([arguments.sklearn, "-c", LEARN, str(shown_to), str(told_to)], check=True)
        told = dict(np.load(told_to))
    rows = []
    for name, probabilities in told.items():
        found = gains(probabilities, arrays["test_truth"], arrays["test_weight"], arrays["test_family"])
        rows.append((name, len(arrays["train_truth"]), len(arrays["test_truth"]), *found, LEVEL))
    columns = ["shown", "n_worlds", "n_held_out", "gain", "lower", "upper", "level"]
    frame = pl.DataFrame(rows, schema=columns, orient="row")
    frame.write_csv(HERE / "attribution_bound.csv", float_precision=4)
    print(frame)


if __name__ == "__main__":
    main()
