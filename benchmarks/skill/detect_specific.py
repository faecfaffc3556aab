"""How well a surge on one route is told from a nationality that rises everywhere, at one rate of false alarms.

    python -m benchmarks.skill.detect_specific

A count is judged against its forecast times a power of the growth of the same nationality on all other routes, where
that growth is above a bound (``monitoring/specificity.py`` has power 1 and bound 1). For each pair of both, the
threshold is set again to one alarm episode per series-decade on untouched series up to 2018. Then

``everywhere``  a nationality on three routes or more is multiplied on all of them, for three months, by 2 to 10: the
                share of its series that raise a new alarm in the first two months;
``untouched``   the share of the same series that do so in the same months without the rise;
``route``       the benchmark's surges, each on one route: the share found in the first two months (p2).

Both up to 2018 and after. Writes ``detect_specific.csv`` beside this file.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from benchmarks.skill.detect import HERE
from benchmarks.skill.detect_by_class import read_plan
from counterpoise.monitoring.backtest.inject import N_MONTHS, inject
from counterpoise.monitoring.backtest.plan import Plan
from counterpoise.monitoring.backtest.score import first_new_alarm
from counterpoise.monitoring.backtest.thresholds import Rate, choose_threshold
from counterpoise.monitoring.detectors.base import Array
from counterpoise.monitoring.dynamic_count import forecast_counts, surge_probability
from counterpoise.monitoring.options import DETECT_DEFAULTS

Rows = npt.NDArray[np.int64]

RATE = Rate(value=1.0, per="decade")
POWERS = (0.0, 1.0, 2.0, 3.0, 4.0)
BOUNDS = (1.0, 1.5)
N_ROUNDS = 12
FEWEST_ROUTES = 3
SMALLEST, LARGEST = 2.0, 10.0
FEWEST_PEOPLE = 5.0
"""A series takes part in a rise everywhere if it had so many people a month over the year before."""
PSEUDO_COUNT = 10.0
SEED = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """Counts, forecasts, and the growth of the nationality elsewhere; series x months."""

    values: Array
    shape: Array
    rate: Array
    growth: Array

    def scores(self, power: float, bound: float) -> Array:
        """Return minus the decimal logarithm of the tail probability under the scaled forecast."""
        factor = np.where(self.growth >= bound, np.maximum(self.growth, 1.0) ** power, 1.0)
        tail = surge_probability(self.values, self.shape, self.rate / factor, DETECT_DEFAULTS)
        scores: Array = -np.log10(np.maximum(tail, 1e-300))
        return scores


def growth_of(values: Array, expected: Array, nationality: npt.NDArray[np.str_]) -> Array:
    """Return observed over expected on all other routes; 1 where there is none. As in ``specificity.py``."""
    growth = np.ones(values.shape)
    for code in np.unique(nationality):
        rows = np.flatnonzero(nationality == code)
        if len(rows) > 1:
            seen, usual = (m[rows].sum(axis=0) - m[rows] for m in (values, expected))
            growth[rows] = (seen + PSEUDO_COUNT) / (usual + PSEUDO_COUNT)
    return growth


def judge(values: Array, month: int, nationality: npt.NDArray[np.str_] | None = None) -> Judged:
    """Return the forecasts of a matrix; without nationalities nothing is said of elsewhere."""
    nothing = np.zeros(values.shape, dtype=bool)
    found = forecast_counts(
        values, breaks=nothing, unsettled=nothing, first_month=month, options=DETECT_DEFAULTS
    )
    expected = found.shape / found.rate
    growth = np.ones(values.shape) if nationality is None else growth_of(values, expected, nationality)
    return Judged(values=values, shape=found.shape, rate=found.rate, growth=growth)


def window(judged: Judged, rows: Rows, columns: Rows) -> Judged:
    """Return the months of some surges."""
    return Judged(**{name: getattr(judged, name)[rows[:, None], columns] for name in Judged.__slots__})


def rises_everywhere(plan: Plan, nationality: npt.NDArray[np.str_]) -> list[tuple[Array, Rows, Rows]]:
    """Return counts with rises everywhere, and rows and first months of the series that rise, round by round."""
    rng = np.random.default_rng(SEED)
    values, (start, _) = plan.series.values, plan.windows.trained
    codes, n_routes = np.unique(nationality, return_counts=True)
    rounds = []
    for _ in range(N_ROUNDS):
        risen, rows, firsts = values.copy(), [], []
        for code in codes[n_routes >= FEWEST_ROUTES]:
            first = int(rng.integers(start, values.shape[1] - N_MONTHS))
            factor = np.exp(rng.uniform(np.log(SMALLEST), np.log(LARGEST)))
            mine = np.flatnonzero(nationality == code)
            mine = mine[values[mine, first - 12 : first].mean(axis=1) >= FEWEST_PEOPLE]
            if len(mine) >= FEWEST_ROUTES:
                months = slice(first, first + N_MONTHS)
                risen[mine, months] += rng.poisson((factor - 1.0) * values[mine, months])
                rows += mine.tolist()
                firsts += [first] * len(mine)
        rounds.append((risen, np.array(rows), np.array(firsts)))
    return rounds


def main() -> None:
    """Write the table."""
    plan = read_plan(0)
    nationality = plan.series.names["nationality"].to_numpy().astype(str)
    month, (start, stop) = plan.series.first_month.month, plan.windows.trained
    real = judge(plan.series.values, month, nationality)
    rows, firsts = plan.injections.row, plan.injections.column
    ahead = np.arange(N_MONTHS)
    route = []
    for _, index in plan.groups:
        group = plan.injections.subset(index)
        columns = group.column[:, None] + ahead
        judged = judge(inject(plan.series.values, group)[:, : columns.max() + 1], month)
        at = window(judged, np.arange(len(index)), columns)
        # a surge on one route changes nothing elsewhere
        growth = real.growth[group.row[:, None], columns]
        route.append((index, Judged(values=at.values, shape=at.shape, rate=at.rate, growth=growth)))
    everywhere = []
    for risen, of_series, first in rises_everywhere(plan, nationality):
        judged = judge(risen, month, nationality)
        everywhere.append((of_series, first, window(judged, of_series, first[:, None] + ahead)))
    table = []
    for power in POWERS:
        for bound in BOUNDS if power else BOUNDS[:1]:
            quiet = real.scores(power, bound)
            quiet[:, : DETECT_DEFAULTS.warm_up_periods] = np.nan
            n_months = quiet[:, start:stop].size
            threshold = choose_threshold(quiet, RATE, start=start, stop=stop, n_series_months=n_months)

            def found(
                of_series: Rows,
                first: Rows,
                after: Array,
                quiet: Array = quiet,
                threshold: float = threshold,
            ) -> npt.NDArray[np.bool_]:
                before = quiet[of_series[:, None], first[:, None] - N_MONTHS + ahead]
                return np.asarray(first_new_alarm(before, after, threshold) < 2)

            after = np.empty((len(rows), N_MONTHS))
            for index, at in route:
                after[index] = at.scores(power, bound)
            on_route = found(rows, firsts, after)
            risen_found = np.concatenate([found(s, f, at.scores(power, bound)) for s, f, at in everywhere])
            alone = np.concatenate(
                [found(s, f, quiet[s[:, None], f[:, None] + ahead]) for s, f, _ in everywhere]
            )
            risen_first = np.concatenate([f for _, f, _ in everywhere])
            row: dict[str, object] = {"power": power, "bound": bound, "threshold": threshold}
            for period, one, other in (
                ("to 2018", firsts < stop, risen_first < stop),
                ("from 2019", firsts >= stop, risen_first >= stop),
            ):
                row |= {
                    f"n {period}": int(other.sum()),
                    f"everywhere {period}": float(risen_found[other].mean()),
                    f"untouched {period}": float(alone[other].mean()),
                    f"route {period}": float(on_route[one].mean()),
                }
            table.append(row)
    pl.DataFrame(table).with_columns(pl.col(pl.Float64).round(4)).write_csv(HERE / "detect_specific.csv")


if __name__ == "__main__":
    main()
