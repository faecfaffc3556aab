"""Small cubes and evidence."""

from datetime import date
from typing import Any

import numpy as np

from counterpoise.attribution.cube import Cube
from counterpoise.attribution.evidence import Item
from counterpoise.attribution.indicators.means import fact_item


def cube(counts: np.ndarray, *, unidentified: int = 0) -> Cube:
    """Return a cube of corridors x nationalities x months; the last ``unidentified`` nationalities are unknown."""
    counts = counts.astype(np.float64)
    with_total = np.concatenate([counts, counts.sum(axis=1, keepdims=True)], axis=1)
    n = counts.shape[1]
    return Cube(
        corridors=tuple(f"c{i}" for i in range(counts.shape[0])),
        nationalities=tuple(f"n{i}" for i in range(n)),
        months=tuple(date(2015 + t // 12, t % 12 + 1, 1) for t in range(counts.shape[2])),
        counts=with_total,
        held=np.ones(with_total.shape[:2], dtype=bool),
        unidentified=np.arange(n) >= n - unidentified,
    )


def fact(
    question: str, words: dict[str, str], *, grade: str = "high", group: str = "g", **other: Any
) -> Item:
    """Return a coded fact reported by one group."""
    values: dict[str, Any] = {
        "statement": "A fact.",
        "known_on": date(2021, 6, 1),
        "sources": (group,),
        "rerun": "",
        **other,
    }
    name = values.pop("indicator", "a_fact")
    return fact_item(name, question, words, {group: grade}, **values)
