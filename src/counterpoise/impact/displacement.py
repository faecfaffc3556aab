"""Displacement: what other corridors counted more than expected, set against what one counted less.

A joint model: every corridor has its own structural time series, and the errors of all are drawn together with the
correlation of their monthly changes before the responses, shrunk half-way to none. The diversion ratio is the excess
elsewhere over the shortfall here. It exists only where there is a shortfall: where the interval of the difference here
reaches zero, the ratio could be anything, and is not identifiable.

The checklist is that of Czaika & de Haas (2013), Population and Development Review 39(3): restrictions may move
people to other routes (spatial), to other ways in (categorical), to earlier or later (inter-temporal), or keep those
who are there from going back (reverse flow).
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from counterpoise.impact.estimate import Window
from counterpoise.impact.options import EvaluateOptions
from counterpoise.impact.outcomes import Series
from counterpoise.impact.paths import stretched
from counterpoise.impact.results import Effect
from counterpoise.impact.structural_time_series import counterfactual, model_interval
from counterpoise.impact.width import width_factors

__all__ = ["NET_IN_PERSONS", "Diversion", "displacement_of", "draw_differences", "estimate_diversion"]

Array = npt.NDArray[np.float64]

NET_IN_PERSONS = (
    "A net effect in persons is not identifiable from events: one person can be counted several times at one border, "
    "at several borders, or nowhere."
)
_N_DRAWS = 4000
_SHRINK = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Diversion:
    """Differences in counts here and elsewhere, and their ratio; ``ratio`` None where it is not identifiable.

    Parameters
    ----------
    here, elsewhere
        Observed less expected over the window: ``(median, lower, upper)``.
    ratio
        Excess elsewhere over shortfall here: ``(median, lower, upper)``.
    """

    here: tuple[float, float, float]
    elsewhere: tuple[float, float, float]
    ratio: tuple[float, float, float] | None


def draw_differences(
    counts: Array, n_pre: int, *, first_month: int, rng: np.random.Generator, options: EvaluateOptions
) -> Array:
    """Return draws of observed less expected, summed over the post period; draws x corridors.

    Parameters
    ----------
    counts
        Corridors x months, without gaps.
    """
    logs = np.log1p(counts)
    changes = np.diff(logs[:, :n_pre], axis=1)
    moving = changes.std(axis=1) > 0
    correlation = np.eye(len(counts))
    if moving.sum() > 1:
        correlation[np.ix_(moving, moving)] = np.corrcoef(changes[moving])
    shrunk = _SHRINK * correlation + (1 - _SHRINK) * np.eye(len(counts))
    n_post = counts.shape[1] - n_pre
    normal = rng.standard_normal((_N_DRAWS, n_post, len(counts))) @ np.linalg.cholesky(shrunk).T
    found = np.empty((_N_DRAWS, len(counts)))
    for i, log_counts in enumerate(logs):
        expected, centre = counterfactual(
            log_counts, n_pre, controls=None, first_month=first_month, rule_changes=(), options=options
        )
        which = rng.choice(len(expected.weights), size=_N_DRAWS, p=expected.weights)
        factors = np.linalg.cholesky(expected.covariances * expected.scales[:, None, None])
        chi = rng.chisquare(expected.df, _N_DRAWS) / expected.df
        spread = np.einsum("nij,nj->ni", factors[which], normal[:, :, i]) / np.sqrt(chi)[:, None]
        middle = expected.weights @ expected.means
        _, half = model_interval(expected, np.arange(n_post), options)
        below, above = width_factors(log_counts[:n_pre], half, options)
        # where more is expected than the middle, the difference is below the estimate
        path = middle + stretched(spread + expected.means[which] - middle, float(above), float(below))
        found[:, i] = counts[i, n_pre:].sum() - np.maximum(np.expm1(centre + path), 0.0).sum(axis=1)
    return found


def estimate_diversion(draws: Array, *, level: float) -> Diversion:
    """Return the differences here (first column) and elsewhere (the sum of the others), and their ratio."""
    tail = (1 - level) / 2
    wanted = [0.5, tail, 1 - tail]

    def summary(values: Array) -> tuple[float, float, float]:
        middle, lower, upper = np.quantile(values, wanted)
        return float(middle), float(lower), float(upper)

    here, elsewhere = summary(draws[:, 0]), summary(draws[:, 1:].sum(axis=1))
    ratio = summary(draws[:, 1:].sum(axis=1) / -draws[:, 0]) if here[2] < 0 else None
    return Diversion(here=here, elsewhere=elsewhere, ratio=ratio)


def displacement_of(
    effect: Effect,
    series: Series,
    window: Window,
    *,
    siblings: tuple[Series, ...],
    rng: np.random.Generator,
    options: EvaluateOptions,
) -> list[dict[str, Any]]:
    """Return what can be said of people who went elsewhere: one row per corridor, all together, and the checklist."""
    span = slice(window.begin, window.stop)
    beside = [one for one in siblings if one.starts == series.starts and not np.isnan(one.values[span]).any()]
    rows: list[dict[str, Any]] = []
    if beside and not np.isnan(series.values[span]).any():
        counts = np.array([series.values[span], *(one.values[span] for one in beside)])
        n_pre = window.first - window.begin
        draws = draw_differences(
            counts, n_pre, first_month=series.starts[window.begin].month, rng=rng, options=options
        )
        rows += [
            _route(effect, one.corridor, estimate_diversion(draws[:, [0, i]], level=options.level))
            for i, one in enumerate(beside, start=1)
        ]
        rows.append(_route(effect, "all of them", estimate_diversion(draws, level=options.level)))
    else:
        rows.append(
            _row(effect, "spatial", "", "refused", "no series of another corridor has figures in every month")
        )
    return [*rows, *_checklist(effect)]


def _row(effect: Effect, channel: str, to: str, status: str, reason: str) -> dict[str, Any]:
    return {
        "responses": list(effect.responses),
        "outcome": effect.outcome,
        "from": effect.corridor,
        "to": to,
        "channel": channel,
        "status": status,
        "difference_from": None,
        "difference_to": None,
        "ratio": None,
        "level": effect.level,
        "reason": reason,
    }


def _route(effect: Effect, to: str, found: Diversion) -> dict[str, Any]:
    # the effect itself is corrected (controls, a start at a peak): without a fall there, there is none here
    ratio = found.ratio if effect.upper is not None and effect.upper < 0 else None
    reason = (
        ""
        if ratio is not None
        else "what was counted here cannot be told to be less than expected, so there is nothing to have gone elsewhere"
    )
    row = _row(effect, "spatial", to, "not_identifiable" if ratio is None else "estimated", reason)
    return {
        **row,
        "difference_from": _interval(found.here),
        "difference_to": _interval(found.elsewhere),
        "ratio": None if ratio is None else _interval(ratio),
    }


def _interval(values: tuple[float, float, float]) -> dict[str, float]:
    return dict(zip(("estimate", "lower", "upper"), values, strict=True))


def _checklist(effect: Effect) -> list[dict[str, Any]]:
    """Return the three other channels, which no bundled series shows, each with what would."""
    return [
        _row(
            effect,
            channel,
            "",
            "refused",
            f"{missing}; {helped} would help",
        )
        for channel, missing, helped in (
            (
                "categorical",
                "no series of other ways in (visas, claims at crossing points and airports) covers these months",
                "monthly first residence permits and applications by place",
            ),
            (
                "inter_temporal",
                "a rise before and a fall after cannot be told from the wave itself",
                "days of announcement and of application apart, with weekly figures",
            ),
            (
                "reverse_flow",
                "no figures of people who went back are published by corridor",
                "monthly voluntary returns and exits",
            ),
        )
    ]
