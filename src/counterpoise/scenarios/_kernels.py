"""The model of ``model.py``, compiled: 64 scenarios advance together in cache, and every policy meets them in turn.

Axes: rows are parameters, levers, states or outcomes; the last axis is the lane, one of ``LANES`` scenarios. Sums
and products stand in the order of the plain model, and nothing is reordered or fused, so that the numbers are the
same to the last bit. No parallel loop here: blocks of lanes are spread over threads by the caller, so a number
cannot depend on how many there are. Division follows NumPy (``error_model``): a test for zero before each would keep
the loops from being computed several lanes at a time.
"""

import numpy as np
from numba import carray, njit  # type: ignore[attr-defined]

from counterpoise.scenarios._layout import LANES, N_PEOPLE, N_STATES, N_WORK, STARTS
from counterpoise.scenarios.model import _FLOWS as FLOWS
from counterpoise.scenarios.model import GONE, RECEPTION_COST, UNIT_COSTS, rotation
from counterpoise.scenarios.noise import N_NORMALS, NORMAL_SCALE, NORMAL_SHIFT, SLOTS
from counterpoise.scenarios.parameters import (
    BORDERS,
    HUBS,
    INDICATORS,
    LEVER_ROWS,
    N_LEVER_ROWS,
    ORIGINS,
    OUTCOMES,
    PARAMETERS,
    SERIES,
)

__all__ = ["simulate_block"]

N_PARAMETERS, N_OUT, N_SERIES, N_GONE = len(PARAMETERS), len(OUTCOMES), len(SERIES), len(GONE)
N_INDICATORS = len(INDICATORS)
_f = np.float32
ZERO, HALF, ONE, TWO, FOUR = _f(0), _f(0.5), _f(1), _f(2), _f(4)
QUARTER, THREE_QUARTERS, FIFTH, TENTH, TWENTIETH = _f(0.25), _f(0.75), _f(0.2), _f(0.1), _f(0.05)
COLD_BASE, COLD_SPAN, PER_1000, PER_12, PER_HUB = _f(0.15), _f(0.85), _f(0.001), _f(1 / 12), _f(1 / HUBS)
TINY, SMALL, EASE_FLOOR, PRICE_SPEED, RELAX = _f(1e-6), _f(1e-3), _f(0.02), _f(0.3), _f(0.01)
TWENTY, EIGHT, SIXTEEN, MANY, SEVEN_TENTHS, FOUR_TENTHS, EIGHT_TENTHS = (
    _f(20), _f(8), _f(16), _f(10000), _f(0.7), _f(0.4), _f(0.8),
)  # fmt: skip
WORD_SCALE, UNIFORM_SCALE = _f(2.0**-16), _f(2.0**-24)
RECEPTION = _f(RECEPTION_COST)
ROTATIONS = np.array([rotation(flow) for flow in range(12 * len(FLOWS))], np.float32)
N_ROTATIONS = len(ROTATIONS)
(R_DEPART, R_PATHWAY, R_MOVE, R_LEAVE, R_DEAD, R_HOME, R_REGISTER, R_DECIDE, R_RECOGNISE, R_RETURN, R_ONWARD,
 R_RELOCATE) = FLOWS.values()  # fmt: skip
(POTENTIAL, ORIGIN_1, _2, _3, _4, WILLINGNESS, ELASTICITY, DIFFUSION, INITIAL_SUCCESS, LEARNING, RUMOUR, INFO_EFFECT,
 INFO_DECAY, SUBSTITUTION, INCENTIVE, SEATS, HUB_1, _h2, _h3, REROUTE, COMPLIANCE, ONSET, LIMIT, GROWTH, STRATEGY,
 ADAPTATION, PULSE, RESOLVE, G_FEE, G_UNITY, G_ATTENTION, G_RIGHTS, G_DEAL, HONOUR, C_SANCTION, C_PARTNER, C_STRANDED,
 BORDER_1, _b2, _b3, SWITCHING, STAGING_SHARE, TRIES, DAMPING, PREVENTION, FENCE_EFFECT, TROOPS_EFFECT, INTERCEPTION,
 TROOPS_FIND, REACH, CROSSING, RECORDED, DEATH_RATE, INJURY, AID_EFFECT, AID_BASE, HOME, PROGRAMME_EFFECT, CLAIM,
 RECOGNITION, DECISIONS, BEDS, REJECTED, ONWARD, ONWARD_FOUND, MEMORY, SCALE, P_SWITCH, P_GAIN, TRUST_GAIN, STRAIN,
 RECOVERY, TONE_EFFECT, DIALOGUE_EFFECT, NOISE, COST_FACTOR) = range(len(PARAMETERS))  # fmt: skip
(CLOSURE, INCENTIVES, INFORMATION, PATHWAYS, DEAL, TONE, AID, MEDIA, DIALOGUE, SANCTIONS, EMERGENCY, PROGRAMME,
 RELOCATION, RECEPTION_LEVER, FENCE, TROOPS, SHUT, TURN_BACK, PROCEDURE) = LEVER_ROWS.values()  # fmt: skip
