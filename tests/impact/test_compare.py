"""Two borders side by side: aligned on day 0, divided honestly, and warned of what does not compare."""

from datetime import date

import polars as pl
import pytest

from counterpoise.cases.ledgers import read_border_lengths
from counterpoise.errors import InputError
from counterpoise.impact.compare import _length, _length_of, compare, parse_side
from counterpoise.observations.archive import Archive
from counterpoise.observations.bundled import read_bundled


@pytest.fixture(scope="module")
def archive() -> Archive:
    return Archive.from_batch(read_bundled())


def test_a_side_has_a_name_and_perhaps_a_day() -> None:
    assert parse_side("BY-PL") == ("BY-PL", None)
    assert parse_side("BY-PL@2021-08") == ("BY-PL", date(2021, 8, 1))
    assert parse_side("BY-PL@2021-08-03") == ("BY-PL", date(2021, 8, 3))
    with pytest.raises(InputError, match="BY-PL@2021-08"):
        parse_side("BY-PL@August")


def test_months_are_counted_from_day_zero_and_figures_divided(archive: Archive) -> None:
    found = compare(archive, "BY-PL@2021-08-15", "BY-LV@2022-08")
    october = found.months.filter(
        pl.col("measure") == "attempts", pl.col("side") == "a", pl.col("offset") == 2
    ).row(0, named=True)
    assert (october["period_start"], october["value"]) == (date(2021, 10, 1), 17447)
    assert found.a.population is not None
    assert found.a.km is not None
    assert october["per_100k"] == pytest.approx(17447 / found.a.population * 1e5)
    assert october["per_km"] == pytest.approx(17447 / found.a.km)
    assert found.a.km == 418
    assert found.a.km_url.startswith("https://")


def test_what_does_not_compare_is_said_per_measure(archive: Archive) -> None:
    found = compare(archive, "BY-PL@2021-08", "BY-LV@2022-08")
    prevented = next(m for m in found.measures if m["measure"] == "prevented")
    text = " ".join(prevented["warnings"])
    assert "counting rule changed on 2021-08-20" in text
    assert "two publishers" in text
    assert "no figure" in text


def test_an_episode_with_itself_has_the_same_figures_on_both_sides(archive: Archive) -> None:
    found = compare(archive, "eastern-borders@2019-06", "eastern-borders@2019-06")
    sides = found.months.partition_by("side", include_key=False)
    assert sides[0].equals(sides[1])
    assert next(m for m in found.measures if m["measure"] == "detections")["warnings"] == []


def test_a_case_stands_for_its_first_border_and_phase(archive: Archive) -> None:
    found = compare(archive, "belarus-eu-2021", "russia-finland-2023")
    assert (found.a.corridor, found.a.day_zero) == ("BY-LT", date(2021, 5, 26))
    assert found.b.corridor == "RU-FI"


def test_a_corridor_of_no_case_needs_a_day(archive: Archive) -> None:
    with pytest.raises(InputError, match="@YYYY-MM-DD"):
        compare(archive, "western-balkan", "BY-PL")


def test_a_published_length_is_longer_than_the_coarse_line_and_not_by_half() -> None:
    corridors = Archive.from_batch(read_bundled()).as_of().corridors
    for name, km in read_border_lengths().select("corridor", "km").rows():
        coarse = _length(corridors[name].line)
        assert coarse is not None
        assert coarse < km < 2 * coarse, name


def test_a_border_without_a_published_length_says_that_its_line_is_coarse() -> None:
    corridors = Archive.from_batch(read_bundled()).as_of().corridors
    published = set(read_border_lengths()["corridor"])
    other = next(
        c for c in corridors.corridors.values() if c.kind == "border" and c.id not in published and c.line
    )
    assert "coarse line" in _length_of(other)[1]
    assert _length_of(corridors["eastern-borders"]) == (None, "", "")
