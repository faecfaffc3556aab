"""Odder things a server does (the usual faults: ``test_every_fetcher``): the archive stays, the next run goes on."""

import gzip
import shutil
from pathlib import Path

import pytest

from counterpoise.errors import SourceError
from counterpoise.observations.corridors import load_corridors
from counterpoise.observations.store import append_batch
from counterpoise.sources.read import parse_document
from counterpoise.sources.sync import run as sync_run
from counterpoise.sources.sync.address import is_same_site
from tests.sources.sync.lab import BOOK, PAGE, PATIENT, QUICK, Lab, book, page_with
from tests.sources.sync.loopback import Answer, body, drip, drip_head, silence, status

HTML = b"<!DOCTYPE html><html><body>Please wait</body></html>"
BOMB = gzip.compress(b"\0" * 40_000_000)
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pytest.fixture(scope="module")
def older(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return an archive with an older workbook."""
    path = tmp_path_factory.mktemp("older") / "archive.duckdb"
    older = parse_document(book("03JAN23"), path=Path(BOOK), mapping=None, registry=load_corridors())
    append_batch(path, older)
    return path


@pytest.fixture
def before(lab: Lab, older: Path) -> bytes:
    """Give the archive an older workbook, and return its bytes."""
    shutil.copy(older, lab.archive)
    lab.frontex(limit_mb=1)
    lab.server.answers = {PAGE: body(page_with(BOOK), "text/html")}
    return lab.archive.read_bytes()


@pytest.mark.parametrize(
    ("answer", "found"),
    [
        pytest.param(drip_head(0.02), "too slowly", id="slow drip of the head"),
        pytest.param(silence(0.5), "too slowly|no answer in time", id="silence"),
        pytest.param(body(b"PK\3\4 not a workbook", XLSX), "cut off or damaged", id="a broken zip"),
        pytest.param(body(b"a,b\n1,2\n", XLSX), "another kind of file", id="a CSV"),
        pytest.param(body(b"", XLSX), "an empty answer", id="nothing"),
        pytest.param(
            body(gzip.compress(BOMB), XLSX, Content_Encoding="gzip, gzip"), "packed as", id="gzip twice"
        ),
        pytest.param(
            body(book(), XLSX, Content_Encoding="br"), "packed as 'br'", id="a packing not asked for"
        ),
        pytest.param(drip(b"", 0), "an empty answer", id="no body"),
        pytest.param(status(403), "does not answer programs", id="refused"),
        pytest.param(status(404), "HTTP status 404", id="gone"),
        pytest.param(status(206, Content_Range="bytes 5-9/10"), "another part", id="a part not asked for"),
        pytest.param(
            status(302, Location="http://localhost:9/x"), "localhost", id="redirect to another host"
        ),
        pytest.param(status(302, Location="file:///etc/passwd"), "file:", id="redirect to a file"),
        pytest.param(status(302, Location="http://[::1"), "Invalid URL", id="redirect to nonsense"),
    ],
)
def test_a_fault_leaves_the_archive_and_the_next_run_recovers(
    lab: Lab, before: bytes, answer: Answer, found: str
) -> None:
    lab.server.answers[BOOK] = answer
    lab.limits = QUICK if "slowly" in found else PATIENT

    failed = lab.one()

    assert failed.state == "failed"
    assert failed.error is not None
    assert failed.error["class"] in {"SourceError", "InputError"}
    assert any(words in failed.error["found"] for words in found.split("|")), failed.error
    assert lab.archive.read_bytes() == before
    assert (failed.figures.read, failed.documents.read) == (0, 0)

    lab.server.answers[BOOK] = body(book("03FEB23"), XLSX)
    lab.limits = PATIENT
    again = lab.one()

    assert (again.state, again.figures.kept) == ("stored", 2)
    assert lab.figures("frontex.ibc")["known_on"].n_unique() == 2


def test_a_safe_address_is_never_given_up_for_an_open_one(lab: Lab) -> None:
    assert is_same_site("http://a.example/", "https://www.a.example/x")
    assert not is_same_site("https://a.example/", "http://a.example/x")
    assert not is_same_site("https://a.example/", "https://a.example.evil.example/")
    assert not is_same_site("https://a.example/", "https://a.example@evil.example/")


def test_one_broken_source_leaves_the_others(lab: Lab) -> None:
    lab.frontex()
    lab.server.answers = {PAGE: body(page_with(BOOK), "text/html"), BOOK: body(book())}
    broken = lab.cards["frontex.ibc"].model_copy(
        update={
            "dataset": "frontex.other",
            "fetch": lab.cards["frontex.ibc"].fetch.model_copy(update={"url": f"{lab.server.url}/nothing"}),
        }
    )
    lab.cards = {"frontex.other": broken, **lab.cards}

    synced = lab.run()

    assert [outcome.state for outcome in synced.outcomes] == ["failed", "stored"]
    assert synced.n_failed == 1
    assert lab.figures("frontex.ibc").height == 2


def test_a_source_that_breaks_while_it_is_stored_is_read_again(
    lab: Lab, monkeypatch: pytest.MonkeyPatch
) -> None:
    lab.frontex()
    lab.server.answers = {PAGE: body(page_with(BOOK), "text/html"), BOOK: body(book(), ETag='"a"')}

    def full(*_: object) -> None:
        raise SourceError(expected="room", found="a full disk", where="archive", hint="free some")

    with monkeypatch.context() as patched:
        patched.setattr(sync_run, "append_batch", full)
        assert lab.one().state == "failed"
    assert not lab.archive.exists()

    assert (lab.one().state, lab.figures("frontex.ibc").height) == ("stored", 2)
