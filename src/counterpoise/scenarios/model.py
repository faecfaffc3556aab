"""The model, written to be read: one step is a week, one column a scenario.

This is the reference. ``_kernels.py`` computes the same numbers faster, and a test compares the two bit by bit.
Arithmetic is float32; people are whole numbers in it, exact up to 16.7 million, and every flow of people is
rounded to whole people by chance, so that nobody is made or lost. The page ``docs/scenarios.md`` gives the
equations in the order of this file.
"""

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from counterpoise.scenarios.noise import noise_of
from counterpoise.scenarios.parameters import (
    BORDERS,
    HUBS,
    INDICATORS,
    LEVER_ROWS,
    LEVERS,
    N_LEVER_ROWS,
    ORIGINS,
    OUTCOMES,
    PARAMETERS,
    SERIES,
)

__all__ = ["LeverRows", "Simulated", "simulate"]

Float = npt.NDArray[np.float32]

GOLDEN = 0.6180339887498949
"""Roundings of one week share one uniform number, turned by this fraction of a circle from flow to flow."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LeverRows:
    """One policy as arrays over the rows of levers, shape ``(N_LEVER_ROWS,)`` each.

    Parameters
    ----------
    level
        Level aimed at, 0 to 1.
    start, end
        First week, and the week from which it is gone.
    step
        Largest change of the level in a week.
    indicator
        Number of the indicator that triggers it; 0: none.
    threshold, until
        It begins at this value of the indicator or above, and ends below ``until``.
    """

    level: Float
    start: Float
    end: Float
    step: Float
    indicator: npt.NDArray[np.int32]
    threshold: Float
    until: Float


@dataclass(frozen=True, slots=True, kw_only=True)
class Simulated:
    """What one policy did in some scenarios.

    Parameters
    ----------
    outcomes
        Shape ``(len(OUTCOMES), n)``.
    series
        Shape ``(n_weeks, len(SERIES), n)``.
    people
        People at the end by pool: potential, staging, at borders, waiting, and all who left the model by name.
    """

    outcomes: Float
    series: Float
    people: dict[str, Float]


@dataclass(slots=True, kw_only=True)
class _World:
    """The state of ``n`` scenarios; people are whole."""

    n: int
    pool: Float  # (ORIGINS, n)
    levers: Float  # (N_LEVER_ROWS, n)
    latch: Float  # (N_LEVER_ROWS, n)
    indicators: Float  # (len(INDICATORS), n)
    belief: Float  # (ORIGINS, n)
    hub_share: Float  # (HUBS, n)
    border_share: Float  # (BORDERS, n)
    staging: Float = field(init=False)
    at_border: Float = field(init=False)  # (BORDERS, ORIGINS, n)
    waiting: Float = field(init=False)  # (ORIGINS, n)
    through: Float = field(init=False)  # (ORIGINS, n), ever
    ease: Float = field(init=False)  # (BORDERS, n)
    wait_weeks: Float = field(init=False)  # (BORDERS, n)
    gone: dict[str, Float] = field(init=False)
    effort: Float = field(init=False)
    rest: Float = field(init=False)
    information: Float = field(init=False)
    price: Float = field(init=False)
    moved_lag: Float = field(init=False)
    salience: Float = field(init=False)
    polarisation: Float = field(init=False)
    trust: Float = field(init=False)
    cohesion: Float = field(init=False)
    scandal: Float = field(init=False)
    leverage: Float = field(init=False)
    outcomes: Float = field(init=False)

    def __post_init__(self) -> None:
        def zeros(*shape: int) -> Float:
            return np.zeros((*shape, self.n), np.float32)

        self.staging, self.waiting, self.through = zeros(ORIGINS), zeros(ORIGINS), zeros(ORIGINS)
        self.at_border, self.wait_weeks = zeros(BORDERS, ORIGINS), zeros(BORDERS)
        self.ease = zeros(BORDERS) + np.float32(0.3)
        self.gone = {name: zeros() for name in GONE}
        self.effort, self.rest, self.information, self.moved_lag = zeros(), zeros(), zeros(), zeros()
        self.price, self.trust, self.cohesion = zeros() + 1, zeros() + 1, zeros() + 1
        self.salience, self.scandal, self.leverage = zeros(), zeros(), zeros()
        self.polarisation = zeros() + np.float32(0.2)
        self.outcomes = zeros(len(OUTCOMES))
        self.outcomes[_OUT["cohesion"]] = 1


GONE = ("pathway", "dead", "home", "recognised", "returned", "remaining", "relocated", "moved_on")
"""Where people are who have left the part of the world that is modelled."""
_OUT = {name: k for k, name in enumerate(OUTCOMES)}
_SER = {name: k for k, name in enumerate(SERIES)}
_FLOWS = {
    name: 12 * k
    for k, name in enumerate(
        ("depart", "pathway", "move", "leave", "dead", "home", "register", "decide", "recognise", "return",
         "onward", "relocate")
    )
}  # fmt: skip


def rotation(flow: int) -> np.float32:
    """Return by how much the uniform number of a week is turned for a flow."""
    return np.float32((flow * GOLDEN) % 1.0)


def whole(amount: Float, uniform: Float, flow: int, most: Float) -> Float:
    """Return the amount as whole people: the fraction is rounded up with its own probability; never above ``most``."""
    turned = uniform + rotation(flow)
    turned = turned - np.floor(turned)
    people: Float = np.minimum(most, np.floor(amount + turned))
    return people


def multiplier(normal: Float, spread: Float) -> Float:
    """Return a positive factor of chance about 1: (1 + s z / 4)^4, which stands for exp(s z) without its cost."""
    half = 1 + spread * normal * 0.25
    square = half * half
    return square * square


def simulate(
    parameters: Float,
    policy: LeverRows,
    cold: Float,
    *,
    seed: int,
    first: int = 0,
) -> Simulated:
    """Return what a policy does in some scenarios.

    Parameters
    ----------
    parameters
        Shape ``(len(PARAMETERS), n)``: one column a scenario.
    policy
        The levers.
    cold
        Shape ``(n_weeks,)``: 0 in high summer to 1 in deep winter.
    seed, first
        Seed, and number of the first scenario: both say which chance these scenarios meet.
    """
    p: dict[str, Float] = dict(zip(PARAMETERS, parameters.astype(np.float32), strict=True))
    n, n_weeks = parameters.shape[1], len(cold)
    normals, uniforms = noise_of(seed, first, n, n_weeks)
    world = start(p, n)
    series = np.zeros((n_weeks, len(SERIES), n), np.float32)
    for week in range(n_weeks):
        _step(world, p, policy, week, np.float32(cold[week]), normals[week], uniforms[week], series[week])
    world.outcomes[_OUT["polarisation"]] = world.polarisation
    world.outcomes[_OUT["trust"]] = world.trust
    people = {
        "potential": world.pool.sum(axis=0),
        "staging": world.staging.sum(axis=0),
        "at_borders": world.at_border.sum(axis=(0, 1)),
        "waiting": world.waiting.sum(axis=0),
        **world.gone,
    }
    return Simulated(outcomes=world.outcomes, series=series, people=people)


def start(p: dict[str, Float], n: int) -> _World:
    """Return the world before the first week: everybody at home, attention low, trust and cohesion whole."""
    weights = np.stack([p[f"origin_weight_{o + 1}"] for o in range(ORIGINS)])
    pool = np.floor(p["potential_people"] * weights / weights.sum(axis=0))
    hubs = np.stack([p[f"hub_weight_{h + 1}"] for h in range(HUBS)])
    borders = np.stack([p[f"border_weight_{b + 1}"] for b in range(BORDERS)])
    indicators = np.zeros((len(INDICATORS), n), np.float32)
    indicators[0] = 1
    return _World(
        n=n,
        pool=pool,
        levers=np.zeros((N_LEVER_ROWS, n), np.float32),
        latch=np.zeros((N_LEVER_ROWS, n), np.float32),
        indicators=indicators,
        belief=np.stack([p["initial_success"]] * ORIGINS),
        hub_share=hubs / hubs.sum(axis=0),
        border_share=borders / borders.sum(axis=0),
    )


def _step(
    w: _World,
    p: dict[str, Float],
    policy: LeverRows,
    week: int,
    cold: np.float32,
    normal: Float,
    uniform: Float,
    series: Float,
) -> None:
    """Advance the world by one week, and write the week's series."""
    set_levers(w, policy, week)
    lever = {
        name: w.levers[row] if LEVERS[name].scope == "all" else w.levers[row : row + 3]
        for name, row in LEVER_ROWS.items()
    }
    effort = effort_of(w, p, lever, week)
    departed, carried = travel(w, p, lever, effort, normal, uniform)
    at = borders(w, p, lever, effort, cold, normal, uniform)
    onward, load = asylum(w, p, lever, at, normal, uniform)
    counted = count(w, p, at, onward, load, normal)
    society(w, p, lever, counted, at, onward, load)
    adapt(w, p, lever, week, effort, carried, at)
    account(w, p, lever, counted, at, onward, load, effort)

    for b in range(BORDERS):
        series[_SER[f"attempts_{b + 1}"]] = counted["attempts"][b]
        series[_SER[f"prevented_{b + 1}"]] = counted["prevented"][b]
        series[_SER[f"detections_{b + 1}"]] = at["registered"][b]
    for o in range(ORIGINS):
        series[_SER[f"departures_{o + 1}"]] = departed[o]
    series[_SER["onward_detections"]] = onward
    series[_SER["people_at_border"]] = at["people"]
    series[_SER["deaths"]] = at["dead"]
    series[_SER["effort"]] = effort
    series[_SER["salience"]] = w.salience
    series[_SER["backlog"]] = w.waiting.sum(axis=0)
    series[_SER["registered"]] = at["registered"].sum(axis=0)


