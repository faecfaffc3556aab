"""What rate of false alarms a class of series can be held to, one threshold per class.

    python -m benchmarks.skill.detect_by_class

The back-test has one threshold for all series. Here ``count_model_two_months`` gets one for each of the classes busy,
medium and seasonal, set on surge-free simulations of that class (a seed of their own, parameters of the months up to
2018), and one for the other classes together, set on the real series up to 2018 so that all classes together realise
the stated rate there. Wandering series have no threshold of their own: they pass through the other classes on their
way, so that none would hold them. Writes ``detect_by_class.csv`` beside this file: per rate and class

``threshold``  the score above which a month of the class is alarmed; empty where the first three classes alone exceed
               the rate, and the others are never alarmed;
``simulated``  realised over stated rate on other simulations (those of ``detect.py``), all thresholds in force;
``ceiling``    of classes with few people: what that ratio would be if every month with ten and more were alarmed; no
               rule that keeps the floor of ten people alarms more;
``trained``, ``real``  realised over stated rate on real series up to 2018, and after it outside labelled episodes;
``p2``         share of the benchmark's surges alarmed in their first two months (``ramp_x10``: of the ramps), with
               these thresholds; ``p2_one`` with one threshold for all.
"""

import numpy as np
import numpy.typing as npt
import polars as pl

from benchmarks.skill.detect import HERE, ROOT, SHARED, read_surges
from counterpoise.monitoring.backtest.classes import CLASSES, classify
from counterpoise.monitoring.backtest.inject import N_MONTHS, inject
from counterpoise.monitoring.backtest.labelled import is_labelled
from counterpoise.monitoring.backtest.options import BACKTEST_DEFAULTS
from counterpoise.monitoring.backtest.plan import Plan, make_plan
from counterpoise.monitoring.backtest.score import first_new_alarm
from counterpoise.monitoring.backtest.series import monthly_panel, select_series
from counterpoise.monitoring.backtest.thresholds import Rate, choose_threshold, events
from counterpoise.monitoring.detectors.base import Array
from counterpoise.monitoring.detectors.count_model import TwoMonths
from counterpoise.monitoring.options import DETECT_DEFAULTS
from counterpoise.sources import read_document

OWN = ("busy", "medium", "seasonal")
REST = ("sparse", "wandering", "new")
FEW = ("sparse", "new")
N_ROUNDS = 30
START = 3.0
HIGHEST = 60.0
"""Rounds in which thresholds are moved by half the error of the rate, in decimal logarithms, from this score; and the
highest threshold tried for the other classes."""


def read_plan(seed: int) -> Plan:
    """Return the plan of the back-test for a seed; 0 is that of ``detect.py``."""
    newest = SHARED / "data" / "frontex" / "frontex_ibc.parquet"
    document = read_document(newest, mapping=ROOT / "docs" / "examples" / "frontex_newest.yml")
    seeds = np.random.SeedSequence(seed).spawn(len(CLASSES) + 3)[:-1]
    return make_plan(
        select_series(monthly_panel(document, dataset="frontex.ibc")),
        surges=read_surges(),
        readings=None,
        options=BACKTEST_DEFAULTS,
        seeds=seeds,
    )


class Scored:
    """Scores and classes of one matrix."""

    def __init__(self, values: Array, month: int) -> None:
        self.values = values
        self.scores = TwoMonths().score(values, first_month=month)
        self.classes = classify(values)

    def margin(self, thresholds: dict[str, float]) -> Array:
        """Return by how much each score is above the threshold of its class."""
        limit = np.select([self.classes == name for name in thresholds], list(thresholds.values()), np.inf)
        margin: Array = self.scores - limit
        return margin


def learn_own(simulated: dict[str, Scored], rate: Rate, warm_up: int) -> dict[str, float]:
    """Return thresholds at which every simulated class realises the rate, or the nearest they come to it together."""
    thresholds = dict.fromkeys(OWN, START)
    for _ in range(N_ROUNDS):
        for name in OWN:
            alarm = events(simulated[name].margin(thresholds) > 0, rate)[:, warm_up:]
            ratio = rate.of(float(alarm.sum()), alarm.size) / rate.value
            thresholds[name] += 0.5 * float(np.log10(max(ratio, 0.1)))
    return thresholds


