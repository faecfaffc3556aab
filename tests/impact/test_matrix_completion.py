"""Matrix completion: what series share is found again, and its interval keeps its level where it is calibrated."""

from pathlib import Path

import numpy as np
import polars as pl
import pytest

from counterpoise.cases import load_case
from counterpoise.impact import evaluate
from counterpoise.impact.matrix_completion import complete_matrix, estimate_completed
from counterpoise.impact.options import EVALUATE_DEFAULTS
from counterpoise.observations.archive import Archive
from counterpoise.observations.bundled import read_bundled

TABLE = Path(__file__).resolve().parents[2] / "benchmarks" / "skill" / "impact_joint.csv"
N_PRE, N_POST, N_TREATED = 72, 12, 4


def panel(seed: int, noise: float = 0.1) -> np.ndarray:
    """Sixty series with levels of their own, two patterns in common, and noise."""
    generator = np.random.default_rng(seed)
    patterns = np.cumsum(generator.normal(0, 0.3, (2, N_PRE + N_POST)), axis=1)
    loadings = generator.normal(0, 1, (60, 2))
    return (
        5
        + generator.normal(0, 1, (60, 1))
        + loadings @ patterns
        + generator.normal(0, noise, (60, N_PRE + N_POST))
    )


def test_hidden_cells_of_few_patterns_are_filled_in() -> None:
    whole = panel(1, noise=0.0)
    hidden = np.zeros(whole.shape, dtype=bool)
    hidden[:N_TREATED, N_PRE:] = True
    filled, n_patterns = complete_matrix(np.where(hidden, np.nan, whole), hidden, 0.02)
    assert n_patterns == 2
    assert np.array_equal(filled[~hidden], whole[~hidden])
    moved = np.abs(whole[:N_TREATED, N_PRE:] - whole[:N_TREATED, :N_PRE].mean(axis=1, keepdims=True)).mean()
    assert np.abs(filled - whole)[hidden].mean() < 0.2 * moved


def test_what_is_in_hidden_cells_is_not_read_and_an_effect_moves_the_estimate_by_itself() -> None:
    whole = panel(2)
    treated, donors = whole[:N_TREATED], whole[N_TREATED:]
    after = treated.copy()
    after[:, N_PRE:] -= 1.0
    one, two = (estimate_completed(part, donors, N_PRE) for part in (treated, after))
    assert one is not None and two is not None
    assert two.estimate == pytest.approx(one.estimate - 1.0)
    assert two.upper - two.lower == pytest.approx(one.upper - one.lower)
    assert one.lower < 0 < one.upper
    assert two.upper < 0


def test_with_under_two_earlier_dates_there_is_no_interval() -> None:
    n_pre = EVALUATE_DEFAULTS.panel_months + 2 * N_POST
    whole = panel(3)
    assert estimate_completed(whole[:3, : n_pre + N_POST], whole[3:, : n_pre + N_POST], n_pre) is not None
    short = whole[:, : n_pre - 1 + N_POST]
    assert estimate_completed(short[:3], short[3:], n_pre - 1) is None


def test_on_real_placebos_it_holds_what_it_says_and_says_less_than_the_event_study() -> None:
    rows = {row["what"].split(", ", 2)[2]: row for row in pl.read_csv(TABLE).head(6).to_dicts()}
    for span in ("to 2018", "after 2018"):
        completed, study = rows[f"{span}, matrix completion"], rows[f"{span}, event study"]
        assert 0.93 <= completed["coverage"] <= 0.97
        assert study["interval_score"] < completed["interval_score"]


def test_it_stands_beside_the_mean_over_nationalities_and_no_nationality_is_named() -> None:
    result = evaluate(
        Archive.from_batch(read_bundled()),
        case=load_case("belarus-eu-2021"),
        response="r30",
        outcomes=("detections",),
    )
    mean = next(effect for effect in result.effects if "+" in effect.nationality)
    check = next(check for check in mean.checks if check.name == "matrix_completion")
    assert check.status == "passed"
    assert "nationalities on other corridors" in check.text