def set_levers(w: _World, policy: LeverRows, week: int) -> None:
    """Move each lever towards what the policy says of this week and of last week's indicators."""
    for row in range(N_LEVER_ROWS):
        if policy.level[row] == 0:
            continue
        value = w.indicators[policy.indicator[row]]
        begun = np.where(value >= policy.threshold[row], np.float32(1), w.latch[row])
        w.latch[row] = np.where(value < policy.until[row], np.float32(0), begun)
        on = np.float32(policy.start[row] <= week < policy.end[row])
        gap = policy.level[row] * on * w.latch[row] - w.levers[row]
        w.levers[row] += np.minimum(policy.step[row], np.maximum(-policy.step[row], gap))


def effort_of(w: _World, p: dict[str, Float], lever: dict[str, Float], week: int) -> Float:
    """Return the effort of this week: the strategy's share of what the coercer could do, less what a deal suspends."""
    since = np.float32(week) - p["onset_week"]
    pulses = since / (2 * p["pulse_weeks"])
    resting = (pulses - np.floor(pulses) >= 0.5) & (p["strategy"] == 1)
    stopped = (w.rest > 8) & (p["strategy"] == 3)
    active = np.where((since < 0) | resting | stopped, np.float32(0), np.float32(1))
    return w.effort * active * (1 - p["deal_honour"] * lever["negotiated_deal"])


