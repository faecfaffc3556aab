"""Speed of the scenario model: a million experiments of 104 weeks with 4 origins, 3 hubs and 3 borders.

Run: ``.venv/bin/python benchmarks/speed/explore.py [N]`` (default one million experiments). Writes
``benchmarks/speed/explore.csv`` and prints it. Where ema_workbench can be imported (it is no dependency: install
counterpoise and ema_workbench in an environment of their own and run this script there), the plain model is also run
one experiment at a time through it, in the same run.

Rates are per second of wall time and of processor time, since other work may share the processors. The bound is
that of arithmetic: operations are counted in the kernel's source, and their price is measured in a loop that does
nothing but multiplications and additions on 64 lanes in registers.
"""

import ast
import csv
import inspect
import os
import resource
import sys
import time
from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from numba import njit

from counterpoise.scenarios import _kernels
from counterpoise.scenarios._layout import LANES
from counterpoise.scenarios.design import sample_scenarios
from counterpoise.scenarios.model import simulate
from counterpoise.scenarios.noise import N_NORMALS, keys_of
from counterpoise.scenarios.parameters import BORDERS, HUBS, N_LEVER_ROWS, ORIGINS, OUTCOMES, PARAMETERS
from counterpoise.scenarios.policies import lever_rows, load_policies
from counterpoise.scenarios.prim import find_box
from counterpoise.scenarios.run import run_experiments
from counterpoise.scenarios.worlds import load_world

HERE = Path(__file__).parent
N_EMA = 60
WORLD = load_world("belarus-eu-2021")
POLICIES = [lever_rows(policy) for policy in load_policies()]
SIZES = {"ORIGINS": ORIGINS, "BORDERS": BORDERS, "HUBS": HUBS}


def timed(work: Callable[[], Any], least: float = 1.0) -> tuple[float, float]:
    """Return the least wall and processor seconds of a call, repeated for ``least`` seconds: others may slow some."""
    walls, cpus = [], []
    began = time.perf_counter()
    while time.perf_counter() - began < least:
        wall, cpu = time.perf_counter(), time.process_time()
        work()
        walls.append(time.perf_counter() - wall)
        cpus.append(time.process_time() - cpu)
    return min(walls), min(cpus)


def operations_a_week() -> float:
    """Return additions, multiplications, divisions, comparisons and roundings of one experiment in one week.

    Counted in the source of the kernel, with loops over origins, borders and hubs multiplied out; levers count once a
    row of a policy that uses half of them.
    """
    tree = ast.parse(inspect.getsource(_kernels.simulate_block.py_func))
    step = next(n for n in ast.walk(tree) if isinstance(n, ast.For) and getattr(n.target, "id", "") == "week")
    helpers = {"_whole": 6, "_multiplier": 5}

    def count(node: ast.AST, times: float) -> float:
        if isinstance(node, ast.For):
            assert isinstance(node.iter, ast.Call)
            over = getattr(node.iter.args[-1], "id", "")
            size = N_LEVER_ROWS / 2 if over == "N_LEVER_ROWS" else SIZES.get(over, 1)
            return sum(count(child, times * size) for child in node.body)
        if isinstance(node, ast.Subscript):
            return 0.0  # an index is no arithmetic of the model
        own = 0.0
        if isinstance(node, ast.BinOp | ast.Compare):
            own = times
        elif isinstance(node, ast.Call):
            own = times * helpers.get(getattr(node.func, "id", ""), 1)
        return own + sum(count(child, times) for child in ast.iter_child_nodes(node))

    return sum(count(child, 1.0) for child in step.body if not isinstance(child, ast.If))


@njit(cache=True, nogil=True)
def _arithmetic(x, n):  # type: ignore[no-untyped-def]
    """Do 32 operations on each of 64 lanes, ``n`` times: written out, so that they stay in registers."""
    half, one = np.float32(0.5), np.float32(1.0)
    for _ in range(n):
        for i in range(64):
            v, w = x[0, i], x[1, i]
            v = v * half + one
            w = w * half + one
            v = v * half + one
            w = w * half + one
            v = v * half + one
            w = w * half + one
            v = v * half + one
            w = w * half + one
            v = v * half + one
            w = w * half + one
            v = v * half + one
            w = w * half + one
            v = v * half + one
            w = w * half + one
            v = v * half + one
            w = w * half + one
            x[0, i], x[1, i] = v, w


class Table:
    """Rows of the table, with rates per second of wall time and of processor time."""

    def __init__(self) -> None:
        self.rows: list[list[str]] = []

    def add(self, what: str, n: float, seconds: tuple[float, float], note: str = "") -> float:
        """Add a row and return its rate per second of processor time."""
        wall, cpu = seconds
        rates = f"{n / wall:,.0f}", f"{n / cpu:,.0f}"
        self.rows.append([what, f"{n:,.0f}", f"{wall:.3g}", f"{cpu:.3g}", *rates, note])
        return n / cpu

    def slower(self, what: str, n: float, seconds: tuple[float, float], ours: float) -> None:
        """Add a row with how many times faster the compiled model is."""
        rate = self.add(what, n, seconds)
        self.rows[-1][-1] = f"the compiled model is {ours / rate:,.0f} times faster"


