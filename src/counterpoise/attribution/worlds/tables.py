"""From worlds to likelihood tables: draw worlds of each family, read them, count classes, fit the weights."""

from collections.abc import Iterator, Sequence

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
from counterpoise.attribution.indicators.origin_push import ORIGIN_STATISTICS, origin_shares
from counterpoise.attribution.likelihoods import (
    MISSING,
    N_CLASSES,
    class_of,
    statistical_answers,
)
from counterpoise.attribution.reference import read_origins, read_statistics
from counterpoise.attribution.worlds.families import Family
from counterpoise.attribution.worlds.simulate import ARTEFACTS, DRIVERS, World, simulate_world

__all__ = ["INDICATORS", "QUESTIONS", "classes_of", "draw_classes", "likelihood_rows"]

INDICATORS = (*STATISTICS, RULE_CHANGE, *ORIGIN_STATISTICS)
QUESTIONS = ("driver", "opening", "record")
_SHRINKAGE = 20.0
"""Worlds that the mean over answers counts for in each answer's table: a class seen seldom tells little apart."""
_LARGEST_WEIGHT = 2.0


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
    at = (world.corridor, world.nationality, world.month)
    readings = read_statistics(world.cube, statistics, *at)
    year = world.cube.months[world.month].year
    of_origins = read_origins(world.origins, origin_shares(world.cube, *at), year)
    return [
        *(class_of(readings[name].tail_probability) for name in STATISTICS),
        int(world.rule_known),
        *(class_of(of_origins[name].tail_probability) for name in ORIGIN_STATISTICS),
    ]


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


def likelihood_rows(worlds: Sequence[pl.DataFrame]) -> pl.DataFrame:
    """Return the tables of all families, ``question, indicator, family, answer, weight, class_0 …``.

    The tables of a family are counted in its worlds. The weights are one for all families: those that make what is
    told, the mean over families, most probable in the worlds of all. Indicators of annual figures are weighed after the
    counts, whose weights they leave alone: under an earlier day they are missing.
    """
    rows = []
    for question in QUESTIONS:
        asked = [frame.filter(pl.Series(truth_of(frame, question) >= 0)) for frame in worlds]
        truths = [truth_of(frame, question) for frame in asked]
        balances = [_balance(f, t, question) for f, t in zip(asked, truths, strict=True)]
        answers = statistical_answers(question)
        names = [n for n in INDICATORS if question in speaks_to(n)]
        tables = {
            name: np.stack(
                [
                    _table(frame[name].to_numpy(), truth, len(answers), balance)
                    for frame, truth, balance in zip(asked, truths, balances, strict=True)
                ]
            )
            for name in names
        }
        classes = {name: np.concatenate([frame[name].to_numpy() for frame in asked]) for name in names}
        truth, balance = np.concatenate(truths), np.concatenate(balances)
        weights: dict[str, float] = {}
        told = np.zeros((len(truth), len(worlds), len(answers)))
        for stage in ([n for n in names if n not in ORIGIN_STATISTICS], [*ORIGIN_STATISTICS]):
            fitted = [n for n in stage if n in names]
            features = [_features(classes[n], tables[n]) for n in fitted]
            found = _weights(features, told, truth, balance)
            weights |= dict(zip(fitted, found, strict=True))
            told = told + sum((w * f for w, f in zip(found, features, strict=True)), np.zeros(()))
        for name in names:
            for family in range(len(worlds)):
                for answer, values in zip(answers, tables[name][family], strict=True):
                    rows.append(
                        (question, name, family, answer, round(weights[name], 4), *np.round(values, 4))
                    )
    columns = [
        "question",
        "indicator",
        "family",
        "answer",
        "weight",
        *(f"class_{i}" for i in range(N_CLASSES)),
    ]
    return pl.DataFrame(rows, schema=columns, orient="row")


def _features(classes: npt.NDArray[np.int64], table: Array) -> Array:
    """Return the log likelihoods of each world's class, worlds x families x answers; 0 where it is missing."""
    found: Array = np.moveaxis(table[:, :, np.maximum(classes, 0)], 2, 0).copy()
    found[classes == MISSING] = 0.0
    return found


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
    features: Sequence[Array], told: Array, truth: npt.NDArray[np.int64], balance: Array
) -> list[float]:
    """Return weights from 0 to ``_LARGEST_WEIGHT`` that make the truth most probable, at even prior odds.

    What is told is the mean over families of each family's posterior; ``told`` holds the log likelihoods of what is
    weighed already, worlds x families x answers.
    """
    if not features:
        return []
    stacked = np.stack(features, axis=-1)
    at = np.arange(len(truth))
    share = balance / balance.sum()

    def loss(weights: Array) -> tuple[float, Array]:
        scores = told + stacked @ weights
        posterior = np.exp(scores - logsumexp(scores, axis=2, keepdims=True))
        right = posterior[at, :, truth]
        mean = right.mean(axis=1)
        expected = np.einsum("wfa,wfai->wfi", posterior, stacked)
        slope = (right[:, :, None] * (stacked[at, :, truth] - expected)).mean(axis=1) / mean[:, None]
        return float(-(share * np.log(mean)).sum()), -(share[:, None] * slope).sum(axis=0)

    start = np.full(len(features), 0.5)
    bounds = [(0.0, _LARGEST_WEIGHT)] * len(features)
    fitted = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds)
    return [float(w) for w in fitted.x]
