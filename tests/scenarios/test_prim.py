"""PRIM: the compiled peeling is the plain one, and a known box is found."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import bdtrc

from counterpoise.scenarios._peel import peel, peel_plain
from counterpoise.scenarios.prim import _at_least, find_box


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**31), st.booleans())
def test_the_compiled_peeling_is_the_plain_one(seed: int, ties: bool) -> None:
    rng = np.random.default_rng(seed)
    columns = rng.random((4, 120))
    columns[3] = rng.integers(0, 4, 120)
    if ties:
        columns[:2] = np.round(columns[:2], 1)
    matters = (columns[0] > 0.4) & (rng.random(120) < 0.8) | (columns[3] == 2)
    is_choice = np.array([False, False, False, True])
    order = np.argsort(columns, axis=1, kind="stable").astype(np.int32)
    fast = peel(columns, order, matters, is_choice, 0.05, 6)
    slow = peel_plain(columns, matters, is_choice, 0.05, 6)
    for a, b in zip(fast, slow, strict=True):
        np.testing.assert_array_equal(a, b)


def test_a_box_made_by_hand_is_found() -> None:
    rng = np.random.default_rng(1)
    x = rng.random((4000, 6))
    x[:, 5] = rng.integers(0, 3, 4000)
    matters = (x[:, 1] < 0.4) & (x[:, 3] > 0.5) & (x[:, 5] == 1)
    box = find_box(x, matters, [f"x{k}" for k in range(6)], choices=frozenset({"x5"}))
    assert box is not None
    assert set(box.limits) == {"x1", "x3", "x5"}
    assert box.limits["x1"]["upper"] == pytest.approx(0.4, abs=0.03)
    assert box.limits["x3"]["lower"] == pytest.approx(0.5, abs=0.03)
    assert box.limits["x5"] == {"among": [1]}
    assert box.coverage > 0.93
    assert box.density > 0.93
    assert all(p < 1e-6 for p in box.p_values.values())


def test_where_nothing_matters_there_is_rarely_a_box_that_claims_much() -> None:
    rng = np.random.default_rng(2)
    found = []
    for _ in range(20):
        box = find_box(rng.random((400, 5)), rng.random(400) < 0.3, list("abcde"))
        found.append(0 if box is None else box.density)
    assert np.mean(found) < 0.45  # of chance alone, a box is hardly denser than the whole


@pytest.mark.parametrize("share", [0.0, 1.0])
def test_there_is_no_box_if_none_or_all_matter(share: float) -> None:
    x = np.random.default_rng(3).random((100, 2))
    assert find_box(x, np.full(100, bool(share)), ["a", "b"]) is None


@pytest.mark.parametrize(
    ("hits", "size", "p"), [(1, 1, 0.3), (40, 100, 0.35), (900, 1000, 0.2), (5, 60_000, 0.001)]
)
def test_the_binomial_tail_is_that_of_scipy(hits: int, size: int, p: float) -> None:
    assert _at_least(hits, size, p) == pytest.approx(bdtrc(hits - 1, size, p), rel=1e-8)


def test_the_binomial_tail_at_its_ends() -> None:
    assert [_at_least(0, 9, 0.5), _at_least(3, 9, 1.0), _at_least(3, 9, 0.0)] == [1, 1, 0]
