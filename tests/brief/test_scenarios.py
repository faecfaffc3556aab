"""The section 'What would hold up?': careful words, rights first, nothing of it in a replay."""

from datetime import date

from counterpoise.brief import compose, render_html
from counterpoise.brief.scenarios import scenario_section
from counterpoise.cases import load_case
from counterpoise.monitoring import detect
from counterpoise.observations.archive import open_archive
from counterpoise.scenarios import ExploreOptions, explore, load_world

EXPLORATION = explore(load_world("belarus-eu-2021"), options=ExploreOptions(runs=128))


def test_it_says_what_holds_up_what_is_ruled_out_and_that_it_is_no_forecast() -> None:
    section = scenario_section(EXPLORATION)
    text = " ".join(section.paragraphs)
    assert "no forecast" in text
    assert "no probabilities" in text
    assert any(
        "turn-back without individual assessment" in line and "ECHR 3" in line for line in section.screened
    )
    standing = {row[0]: row[1] for row in section.table.rows}
    assert standing["Fence, troops and turn-back without individual assessment"] == "screened out"
    assert set(standing.values()) == {"holds up", "admissible", "screened out"}
    assert section.to_dict()["result_id"] == EXPLORATION.result_id


def test_it_stands_in_the_page_and_in_no_replay() -> None:
    archive, case = open_archive(), load_case("belarus-eu-2021")
    page = render_html(compose(archive, case, detect(archive, case=case), exploration=EXPLORATION))
    assert "What would hold up?" in page
    assert EXPLORATION.result_id in page
    early = detect(archive, case=case, as_of=date(2021, 9, 15))
    assert compose(archive, case, early, exploration=EXPLORATION).scenarios is None
