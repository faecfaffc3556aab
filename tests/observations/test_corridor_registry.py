"""The bundled tree of corridors, and the rules of counting that refer to it."""

import datetime as dt
import itertools
import json
from importlib.resources import files
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterpoise.errors import InputError
from counterpoise.observations.corridors import load_corridors
from counterpoise.observations.nationalities import is_nationality
from counterpoise.observations.regimes import (
    REGIMES,
    load_regimes,
    parse_regimes,
    regimes_for,
    regimes_frame,
    select_regimes,
)
from counterpoise.schemas import require_schema

REGISTRY = load_corridors()
IDS = sorted(REGISTRY.corridors)


@given(st.sampled_from(IDS))
def test_up_and_down_the_tree_agree(name: str) -> None:
    assert all(name in REGISTRY.subtree(above) for above in REGISTRY.ancestors(name))
    assert all(name in REGISTRY.ancestors(below) for below in REGISTRY.subtree(name) if below != name)


def test_states_are_countries() -> None:
    for corridor in REGISTRY.corridors.values():
        for code in (*corridor.from_states, *corridor.to_states, *corridor.totals_without):
            assert is_nationality(code), (corridor.id, code)


def test_kinds_stand_where_they_belong() -> None:
    above = {"part": "route", "border": "route", "sector": ("border", "sector")}
    for corridor in REGISTRY.corridors.values():
        if corridor.kind in above:
            assert corridor.parent is not None
            assert REGISTRY[corridor.parent].kind in above[corridor.kind]
        else:
            assert corridor.parent is None


def test_a_name_of_a_publisher_means_one_corridor() -> None:
    names = [name for c in REGISTRY.corridors.values() for name in c.names.get("frontex", ())]
    assert len(names) == len(set(names))


def test_every_route_and_border_type_of_the_figures_has_a_corridor(shared: Path) -> None:
    by_name = REGISTRY.by_publisher_name("frontex")
    frame = pl.read_parquet(shared / "data" / "frontex" / "frontex_ibc_vintages.parquet")
    types = frame.group_by("route").agg(pl.col("border_type").unique().sort())
    for route, border_types in types.iter_rows():
        parts = REGISTRY.children(by_name[route])
        expected = {f"{by_name[route]}-{kind.lower()}" for kind in border_types}
        found = {part for part in parts if REGISTRY[part].kind == "part"}
        assert found == (expected if len(border_types) > 1 else set()), route


def test_lines_are_short_steps_on_the_map() -> None:
    for corridor in REGISTRY.corridors.values():
        assert len(corridor.line) <= 40
        for (x0, y0), (x1, y1) in itertools.pairwise(corridor.line):
            assert -20 <= x0 <= 60
            assert 15 <= y0 <= 72
            assert abs(x1 - x0) + abs(y1 - y0) < 6, corridor.id


def test_neighbouring_borders_meet() -> None:
    ends = {
        name: {REGISTRY[name].line[0], REGISTRY[name].line[-1]}
        for name in ("BY-LT", "BY-LV", "BY-PL", "UA-PL")
    }
    assert ends["BY-LT"] & ends["BY-LV"]
    assert ends["BY-LT"] & ends["BY-PL"]
    assert ends["BY-PL"] & ends["UA-PL"]


def test_the_basemap_is_small_and_has_the_states_of_the_corridors() -> None:
    text = files("counterpoise.data").joinpath("basemap.json").read_text(encoding="utf-8")
    assert len(text) < 120_000
    features = {f["id"]: f for f in json.loads(text)["features"]}
    states = {s for c in REGISTRY.subtree("eastern-borders") for s in REGISTRY[c].to_states}
    assert states <= set(features)
    rings = [ring for f in features.values() for part in f["geometry"]["coordinates"] for ring in part]
    assert all(ring[0] == ring[-1] for ring in rings)
    assert all(-20 <= x <= 60 and 15 <= y <= 72 for ring in rings for x, y in ring)


def test_crimea_is_drawn_with_ukraine() -> None:
    text = files("counterpoise.data").joinpath("basemap.json").read_text(encoding="utf-8")
    features = {f["id"]: f for f in json.loads(text)["features"]}
    holding = {
        code
        for code, f in features.items()
        for part in f["geometry"]["coordinates"]
        if _inside(34.1, 45.2, part[0])
    }
    assert holding == {"UKR"}


def _inside(x: float, y: float, ring: list[list[float]]) -> bool:
    inside = False
    for (x0, y0), (x1, y1) in itertools.pairwise(ring):
        if (y0 > y) != (y1 > y) and x < (x1 - x0) * (y - y0) / (y1 - y0) + x0:
            inside = not inside
    return inside


def test_a_wrong_corridor_is_answered_with_near_ones() -> None:
    with pytest.raises(InputError) as caught:
        REGISTRY.require("eastern-border")
    assert "eastern-borders" in caught.value.hint
    assert caught.value.found == "'eastern-border'"


def test_regimes_are_read_in_order_with_known_corridors() -> None:
    found = load_regimes()
    assert [r.start for r in found] == sorted(r.start for r in found)
    assert all(r.corridor in REGISTRY for r in found)
    require_schema(regimes_frame(found), REGIMES, "regimes")


def test_turning_back_is_a_rule_of_the_route_but_no_break_of_it() -> None:
    """A break at 24 February 2022 would hide the surge that the control case is about."""
    of_route = [r for r in load_regimes() if r.corridor == "eastern-borders" and r.measure == "detections"]
    assert {r.start for r in of_route} >= {dt.date(2021, 8, 3), dt.date(2021, 8, 11), dt.date(2022, 2, 24)}
    assert not any(r.is_break for r in of_route)
    assert any(r.is_break and r.start == dt.date(2021, 8, 3) for r in load_regimes() if r.corridor == "BY-LT")


def test_regimes_of_a_corridor_include_those_above_and_below() -> None:
    found = {r.corridor for r in regimes_for(load_regimes(), REGISTRY, "RU-FI-south-east")}
    assert {"RU-FI-south-east", "RU-FI", "eastern-borders"} <= found
    assert "BY-PL" not in found


def test_one_measure_can_be_asked_for() -> None:
    frame = select_regimes("BY-LV", "admitted_humanitarian")
    assert frame["id"].to_list() == ["lv-admitted-humanitarian"]
    with pytest.raises(InputError) as caught:
        select_regimes(measure="attemts")
    assert "attempts" in caught.value.hint


ENTRY = """\
  - id: one
    from: 2021-08-03
    corridor: BY-LT
    measure: prevented
    what: A rule.
    source: A page
"""


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ("BY-LT", "BY-LX", "BY-LX"),
        ("prevented", "stopped", "stopped"),
        ("    source: A page\n", "", "no source"),
        ("2021-08-03", "summer", "summer"),
        ("2021-08-03", "2021-08-03\n    to: 2020-01-01", "before it begins"),
    ],
)
def test_faults_of_regimes_are_told_together(old: str, new: str, found: str) -> None:
    text = "regimes:\n" + ENTRY.replace(old, new) + ENTRY
    with pytest.raises(InputError) as caught:
        parse_regimes(text, REGISTRY, "regimes.yml")
    assert found in caught.value.found
    assert "twice" in caught.value.found
    assert caught.value.where == "regimes.yml"


def test_a_rule_for_all_measures_concerns_each() -> None:
    text = "regimes:\n" + ENTRY.replace("prevented", "ALL")
    found = parse_regimes(text, REGISTRY, "x")
    assert regimes_for(found, REGISTRY, "BY-LT", "detained") == found
