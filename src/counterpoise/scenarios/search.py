"""Many-objective search of adaptive policies: which mixes of admissible responses are not worse in everything.

NSGA-II (Deb et al. 2002, doi:10.1109/4235.996017) over levels, starts and triggers, on the 90th percentile of outcomes
over futures. The search is ours because it is short; rights are no objective: a mix that a screen holds back is never
simulated, let alone kept. The coercer's gain is only ever made smaller.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

from counterpoise.errors import AnalysisError
from counterpoise.scenarios.explore import draw_scenarios
from counterpoise.scenarios.options import ExploreOptions
from counterpoise.scenarios.parameters import LEVERS, OUTCOMES
from counterpoise.scenarios.policies import Policy, Response, Trigger, lever_rows
from counterpoise.scenarios.rights import is_admissible, newest_check, screen_policy
from counterpoise.scenarios.robustness import signs
from counterpoise.scenarios.run import run_experiments
from counterpoise.scenarios.worlds import World

__all__ = ["OBJECTIVES", "Found", "PolicyProblem", "minimise", "policies_text", "search_policies"]

Values = npt.NDArray[np.float64]

OBJECTIVES = ("deaths", "stranded_weeks", "attempts", "coercer_gain", "cohesion", "cost")
CIRCUMSTANCES = {"protection_heard": True, "remedy": True, "voluntary": True}
"""What a found policy states of itself, and whoever takes it up has to make true."""
POPULATION = 48
FUTURES = 256
_OFF = 0.2
"""A level below this is no response at all."""
_GENES = 3
"""Per lever: level, start, trigger."""
_TRIGGERS = (100.0, 5000.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Policies none of which is worse than another in everything.

    Parameters
    ----------
    policies
        Named ``found-01`` and so on.
    objectives
        90th percentile of each of ``OBJECTIVES`` over the futures of the search, shape ``(n, n_objectives)``.
    n_experiments
        Experiments made.
    """

    policies: tuple[Policy, ...]
    objectives: Values
    n_experiments: int


def search_policies(
    world: World,
    *,
    generations: int = 30,
    n: int = 12,
    as_of: date | None = None,
    options: ExploreOptions | None = None,
    seed: int = 0,
    progress: Callable[[int, int], None] | None = None,
) -> Found:
    """Return up to ``n`` policies that no other found is better than in every objective, spread over the trade-offs.

    Raises
    ------
    AnalysisError
        If rights leave no lever to search over.
    """
    problem = PolicyProblem(world, as_of=as_of, options=options, seed=seed)
    genes, values = minimise(
        problem.evaluate,
        problem.n_genes,
        population=POPULATION,
        generations=generations,
        rng=np.random.default_rng(seed),
        progress=progress,
    )
    front = np.flatnonzero((ranks(values) == 0) & np.isfinite(values).all(axis=1))
    front = front[np.unique(values[front], axis=0, return_index=True)[1]]
    front = front[survivors(values[front], min(n, len(front)))]
    policies = tuple(
        problem.policy_of(genes[k]).model_copy(update={"name": f"found-{i + 1:02d}"})
        for i, k in enumerate(front)
    )
    return Found(policies=policies, objectives=values[front], n_experiments=problem.n_experiments)


