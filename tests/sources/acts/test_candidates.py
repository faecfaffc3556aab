"""Candidate acts: what each publisher's feed gives, what is left out and why, and nothing hostile gets in.

Items are made up after the shapes recorded in public: EUR-Lex's feed, HUDOC's, and the Sejm's documented interface.
"""

import datetime as dt
import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from counterpoise.errors import InputError
from counterpoise.sources.acts.candidates import load_publishers, read_candidates

EUR_LEX = """<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0"><channel xmlns:dc="http://purl.org/dc/elements/1.1/"><title>1 - Legislation</title>
<item><title>CELEX:32026R9001: Council Regulation (EU) 2026/9001 of 25 June 2026 on restrictive measures</title>
<description/><link>https://eur-lex.europa.eu/./legal-content/AUTO/?uri=CELEX:32026R9001</link>
<guid>https://eur-lex.europa.eu/./legal-content/AUTO/?uri=CELLAR:0000</guid><category>Lex Alerts</category>
<pubDate>Tue, 30 Jun 2026 00:00:00 +0200</pubDate><dc:creator>Council of the European Union,</dc:creator></item>
<item><title>CELEX:32026R9002: Regulation on the size of apples</title>
<link>https://eur-lex.europa.eu/legal-content/AUTO/?uri=CELEX%3A32026R9002&amp;qid=1</link></item>
<item><title>CELEX:32026R9001: Council Regulation, listed again at the border</title>
<link>https://eur-lex.europa.eu/legal-content/EN/TXT/?uri=CELEX:32026R9001</link></item>
<item><title>Asylum elsewhere</title><link>https://example.org/a</link></item>
<item><title>Asylum nowhere</title></item>
</channel></rss>"""
HUDOC = """<rss version="2.0"><channel><title>ECHR HUDOC Search Feed</title>
<item><title>CASE OF X AND OTHERS v. POLAND</title><pubDate>Thu, 09 Apr 2026 00:00:00 GMT</pubDate>
<description>12345/21 - Chamber Judgment</description>
<link>http://hudoc.echr.coe.int/eng#{&quot;itemid&quot;:[&quot;001-249999&quot;]}</link></item>
</channel></rss>"""
CURIA = """<rss version="2.0"><channel><item><title>Press release 1/26</title>
<link>https://curia.europa.eu/site/upload/docs/application/pdf/2026-03/cp1en.pdf</link></item></channel></rss>"""
ACT = {
    "ELI": "DU/2026/9001",
    "address": "WDU20260009001",
    "announcementDate": "2026-03-12",
    "promulgation": "2026-03-26",
    "displayAddress": "Dz.U. 2026 poz. 9001",
    "title": "Rozporządzenie w sprawie ograniczenia prawa na granicy z Republiką Białorusi",
    "type": "Rozporządzenie",
}
DULL = {**ACT, "ELI": "DU/2026/9002", "title": "Rozporządzenie w sprawie jabłek"}


@pytest.fixture
def read(tmp_path: Path):
    def read(content: str | bytes):
        path = tmp_path / "feed"
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return read_candidates(path)

    return read


def test_eur_lex(read) -> None:
    reading = read(EUR_LEX)
    (act,) = reading.candidates
    assert act.publisher.shape == "unverified"
    assert act.address == "https://eur-lex.europa.eu/legal-content/EN/TXT/?uri=CELEX:32026R9001"
    assert act.title == "Council Regulation (EU) 2026/9001 of 25 June 2026 on restrictive measures"
    assert (act.acted_on, act.published_on) == (dt.date(2026, 6, 25), dt.date(2026, 6, 30))
    assert act.matched == "restrictive measures"
    assert reading.left_out == {
        "address of example.org, which is none of the publishers known": 1,
        "listed twice": 1,
        "without a word of the list": 1,
        "without an address": 1,
    }
    assert reading.n_read == len(reading.candidates) + sum(reading.left_out.values())


def test_dziennik_ustaw(read) -> None:
    content = json.dumps({"count": 3, "items": [ACT, DULL, {"ELI": "../x", "title": "granica"}]})
    reading = read(content)
    (act,) = reading.candidates
    assert act.publisher.shape == "documented"
    assert act.address == "https://api.sejm.gov.pl/eli/acts/DU/2026/9001"
    assert (act.acted_on, act.published_on) == (dt.date(2026, 3, 12), dt.date(2026, 3, 26))
    assert act.matched == "granicy, białorusi"
    assert reading.left_out == {
        "without a word of the list": 1,
        "without an ELI identifier or a title": 1,
    }
    assert read(json.dumps(ACT)).candidates == reading.candidates
    assert read(json.dumps([ACT])).candidates == reading.candidates


def test_courts(read) -> None:
    (judgment,) = read(HUDOC).candidates
    assert judgment.address == "https://hudoc.echr.coe.int/?i=001-249999"
    assert judgment.title == "CASE OF X AND OTHERS v. POLAND, 12345/21 - Chamber Judgment"
    assert judgment.acted_on == dt.date(2026, 4, 9)
    (release,) = read(CURIA).candidates
    assert (release.acted_on, release.published_on) == (None, None)  # never made up


def test_a_name_does_not_depend_on_what_may_change(read) -> None:
    (before,) = read(HUDOC).candidates
    (after,) = read(HUDOC.replace("Chamber", "Grand Chamber")).candidates
    assert before.key == after.key
    assert before.digest != after.digest


LAUGHS = "".join(f'<!ENTITY l{i + 1} "{f"&l{i};" * 10}">' for i in range(9))


@pytest.mark.parametrize(
    "content",
    [
        '<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/passwd">]><rss><channel/></rss>',
        f'<!DOCTYPE rss [<!ENTITY l0 "ha">{LAUGHS}]><rss><channel><title>&l9;</title></channel></rss>',
        "<rss><channel><item><title>&undefined;</title></item></channel></rss>",
        '<rss xmlns:xi="http://www.w3.org/2001/XInclude"><channel><item>',
        "<rss>" + "<a>" * 5000 + "</a>" * 5000 + "</rss>",
        '{"items": 5}',
        '{"items": [{"ELI": ',
        "[" * 100_000,
        "<html><body>Service unavailable</body></html>",
        b"\xff\xfe<\x00r\x00s\x00s\x00>\x00",
        "",
    ],
    ids=lambda content: str(content[:30]),
)
def test_what_is_hostile_or_no_feed_is_refused(read, content) -> None:
    with pytest.raises(InputError) as caught:
        read(content)
    assert "root:" not in str(caught.value)


@settings(max_examples=60, deadline=None)
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=5),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from([*ACT, "items"]), inner),
        max_leaves=8,
    )
)
def test_any_json_is_read_or_refused(tmp_path_factory, document: object) -> None:
    path = tmp_path_factory.getbasetemp() / "any.json"
    path.write_text(json.dumps(document), encoding="utf-8")
    try:
        reading = read_candidates(path)
    except InputError:
        return
    assert reading.n_read == len(reading.candidates) + sum(reading.left_out.values())


def test_every_publisher_says_whether_its_feed_was_seen() -> None:
    shapes = {p.id: p.shape for p in load_publishers()}
    assert shapes == {
        "dziennik-ustaw": "documented",
        "eur-lex": "unverified",
        "hudoc": "unverified",
        "curia": "unverified",
    }
