"""What stands beside an effect: rights, harm, costs; never summed, never a score, never from later."""

from datetime import date

import pytest

from counterpoise.cases import load_case
from counterpoise.impact import Evaluation, evaluate
from counterpoise.observations.archive import Archive
from counterpoise.observations.bundled import read_bundled


@pytest.fixture(scope="module")
def archive() -> Archive:
    return Archive.from_batch(read_bundled())


@pytest.fixture(scope="module")
def belarus(archive: Archive) -> Evaluation:
    return evaluate(archive, case=load_case("belarus-eu-2021"), response="r08", outcomes=("detections",))


def test_an_emergency_has_its_concern_instruments_harm_and_access(belarus: Evaluation) -> None:
    row = next(r for r in belarus.rights if r["title"] == "State of emergency at the border")
    assert row["rights_concern"]
    assert {"mk-v-poland", "cjeu-c-72-22"} <= set(row["instruments"])
    assert "cocg-v-lithuania" not in row["instruments"]
    assert "regulation-2024-1359" not in row["instruments"], (
        "a law of 2024 bore on nothing that ended in 2021"
    )
    deaths = next(one for one in row["harm_ranges"] if one["kind"] == "death")
    assert (deaths["lower"], deaths["lower_from"]) == (4, "death-h20")
    assert row["access_limits"]


def test_harm_stands_beside_what_acts_on_people_at_the_same_border_only(belarus: Evaluation) -> None:
    rows = {r["response"]: r for r in belarus.rights}
    assert not any(r["harms"] for r in rows.values() if r["kind"] in {"sanctions", "airline_pressure"})
    at_poland = {h["id"] for h in belarus.harms if h["corridor"] == "BY-PL"}
    latvia = next(r for r in rows.values() if r["country"] == "Latvia" and r["kind"] == "emergency_law")
    assert not at_poland & set(latvia["harms"])


def test_nested_harms_keep_their_wider_count_and_are_not_summed(belarus: Evaluation) -> None:
    by_id = {h["id"]: h for h in belarus.harms}
    for harm in by_id.values():
        if harm["nested_in"]:
            assert harm["value"] <= by_id[harm["nested_in"]]["value"]
    for row in belarus.rights:
        for one in row["harm_ranges"]:
            values = [by_id[i]["value"] for i in row["harms"]]
            assert one["lower"] is None or one["lower"] in values


def test_a_denominator_is_a_figure_for_every_month_the_harm_touches(belarus: Evaluation) -> None:
    harm = next(h for h in belarus.harms if h["id"] == "death-h16")
    assert [(d["measure"], d["n_months"]) for d in harm["denominators"]] == [("attempts", 5)]
    assert next(h for h in belarus.harms if h["id"] == "death-h18")["denominators"] == []


def test_costs_name_currency_year_page_and_response(belarus: Evaluation) -> None:
    barrier = next(c for c in belarus.costs if c["response"] == "Steel barrier")
    assert (barrier["currency"], barrier["price_year"]) == ("PLN", 2021)
    assert barrier["url"].startswith("http")
    named = {r["response"]: r["title"] for r in belarus.rights}
    assert [named[name] for name in barrier["responses"]] == ["Steel barrier"]


def test_no_ledger_makes_a_score(belarus: Evaluation) -> None:
    keys = {
        key
        for part in ("rights", "costs", "harms", "indicators")
        for row in belarus.to_dict()[part]
        for key in row
    }
    assert not {"score", "total", "sum", "weight", "index"} & keys


def test_a_replay_knows_nothing_of_later(archive: Archive) -> None:
    then = evaluate(
        archive, case=load_case("belarus-eu-2021"), outcomes=("detections",), as_of=date(2021, 10, 1)
    ).to_dict()
    days = [
        row["public_on"] for part in ("costs", "indicators", "polls", "instruments") for row in then[part]
    ]
    assert days
    assert max(days) <= "2021-10-01"
    assert all(h["period_end"] <= "2021-10-01" for h in then["harms"])


def test_a_barrier_that_is_finished_goes_on_and_so_does_the_harm_beside_it(belarus: Evaluation) -> None:
    barrier = next(row for row in belarus.rights if row["title"] == "Steel barrier")
    assert barrier["ended_on"] is None
    later = {h["id"] for h in belarus.harms if h["corridor"] == "BY-PL" and h["period_start"] > "2023-01-01"}
    assert later
    assert later <= set(barrier["harms"])


def test_a_replay_names_nobody_who_may_have_spoken_later(belarus: Evaluation, archive: Archive) -> None:
    early = evaluate(
        archive, case=load_case("belarus-eu-2021"), as_of=date(2021, 10, 1), outcomes=("detections",)
    )
    assert any(row["raised_by"] for row in belarus.rights)
    assert not any(row["raised_by"] or row["claimed_effect"] for row in early.rights)
    assert any(row["rights_concern"] for row in early.rights)
