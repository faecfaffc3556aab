"""``screen``: corridor-months with a rise, never nationalities, and nothing from later."""

from datetime import date
from functools import cache

import numpy as np
import polars as pl

from counterpoise.attribution import Screening, screen
from counterpoise.attribution.likelihoods import load_likelihoods
from counterpoise.attribution.screen import SCREENED, screen_cube
from counterpoise.observations.archive import Archive
from counterpoise.observations.bundled import read_bundled
from tests.attribution.builders import cube


@cache
def screened() -> Screening:
    return screen(Archive.from_batch(read_bundled()), since=date(2019, 1, 1), as_of=date(2022, 3, 1))


def test_corridors_are_ranked_and_never_nationalities() -> None:
    rows = screened().rows
    assert rows.columns == list(SCREENED)
    assert rows["rank"].to_list() == list(range(1, rows.height + 1))
    middle = (rows["opening_lower"] + rows["opening_upper"]).to_list()
    assert middle == sorted(middle, reverse=True)
    assert "nationality" not in rows.columns
    assert screened().to_dict()["ranks_nationalities"] is False


def test_every_row_has_its_reasons_and_the_list_its_blind_spots() -> None:
    assert screened().rows["reasons"].str.contains("for: .*against: ").all()
    assert "Ceuta 2021" in screened().checks[0].text


def test_eastern_borders_are_read_without_ukrainians() -> None:
    rows = screened().rows.filter(pl.col("corridor") == "eastern-borders")
    assert rows["left_out"].unique().to_list() == ["UKR"]
    assert date(2021, 7, 1) in rows["month"].to_list()


def test_months_not_yet_known_are_not_in_the_list() -> None:
    newest = screened().rows["month"].max()
    assert newest is not None
    assert newest <= date(2022, 1, 1)


def test_new_nationalities_on_one_corridor_come_before_a_growth_of_old_ones() -> None:
    rng = np.random.default_rng(4)
    counts = rng.negative_binomial(8, 0.1, (6, 8, 72)).astype(float)
    counts[0, 4:] = counts[1, 4:] = 0
    counts[0, 4:, -3:] = 200
    counts[1, :4, -3:] *= 6
    rows = screen_cube(cube(counts), load_likelihoods(), corridors=["c0", "c1"])
    last = rows.filter(pl.col("month") == pl.col("month").max())
    opened, grown = (last.filter(pl.col("corridor") == c).row(0, named=True) for c in ("c0", "c1"))
    opened_middle, grown_middle = (row["opening_lower"] + row["opening_upper"] for row in (opened, grown))
    assert opened_middle > grown_middle
    assert opened["opening_lower"] > 0
    assert "without history" in opened["reasons"]
