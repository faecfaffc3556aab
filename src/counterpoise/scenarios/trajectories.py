"""The course of events under one policy, month by month, with what was published of it."""

import calendar
from datetime import date, timedelta

import numpy as np
import polars as pl

from counterpoise.scenarios.explore import draw_scenarios
from counterpoise.scenarios.options import EXPLORE_DEFAULTS, ExploreOptions
from counterpoise.scenarios.parameters import SERIES
from counterpoise.scenarios.patterns import Pattern, load_patterns, shares_of_weeks
from counterpoise.scenarios.policies import Policy, lever_rows, load_history
from counterpoise.scenarios.results import Trajectories
from counterpoise.scenarios.run import run_experiments
from counterpoise.scenarios.worlds import World

__all__ = ["simulate_trajectories"]

SHOWN = {
    "attempts_1": ("attempts_1",),
    "detections": ("detections_1", "detections_2", "detections_3"),
    "onward_detections": ("onward_detections",),
    "deaths": ("deaths",),
}
MOST_RUNS = 2048


def simulate_trajectories(
    world: World,
    *,
    policy: Policy | None = None,
    options: ExploreOptions = EXPLORE_DEFAULTS,
    seed: int = 0,
    n_months: int = 9,
) -> Trajectories:
    """Return simulated months under a policy: 10th percentile, median and 90th percentile over futures.

    Parameters
    ----------
    policy
        None: the responses used in fact, and then published figures are given beside.
    n_months
        Whole months shown, from the first that begins after the start.

    Raises
    ------
    InputError
        If the world comes without the responses used in fact.
    """
    in_fact = policy is None
    chosen = load_history(world.id) if policy is None else policy
    runs = min(options.runs, MOST_RUNS)
    months = _months(world.start, min(n_months, world.weeks * 7 // 31))
    weeks = ((months[-1][1] - world.start).days // 7) + 1
    cold = world.cold[:weeks]
    parameters = draw_scenarios(world, runs, options, seed=seed)
    series = run_experiments(parameters, [lever_rows(chosen)], cold, seed=seed, keep_series=True).series[0]
    names = list(SERIES)
    rows = []
    for name, parts in SHOWN.items():
        total = series[:, [names.index(part) for part in parts]].sum(axis=1, dtype=np.float64)
        for first, last in months:
            low, middle, high = np.quantile(
                shares_of_weeks((first, last), world.start, weeks) @ total, [0.1, 0.5, 0.9]
            )
            rows.append(
                {
                    "series": name,
                    "period_start": first,
                    "period_end": last,
                    "p10": low,
                    "median": middle,
                    "p90": high,
                }
            )
    titles = {
        "attempts_1": f"Attempts counted at {world.borders[0]}, a month",
        "detections": f"Detections at {', '.join(world.borders)}, a month",
        "onward_detections": "People counted in another state, a month",
        "deaths": "Deaths at the borders, a month",
    }
    return Trajectories(
        policy=chosen.title,
        months=pl.DataFrame(rows),
        published=_published(load_patterns(world.id), months) if in_fact else _published((), months),
        titles=titles,
        source=f"Counterpoise, explore, model {world.id}, {runs:,} {options.futures} futures, seed {seed}; published "
        "figures as named in the patterns of the model.",
    )


def _months(start: date, n: int) -> list[tuple[date, date]]:
    day = start if start.day == 1 else (start.replace(day=1) + timedelta(days=32)).replace(day=1)
    months = []
    for _ in range(n):
        last = day.replace(day=calendar.monthrange(day.year, day.month)[1])
        months.append((day, last))
        day = last + timedelta(days=1)
    return months


def _published(patterns: tuple[Pattern, ...], months: list[tuple[date, date]]) -> pl.DataFrame:
    """Return the published whole months of series shown, of a ratio of two periods both."""
    shown = {parts: name for name, parts in SHOWN.items()}
    figures = [
        (p, period, value)
        for p in patterns
        if p.over_series is None and p.series in shown
        for period, value in ((p.period, p.observed), (p.over, p.observed_over))
        if period is not None
    ]
    rows = [
        {
            "series": shown[p.series],
            "period_start": first,
            "period_end": last,
            "value": value,
            "use": p.use,
        }
        for p, (first, last), value in figures
        if first.day == 1 and 27 <= (last - first).days <= 31 and months[0][0] <= first <= months[-1][1]
    ]
    schema = {
        "series": pl.String,
        "period_start": pl.Date,
        "period_end": pl.Date,
        "value": pl.Float64,
        "use": pl.String,
    }
    return pl.DataFrame(rows, schema=schema)
