"""The peeling of PRIM, compiled.

Columns are sorted once; a peel walks in from the ends, so that a step costs a share of the box and not its size.
"""

import numpy as np
from numba import carray, njit  # type: ignore[attr-defined]

from counterpoise.scenarios._peel import LOWER, MOST_STEPS, UPPER, WITHOUT

__all__ = ["peel_block"]


@njit(error_model="numpy")
def peel_block(  # type: ignore[no-untyped-def]  # noqa: PLR0912, PLR0915 (one loop, told as one)
    columns_at,
    order_at,
    matters_at,
    is_choice_at,
    alpha_at,
    inside_at,
    ends_at,
    found_at,
    bounds_at,
    d,
    n,
    smallest,
):
    """Peel; every argument but the last three is the address of an array in row order.

    Parameters
    ----------
    columns_at, order_at, matters_at, is_choice_at
        Float64 and int32 of shape ``(d, n)``, flags of shape ``(n,)`` and ``(d,)``, as in ``_peel.peel``; each row of
        the second sorts that of the first.
    alpha_at
        Float64: the share peeled at a time.
    inside_at
        Flags of shape ``(n,)``, all true; written over.
    ends_at
        Int64, shape ``(2, d)``: 0 and ``n - 1``; written over.
    found_at, bounds_at
        Int64 of shape ``(4, MOST_STEPS)``: column, side, futures in the box, those of them that matter; and float64
        of shape ``(MOST_STEPS,)``. Filled as far as there are steps; 0 must stand there.
    """
    columns = carray(columns_at, (d, n), np.float64)
    order = carray(order_at, (d, n), np.int32)
    matters = carray(matters_at, n, np.bool_)
    is_choice = carray(is_choice_at, d, np.bool_)
    alpha = carray(alpha_at, 1, np.float64)[0]
    inside = carray(inside_at, n, np.bool_)
    ends = carray(ends_at, (2, d), np.int64)
    found = carray(found_at, (4, MOST_STEPS), np.int64)
    out_bound = carray(bounds_at, MOST_STEPS, np.float64)
    low, high = ends[0], ends[1]
    out_column, out_side, out_in, out_hit = found[0], found[1], found[2], found[3]
    n_in, n_hit = n, 0
    for i in range(n):
        n_hit += matters[i]
    out_column[0], out_side[0] = -1, -1
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
