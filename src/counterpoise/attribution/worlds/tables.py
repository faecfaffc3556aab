"""From worlds to likelihood tables: draw worlds of each family, read them, count classes, fit the weights."""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
import polars as pl
from scipy.optimize import minimize
from scipy.special import logsumexp

from counterpoise.attribution._kernels import Array
from counterpoise.attribution.indicators.catalogue import (
    RULE_CHANGE,
    STATISTICS,
    compute_statistics,
    speaks_to,
)
from counterpoise.attribution.likelihoods import (
    MISSING,
    N_CLASSES,
    class_of,
    statistical_answers,
)
from counterpoise.attribution.reference import read_statistics
from counterpoise.attribution.worlds.families import Family
from counterpoise.attribution.worlds.simulate import ARTEFACTS, DRIVERS, World, simulate_world

__all__ = ["INDICATORS", "QUESTIONS", "classes_of", "draw_classes", "likelihood_rows"]

INDICATORS = (*STATISTICS, RULE_CHANGE)
QUESTIONS = ("driver", "opening", "record")
_SHRINKAGE = 20.0
"""Worlds that the mean over answers counts for in each answer's table: a class seen seldom tells little apart."""
_COLUMNS = ("driver", "second_driver", "is_open", "artefact")


def designs(n_real: int, n_artefact: int) -> Iterator[tuple[str, bool, str | None]]:
    """Return the driver, opening and artefact of each world: all combinations, equally often."""
    for driver in DRIVERS:
        for is_open in (False, True):
            if driver == "seasonal_return" and is_open:
                continue
            yield from [(driver, is_open, None)] * n_real
    for artefact in ARTEFACTS:
        yield from [("other_push", False, artefact)] * n_artefact


def classes_of(world: World) -> list[int]:
    """Return the class of every indicator in a world, in the order of ``INDICATORS``."""
    statistics = compute_statistics(world.cube)
    readings = read_statistics(world.cube, statistics, world.corridor, world.nationality, world.month)
    return [*(class_of(readings[name].tail_probability) for name in STATISTICS), int(world.rule_known)]


def draw_classes(family: Family, seed: np.random.SeedSequence, n_real: int, n_artefact: int) -> pl.DataFrame:
    """Return one row per world: its truth, and the class of every indicator."""
    rng = np.random.default_rng(seed)
    rows = []
    for driver, is_open, artefact in designs(n_real, n_artefact):
        world = simulate_world(family, rng, driver=driver, is_open=is_open, artefact=artefact)
        truth = (world.driver, world.second_driver, world.is_open, world.artefact)
        rows.append((*truth, *classes_of(world)))
    schema = {
        "driver": pl.String(),
        "second_driver": pl.String(),
        "is_open": pl.Boolean(),
        "artefact": pl.String(),
        **{name: pl.Int64() for name in INDICATORS},
    }
    return pl.DataFrame(rows, schema=schema, orient="row")


def truth_of(worlds: pl.DataFrame, question: str) -> npt.NDArray[np.int64]:
    """Return the index of the true answer per world; -1 where the question is not asked of it.

    Driver and opening are asked as if the record were real, so of worlds without an artefact.
    """
    real = worlds["artefact"].is_null()
    match question:
        case "driver":
            answers = statistical_answers("driver")
            at = worlds["driver"].replace_strict({a: i for i, a in enumerate(answers)})
            return np.where(real.to_numpy(), at.to_numpy(), -1)
        case "opening":
            return np.where(real.to_numpy(), worlds["is_open"].cast(pl.Int64).to_numpy(), -1)
        case _:
            return (~real).cast(pl.Int64).to_numpy()


def likelihood_rows(worlds: pl.DataFrame, family: int) -> pl.DataFrame:
    """Return the tables of one family: ``question, indicator, family, answer, weight, class_0 …``."""
    rows = []
    for question in QUESTIONS:
        truth = truth_of(worlds, question)
        asked = worlds.filter(pl.Series(truth >= 0))
        answers, truth = statistical_answers(question), truth[truth >= 0]
        names = [n for n in INDICATORS if question in speaks_to(n)]
        balance = _balance(asked, truth, question)
        tables = [_table(asked[name].to_numpy(), truth, len(answers), balance) for name in names]
        weights = _weights([asked[name].to_numpy() for name in names], tables, truth, balance)
        for name, table, weight in zip(names, tables, weights, strict=True):
            for answer, values in zip(answers, table, strict=True):
                rows.append((question, name, family, answer, round(float(weight), 4), *np.round(values, 4)))
    columns = [
        "question",
        "indicator",
        "family",
        "answer",
        "weight",
        *(f"class_{i}" for i in range(N_CLASSES)),
    ]
    return pl.DataFrame(rows, schema=columns, orient="row")


def _balance(worlds: pl.DataFrame, truth: npt.NDArray[np.int64], question: str) -> Array:
    """Return weights of worlds such that every answer, and within it every design, counts the same."""
    keyed = worlds.with_columns(pl.Series("truth", truth))
    design = ["truth", "driver", "is_open", "artefact"]
    per_design = keyed.select(pl.len().over(design)).to_series().to_numpy()
    n_designs = keyed.select(pl.struct(design).n_unique().over("truth")).to_series().to_numpy()
    weights: Array = 1.0 / (per_design * n_designs)
    weights *= len(truth) / weights.sum()
    return weights


def _table(
    classes: npt.NDArray[np.int64], truth: npt.NDArray[np.int64], n_answers: int, balance: Array
) -> Array:
    """Return log likelihoods, answers x classes."""
    counted = np.zeros((n_answers, N_CLASSES))
    known = classes != MISSING
    np.add.at(counted, (truth[known], classes[known]), balance[known])
    mean = (counted / counted.sum(axis=1, keepdims=True)).mean(axis=0) + 1e-3
    table = counted + _SHRINKAGE * mean / mean.sum()
    logs: Array = np.log(table / table.sum(axis=1, keepdims=True))
    return logs


def _weights(
    classes: list[npt.NDArray[np.int64]], tables: list[Array], truth: npt.NDArray[np.int64], balance: Array
) -> Array:
    """Return weights from 0 to 1.5 that make the pooled posteriors at even prior odds most probable."""
    features = np.stack(
        [
            np.where((c == MISSING)[:, None], 0.0, table[:, np.maximum(c, 0)].T)
            for c, table in zip(classes, tables, strict=True)
        ],
        axis=2,
    )
    at = np.arange(len(truth))

    def loss(weights: Array) -> tuple[float, Array]:
        scores = features @ weights
        log_p = scores - logsumexp(scores, axis=1, keepdims=True)
        mean = (np.exp(log_p)[:, :, None] * features).sum(axis=1)
        gradient = -(balance[:, None] * (features[at, truth] - mean)).sum(axis=0)
        return float(-(balance * log_p[at, truth]).sum()), gradient

    start = np.full(len(tables), 0.5)
    fitted = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=[(0.0, 1.5)] * len(tables))
    weights: Array = fitted.x
    return weights
