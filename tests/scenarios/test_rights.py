"""Rights screen policies before anything is compared."""

from datetime import date

import pytest

from counterpoise.scenarios.policies import load_policies
from counterpoise.scenarios.rights import is_admissible, load_rules, newest_check, screen_policy
from counterpoise.scenarios.worlds import State
from tests.scenarios.builders import policy

DAY = date(2026, 11, 23)
POLAND = State(state="POL", eu_member=True, protocol_4_party=True)
GREECE = State(state="GRC", eu_member=True, protocol_4_party=False)
TURKIYE = State(state="TUR", eu_member=False, protocol_4_party=False)


def screens(*levers: str, states=(POLAND,), as_of=DAY, **circumstances: bool):
    return screen_policy(policy(*levers, **circumstances), states, as_of=as_of)


def results(found) -> dict[str, str]:
    return {screen.rule.id: screen.result for screen in found}


def test_turn_back_without_hearing_anybody_is_blocked_whatever_is_stated() -> None:
    found = screens(
        "lever: turn_back",
        protection_heard=True,
        individual_assessment=True,
        own_conduct=True,
        derogation=True,
    )
    assert results(found)["refoulement"] == "blocked"
    assert not is_admissible(found)


def test_the_bar_of_collective_expulsion_has_exceptions_and_binds_parties_only() -> None:
    found = {s.rule.id: s for s in screens("lever: turn_back")}
    assert found["collective-expulsion"].result == "blocked_unless"
    assert "derogation" in found["collective-expulsion"].conditions
    assert not found["collective-expulsion"].met
    greece = results(screens("lever: turn_back", states=(GREECE,)))
    assert greece["collective-expulsion"] == "no_instrument_binding"
    assert greece["charter-collective"] == "blocked_unless"
    turkiye = results(screens("lever: turn_back", states=(TURKIYE,)))
    assert turkiye["charter-collective"] == "no_instrument_binding"
    assert turkiye["refoulement"] == "blocked"


def test_what_a_court_has_not_decided_is_pending_and_blocks_nothing_by_itself() -> None:
    pending = [s for s in screens("lever: turn_back") if s.result == "contested_pending"]
    assert len(pending) == 3
    assert all(not s.rule.final and s.rule.decided_on is None and s.rule.checked_on for s in pending)
    assert is_admissible(pending)


def test_a_later_judgment_was_not_known() -> None:
    early = results(screens("lever: emergency_law", as_of=date(2022, 6, 29)))
    later = results(screens("lever: emergency_law", as_of=date(2022, 6, 30)))
    assert "asylum-access" not in early
    assert later["asylum-access"] == "blocked"


@pytest.mark.parametrize(
    ("levers", "circumstances", "admissible"),
    [
        (["lever: fence"], {}, True),
        (["lever: border_procedure"], {}, False),
        (["lever: border_procedure"], {"protection_heard": True}, False),
        (["lever: border_procedure"], {"protection_heard": True, "remedy": True}, True),
        (["lever: crossing_closure"], {}, False),
        (["lever: crossing_closure"], {"access_elsewhere": True}, True),
        (["lever: crossing_closure, borders: [1, 2]"], {}, True),
        (["lever: crossing_closure, level: 0.5"], {}, True),
        (["lever: emergency_law"], {"asylum_access": True}, False),
        (["lever: emergency_law", "lever: aid_access"], {"asylum_access": True}, True),
        (["lever: return_programme"], {}, False),
        (["lever: return_programme"], {"voluntary": True}, True),
        (["lever: negotiated_deal"], {}, False),
    ],
)
def test_conditions_are_to_be_stated(levers, circumstances, admissible) -> None:
    assert is_admissible(screens(*levers, **circumstances)) is admissible


def test_every_rule_says_by_which_instrument_and_can_apply() -> None:
    for rule in load_rules():
        assert rule.article, rule.id
        assert rule.text, rule.id
        assert rule.result in {"blocked", "blocked_unless", "contested_pending", "no_instrument_binding"}
        assert bool(rule.unless) == (rule.result == "blocked_unless"), rule.id
        assert rule.checked_on or not rule.source_url, f"{rule.id}: a page read has the day on which it was"
        assert rule.final is (rule.final_on is not None), rule.id
    assert newest_check() == DAY


def test_of_the_bundled_policies_these_are_screened_out() -> None:
    out = {
        p.name
        for p in load_policies()
        if not is_admissible(screen_policy(p, (POLAND,), as_of=newest_check()))
    }
    assert out == {
        "turn-back-unassessed",
        "five-with-turn-back",
        "emergency-law",
        "all-crossings-closed",
        "deal",
    }
