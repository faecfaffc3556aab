import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from counterpoise.errors import AnalysisError, InputError
from counterpoise.monitoring.backtest import backtest
from counterpoise.monitoring.backtest.options import BacktestOptions
from counterpoise.monitoring.backtest.parts import Part, run_parts
from counterpoise.monitoring.backtest.simulate import Parameters, simulate_class
from counterpoise.monitoring.backtest.thresholds import choose_threshold, events
from counterpoise.monitoring.detectors.count_model import CountModel
from counterpoise.provenance import canonical_json
from tests.monitoring.backtest.builders import (
    DECADE,
    PERCENT,
    Blind,
    Level,
    Ratio,
    options,
    series,
    small_backtest,
    surge,
    surges,
)


def everywhere(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.filter(pl.col("class") == "all")


def test_a_perfect_detector_finds_all_and_a_blind_one_none() -> None:
    large = surges(
        *(surge(nationality=n, first_month=date(y, 5, 1)) for n in ("AFG", "CMR") for y in range(2014, 2022))
    )
    result = backtest(series(), (Level(), Blind()), surges=large, options=options())
    # No count of a Poisson series of mean 20 comes near 500; an alarm in the months before is one of chance.
    found = {row["detector"]: row for row in everywhere(result.detection).filter(rate="1%/month").to_dicts()}
    assert found["level"]["p1"] == 1.0 - found["level"]["already_alarmed"]
    assert found["level"]["p1"] >= 0.8
    assert found["level"]["delay_months"] == 0.0
    assert [found["blind"][p] for p in ("p1", "p2", "p3", "realised_rate")] == [0.0] * 4


def test_more_months_find_no_fewer_surges() -> None:
    result = small_backtest()
    detection = result.detection
    assert (detection["p1"] <= detection["p2"]).all()
    assert (detection["p2"] <= detection["p3"]).all()
    whole = everywhere(detection)
    assert ((whole["lower"] <= whole["p2"]) & (whole["p2"] <= whole["upper"])).all()
    classes = detection.filter(
        ~pl.col("class").is_in(["all", "ramp_x10"]), detector="count_model", rate="1/decade"
    )
    assert classes["n"].sum() == result.surges.height


def test_training_realises_the_stated_rate() -> None:
    thresholds = small_backtest().thresholds.filter(detector="count_model")
    assert thresholds["n_series_months"].unique().to_list() == [12 * 60]
    assert dict(thresholds.select("rate", "n_events").iter_rows()) == {"1/decade": 6, "1%/month": 7}


def test_gains_are_differences_over_the_same_surges() -> None:
    result = small_backtest()
    p2 = {(d, r): p for d, r, p in everywhere(result.detection).select("detector", "rate", "p2").iter_rows()}
    for row in everywhere(result.gains).iter_rows(named=True):
        assert row["reference"] == "ears_c1"
        expected = p2[row["detector"], row["rate"]] - p2["ears_c1", row["rate"]]
        assert row["gain_p2"] == pytest.approx(expected)
        assert row["lower"] <= row["gain_p2"] <= row["upper"]
    itself = backtest(
        series(), (Ratio(), replace(Ratio(), name="twin")), options=options(references=("ears_c1",))
    )
    assert itself.gains.select("gain_p2", "lower", "upper").sum().row(0) == (0.0, 0.0, 0.0)


def test_workers_and_interruptions_change_nothing(tmp_path: Path) -> None:
    lines: list[str] = []
    first = small_backtest(resume=tmp_path, progress=lines.append)
    n = len(lines)
    assert lines[-1].startswith(f"[{n}/{n}] ")
    kept = sorted(tmp_path.iterdir())
    assert len(kept) == n
    kept[0].unlink()
    kept[1].write_bytes(kept[1].read_bytes()[:50])  # as a disk that was full would leave it
    lines.clear()
    again = small_backtest(resume=tmp_path, workers=2, progress=lines.append)
    assert sum("kept from before" in line for line in lines) == n - 2
    assert canonical_json(first.to_dict()) == canonical_json(again.to_dict())


def test_months_without_figures_are_no_series_months() -> None:
    whole = series()
    values = whole.values.copy()
    values[:3, :60] = np.nan  # three series begin five years later
    result = backtest(
        replace(whole, values=values),
        (Ratio(), Blind()),
        surges=surges(surge(nationality="YEM", corridor="c-d")),
        options=options(),
    )
    assert result.thresholds["n_series_months"].unique().to_list() == [12 * 60 - 3 * 36]
    training = result.alarm_rates.filter(data="training")
    assert training["n_series_months"].unique().to_list() == [12 * 60 - 3 * 36]
    json.dumps(result.to_dict(), allow_nan=False)  # the blind detector's threshold is not finite


def test_seeds_change_surges_and_result_id() -> None:
    first, other = small_backtest(), small_backtest(seed=1)
    assert not first.surges.equals(other.surges)
    assert first.result_id != other.result_id == small_backtest(seed=1).result_id


def test_what_comes_later_changes_neither_thresholds_nor_surges_found() -> None:
    untouched = series()
    later = untouched.values.copy()
    later[:, untouched.column(date(2021, 1, 1)) :] *= 50
    frame = surges(*(surge(first_month=date(2019, m, 1), add_month_1=20 * m) for m in range(1, 13)))
    results = [
        backtest(s, (Ratio(), CountModel()), surges=frame, options=options())
        for s in (untouched, replace(untouched, values=later))
    ]
    assert results[0].thresholds.equals(results[1].thresholds)
    columns = ["detector", "class", "rate", "p1", "p2", "p3", "already_alarmed"]
    assert results[0].detection.select(columns).equals(results[1].detection.select(columns))


def test_surge_free_series_give_an_oracle_its_stated_rate() -> None:
    parameters = Parameters(
        levels={"busy": (50.0, 50.0), "medium": (20.0, 20.0), "sparse": (1.0, 1.0)},
        dispersion=0.2,
        amplitude=1.0,
        monthly_step=0.2,
        stray_share=0.02,
        stray_size=1.0,
    )
    taught, judged = (
        simulate_class("busy", parameters, n_series=300, warm_up=60, generator=np.random.default_rng(s))
        for s in (1, 2)
    )
    for rate in (DECADE, PERCENT):
        threshold = choose_threshold(taught, rate, start=60, stop=180, n_series_months=300 * 120)
        n = int(events(judged > threshold, rate)[:, 60:].sum())
        assert rate.of(n, 300 * 120) == pytest.approx(rate.value, rel=0.2)


def test_simulations_and_months_after_training_are_reported_by_class() -> None:
    rates = small_backtest().alarm_rates.filter(detector="count_model", rate="1/decade")
    assert rates.filter(data="simulated")["n_series_months"].unique().to_list() == [20 * 120]
    real = rates.filter(data="real")
    assert real.filter(pl.col("class") == "all")["n_series_months"].to_list() == [12 * 48]
    assert real.filter(pl.col("class") != "all")["n_series_months"].sum() == 12 * 48
    ratio = rates.filter(pl.col("n_series_months") > 0)
    assert (ratio["ratio"] == ratio["realised_rate"]).all()  # stated: one per series-decade


def test_forecasts_are_compared_over_the_same_months() -> None:
    forecasts = everywhere(small_backtest().forecasts)
    assert forecasts["detector"].to_list() == ["ears_c1", "count_model"]
    assert forecasts["n"].unique().to_list() == [12 * 48]
    crps = dict(forecasts.select("detector", "crps").iter_rows())
    assert crps["count_model"] < crps["ears_c1"]
    assert forecasts["log_score"].is_null().to_list() == [True, False]


def test_labelled_onsets_are_read_and_their_months_kept_out() -> None:
    plain = series(n_months=160)
    east = replace(plain, names=plain.names.with_columns(pl.lit("eastern-borders").alias("corridor")))
    values = east.values.copy()
    iraq = east.names["nationality"].to_list().index("IRQ")
    values[iraq, east.column(date(2021, 7, 1))] = 5000.0
    result = backtest(east, (Level(),), readings=replace(east, values=values), options=options())
    readings = {
        (n, m): (first, delay)
        for n, m, first, delay in result.readings.filter(rate="1/decade")
        .select("nationality", "month", "first_alarm", "delay_months")
        .iter_rows()
    }
    assert readings["IRQ", date(2021, 6, 1)] == (date(2021, 7, 1), 1)
    assert ("TOTAL-UKR", date(2021, 6, 1)) not in readings  # not in these data
    real = everywhere(result.alarm_rates.filter(data="real"))
    assert real["n_series_months"].unique().to_list() == [12 * 29]  # January 2019 to May 2021


@pytest.mark.parametrize("detectors", [(), (Level(), Level())], ids=["none", "twice"])
def test_detectors_have_names_of_their_own(detectors: tuple[Level, ...]) -> None:
    with pytest.raises(InputError) as raised:
        backtest(series(), detectors, options=options())
    assert raised.value.where == "detectors"


def test_series_that_begin_too_late_are_refused() -> None:
    with pytest.raises(AnalysisError):
        backtest(series(n_months=80), (Level(),), options=options(warm_up_months=84))
    with pytest.raises(AnalysisError):
        backtest(replace(series(), first_month=date(2020, 1, 1)), (Level(),), options=options())


def test_options_say_what_is_wrong_with_them() -> None:
    with pytest.raises(InputError) as raised:
        BacktestOptions(n_draws=0, level=1.0, since=date(2020, 1, 1), until=date(2019, 1, 1))
    for name in ("n_draws", "level", "since and until"):
        assert name in raised.value.found


def test_a_part_kept_for_other_counts_is_not_taken_up(tmp_path: Path) -> None:
    def part(values: np.ndarray) -> Part:
        return Part(detector=Level(), name="real", measure="scores", values=values, first_month=1)

    ones, twos = np.full((2, 5), 1.0), np.full((2, 5), 2.0)
    run_parts([part(ones)], resume=tmp_path)
    assert run_parts([part(twos)], resume=tmp_path)["level", "real"].tolist() == twos.tolist()
