"""Sums over several days: their forecast, and what of them is judged."""

import numpy as np
import pytest

from counterpoise.charts.monitoring import chart_detection
from counterpoise.monitoring._kernels import negative_binomial_quantile
from counterpoise.monitoring.daily import detect_daily
from counterpoise.monitoring.spans import sum_of_days
from tests.monitoring.daily_builders import daily_archive, day, figure, figures, forecast_days, simulated


def test_days_that_share_nothing_add_variances_and_days_that_share_all_add_deviations() -> None:
    shape, rate = np.full(9, 4.0), np.full(9, 0.4)
    for shared, deviations in ((0.0, 3.0), (1.0, 9.0)):
        a, b = sum_of_days(shape, rate, np.full(9, shared))
        assert a / b == pytest.approx(90.0)
        assert np.sqrt(a) / b == pytest.approx(deviations * np.sqrt(4.0) / 0.4)


def test_sums_over_a_week_lie_in_their_bands_as_often_as_said() -> None:
    counts = simulated(400, 207)
    hidden = counts.copy()
    hidden[:, 200:] = np.nan
    found = forecast_days(hidden)
    gammas = np.array(
        [
            sum_of_days(found.shape[i, 200:], found.rate[i, 200:], found.shared[i, 200:])
            for i in range(len(counts))
        ]
    )
    total = counts[:, 200:].sum(axis=1)
    for level, lowest, highest in ((0.5, 0.43, 0.72), (0.8, 0.75, 0.95), (0.95, 0.92, 1.0)):
        lower, upper = (
            negative_binomial_quantile(p, gammas[:, 0], gammas[:, 1])
            for p in ((1 - level) / 2, (1 + level) / 2)
        )
        assert lowest <= ((total >= lower) & (total <= upper)).mean() <= highest, level


def test_only_what_is_left_for_days_without_a_figure_is_judged() -> None:
    counts = simulated(1, 120)[0]
    counts[110:113] = np.nan
    total = float(np.nansum(counts[109:115])) + 3000
    result = detect_daily(daily_archive(*figures(counts), figure(109, total, end=114)))
    spans = next(check for check in result.checks if check.name == "sums_over_days").table
    assert spans is not None
    assert spans.select("observed", "n_days", "judged", "surge").row(0) == (3000.0, 3, True, True)
    alarm = result.alarms.filter(result.alarms["period_end"] == day(114)).row(0, named=True)
    assert alarm["onset_lower"] == day(109)
    assert alarm["onset_upper"] == day(114)
    assert "3,000 arrivals on the 3 days without a figure" in alarm["reason"]
    assert alarm["episode"] in result.episodes["episode"]


def test_a_sum_whose_days_all_have_figures_is_not_counted_again() -> None:
    counts = simulated(1, 120)[0]
    result = detect_daily(daily_archive(*figures(counts), figure(109, 9000, end=114)))
    assert not any("days without" in reason for reason in result.alarms["reason"])


def test_nothing_is_learnt_from_a_sum() -> None:
    counts = simulated(1, 120)[0]
    counts[110:113] = np.nan
    without = detect_daily(daily_archive(*figures(counts)))
    with_sum = detect_daily(daily_archive(*figures(counts), figure(110, 5000, end=112)))
    assert without.bands.equals(with_sum.bands)


def test_a_chart_of_days_says_days_and_puts_no_mark_of_a_sum_on_a_day() -> None:
    counts = simulated(1, 300)[0]
    counts[290:293] = np.nan
    result = detect_daily(daily_archive(*figures(counts), figure(289, 5000, end=292)), since=day(280))
    assert result.alarms["period_start"].to_list() == [day(289)]
    text = chart_detection(result, None, None).to_json()
    assert "Arrivals per day" in text
    assert "earlier days" in text
    assert "diamond" not in text
    surged = np.where(np.arange(300) == 289, 5000.0, counts)
    assert "diamond" in chart_detection(detect_daily(daily_archive(*figures(surged))), None, None).to_json()
