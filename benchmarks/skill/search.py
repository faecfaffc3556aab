"""Skill of the policy search: its hypervolume beside that of pymoo's NSGA-II, with as many evaluations.

Run: ``python benchmarks/skill/search.py`` in an environment that has counterpoise and pymoo (pymoo is a peer and no
dependency: it is under the Apache licence, but needs moocore, which is under the LGPL). Writes ``search.csv`` beside
this script: per problem the volume of objectives that the last population's front is better than, as a share of the box
between the ideal and the reference point; median and range over seeds.

ZDT1, ZDT2 (Zitzler et al. 2000) and DTLZ2 with three objectives (Deb et al. 2002) are published; the fourth is our own
search in the world of Belarus, whose box goes from the best that any run found to the 90th percentile of 2,000 random
policies.
"""

import csv
import time
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from counterpoise.scenarios.search import OBJECTIVES, PolicyProblem, minimise
from counterpoise.scenarios.worlds import load_world

HERE = Path(__file__).parent
SEEDS = range(7)
Values = npt.NDArray[np.float64]
Evaluate = Callable[[Values], Values]
LARGE = 1e9
"""Stands for infinite objectives where a screen holds a policy back: the peer takes no infinite ones."""


def zdt1(x: Values) -> Values:
    g = 1 + 9 * x[:, 1:].mean(axis=1)
    return np.stack([x[:, 0], g * (1 - np.sqrt(x[:, 0] / g))], axis=1)


def zdt2(x: Values) -> Values:
    g = 1 + 9 * x[:, 1:].mean(axis=1)
    return np.stack([x[:, 0], g * (1 - (x[:, 0] / g) ** 2)], axis=1)


def dtlz2(x: Values) -> Values:
    g = ((x[:, 2:] - 0.5) ** 2).sum(axis=1)
    a, b = x[:, 0] * np.pi / 2, x[:, 1] * np.pi / 2
    return np.stack(
        [(1 + g) * np.cos(a) * np.cos(b), (1 + g) * np.cos(a) * np.sin(b), (1 + g) * np.sin(a)], axis=1
    )


def ours(evaluate: Evaluate, n_genes: int, population: int, generations: int, seed: int) -> Values:
    rng = np.random.default_rng(seed)
    return minimise(evaluate, n_genes, population=population, generations=generations, rng=rng)[1]


def peer(evaluate: Evaluate, n_genes: int, population: int, generations: int, seed: int) -> Values:
    nsga2: Any = import_module("pymoo.algorithms.moo.nsga2")  # by name: a peer, not a dependency
    run: Any = import_module("pymoo.optimize")
    n_objectives = evaluate(np.full((1, n_genes), 0.5)).shape[1]

    class Vectorised(import_module("pymoo.core.problem").Problem):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__(n_var=n_genes, n_obj=n_objectives, xl=0.0, xu=1.0)

        def _evaluate(self, x: Values, out: dict[str, Any], *_: Any, **__: Any) -> None:
            out["F"] = np.minimum(evaluate(x), LARGE)

    algorithm = nsga2.NSGA2(pop_size=population)
    found = run.minimize(Vectorised(), algorithm, ("n_gen", generations + 1), seed=seed)
    return np.asarray(found.pop.get("F"))


def volume(values: Values, ideal: Values, reference: Values) -> float:
    """Return the share of the box that a population's front is better than."""
    indicators: Any = import_module("pymoo.indicators.hv")
    scaled = (values - ideal) / (reference - ideal)
    inside = scaled[(scaled <= 1).all(axis=1)]
    return (
        float(indicators.HV(ref_point=np.ones(values.shape[1]))(np.clip(inside, 0, 1)))
        if len(inside)
        else 0.0
    )


def main() -> None:
    """Measure, print and write the table."""
    problem = PolicyProblem(load_world("belarus-eu-2021"), seed=0)
    random = problem.evaluate(np.random.default_rng(99).random((2000, problem.n_genes)))
    random = random[np.isfinite(random).all(axis=1)]
    tests: list[tuple[str, Evaluate, int, int, int, Values | None, Values]] = [
        ("ZDT1", zdt1, 30, 100, 200, np.zeros(2), np.full(2, 1.1)),
        ("ZDT2", zdt2, 30, 100, 200, np.zeros(2), np.full(2, 1.1)),
        ("DTLZ2, 3 objectives", dtlz2, 12, 100, 200, np.zeros(3), np.full(3, 1.1)),
        (
            f"policies, {len(OBJECTIVES)} objectives", problem.evaluate, problem.n_genes, 48, 30,
            None, np.quantile(random, 0.9, axis=0),
        ),
    ]  # fmt: skip
    head = ["problem", "population", "generations", "searcher", "median", "lowest", "highest", "seconds"]
    rows = []
    for name, evaluate, n_genes, population, generations, ideal, reference in tests:
        found: dict[str, list[Values]] = {}
        took = {}
        for title, search in (("ours", ours), ("pymoo NSGA-II", peer)):
            began = time.perf_counter()
            found[title] = [search(evaluate, n_genes, population, generations, seed) for seed in SEEDS]
            took[title] = (time.perf_counter() - began) / len(SEEDS)
        best = np.concatenate([front for fronts in found.values() for front in fronts]).min(axis=0)
        for title, fronts in found.items():
            shares = [volume(front, best if ideal is None else ideal, reference) for front in fronts]
            ends = [f"{x:.4f}" for x in (np.median(shares), min(shares), max(shares))]
            rows.append([name, population, generations, title, *ends, f"{took[title]:.1f}"])
            print(*rows[-1])
    with (HERE / "search.csv").open("w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([head, *rows])


if __name__ == "__main__":
    main()
