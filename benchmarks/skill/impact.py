"""Does the estimator of ``evaluate`` know what it does not know? Real placebos and simulations, written down.

    python benchmarks/skill/impact.py

*Placebos*: 3,000 pairs of a real monthly Frontex series (with 50 people and more) and a month, drawn with a fixed
seed; 12 months follow, at least 36 lie before. Nothing happened there that the estimator is told of, so an interval
should hold zero as often as it says. The bundled series are used, the Eastern borders left out. The same with every
other month missing. *Peaks*: placebos that begin at a past peak, with the correction learnt from peaks that ended
before their year. *Simulations*: log counts with a level that moves, a season, and noise correlated from month to
month by phi, or little noise on a level that moves more; type-I error is one less the coverage over the phi to 0.6
together. *Effects* added to the months after: a level, a slope, a temporary one (an effect moves estimate and
interval alike, so these three agree), and a level that is displaced to a series next door: a third series that
shares a moving level is the control, the one next door is not. Beside ours in the same run: the naive comparison of
the 12 months after with the 12 before, its spread taken from such comparisons in the months before.

Four candidates of settings are compared on the placebos that end by December 2018 ("chosen on"); ``impact_width.py``
has how widths were learnt from those years. Three draws of 3,000: the first and the second had been seen before, the
fresh one was made when the settings were frozen, by the digest this prints. Writes ``impact.csv``: coverage of 95 %
intervals with a cluster bootstrap over series, the mean interval score (Gneiting & Raftery 2007, equation 43) and the
root mean squared error, on the log scale.
"""

import hashlib
import json
from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
import polars as pl
from scipy.stats import t as student

from counterpoise.impact.options import EVALUATE_DEFAULTS, EvaluateOptions
from counterpoise.impact.peak_start import correct_for_peak, peak_null, starts_at_peak
from counterpoise.impact.structural_time_series import Estimate, estimate_structural, estimate_together
from counterpoise.observations.archive import Archive
from counterpoise.observations.bundled import read_bundled
from counterpoise.observations.panel import build_panels

Array = npt.NDArray[np.float64]
Interval = tuple[float, float, float]

SEED = 20260101
SECOND_SEED, FRESH_SEED = 20261125, 20261201
"""Of draws beside the first. The second had been looked at when the settings of before were judged; the fresh one was
made after the settings of now were frozen, and looked at once."""
N_PLACEBOS = 3000
N_SIMULATED = 1700
N_NULL = 5000
LARGEST_NULL_PHI = 0.6
N_POST = 12
LEAST_PRE = 36
SMALLEST_TOTAL = 50
ALPHA = 0.05
PHIS = (0.0, 0.3, 0.6, 0.8)
MOVING = {"level moves by 0.15": 0.15, "level moves by 0.4": 0.4}
MOVING_SPREAD = 0.2
N_PRE = 48
FIRST_YEAR, LAST_CHOOSING_YEAR = 2009, 2018
WIDTH_OF_MODEL = replace(EVALUATE_DEFAULTS, width_below=(0.0,) * 5, width_above=(0.0,) * 5)
CANDIDATES = {
    "default": EVALUATE_DEFAULTS,
    "width of the model": WIDTH_OF_MODEL,
    "width of the model, noise white": replace(
        WIDTH_OF_MODEL, level_ratios=(0.2, 0.4, 0.6, 0.8, 0.95), noise_correlations=(0.0,)
    ),
    "width of the model, one spread": replace(WIDTH_OF_MODEL, recent_prior_periods=1e9),
}
EFFECTS: dict[str, Array] = {
    "level": np.full(N_POST, -1.0),
    "slope": -0.1 * np.arange(N_POST, dtype=np.float64),
    "temporary": np.where(np.arange(N_POST) < 4, -1.0, 0.0),
    "displaced": np.full(N_POST, -1.0),
}
FIRST_CALM_YEAR = 2017


