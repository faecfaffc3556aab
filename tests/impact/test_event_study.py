"""Several series together: narrower where errors are their own, not where they go together; nobody shown alone."""

from pathlib import Path

import numpy as np
import polars as pl
import pytest

from counterpoise.cases import load_case
from counterpoise.impact import evaluate
from counterpoise.impact.event_study import estimate_event_study
from counterpoise.impact.options import EVALUATE_DEFAULTS
from counterpoise.impact.structural_time_series import estimate_structural
from counterpoise.observations.archive import Archive
from counterpoise.observations.bundled import read_bundled

TABLE = Path(__file__).resolve().parents[2] / "benchmarks" / "skill" / "impact_joint.csv"
N_PRE, N_POST = 96, 12


def walks(seed: int, n: int, *, common: float) -> np.ndarray:
    generator = np.random.default_rng(seed)
    shared = np.cumsum(generator.normal(0, common, N_PRE + N_POST))
    own = np.cumsum(generator.normal(0, 0.3, (n, N_PRE + N_POST)), axis=1)
    return 6 + shared + own


def test_one_series_is_what_it_is_by_itself() -> None:
    one = walks(1, 1, common=0.0)
    alone, joint = estimate_structural(one[0], N_PRE), estimate_event_study(one, N_PRE)
    assert (joint.estimate, joint.lower, joint.upper) == pytest.approx(
        (alone.estimate, alone.lower, alone.upper)
    )


def test_errors_of_their_own_average_out_and_common_ones_do_not() -> None:
    own, together = (estimate_event_study(walks(2, 8, common=c), N_PRE) for c in (0.0, 1.0))
    assert (own.upper - own.lower) / own.single_width < 0.65
    assert (together.upper - together.lower) / together.single_width > (
        own.upper - own.lower
    ) / own.single_width
    assert together.correlation > own.correlation


def test_an_effect_on_all_moves_the_mean_by_itself() -> None:
    before = walks(3, 5, common=0.1)
    after = before.copy()
    after[:, N_PRE:] -= 1.0
    one, two = estimate_event_study(before, N_PRE), estimate_event_study(after, N_PRE)
    assert two.estimate == pytest.approx(one.estimate - 1.0)
    assert two.upper == pytest.approx(one.upper - 1.0)


def test_the_table_shows_power_gained_and_coverage_kept() -> None:
    table = pl.read_csv(TABLE)
    learnt, later = table.filter(pl.col("what").str.ends_with("event study")).rows(named=True)
    assert learnt["factor"] == pytest.approx(EVALUATE_DEFAULTS.panel_width, abs=0.01)
    for row in (learnt, later):
        assert row["width_ratio"] < 0.8
        assert 0.93 <= row["coverage"] <= 0.97


def test_no_nationality_is_shown_by_itself() -> None:
    result = evaluate(
        Archive.from_batch(read_bundled()),
        case=load_case("belarus-eu-2021"),
        response="r16",
        outcomes=("detections",),
    )
    means = [e for e in result.effects if "+" in e.nationality]
    assert len(means) == 1
    assert means[0].status == "joint_bounds"
    assert means[0].estimate is None
    assert {c.name for c in means[0].checks} >= {"power_gained", "peak_start", "other_causes"}
    assert all(e.nationality.startswith("TOTAL") or "+" in e.nationality for e in result.effects)
