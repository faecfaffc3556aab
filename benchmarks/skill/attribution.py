"""How good attribution is in synthetic worlds of families its tables have not seen.

Run: python benchmarks/skill/attribution.py [--workers 2]. Writes attribution_scores.csv (Brier and log score against
base rates and single indicators, ablation), attribution_abstention.csv (by cause), attribution_calibration.csv (deciles
with binomial bands), attribution_confusion.csv, attribution_indicators.csv (likelihood ratios of each class, told and
found) and attribution_planted.csv. Settings (tables, questions, priors) are frozen before; their hash is the first
column.
"""

import argparse
import hashlib
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from scipy.stats import binom

from counterpoise.attribution.combine import combine, undominated
from counterpoise.attribution.evidence import Item, of_families
from counterpoise.attribution.flips import one_deep
from counterpoise.attribution.hypotheses import load_facts
from counterpoise.attribution.indicators.catalogue import RULE_CHANGE, STATISTICS, speaks_to
from counterpoise.attribution.indicators.means import best_grades, fact_item, group_cap
from counterpoise.attribution.indicators.origin_push import ORIGIN_STATISTICS
from counterpoise.attribution.likelihoods import MISSING, N_CLASSES, load_likelihoods, statistical_answers
from counterpoise.attribution.worlds.families import make_families
from counterpoise.attribution.worlds.reports import Report, plant_reports, simulate_reports
from counterpoise.attribution.worlds.simulate import simulate_world
from counterpoise.attribution.worlds.tables import INDICATORS, QUESTIONS, classes_of, designs, truth_of
from counterpoise.vocabulary import ANSWERS

SEED = 780
N_FAMILIES = 8
N_WORLDS = 40
N_BOOTSTRAP = 1000
HERE = Path(__file__).parent
_OPENED = ("private", "state_tolerated", "state_active")
_WHOLE = ("all", "counts_alone", "counts_and_annual_figures")
_STANDS = "an_answer_is_given"
_CAUSES = ("no_evidence", "cannot_be_told_apart", "some_ruled_out", "one_group_deep", _STANDS)


def settings_hash() -> str:
    """Return the first digits of the SHA-256 of all that is frozen."""
    folder = files("counterpoise.data").joinpath("attribution")
    content = b"".join(
        folder.joinpath(n).read_bytes() for n in ("likelihoods.csv", "questions.yml", "priors.yml")
    )
    return hashlib.sha256(content).hexdigest()[:12]


def _family(number: int) -> list[dict[str, Any]]:
    """Return the held-out worlds of one family: truth, classes of indicators, reports."""
    family = make_families(N_FAMILIES, SEED)[number]
    rng = np.random.default_rng(np.random.SeedSequence(SEED).spawn(N_FAMILIES)[number])
    rows = []
    for driver, is_open, artefact in designs(N_WORLDS, N_WORLDS):
        world = simulate_world(family, rng, driver=driver, is_open=is_open, artefact=artefact)
        truth = {"record": "real" if artefact is None else "reporting_artefact"}
        if artefact is None:
            truth["driver"] = driver
            truth["opening"] = str(rng.choice(_OPENED)) if is_open else "none"
            truth["aim"] = str(rng.choice(ANSWERS["aim"])) if is_open else "not_shown"
        reports = simulate_reports(truth, rng)
        planted = plant_reports(truth, rng) if artefact is None else []
        rows.append(
            {
                "driver": driver,
                "is_open": is_open,
                "artefact": artefact,
                "truth": truth,
                "classes": dict(zip(INDICATORS, classes_of(world), strict=True)),
                "reports": reports,
                "planted": planted,
            }
        )
    return rows


def items_of(classes: dict[str, int], reports: Sequence[Report]) -> list[Item]:
    """Return the evidence of a world, by the same functions as that of a case."""
    likelihoods, facts = load_likelihoods(), load_facts()
    items = []
    for name, reading in classes.items():
        for question in speaks_to(name):
            families = likelihoods.log_lr(question, name, reading)
            if families is None:
                continue
            lower, upper = of_families(families)
            group = _group(name)
            items.append(_statistic(name, question, group, lower, upper, families))
    for fact in dict.fromkeys(r.fact for r in reports):
        best = best_grades((r.group, r.grade) for r in reports if r.fact == fact)
        for question, words in facts[fact].predicted.items():
            items.append(fact_item(fact, question, words, best, statement="", known_on=None, rerun=""))
    return items


