"""Bulletins of feeds and listings: chosen by their words, fetched once, each read by itself."""

import pytest

from tests.sources.sync.lab import Lab, card_of
from tests.sources.sync.loopback import body, cut, status

FEED = "/lt/naujienos/rss/"
ENTITIES = '<!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/passwd"><!ENTITY y "&x;&x;">]>'
NOTE = "VSAT pareigūnai praėjusią parą pasienyje su Baltarusija apgręžė {n} neteisėtus migrantus."


def feed(*entries: tuple[str, str, str], head: str = "") -> bytes:
    items = "".join(
        f"<item><title>{title}</title><link>{link}</link><description>…</description>"
        f"<pubDate>{day}</pubDate></item>"
        for title, link, day in entries
    )
    return f"<?xml version='1.0'?>{head}<rss version='2.0'><channel>{items}</channel></rss>".encode()


def page(text: str) -> bytes:
    return f"<!doctype html><html><body><article><p>{text}</p></article></body></html>".encode()


FIRST = ("VSAT: apgręžti migrantai", "/lt/naujienos/a", "Sun, 01 Mar 2026 06:00:00 GMT")
SECOND = ("VSAT: vėl apgręžti migrantai", "/lt/naujienos/b", "Mon, 02 Mar 2026 06:00:00 GMT")
OTHER = ("Darbo skelbimai", "/lt/naujienos/c", "Sun, 01 Mar 2026 07:00:00 GMT")


@pytest.fixture
def vsat(lab: Lab) -> Lab:
    lab.cards["vsat.bulletin"] = card_of(lab.server, "vsat.bulletin", url=lab.server.url + FEED)
    lab.server.answers = {
        FEED: body(feed(FIRST, OTHER), "application/rss+xml"),
        "/lt/naujienos/a": body(page(NOTE.format(n=12)), "text/html; charset=utf-8"),
        "/lt/naujienos/b": body(page(NOTE.format(n=7)), "text/html; charset=utf-8"),
    }
    return lab


def test_bulletins_become_figures_with_their_own_address(vsat: Lab) -> None:
    outcome = vsat.one()

    [row] = vsat.figures("vsat.bulletin").to_dicts()
    assert (row["corridor"], row["measure"], row["value"], row["place"]) == (
        "BY-LT",
        "prevented",
        12,
        "green_border",
    )
    assert str(row["period_end"]) == "2026-02-28"
    assert str(row["known_on"]) == "2026-03-01"
    assert row["locator"].startswith(f"{vsat.server.url}/lt/naujienos/a ")
    assert (outcome.documents.kept, outcome.documents.excluded) == (1, {"about something else": 1})
    assert any(note.startswith("Unverified") for note in outcome.notes)


def test_a_bulletin_is_asked_for_once_and_stored_once(vsat: Lab) -> None:
    vsat.one()
    vsat.server.answers[FEED] = body(feed(SECOND, FIRST, OTHER), "application/rss+xml")
    vsat.server.asked.clear()
    outcome = vsat.one()

    assert vsat.server.paths() == ["/robots.txt", FEED, "/lt/naujienos/b"]
    assert outcome.documents.excluded == {"about something else": 1, "already in the archive": 1}
    assert sorted(vsat.figures("vsat.bulletin")["value"]) == [7, 12]


def test_what_a_bulletin_says_does_not_depend_on_the_others(vsat: Lab) -> None:
    both = ("VSAT: migrantai kartą dar", "/lt/naujienos/d", FIRST[2])
    vsat.server.answers[FEED] = body(feed(FIRST, both), "application/rss+xml")
    vsat.server.answers["/lt/naujienos/d"] = body(page(NOTE.format(n=13)), "text/html")
    vsat.one()

    figures = vsat.figures("vsat.bulletin")
    assert sorted(figures["value"]) == [12, 13]
    assert figures["document"].n_unique() == 2


