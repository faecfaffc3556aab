"""When does it fail: the Patient Rule Induction Method of Friedman & Fisher (1999).

A box over the uncertainties is peeled, a small share at a time, so that what stays holds more and more of the
futures that matter. Coverage is the share of those futures that lie in the box; density is their share among the
futures in the box (Bryant & Lempert 2010, section 3.2, with the quasi-p-values of their appendix A).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import lgamma, log, log1p
from typing import Any

import numpy as np
import numpy.typing as npt

from counterpoise.scenarios._peel import peel

__all__ = ["Box", "find_box"]

Values = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """A region of the uncertainties.

    Parameters
    ----------
    limits
        Per restricted uncertainty ``{"lower", "upper"}``, both inclusive, or of a choice ``{"among": [...]}``.
    p_values
        Per restricted uncertainty, the probability that so dense a box would come about if its limits on this
        uncertainty were chance.
    coverage, density, share
        Of the futures that matter in the box, those that matter among the box, and the box among all.
    trajectory
        Coverage, density and share after each peel, shape ``(n_peels + 1, 3)``.
    """

    limits: Mapping[str, Mapping[str, Any]]
    p_values: Mapping[str, float]
    coverage: float
    density: float
    share: float
    trajectory: Values


def find_box(
    x: Values,
    matters: Flags,
    names: Sequence[str],
    *,
    choices: frozenset[str] = frozenset(),
    alpha: float = 0.05,
    smallest: float = 0.05,
    level: float = 0.05,
) -> Box | None:
    """Return the box of the peeling trajectory with the best balance of coverage and density, or None.

    Of the trajectory the box with the largest harmonic mean of coverage and density is taken; limits whose
    quasi-p-value is above ``level`` are dropped, the least certain first.

    Parameters
    ----------
    x
        Shape ``(n, n_uncertainties)``.
    matters
        Shape ``(n,)``: the futures to be found. None is returned if there are none, or all are.
    names
        Names of the columns.
    choices
        Columns whose values are classes without an order; one class is peeled at a time.
    alpha
        Share peeled at a time.
    smallest
        Share of all futures below which a box is not peeled.
    """
    n_matter = int(matters.sum())
    if n_matter in (0, len(matters)):
        return None
    is_choice = np.array([name in choices for name in names])
    columns = np.ascontiguousarray(x.T, dtype=np.float64)
    order = np.argsort(columns, axis=1).astype(np.int32)
    steps = peel(columns, order, matters, is_choice, alpha, int(np.ceil(smallest * len(matters))))
    n_in, n_hit = steps.n_in.astype(np.float64), steps.n_hit.astype(np.float64)
    coverage, density = n_hit / n_matter, n_hit / n_in
    balance = 2 * coverage * density / np.maximum(coverage + density, 1e-12)
    last = int(balance.argmax())
    masks: dict[int, Flags] = {}
    for column, side, bound in zip(
        steps.column[1 : last + 1], steps.side[1 : last + 1], steps.bound[1 : last + 1], strict=True
    ):
        value = columns[column]
        keep = value >= bound if side == 0 else value <= bound if side == 1 else value != bound
        masks[int(column)] = masks.get(int(column), np.ones(len(value), np.bool_)) & keep
    p_values = _quasi_p_values(masks, matters)
    while p_values and max(p_values.values()) > level:
        del masks[max(p_values, key=lambda k: p_values[k])]
        p_values = _quasi_p_values(masks, matters)
    if not masks:
        return None
    inside = np.logical_and.reduce(list(masks.values()))
    return Box(
        limits={names[k]: _limits(columns[k], mask, bool(is_choice[k])) for k, mask in sorted(masks.items())},
        p_values={names[k]: p for k, p in sorted(p_values.items())},
        coverage=float((inside & matters).sum() / n_matter),
        density=float((inside & matters).sum() / inside.sum()),
        share=float(inside.mean()),
        trajectory=np.stack([coverage, density, n_in / len(matters)], axis=1),
    )


def _quasi_p_values(masks: Mapping[int, Flags], matters: Flags) -> dict[int, float]:
    """Return, per restricted column, how likely the box's hits are with the density it has without that limit."""
    if not masks:
        return {}
    inside = np.logical_and.reduce(list(masks.values()))
    hits, size = int((inside & matters).sum()), int(inside.sum())
    p_values = {}
    for column in masks:
        others = [mask for k, mask in masks.items() if k != column]
        wider = np.logical_and.reduce(others) if others else np.ones(len(matters), np.bool_)
        p_values[column] = _at_least(hits, size, float(matters[wider].mean()))
    return p_values


def _at_least(hits: int, size: int, p: float) -> float:
    """Return the probability of ``hits`` or more among ``size``, each with probability ``p``.

    The binomial tail, summed; SciPy's takes longer to import than all the rest of an answer.
    """
    if hits <= 0 or p >= 1:
        return 1.0
    if p <= 0:
        return 0.0
    first = lgamma(size + 1) - lgamma(hits + 1) - lgamma(size - hits + 1) + hits * log(p)
    first += (size - hits) * log1p(-p)
    k = np.arange(hits, size)
    terms = first + np.concatenate([[0.0], np.cumsum(np.log((size - k) / (k + 1)) + log(p) - log1p(-p))])
    return min(1.0, float(np.exp(terms).sum()))


def _limits(value: Values, mask: Flags, is_choice: bool) -> dict[str, Any]:
    if is_choice:
        return {"among": sorted({int(v) for v in np.unique(value[mask])})}
    return {"lower": float(value[mask].min()), "upper": float(value[mask].max())}