def _group(name: str) -> str:
    if name in ORIGIN_STATISTICS:
        return "origin"
    return "registry" if name == RULE_CHANGE else STATISTICS[name].group


def _statistic(name: str, question: str, group: str, lower: Any, upper: Any, families: Any) -> Item:
    return Item(
        indicator=name,
        statement="",
        question=question,
        nature="statistic",
        lower=lower,
        upper=upper,
        families=families,
        reliability="",
        group=group,
        known_on=None,
        rerun="",
    )


def probabilities(question: str, items: Sequence[Item]) -> np.ndarray:
    """Return one probability per answer at even priors: the mean over families, facts at the middle of their bounds."""
    mine = [i for i in items if i.question == question]
    stacked = [i.families for i in mine if i.families is not None]
    n = len(ANSWERS[question])
    scores = np.sum(stacked, axis=0) if stacked else np.zeros((1, n))
    odds = combine(question, [i for i in mine if i.families is None])
    scores = scores + ((odds.lower + odds.upper) / 2)[:, 0]
    weights = np.exp(scores - scores.max(axis=1, keepdims=True))
    told: np.ndarray = (weights / weights.sum(axis=1, keepdims=True)).mean(axis=0)
    return told


def _balance(worlds: Sequence[dict[str, Any]], question: str) -> np.ndarray:
    """Return weights such that each true answer, and each design within it, counts the same; mean 1."""
    designs_of = [(w["truth"][question], w["driver"], w["is_open"], w["artefact"]) for w in worlds]
    if question in {"opening", "aim"}:  # of an opening each kind has a third of the worlds by chance
        designs_of = [(d[0], d[1], d[2], None) for d in designs_of]
    per_design = {d: designs_of.count(d) for d in set(designs_of)}
    n_designs = {a: len({d for d in per_design if d[0] == a}) for a in {d[0] for d in designs_of}}
    weights = np.array([1 / (per_design[d] * n_designs[d[0]]) for d in designs_of])
    balanced: np.ndarray = weights / weights.mean()
    return balanced


def _gain_interval(p: np.ndarray, truth: np.ndarray, weights: np.ndarray) -> tuple[float, float]:
    """Return the interval of the gain over base rates, from a bootstrap over worlds."""
    n = p.shape[1]
    loss = ((p - np.eye(n)[truth]) ** 2).sum(axis=1)
    drawn = np.random.default_rng(SEED).integers(0, len(p), (N_BOOTSTRAP, len(p)))
    gains = 1 - (loss * weights)[drawn].sum(axis=1) / weights[drawn].sum(axis=1) / (1 - 1 / n)
    lower, upper = np.quantile(gains, (0.025, 0.975))
    return float(lower), float(upper)


def _scores(p: np.ndarray, truth: np.ndarray, weights: np.ndarray) -> tuple[float, float]:
    hit = np.eye(p.shape[1])[truth]
    brier = float(np.average(((p - hit) ** 2).sum(axis=1), weights=weights))
    log_score = float(np.average(-np.log(p[np.arange(len(p)), truth]), weights=weights))
    return brier, log_score


