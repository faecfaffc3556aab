"""Discoveries keep their promise over a portfolio, agree with the published example, and look only back."""

import numpy as np
import polars as pl
import pytest

from counterpoise.monitoring import detect
from counterpoise.monitoring.backtest.simulate import Parameters, simulate_class
from counterpoise.monitoring.dynamic_count import forecast_counts
from counterpoise.monitoring.false_discovery import batch_discoveries, null_probability
from counterpoise.monitoring.options import DETECT_DEFAULTS
from counterpoise.observations.archive import Archive
from counterpoise.observations.bundled import read_bundled

# The example of function BatchBH of the R package onlineFDR (Robertson, Liou, Ramdas & Karp), and its answer at 5 %.
EXAMPLE = (
    (2.90e-08, 0.06743, 0.01514, 0.08174, 0.00171),
    (3.60e-05, 0.79149, 0.27201, 0.28295, 7.59e-08, 0.69274),
    (0.30443, 0.00136, 0.72342, 0.54757),
)
ANSWER = ({2.90e-08, 0.00171}, {3.60e-05, 7.59e-08}, {0.00136})
WAVES = Parameters(
    levels={"busy": (80.0, 300.0), "medium": (6.0, 27.0), "sparse": (0.3, 1.6)},
    dispersion=0.6,
    amplitude=1.1,
    monthly_step=0.26,
    stray_share=0.03,
    stray_size=1.0,
)


def one_column_each(batches: tuple[tuple[float, ...], ...]) -> np.ndarray:
    values = np.full((max(map(len, batches)), len(batches)), np.nan)
    for t, batch in enumerate(batches):
        values[: len(batch), t] = batch
    return values


def test_the_published_example_gives_the_published_answer() -> None:
    values = one_column_each(EXAMPLE)
    found = batch_discoveries(values, rate=0.05)
    assert [set(values[found[:, t], t]) for t in range(3)] == list(ANSWER)


def test_a_higher_level_in_the_third_batch_is_what_makes_its_discovery() -> None:
    # with the first two batches empty of discoveries the third has no level to spend
    quiet = one_column_each(((0.5,) * 5, (0.5,) * 6, EXAMPLE[2]))
    assert not batch_discoveries(quiet, rate=0.05).any()


@pytest.mark.parametrize("share", [0.0, 0.01, 0.05])
def test_false_discoveries_stay_below_their_rate(share: float) -> None:
    generator = np.random.default_rng(5)
    shares = []
    for _ in range(60):
        null = generator.random((100, 40)) >= share
        values = np.where(null, generator.random((100, 40)), generator.random((100, 40)) * 1e-5)
        found = batch_discoveries(values, rate=0.1)
        shares.append((found & null).sum() / max(found.sum(), 1))
    assert np.mean(shares) <= 0.1 + 2 * np.std(shares) / np.sqrt(len(shares))
    if share:  # and it does find what is there
        assert found[~null].mean() > 0.8


def test_later_periods_change_no_earlier_decision() -> None:
    values = np.random.default_rng(6).random((50, 60)) ** 3
    other = values.copy()
    other[:, 40:] = 1e-12
    first, second = (batch_discoveries(v, rate=0.1) for v in (values, other))
    assert np.array_equal(first[:, :40], second[:, :40])
    assert second[:, 40:].any()
    null = [
        null_probability(v, np.full(v.shape, 10.0), np.ones(v.shape, dtype=bool)) for v in (values, other)
    ]
    assert np.array_equal(null[0][:, :41][:, :40], null[1][:, :40], equal_nan=True)


@pytest.mark.parametrize("power", [1.0, 2.0, 4.0])
def test_the_null_is_found_if_cautiously_though_surges_are_among_the_cases(power: float) -> None:
    generator = np.random.default_rng(7)
    shares = generator.random((120, 90))
    surges = generator.random(shares.shape) < 0.01
    tail = np.where(surges, 1e-30, shares**power)
    null = null_probability(tail, np.full(tail.shape, 10.0), np.ones(tail.shape, dtype=bool))
    usual = null[~surges & np.isfinite(null)]
    for p in (0.05, 0.01, 0.001):
        assert 0.2 * p <= np.mean(usual <= p) <= 1.2 * p


@pytest.mark.parametrize("name", ["busy", "medium", "sparse", "seasonal", "wandering", "new"])
def test_without_surges_hardly_anything_is_a_discovery(name: str) -> None:
    counts = simulate_class(name, WAVES, n_series=150, warm_up=36, generator=np.random.default_rng(8))
    nothing = np.zeros(counts.shape, dtype=bool)
    forecasts = forecast_counts(counts, breaks=nothing, unsettled=nothing, options=DETECT_DEFAULTS)
    judged = np.broadcast_to(np.arange(counts.shape[1]) >= 24, counts.shape)
    null = null_probability(forecasts.tail_probability, forecasts.shape / forecasts.rate, judged)
    found = batch_discoveries(null, rate=0.1)
    assert found.sum() <= 3  # in 18,000 series-months


@pytest.fixture(scope="module")
def bundled() -> pl.DataFrame:
    return detect(Archive.from_batch(read_bundled())).alarms


def test_real_surges_are_tested_and_falls_and_totals_beside_nationalities_are_not(
    bundled: pl.DataFrame,
) -> None:
    tested = bundled.filter(pl.col("discovery").is_not_null())
    assert tested["discovery"].any()
    assert not tested["discovery"].all()
    assert bundled.filter(kind="collapse")["discovery"].is_null().all()
    eastern = bundled.filter(pl.col("nationality").str.starts_with("TOTAL"), corridor="eastern-borders")
    assert eastern["discovery"].is_null().all()
