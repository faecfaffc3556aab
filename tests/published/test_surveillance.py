"""Our EARS, Farrington and charts say what R ``surveillance`` says (``surveillance/README.md``)."""

from pathlib import Path

import numpy as np
import polars as pl
import pytest

from counterpoise.monitoring.detectors.base import Array
from counterpoise.monitoring.detectors.cusum import cusum_statistic, glr_statistic
from counterpoise.monitoring.detectors.ears import Ears
from counterpoise.monitoring.detectors.farrington import Farrington

FOLDER = Path(__file__).with_name("surveillance")
COUNTS = pl.read_csv(FOLDER / "counts.csv").drop("period")
VALUES = COUNTS.to_numpy().T.astype(float)
FARRINGTON = pl.read_csv(FOLDER / "farrington.csv", infer_schema_length=None)

ORIGINAL = Farrington(n_levels=1, skip=1, residual_limit=1.0, trend_p_value=0.05, limit="delta")
VARIANTS = {
    "nb_plugin": Farrington(),
    "nb_plugin_7_levels": Farrington(n_levels=7, skip=3),
    "muan_unweighted": Farrington(limit="muan", reweight=False),
    "muan": Farrington(limit="muan", trend_p_value=0.05),
    "delta_unweighted": Farrington(limit="delta", reweight=False, trend_p_value=0.05),
    "delta_1996": ORIGINAL,
}


def on_grid(table: pl.DataFrame, column: str) -> Array:
    """Return a column as series x periods, NaN where the fixture has no row."""
    grid = np.full(VALUES.shape, np.nan)
    for row in table.iter_rows(named=True):
        value = row[column]
        grid[COUNTS.columns.index(row["series"]), row["period"] - 1] = np.nan if value is None else value
    return grid


@pytest.mark.parametrize("method", ["C1", "C2"])
def test_ears_bounds(method: str) -> None:
    table = pl.read_csv(FOLDER / "ears.csv").filter(method=method)
    bound = Ears(method=method, min_sigma=0.0).upper_bound(VALUES, alpha=0.001)  # type: ignore[arg-type]
    expected = on_grid(table, "upper_bound")
    assert np.isfinite(expected).sum() > 600
    np.testing.assert_allclose(bound, expected, rtol=1e-8)


def test_ears_c3_bound_is_made_of_the_two_earlier_terms() -> None:
    """R leaves the current period out of the sum; what it does use is ours."""
    table = pl.read_csv(FOLDER / "ears.csv").filter(method="C3")
    expected = on_grid(table, "upper_bound")
    there = np.isfinite(expected)
    c2 = Ears(method="C2", min_sigma=0.0)
    with np.errstate(invalid="ignore"):
        current = np.maximum(0.0, c2.score(VALUES, first_month=1) - 1.0)
        earlier = Ears(method="C3", min_sigma=0.0).score(VALUES, first_month=1) - current
    z = 1.959963984540054
    sigma = (c2.upper_bound(VALUES, alpha=0.025) - c2.upper_bound(VALUES, alpha=0.5)) / z
    usable = there & np.isfinite(earlier)
    assert usable.sum() > 0.9 * there.sum()
    bound = np.maximum(0.0, VALUES + sigma * (z - earlier))
    np.testing.assert_allclose(bound[usable], expected[usable], rtol=1e-7, atol=1e-7)


@pytest.mark.parametrize("variant", VARIANTS)
def test_farrington(variant: str) -> None:
    detector, table = VARIANTS[variant], FARRINGTON.filter(variant=variant)
    expected = on_grid(table, "expected")
    bound = on_grid(table, "upper_bound")
    baseline, ours = detector.baseline(VALUES), detector.upper_bound(VALUES)
    there = np.isfinite(on_grid(table, "dispersion"))
    assert there.sum() == len(table)

    kept = np.isfinite(on_grid(table, "trend"))
    assert (kept[there] == (baseline.trend != 0)[there]).all()
    np.testing.assert_allclose(baseline.trend[kept] / 12, on_grid(table, "trend")[kept], rtol=1e-3, atol=1e-7)
    # R stops its iterations at a relative change of the deviance of 1e-8, and on the way to a mean of 0.
    known = there & np.isfinite(expected)
    np.testing.assert_allclose(baseline.expected[known], expected[known], rtol=3e-5, atol=1e-7)
    dispersion = on_grid(table, "dispersion")
    np.testing.assert_allclose(baseline.dispersion[there], dispersion[there], rtol=2e-4)

    fitted = known & np.isfinite(bound) & (baseline.expected > 0)
    if detector.limit == "delta":
        np.testing.assert_allclose(ours[fitted], bound[fitted], rtol=1e-4)
    else:
        different = ours[fitted] != bound[fitted]
        assert different.sum() <= 1  # a count at the very edge, on the 4th digit of the dispersion
        assert np.abs(ours[fitted] - bound[fitted]).max() <= 1


def test_what_the_overwritten_weights_do_in_r() -> None:
    """The reason why our standard errors are not the package's: its trend is kept far more often."""
    as_is, repaired = (
        np.isfinite(on_grid(FARRINGTON.filter(variant=variant), "trend")).mean()
        for variant in ("delta_1996_unrepaired", "delta_1996")
    )
    assert as_is > 1.5 * repaired


@pytest.mark.parametrize(
    ("column", "alpha", "window"),
    [("glr_poisson", 0.0, 60), ("glr_negative_binomial", 0.25, 6)],
)
def test_glr(column: str, alpha: float, window: int) -> None:
    table = pl.read_csv(FOLDER / "charts.csv")
    mean, expected = on_grid(table, "mean"), on_grid(table, column)
    ours = glr_statistic(VALUES, mean, np.full(VALUES.shape, alpha), window=window, reset_above=5.0)
    np.testing.assert_allclose(ours, expected, rtol=1e-6, atol=1e-7)


@pytest.mark.parametrize(("column", "alpha"), [("cusum_poisson", 0.0), ("cusum_negative_binomial", 0.25)])
def test_cusum(column: str, alpha: float) -> None:
    table = pl.read_csv(FOLDER / "charts.csv")
    mean, expected = on_grid(table, "mean"), on_grid(table, column)
    alphas = np.full(VALUES.shape, alpha)
    ours = cusum_statistic(VALUES, mean, alphas, shift=float(np.log(2)), reset_above=5.0)
    np.testing.assert_allclose(ours, expected, rtol=1e-6, atol=1e-7)