def ours(log_counts: Array, n_pre: int, first_month: int) -> Interval:
    """Return estimate, lower and upper of the averaged structural time series."""
    found = estimate_structural(log_counts, n_pre, first_month=first_month)
    return found.estimate, found.lower, found.upper


def intervals_of(drawn: list[tuple[Array, int, int]], options: EvaluateOptions = EVALUATE_DEFAULTS) -> Array:
    """Return ours of each placebo, n x 3; those with as many months before are estimated together."""
    found = np.empty((len(drawn), 3))
    lengths = np.array([n_pre for _, n_pre, _ in drawn])
    for n_pre in np.unique(lengths):
        at = np.flatnonzero(lengths == n_pre)
        logs = np.array([drawn[i][0] for i in at])
        found[at] = estimate_together(logs, int(n_pre), first_month=drawn[at[0]][2], options=options)
    return found


def naive(log_counts: Array, n_pre: int, first_month: int) -> Interval:
    """Return the mean of the months after less that of the 12 before, with the spread of such differences before."""
    means = np.convolve(log_counts[:n_pre], np.full(N_POST, 1 / N_POST), mode="valid")
    changes = means[N_POST:] - means[:-N_POST]
    estimate = float(log_counts[n_pre:].mean() - means[-1])
    # differences of overlapping years repeat each other: about as many are free as there are whole years
    free = max(n_pre // N_POST - 1, 1)
    half = float(student.ppf(1 - ALPHA / 2, free) * np.sqrt((changes**2).mean()))
    return estimate, estimate - half, estimate + half


def naive_intervals(drawn: list[tuple[Array, int, int]]) -> Array:
    """Return the naive comparison of each placebo, n x 3."""
    return np.array([naive(*one) for one in drawn])


METHODS: dict[str, Callable[[list[tuple[Array, int, int]]], Array]] = {
    "counterpoise": intervals_of,
    "naive": naive_intervals,
}


def real_counts() -> tuple[Array, int, int]:
    """Return counts of the real series (series x months), the year and the month of the first."""
    known = Archive.from_batch(read_bundled()).as_of()
    panel = next(p for p in build_panels(known) if p.dataset == "frontex.ibc")
    wanted = (panel.series["corridor"] != "eastern-borders").to_numpy()
    counts = panel.values[wanted & (np.nansum(panel.values, axis=1) >= SMALLEST_TOTAL)]
    start = panel.periods["period_start"][0]
    return counts[:, ~np.isnan(counts).any(axis=0)], start.year, start.month


def placebos(seed: int = SEED) -> tuple[list[tuple[Array, int, int]], npt.NDArray[np.int64], Array]:
    """Return what is drawn (log counts to the end of the post period, months before, first month), series, size."""
    counts, _, first = real_counts()
    generator = np.random.default_rng(seed)
    rows = generator.integers(len(counts), size=N_PLACEBOS)
    cuts = generator.integers(LEAST_PRE, counts.shape[1] - N_POST + 1, size=N_PLACEBOS)
    drawn = [
        (np.log1p(counts[row, : cut + N_POST]), int(cut), first) for row, cut in zip(rows, cuts, strict=True)
    ]
    return drawn, rows, counts.mean(axis=1)[rows]


def simulate(
    phi: float, n: int, generator: np.random.Generator, *, step: float = 0.1, spread: float = 0.4
) -> Array:
    """Return log counts, n x months: a level that moves by ``step`` a month, a season of 0.4, noise of ``spread``."""
    months = N_PRE + N_POST
    noise = np.empty((n, months))
    noise[:, 0] = generator.normal(0, spread, n)
    for month in range(1, months):
        noise[:, month] = phi * noise[:, month - 1] + generator.normal(0, spread * np.sqrt(1 - phi**2), n)
    level = 5.0 + np.cumsum(generator.normal(0, step, (n, months)), axis=1)
    season = 0.4 * np.cos(2 * np.pi * np.arange(months) / 12 + generator.uniform(0, 2 * np.pi, (n, 1)))
    simulated: Array = level + season + noise
    return simulated


def peaks() -> tuple[Array, Array, npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Return intervals at past peaks as the estimator reports them, the same corrected, the series and the year.

    From the first year before which there are enough past peaks to learn from.
    """
    counts, year, month = real_counts()
    logs = np.log1p(counts)
    plain, corrected, series, years = [], [], [], []
    for first in range(year + 1, year + logs.shape[1] // 12):
        column = 12 * (first - year) - (month - 1)
        null = peak_null(
            logs[:, :column],
            N_POST,
            first_month=month,
            rng=np.random.default_rng([SEED, first]),
            max_peaks=400,
            options=EVALUATE_DEFAULTS,
        )
        if null is None:
            continue
        for cut in range(column, min(column + 12, logs.shape[1] - N_POST + 1)):
            rows = np.flatnonzero([starts_at_peak(one, cut) for one in logs])
            for row, one in zip(
                rows, intervals_of([(logs[i, : cut + N_POST], cut, month) for i in rows]), strict=True
            ):
                found = Estimate(estimate=one[0], lower=one[1], upper=one[2], expected=np.empty(0))
                better = correct_for_peak(found, null)
                plain.append(tuple(one))
                corrected.append((better.estimate, better.lower, better.upper))
                series.append(row)
                years.append(first)
    return np.array(plain), np.array(corrected), np.array(series), np.array(years)


def with_effect(effect: Array, *, displaced: bool) -> Array:
    """Return intervals on simulated series with an effect in the months after; displaced: beside a control."""
    generator = np.random.default_rng([SEED, 7])
    treated, control = (simulate(0.3, N_SIMULATED, generator) for _ in range(2))
    treated[:, N_PRE:] += effect
    if not displaced:
        return intervals_of([(one, N_PRE, 1) for one in treated])
    shared = np.cumsum(generator.normal(0, 0.2, treated.shape), axis=1)
    pairs = zip(treated + shared, control + shared, strict=True)
    found = [estimate_structural(one, N_PRE, controls=other[:, None]) for one, other in pairs]
    return np.array([(f.estimate, f.lower, f.upper) for f in found])


def scores(intervals: Array) -> tuple[Array, Array, Array]:
    """Return whether each interval holds zero, its interval score, and the squared error."""
    estimate, lower, upper = intervals.T
    outside = np.maximum(lower, 0) + np.maximum(-upper, 0)
    return (outside == 0).astype(np.float64), upper - lower + 2 / ALPHA * outside, np.square(estimate)


def row(
    data: str, group: str, method: str, intervals: Array, clusters: npt.NDArray[np.int64]
) -> dict[str, object]:
    """Return one line of the table."""
    held, score, squared = scores(intervals)
    generator = np.random.default_rng(SEED)
    names, index = np.unique(clusters, return_inverse=True)
    sums, sizes = np.bincount(index, held), np.bincount(index)
    picks = generator.integers(len(names), size=(2000, len(names)))
    shares = sums[picks].sum(axis=1) / sizes[picks].sum(axis=1)
    lower, upper = np.quantile(shares, [0.025, 0.975])
    return {
        "data": data,
        "group": group,
        "method": method,
        "n": len(held),
        "coverage": round(float(held.mean()), 4),
        "lower": round(float(lower), 4),
        "upper": round(float(upper), 4),
        "interval_score": round(float(score.mean()), 3),
        "rmse": round(float(np.sqrt(squared.mean())), 3),
    }


def thirds(size: Array) -> dict[str, npt.NDArray[np.bool_]]:
    """Return which placebos are in each third by size of their series."""
    third = np.digitize(size, np.quantile(size, [1 / 3, 2 / 3]))
    return {f"{name} third": third == i for i, name in enumerate(("smallest", "middle", "largest"))}


def placebo_rows(name: str, seed: int) -> list[dict[str, object]]:
    """Return the rows of a draw: all, what came after the years chosen on, and thirds by size."""
    drawn, series, size = placebos(seed)
    after = ~_early(drawn)
    rows = []
    for method, estimate in METHODS.items():
        intervals = estimate(drawn)
        parts = {"all": np.ones(len(drawn), dtype=bool), f"after {LAST_CHOOSING_YEAR}": after, **thirds(size)}
        rows += [row(name, group, method, intervals[part], series[part]) for group, part in parts.items()]
    return rows


def _early(drawn: list[tuple[Array, int, int]]) -> npt.NDArray[np.bool_]:
    """Return which placebos end by the last year on which settings were chosen."""
    n_choosing = 12 * (LAST_CHOOSING_YEAR - FIRST_YEAR + 1)
    return np.array([n_pre + N_POST <= n_choosing for _, n_pre, _ in drawn])


def peak_rows() -> list[dict[str, object]]:
    """Return the rows of past peaks, uncorrected and corrected, of all years and of two spans."""
    plain, corrected, at, years = peaks()
    early = years < FIRST_CALM_YEAR
    spans = {"": years > 0, f", to {FIRST_CALM_YEAR - 1}": early, f", from {FIRST_CALM_YEAR}": ~early}
    return [
        row("peaks", f"{kind}{name}", "counterpoise", found[part], at[part])
        for name, part in spans.items()
        for kind, found in (("uncorrected", plain), ("corrected", corrected))
    ]


def simulated_rows() -> list[dict[str, object]]:
    """Return the rows of simulated series without an effect."""
    rows = []
    null: dict[str, list[Array]] = {method: [] for method in METHODS}
    made = {
        f"phi {phi:g}": simulate(phi, N_SIMULATED, np.random.default_rng([SEED, round(10 * phi)]))
        for phi in PHIS
    }
    for name, step in MOVING.items():
        generator = np.random.default_rng([SEED, round(100 * step)])
        made[name] = simulate(0.0, N_SIMULATED, generator, step=step, spread=MOVING_SPREAD)
    for name, simulated in made.items():
        for method, estimate in METHODS.items():
            intervals = estimate([(one, N_PRE, 1) for one in simulated])
            rows.append(row("simulated", name, method, intervals, np.arange(N_SIMULATED)))
            null[method] += [intervals] * (
                name in {f"phi {phi:g}" for phi in PHIS if phi <= LARGEST_NULL_PHI}
            )
    for method, found in null.items():
        together = np.concatenate(found)[:N_NULL]
        rows.append(row("simulated", "phi 0 to 0.6", method, together, np.arange(len(together))))
    return rows


def frozen() -> str:
    """Return the digest of the settings: what was frozen before the fresh draw was made."""
    return hashlib.sha256(json.dumps(asdict(EVALUATE_DEFAULTS), sort_keys=True).encode()).hexdigest()


def main() -> None:
    """Write the table."""
    print(f"Settings {frozen()}")
    drawn, series, _ = placebos()
    early = _early(drawn)
    some = [one for one, chosen in zip(drawn, early, strict=True) if chosen]
    rows = [
        row("chosen on", name, "counterpoise", intervals_of(some, options), series[early])
        for name, options in CANDIDATES.items()
    ]
    for name, seed in (("placebos", SEED), ("second draw", SECOND_SEED), ("fresh draw", FRESH_SEED)):
        rows += placebo_rows(name, seed)
    holed = [(np.where(np.arange(len(y)) % 2 == n % 2, y, np.nan), n, month) for y, n, month in drawn]
    intervals = np.array([ours(*one) for one in holed])
    rows.append(row("placebos", "every other month missing", "counterpoise", intervals, series))
    rows += peak_rows()
    rows += simulated_rows()
    for name, effect in EFFECTS.items():
        intervals = with_effect(effect, displaced=name == "displaced") - effect.mean()
        rows.append(row("effects", name, "counterpoise", intervals, np.arange(N_SIMULATED)))
    table = pl.DataFrame(rows)
    table.write_csv(Path(__file__).with_suffix(".csv"))
    with pl.Config(tbl_rows=-1, tbl_cols=-1, tbl_width_chars=120):
        print(table)


if __name__ == "__main__":
    main()
