"""How probable a reading is under each answer: tables made in synthetic worlds, frozen, with a hash.

``data/attribution/likelihoods.csv`` is made by ``benchmarks/skill/attribution_tables.py`` and only read here. For
each family of worlds it holds the log likelihood of each class of tail probability under each answer, and, per
question, the weight with which an indicator enters when all are read together: indicators overlap, and without a
discount the same feature would count several times. Weights are fitted in the worlds of the family (log-linear
pool; Genest and Zidek 1986, section 3).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from math import isnan

import numpy as np
import polars as pl

from counterpoise.attribution._kernels import Array
from counterpoise.provenance import sha256_of

__all__ = [
    "CLASS_EDGES",
    "MISSING",
    "N_CLASSES",
    "Likelihoods",
    "class_of",
    "load_likelihoods",
    "parse_likelihoods",
    "statistical_answers",
    "tables_sha256",
]

CLASS_EDGES = (0.01, 0.03, 0.1, 0.25, 0.5, 0.75, 0.9, 0.97)
"""Upper ends of the classes of tail probabilities, inclusive; the last class reaches to 1."""
N_CLASSES = len(CLASS_EDGES) + 1
MISSING = -1

_OPENED = ("private", "state_tolerated", "state_active")


def class_of(tail_probability: float) -> int:
    """Return the class of a tail probability, 0 for the most extreme; ``MISSING`` for NaN."""
    if isnan(tail_probability):
        return MISSING
    return int(np.searchsorted(CLASS_EDGES, tail_probability, side="left"))


def statistical_answers(question: str) -> tuple[str, ...]:
    """Return the answers counts can tell apart: of an opening only whether there is one; of an aim none."""
    return {
        "driver": ("seasonal_return", "conflict_displacement", "other_push", "diversion"),
        "opening": ("none", "opened"),
        "record": ("real", "reporting_artefact"),
    }.get(question, ())


@dataclass(frozen=True, slots=True, kw_only=True)
class Likelihoods:
    """Frozen tables.

    Parameters
    ----------
    tables
        (question, indicator) -> weighted log likelihoods, families x answers x classes, answers as
        ``statistical_answers`` has them.
    """

    tables: Mapping[tuple[str, str], Array]

    def log_lr(self, question: str, indicator: str, reading: int) -> Array | None:
        """Return log likelihoods less those of the plain answer, families x answers of the question.

        None where the indicator does not speak to the question or is missing. Answers that counts cannot tell
        apart have the same value, exactly.
        """
        table = self.tables.get((question, indicator))
        if table is None or reading == MISSING:
            return None
        at = table[:, :, reading]
        found: Array = at - at[:, :1]
        if question == "opening":
            found = np.concatenate([found[:, :1], np.repeat(found[:, 1:], len(_OPENED), axis=1)], axis=1)
        return found


@cache
def load_likelihoods() -> Likelihoods:
    """Return the bundled tables."""
    path = files("counterpoise.data").joinpath("attribution", "likelihoods.csv")
    return parse_likelihoods(pl.read_csv(path.read_bytes()))


def parse_likelihoods(frame: pl.DataFrame) -> Likelihoods:
    """Return the tables of a frame with the columns ``question, indicator, family, answer, weight, class_…``."""
    classes = [c for c in frame.columns if c.startswith("class_")]
    tables = {}
    for (question, indicator), rows in frame.group_by("question", "indicator", maintain_order=True):
        answers = statistical_answers(str(question))
        families = rows["family"].unique().sort().to_list()
        ordered = rows.with_columns(
            pl.col("answer").replace_strict({a: i for i, a in enumerate(answers)}).alias("at")
        ).sort("family", "at")
        values = ordered.select(classes).to_numpy() * ordered["weight"].to_numpy()[:, None]
        tables[(str(question), str(indicator))] = values.reshape(len(families), len(answers), len(classes))
    return Likelihoods(tables=tables)


@cache
def tables_sha256() -> str:
    """Return the SHA-256 of the bundled tables; it stands in every result."""
    path = files("counterpoise.data").joinpath("attribution", "likelihoods.csv")
    return sha256_of(path.read_bytes())
