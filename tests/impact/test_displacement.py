"""Diversion: a known share is found where there is a fall, and nothing is given where there is none."""

import numpy as np
import pytest

from counterpoise.cases import load_case
from counterpoise.impact import evaluate
from counterpoise.impact.displacement import draw_differences, estimate_diversion
from counterpoise.impact.options import EVALUATE_DEFAULTS
from counterpoise.observations.archive import Archive
from counterpoise.observations.bundled import read_bundled

N_PRE, N_POST = 48, 12


def pair(seed: int, fall: float, share: float) -> np.ndarray:
    generator = np.random.default_rng(seed)
    counts = np.exp(7 + np.cumsum(generator.normal(0, 0.04, (2, N_PRE + N_POST)), axis=1))
    lost = fall * counts[0, N_PRE:]
    counts[0, N_PRE:] -= lost
    counts[1, N_PRE:] += share * lost
    return np.round(counts)


def drawn(counts: np.ndarray) -> np.ndarray:
    return draw_differences(
        counts, N_PRE, first_month=1, rng=np.random.default_rng(0), options=EVALUATE_DEFAULTS
    )


def test_a_known_share_is_held_by_the_interval() -> None:
    held = []
    for seed in range(40):
        found = estimate_diversion(drawn(pair(seed, 0.8, 0.5)), level=0.95)
        assert found.ratio is not None
        held.append(found.ratio[1] <= 0.5 <= found.ratio[2])
    assert np.mean(held) > 0.85


def test_without_a_fall_there_is_no_ratio() -> None:
    found = estimate_diversion(drawn(pair(3, 0.0, 0.0)), level=0.95)
    assert found.here[1] < 0 < found.here[2]
    assert found.ratio is None


def test_all_elsewhere_is_the_sum_of_the_corridors() -> None:
    counts = np.vstack([pair(4, 0.8, 0.5), pair(5, 0.0, 0.0)[1:]])
    draws = drawn(counts)
    together = estimate_diversion(draws, level=0.95)
    assert together.elsewhere[0] == pytest.approx(np.median(draws[:, 1] + draws[:, 2]))


def test_every_estimated_effect_has_its_checklist_and_none_speaks_of_persons() -> None:
    result = evaluate(
        Archive.from_batch(read_bundled()),
        case=load_case("belarus-eu-2021"),
        response="r30",
        outcomes=("detections",),
    )
    channels = {row["channel"] for row in result.displacement}
    assert channels == {"spatial", "categorical", "inter_temporal", "reverse_flow"}
    for row in result.displacement:
        assert (row["ratio"] is None) == (row["status"] != "estimated")
        assert row["reason"] or row["ratio"]
    check = next(c for c in result.checks if c.name == "displacement")
    assert "not identifiable from events" in check.text