(O_ATTEMPTS, O_ENTRIES, O_ONWARD, O_DEATHS, O_INJURIES, O_STRANDED, O_UNASSESSED, O_LEGAL, O_UNMET, O_OVERLOAD,
 O_POLARISATION, O_TRUST, O_COHESION, O_GAIN, O_WEEKS, O_LEVERAGE, O_COST, O_PATHWAY) = range(N_OUT)  # fmt: skip
(G_PATHWAY, G_DEAD, G_HOME, G_RECOGNISED, G_RETURNED, G_REMAINING, G_RELOCATED, G_MOVED) = range(N_GONE)
S_PREVENTED, S_DETECTIONS, S_DEPARTURES = BORDERS, 2 * BORDERS, 3 * BORDERS
S_ONWARD = 3 * BORDERS + ORIGINS
# rows of the single-row states
(EFFORT, REST, INFO, PRICE, LAG, SALIENCE, POLARISATION, TRUST, COHESION, SCANDAL, LEVERAGE, EFFECTIVE, CARRIED,
 COMMON, PATHWAY_RATE, SERVED, RATE, HAZARD, GO_HOME, UNDETECTED, DEAD, STUCK, DECIDED, BACK, MOVED, FOUND, LOAD,
 ATTEMPTS, UNASSESSED, CLOSED, BEFORE, AFTER, EACH, LEAVING, REGISTERED, RECORDED_NOW, DEADLY, ALL_TRIED,
 ALL_LEFT, WAITING_SUM, COUNTED, _end) = range(N_STATES + 1)  # fmt: skip


(AT_PAR, AT_HUB_WEIGHT, AT_BORDER_WEIGHT, AT_FIRST_POOL, AT_POOL, AT_STAGING, AT_WAITING, AT_THROUGH,
 AT_BELIEF, AT_WANTED, AT_DEPARTED, AT_ARRIVING, AT_BY_ORIGIN, AT_LEFT_BY, AT_TRIED_BY, AT_AT_BORDER,
 AT_HUB_SHARE, AT_BORDER_SHARE, AT_EASE, AT_WAIT_WEEKS, AT_STOPPED, AT_TURNED, AT_REGISTERED,
 AT_COUNTED, AT_UNASSESSED, AT_SHUT_OUT, AT_TRIED, AT_X, AT_GONE, AT_OUT, AT_LEVER, AT_LATCH,
 AT_IND) = STARTS  # fmt: skip


@njit(error_model="numpy")
def _mix(word):  # type: ignore[no-untyped-def]
    word = np.uint32((word ^ (word >> np.uint32(16))) * np.uint32(0x7FEB352D))
    word = np.uint32((word ^ (word >> np.uint32(15))) * np.uint32(0x846CA68B))
    return np.uint32(word ^ (word >> np.uint32(16)))


@njit(error_model="numpy")
def _fill_noise(keys, noise):  # type: ignore[no-untyped-def]
    """Fill the noise of one block, bell-shaped numbers and then the uniform one; the same as ``noise.noise_of``."""
    step = np.uint32(0x9E3779B9)
    for week in range(noise.shape[0]):
        for j in range(N_NORMALS):
            at = np.uint32(np.uint32(week * SLOTS + 2 * j) * step)
            after = np.uint32(np.uint32(week * SLOTS + 2 * j + 1) * step)
            for i in range(LANES):
                one = _mix(np.uint32(_mix(np.uint32(at + keys[0, i])) ^ keys[1, i]))
                two = _mix(np.uint32(_mix(np.uint32(after + keys[0, i])) ^ keys[1, i]))
                low = (one & np.uint32(0xFFFF)) + (one >> np.uint32(16))
                high = (two & np.uint32(0xFFFF)) + (two >> np.uint32(16))
                noise[week, j, i] = (_f(np.int32(low + high)) * WORD_SCALE - NORMAL_SHIFT) * NORMAL_SCALE
        last = np.uint32(np.uint32(week * SLOTS + SLOTS - 1) * step)
        for i in range(LANES):
            word = _mix(np.uint32(_mix(np.uint32(last + keys[0, i])) ^ keys[1, i]))
            noise[week, N_NORMALS, i] = _f(np.int32(word >> np.uint32(8))) * UNIFORM_SCALE


@njit(error_model="numpy")
def _multiplier(normal, spread):  # type: ignore[no-untyped-def]
    half = ONE + spread * normal * QUARTER
    square = half * half
    return square * square


@njit(error_model="numpy")
def _whole(amount, uniform, turn, most):  # type: ignore[no-untyped-def]
    turned = uniform + turn
    turned = turned - np.floor(turned)
    return min(most, np.floor(amount + turned))


