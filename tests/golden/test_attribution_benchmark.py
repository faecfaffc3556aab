"""The committed tables of the attribution benchmarks are those of this code, and say what the pages say."""

from pathlib import Path

import polars as pl
import pytest

from benchmarks.skill.attribution import settings_hash
from benchmarks.skill.attribution_coincidence import DESIGNS, facts, series
from counterpoise.attribution.indicators.coincidence import measure_coincidence

SKILL = Path(__file__).resolve().parents[2] / "benchmarks" / "skill"


@pytest.mark.parametrize(
    "name", ["scores", "abstention", "calibration", "confusion", "indicators", "planted", "screen"]
)
def test_the_tables_were_made_with_the_settings_that_are_bundled(name: str) -> None:
    assert pl.read_csv(SKILL / f"attribution_{name}.csv")["settings"].unique().to_list() == [settings_hash()]


def test_planted_reports_moved_no_ratio_by_more_than_their_cap() -> None:
    planted = pl.read_csv(SKILL / "attribution_planted.csv")
    assert (planted["largest_move"] <= planted["cap"] + 1e-4).all()


def test_counts_alone_gain_nothing_on_the_aim() -> None:
    scores = pl.read_csv(SKILL / "attribution_scores.csv")
    (gain,) = scores.filter(question="aim", evidence="counts_alone")["gain_over_base_rates"]
    assert gain == 0


def test_all_evidence_is_better_than_any_single_indicator() -> None:
    scores = pl.read_csv(SKILL / "attribution_scores.csv")
    for question in ("driver", "opening", "record"):
        mine = scores.filter(question=question)
        single = mine.filter(pl.col("evidence").str.starts_with("only_"))["gain_over_base_rates"].max()
        assert mine.filter(evidence="all")["gain_over_base_rates"].item() > single  # type: ignore[operator]


def test_the_size_of_the_coincidence_test_is_what_the_table_says() -> None:
    import numpy as np

    table = pl.read_csv(SKILL / "attribution_coincidence.csv")
    assert table["n_repetitions"].min() == 5000
    assert table["size"].is_between(0.042, 0.058).all()
    _, memory, begin, go_on = DESIGNS[-1]
    rng = np.random.default_rng(1)
    rejected = 0
    for _ in range(600):
        found = measure_coincidence(series(memory, rng), facts(begin, go_on, rng), 1)
        assert found is not None
        rejected += found.p_value <= 0.05
    assert 10 <= rejected <= 52, "0.05 of 600 within four standard errors"


def _interval(row: pl.DataFrame, *names: str) -> str:
    gain, lower, upper = (f"{100 * row[name].item():.1f}" for name in names)
    return f"{gain} % ({lower} to {upper})"


def test_the_page_tells_the_numbers_of_the_tables() -> None:
    page = (SKILL.parents[1] / "docs" / "attribution.md").read_text(encoding="utf-8")
    scores = pl.read_csv(SKILL / "attribution_scores.csv")
    calibration = pl.read_csv(SKILL / "attribution_calibration.csv").filter(evidence="counts_alone")
    abstention = pl.read_csv(SKILL / "attribution_abstention.csv").filter(evidence="counts_alone")
    for question in ("driver", "opening", "record"):
        mine = scores.filter(question=question)
        gains = [
            _interval(mine.filter(evidence=name), "gain_over_base_rates", "gain_lower", "gain_upper")
            for name in ("counts_alone", "counts_and_annual_figures", "all")
        ]
        single = mine.filter(pl.col("evidence").str.starts_with("only_"))["gain_over_base_rates"].max()
        deciles = calibration.filter(question=question)
        row = (
            f"| {question} | {' | '.join(gains)} | {single:.1%} "
            f"| {deciles['within'].sum()} of {deciles.height} |"
        )
        assert row.replace("%", " %").replace("  %", " %") in page
        causes = abstention.filter(question=question)
        shares = dict(zip(causes["cause"], causes["share"], strict=True))
        right = mine.filter(evidence="counts_alone")["right_where_answered_share"].item()
        order = ("an_answer_is_given", "one_group_deep", "some_ruled_out", "cannot_be_told_apart")
        row = f"| {question} | {' | '.join(f'{shares[cause]:.1%}' for cause in order)} | {right:.1%} |"
        assert row.replace("%", " %") in page
    for row in pl.read_csv(SKILL / "attribution_bound.csv").iter_rows(named=True):
        gain, lower, upper = (f"{100 * row[key]:.1f}" for key in ("gain", "lower", "upper"))
        assert f"{gain} % ({lower} to {upper} %" in " ".join(page.split())
    sizes = pl.read_csv(SKILL / "attribution_coincidence.csv")
    assert f"between {100 * sizes['size'].min():.1f} and {100 * sizes['size'].max():.1f} %" in page
