"""What a brief says is what archive, case and detection say, and nothing more."""

import json
import re
from datetime import date

import polars as pl
import pytest

from counterpoise.brief import render_html, render_json, render_lines
from counterpoise.brief.text import Cited, plain
from counterpoise.errors import AnalysisError
from counterpoise.observations.archive import read_series
from tests.brief.made import CASES, EARLY, bundled, changed, made, make, page

RISES = ("surge", "new_route")


@pytest.mark.parametrize("name", CASES)
def test_every_cited_count_is_what_the_archive_says(name: str) -> None:
    brief = made(name).brief
    known = bundled().as_of(brief.as_of)
    observed = [c for c in brief.numbers if c.column == "observed"]
    assert observed
    for cited in observed:
        key = dict(cited.key)
        start = date.fromisoformat(key.pop("period_start"))
        rows = read_series(known, **key).filter(pl.col("period_start") == start)
        assert cited.value in rows["value"].to_list(), cited
        assert set(cited.documents) <= {d for entry in rows["document"] for d in entry.split()}


@pytest.mark.parametrize("name", CASES)
def test_every_modelled_number_is_what_the_detection_says(name: str) -> None:
    _, _, detection, brief = made(name)
    for cited in (c for c in brief.numbers if c.column != "observed"):
        row = detection.bands.filter(
            *(pl.col(k) == cited.key[k] for k in ("dataset", "corridor", "nationality", "measure")),
            pl.col("period_start") == date.fromisoformat(cited.key["period_start"]),
        )
        assert row[cited.column].to_list() == [cited.value]
        assert cited.result_id == detection.result_id


@pytest.mark.parametrize("name", CASES)
def test_numbers_and_sources_are_numbered_without_gaps_and_all_lead_somewhere(name: str) -> None:
    brief = made(name).brief
    assert [c.n for c in brief.numbers] == list(range(1, len(brief.numbers) + 1))
    assert [s.number for s in brief.sources] == list(range(1, len(brief.sources) + 1))
    assert all(c.sources and max(c.sources) <= len(brief.sources) for c in brief.numbers)


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("as_of", [None, EARLY])
def test_no_finding_of_a_rise_without_an_alarm(name: str, as_of: date | None) -> None:
    _, _, detection, brief = made(name, as_of)
    alarmed = {
        (r["corridor"], r["nationality"], r["measure"], r["period_start"].isoformat())
        for r in detection.alarms.filter(pl.col("kind").is_in(RISES)).iter_rows(named=True)
    }
    for finding in brief.findings:
        if finding.kind in {"unusual", "nationalities"}:
            expected = [p for p in finding.text if isinstance(p, Cited) and p.column == "expected"]
            assert expected
            for cited in expected:
                key = cited.key
                assert (key["corridor"], key["nationality"], key["measure"], key["period_start"]) in alarmed
        else:
            assert "surge" not in plain(finding.text)


@pytest.mark.parametrize("name", CASES)
def test_every_brief_says_what_it_does_not_show(name: str) -> None:
    brief = made(name).brief
    kinds = [finding.kind for finding in brief.findings]
    assert kinds[-2:] == ["not_shown", "no_persons"]
    said = json.loads(render_json(brief))
    assert said["attributes_nothing"] is True
    assert said["says_nothing_about_persons"] is True


def test_statements_on_the_route_leave_out_whom_the_case_leaves_out() -> None:
    brief = made("belarus-eu-2021").brief
    route = [c for c in brief.numbers if c.key["corridor"] == "eastern-borders"]
    assert route
    assert "TOTAL" not in {c.key["nationality"] for c in route}
    assert "without people from Ukraine" in plain(brief.findings[0].text)


def test_a_replay_shows_nothing_known_later() -> None:
    archive, case, _, brief = made("belarus-eu-2021", EARLY)
    assert brief.replay
    assert brief.summary == ""
    assert all(c.known_on is None or c.known_on <= EARLY for c in brief.numbers)
    text = render_html(brief)
    told = re.sub(r"<(style|script|svg).*?</\1>|<ol class=\"sources\">.*?</ol>", "", text, flags=re.S)
    for event in case.events:
        if event.first_known_on > EARLY:
            assert event.text not in text
    assert len(brief.responses) == sum(r.first_known_on <= EARLY for r in case.responses)
    assert len(brief.harms) == sum(h.first_known_on <= EARLY for h in case.harms)
    assert not re.findall(r"\b202[2-9]\b(?!-06-03)", re.sub(r"<[^>]+>", " ", told))
    # a vintage replayed with its lag may be younger than the day; no other document may
    replayed = set(
        archive.vintages.join(archive.datasets.filter(pl.col("lag_days").is_not_null()), on="dataset")[
            "document"
        ]
    )
    for source in brief.sources:
        if source.document and source.document not in replayed:
            assert source.published_on is None or source.published_on <= EARLY
    assert "left out here" in plain(brief.not_yet_known)


def test_a_replay_of_the_newest_day_is_no_replay() -> None:
    assert not made("belarus-eu-2021").brief.replay


def test_the_same_inputs_give_the_same_bytes() -> None:
    again = make(made("russia-finland-2023").case)
    assert render_json(again.brief) == render_json(made("russia-finland-2023").brief)
    assert render_html(again.brief) == page("russia-finland-2023")


def test_a_brief_is_small_and_needs_nothing_else() -> None:
    html = page("belarus-eu-2021")
    assert len(html.encode()) < 3_000_000
    assert not re.search(r"<(?:link|img|iframe|object)\b|\bsrc=|@import|url\((?!#)", html)
    assert re.findall(r"<script[^>]*>", html) == ['<script type="application/json" id="counterpoise-trace">']


