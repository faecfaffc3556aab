"""The section on attribution: for, against and not shown together, or a reason why there is none."""

from datetime import date

from counterpoise.attribution import attribute
from counterpoise.brief import compose, render_html
from counterpoise.brief.attribution import attribution_section
from counterpoise.brief.cite import Register
from counterpoise.brief.text import SourceRef, plain
from tests.brief.made import bundled, made

DAY = date(2021, 10, 1)


def test_for_against_and_not_shown_stand_together_for_each_question() -> None:
    archive, case, _, _ = made("belarus-eu-2021", DAY)
    known = archive.as_of(DAY)
    register = Register(known.documents, as_of=DAY)
    section = attribution_section(attribute(archive, case=case, as_of=DAY), known.corridors, register)
    assert [q.title for q in section.questions] == [
        "What drives it?",
        "Who opened the way?",
        "To what end?",
        "Is the record real?",
    ]
    opening = section.questions[1]
    assert any("control" in plain(told) for told in opening.in_favour)
    assert any("steepest month" in plain(told) for told in opening.against)
    assert opening.not_shown
    ended = next(told for told in opening.in_favour if plain(told).startswith("A state ends"))
    assert [plain((part,)) for part in ended if isinstance(part, SourceRef)] == ["[S3]", "[S4]", "[S5]"]
    assert "will not shield the EU from migration and smuggling. [S4]" in plain(ended)
    spoken = " ".join([*section.flips, *(q.reading for q in section.questions)])
    assert "“Interfax-Ukraine, 23 June 2021”" in spoken
    assert "_" not in spoken
    assert "interfax-ukraine" not in spoken
    assert opening.posteriors.columns == ("answer", "even", "ordinary", "alert")


def test_the_page_and_the_json_hold_the_section_and_the_sentence_on_persons() -> None:
    archive, case, detection, _ = made("belarus-eu-2021", DAY)
    result = attribute(archive, case=case, as_of=DAY)
    brief = compose(archive, case, detection, attribution=result)
    page = render_html(brief)
    for heading in (
        "What drives it, who opened the way?",
        "<h4>For</h4>",
        "<h4>Against</h4>",
        "<h4>Not shown</h4>",
    ):
        assert heading in page
    assert "need for protection" in page
    said = brief.to_dict()
    assert said["attributes_nothing"] is False
    assert said["reproduce"]["result_ids"]["attribute"] == result.result_id


def test_a_refusal_is_told_with_what_would_do() -> None:
    archive, case, detection, _ = made("russia-finland-2023")
    brief = compose(archive, case, detection, attribution="Not attributed. What would do is another measure.")
    assert "What would do is another measure." in render_html(brief)
    assert brief.to_dict()["attributes_nothing"] is True
    assert bundled() is archive