def score_question(question: str, worlds: Sequence[dict[str, Any]]) -> tuple[list[Any], ...]:
    """Return rows of scores, of calibration, of confusion and of abstention."""
    asked = [w for w in worlds if question in w["truth"]]
    names = ANSWERS[question]
    truth = np.array([names.index(w["truth"][question]) for w in asked])
    weights = _balance(asked, question)
    evidence = [items_of(w["classes"], w["reports"]) for w in asked]
    base = np.full((len(asked), len(names)), 1 / len(names))
    kept: dict[str, list[list[Item]]] = {
        "all": evidence,
        "counts_alone": [[i for i in e if i.nature == "statistic" and i.group != "origin"] for e in evidence],
        "counts_and_annual_figures": [[i for i in e if i.nature == "statistic"] for e in evidence],
        "facts_alone": [[i for i in e if i.nature != "statistic"] for e in evidence],
    }
    groups = sorted({_group(name) for name in INDICATORS})
    for group in groups:
        kept[f"without_{group}"] = [[i for i in e if i.group != group] for e in evidence]
    for name in INDICATORS:
        if question in speaks_to(name):
            kept[f"only_{name}"] = [[i for i in e if i.indicator == name] for e in evidence]
    base_brier, base_log = _scores(base, truth, weights)
    rows: list[Any] = [
        (question, "base_rates", len(asked), base_brier, base_log, 0.0, None, None, None, None)
    ]
    calibration: list[Any] = []
    abstention: list[Any] = []
    for label, items in kept.items():
        p = np.array([probabilities(question, e) for e in items])
        brier, log_score = _scores(p, truth, weights)
        abstained = right = None
        interval: tuple[float | None, float | None] = (None, None)
        if label in _WHOLE:
            readings = [undominated(combine(question, e)) for e in items]
            causes = np.array([_cause(question, r, e) for r, e in zip(readings, items, strict=True)])
            stands = causes == _STANDS
            for cause in _CAUSES:
                share = float(np.average(causes == cause, weights=weights))
                abstention.append((question, label, cause, share))
            correct = np.array([r[0] == names[t] for r, t in zip(readings, truth, strict=True)])
            abstained = float(np.average(~stands, weights=weights))
            right = float(np.average(correct[stands], weights=weights[stands])) if stands.any() else None
            interval = _gain_interval(p, truth, weights)
            calibration += _deciles(question, label, p, truth, weights)
        rows.append(
            (
                question,
                label,
                len(asked),
                brier,
                log_score,
                1 - brier / base_brier,
                *interval,
                abstained,
                right,
            )
        )
    return rows, calibration, _confusion(question, evidence, truth, weights), abstention


def _cause(question: str, reading: Sequence[str], items: Sequence[Item]) -> str:
    """Return why no answer is given, in the order in which ``attribute`` looks; or that one is."""
    if not any(i.question == question and i.speaks for i in items):
        return "no_evidence"
    if len(reading) > 1:
        return "cannot_be_told_apart" if len(reading) == len(ANSWERS[question]) else "some_ruled_out"
    return "one_group_deep" if one_deep(question, items) is not None else _STANDS


def _deciles(question: str, label: str, p: np.ndarray, truth: np.ndarray, weights: np.ndarray) -> list[Any]:
    """Return, per decile of the probability told, how often it was so, and the band binomial chance allows."""
    hit, told = np.eye(p.shape[1])[truth].ravel(), p.ravel()
    each = np.repeat(weights, p.shape[1])
    rows = []
    for decile in range(10):
        inside = (told >= decile / 10) & ((told < (decile + 1) / 10) | (decile == 9))
        if inside.sum() < 20:
            continue
        w = each[inside]
        mean, found = float(np.average(told[inside], weights=w)), float(np.average(hit[inside], weights=w))
        n = int(w.sum() ** 2 / (w**2).sum())
        lower, upper = (float(binom.ppf(q, n, mean)) / n for q in (0.025, 0.975))
        rows.append((question, label, decile, n, mean, found, lower, upper, lower <= found <= upper))
    return rows


def _confusion(question: str, evidence: Any, truth: np.ndarray, weights: np.ndarray) -> list[Any]:
    names = ANSWERS[question]
    readings = [undominated(combine(question, e)) for e in evidence]
    told = np.array([names.index(r[0]) if len(r) == 1 else -1 for r in readings])
    rows = []
    for i, name in enumerate(names):
        of = truth == i
        for j, answer in [(-1, "cannot_be_told_apart"), *enumerate(names)]:
            rows.append((question, name, answer, float(weights[of & (told == j)].sum() / weights[of].sum())))
    return rows


