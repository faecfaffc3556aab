"""Responses begin at peaks: what follows a peak falls anyway, and the correction takes that away."""

import numpy as np

from counterpoise.impact.options import EVALUATE_DEFAULTS
from counterpoise.impact.peak_start import _peaks, correct_for_peak, peak_null, starts_at_peak
from counterpoise.impact.structural_time_series import estimate_structural

N_POST = 12


def panel(seed: int, n_series: int = 60, n: int = 150) -> np.ndarray:
    """Log counts whose peaks end: a slowly moving level, with rises over ten months that are gone in the next."""
    generator = np.random.default_rng(seed)
    level = 4 + np.cumsum(generator.normal(0, 0.05, (n_series, n)), axis=1)
    for row, start in np.argwhere(generator.random((n_series, n)) < 0.02):
        months = level[row, start : start + 10]
        months += generator.exponential(2.0) * np.arange(1, 11)[: len(months)] / 10
    return level + generator.normal(0, 0.2, (n_series, n))


def test_a_peak_is_the_largest_of_the_year_in_its_last_two_months() -> None:
    flat = np.full(48, np.log1p(100.0))
    for at, expected in ((47, True), (46, True), (45, False)):
        series = flat.copy()
        series[at] += 1
        assert starts_at_peak(series, 48) is expected
    small = np.zeros(48)
    small[47] = np.log1p(10)
    assert starts_at_peak(small, 48) is False


def test_without_enough_peaks_nothing_is_corrected() -> None:
    found = peak_null(
        np.full((3, 60), 4.0),
        N_POST,
        first_month=1,
        rng=np.random.default_rng(0),
        max_peaks=100,
        options=EVALUATE_DEFAULTS,
    )
    assert found is None


def test_at_fresh_peaks_the_corrected_interval_is_centred_and_keeps_its_level() -> None:
    past, fresh = panel(1), panel(2)
    null = peak_null(
        past, N_POST, first_month=1, rng=np.random.default_rng(0), max_peaks=400, options=EVALUATE_DEFAULTS
    )
    assert null is not None
    assert null.median < 0
    before, after = [], []
    for row in fresh:
        for cut in range(60, row.size - N_POST, 9):
            if starts_at_peak(row, cut):
                found = estimate_structural(row[: cut + N_POST], cut)
                corrected = correct_for_peak(found, null)
                for one, kept in ((found, before), (corrected, after)):
                    kept.append((one.estimate, one.lower <= 0 <= one.upper))
    (mean, held), (corrected_mean, corrected_held) = np.mean(before, axis=0), np.mean(after, axis=0)
    assert len(after) > 60
    assert mean < -0.08
    assert abs(corrected_mean) < 0.5 * abs(mean)
    assert held < 0.9 < corrected_held


def test_peaks_of_a_whole_panel_are_those_of_each_series_at_each_period() -> None:
    log_counts = panel(3, n_series=12, n=60)
    log_counts[np.random.default_rng(4).random(log_counts.shape) < 0.2] = np.nan
    log_counts[5] = np.nan
    one_by_one = [(row, at) for row in range(12) for at in range(61) if starts_at_peak(log_counts[row], at)]
    assert len(one_by_one) > 20
    assert _peaks(log_counts) == one_by_one
