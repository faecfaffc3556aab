"""Options say what is wrong with them, and their defaults are what the settings table gives."""

import math
from dataclasses import fields, replace
from pathlib import Path

import polars as pl
import pytest

from counterpoise.errors import InputError
from counterpoise.monitoring.options import DETECT_DEFAULTS, DetectOptions
from counterpoise.monitoring.two_periods import HIGH_BY_ITSELF

ONE_SHARE = ["alarm_rate", "season_discount", "dispersion_discount", "weight_memory"]


@pytest.mark.parametrize("name", [field.name for field in fields(DetectOptions) if field.name != "models"])
@pytest.mark.parametrize("value", [0, -1.0, math.nan, math.inf])
def test_settings_are_positive_numbers(name: str, value: float) -> None:
    with pytest.raises(InputError) as caught:
        DetectOptions(**{name: value})
    assert name in caught.value.found


@pytest.mark.parametrize("name", [*ONE_SHARE, "level", "threshold"])
def test_shares_are_at_most_one(name: str) -> None:
    with pytest.raises(InputError):
        DetectOptions(**{name: 1.01})


@pytest.mark.parametrize("name", ["level", "threshold"])
def test_level_and_threshold_are_below_one(name: str) -> None:
    with pytest.raises(InputError):
        DetectOptions(**{name: 1.0})


@pytest.mark.parametrize("name", ONE_SHARE)
def test_other_shares_may_be_one(name: str) -> None:
    assert getattr(DetectOptions(**{name: 1.0}), name) == 1.0


@pytest.mark.parametrize("models", [(), ((0.0, 1.0),), ((1.1, 1.0),), ((0.9, 0.0),), ((math.nan, 1.0),)])
def test_models_have_a_discount_and_a_dispersion(models: tuple[tuple[float, float], ...]) -> None:
    with pytest.raises(InputError) as caught:
        DetectOptions(models=models)
    assert "models" in caught.value.found


def test_all_faults_are_named_together() -> None:
    with pytest.raises(InputError) as caught:
        DetectOptions(level=2.0, threshold=-1.0, models=())
    assert [name in caught.value.found for name in ("level", "threshold", "models")] == [True] * 3


@pytest.fixture(scope="module")
def settings_table(repository: Path) -> pl.DataFrame:
    return pl.read_csv(repository / "benchmarks/skill/settings.csv")


def test_defaults_are_the_best_candidate(repository: Path, settings_table: pl.DataFrame) -> None:
    from benchmarks.skill.settings import CANDIDATES

    tried = settings_table.filter(pl.col("log_score").is_not_null())
    best = tried.sort(pl.col("p2_at_half") + pl.col("p2_at_one"), descending=True)["candidate"][0]
    assert set(tried["candidate"]) == set(CANDIDATES)
    assert CANDIDATES[best] == DETECT_DEFAULTS


def test_threshold_is_the_one_nearest_to_one_percent_and_the_rate_is_what_it_realised(
    settings_table: pl.DataFrame,
) -> None:
    rates = settings_table.filter(pl.col("threshold").is_not_null())
    busy = rates.filter(pl.col("series") == "50 and more")
    nearest = busy.sort((pl.col("rate") - 0.01).abs())["threshold"][0]
    assert nearest == DETECT_DEFAULTS.threshold
    realised = rates.filter(pl.col("series") == "all", pl.col("threshold") == nearest)["rate"].item()
    assert realised == DETECT_DEFAULTS.alarm_rate


def test_options_do_not_change() -> None:
    with pytest.raises(AttributeError):
        DETECT_DEFAULTS.level = 0.5  # type: ignore[misc]
    assert replace(DETECT_DEFAULTS, level=0.5) != DETECT_DEFAULTS


def test_the_share_of_two_months_is_the_best_of_the_table(settings_table: pl.DataFrame) -> None:
    two = settings_table.filter(pl.col("candidate").str.contains("two months"))
    best = two.sort(pl.col("p2_at_half") + pl.col("p2_at_one")).row(-1, named=True)["candidate"]
    assert best.endswith(f"high {HIGH_BY_ITSELF:g}")