def travel(
    w: _World, p: dict[str, Float], lever: dict[str, Float], effort: Float, normal: Float, uniform: Float
) -> tuple[Float, Float]:
    """Let people decide, carry as many as open hubs have seats for, and return departures by origin and their sum.

    A hub that closes loses its seats at once; travel moves to the hubs that are open within ``reroute_weeks``.
    """
    w.information = w.information * (1 - p["information_decay"]) + lever["information"]
    told = 1 - p["information_effect"] * (w.information / (1 + w.information))
    stays = (1 - p["pathway_substitution"] * lever["legal_pathways"]) * (
        1 - p["incentive_effect"] * lever["origin_incentives"]
    )
    chance = multiplier(normal[0], p["weekly_noise"])
    dear = 1 + p["price_elasticity"] * np.maximum(w.price - 1, np.float32(0))
    common = p["willingness"] * told * stays * chance / dear
    pathway = p["willingness"] * p["pathway_substitution"] * lever["legal_pathways"]
    wanted = np.zeros_like(w.pool)
    for o in range(ORIGINS):
        believed = w.belief[o] + (1 - w.belief[o]) * p["rumour"] * effort
        network = 1 + p["diffusion"] * (w.through[o] / (w.pool[o] + w.through[o] + 1))
        wanted[o] = np.minimum(w.pool[o], w.pool[o] * common * believed * network)
    demand = wanted.sum(axis=0)

    hidden: Float = np.where(p["strategy"] == 4, np.float32(0.7), np.float32(1))
    weights = np.stack([p[f"hub_weight_{h + 1}"] for h in range(HUBS)])
    weights = weights / weights.sum(axis=0)
    seats: Float = (
        p["seats"] * weights * effort * hidden * (1 - p["closure_compliance"] * lever["hub_closure"])
    )
    total: Float = seats.sum(axis=0)
    gap: Float = seats / (total + np.float32(1e-3)) - w.hub_share
    moves: Float = np.where(total > np.float32(0.5), gap, np.float32(0))
    w.hub_share = w.hub_share + moves / p["reroute_weeks"]
    carried = np.minimum(demand * w.hub_share, seats).sum(axis=0)
    scarce = np.minimum(np.float32(4), np.maximum(np.float32(0.5), demand / (carried + 1)))
    w.price = w.price + np.float32(0.3) * (scarce - w.price)

    departed = np.zeros_like(w.pool)
    served = carried / (demand + np.float32(1e-3))
    for o in range(ORIGINS):
        departed[o] = whole(wanted[o] * served, uniform, _FLOWS["depart"] + o, w.pool[o])
        w.pool[o] -= departed[o]
        w.staging[o] += departed[o]
        by_pathway = whole(w.pool[o] * pathway, uniform, _FLOWS["pathway"] + o, w.pool[o])
        w.pool[o] -= by_pathway
        w.gone["pathway"] += by_pathway
        w.outcomes[_OUT["pathway_arrivals"]] += by_pathway
    return departed, carried