def learn_rest(real: Scored, own: dict[str, float], rate: Rate, start: int, stop: int) -> float | None:
    """Return the threshold of the other classes that fills the rate up; None if nothing is left."""
    for threshold in np.arange(2.0, HIGHEST, 0.02):
        everywhere = {**own, **dict.fromkeys(REST, float(threshold))}
        n_events = events(real.margin(everywhere) > 0, rate)[:, start:stop].sum()
        if n_events <= rate.allowed(real.scores[:, start:stop].size):
            return float(threshold)
    return None


def of_simulated(
    name: str, quiet: Scored, thresholds: dict[str, float], rate: Rate, warm_up: int
) -> dict[str, object]:
    """Return the columns that come from the simulations of a class."""

    def ratio(alarm: npt.NDArray[np.bool_]) -> float:
        counted = events(alarm, rate)[:, warm_up:]
        return rate.of(float(counted.sum()), counted.size) / rate.value

    return {
        "threshold": None if np.isinf(thresholds[name]) else thresholds[name],
        "simulated": ratio(quiet.margin(thresholds) > 0),
        "ceiling": ratio(quiet.values >= DETECT_DEFAULTS.min_observed) if name in FEW else None,
    }


def main() -> None:
    """Write the table."""
    plan, learnt_on = read_plan(0), read_plan(1)
    month, warm_up, (start, stop) = plan.series.first_month.month, plan.warm_up, plan.windows.trained
    real = Scored(plan.series.values, month)
    simulated = {name: Scored(values, 1) for name, values in plan.simulated.items()}
    training = {name: Scored(learnt_on.simulated[name], 1) for name in OWN}
    ramps = Scored(plan.ramps, 1)
    at = plan.injections
    surge_class = real.classes[at.row, at.column]
    surged = [(index, Scored(inject(real.values, at.subset(index)), month)) for _, index in plan.groups]
    reported = ~is_labelled(plan.series)
    reported[:, :stop] = False
    before = at.column[:, None] + np.arange(-N_MONTHS, 0)

    def found(thresholds: dict[str, float]) -> Array:
        after = np.empty((len(at.row), N_MONTHS))
        for index, scored in surged:
            columns = at.column[index][:, None] + np.arange(N_MONTHS)
            after[index] = np.take_along_axis(scored.margin(thresholds), columns, axis=1)
        early = real.margin(thresholds)[at.row[:, None], before]
        return np.asarray(first_new_alarm(early, after, 0.0) < 2, dtype=np.float64)

    def found_ramps(thresholds: dict[str, float]) -> float:
        margin = ramps.margin(thresholds)
        early, after = margin[:, -2 * N_MONTHS : -N_MONTHS], margin[:, -N_MONTHS:]
        return float((first_new_alarm(early, after, 0.0) < 2).mean())

    rows = []
    for rate in BACKTEST_DEFAULTS.rates:
        n_months = real.scores[:, start:stop].size
        one = choose_threshold(real.scores, rate, start=start, stop=stop, n_series_months=n_months)
        own = learn_own(training, rate, warm_up)
        rest = learn_rest(real, own, rate, start, stop)
        thresholds = {**own, **dict.fromkeys(REST, np.inf if rest is None else rest)}
        alarm = events(real.margin(thresholds) > 0, rate)
        shares, shares_one = found(thresholds), found(dict.fromkeys(CLASSES, one))
        for name in ("all", *CLASSES):
            member = np.ones_like(alarm) if name == "all" else real.classes == name
            trained = member.copy()
            trained[:, :start] = trained[:, stop:] = False
            later = member & reported
            row: dict[str, object] = {"rate": rate.label, "class": name}
            if name != "all":
                row |= of_simulated(name, simulated[name], thresholds, rate, warm_up)
            row["trained"] = rate.of(float((alarm & trained).sum()), float(trained.sum())) / rate.value
            row["real"] = rate.of(float((alarm & later).sum()), float(later.sum())) / rate.value
            mine = np.ones(len(surge_class), dtype=bool) if name == "all" else surge_class == name
            row["p2"], row["p2_one"] = float(shares[mine].mean()), float(shares_one[mine].mean())
            rows.append(row)
        rows.append(
            {
                "rate": rate.label,
                "class": "ramp_x10",
                "p2": found_ramps(thresholds),
                "p2_one": found_ramps(dict.fromkeys(CLASSES, one)),
            }
        )
    columns = ["rate", "class", "threshold", "simulated", "ceiling", "trained", "real", "p2", "p2_one"]
    table = pl.DataFrame(rows, infer_schema_length=None).select(columns)
    table.with_columns(pl.col(pl.Float64).round(3)).write_csv(HERE / "detect_by_class.csv")


if __name__ == "__main__":
    main()
