"""Every fault at every kind of fetcher: a file, an API answer, a page and its document, a feed, a listing, their pages.

All sources stand on one server and fail in one run by the same fault. The archive, which has an older document of
each, stays as it is, byte for byte; each outcome says why; the next run, with the server well again, brings all.
"""

import gzip
import json
import re
import shutil
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from counterpoise.errors import InputError
from tests.sources.sync.lab import BOOK, PAGE, PATIENT, Lab, book, card_of, page_with
from tests.sources.sync.loopback import Answer, Loopback, body, cut, drip, serving, status
from tests.sources.sync.test_bulletins import ENTITIES, NOTE, feed, page
from tests.sources.test_eurostat import content as bulk
from tests.sources.test_eurostat_answer import RESETTLED, RESETTLED_HEAD, cube

HTML = b"<!DOCTYPE html><html><body><p>Please wait</p></body></html>"
DEEP = b"<html><body>" + b"<div>" * 180_000
OLD_PAGE, OLD_BOOK = "/older/", BOOK.replace("2023_02_07", "2023_01_07")
FEED, FEED_2, LIST, LIST_2 = "/rss/", "/rss2/", "/pl/aktualnosci", "/pl/inne"
DAY = "Sun, 01 Mar 2026 06:00:00 GMT"


@dataclass(frozen=True, kw_only=True)
class Place:
    """An address that a source needs, what stands there, and the dataset that fails without it."""

    source: str
    path: str
    good: bytes
    kind: str
    is_text: bool = True
    is_item: bool = False


def listing(*links: str) -> bytes:
    return (
        "<html><body>" + "".join(f'<a href="{link}">Granica</a>' for link in links) + "</body></html>"
    ).encode()


def note_pl(n: int) -> bytes:
    text = f"Minionej doby odnotowano {n} prób nielegalnego przekroczenia granicy polsko-białoruskiej."
    return f'<html><body><div class="data">02.03.2026</div><article>{text}</article></body></html>'.encode()


def item(number: int) -> tuple[str, str, str]:
    return ("VSAT: apgręžti migrantai", f"/lt/naujienos/{number}", DAY)


TSV, JSON = "/estat/migr_asyappctzm", "/estat/migr_asyresa?format=JSON"
LIST_ITEM, FEED_ITEM = "/pl/inne/2,granica-bialoruska.html", "/lt/naujienos/2"
ANSWER = json.dumps(cube(RESETTLED, RESETTLED_HEAD, named="MIGR_ASYRESA")).encode()
PLACES = (
    Place(source="eurostat.migr_asyappctzm", path=TSV, good=bulk(), kind="text/tab-separated-values"),
    Place(source="eurostat.migr_asyresa", path=JSON, good=ANSWER, kind="application/json"),
    Place(source="frontex.ibc", path=PAGE, good=page_with(BOOK), kind="text/html"),
    Place(source="frontex.older", path=OLD_BOOK, good=book("03JAN23"), kind="application/zip", is_text=False),
    Place(source="vsat.bulletin", path=FEED, good=feed(item(1)), kind="application/rss+xml"),
    Place(source="vsat.pages", path=FEED_ITEM, good=page(NOTE.format(n=7)), kind="text/html", is_item=True),
    Place(
        source="sg.bulletin",
        path=LIST,
        good=listing("/pl/aktualnosci/1,granica-bialoruska.html"),
        kind="text/html",
    ),
    Place(source="sg.pages", path=LIST_ITEM, good=note_pl(9), kind="text/html", is_item=True),
)
BESIDE = {
    OLD_PAGE: body(page_with(OLD_BOOK), "text/html"),
    BOOK: body(book()),
    FEED_2: body(feed(item(2)), "text/xml"),
    "/lt/naujienos/1": body(page(NOTE.format(n=5)), "text/html"),
    LIST_2: body(listing(LIST_ITEM), "text/html"),
    "/pl/aktualnosci/1,granica-bialoruska.html": body(note_pl(8), "text/html"),
}


def stand(lab: Lab, server: Loopback) -> None:
    """Put all sources on a server."""

    def card(dataset: str, path: str, name: str = "", **fetch: object) -> None:
        own = card_of(server, dataset, url=server.url + path, limit_mb=1, **fetch)
        lab.cards[name or dataset] = own.model_copy(update={"dataset": name or dataset})

    link = r"/pl/[a-z]+/\d+,[^/]*\.html$"
    card("eurostat.migr_asyappctzm", TSV)
    card("eurostat.migr_asyresa", JSON)
    card("frontex.ibc", PAGE)
    card("frontex.ibc", OLD_PAGE, "frontex.older")
    card("vsat.bulletin", FEED)
    card("vsat.bulletin", FEED_2, "vsat.pages")
    card("sg.bulletin", LIST, link=link)
    card("sg.bulletin", LIST_2, "sg.pages", link=link)
    server.answers = {**BESIDE, **{place.path: body(place.good, place.kind) for place in PLACES}}


