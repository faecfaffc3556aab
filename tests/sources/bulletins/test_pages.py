"""Pages and feeds: the article without its surroundings, its day and language, and nothing a hostile file can do."""

import time
from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from counterpoise.errors import CounterpoiseError, InputError
from counterpoise.sources.bulletins.documents import figures_of, read_bulletins
from counterpoise.sources.bulletins.pages import parse_feed, parse_page

PAGE = """<!doctype html><html lang="lt-LT"><head><title>Naujienos</title>
<meta property="article:published_time" content="2025-10-19T08:05:00+03:00">
<script>var n = "apgręžta 99 migrantų";</script></head>
<body><nav><a>Vakar apgręžta 77 migrantų</a></nav>
<article><header><h1>VSAT: apgręžta 18 migrantų</h1></header>
<p>Pasieniečiai pastarąją parą apgręžė&nbsp;18 migrantų.</p>
<p>Šiemet neįleista 1&nbsp;336 žmonės.<br>Latvijos pareigūnai šeštadienį – <b>34</b> migrantus.</p>
<aside>Skaitykite: apgręžta 55 migrantų</aside></article>
<footer>tel. +370 5 271 9305</footer></body></html>"""
RSS = """<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><language>pl</language>
<item><title>SG: 68 prób</title><guid>g1</guid><pubDate>Sun, 13 Oct 2024 07:10:00 +0200</pubDate>
<description>&lt;p&gt;Minionej doby odnotowano 68 prób.&lt;/p&gt;</description></item>
<item><title>Nic nowego</title><link>https://example.org/2</link></item></channel></rss>"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="lv"><entry><id>urn:1</id>
<updated>2025-07-08T10:00:00Z</updated><title>Pirmdien atturēti 64 cilvēki</title>
<content type="html">&lt;div&gt;Pirmdien atturēti 64 cilvēki.&lt;/div&gt;</content></entry></feed>"""


def found(path, **said):
    return [
        (str(figure.reading.date), figure.reading.corridor, figure.reading.value)
        for bulletin in read_bulletins(path, **said)
        for figure in figures_of(bulletin)
    ]


def written(tmp_path, name, content):
    path = tmp_path / name
    path.write_text(content, encoding="utf-8")
    return path


def test_of_a_page_the_article_is_read_with_its_day_and_language(tmp_path):
    assert found(written(tmp_path, "page.html", PAGE)) == [
        ("2025-10-18", "BY-LT", 18),
        ("2025-10-18", "BY-LT", 1336),
        ("2025-10-18", "BY-LV", 34),
    ]


def test_of_a_feed_each_item_is_read_with_its_day(tmp_path):
    path = written(tmp_path, "feed.xml", RSS)
    assert [(b.id, b.lang, b.published) for b in read_bulletins(path)] == [
        ("g1", "pl", date(2024, 10, 13)),
        ("https://example.org/2", "pl", None),
    ]
    assert found(path) == [("2024-10-12", "BY-PL", 68)]
    assert found(written(tmp_path, "atom.xml", ATOM)) == [("2025-07-07", "BY-LV", 64)]


def test_of_plain_text_the_day_is_said_beside_it(tmp_path):
    path = written(tmp_path, "note.txt", "Vakar apgręžta 18 migrantų.")
    assert found(path) == [("None", "BY-LT", 18)]
    assert found(path, lang="lt", published=date(2025, 10, 19)) == [("2025-10-18", "BY-LT", 18)]


@pytest.mark.parametrize(
    "bomb",
    [
        '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]><rss><channel>&b;</channel></rss>',
        '<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]><rss><item><title>&x;</title></item></rss>',
    ],
)
def test_a_feed_with_entities_of_its_own_is_refused(bomb):
    with pytest.raises(InputError, match="entities"):
        parse_feed(bomb, where="feed.xml")


def test_half_a_feed_is_refused_in_one_sentence():
    with pytest.raises(InputError) as caught:
        parse_feed(RSS[:-30], where="feed.xml")
    assert "fetch it again" in str(caught.value)


@pytest.mark.parametrize(
    "page",
    ["<div>" * 200_000, "<p>12 migrants " * 50_000, "<a href=" * 100_000, "<!--" * 100_000, "&" * 300_000],
    ids=["deep", "long", "unclosed", "comments", "entities"],
)
def test_a_hostile_page_is_read_in_little_time(page):
    start = time.monotonic()
    parse_page(f"<html><body>{page}", name="page")
    assert time.monotonic() - start < 10


def test_a_file_over_the_limit_is_refused_before_it_is_read(tmp_path):
    path = tmp_path / "large.html"
    with path.open("wb") as file:
        file.truncate(201 * 2**20)
    with pytest.raises(InputError, match="201 MiB"):
        read_bulletins(path)


@settings(max_examples=200, deadline=2000)
@given(
    st.one_of(
        st.binary(max_size=300),
        st.text(max_size=300).map(str.encode),
        st.sampled_from([PAGE, RSS, ATOM]).map(str.encode),
    ),
    st.integers(0, 2000),
    st.binary(max_size=4),
)
def test_whatever_the_bytes_it_ends_with_figures_or_an_error_of_our_own(tmp_path_factory, content, at, patch):
    path = tmp_path_factory.mktemp("fuzz") / "x.html"
    path.write_bytes(content[:at] + patch + content[at + len(patch) :])
    with suppress(CounterpoiseError):
        found(path)