def indicator_rows(worlds: Sequence[dict[str, Any]]) -> list[Any]:
    """Return, per indicator, class and answer, the likelihood ratio told (bounds) and found in held-out worlds.

    Told are the bounds before the discount for overlap. Where fewer than 30 worlds fall in a class nothing is found.
    """
    frame = pl.DataFrame(
        [{**{k: w[k] for k in ("driver", "is_open", "artefact")}, **w["classes"]} for w in worlds],
        schema_overrides={"artefact": pl.String},
    )
    raw = pl.read_csv(files("counterpoise.data").joinpath("attribution", "likelihoods.csv").read_bytes())
    rows = []
    for question in QUESTIONS:
        truth = truth_of(frame, question)
        answers = statistical_answers(question)
        for name in INDICATORS:
            if question not in speaks_to(name):
                continue
            table = raw.filter(pl.col("question") == question, pl.col("indicator") == name)
            logs = np.stack(
                [
                    table.filter(pl.col("answer") == a)
                    .sort("family")
                    .select(pl.selectors.starts_with("class_"))
                    .to_numpy()
                    for a in answers
                ]
            )
            classes = frame[name].to_numpy()
            known = (truth >= 0) & (classes != MISSING)
            counts = np.zeros((len(answers), N_CLASSES))
            np.add.at(counts, (truth[known], classes[known]), 1.0)
            totals = counts.sum(axis=1)
            for c in range(N_CLASSES):
                for a in range(1, len(answers)):
                    if min(counts[a, c], counts[0, c]) < 5 or counts[a, c] + counts[0, c] < 30:
                        continue
                    found = np.log(counts[a, c] / totals[a]) - np.log(counts[0, c] / totals[0])
                    error = np.sqrt(1 / counts[a, c] - 1 / totals[a] + 1 / counts[0, c] - 1 / totals[0])
                    told = logs[a, :, c] - logs[0, :, c]
                    inside = told.min() - 1.96 * error <= found <= told.max() + 1.96 * error
                    rows.append(
                        (
                            question,
                            name,
                            c,
                            answers[a],
                            float(told.min()),
                            float(told.max()),
                            found,
                            error,
                            inside,
                        )
                    )
    return rows


def planted_rows(worlds: Sequence[dict[str, Any]]) -> list[Any]:
    """Return how far planted reports move the log odds at most, beside their declared cap."""
    rows = []
    for question in ("opening", "aim"):
        moves, flipped, n = [], 0, 0
        for w in worlds:
            if not w["planted"]:
                continue
            honest = items_of(w["classes"], w["reports"])
            both = items_of(w["classes"], [*w["reports"], *w["planted"]])
            before, after = combine(question, honest), combine(question, both)
            moves.append(
                max(np.abs(after.lower - before.lower).max(), np.abs(after.upper - before.upper).max())
            )
            n += 1
            flipped += undominated(before) != undominated(after)
        rows.append((question, n, group_cap("high"), float(max(moves)), flipped / n))
    return rows


def main() -> None:
    """Simulate, score and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--workers", type=int, default=2)
    with ProcessPoolExecutor(parser.parse_args().workers) as pool:
        worlds = [row for rows in pool.map(_family, range(N_FAMILIES)) for row in rows]
    scores, calibration, confusion, abstention = [], [], [], []
    for question in ANSWERS:
        found = score_question(question, worlds)
        scores += found[0]
        calibration += found[1]
        confusion += found[2]
        abstention += found[3]
    tables = {
        "scores": (
            scores,
            [
                "question",
                "evidence",
                "n_worlds",
                "brier",
                "log_score",
                "gain_over_base_rates",
                "gain_lower",
                "gain_upper",
                "abstained_share",
                "right_where_answered_share",
            ],
        ),
        "calibration": (
            calibration,
            [
                "question",
                "evidence",
                "decile",
                "n_effective",
                "told",
                "found",
                "band_lower",
                "band_upper",
                "within",
            ],
        ),
        "abstention": (abstention, ["question", "evidence", "cause", "share"]),
        "confusion": (confusion, ["question", "truth", "reading", "share"]),
        "indicators": (
            indicator_rows(worlds),
            [
                "question",
                "indicator",
                "class",
                "answer",
                "told_lower",
                "told_upper",
                "found",
                "standard_error",
                "within",
            ],
        ),
        "planted": (
            planted_rows(worlds),
            ["question", "n_worlds", "cap", "largest_move", "reading_changed_share"],
        ),
    }
    for name, (rows, columns) in tables.items():
        frame = pl.DataFrame(rows, schema=columns, orient="row", infer_schema_length=None)
        frame = frame.select(pl.lit(settings_hash()).alias("settings"), pl.all())
        frame.write_csv(HERE / f"attribution_{name}.csv", float_precision=4)
    with pl.Config(tbl_rows=100, tbl_cols=12):
        print(pl.read_csv(HERE / "attribution_scores.csv"))


if __name__ == "__main__":
    main()
