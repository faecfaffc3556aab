"""One synthetic world: origins, corridors, seasons, swings, and one episode whose causes are known.

The episode is made in the order in which it would come about: who has a reason to move (driver), whether a way is
opened (opening), what of it is counted (record). Private, tolerated and active openings let through the same
people: counts cannot tell them apart, in these worlds by construction.
"""

from dataclasses import dataclass
from datetime import date

import numpy as np

from counterpoise.attribution._kernels import Array
from counterpoise.attribution.cube import Cube
from counterpoise.attribution.indicators.shape import is_rise
from counterpoise.attribution.indicators.windows import WINDOW_MONTHS, YEAR
from counterpoise.attribution.worlds.families import Family
from counterpoise.attribution.worlds.origins import simulate_origins
from counterpoise.observations.origins import OriginFigures

__all__ = ["ARTEFACTS", "DRIVERS", "World", "simulate_world"]

DRIVERS = ("conflict_displacement", "other_push", "diversion", "seasonal_return")
ARTEFACTS = ("scope", "unidentified", "backlog", "provisional")
"""Kinds of changed counting: more is counted of everybody; people are counted without a nationality; a backlog is
counted in one month; the newest month is not broken down yet."""

_N_CORRIDORS = 7
_N_NATIONALITIES = 22
_N_MONTHS = 72
_FIRST_EPISODE = 56
_ATTEMPTS = 60
_CARRIED_SHARE = 0.5
_MEAN_LOG_SIZE = 3.6
"""Mean log size of an origin, people a month over all corridors, before swings and episodes add to it."""
_BACKGROUND = 0.02


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """A world and its truth.

    Parameters
    ----------
    corridor, nationality, month
        Indices of the series and month under test.
    driver, second_driver
        The driver, and one that works beside it or None.
    is_open
        Whether a way was opened.
    artefact
        Kind of changed counting, or None.
    rule_known
        Whether the registry shows a rule that changed in the window.
    of_episode
        People in the window of the series under test who are there, or counted, because of the episode.
    origins
        Annual figures of the origins, of all years of the world.
    """

    cube: Cube
    corridor: int
    nationality: int
    month: int
    driver: str
    second_driver: str | None
    is_open: bool
    artefact: str | None
    rule_known: bool
    of_episode: float
    origins: OriginFigures


def simulate_world(
    family: Family, rng: np.random.Generator, *, driver: str, is_open: bool, artefact: str | None
) -> World:
    """Return a world of ``family`` with this driver, opening and record.

    ``seasonal_return`` has no opening. In a world with an artefact the episode is the artefact: the driver says
    only what moves the flows below it, and no episode of its own is added. Worlds are drawn until the series under
    test shows a rise that the episode carries: attribution is asked of rises only, and of a rise that came about by
    chance the truth would be another.
    """
    for _ in range(_ATTEMPTS):
        world = _attempt(family, rng, driver, is_open, artefact)
        counts = world.cube.counts[world.corridor, world.nationality]
        if is_rise(counts) and world.of_episode >= _CARRIED_SHARE * _rise(counts):
            return world
    return world


def _rise(counts: Array) -> float:
    """Return people in the window beyond the mean of the year before."""
    before = counts[-WINDOW_MONTHS - YEAR : -WINDOW_MONTHS].mean() * WINDOW_MONTHS
    return float(counts[-WINDOW_MONTHS:].sum() - before)


@dataclass(slots=True)
class _Scene:
    """What is being built: rates, and where the episode takes place."""

    family: Family
    rng: np.random.Generator
    rate: Array
    push: Array
    danger: Array
    share: Array
    size: Array
    corridor: int
    start: int
    month: int

    def ramp(self, months: float) -> Array:
        """Return 0 before the start, rising to 1 over ``months``, then held."""
        t = np.arange(_N_MONTHS)
        return np.clip((t - self.start + 1) / max(months, 1.0), 0.0, 1.0)

    def fast(self) -> Array:
        return self.ramp(self.family.fast_months * self.rng.uniform(0.6, 1.4))

    def slow(self) -> Array:
        """Return a gradual rise that is at its height near the month under test, so it began earlier."""
        months = self.family.slow_months * self.rng.uniform(0.8, 1.2)
        t = np.arange(_N_MONTHS)
        return np.clip((t - (self.month - months)) / months, 0.0, 1.0)

    def strength(self, share: float = 1.0) -> float:
        return max(0.5, share * self.rng.normal(self.family.strength, self.family.strength_sd))