def borders(  # noqa: PLR0915 (one border, in the order of the equations)
    w: _World,
    p: dict[str, Float],
    lever: dict[str, Float],
    effort: Float,
    cold: np.float32,
    normal: Float,
    uniform: Float,
) -> dict[str, Float]:
    """Move people to the borders and let them try; return what happened there.

    A person tries ``a`` times a week until one attempt leads on; with chance ``q`` of that for each attempt and
    z = a q, the share z / (1 + z) leaves the border in a week, after a / (1 + z) attempts on average.
    """
    weights = np.stack([p[f"border_weight_{b + 1}"] for b in range(BORDERS)])
    weights = weights / weights.sum(axis=0)
    pull = weights * (w.ease + np.float32(0.02))
    speed = p["switching"] * np.where(p["strategy"] == 2, np.float32(1), np.float32(0.25))
    w.border_share = w.border_share + speed * (pull / (pull.sum(axis=0) + np.float32(1e-6)) - w.border_share)

    chance = multiplier(normal[1], p["weekly_noise"])
    tries = p["attempts_per_week"] * chance * (1 - p["cold_damping"] * cold)
    helped = p["aid_base"] * (1 - np.float32(0.8) * lever["emergency_law"])
    helped = helped + (1 - helped) * lever["aid_access"]
    hazard = p["death_rate"] * np.float32(0.001) * (np.float32(0.15) + np.float32(0.85) * cold)
    hazard = hazard * (1 - p["aid_effect"] * helped)
    go_home = p["home_return"] + p["return_programme_effect"] * lever["return_programme"]

    zeros = np.zeros((BORDERS, w.n), np.float32)
    at: dict[str, Float] = {
        name: zeros.copy() for name in ("attempts", "stopped", "turned", "unassessed", "registered", "shut")
    }
    at["by_origin"], at["left"], at["tried"] = (np.zeros_like(w.pool) for _ in range(3))
    at["undetected"], at["dead"], at["people"] = (np.zeros(w.n, np.float32) for _ in range(3))
    arriving = w.staging * p["staging_share"]
    for b in range(BORDERS):
        shut = p["crossing_share"] * lever["crossing_closure"][b]
        a = tries * (1 - shut)
        stop = 1 - (1 - p["base_prevention"]) * (1 - p["fence_effect"] * lever["fence"][b]) * (
            1 - p["troops_effect"] * lever["troops"][b]
        )
        stop = stop * (1 - p["crossing_share"])
        find = p["base_interception"] + (1 - p["base_interception"]) * (
            p["troops_interception"] * lever["troops"][b]
        )
        find = find + (1 - find) * p["crossing_share"]
        unassessed = lever["turn_back"][b] * p["turn_back_reach"]
        assessed = (1 - unassessed) * lever["border_procedure"][b] * (1 - p["claim_share"])
        turn = unassessed + assessed
        on = (1 - stop) * (1 - find * turn)
        z = a * on
        each = a / (1 + z)
        leaving = z / (1 + z)
        registered_share = find * (1 - turn) / (1 - find * turn + np.float32(1e-6))
        w.ease[b] = (1 - shut) * on

        before, after = np.zeros(w.n, np.float32), np.zeros(w.n, np.float32)
        for o in range(ORIGINS):
            k = ORIGINS * b + o
            came = whole(arriving[o] * w.border_share[b], uniform, _FLOWS["move"] + k, w.staging[o])
            w.staging[o] -= came
            here = w.at_border[b, o] + came
            left = whole(here * leaving, uniform, _FLOWS["leave"] + k, here)
            rest = here - left
            dead = whole(
                here * hazard * (1 + w.wait_weeks[b] * np.float32(1 / 12)), uniform, _FLOWS["dead"] + k, rest
            )
            rest = rest - dead
            home = whole(here * go_home, uniform, _FLOWS["home"] + k, rest)
            rest = rest - home
            registered = whole(left * registered_share, uniform, _FLOWS["register"] + k, left)
            w.at_border[b, o] = rest
            w.gone["dead"] += dead
            w.gone["home"] += home
            w.gone["moved_on"] += left - registered
            at["by_origin"][o] += registered
            at["registered"][b] += registered
            at["undetected"] += left - registered
            at["left"][o] += left
            at["tried"][o] += left + dead + home + np.float32(0.25) * rest
            at["dead"] += dead
            before = before + here
            after = after + rest
        w.wait_weeks[b] = (w.wait_weeks[b] + 1) * (after / (before + 1))
        attempts = before * each
        at["attempts"][b] = attempts
        at["stopped"][b] = attempts * stop
        at["turned"][b] = attempts * (1 - stop) * find * turn
        at["unassessed"][b] = attempts * (1 - stop) * find * unassessed
        at["shut"][b] = before * tries * shut
        at["people"] += after
    for o in range(ORIGINS):
        w.through[o] += at["left"][o]
        seen = at["left"][o] / (at["tried"][o] + 1)
        learns = p["success_learning"] * (at["tried"][o] / (at["tried"][o] + 20))
        w.belief[o] += learns * (seen - w.belief[o])
    return at