def test_the_trace_block_of_the_page_is_the_registers() -> None:
    html = page("belarus-eu-2021")
    block = html.split('id="counterpoise-trace">', 1)[1].split("</script>", 1)[0]
    trace = json.loads(block)
    numbers = made("belarus-eu-2021").brief.numbers
    assert list(trace) == [str(c.n) for c in numbers]
    assert all(trace[str(c.n)]["value"] == c.value for c in numbers)
    marks = {int(n) for n in re.findall(r'href="#n(\d+)"', html)}
    assert marks == {c.n for c in numbers}
    assert {int(n) for n in re.findall(r'id="n(\d+)"', html)} == marks


def test_small_counts_of_nationalities_are_in_no_table() -> None:
    said = json.loads(render_json(made("belarus-eu-2021").brief))
    mix = next(f["table"] for f in said["figures"] if f["id"] == "nationality-mix")
    cells = [cell for row in mix["rows"] for cell in row[1:]]
    assert "<10" in cells
    assert not {str(n) for n in range(1, 10)} & set(cells)
    for table in ("episodes", "alarms"):
        columns = said[table]["columns"]
        i = columns.index("Highest" if table == "episodes" else "Count")
        who = columns.index("Nationality")
        single = {row[i] for row in said[table]["rows"] if not row[who].startswith("All ")}
        assert not {str(n) for n in range(1, 10)} & single


def test_no_small_count_of_a_nationality_is_told() -> None:
    for name in CASES:
        brief = made(name).brief
        single = [c for c in brief.numbers if not c.key["nationality"].startswith("TOTAL")]
        assert all(c.column != "observed" or c.value == 0 or c.value >= 10 for c in single)
        words = " ".join(f.words for f in brief.figures if f.id == "nationality-bands")
        assert not re.search(r"count is [1-9](?![\d,])", words)


HOSTILE = '<script>alert("x")</script><img src=x onerror=alert(1)>" onclick="alert(2)'


def test_hostile_text_of_a_case_file_is_escaped_everywhere() -> None:
    base = made("russia-finland-2023").case.model_dump(by_alias=True)
    case = changed(
        "russia-finland-2023",
        title=HOSTILE,
        summary=HOSTILE,
        asserted_by=(HOSTILE,),
        phases=[{**p, "title": HOSTILE, "note": HOSTILE} for p in base["phases"]],
        events=[
            {**e, "text": HOSTILE, "target": HOSTILE, **({"actor": HOSTILE} if e["actor"] else {})}
            for e in base["events"]
        ],
        responses=[{**r, "title": HOSTILE, "what": HOSTILE, "country": HOSTILE} for r in base["responses"]],
        harms=[{**h, "place": HOSTILE, "who_reported": HOSTILE} for h in base["harms"]],
        sources=[
            {**s, "title": HOSTILE, "url": 'https://example.org/"onclick="alert(3)'} for s in base["sources"]
        ],
    )
    html = render_html(make(case).brief)
    assert html.count("<script") == 1
    assert "<img" not in html
    assert not re.search(r"<[^>]*\son\w+=", html)


def test_an_address_a_browser_would_run_is_not_linked() -> None:
    case = made("ukraine-2022").case
    evil = case.sources[0].model_copy(update={"url": "javascript:alert(1)"})
    html = render_html(make(case.model_copy(update={"sources": (evil, *case.sources[1:])})).brief)
    assert 'href="javascript' not in html.lower()


def test_a_case_whose_figures_are_lacking_says_which() -> None:
    case = changed("ukraine-2022", corridors=("eastern-borders", "RU-LV"), nationalities=("UKR",))
    assert any("no figure was known" in plain(t) for t in make(case).brief.lacking)


def test_a_case_of_which_nothing_is_known_gives_no_brief() -> None:
    with pytest.raises(AnalysisError):
        make(changed("ukraine-2022", corridors=("RU-LV",)))


def test_the_lines_for_a_terminal_carry_their_sources() -> None:
    lines = render_lines(made("belarus-eu-2021").brief)
    used = {int(n) for line in lines for n in re.findall(r"\[(\d+)\]", line)}
    listed = {int(found.group(1)) for line in lines if (found := re.match(r"\[(\d+)\] ", line))}
    assert used == listed
    assert any(line.startswith("S1 ") for line in lines)


def test_two_clocks_stand_side_by_side_where_national_figures_rose() -> None:
    brief = made("belarus-eu-2021").brief
    (told,) = [plain(f.text) for f in brief.findings if f.kind == "two_clocks"]
    assert "for 1 July 2021, 150 [" in told
    assert "was published on 2 July 2021; the mean over 1 January 2021 to 30 June 2021 was 3.7 a day" in told
    assert "published on 3 August 2021, 32 days later (an assumed day" in told
    assert brief.clock_figure is not None
    assert brief.clock_figure in brief.figures
    assert brief.clock_figure.table is not None
    assert [row[0] for row in brief.clock_figure.table.rows] == ["2021-07-02", "2021-10-25", "2024-03-23"]
    early = made("belarus-eu-2021", date(2021, 7, 20)).brief
    (then,) = [plain(f.text) for f in early.findings if f.kind == "two_clocks"]
    assert "were known up to April 2021; no month of that time is alarmed in what is known of them" in then
    assert "August" not in then


def test_a_case_without_national_figures_has_no_second_clock() -> None:
    brief = made("ukraine-2022").brief
    assert brief.clock_figure is None
    assert not [f for f in brief.findings if f.kind == "two_clocks"]
