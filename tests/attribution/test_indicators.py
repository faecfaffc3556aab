"""Indicators see what they are named for, and never a later month."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from counterpoise.attribution.indicators.catalogue import STATISTICS, compute_statistics
from counterpoise.attribution.indicators.composition import breadth, new_share, novelty
from counterpoise.attribution.indicators.elsewhere import compensation, donor, growth_elsewhere, specificity
from counterpoise.attribution.indicators.record import common_jump, unidentified_rise
from counterpoise.attribution.indicators.shape import abruptness, is_rise, run_up, year_ratio
from tests.attribution.builders import cube

N_MONTHS = 60


def flat(n_corridors: int = 3, n_nationalities: int = 4, level: float = 100.0) -> np.ndarray:
    return np.full((n_corridors, n_nationalities, N_MONTHS), level)


def test_a_season_that_comes_back_is_neither_abrupt_nor_larger() -> None:
    months = np.arange(N_MONTHS)
    seasonal = np.where(months % 12 < 3, 900.0, 30.0)[None]
    assert abruptness(seasonal)[0, -9] == pytest.approx(0)
    assert year_ratio(seasonal)[0, 50] == pytest.approx(0)


def test_a_jump_is_abrupt_and_a_slow_rise_is_under_way() -> None:
    jump, slow = np.full((1, N_MONTHS), 50.0), np.full((1, N_MONTHS), 50.0)
    jump[0, -2:] = 500
    slow[0, -12:] = np.linspace(50, 500, 12)
    assert abruptness(jump)[0, -1] > 3 * abruptness(slow)[0, -1]
    assert run_up(slow)[0, -1] > 1 > run_up(jump)[0, -1] == pytest.approx(0)


def test_growth_everywhere_is_not_specific_and_growth_here_is() -> None:
    everywhere, here = flat(), flat()
    everywhere[:, 0, -3:] *= 5
    here[0, 0, -3:] *= 5
    assert specificity(cube(everywhere))[0, 0, -1] == pytest.approx(0, abs=0.05)
    assert specificity(cube(here))[0, 0, -1] > 1.4
    assert growth_elsewhere(cube(here))[0, 0, -1] == pytest.approx(0)


def test_people_who_take_another_way_leave_a_gap_there() -> None:
    moved = flat()
    moved[0, 0, -3:] += 80
    moved[1, 0, -3:] -= 80
    c = cube(moved)
    assert compensation(c)[0, 0, -1] == pytest.approx(1)
    assert donor(c)[0, -1] == pytest.approx(1)
    pushed = flat()
    pushed[0, 0, -3:] += 80
    assert compensation(cube(pushed))[0, 0, -1] == 0


def test_a_nationality_no_other_corridor_has_gives_no_growth_elsewhere() -> None:
    c = cube(flat())
    c.held[1:, 0] = False
    assert np.isnan(growth_elsewhere(c)[0, 0]).all()
    assert not np.isnan(growth_elsewhere(c)[0, 1, -1])


def test_the_same_mix_is_not_novel_whatever_its_size() -> None:
    rng = np.random.default_rng(3)
    shares = np.array([0.5, 0.3, 0.15, 0.05])
    values = []
    for size in (15, 40, 400):
        counts = rng.multinomial(size, shares, (200, N_MONTHS)).transpose(0, 2, 1)
        values.append(np.nanmean(novelty(cube(counts))[:, -1]))
    assert np.abs(values).max() < 0.004, "the bias correction leaves no trace of the size of samples"


def test_new_nationalities_are_counted_as_new() -> None:
    counts = flat(level=20)
    counts[0, 3] = 0
    counts[0, 3, -3:] = 60
    c = cube(counts)
    assert new_share(c)[0, -1] == pytest.approx(0.5)
    assert novelty(c)[0, -1] > 0.05
    assert breadth(c)[0, -1] == pytest.approx(1)


def test_a_change_of_counting_moves_all_alike() -> None:
    rng = np.random.default_rng(5)
    counted, came = rng.poisson(flat()), rng.poisson(flat())
    counted[0, :, -2:] *= 3
    came[0, 0, -2:] *= 12
    assert common_jump(cube(counted))[0, -1] > 2
    assert common_jump(cube(came))[0, -1] < 1


def test_people_without_a_nationality_show() -> None:
    counts = flat()
    counts[:, 3] = 2
    counts[0, 3, -1] = 300
    assert unidentified_rise(cube(counts, unidentified=1))[0, -1] > 0.4
    assert unidentified_rise(cube(counts, unidentified=1))[1, -1] == pytest.approx(0)


def test_a_rise_needs_people_and_growth() -> None:
    few, many, level = np.ones(40), np.full(40, 20.0), np.full(40, 200.0)
    few[-3:] = 9
    many[-3:] = 40
    assert not is_rise(few)
    assert is_rise(many)
    assert not is_rise(level)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(40, N_MONTHS - 2))
def test_no_indicator_sees_a_later_month(seed: int, month: int) -> None:
    rng = np.random.default_rng(seed)
    counts = rng.negative_binomial(1, 0.03, (3, 5, N_MONTHS))
    other = counts.copy()
    other[..., month + 1 :] = rng.negative_binomial(1, 0.01, other[..., month + 1 :].shape)
    first, second = (compute_statistics(cube(c, unidentified=1)) for c in (counts, other))
    for name in STATISTICS:
        np.testing.assert_array_equal(
            first[name][..., : month + 1], second[name][..., : month + 1], err_msg=name
        )