def asylum(
    w: _World,
    p: dict[str, Float],
    lever: dict[str, Float],
    at: dict[str, Float],
    normal: Float,
    uniform: Float,
) -> tuple[Float, Float]:
    """Take in who was registered, decide, and return people counted elsewhere and the load of reception."""
    capacity = p["decisions"] * (1 + lever["reception"])
    waiting = (w.waiting + at["by_origin"]).sum(axis=0)
    decided_share = np.minimum(np.float32(1), capacity / (waiting + 1))
    back_share = np.minimum(
        np.float32(1), p["rejected_return"] * (1 + np.float32(0.5) * lever["return_programme"])
    )
    moved = at["undetected"]
    for o in range(ORIGINS):
        people = w.waiting[o] + at["by_origin"][o]
        decided = whole(people * decided_share, uniform, _FLOWS["decide"] + o, people)
        recognised = whole(
            decided * (p["claim_share"] * p["recognition_share"]), uniform, _FLOWS["recognise"] + o, decided
        )
        returned = whole(
            (decided - recognised) * back_share, uniform, _FLOWS["return"] + o, decided - recognised
        )
        people = people - decided
        onward = whole(people * p["onward_share"], uniform, _FLOWS["onward"] + o, people)
        people = people - onward
        relocated = whole(
            people * (np.float32(0.1) * lever["relocation"]), uniform, _FLOWS["relocate"] + o, people
        )
        w.waiting[o] = people - relocated
        w.gone["recognised"] += recognised
        w.gone["returned"] += returned
        w.gone["remaining"] += decided - recognised - returned
        w.gone["moved_on"] += onward
        w.gone["relocated"] += relocated
        moved = moved + onward
    w.moved_lag = w.moved_lag + np.float32(0.5) * (moved - w.moved_lag)
    found = w.moved_lag * p["onward_found"] * multiplier(normal[2], p["weekly_noise"] * np.float32(0.5))
    load = w.waiting.sum(axis=0) / (p["beds"] * (1 + lever["reception"]))
    return found, load