def _attempt(
    family: Family, rng: np.random.Generator, driver: str, is_open: bool, artefact: str | None
) -> World:
    size = np.exp(rng.normal(_MEAN_LOG_SIZE, family.log_size_sd, _N_NATIONALITIES))
    attraction = rng.dirichlet(np.full(_N_CORRIDORS, 2.0))
    weights = np.maximum(family.route_concentration * attraction, 0.01)
    share = np.stack([rng.dirichlet(weights) for _ in range(_N_NATIONALITIES)], axis=1)
    start = int(rng.integers(_FIRST_EPISODE, _N_MONTHS - 3))
    month = start + int(rng.integers(0, 3))
    factors, push = _swings(family, rng)
    rate = share[..., None] * size[:, None] * factors + _BACKGROUND
    corridor = int(rng.choice(_N_CORRIDORS, p=np.sqrt(attraction) / np.sqrt(attraction).sum()))
    scene = _Scene(
        family=family,
        rng=rng,
        rate=rate,
        push=push,
        danger=np.zeros(push.shape),
        share=share,
        size=size,
        corridor=corridor,
        start=start,
        month=month,
    )
    _other_episodes(scene)
    rate_before = scene.rate.copy()
    second = None
    if artefact is None:
        nationality, second = _episode(scene, driver, is_open)
    else:
        nationality = int(rng.choice(np.argsort(-(share[corridor] * size))[:6]))
    counts = rng.poisson(
        scene.rate * rng.gamma(family.count_dispersion, 1 / family.count_dispersion, rate.shape)
    )
    unknown = rng.binomial(counts.sum(axis=1), rng.uniform(0.0, 0.06, (_N_CORRIDORS, 1)))
    cube_counts = np.concatenate([counts, unknown[:, None]], axis=1).astype(np.float64)
    as_total = rng.random() < 0.5 and artefact != "provisional"
    counted_before = cube_counts.copy()
    if artefact is not None:
        _change_counting(scene, artefact, cube_counts)
        if artefact in {"unidentified", "provisional"}:
            nationality = _N_NATIONALITIES  # those without a stated nationality
    rule = family.rule_known_if_real if artefact is None else family.rule_known_if_artefact
    cube = _cube(cube_counts)
    excess = scene.rate - rate_before if artefact is None else cube_counts - counted_before
    mine = slice(None) if as_total else slice(nationality, nationality + 1)
    window = slice(month - WINDOW_MONTHS + 1, month + 1)
    return World(
        cube=cube.until(month),
        corridor=corridor,
        nationality=cube.total if as_total else nationality,
        month=month,
        driver=driver,
        second_driver=second,
        is_open=is_open,
        artefact=artefact,
        rule_known=bool(rng.random() < rule),
        of_episode=float(excess[corridor, mine, window].sum()),
        origins=simulate_origins(
            family, rng, size=size, push=scene.push, danger=scene.danger, years=cube.years
        ),
    )


def _swings(family: Family, rng: np.random.Generator) -> tuple[Array, Array]:
    """Return the factors of rates, corridors x nationalities x months, and the swings of origins, on the log scale.

    Factors are of the season, of swings of origins, and of swings of each cell.
    """
    t = np.arange(_N_MONTHS)
    phase = rng.uniform(0, 12, (_N_CORRIDORS, 1, 1))
    amplitude = family.season_amplitude * rng.uniform(0.5, 1.5, (_N_CORRIDORS, 1, 1))
    season = amplitude * np.cos(2 * np.pi * (t - phase) / 12)
    push = _slow_noise(rng, (1, _N_NATIONALITIES), family.push_sd, 0.95)
    cell = _slow_noise(rng, (_N_CORRIDORS, _N_NATIONALITIES), family.cell_sd, 0.8)
    factors: Array = np.exp(season + push + cell)
    return factors, push[0]


