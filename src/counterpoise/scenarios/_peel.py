"""The peeling of PRIM: arrays in, arrays out; axis 0 is the uncertainty, axis 1 the scenario."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from counterpoise.scenarios.native import native

__all__ = ["Steps", "peel", "peel_plain"]

MOST_STEPS = 2000
LOWER, UPPER, WITHOUT = 0, 1, 2
"""Sides of a peel: values from the bound up stay, values to the bound stay, one class goes."""


class Steps(NamedTuple):
    """The trajectory; the first entry is the whole. ``n_in`` futures are in the box, ``n_hit`` of them matter."""

    column: npt.NDArray[np.int64]
    side: npt.NDArray[np.int64]
    bound: npt.NDArray[np.float64]
    n_in: npt.NDArray[np.int64]
    n_hit: npt.NDArray[np.int64]


def peel(
    columns: npt.NDArray[np.float64],
    order: npt.NDArray[np.int32],
    matters: npt.NDArray[np.bool_],
    is_choice: npt.NDArray[np.bool_],
    alpha: float,
    smallest: int,
) -> Steps:
    """Return the peeling trajectory.

    Each step peels, of all ends of all columns, the share ``alpha`` whose removal raises the density most for each
    future removed (the lenient criterion of Friedman & Fisher 1999, section 14.1); it ends when nothing raises
    it, or the box would hold fewer than ``smallest``.
    """
    d, n = columns.shape
    found, bounds = np.zeros((4, MOST_STEPS), np.int64), np.zeros(MOST_STEPS)
    inside, ends = np.ones(n, np.bool_), np.array([[0] * d, [n - 1] * d])
    arrays = (columns, order, matters, is_choice, np.array([alpha]), inside, ends, found, bounds)
    native("peel_block")(*map(np.ascontiguousarray, arrays), d, n, smallest)
    steps = int(np.count_nonzero(found[2]))
    column, side, n_in, n_hit = found[:, :steps]
    return Steps(column, side, bounds[:steps], n_in, n_hit)


def peel_plain(
    columns: npt.NDArray[np.float64],
    matters: npt.NDArray[np.bool_],
    is_choice: npt.NDArray[np.bool_],
    alpha: float,
    smallest: int,
) -> Steps:
    """Return the same trajectory by the definition, without pointers: slow, and what the compiled one is tested by."""
    inside = np.ones(columns.shape[1], np.bool_)
    rows = [(-1, -1, 0.0, len(inside), int(matters.sum()))]
    while True:
        n_in, n_hit = int(inside.sum()), int((inside & matters).sum())
        best: tuple[float, int, int, float] | None = None
        for k, column in enumerate(columns):
            for side, bound, goes in _candidates(column, inside, bool(is_choice[k]), alpha):
                size, hits = int((goes & inside).sum()), int((goes & inside & matters).sum())
                if not 0 < size < n_in or n_in - size < smallest:
                    continue
                gain = ((n_hit - hits) / (n_in - size) - n_hit / n_in) / size
                if gain > (best[0] if best else 0.0):
                    best = (gain, k, side, bound)
        if best is None:
            break
        _, k, side, bound = best
        column = columns[k]
        inside &= column >= bound if side == LOWER else column <= bound if side == UPPER else column != bound
        rows.append((k, side, bound, int(inside.sum()), int((inside & matters).sum())))
    column_, side_, bound_, n_in_, n_hit_ = (np.array(values) for values in zip(*rows, strict=True))
    return Steps(column_, side_, bound_, n_in_, n_hit_)


def _candidates(
    column: npt.NDArray[np.float64], inside: npt.NDArray[np.bool_], is_choice: bool, alpha: float
) -> list[tuple[int, float, npt.NDArray[np.bool_]]]:
    values = np.sort(column[inside])
    if is_choice:
        return [(WITHOUT, float(v), column == v) for v in np.unique(values)]
    share = int(alpha * (len(values) - 1)) + 1
    found = []
    above = values[values > values[share - 1]]
    if len(above):
        found.append((LOWER, float(above[0]), column < above[0]))
    below = values[values < values[-share]]
    if len(below):
        found.append((UPPER, float(below[-1]), column > below[-1]))
    return found