def in_another(content: bytes) -> bytes:
    """Return a text with bytes of another charset in its middle."""
    middle = len(content) // 2
    return content[:middle] + b"\xe6\x82\xff" + content[middle:]


Fault = Callable[[Place], Answer | None]
"""What stands at a place; None where the fault cannot be told from something that is well."""

FAULTS: dict[str, tuple[Fault, str]] = {
    "slow drip": (lambda p: drip(p.good, 0.03), "too slowly"),
    "cut in the middle": (lambda p: cut(p.good, len(p.good) // 2), "connection that failed"),
    "another page": (
        lambda p: None if p.is_item else body(HTML, "text/html; charset=utf-8"),
        "content type text/html|no such link|another kind of page",
    ),
    "another page in its clothes": (
        lambda p: None if p.is_item else body(HTML, p.kind),
        "an HTML page|no such link|another kind of page",
    ),
    "gzip that is none": (lambda p: body(p.good, p.kind, Content_Encoding="gzip"), "says it is gzip"),
    "half a gzip": (
        lambda p: body(gzip.compress(p.good)[:-9], p.kind, Content_Encoding="gzip"),
        "gzip body that is cut",
    ),
    "a gzip bomb": (
        lambda p: body(gzip.compress(b"\0" * 5_000_000), p.kind, Content_Encoding="gzip"),
        "more",
    ),
    "wrong charset": (
        lambda p: body(in_another(p.good), f"{p.kind}; charset=utf-8", ETag='"one"') if p.is_text else None,
        "utf-8|codec|not a date|dataset|citizen",
    ),
    "not changed, unasked": (lambda p: status(304), "HTTP status 304"),
    "busy for an hour": (lambda p: status(429, Retry_After="3600"), "HTTP status 429"),
    "broken": (lambda p: status(503), "HTTP status 503"),
    "endless redirect": (lambda p: status(302, Location=p.path), "more"),
    "over the limit": (lambda p: body(p.good + b" " * 1_000_000, p.kind), "more"),
    "a page without end": (
        lambda p: None if p.is_item else body(DEEP, "text/html"),
        "content type text/html|no such link|another kind of page",
    ),
    "entities": (
        lambda p: None if p.is_item else body(feed(item(1), head=ENTITIES), p.kind),
        "document type|XML|no such link|another kind",
    ),
}


@pytest.fixture
def all_of_them(lab: Lab) -> Lab:
    stand(lab, lab.server)
    return lab


@pytest.fixture(scope="module")
def older(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return an archive with one older figure."""
    from counterpoise.observations.store import append_batch
    from tests.sources.builders import columns_csv, parse

    path = tmp_path_factory.mktemp("older") / "archive.duckdb"
    append_batch(path, parse(columns_csv()))
    return path


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_of_any_source_changes_nothing_and_the_next_run_brings_all(
    all_of_them: Lab, older: Path, fault: str
) -> None:
    lab = all_of_them
    shutil.copy(older, lab.archive)
    before = lab.archive.read_bytes()
    answer, found = FAULTS[fault]
    broken = {place.source: at for place in PLACES if (at := answer(place)) is not None}
    lab.server.answers |= {place.path: broken[place.source] for place in PLACES if place.source in broken}
    lab.limits = replace(PATIENT, total_seconds=0.25, bytes_per_second=1e12) if "slow" in fault else PATIENT

    began = time.perf_counter()
    outcomes = {outcome.source: outcome for outcome in lab.run(*broken).outcomes}

    assert time.perf_counter() - began < 20
    for source in broken:
        outcome = outcomes[source]
        assert outcome.state == "failed", (source, outcome)
        assert outcome.error is not None
        said = " ".join(outcome.error.values())
        assert re.search(found, said), (source, outcome.error)
    assert lab.archive.read_bytes() == before

    stand(lab, lab.server)
    if fault == "wrong charset":  # the same bytes under the same validator were broken on their way
        lab.server.answers |= {place.path: body(place.good, place.kind, ETag='"one"') for place in PLACES}
    lab.limits = PATIENT
    again = {outcome.source: (outcome.state, outcome.error) for outcome in lab.run().outcomes}
    assert again == {place.source: ("stored", None) for place in PLACES}


def test_a_busy_or_broken_server_is_well_a_moment_later(all_of_them: Lab) -> None:
    lab = all_of_them
    for place in PLACES:
        lab.server.answers[place.path] = [
            status(429, Retry_After="7"),
            status(500),
            body(place.good, place.kind),
        ]

    assert {outcome.state for outcome in lab.run().outcomes} == {"stored"}
    assert sorted(pause for pause in lab.times.slept if pause) == [2] * len(PLACES) + [7] * len(PLACES)


def test_what_has_not_changed_is_not_sent_again(all_of_them: Lab) -> None:
    lab = all_of_them
    for place in PLACES:
        lab.server.answers[place.path] = body(place.good, place.kind, ETag='"one"')
    lab.run()
    lab.server.asked.clear()
    outcomes = lab.run().outcomes

    assert {outcome.state for outcome in outcomes} == {"nothing_new"}
    asked = {path: headers.get("If-None-Match") for path, headers in lab.server.asked}
    assert {asked[place.path] for place in PLACES if not place.is_item} == {'"one"'}
    assert not {place.path for place in PLACES if place.is_item} & set(asked)  # bulletins are asked for once


def test_a_wrong_certificate_is_refused_by_all(lab: Lab, tmp_path: Path) -> None:
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("no openssl to make a certificate with")
    made = tmp_path / "own.pem"
    curve = ("-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes")
    names = ("-keyout", made, "-out", tmp_path / "certificate.pem", "-subj", "/CN=127.0.0.1", "-days", "2")
    subprocess.run([openssl, "req", *curve, *names], check=True, capture_output=True)
    made.write_bytes(made.read_bytes() + (tmp_path / "certificate.pem").read_bytes())
    with serving(made) as safe:
        stand(lab, safe)
        outcomes = lab.run().outcomes

    assert {outcome.state for outcome in outcomes} == {"failed"}
    assert all("certificate" in (outcome.error or {})["expected"] for outcome in outcomes)
    assert safe.asked == []
    assert not lab.archive.exists()


def test_all_of_them_come_from_a_mirror(all_of_them: Lab) -> None:
    lab = all_of_them
    copies = dict(lab.server.answers)
    stand(lab, lab.server)
    origin = lab.server.url
    for name, card in lab.cards.items():
        assert card.fetch is not None
        moved = card.fetch.model_copy(
            update={"url": card.fetch.url.replace(origin, "https://origin.example")}
        )
        lab.cards[name] = card.model_copy(update={"fetch": moved})
    lab.server.answers = {f"/m/origin.example{path.replace('?', '%3F')}": at for path, at in copies.items()}
    outcomes = lab.run(mirror=f"{origin}/m").outcomes

    assert {outcome.source: outcome.state for outcome in outcomes} == {
        place.source: "stored" for place in PLACES
    }


def test_unknown_sources_are_named() -> None:
    from counterpoise.sources.sync import sync

    with pytest.raises(InputError, match="did you mean eurostat"):
        sync(Path("nowhere.duckdb"), ["eurostta"], dry_run=True)


def test_a_document_with_more_than_sums_is_erased_once_it_is_read(lab: Lab) -> None:
    from counterpoise.sources.sync.downloads import downloads_folder
    from tests.sources.test_published import INCIDENTS

    url = f"{lab.server.url}/incidents.csv"
    lab.cards["iom.missing_migrants.route"] = card_of(lab.server, "iom.missing_migrants.route", url=url)
    incidents = INCIDENTS.replace("Drowning", "told by a survivor")
    lab.server.answers["/incidents.csv"] = [
        cut(incidents.encode(), 400, ETag='"one"'),
        body(incidents.encode(), "text/csv", ETag='"one"'),
    ]
    lab.limits = replace(PATIENT, attempts=1)
    kept = downloads_folder(lab.archive)

    for state in ("failed", "stored", "nothing_new"):
        assert lab.run().outcomes[0].state == state
        assert not [path for path in kept.rglob("*") if path.is_file() and b"survivor" in path.read_bytes()]
        assert not list((kept / "documents").glob("*.part"))
    assert b"survivor" not in lab.archive.read_bytes()


def test_landings_in_italy_come_from_a_mirror(lab: Lab) -> None:
    from counterpoise.sources.cards import load_cards
    from tests.sources.test_published import DAILY, RUNNING

    lab.cards = {name: card for name, card in load_cards().items() if name.startswith("italy.")}
    folder = "/m/raw.githubusercontent.com/ondata/liberiamoli-tutti/HEAD/sbarchi-migranti/dati/"
    lab.server.answers = {
        f"{folder}sbarchi-per-giorno.csv": body(DAILY.encode(), "text/plain"),
        f"{folder}nazionalita.csv": body(RUNNING.encode(), "text/plain"),
    }
    assert [outcome.state for outcome in lab.run(mirror=f"{lab.server.url}/m").outcomes] == [
        "stored",
        "stored",
    ]
