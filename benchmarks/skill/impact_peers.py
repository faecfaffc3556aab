"""Peers on the same placebos: who holds what an interval says, and how long an analysis takes.

    python benchmarks/skill/impact_peers.py [--peers PYTHON ...]

Takes every fifteenth of the 3,000 real placebos of ``impact.py`` (200), with the ten largest other series as
controls. Each ``PYTHON`` is an interpreter that has statsmodels and, of pycausalimpact, pysyncon and CausalPy, what
is there; none of them is a dependency, and one that is not there is left out and said. Each is run as its own pages
show, on log counts: statsmodels a local level with calendar months (``UnobservedComponents``), pycausalimpact with
its own defaults, pysyncon synthetic control with the standard error of its average effect, CausalPy the interrupted
time series with calendar months and a trend (500 draws); the last two on every eighth placebo, because they take
seconds. Seconds are of the processor, per analysis, in one run. Writes ``impact_peers.csv``.
"""

import argparse
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parents[1]))

from benchmarks.skill.impact import METHODS, N_POST, Interval, placebos, real_counts, row  # noqa: E402
from counterpoise.impact.structural_time_series import estimate_structural  # noqa: E402

Array = npt.NDArray[np.float64]
EVERY = 15
N_CONTROLS = 10
EVERY_SAMPLED = 8
PEER_NAMES = ("statsmodels", "pycausalimpact", "pysyncon", "CausalPy")
SLOW = frozenset({"pysyncon", "CausalPy"})
PEERS = """
import sys, time, warnings, logging
warnings.simplefilter("ignore"); logging.disable(logging.CRITICAL)
import numpy as np, pandas as pd
POST = 12
stored = np.load(sys.argv[1])
cases = [(stored[f"y{i}"], stored[f"c{i}"], int(stored["n"][i])) for i in range(len(stored["n"]))]
def frame(y, c):
    index = pd.date_range("2009-01-01", periods=len(y), freq="MS")
    table = pd.DataFrame(c, index=index, columns=[f"c{i}" for i in range(c.shape[1])])
    table.insert(0, "y", y)
    return table
def unobserved(y, c, n):
    from statsmodels.tsa.statespace.structural import UnobservedComponents
    fit = UnobservedComponents(y[:n], "local level", seasonal=12).fit(disp=False)
    ahead = fit.get_forecast(POST)
    # of a walk, the forecasts of two months share the variance of the nearer one, less its noise
    variance = np.asarray(ahead.var_pred_mean)
    noise = float(fit.params[0])
    shared = variance[np.minimum.outer(np.arange(POST), np.arange(POST))] - noise * (1 - np.eye(POST))
    half = 1.96 * np.sqrt(shared.mean())
    estimate = y[n:].mean() - float(ahead.predicted_mean.mean())
    return estimate, estimate - half, estimate + half
def causal_impact(y, c, n):
    if not hasattr(pd.DataFrame, "applymap"):  # the package calls a name that pandas 3 no longer has
        pd.DataFrame.applymap = pd.DataFrame.map
    from causalimpact import CausalImpact
    table = frame(y, c)
    dates = table.index
    fit = CausalImpact(table, [dates[0], dates[n - 1]], [dates[n], dates[-1]])
    average = fit.summary_data["average"]
    return average["abs_effect"], average["abs_effect_lower"], average["abs_effect_upper"]
def synthetic(y, c, n):
    from pysyncon import Synth
    table = frame(y, c)
    pre, post = table.index[:n], table.index[n:]
    treated, donors = table["y"], table.drop(columns="y")
    fit = Synth()
    fit.fit(X0=donors.loc[pre], X1=treated.loc[pre], Z0=donors.loc[pre], Z1=treated.loc[pre])
    found = fit.att(time_period=post, Z0=donors, Z1=treated)
    return found["att"], found["att"] - 1.96 * found["se"], found["att"] + 1.96 * found["se"]
def causal_py(y, c, n):
    import causalpy as cp
    table = frame(y, c)[["y"]]
    table["t"], table["month"] = np.arange(len(y)), table.index.month.astype(str)
    draws = {"draws": 500, "tune": 500, "chains": 2, "cores": 1, "progressbar": False, "random_seed": 1}
    model = cp.pymc_models.LinearRegression(sample_kwargs=draws)
    fit = cp.InterruptedTimeSeries(table, table.index[n], formula="y ~ 1 + t + C(month)", model=model)
    impact = fit.post_impact
    values = impact.mean(dim="obs_ind").values.reshape(-1)
    return float(values.mean()), float(np.quantile(values, 0.025)), float(np.quantile(values, 0.975))
name, every = sys.argv[2], int(sys.argv[3])
methods = {"statsmodels": unobserved, "pycausalimpact": causal_impact}
methods |= {"pysyncon": synthetic, "CausalPy": causal_py}
method = methods[name]
try:
    method(*cases[0])
except ImportError as error:
    sys.exit(f"not there: {error}")
begin = time.process_time()
found = [method(*case) for case in cases[::every]]
seconds = (time.process_time() - begin) / len(found)
np.savez(sys.argv[4], intervals=np.array(found, dtype=float), seconds=seconds)
"""