def _slow_noise(rng: np.random.Generator, shape: tuple[int, ...], sd: float, memory: float) -> Array:
    """Return a stationary first-order autoregression with this standard deviation."""
    from scipy.signal import lfilter

    shocks = rng.normal(0, sd * np.sqrt(1 - memory**2), (*shape, _N_MONTHS))
    shocks[..., 0] /= np.sqrt(1 - memory**2)
    noise: Array = lfilter([1.0], [1.0, -memory], shocks, axis=-1)
    return noise


def _other_episodes(scene: _Scene) -> None:
    """Add rises that come and go, of one or several origins, so that the series compared with are no quiet ones.

    None stands on the corridor under test in the year up to the month under test: what moves that is known.
    """
    rng, family = scene.rng, scene.family
    t = np.arange(_N_MONTHS)
    here = scene.share * scene.size
    for _ in range(int(rng.poisson(family.other_episodes))):
        c = int(rng.choice(_N_CORRIDORS))
        start = int(rng.integers(0, _N_MONTHS))
        if c == scene.corridor and start > scene.month - 15:
            continue
        onset = family.fast_months if rng.random() < 0.5 else family.slow_months
        lasting = rng.uniform(3, 18)
        rise = np.clip((t - start + 1) / onset, 0, 1) * np.exp(-np.maximum(t - start - onset, 0) / lasting)
        if c == scene.corridor:
            rise = np.where(t > scene.month - 15, 0.0, rise)
        n = 1 + int(rng.poisson(0.5))
        weight = np.sqrt(here[c] + 0.05)
        origins = rng.choice(_N_NATIONALITIES, n, replace=False, p=weight / weight.sum())
        for origin in origins:
            added = scene.size[origin] * rng.uniform(0.0, 0.3) + here[c, origin] * np.exp(scene.strength())
            scene.rate[c, origin] += added * rise


def _episode(scene: _Scene, driver: str, is_open: bool) -> tuple[int, str | None]:
    rng, family = scene.rng, scene.family
    origin = _origin(scene, driver, is_open)
    second = None
    _drive(scene, driver, origin, 1.0, is_open)
    if rng.random() < family.mixture_share:
        others = [d for d in DRIVERS[:3] if d != driver]
        second = str(rng.choice(others))
        _drive(scene, second, origin, 0.4, is_open=False)
    if is_open:
        _open_way(scene, driver, origin)
    return origin, second


def _origin(scene: _Scene, driver: str, is_open: bool) -> int:
    """Return whose episode it is: with people to come, and a way here unless one is opened."""
    here = scene.share[scene.corridor] * scene.size
    weight = np.sqrt(scene.size) if is_open else np.sqrt(here)
    if driver == "diversion":
        elsewhere = scene.size - here
        weight = np.sqrt(elsewhere) * (1.0 if is_open else np.minimum(1.0, np.sqrt(here)))
    return int(scene.rng.choice(_N_NATIONALITIES, p=weight / weight.sum()))


def _drive(scene: _Scene, driver: str, origin: int, share: float, is_open: bool) -> None:
    """Change the rates of an origin as its driver does."""
    rng, family, c = scene.rng, scene.family, scene.corridor
    if driver == "seasonal_return":
        t = np.arange(_N_MONTHS)
        peak = 0.5 + 0.5 * np.cos(2 * np.pi * (t - scene.month) / 12)
        scene.rate[c, origin] *= np.exp(scene.strength(share) * (peak**2))
        return
    if driver == "diversion":
        _divert(scene, origin, share)
        return
    ramp = scene.fast() if driver == "conflict_displacement" else scene.slow()
    felt = np.clip(rng.normal(family.spread_to_others, 0.2, _N_CORRIDORS), 0.05, 1.2)
    felt[c] = felt.mean() if is_open else 1.0
    strength = scene.strength(share)
    factor = np.exp(strength * felt[:, None] * ramp)
    origins = [origin]
    if driver == "conflict_displacement" and rng.random() < 0.3:
        origins.append(int(rng.integers(_N_NATIONALITIES)))  # a neighbour is drawn into it
    scene.rate[:, origins] *= factor[:, None]
    scene.push[origins] += strength * felt.mean() * ramp
    if driver == "conflict_displacement":
        scene.danger[origins] += strength * felt.mean() * ramp