@pytest.mark.parametrize(
    ("answer", "found"),
    [
        pytest.param(body(feed(FIRST, head=ENTITIES), "text/xml"), "document type", id="external entities"),
        pytest.param(body(feed(FIRST)[:200], "text/xml"), "", id="cut and called whole"),
        pytest.param(cut(feed(FIRST), 200), "connection", id="cut"),
        pytest.param(body(page("x"), "text/html"), "another kind of page", id="a page"),
        pytest.param(body(feed(), "text/xml"), "no entries", id="empty"),
        pytest.param(
            body(feed(FIRST).replace("ę".encode(), b"\xe6"), "text/xml; charset=utf-8"),
            "not utf-8",
            id="wrong charset",
        ),
        pytest.param(body(b"<rss>" + b"<a>" * 100_000, "text/xml"), "", id="deep"),
        pytest.param(body(b"<rss>" + b"x" * 6_000_000, "text/xml"), "more", id="over the limit"),
    ],
)
def test_a_broken_feed_changes_nothing(vsat: Lab, answer, found: str) -> None:
    vsat.server.answers[FEED] = answer
    failed = vsat.one()

    assert failed.state == "failed"
    assert failed.error is not None
    assert found in failed.error["found"]
    assert not vsat.archive.exists()

    vsat.server.answers[FEED] = body(feed(FIRST), "text/xml")
    assert vsat.one().state == "stored"


def test_a_charset_that_is_named_is_read(vsat: Lab) -> None:
    text = page(NOTE.format(n=12)).decode()
    vsat.server.answers["/lt/naujienos/a"] = body(
        text.encode("windows-1257"), "text/html; charset=Windows-1257"
    )

    assert vsat.one().state == "stored"


@pytest.mark.parametrize(
    "broken",
    [
        status(404),
        body(b"<html>" + b"<div>" * 300_000, "text/html"),
        body(b"\xff\xfe\x00", "text/html; charset=zip"),
    ],
)
def test_one_broken_page_leaves_the_others_and_is_asked_again(vsat: Lab, broken) -> None:
    vsat.server.answers[FEED] = body(feed(SECOND, FIRST), "text/xml")
    whole = vsat.server.answers["/lt/naujienos/b"]
    vsat.server.answers["/lt/naujienos/b"] = broken
    first = vsat.one()
    assert first.figures.kept == 1
    assert first.documents.read == 2

    vsat.server.answers["/lt/naujienos/b"] = whole
    vsat.server.answers[FEED] = body(feed(("VSAT: migrantai, pataisyta", *SECOND[1:]), FIRST), "text/xml")
    vsat.one()
    assert sorted(vsat.figures("vsat.bulletin")["value"]) == [7, 12]


def test_a_listing_gives_its_pages_and_the_day_stands_in_them(lab: Lab) -> None:
    item = "/pl/aktualnosci/20001,Granica-bialoruska.html"
    note = "Minionej doby odnotowano 120 prób nielegalnego przekroczenia granicy polsko-białoruskiej."
    lab.cards["sg.bulletin"] = card_of(
        lab.server,
        "sg.bulletin",
        url=f"{lab.server.url}/pl/aktualnosci",
        link=r"/pl/aktualnosci/\d+,[^/]*\.html$",
    )
    lab.server.answers = {
        "/pl/aktualnosci": body(
            f'<html><body><a href="{item}">Granica</a><a href="/pl/o-nas">x</a></body></html>'.encode(),
            "text/html",
        ),
        item: body(
            f'<html><body><div class="data icon-info">02.03.2026</div><article>{note}</article></body></html>'.encode(),
            "text/html",
        ),
    }
    lab.one()

    [row] = lab.figures("sg.bulletin").to_dicts()
    assert (row["corridor"], row["measure"], row["value"]) == ("BY-PL", "attempts", 120)
    assert (str(row["period_end"]), str(row["known_on"])) == ("2026-03-01", "2026-03-02")


def test_a_relay_is_second_grade(vsat: Lab) -> None:
    fetch = vsat.cards["vsat.bulletin"].fetch
    assert fetch is not None
    vsat.cards["vsat.bulletin"] = vsat.cards["vsat.bulletin"].model_copy(
        update={"fetch": fetch.model_copy(update={"second_grade": True})}
    )
    vsat.one()

    assert vsat.figures("vsat.bulletin")["flag"].to_list() == ["relay"]
