"""Every address in the bundled data is written as an address, and none leads where no source is."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tools.check_links import addresses, answer_of, denied_domains, fault_of, online


def test_every_address_of_the_bundled_data_is_sound() -> None:
    found = addresses()
    denied = denied_domains()
    assert len(found) > 400
    faults = {address: fault for address in found if (fault := fault_of(address, denied))}
    assert not faults


@pytest.mark.parametrize(
    ("address", "fault"),
    [
        ("https://www.frontex.europa.eu/a?b=c#d", None),
        ("https://en.wikipedia.org/wiki/State_of_emergency_in_Poland_(2021)", None),
        ("https://pl.wikipedia.org/wiki/Łódź", None),
        ("ftp://example.lt/file", "scheme ftp"),
        ("javascript://page.lt/%0aalert(1)", "scheme javascript"),
        ("https://localhost/x", "host 'localhost'"),
        ("https://127.0.0.1/x", "host '127.0.0.1'"),
        ("https://obzor.lt./news", "host 'obzor.lt.'"),
        ("https://user@delfi.lt/x", "a user's name"),
        ("https://delfi.lt:8443/x", "a port"),
        ("https://delfi.lt:x/", "Port could not be cast"),
        ("https://[delfi.lt/", "Invalid IPv6"),
        ("https://page.lt/a.html+&cd=1&ct=clnk", "search engine's copy"),
        ("https://bit.ly/3x", "bit.ly: hides"),
        ("https://www.t.me/channel", "t.me: private"),
        ("https://not.me/channel", None),
        ("https://example.org/page", "example.org: reserved"),
    ],
)
def test_what_is_wrong_with_an_address_is_said(address: str, fault: str | None) -> None:
    found = fault_of(address, denied_domains())
    assert (found is None) if fault is None else (found is not None and fault in found)


class _Site(BaseHTTPRequestHandler):
    def do_HEAD(self) -> None:
        if self.path == "/no-head":
            self.send_response(405)
        elif self.path == "/moved":
            self.send_response(301)
            self.send_header("Location", "/here")
        elif self.path == "/away":
            self.send_response(301)
            self.send_header("Location", "file:///etc/passwd")
        else:
            self.send_response(200 if self.path == "/here" else 404)
        self.end_headers()

    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_: object) -> None: ...


@pytest.fixture
def site() -> Iterator[str]:
    """Return the address of a site on this machine."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Site)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_server_is_asked_and_its_answer_told(site: str) -> None:
    paths = ("/here", "/no-head", "/moved", "/gone", "/away")
    answers = dict(online({site + path: None for path in paths}, pause=0))
    assert answers[f"{site}/here"] == answers[f"{site}/no-head"] == "ok"
    assert answers[f"{site}/moved"] == f"moved to {site}/here"
    assert answers[f"{site}/gone"] == "HTTP 404"
    assert answers[f"{site}/away"] not in {"ok", f"moved to {site}/here"}


def test_a_server_that_is_not_there_is_told(site: str) -> None:
    assert "refused" in answer_of("http://127.0.0.1:1/", timeout=2)
