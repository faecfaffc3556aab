"""``evaluate`` on the bundled case: what is estimated, joint, not identifiable, refused; and as of a day."""

from datetime import date
from itertools import pairwise

import pytest

from counterpoise.cases import load_case
from counterpoise.errors import InputError
from counterpoise.impact import EvaluateOptions, Evaluation, evaluate
from counterpoise.impact.identifiability import group_responses
from counterpoise.observations.archive import Archive
from counterpoise.observations.bundled import read_bundled

KEYS = {
    "responses",
    "corridor",
    "nationality",
    "outcome",
    "estimand",
    "status",
    "estimate",
    "lower",
    "upper",
    "level",
    "relative",
    "cumulative",
    "pointwise",
    "checks",
    "reason",
}


@pytest.fixture(scope="module")
def archive() -> Archive:
    return Archive.from_batch(read_bundled())


@pytest.fixture(scope="module")
def belarus(archive: Archive) -> Evaluation:
    return evaluate(archive, case=load_case("belarus-eu-2021"), outcomes=("detections",))


def test_the_answer_has_the_keys_of_the_contract(belarus: Evaluation) -> None:
    answer = belarus.to_dict()
    assert {"stage", "version", "as_of", "seed", "result_id", "checks"} <= set(answer)
    assert {"effects", "families", "displacement", "rights", "costs", "harms", "instruments"} <= set(answer)
    assert all(set(effect) == KEYS for effect in answer["effects"])


def test_the_fall_of_august_2021_is_no_effect(belarus: Evaluation) -> None:
    route = [e for e in belarus.effects if e.corridor == "eastern-borders" and "r03" in e.responses]
    assert [e.status for e in route] == ["not_identifiable"]
    assert "2021-08-03" in route[0].reason
    assert "onward detections" in route[0].reason
    assert route[0].estimate is None


def test_responses_of_november_2021_are_bounded_together_and_not_split(belarus: Evaluation) -> None:
    with_hubs = [e for e in belarus.effects if "r16" in e.responses and e.corridor == "eastern-borders"]
    joint = [e for e in with_hubs if e.status == "joint_bounds" and e.nationality.startswith("TOTAL")]
    assert len(joint) == 1
    assert len(joint[0].responses) > 5
    assert joint[0].estimate is None
    assert joint[0].lower is not None
    assert joint[0].upper is not None
    assert joint[0].lower < joint[0].upper
    alone = [e for e in with_hubs if e.responses == ("r16",)]
    assert [e.status for e in alone] == ["not_identifiable"]
    assert "not identifiable separately" in alone[0].reason
    assert "would help" in alone[0].reason


def test_with_under_twelve_months_before_nothing_is_estimated(belarus: Evaluation) -> None:
    short = [e for e in belarus.effects if e.corridor == "BY-PL"]
    assert short
    assert {e.status for e in short} == {"refused"}
    assert all(e.reason for e in short)


def test_every_estimate_carries_its_checks_and_lies_in_its_interval(belarus: Evaluation) -> None:
    estimated = [e for e in belarus.effects if e.status == "estimated" and e.nationality.startswith("TOTAL")]
    assert estimated
    for effect in estimated:
        names = {check.name for check in effect.checks}
        assert names == {
            "placebo_in_time",
            "placebo_outcome",
            "peak_start",
            "counting_rules",
            "months_published",
            "synthetic_control",
            "unaffected_series",
            "other_causes",
        }
        assert effect.estimate is not None
        assert effect.lower is not None
        assert effect.upper is not None
        assert effect.lower <= effect.estimate <= effect.upper


def test_months_and_their_sum_agree_with_the_effect(belarus: Evaluation) -> None:
    for effect in belarus.effects:
        if effect.status != "estimated" or not effect.nationality.startswith("TOTAL"):
            continue
        after = [row for row in effect.to_dict()["pointwise"] if row["observed"] is not None]
        assert after
        assert all(row["lower"] <= row["expected"] <= row["upper"] for row in after)
        assert effect.cumulative is not None
        estimate, lower, upper = (effect.cumulative[name] for name in ("estimate", "lower", "upper"))
        assert lower <= estimate <= upper  # type: ignore[operator]
        observed = sum(row["observed"] for row in after)
        assert upper <= observed, "no fewer than nobody could be expected"  # type: ignore[operator]


def test_the_same_inputs_give_the_same_answer(archive: Archive, belarus: Evaluation) -> None:
    again = evaluate(archive, case=load_case("belarus-eu-2021"), outcomes=("detections",))
    assert again.to_dict() == belarus.to_dict()


def test_a_replay_knows_only_responses_and_months_of_its_day(archive: Archive) -> None:
    early = evaluate(
        archive, case=load_case("belarus-eu-2021"), outcomes=("detections",), as_of=date(2021, 9, 1)
    )
    assert len(early.rights) < 15
    assert not any("2022" in effect.estimand for effect in early.effects)


def test_finlands_closures_are_not_read_on_a_count_without_people_who_apply_at_crossings(
    archive: Archive,
) -> None:
    finland = evaluate(archive, case=load_case("russia-finland-2023"))
    assert all(effect.reason or effect.status == "estimated" for effect in finland.effects)
    closure = next(r["response"] for r in finland.rights if r["title"] == "Land border closed")
    route = [e for e in finland.effects if closure in e.responses and e.outcome == "detections"]
    assert {e.status for e in route} == {"not_identifiable"}
    assert "apply at crossing points" in route[0].reason


def test_months_of_deaths_alone_are_not_compared(belarus: Evaluation, archive: Archive) -> None:
    result = evaluate(archive, case=load_case("belarus-eu-2021"), outcomes=("deaths_missing",))
    assert {e.status for e in result.effects} == {"refused"}


def test_a_series_with_gaps_is_estimated_and_says_so(archive: Archive) -> None:
    result = evaluate(archive, case=load_case("belarus-eu-2021"), outcomes=("attempts",))
    estimated = [e for e in result.effects if e.status in {"estimated", "joint_bounds"}]
    assert estimated
    assert all(
        check.status == "inconclusive"
        for e in estimated
        for check in e.checks
        if check.name == "months_published"
    )


def test_a_response_or_outcome_that_is_not_there_is_refused(archive: Archive) -> None:
    case = load_case("belarus-eu-2021")
    with pytest.raises(InputError, match="--response"):
        evaluate(archive, case=case, response="r99")
    with pytest.raises(InputError, match="--outcome"):
        evaluate(archive, case=case, outcomes=("feelings",))


@pytest.mark.parametrize(
    "fault", [{"level": 1.0}, {"min_pre_periods": 0}, {"level_ratios": (0.0,)}, {"ridge_scales": ()}]
)
def test_settings_that_mean_nothing_are_refused(fault: dict[str, object]) -> None:
    with pytest.raises(InputError):
        EvaluateOptions(**fault)  # type: ignore[arg-type]


def test_groups_hold_what_begins_within_a_month_and_do_not_overlap() -> None:
    groups = group_responses(tuple(load_case("belarus-eu-2021").responses))
    names = [name for group in groups for name in group.names]
    assert len(names) == len(set(names)) == len(load_case("belarus-eu-2021").responses)
    for one, next_one in pairwise(groups):
        assert one.last_day is not None
        assert one.begin <= one.last_day < next_one.begin


def test_a_case_without_responses_has_no_groups() -> None:
    assert group_responses(()) == ()