def count(
    w: _World, p: dict[str, Float], at: dict[str, Float], onward: Float, load: Float, normal: Float
) -> dict[str, Float]:
    """Return what border services would count, and set the indicators policies may react to.

    Detections are people found after crossing and registered: turned back, they are none. Prevented are events
    stopped at the line or turned back; attempts are prevented and detections together, as one service counts
    them. Stops and turn-backs are recorded in part.
    """
    recorded = np.minimum(
        np.float32(1), p["recorded_share"] * multiplier(normal[3], np.full(w.n, 0.05, np.float32))
    )
    prevented = (at["stopped"] + at["turned"]) * recorded
    attempts = prevented + at["registered"]
    w.indicators[1] = attempts.sum(axis=0)
    w.indicators[2] = at["people"]
    w.indicators[3] = np.float32(0.75) * w.indicators[3] + at["dead"]
    w.indicators[4] = load
    w.indicators[5] = w.salience
    return {"attempts": attempts, "prevented": prevented, "onward": onward}


def society(
    w: _World,
    p: dict[str, Float],
    lever: dict[str, Float],
    counted: dict[str, Float],
    at: dict[str, Float],
    onward: Float,
    load: Float,
) -> None:
    """Let attention, polarisation, trust and cohesion follow what is counted and said."""
    events = counted["attempts"].sum(axis=0) + onward
    unassessed = at["unassessed"].sum(axis=0)
    seen = unassessed / (unassessed + p["salience_scale"])
    w.scandal = w.scandal + np.float32(0.2) * (
        seen * (np.float32(0.5) + np.float32(0.5) * lever["media_access"]) - w.scandal
    )
    attention = np.minimum(
        np.float32(1), events / (events + p["salience_scale"]) + np.float32(0.2) * w.scandal
    )
    w.salience = p["salience_memory"] * w.salience + (1 - p["salience_memory"]) * attention
    heat = (
        p["polarisation_switch"]
        * p["polarisation_gain"]
        * w.salience
        * (1 - p["tone_effect"] * lever["tone"])
    )
    w.polarisation = (
        w.polarisation + heat * (1 - w.polarisation) - np.float32(0.01) * (w.polarisation - np.float32(0.2))
    )
    spared = 1 - p["dialogue_effect"] * lever["dialogue"]
    overload = np.minimum(np.float32(1), np.maximum(np.float32(0), load - 1))
    w.trust = np.maximum(
        np.float32(0),
        w.trust - p["trust_gain"] * overload * spared + np.float32(0.01) * (1 - w.trust),
    )
    pressure = np.minimum(np.float32(1), onward / (onward + p["salience_scale"]) + np.float32(0.5) * overload)
    strain = p["cohesion_strain"] * pressure * spared * (1 - np.float32(0.5) * lever["relocation"])
    w.cohesion = np.maximum(np.float32(0), w.cohesion - strain + p["cohesion_recovery"] * (1 - w.cohesion))
    w.leverage = w.leverage + np.float32(0.05) * (lever["negotiated_deal"] - w.leverage)