def with_controls(log_counts: Array, n_pre: int, month: int, controls: Array) -> Interval:
    """Return ours with the ten control series."""
    found = estimate_structural(log_counts, n_pre, first_month=month, controls=controls)
    return found.estimate, found.lower, found.upper


def controls_of(logs: Array, series: int, n: int) -> Array:
    """Return the largest other series over the same months, months x controls."""
    largest = [i for i in np.argsort(-logs[:, :n].sum(axis=1)) if i != series][:N_CONTROLS]
    chosen: Array = logs[largest, :n].T
    return chosen


def timed(estimate: Callable[[], Sequence[Interval | Array]]) -> tuple[Array, float]:
    """Return intervals and processor seconds per analysis; the first run only fills caches."""
    estimate()
    begin = time.process_time()
    found = estimate()
    return np.array(found), (time.process_time() - begin) / len(found)


def main() -> None:
    """Run every method that is there, print the table and write it."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument(
        "--peers", metavar="PYTHON", nargs="+", default=[], help="interpreters that have the peers"
    )
    asked = parser.parse_args().peers
    drawn, series, _ = placebos()
    drawn, series = drawn[::EVERY], series[::EVERY]
    logs = np.log1p(real_counts()[0])
    controls = [controls_of(logs, int(s), n + N_POST) for s, (_, n, _) in zip(series, drawn, strict=True)]
    rows = []

    def add(name: str, intervals: Array, seconds: float, at: npt.NDArray[np.int64]) -> None:
        rows.append(
            {**row("placebos", "every fifteenth", name, intervals, at), "ms": round(1000 * seconds, 2)}
        )

    for name, method in METHODS.items():
        add(name, *timed(lambda method=method: [method([one])[0] for one in drawn]), series)  # type: ignore[misc]
    paired = list(zip(drawn, controls, strict=True))
    add("counterpoise, ten controls", *timed(lambda: [with_controls(*one, c) for one, c in paired]), series)
    with tempfile.TemporaryDirectory() as folder:
        stored, found = Path(folder) / "placebos.npz", Path(folder) / "found.npz"
        parts: dict[str, Any] = {f"y{i}": y for i, (y, _, _) in enumerate(drawn)}
        parts |= {f"c{i}": c for i, c in enumerate(controls)}
        np.savez(stored, n=np.array([n for _, n, _ in drawn]), **parts)
        for name in PEER_NAMES if asked else ():
            every = EVERY_SAMPLED if name in SLOW else 1
            for interpreter in asked:
                arguments = [interpreter, "-c", PEERS, str(stored), name, str(every), str(found)]
                ended = subprocess.run(arguments, capture_output=True, text=True, check=False)
                if not ended.returncode:
                    with np.load(found) as answer:
                        add(name, answer["intervals"], float(answer["seconds"]), series[::every])
                    break
            else:
                print(f"{name} is left out: {ended.stderr.strip()[-300:]}")
    table = pl.DataFrame(rows)
    table.write_csv(Path(__file__).with_suffix(".csv"))
    with pl.Config(tbl_rows=-1, tbl_cols=-1, tbl_width_chars=120):
        print(table)


if __name__ == "__main__":
    main()
