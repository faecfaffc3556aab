"""``calibrate``: which futures of the priors could have given what was published, by approximate Bayesian computation.

Sequential Monte Carlo ABC (Del Moral, Doucet & Jasra 2012, doi:10.1007/s11222-011-9271-y) with moves by differential
evolution (ter Braak 2006, doi:10.1007/s11222-006-8769-1), in the unit cube of the priors. The distance is that of
history matching (Craig et al. 1997): the worst pattern's error, as a multiple of the factor it may be off by. At 1
every pattern of the fit is reproduced at once. Figures of a future are means over a few runs with other chance, as
in history matching of stochastic models (Andrianakis et al. 2015, doi:10.1371/journal.pcbi.1003968): else a future
that was lucky once stays for long, and gives other figures when it is run again.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from counterpoise.scenarios.design import scenarios_at
from counterpoise.scenarios.model import LeverRows
from counterpoise.scenarios.patterns import Pattern, pattern_values
from counterpoise.scenarios.run import run_experiments
from counterpoise.scenarios.worlds import World

__all__ = ["Calibration", "calibrate", "misfit"]

Values = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration:
    """Futures that could have given what was published.

    Parameters
    ----------
    names
        The uncertainties that are no single value.
    shares
        Where each kept future stands in its priors, 0 to 1; shape ``(len(names), n)``.
    parameters
        The same as values of the model; shape ``(len(PARAMETERS), n)``.
    values
        Simulated figure of every pattern, of the fit and of the check, mean over chance; shape ``(n_patterns, n)``.
    distance
        Misfit of each; shape ``(n,)``.
    tolerances
        The distance allowed, move by move: what the last one is says how far the model got.
    acceptance
        Share of moves accepted, move by move.
    n_experiments
        Simulations made.
    """

    names: tuple[str, ...]
    shares: Values
    parameters: npt.NDArray[np.float32]
    values: Values
    distance: Values
    tolerances: tuple[float, ...]
    acceptance: tuple[float, ...]
    n_experiments: int


def misfit(values: Values, patterns: Sequence[Pattern]) -> Values:
    """Return the worst error of each future: log ratio of simulated to published, by the log of the allowed factor.

    One person is added on both sides of counts, so that none is no infinite error.
    """
    errors = []
    for value, pattern in zip(values, patterns, strict=True):
        one = 0.0 if pattern.is_ratio else 1.0
        ratio = np.log((value + one + 1e-6) / (pattern.target + one + 1e-6))
        errors.append(np.abs(ratio) / np.log(pattern.factor))
    return np.asarray(np.max(errors, axis=0))


def calibrate(
    world: World,
    policy: LeverRows,
    patterns: Sequence[Pattern],
    *,
    n: int = 2048,
    moves: int = 200,
    mixing: int = 200,
    chances: int = 4,
    seed: int = 0,
    workers: int | None = None,
    progress: Callable[[int, float, float], None] | None = None,
) -> Calibration:
    """Return ``n`` futures that fit the patterns marked ``fit`` as well as the model can in so many moves.

    Parameters
    ----------
    world, policy
        Where and when, with its priors, and the responses used in fact.
    patterns
        Those marked ``check`` are simulated and take no part.
    moves
        Most moves of the population while the tolerance falls, to 1 at the least.
    mixing
        Moves at the last tolerance, so that the futures kept are no copies of a few.
    chances
        Runs of each future, each with other chance.
    progress
        Told the move, the tolerance, and the share accepted.
    """
    names = tuple(name for name, prior in world.all_priors.items() if prior.low < prior.high)
    rng = np.random.default_rng(seed)
    fit = np.array([pattern.use == "fit" for pattern in patterns])
    fitted = [pattern for pattern in patterns if pattern.use == "fit"]

    def simulate(shares: Values, call: int) -> tuple[Values, Values]:
        parameters = np.tile(scenarios_at(world, iter(shares), n), chances)
        series = run_experiments(
            parameters,
            [policy],
            world.cold,
            seed=seed,
            first=call * chances * n,  # new chance in every call
            keep_series=True,
            workers=workers,
        ).series[0]
        values = pattern_values(series, patterns, world.start).reshape(len(patterns), chances, n).mean(axis=1)
        return values, misfit(values[fit], fitted)

    wide = rng.random((len(names), 16 * n))
    parts = [simulate(wide[:, k * n : (k + 1) * n], k) for k in range(16)]
    values, distance = (np.concatenate(part, axis=-1) for part in zip(*parts, strict=True))
    best = np.argsort(distance, kind="stable")[:n]
    shares, values, distance = wide[:, best], values[:, best], distance[best]
    tolerances, acceptance = [float(distance.max())], [n / wide.shape[1]]
    left = moves
    tolerance = tolerances[0]
    for move in range(moves + mixing):
        if left and tolerance > 1:
            left -= 1
            below = distance[
                distance < tolerance
            ]  # copies of one future at the edge may not hold the tolerance up
            if below.size:
                tolerance = max(1.0, min(float(np.quantile(distance, 0.9)), float(below.max())))
            keep = np.flatnonzero(distance <= tolerance)
            drawn = np.concatenate([keep, rng.choice(keep, n - len(keep))])
            shares, values, distance = shares[:, drawn], values[:, drawn], distance[drawn]
        elif move >= moves - left + mixing:
            break
        proposed = _proposed(shares, rng)
        new_values, new_distance = simulate(proposed, 16 + move)
        accept = new_distance <= tolerance
        shares = np.where(accept, proposed, shares)
        values = np.where(accept, new_values, values)
        distance = np.where(accept, new_distance, distance)
        tolerances.append(tolerance)
        acceptance.append(float(accept.mean()))
        if progress is not None:
            progress(move, tolerance, acceptance[-1])
    return Calibration(
        names=names,
        shares=shares,
        parameters=scenarios_at(world, iter(shares), n),
        values=values,
        distance=distance,
        tolerances=tuple(tolerances),
        acceptance=tuple(acceptance),
        n_experiments=n * chances * (16 + len(tolerances) - 1),
    )


def _proposed(shares: Values, rng: np.random.Generator) -> Values:
    """Return a move for each future: a difference of two others, or some uncertainties anew from their priors.

    Differences are reflected at the ends; anew, what the figures do not inform goes back to its prior. Both are as
    likely back as forth, so with flat priors in the cube a move is accepted by the distance alone.
    """
    d, n = shares.shape
    one, two = rng.integers(0, n, (2, n))
    some = rng.random((d, n)) < rng.choice([0.05, 0.2, 0.5], n)
    step = 0.5 * rng.random(n) * (shares[:, one] - shares[:, two]) + rng.normal(0, 0.02, (d, n))
    moved = np.abs(shares + np.where(some, step, 0))
    folded = np.clip(np.where(moved > 1, 2 - moved, moved), 0, 1 - 1e-9)
    anew = rng.random((d, n)) < rng.choice([0.02, 0.05, 0.15], n)
    return np.where(rng.random(n) < 0.5, folded, np.where(anew, rng.random((d, n)), shares))