class PolicyProblem:
    """What is searched: genes from 0 to 1, three a lever, and the outcomes of the policy they stand for.

    Raises
    ------
    AnalysisError
        If rights leave no lever to search over.
    """

    def __init__(
        self, world: World, *, as_of: date | None = None, options: ExploreOptions | None = None, seed: int = 0
    ) -> None:
        self.world, self.seed, self.day = world, seed, as_of or newest_check()
        self.futures = draw_scenarios(world, FUTURES, options or ExploreOptions(runs=FUTURES), seed=seed)
        self.levers = [name for name in LEVERS if self._admissible(_policy([Response(lever=name)], "one"))]
        self.n_experiments = 0
        if not self.levers:
            raise AnalysisError(
                expected="levers that rights leave open",
                found="none",
                where="--search",
                hint="look at the screens of the policies one by one",
            )

    @property
    def n_genes(self) -> int:
        """How many genes a policy has."""
        return _GENES * len(self.levers)

    def policy_of(self, genes: Values) -> Policy:
        """Return the policy that genes stand for."""
        return _decode(genes, self.levers, self.world.weeks)

    def evaluate(self, genes: Values) -> Values:
        """Return the objectives of each row, less is better; infinite where a screen holds the policy back.

        Parameters
        ----------
        genes
            Shape ``(n, n_genes)``.

        Returns
        -------
        array
            Shape ``(n, len(OBJECTIVES))``.
        """
        policies = [self.policy_of(row) for row in genes]
        worst = np.full((len(genes), len(OBJECTIVES)), np.inf)
        kept = [k for k, policy in enumerate(policies) if self._admissible(policy)]
        if kept:
            rows = [lever_rows(policies[k]) for k in kept]
            done = run_experiments(self.futures, rows, self.world.cold, seed=self.seed).outcomes
            self.n_experiments += done.shape[0] * done.shape[2]
            names = list(OUTCOMES)
            tall = np.quantile(done * signs()[:, None], 0.9, axis=2)
            worst[kept] = tall[:, [names.index(name) for name in OBJECTIVES]]
        return worst

    def _admissible(self, policy: Policy) -> bool:
        return is_admissible(screen_policy(policy, self.world.target_states, as_of=self.day))


def minimise(
    evaluate: Callable[[Values], Values],
    n_genes: int,
    *,
    population: int,
    generations: int,
    rng: np.random.Generator,
    progress: Callable[[int, int], None] | None = None,
) -> tuple[Values, Values]:
    """Return the last population of NSGA-II, and its objectives; ``evaluate`` takes rows of genes from 0 to 1."""
    genes = rng.random((population, n_genes))
    values = evaluate(genes)
    for generation in range(generations):
        children = offspring(genes, values, rng)
        both, both_values = np.concatenate([genes, children]), np.concatenate([values, evaluate(children)])
        chosen = survivors(both_values, population)
        genes, values = both[chosen], both_values[chosen]
        if progress is not None:
            progress(generation + 1, generations)
    return genes, values


def policies_text(policies: Sequence[Policy]) -> str:
    """Return policies as a file people can read and edit."""
    lines = [
        "# Written by 'counterpoise explore'. Circumstances are statements: make them true.",
        "",
        "policies:",
    ]
    for policy in policies:
        stated = ", ".join(f"{name}: {str(value).lower()}" for name, value in policy.circumstances.items())
        lines += [f"  - name: {policy.name}", f"    title: {_quoted(policy.title)}"]
        if stated:
            lines.append(f"    circumstances: {{{stated}}}")
        lines.append("    levers:" if policy.levers else "    levers: []")
        for response in policy.levers:
            parts = [
                f"lever: {response.lever}",
                f"level: {response.level:g}",
                f"start: {response.start}",
                f"ramp: {response.ramp}",
            ]
            for name in ("end", "hubs", "borders"):
                value = getattr(response, name)
                if value is not None:
                    parts.append(f"{name}: {list(value) if isinstance(value, tuple) else value}")
            if response.trigger is not None:
                t = response.trigger
                parts.append(
                    f"trigger: {{indicator: {t.indicator}, at_least: {t.at_least:g}, until_below: {t.until_below:g}}}"
                )
            lines.append(f"      - {{{', '.join(parts)}}}")
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _policy(levers: list[Response], name: str) -> Policy:
    title = ", ".join(response.lever.replace("_", " ") for response in levers) or "Nothing"
    return Policy(name=name, title=title, levers=tuple(levers), circumstances=CIRCUMSTANCES)