@njit(error_model="numpy")
def simulate_block(  # type: ignore[no-untyped-def]  # noqa: PLR0912, PLR0915 (one function, so that sizes are known)
    work_at,
    noise_at,
    levers_at,
    cold_at,
    keys_at,
    outcomes_at,
    series_at,
    people_at,
    n_policies,
    n_weeks,
    keep,
):
    """Simulate one block of ``LANES`` scenarios under every policy.

    Every argument but the last three is the address of an array in row order, so that the machine code knows nothing
    of Python, and can be kept (see ``native``).

    Parameters
    ----------
    work_at
        Float32, shape ``(N_WORK, LANES)``: the parameters in its first rows; the other rows are written over.
    noise_at
        Float32, shape ``(n_weeks * (N_NORMALS + 1), LANES)``: written over.
    levers_at
        Float32, shape ``(7, n_policies, N_LEVER_ROWS)``: level, start, end, step, indicator, threshold, until, as in
        ``LeverRows``.
    cold_at
        Float32, shape ``(n_weeks,)``.
    keys_at
        Uint32, shape ``(2, LANES)``: the two keys of the noise.
    outcomes_at
        Float32, filled; shape ``(n_policies, N_OUT, LANES)``.
    series_at
        Float32, filled if ``keep`` is not 0; shape ``(n_policies, n_weeks, N_SERIES, LANES)``.
    people_at
        Float32, filled; shape ``(n_policies, N_PEOPLE, LANES)``: people by pool at the end.
    """
    work = carray(work_at, (N_WORK, LANES), np.float32)
    noise = carray(noise_at, (n_weeks, N_NORMALS + 1, LANES), np.float32)
    levers = carray(levers_at, (7, n_policies, N_LEVER_ROWS), np.float32)
    level, begin, end, step = levers[0], levers[1], levers[2], levers[3]
    indicator, threshold, until = levers[4], levers[5], levers[6]
    cold = carray(cold_at, n_weeks, np.float32)
    keys = carray(keys_at, (2, LANES), np.uint32)
    outcomes = carray(outcomes_at, (n_policies, N_OUT, LANES), np.float32)
    series = carray(series_at, (n_policies, n_weeks, N_SERIES, LANES), np.float32)
    people = carray(people_at, (n_policies, N_PEOPLE, LANES), np.float32)
    _fill_noise(keys, noise)

    par = work[AT_PAR : AT_PAR + N_PARAMETERS]
    hub_weight = work[AT_HUB_WEIGHT : AT_HUB_WEIGHT + HUBS]
    border_weight = work[AT_BORDER_WEIGHT : AT_BORDER_WEIGHT + BORDERS]
    first_pool = work[AT_FIRST_POOL : AT_FIRST_POOL + ORIGINS]
    pool = work[AT_POOL : AT_POOL + ORIGINS]
    staging = work[AT_STAGING : AT_STAGING + ORIGINS]
    waiting = work[AT_WAITING : AT_WAITING + ORIGINS]
    through = work[AT_THROUGH : AT_THROUGH + ORIGINS]
    belief = work[AT_BELIEF : AT_BELIEF + ORIGINS]
    wanted = work[AT_WANTED : AT_WANTED + ORIGINS]
    departed = work[AT_DEPARTED : AT_DEPARTED + ORIGINS]
    arriving = work[AT_ARRIVING : AT_ARRIVING + ORIGINS]
    by_origin = work[AT_BY_ORIGIN : AT_BY_ORIGIN + ORIGINS]
    left_by = work[AT_LEFT_BY : AT_LEFT_BY + ORIGINS]
    tried_by = work[AT_TRIED_BY : AT_TRIED_BY + ORIGINS]
    at_border = work[AT_AT_BORDER : AT_AT_BORDER + BORDERS * ORIGINS]
    hub_share = work[AT_HUB_SHARE : AT_HUB_SHARE + HUBS]
    border_share = work[AT_BORDER_SHARE : AT_BORDER_SHARE + BORDERS]
    ease = work[AT_EASE : AT_EASE + BORDERS]
    wait_weeks = work[AT_WAIT_WEEKS : AT_WAIT_WEEKS + BORDERS]
    stopped = work[AT_STOPPED : AT_STOPPED + BORDERS]
    turned = work[AT_TURNED : AT_TURNED + BORDERS]
    registered = work[AT_REGISTERED : AT_REGISTERED + BORDERS]
    counted = work[AT_COUNTED : AT_COUNTED + BORDERS]
    unassessed = work[AT_UNASSESSED : AT_UNASSESSED + BORDERS]
    shut_out = work[AT_SHUT_OUT : AT_SHUT_OUT + BORDERS]
    tried = work[AT_TRIED : AT_TRIED + BORDERS]
    x = work[AT_X : AT_X + N_STATES]
    gone = work[AT_GONE : AT_GONE + N_GONE]
    out = work[AT_OUT : AT_OUT + N_OUT]
    lever = work[AT_LEVER : AT_LEVER + N_LEVER_ROWS]
    latch = work[AT_LATCH : AT_LATCH + N_LEVER_ROWS]
    ind = work[AT_IND : AT_IND + N_INDICATORS]

    for i in range(LANES):
        all_hubs = par[HUB_1, i] + par[HUB_1 + 1, i] + par[HUB_1 + 2, i]
        all_borders = par[BORDER_1, i] + par[BORDER_1 + 1, i] + par[BORDER_1 + 2, i]
        all_origins = par[ORIGIN_1, i] + par[ORIGIN_1 + 1, i] + par[ORIGIN_1 + 2, i] + par[ORIGIN_1 + 3, i]
        for h in range(HUBS):
            hub_weight[h, i] = par[HUB_1 + h, i] / all_hubs
        for b in range(BORDERS):
            border_weight[b, i] = par[BORDER_1 + b, i] / all_borders
        for o in range(ORIGINS):
            first_pool[o, i] = np.floor(par[POTENTIAL, i] * par[ORIGIN_1 + o, i] / all_origins)

    for policy in range(n_policies):
        # start
        staging[:] = ZERO
        waiting[:] = ZERO
        through[:] = ZERO
        at_border[:] = ZERO
        wait_weeks[:] = ZERO
        x[:] = ZERO
        gone[:] = ZERO
        out[:] = ZERO
        lever[:] = ZERO
        latch[:] = ZERO
        ind[:] = ZERO
        for i in range(LANES):
            for o in range(ORIGINS):
                pool[o, i] = first_pool[o, i]
                belief[o, i] = par[INITIAL_SUCCESS, i]
            for h in range(HUBS):
                hub_share[h, i] = hub_weight[h, i]
            for b in range(BORDERS):
                border_share[b, i] = border_weight[b, i]
                ease[b, i] = PRICE_SPEED
            x[PRICE, i] = ONE
            x[TRUST, i] = ONE
            x[COHESION, i] = ONE
            x[POLARISATION, i] = FIFTH
            out[O_COHESION, i] = ONE
            ind[0, i] = ONE

        for week in range(n_weeks):
            now = _f(week)
            frost = cold[week]

            # set_levers
            for row in range(N_LEVER_ROWS):
                aim = level[policy, row]
                if aim == ZERO:
                    continue
                on = ONE if begin[policy, row] <= now < end[policy, row] else ZERO
                aim = aim * on
                most = step[policy, row]
                over, under, source = threshold[policy, row], until[policy, row], int(indicator[policy, row])
                for i in range(LANES):
                    value = ind[source, i]
                    begun = ONE if value >= over else latch[row, i]
                    held = ZERO if value < under else begun
                    latch[row, i] = held
                    gap = aim * held - lever[row, i]
                    lever[row, i] = lever[row, i] + min(most, max(-most, gap))

            # effort_of, and what is common to all origins in travel
            for i in range(LANES):
                since = now - par[ONSET, i]
                pulses = since / (TWO * par[PULSE, i])
                resting = (pulses - np.floor(pulses) >= HALF) & (par[STRATEGY, i] == ONE)
                halted = (x[REST, i] > EIGHT) & (par[STRATEGY, i] == _f(3))
                active = ZERO if (since < ZERO) | resting | halted else ONE
                x[EFFECTIVE, i] = x[EFFORT, i] * active * (ONE - par[HONOUR, i] * lever[DEAL, i])
            for i in range(LANES):
                x[INFO, i] = x[INFO, i] * (ONE - par[INFO_DECAY, i]) + lever[INFORMATION, i]
                told = ONE - par[INFO_EFFECT, i] * (x[INFO, i] / (ONE + x[INFO, i]))
                stays = (ONE - par[SUBSTITUTION, i] * lever[PATHWAYS, i]) * (
                    ONE - par[INCENTIVE, i] * lever[INCENTIVES, i]
                )
                chance = _multiplier(noise[week, 0, i], par[NOISE, i])
                dear = ONE + par[ELASTICITY, i] * max(x[PRICE, i] - ONE, ZERO)
                x[COMMON, i] = par[WILLINGNESS, i] * told * stays * chance / dear
                x[PATHWAY_RATE, i] = par[WILLINGNESS, i] * par[SUBSTITUTION, i] * lever[PATHWAYS, i]
            for o in range(ORIGINS):
                for i in range(LANES):
                    believed = belief[o, i] + (ONE - belief[o, i]) * par[RUMOUR, i] * x[EFFECTIVE, i]
                    network = ONE + par[DIFFUSION, i] * (through[o, i] / (pool[o, i] + through[o, i] + ONE))
                    wanted[o, i] = min(pool[o, i], pool[o, i] * x[COMMON, i] * believed * network)
            # hubs
            for i in range(LANES):
                demand = wanted[0, i] + wanted[1, i] + wanted[2, i] + wanted[3, i]
                hidden = SEVEN_TENTHS if par[STRATEGY, i] == FOUR else ONE
                effort = x[EFFECTIVE, i]
                seats_1 = (
                    par[SEATS, i]
                    * hub_weight[0, i]
                    * effort
                    * hidden
                    * (ONE - par[COMPLIANCE, i] * lever[CLOSURE, i])
                )
                seats_2 = (
                    par[SEATS, i]
                    * hub_weight[1, i]
                    * effort
                    * hidden
                    * (ONE - par[COMPLIANCE, i] * lever[CLOSURE + 1, i])
                )
                seats_3 = (
                    par[SEATS, i]
                    * hub_weight[2, i]
                    * effort
                    * hidden
                    * (ONE - par[COMPLIANCE, i] * lever[CLOSURE + 2, i])
                )
                total = seats_1 + seats_2 + seats_3
                open_ = total > HALF
                slow = par[REROUTE, i]
                whole_ = total + SMALL
                gap_1 = seats_1 / whole_ - hub_share[0, i]
                gap_2 = seats_2 / whole_ - hub_share[1, i]
                gap_3 = seats_3 / whole_ - hub_share[2, i]
                hub_share[0, i] = hub_share[0, i] + (gap_1 if open_ else ZERO) / slow
                hub_share[1, i] = hub_share[1, i] + (gap_2 if open_ else ZERO) / slow
                hub_share[2, i] = hub_share[2, i] + (gap_3 if open_ else ZERO) / slow
                carried = min(demand * hub_share[0, i], seats_1)
                carried = carried + min(demand * hub_share[1, i], seats_2)
                carried = carried + min(demand * hub_share[2, i], seats_3)
                scarce = min(FOUR, max(HALF, demand / (carried + ONE)))
                x[PRICE, i] = x[PRICE, i] + PRICE_SPEED * (scarce - x[PRICE, i])
                x[CARRIED, i] = carried
                x[SERVED, i] = carried / (demand + SMALL)
            for o in range(ORIGINS):
                turn, turn_2 = ROTATIONS[R_DEPART + o], ROTATIONS[R_PATHWAY + o]
                for i in range(LANES):
                    gone_now = _whole(
                        wanted[o, i] * x[SERVED, i], noise[week, N_NORMALS, i], turn, pool[o, i]
                    )
                    rest_pool = pool[o, i] - gone_now
                    departed[o, i] = gone_now
                    staging[o, i] = staging[o, i] + gone_now
                    legal = _whole(
                        rest_pool * x[PATHWAY_RATE, i], noise[week, N_NORMALS, i], turn_2, rest_pool
                    )
                    pool[o, i] = rest_pool - legal
                    gone[G_PATHWAY, i] = gone[G_PATHWAY, i] + legal
                    out[O_PATHWAY, i] = out[O_PATHWAY, i] + legal

            # borders: shares, rates common to all borders
            for i in range(LANES):
                pull_1 = border_weight[0, i] * (ease[0, i] + EASE_FLOOR)
                pull_2 = border_weight[1, i] * (ease[1, i] + EASE_FLOOR)
                pull_3 = border_weight[2, i] * (ease[2, i] + EASE_FLOOR)
                speed = par[SWITCHING, i] * (ONE if par[STRATEGY, i] == TWO else QUARTER)
                all_pull = pull_1 + pull_2 + pull_3 + TINY
                border_share[0, i] = border_share[0, i] + speed * (pull_1 / all_pull - border_share[0, i])
                border_share[1, i] = border_share[1, i] + speed * (pull_2 / all_pull - border_share[1, i])
                border_share[2, i] = border_share[2, i] + speed * (pull_3 / all_pull - border_share[2, i])
            for i in range(LANES):
                chance = _multiplier(noise[week, 1, i], par[NOISE, i])
                x[RATE, i] = par[TRIES, i] * chance * (ONE - par[DAMPING, i] * frost)
                helped = par[AID_BASE, i] * (ONE - EIGHT_TENTHS * lever[EMERGENCY, i])
                helped = helped + (ONE - helped) * lever[AID, i]
                hazard = par[DEATH_RATE, i] * PER_1000 * (COLD_BASE + COLD_SPAN * frost)
                x[HAZARD, i] = hazard * (ONE - par[AID_EFFECT, i] * helped)
                x[GO_HOME, i] = par[HOME, i] + par[PROGRAMME_EFFECT, i] * lever[PROGRAMME, i]
                x[UNDETECTED, i] = ZERO
                x[DEAD, i] = ZERO
                x[STUCK, i] = ZERO
            for o in range(ORIGINS):
                for i in range(LANES):
                    arriving[o, i] = staging[o, i] * par[STAGING_SHARE, i]
                    by_origin[o, i] = ZERO
                    left_by[o, i] = ZERO
                    tried_by[o, i] = ZERO
            for b in range(BORDERS):
                for i in range(LANES):
                    shut = par[CROSSING, i] * lever[SHUT + b, i]
                    tries = x[RATE, i] * (ONE - shut)
                    stop = ONE - (ONE - par[PREVENTION, i]) * (
                        ONE - par[FENCE_EFFECT, i] * lever[FENCE + b, i]
                    ) * (ONE - par[TROOPS_EFFECT, i] * lever[TROOPS + b, i])
                    stop = stop * (ONE - par[CROSSING, i])
                    find = par[INTERCEPTION, i] + (ONE - par[INTERCEPTION, i]) * (
                        par[TROOPS_FIND, i] * lever[TROOPS + b, i]
                    )
                    find = find + (ONE - find) * par[CROSSING, i]
                    not_assessed = lever[TURN_BACK + b, i] * par[REACH, i]
                    assessed = (ONE - not_assessed) * lever[PROCEDURE + b, i] * (ONE - par[CLAIM, i])
                    turn_share = not_assessed + assessed
                    onwards = (ONE - stop) * (ONE - find * turn_share)
                    z = tries * onwards
                    x[EACH, i] = tries / (ONE + z)
                    x[LEAVING, i] = z / (ONE + z)
                    x[REGISTERED, i] = find * (ONE - turn_share) / (ONE - find * turn_share + TINY)
                    ease[b, i] = (ONE - shut) * onwards
                    # shares of attempts, multiplied below by their number
                    stopped[b, i] = stop
                    turned[b, i] = ONE - stop
                    counted[b, i] = find
                    tried[b, i] = turn_share
                    unassessed[b, i] = not_assessed
                    shut_out[b, i] = shut
                    registered[b, i] = ZERO
                    x[BEFORE, i] = ZERO
                    x[AFTER, i] = ZERO
                    x[DEADLY, i] = ONE + wait_weeks[b, i] * PER_12
                for o in range(ORIGINS):
                    k = ORIGINS * b + o
                    turn_m, turn_l, turn_d = (
                        ROTATIONS[R_MOVE + k],
                        ROTATIONS[R_LEAVE + k],
                        ROTATIONS[R_DEAD + k],
                    )
                    turn_h, turn_r = ROTATIONS[R_HOME + k], ROTATIONS[R_REGISTER + k]
                    for i in range(LANES):
                        u = noise[week, N_NORMALS, i]
                        came = _whole(arriving[o, i] * border_share[b, i], u, turn_m, staging[o, i])
                        staging[o, i] = staging[o, i] - came
                        here = at_border[k, i] + came
                        left = _whole(here * x[LEAVING, i], u, turn_l, here)
                        rest = here - left
                        dead = _whole(here * x[HAZARD, i] * x[DEADLY, i], u, turn_d, rest)
                        rest = rest - dead
                        home = _whole(here * x[GO_HOME, i], u, turn_h, rest)
                        rest = rest - home
                        entered = _whole(left * x[REGISTERED, i], u, turn_r, left)
                        at_border[k, i] = rest
                        gone[G_DEAD, i] = gone[G_DEAD, i] + dead
                        gone[G_HOME, i] = gone[G_HOME, i] + home
                        gone[G_MOVED, i] = gone[G_MOVED, i] + (left - entered)
                        by_origin[o, i] = by_origin[o, i] + entered
                        registered[b, i] = registered[b, i] + entered
                        x[UNDETECTED, i] = x[UNDETECTED, i] + (left - entered)
                        left_by[o, i] = left_by[o, i] + left
                        tried_by[o, i] = tried_by[o, i] + (left + dead + home + QUARTER * rest)
                        x[DEAD, i] = x[DEAD, i] + dead
                        x[BEFORE, i] = x[BEFORE, i] + here
                        x[AFTER, i] = x[AFTER, i] + rest
                for i in range(LANES):
                    before = x[BEFORE, i]
                    wait_weeks[b, i] = (wait_weeks[b, i] + ONE) * (x[AFTER, i] / (before + ONE))
                    attempts = before * x[EACH, i]
                    crossing, find, turn_share = turned[b, i], counted[b, i], tried[b, i]
                    turned[b, i] = attempts * crossing * find * turn_share
                    unassessed[b, i] = attempts * crossing * find * unassessed[b, i]
                    stopped[b, i] = attempts * stopped[b, i]
                    shut_out[b, i] = before * x[RATE, i] * shut_out[b, i]
                    tried[b, i] = attempts
                    x[STUCK, i] = x[STUCK, i] + x[AFTER, i]
            for o in range(ORIGINS):
                for i in range(LANES):
                    through[o, i] = through[o, i] + left_by[o, i]
                    seen = left_by[o, i] / (tried_by[o, i] + ONE)
                    learns = par[LEARNING, i] * (tried_by[o, i] / (tried_by[o, i] + TWENTY))
                    belief[o, i] = belief[o, i] + learns * (seen - belief[o, i])

            # asylum
            for i in range(LANES):
                capacity = par[DECISIONS, i] * (ONE + lever[RECEPTION_LEVER, i])
                queue = (waiting[0, i] + by_origin[0, i]) + (waiting[1, i] + by_origin[1, i])
                queue = queue + (waiting[2, i] + by_origin[2, i])
                queue = queue + (waiting[3, i] + by_origin[3, i])
                x[DECIDED, i] = min(ONE, capacity / (queue + ONE))
                x[BACK, i] = min(ONE, par[REJECTED, i] * (ONE + HALF * lever[PROGRAMME, i]))
                x[MOVED, i] = x[UNDETECTED, i]
            for o in range(ORIGINS):
                turn_d, turn_r, turn_b = (
                    ROTATIONS[R_DECIDE + o],
                    ROTATIONS[R_RECOGNISE + o],
                    ROTATIONS[R_RETURN + o],
                )
                turn_o, turn_l = ROTATIONS[R_ONWARD + o], ROTATIONS[R_RELOCATE + o]
                for i in range(LANES):
                    u = noise[week, N_NORMALS, i]
                    here = waiting[o, i] + by_origin[o, i]
                    decided = _whole(here * x[DECIDED, i], u, turn_d, here)
                    recognised = _whole(decided * (par[CLAIM, i] * par[RECOGNITION, i]), u, turn_r, decided)
                    refused = decided - recognised
                    returned = _whole(refused * x[BACK, i], u, turn_b, refused)
                    here = here - decided
                    onward = _whole(here * par[ONWARD, i], u, turn_o, here)
                    here = here - onward
                    relocated = _whole(here * (TENTH * lever[RELOCATION, i]), u, turn_l, here)
                    waiting[o, i] = here - relocated
                    gone[G_RECOGNISED, i] = gone[G_RECOGNISED, i] + recognised
                    gone[G_RETURNED, i] = gone[G_RETURNED, i] + returned
                    gone[G_REMAINING, i] = gone[G_REMAINING, i] + (refused - returned)
                    gone[G_MOVED, i] = gone[G_MOVED, i] + onward
                    gone[G_RELOCATED, i] = gone[G_RELOCATED, i] + relocated
                    x[MOVED, i] = x[MOVED, i] + onward
            for i in range(LANES):
                x[LAG, i] = x[LAG, i] + HALF * (x[MOVED, i] - x[LAG, i])
                x[FOUND, i] = (
                    x[LAG, i] * par[ONWARD_FOUND, i] * _multiplier(noise[week, 2, i], par[NOISE, i] * HALF)
                )
                x[WAITING_SUM, i] = waiting[0, i] + waiting[1, i] + waiting[2, i] + waiting[3, i]
                x[LOAD, i] = x[WAITING_SUM, i] / (par[BEDS, i] * (ONE + lever[RECEPTION_LEVER, i]))

            # count
            for i in range(LANES):
                x[RECORDED_NOW, i] = min(ONE, par[RECORDED, i] * _multiplier(noise[week, 3, i], TWENTIETH))
            for b in range(BORDERS):
                for i in range(LANES):
                    stopped[b, i] = (stopped[b, i] + turned[b, i]) * x[RECORDED_NOW, i]
                    counted[b, i] = stopped[b, i] + registered[b, i]
            for i in range(LANES):
                x[COUNTED, i] = counted[0, i] + counted[1, i] + counted[2, i]
                ind[1, i] = x[COUNTED, i]
                ind[2, i] = x[STUCK, i]
                ind[3, i] = THREE_QUARTERS * ind[3, i] + x[DEAD, i]
                ind[4, i] = x[LOAD, i]
                ind[5, i] = x[SALIENCE, i]

            # society
            for i in range(LANES):
                not_assessed = unassessed[0, i] + unassessed[1, i] + unassessed[2, i]
                x[UNASSESSED, i] = not_assessed
                x[CLOSED, i] = shut_out[0, i] + shut_out[1, i] + shut_out[2, i]
                x[ATTEMPTS, i] = tried[0, i] + tried[1, i] + tried[2, i]
                events = x[COUNTED, i] + x[FOUND, i]
                seen = not_assessed / (not_assessed + par[SCALE, i])
                x[SCANDAL, i] = x[SCANDAL, i] + FIFTH * (
                    seen * (HALF + HALF * lever[MEDIA, i]) - x[SCANDAL, i]
                )
                attention = min(ONE, events / (events + par[SCALE, i]) + FIFTH * x[SCANDAL, i])
                x[SALIENCE, i] = par[MEMORY, i] * x[SALIENCE, i] + (ONE - par[MEMORY, i]) * attention
            for i in range(LANES):
                heat = (
                    par[P_SWITCH, i]
                    * par[P_GAIN, i]
                    * x[SALIENCE, i]
                    * (ONE - par[TONE_EFFECT, i] * lever[TONE, i])
                )
                x[POLARISATION, i] = (
                    x[POLARISATION, i]
                    + heat * (ONE - x[POLARISATION, i])
                    - RELAX * (x[POLARISATION, i] - FIFTH)
                )
                spared = ONE - par[DIALOGUE_EFFECT, i] * lever[DIALOGUE, i]
                overload = min(ONE, max(ZERO, x[LOAD, i] - ONE))
                x[TRUST, i] = max(
                    ZERO, x[TRUST, i] - par[TRUST_GAIN, i] * overload * spared + RELAX * (ONE - x[TRUST, i])
                )
                pressure = min(ONE, x[FOUND, i] / (x[FOUND, i] + par[SCALE, i]) + HALF * overload)
                strain = par[STRAIN, i] * pressure * spared * (ONE - HALF * lever[RELOCATION, i])
                x[COHESION, i] = max(
                    ZERO, x[COHESION, i] - strain + par[RECOVERY, i] * (ONE - x[COHESION, i])
                )
                x[LEVERAGE, i] = x[LEVERAGE, i] + TWENTIETH * (lever[DEAL, i] - x[LEVERAGE, i])

            # adapt
            for i in range(LANES):
                proxies = par[STRATEGY, i] == FOUR
                noticed = (SEVEN_TENTHS if proxies else ONE) * (ONE - PRICE_SPEED * lever[MEDIA, i])
                gain = (
                    par[G_FEE, i] * (x[CARRIED, i] / (par[SEATS, i] + ONE))
                    + par[G_UNITY, i] * (ONE - x[COHESION, i])
                    + par[G_ATTENTION, i] * x[SALIENCE, i] * noticed
                    + par[G_RIGHTS, i] * x[SCANDAL, i]
                    + par[G_DEAL, i] * lever[DEAL, i]
                )
                stuck = x[STUCK, i] + (staging[0, i] + staging[1, i] + staging[2, i] + staging[3, i])
                closed = lever[CLOSURE, i] + lever[CLOSURE + 1, i] + lever[CLOSURE + 2, i]
                cost = (
                    par[C_SANCTION, i] * lever[SANCTIONS, i] * (FOUR_TENTHS if proxies else ONE)
                    + par[C_PARTNER, i] * (closed * PER_HUB)
                    + par[C_STRANDED, i] * (stuck / (stuck + MANY))
                )
                net = gain + par[RESOLVE, i] - cost
                learned = min(ONE, max(-ONE, net))
                best = ONE if net > ZERO else -ONE
                adapted = learned if par[ADAPTATION, i] == ONE else best
                direction = ONE if par[ADAPTATION, i] == ZERO else adapted
                begun = ONE if now >= par[ONSET, i] else ZERO
                x[EFFORT, i] = min(
                    par[LIMIT, i], max(ZERO, x[EFFORT, i] + begun * par[GROWTH, i] * direction)
                )
                rests = (par[STRATEGY, i] == _f(3)) & (net < ZERO) & (x[REST, i] == ZERO) & (begun > ZERO)
                x[REST, i] = SIXTEEN if rests else max(ZERO, x[REST, i] - ONE)
                out[O_GAIN, i] = out[O_GAIN, i] + (gain if x[EFFECTIVE, i] > ZERO else ZERO)

            # account
            for i in range(LANES):
                out[O_ATTEMPTS, i] = out[O_ATTEMPTS, i] + x[ATTEMPTS, i]
                out[O_ENTRIES, i] = out[O_ENTRIES, i] + (
                    left_by[0, i] + left_by[1, i] + left_by[2, i] + left_by[3, i]
                )
                out[O_ONWARD, i] = out[O_ONWARD, i] + x[FOUND, i]
                out[O_DEATHS, i] = out[O_DEATHS, i] + x[DEAD, i]
                out[O_INJURIES, i] = out[O_INJURIES, i] + x[DEAD, i] * par[INJURY, i]
                out[O_STRANDED, i] = out[O_STRANDED, i] + x[STUCK, i]
                out[O_UNASSESSED, i] = out[O_UNASSESSED, i] + x[UNASSESSED, i]
                out[O_UNMET, i] = out[O_UNMET, i] + (x[UNASSESSED, i] + x[CLOSED, i]) * par[CLAIM, i]
            for i in range(LANES):
                out[O_LEGAL, i] = out[O_LEGAL, i] + (
                    (x[UNASSESSED, i] + HALF * x[CLOSED, i]) * PER_1000 + TENTH * lever[EMERGENCY, i]
                )
                out[O_OVERLOAD, i] = out[O_OVERLOAD, i] + (ONE if x[LOAD, i] > ONE else ZERO)
                out[O_COHESION, i] = min(out[O_COHESION, i], x[COHESION, i])
                out[O_WEEKS, i] = out[O_WEEKS, i] + (ONE if x[EFFECTIVE, i] > TWENTIETH else ZERO)
                out[O_LEVERAGE, i] = out[O_LEVERAGE, i] + x[LEVERAGE, i]
                x[BEFORE, i] = ZERO
            for row in range(N_LEVER_ROWS):
                if level[policy, row] == ZERO:
                    continue
                unit = UNIT_COSTS[row]
                for i in range(LANES):
                    x[BEFORE, i] = x[BEFORE, i] + unit * lever[row, i]
            for i in range(LANES):
                spent = x[BEFORE, i] + RECEPTION * x[WAITING_SUM, i]
                out[O_COST, i] = out[O_COST, i] + spent * par[COST_FACTOR, i]

            if keep:
                kept = series[policy, week]
                for i in range(LANES):
                    for b in range(BORDERS):
                        kept[b, i] = counted[b, i]
                        kept[S_PREVENTED + b, i] = stopped[b, i]
                        kept[S_DETECTIONS + b, i] = registered[b, i]
                    for o in range(ORIGINS):
                        kept[S_DEPARTURES + o, i] = departed[o, i]
                    kept[S_ONWARD, i] = x[FOUND, i]
                    kept[S_ONWARD + 1, i] = x[STUCK, i]
                    kept[S_ONWARD + 2, i] = x[DEAD, i]
                    kept[S_ONWARD + 3, i] = x[EFFECTIVE, i]
                    kept[S_ONWARD + 4, i] = x[SALIENCE, i]
                    kept[S_ONWARD + 5, i] = x[WAITING_SUM, i]
                    kept[S_ONWARD + 6, i] = registered[0, i] + registered[1, i] + registered[2, i]

        for i in range(LANES):
            out[O_POLARISATION, i] = x[POLARISATION, i]
            out[O_TRUST, i] = x[TRUST, i]
        for row in range(N_OUT):
            for i in range(LANES):
                outcomes[policy, row, i] = out[row, i]
        for i in range(LANES):
            people[policy, 0, i] = pool[0, i] + pool[1, i] + pool[2, i] + pool[3, i]
            people[policy, 1, i] = staging[0, i] + staging[1, i] + staging[2, i] + staging[3, i]
            people[policy, 3, i] = x[WAITING_SUM, i]
            held = ZERO
            for k in range(BORDERS * ORIGINS):
                held = held + at_border[k, i]
            people[policy, 2, i] = held
            for k in range(N_GONE):
                people[policy, 4 + k, i] = gone[k, i]
