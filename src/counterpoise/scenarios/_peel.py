"""The peeling of PRIM, compiled: arrays in, arrays out; axis 0 is the uncertainty, axis 1 the scenario.

Columns are sorted once; a peel walks in from the ends, so that a step costs a share of the box and not its size.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from numba import njit

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
    return Steps(*_peel(columns, order, matters, is_choice, alpha, smallest))


@njit(cache=True, nogil=True)
def _peel(columns, order, matters, is_choice, alpha, smallest):  # type: ignore[no-untyped-def]  # noqa: PLR0912, PLR0915
    d, n = columns.shape
    inside = np.ones(n, np.bool_)
    low, high = np.zeros(d, np.int64), np.full(d, n - 1, np.int64)
    out_column, out_side = np.full(MOST_STEPS, -1, np.int64), np.full(MOST_STEPS, -1, np.int64)
    out_bound = np.zeros(MOST_STEPS, np.float64)
    out_in, out_hit = np.zeros(MOST_STEPS, np.int64), np.zeros(MOST_STEPS, np.int64)
    n_in, n_hit = n, np.int64(matters.sum())
    out_in[0], out_hit[0] = n_in, n_hit
    step = 1
    while step < MOST_STEPS:
        share = int(alpha * (n_in - 1)) + 1
        best, best_column, best_side, best_bound = 0.0, -1, -1, 0.0
        mean = n_hit / n_in
        for k in range(d):
            row = order[k]
            while not inside[row[low[k]]]:
                low[k] += 1
            while not inside[row[high[k]]]:
                high[k] -= 1
            if is_choice[k]:
                at = low[k]
                while at <= high[k]:
                    value, size, hits = columns[k, row[at]], 0, 0
                    while at <= high[k] and columns[k, row[at]] == value:
                        if inside[row[at]]:
                            size += 1
                            hits += matters[row[at]]
                        at += 1
                    if 0 < size < n_in and n_in - size >= smallest:
                        gain = ((n_hit - hits) / (n_in - size) - mean) / size
                        if gain > best:
                            best, best_column, best_side, best_bound = gain, k, WITHOUT, value
                continue
            for side in range(2):
                at, ahead = (low[k], 1) if side == LOWER else (high[k], -1)
                size, hits, value = 0, 0, columns[k, row[at]]
                while low[k] <= at <= high[k]:
                    i = row[at]
                    if inside[i]:
                        if size >= share and columns[k, i] != value:
                            break
                        value = columns[k, i]
                        size += 1
                        hits += matters[i]
                    at += ahead
                if not low[k] <= at <= high[k] or n_in - size < smallest:
                    continue
                gain = ((n_hit - hits) / (n_in - size) - mean) / size
                if gain > best:
                    best, best_column, best_side, best_bound = gain, k, side, columns[k, row[at]]
        if best_column < 0:
            break
        row = order[best_column]
        for at in range(low[best_column], high[best_column] + 1):
            i = row[at]
            value = columns[best_column, i]
            goes = (
                (best_side == LOWER and value < best_bound)
                or (best_side == UPPER and value > best_bound)
                or (best_side == WITHOUT and value == best_bound)
            )
            if goes and inside[i]:
                inside[i] = False
                n_in -= 1
                n_hit -= matters[i]
        out_column[step], out_side[step], out_bound[step] = best_column, best_side, best_bound
        out_in[step], out_hit[step] = n_in, n_hit
        step += 1
    return out_column[:step], out_side[:step], out_bound[:step], out_in[:step], out_hit[:step]


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