def adapt(
    w: _World,
    p: dict[str, Float],
    lever: dict[str, Float],
    week: int,
    effort: Float,
    carried: Float,
    at: dict[str, Float],
) -> None:
    """Let the coercer's effort follow its gain less its cost, as far as it adapts at all.

    Classes of strategy only: there is no place, carrier or date, and nothing looks for the best one.
    """
    proxies = p["strategy"] == 4
    noticed = np.where(proxies, np.float32(0.7), np.float32(1)) * (
        1 - np.float32(0.3) * lever["media_access"]
    )
    gain = (
        p["fee_gain"] * (carried / (p["seats"] + 1))
        + p["unity_gain"] * (1 - w.cohesion)
        + p["attention_gain"] * w.salience * noticed
        + p["rights_gain"] * w.scandal
        + p["deal_gain"] * lever["negotiated_deal"]
    )
    stuck = at["people"] + w.staging.sum(axis=0)
    cost = (
        p["sanction_cost"] * lever["sanctions"] * np.where(proxies, np.float32(0.4), np.float32(1))
        + p["partner_cost"] * (lever["hub_closure"].sum(axis=0) * np.float32(1 / HUBS))
        + p["stranded_cost"] * (stuck / (stuck + 10000))
    )
    net = gain + p["resolve"] - cost
    learned = np.minimum(np.float32(1), np.maximum(np.float32(-1), net))
    best = np.where(net > 0, np.float32(1), np.float32(-1))
    direction = np.where(p["adaptation"] == 0, np.float32(1), np.where(p["adaptation"] == 1, learned, best))
    begun = np.where(np.float32(week) >= p["onset_week"], np.float32(1), np.float32(0))
    w.effort = np.minimum(
        p["effort_limit"], np.maximum(np.float32(0), w.effort + begun * p["effort_growth"] * direction)
    )
    rests = (p["strategy"] == 3) & (net < 0) & (w.rest == 0) & (begun > 0)
    w.rest = np.where(rests, np.float32(16), np.maximum(np.float32(0), w.rest - 1))
    w.outcomes[_OUT["coercer_gain"]] += np.where(effort > 0, gain, np.float32(0))


def account(
    w: _World,
    p: dict[str, Float],
    lever: dict[str, Float],
    counted: dict[str, Float],
    at: dict[str, Float],
    onward: Float,
    load: Float,
    effort: Float,
) -> None:
    """Add this week to the outcomes."""
    out = w.outcomes
    unassessed = at["unassessed"].sum(axis=0)
    shut = at["shut"].sum(axis=0)
    out[_OUT["attempts"]] += at["attempts"].sum(axis=0)
    out[_OUT["entries"]] += at["left"].sum(axis=0)
    out[_OUT["onward_detections"]] += onward
    out[_OUT["deaths"]] += at["dead"]
    out[_OUT["injuries"]] += at["dead"] * p["injury_ratio"]
    out[_OUT["stranded_weeks"]] += at["people"]
    out[_OUT["turned_back_unassessed"]] += unassessed
    out[_OUT["unmet_claims"]] += (unassessed + shut) * p["claim_share"]
    out[_OUT["legal_exposure"]] += (unassessed + np.float32(0.5) * shut) * np.float32(1e-3) + np.float32(
        0.1
    ) * lever["emergency_law"]
    out[_OUT["reception_overload"]] += np.where(load > 1, np.float32(1), np.float32(0))
    out[_OUT["cohesion"]] = np.minimum(out[_OUT["cohesion"]], w.cohesion)
    out[_OUT["episode_weeks"]] += np.where(effort > np.float32(0.05), np.float32(1), np.float32(0))
    out[_OUT["future_leverage"]] += w.leverage
    spent = np.zeros(w.n, np.float32)
    for row, unit in enumerate(UNIT_COSTS):
        spent = spent + unit * w.levers[row]
    spent = spent + np.float32(RECEPTION_COST) * w.waiting.sum(axis=0)
    out[_OUT["cost"]] += spent * p["cost_factor"]


RECEPTION_COST = 0.00025
"""Million euro for a person waiting, a week: about 13,000 euro a year. An assumption."""
UNIT_COSTS = np.array(
    [
        LEVERS[name].cost_million_per_year / 52
        for name in LEVERS
        for _ in range({"all": 1, "hubs": HUBS, "borders": BORDERS}[LEVERS[name].scope])
    ],
    np.float32,
)
"""Million euro a week at full level, by row of levers."""