def once(work: Callable[[], Any]) -> tuple[Any, tuple[float, float]]:
    """Return a result, and the wall and processor seconds it took."""
    wall, cpu = time.perf_counter(), time.process_time()
    found = work()
    return found, (time.perf_counter() - wall, time.process_time() - cpu)


def main() -> None:
    """Measure, print and write the table."""
    n_experiments = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    n = -(-n_experiments // len(POLICIES))
    run_experiments(
        sample_scenarios(WORLD, 64, design="latin_hypercube", seed=1), POLICIES, WORLD.cold, seed=1
    )
    table = Table()
    load = os.getloadavg()[0]
    parameters, took = once(lambda: sample_scenarios(WORLD, n, design="latin_hypercube", seed=1))
    table.add("design (Latin hypercube), futures", n, took)
    _, took = once(lambda: run_experiments(parameters, POLICIES, WORLD.cold, seed=1))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    note = (
        f"{len(POLICIES)} policies; {os.cpu_count()} processors, load before {load:.1f}; peak {peak:.2f} GB"
    )
    ours = table.add("compiled, all policies", len(POLICIES) * n, took, note)
    few = parameters[:, :65_536]
    _, took = once(lambda: run_experiments(few, POLICIES[:1], WORLD.cold, seed=1))
    table.add("compiled, one policy", few.shape[1], took, "chance is drawn for one policy only")
    bounds(table, ours)
    wide, one = few[:, :4096], few[:, :1]
    took = timed(lambda: simulate(wide, POLICIES[6], WORLD.cold, seed=1))
    table.slower("plain NumPy, 4,096 at once", wide.shape[1], took, ours)
    took = timed(lambda: simulate(one, POLICIES[6], WORLD.cold, seed=1))
    table.slower("plain, step by step, one at a time", 1, took, ours)
    if find_spec("ema_workbench") is not None:
        table.slower("the same through ema_workbench", N_EMA, through_ema(N_EMA), ours)
    rng = np.random.default_rng(0)
    x = rng.random((100_000, 20))
    matters = (x[:, 2] < 0.3) & (x[:, 5] > 0.4) & (rng.random(100_000) < 0.9)
    names = [f"x{k}" for k in range(20)]
    find_box(x[:1000], matters[:1000], names)
    table.add("PRIM box on 100,000 x 20", 1, timed(lambda: find_box(x, matters, names)))
    head = ["what", "n", "wall_s", "cpu_s", "per_wall_s", "per_cpu_s", "note"]
    for row in [head, *table.rows]:
        print("  ".join(row))
    with (HERE / "explore.csv").open("w", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(head)
        out.writerows(table.rows)


def bounds(table: Table, ours: float) -> None:
    """Add what random numbers alone cost, and the bound of arithmetic with the fraction of it that is reached."""
    keys = np.array(keys_of(1, 0, LANES))
    noise = np.empty((len(WORLD.cold), N_NORMALS + 1, LANES), np.float32)
    _kernels._fill_noise(keys, noise)
    took = timed(lambda: _kernels._fill_noise(keys, noise))
    table.add("random numbers alone, futures", LANES, took, "the bound with one policy")
    x = np.zeros((2, 64), np.float32)
    _arithmetic(x, 10)
    cpu = min(
        timed(lambda: _arithmetic(x, 100_000), least=0.2)[1] for _ in range(10)
    )  # others use the processor
    per_second = 100_000 * 64 * 32 / cpu
    a_week = operations_a_week()
    bound = per_second / (a_week * len(WORLD.cold))
    note = f"{a_week:,.0f} operations a week, {per_second / 1e9:.1f} billion a second; reached {ours / bound:.2f}"
    table.add("bound of arithmetic", bound, (1.0, 1.0), note)


def through_ema(n: int) -> tuple[float, float]:
    """Return wall and processor seconds of ``n`` experiments of the plain model through ema_workbench."""
    ema: Any = import_module("ema_workbench")  # by name: a peer, not a dependency
    policy = POLICIES[6]

    def model(**values: float) -> dict[str, float]:
        column = np.array([[values[name]] for name in PARAMETERS], np.float32)
        found = simulate(column, policy, WORLD.cold, seed=1).outcomes[:, 0]
        return dict(zip(OUTCOMES, found.tolist(), strict=True))

    wrapped = ema.Model("scenarios", function=model)
    wrapped.uncertainties = [
        ema.RealParameter(name, prior.low, prior.high)
        for name, prior in WORLD.all_priors.items()
        if prior.low < prior.high and prior.scale != "choice"
    ]
    wrapped.constants = [
        ema.Constant(name, float(np.floor(prior.low)))
        for name, prior in WORLD.all_priors.items()
        if prior.low == prior.high or prior.scale == "choice"
    ]
    wrapped.outcomes = [ema.ScalarOutcome(name) for name in OUTCOMES]
    with ema.SequentialEvaluator(wrapped) as evaluator:
        began, cpu = time.perf_counter(), time.process_time()
        evaluator.perform_experiments(scenarios=n)
    return time.perf_counter() - began, time.process_time() - cpu


if __name__ == "__main__":
    main()