def _divert(scene: _Scene, origin: int, share: float) -> None:
    """Move part of the people of one other corridor here: of the origin, and of some who travel with it."""
    rng, c = scene.rng, scene.corridor
    flows = scene.share[:, origin].copy()
    flows[c] = 0.0
    donor = int(np.argmax(flows * rng.uniform(0.5, 1.5, flows.shape)))
    fellows = np.argsort(-scene.share[donor] * scene.size)[:8]
    moving = {origin, *(int(n) for n in fellows if rng.random() < 0.3)}
    moved = share * rng.uniform(0.4, 0.9)
    ramp = scene.fast()
    for n in moving:
        flow = scene.rate[donor, n] * moved * ramp
        scene.rate[donor, n] -= flow
        scene.rate[c, n] += flow


def _open_way(scene: _Scene, driver: str, origin: int) -> None:
    """Let people through here who had no way, or another one: of several nationalities, many of them new here."""
    rng, family, c = scene.rng, scene.family, scene.corridor
    ramp = scene.fast()
    n_others = int(rng.poisson(family.nationalities_opened - 1))
    new = scene.share[c] * scene.size < 1.0
    weight = np.sqrt(scene.size) * np.where(
        new,
        family.new_nationality_share / max(new.sum(), 1),
        (1 - family.new_nationality_share) / max((~new).sum(), 1),
    )
    weight[origin] = 0.0
    n_others = min(n_others, int((weight > 0).sum()))
    others = rng.choice(_N_NATIONALITIES, n_others, replace=False, p=weight / weight.sum())
    for n in (origin, *(int(k) for k in others)):
        wanting = scene.size[n] * rng.uniform(0.1, 0.6) * (1.5 if n == origin else 1.0)
        if n == origin and driver == "conflict_displacement":
            wanting *= np.exp(0.5 * scene.strength())
        added = (wanting + 0.05 * np.median(scene.size)) * ramp
        if driver == "diversion":
            _take_from_elsewhere(scene, n, added)
        scene.rate[c, n] += added


def _take_from_elsewhere(scene: _Scene, n: int, added: Array) -> None:
    """Lower an origin's other corridors by what comes here, as far as there is something to take."""
    others = np.arange(_N_CORRIDORS) != scene.corridor
    available = scene.rate[others, n].sum(axis=0)
    left = 1 - np.minimum(added / np.maximum(available, 1e-9), 0.9)
    scene.rate[others, n] *= left


def _change_counting(scene: _Scene, artefact: str, counts: Array) -> None:
    """Change what is counted from the start on, in place; the total is made of it afterwards."""
    rng, family, c, t0 = scene.rng, scene.family, scene.corridor, scene.start
    if artefact == "provisional":
        held_back = rng.binomial(counts[c, :-1, scene.month].astype(int), rng.uniform(0.5, 0.9))
        counts[c, :-1, scene.month] -= held_back
        counts[c, -1, scene.month] += held_back.sum()
        return
    last = t0 + 1 if artefact == "backlog" else _N_MONTHS
    factor = np.exp(rng.normal(family.counting_factor, 0.3))
    if artefact == "unidentified":
        more = counts[c, :-1, t0:last].sum(axis=0) * max(factor - 1, 0.5)
        counts[c, -1, t0:last] += rng.poisson(more)
        return
    spread = np.exp(rng.normal(0, family.counting_spread, counts.shape[1]))
    raised = counts[c, :, t0:last] * (factor * spread)[:, None]
    counts[c, :, t0:last] = np.round(raised)


def _cube(counts: Array) -> Cube:
    with_total = np.concatenate([counts, counts.sum(axis=1, keepdims=True)], axis=1)
    unidentified = np.zeros(counts.shape[1], dtype=bool)
    unidentified[-1] = True
    return Cube(
        corridors=tuple(f"corridor-{i}" for i in range(counts.shape[0])),
        nationalities=(*(f"origin-{i}" for i in range(counts.shape[1] - 1)), "UNK"),
        months=tuple(date(2000 + t // 12, t % 12 + 1, 1) for t in range(counts.shape[2])),
        counts=with_total,
        held=np.ones(with_total.shape[:2], dtype=bool),
        unidentified=unidentified,
    )
