"""Make the fixtures of ``tests/published/ema`` from ema_workbench and SALib, which are oracles and no dependencies.

Run it in an environment of its own::

    python -m venv oracle && oracle/bin/pip install ema_workbench SALib
    oracle/bin/python tests/published/make_ema_fixtures.py

The inputs are the unscrambled Sobol sequence, which is the same everywhere. Three functions: a box with noise by
design, the Ishigami function (Ishigami & Homma 1990; SALib's own test function) and its upper tenth, and the
Sobol g-function (Saltelli et al. 2010, section 4).
"""

import csv
import warnings
from importlib import import_module
from importlib.metadata import version
from pathlib import Path

import numpy as np
from scipy.stats import qmc

FOLDER = Path(__file__).resolve().parent / "ema"


def points(d: int, power: int) -> np.ndarray:
    """Return the unscrambled Sobol sequence without its first point, which lies in a corner."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return qmc.Sobol(d, scramble=False).random_base2(power)[1:]


def ishigami(u: np.ndarray) -> np.ndarray:
    """Return the Ishigami function with a = 7 and b = 0.1 over the unit cube."""
    x = (2 * u - 1) * np.pi
    return np.sin(x[:, 0]) + 7 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0])


def g_function(u: np.ndarray) -> np.ndarray:
    """Return the g-function of Sobol with a = 0, 1, 4.5, 9, 99, 99."""
    a = np.array([0, 1, 4.5, 9, 99, 99])
    return np.prod((np.abs(4 * u - 2) + a) / (1 + a), axis=1)


def cases() -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """Return inputs and the points that matter, by name."""
    u = points(5, 12)
    box = (u[:, 0] < 0.3) & (u[:, 1] > 0.6) | (u[:, 2] > 0.9) & (u[:, 3] > 0.9)
    value = ishigami(u[:, :3])
    return {"box": (u, box), "ishigami": (u, value > np.quantile(value, 0.9))}


def saltelli(f, d: int, power: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the outputs at A, B and AB (column i of A from B) of Saltelli's design."""
    u = points(2 * d, power)
    a, b = u[:, :d], u[:, d:]
    ab = []
    for i in range(d):
        mixed = a.copy()
        mixed[:, i] = b[:, i]
        ab.append(f(mixed))
    return f(a), f(b), np.array(ab)


def main() -> None:
    """Write the fixtures."""
    prim = import_module("ema_workbench.analysis.prim")  # by name: an oracle is not declared as a dependency
    sobol = import_module("SALib.analyze.sobol")
    pandas = import_module("pandas")
    FOLDER.mkdir(exist_ok=True)
    with (FOLDER / "prim.csv").open("w", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(["case", "n_in", "n_hit"])
        for name, (u, matters) in cases().items():
            found = prim.Prim(pandas.DataFrame(u, columns=list("abcde")), matters, threshold=0.05).find_box()
            n_in = (found.peeling_trajectory["mass"] * len(u)).round().astype(int)
            for n, k in zip(n_in, found.peeling_trajectory["k"].astype(int), strict=True):
                out.writerow([name, n, k])
    with (FOLDER / "sobol.csv").open("w", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(["case", "input", "first", "total"])
        for name, f, d in (("ishigami", ishigami, 3), ("g", g_function, 6)):
            at_a, at_b, at_ab = saltelli(f, d, 10)
            y = np.column_stack([at_a, at_ab.T, at_b]).ravel()  # SALib's order without second-order rows
            problem = {"num_vars": d, "names": [f"x{i}" for i in range(d)], "bounds": [[0, 1]] * d}
            found = sobol.analyze(problem, y, calc_second_order=False, seed=1)
            for i in range(d):
                out.writerow([name, f"x{i}", repr(float(found["S1"][i])), repr(float(found["ST"][i]))])
    names = ("ema_workbench", "SALib", "numpy", "scipy")
    (FOLDER / "versions.txt").write_text(" ".join(f"{n} {version(n)}" for n in names) + "\n")


if __name__ == "__main__":
    main()