def _decode(genes: Values, levers: list[str], weeks: int) -> Policy:
    """Return the policy that genes from 0 to 1 stand for; half of the trigger's range means none."""
    responses = []
    for k, lever in enumerate(levers):
        level, start, trigger = genes[_GENES * k : _GENES * (k + 1)]
        if level < _OFF:
            continue
        low, high = np.log(_TRIGGERS)
        at_least = float(f"{np.exp(low + (2 * trigger - 1) * (high - low)):.2g}")
        responses.append(
            Response(
                lever=lever,
                level=round(float((level - _OFF) / (1 - _OFF)) * 0.9 + 0.1, 1),
                start=4 + int(start * weeks / 3),
                ramp=6,
                trigger=Trigger(indicator="counted_attempts", at_least=at_least, until_below=at_least / 10)
                if trigger > 0.5
                else None,
            )
        )
    return _policy(responses, "candidate")


def ranks(values: Values) -> npt.NDArray[np.int64]:
    """Return the front each row belongs to; 0: no other row is nowhere worse and somewhere better."""
    no_worse = (values[:, None] <= values[None]).all(axis=2)
    better = (values[:, None] < values[None]).any(axis=2)
    dominates = no_worse & better
    rank = np.full(len(values), -1)
    left = np.ones(len(values), np.bool_)
    front = 0
    while left.any():
        here = left & ~(dominates & left[:, None]).any(axis=0)
        rank[here] = front
        left &= ~here
        front += 1
    return rank


def crowding(values: Values) -> Values:
    """Return how far the neighbours of each row lie, over all objectives; infinite at the ends of each."""
    n, m = values.shape
    distance = np.zeros(n)
    for k in range(m):
        order = np.argsort(values[:, k], kind="stable")
        span = values[order[-1], k] - values[order[0], k]
        distance[order[[0, -1]]] = np.inf
        if np.isfinite(span) and span > 0 and n > 2:
            distance[order[1:-1]] += (values[order[2:], k] - values[order[:-2], k]) / span
    return distance


def survivors(values: Values, n: int) -> npt.NDArray[np.int64]:
    """Return the rows that go on: front by front, and of the last front those with most room about them."""
    rank = ranks(values)
    chosen: list[int] = []
    for front in range(int(rank.max(initial=-1)) + 1):
        members = np.flatnonzero(rank == front)
        if len(chosen) + len(members) > n:
            members = members[np.argsort(-crowding(values[members]), kind="stable")][: n - len(chosen)]
        chosen += members.tolist()
        if len(chosen) >= n:
            break
    return np.array(chosen, dtype=np.int64)


def offspring(genes: Values, values: Values, rng: np.random.Generator) -> Values:
    """Return as many children: tournament, simulated binary crossover (eta 15), polynomial mutation (eta 20)."""
    n, d = genes.shape
    rank, room = ranks(values), crowding(values)
    one, two = rng.integers(0, n, (2, 2 * n))
    first = (rank[one] < rank[two]) | ((rank[one] == rank[two]) & (room[one] >= room[two]))
    parents = genes[np.where(first, one, two)]
    a, b = parents[:n], parents[n:]
    u = rng.random((n, d))
    beta = np.where(u < 0.5, (2 * u) ** (1 / 16), (1 / (2 - 2 * u)) ** (1 / 16))
    side = np.where(rng.random((n, d)) < 0.5, 1, -1)
    crossed = 0.5 * ((a + b) + side * beta * (a - b))
    children = np.where((rng.random((n, d)) < 0.5) & (rng.random((n, 1)) < 0.9), crossed, a)
    u = rng.random((n, d))
    step = np.where(u < 0.5, (2 * u) ** (1 / 21) - 1, 1 - (2 - 2 * u) ** (1 / 21))
    children = np.where(rng.random((n, d)) < 1 / d, children + step, children)
    return np.asarray(np.clip(children, 0, 1))
