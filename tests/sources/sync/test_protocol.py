"""How a document is asked for: robots.txt, pauses, conditions, parts, attempts, mirrors; and what is remembered."""

import gzip
import json
from datetime import timedelta

import pytest

from counterpoise.errors import InputError, SourceError
from counterpoise.observations.store import read_store
from counterpoise.sources.sync.address import Mirror, resolve
from counterpoise.sources.sync.downloads import Downloads, downloads_folder
from counterpoise.sources.sync.tally import LEDGER, Tally, checks_of, read_ledger
from tests.sources.sync.lab import BOOK, PAGE, Lab, book, page_with
from tests.sources.sync.loopback import body, cut, status


def well(lab: Lab, content: bytes | None = None, **headers: str) -> None:
    lab.frontex()
    lab.server.answers = {
        PAGE: body(page_with(BOOK), "text/html"),
        BOOK: body(content or book(), **{"ETag": '"one"', **headers}),
    }


def test_only_what_has_changed_is_sent_again(lab: Lab) -> None:
    well(lab)
    first, second = lab.one(), lab.one()

    asked = [headers.get("If-None-Match") for path, headers in lab.server.asked if path == BOOK]
    assert asked == [None, '"one"']
    assert (first.state, second.state) == ("stored", "nothing_new")
    assert (first.checked_at, second.checked_at) == ("2026-03-01T12:00:00+00:00", "2026-03-02T12:00:00+00:00")
    assert second.first_seen_at == second.changed_at == first.checked_at
    assert second.documents == Tally(read=1, kept=0, excluded={"already in the archive": 1})


def test_a_document_that_was_damaged_on_disk_is_asked_for_whole(lab: Lab) -> None:
    well(lab)
    lab.one()
    for path in (downloads_folder(lab.archive) / "documents").glob("*.body"):
        path.write_bytes(b"rubbish")
    lab.one()

    assert [h.get("If-None-Match") for path, h in lab.server.asked if path == BOOK] == [None, None]


def test_a_download_that_was_cut_off_goes_on_where_it_stopped(lab: Lab) -> None:
    well(lab)
    whole = lab.server.answers[BOOK]
    assert callable(whole)
    lab.server.answers[BOOK] = [cut(book(), 700, ETag='"one"'), whole]
    content = book()

    assert lab.one().state == "stored"

    asked = [headers for path, headers in lab.server.asked if path == BOOK]
    assert (asked[1]["Range"], asked[1]["If-Range"]) == ("bytes=700-", '"one"')
    kept = [path.read_bytes() for path in (downloads_folder(lab.archive) / "documents").glob("*.body")]
    assert content in kept


def test_the_next_run_takes_a_cut_download_up_and_never_mixes_two_documents(lab: Lab) -> None:
    well(lab)
    lab.server.answers[BOOK] = cut(book(), 700, ETag='"one"')
    assert lab.one().state == "failed"
    lab.server.answers[BOOK] = body(book("03MAR23", iraq=9), ETag='"two"')  # another by now: sent whole

    assert lab.one().state == "stored"
    assert sorted(lab.figures("frontex.ibc")["value"]) == [1, 9]


@pytest.mark.parametrize("etag", ["", 'W/"weak"'])
def test_without_a_strong_validator_a_cut_download_begins_anew(lab: Lab, etag: str) -> None:
    well(lab)
    lab.server.answers[BOOK] = [cut(book(), 700, **({"ETag": etag} if etag else {})), body(book())]

    assert lab.one().state == "stored"
    assert all("Range" not in headers for _, headers in lab.server.asked)


def test_a_packed_body_is_unpacked(lab: Lab) -> None:
    well(lab)
    lab.server.answers[BOOK] = body(gzip.compress(book()), Content_Encoding="gzip")

    assert (lab.one().state, lab.figures("frontex.ibc").height) == ("stored", 2)


def test_a_busy_server_is_asked_again_after_the_pause_it_names(lab: Lab) -> None:
    well(lab)
    whole = lab.server.answers[BOOK]
    assert callable(whole)
    lab.server.answers[BOOK] = [status(429, Retry_After="7"), status(503), whole]

    assert lab.one().state == "stored"
    assert [pause for pause in lab.times.slept if pause] == [7, 2]


def test_a_retry_after_that_is_a_date_is_understood(lab: Lab) -> None:
    well(lab)
    whole = lab.server.answers[BOOK]
    assert callable(whole)
    lab.server.answers[BOOK] = [status(503, Retry_After="Sun, 01 Mar 2026 12:00:09 GMT"), whole]

    assert lab.one().state == "stored"
    assert [pause for pause in lab.times.slept if pause] == [9]


def test_a_redirect_within_the_site_is_followed(lab: Lab) -> None:
    well(lab)
    lab.server.answers["/moved"] = lab.server.answers[BOOK]
    lab.server.answers[BOOK] = status(301, Location="/moved")

    assert lab.one().state == "stored"


def test_the_newest_of_several_documents_is_taken_and_others_are_not(lab: Lab) -> None:
    newer = BOOK.replace("2023_02_07", "2023_03_07")
    well(lab)
    lab.server.answers[PAGE] = body(
        page_with(
            newer,
            BOOK,
            "/other.xlsx",
            "http://evil.example/Migratory_routes/9/Monthly_detections_of_IBC_9.xlsx",
        ),
        "text/html",
    )
    lab.server.answers[newer] = body(book("03MAR23"))

    assert lab.one().state == "stored"
    assert lab.server.paths()[-1] == newer


def test_a_page_of_another_shape_says_which_link_it_lacks(lab: Lab) -> None:
    well(lab)
    lab.server.answers[PAGE] = body(page_with("/other.xlsx"), "text/html")
    failed = lab.one()

    assert failed.error is not None
    assert "Monthly_detections_of_IBC" in failed.error["expected"]


def test_robots_txt_is_asked_once_and_kept_to(lab: Lab) -> None:
    well(lab)
    lab.server.answers["/robots.txt"] = body(b"User-agent: *\nDisallow: /*.xlsx$\nCrawl-delay: 9\n")
    failed = lab.one()

    assert failed.error is not None
    assert "robots.txt" in failed.error["expected"]
    assert lab.server.paths() == ["/robots.txt", PAGE]
    assert lab.times.slept == [9]


def test_without_an_answer_for_robots_txt_nothing_is_asked(lab: Lab) -> None:
    well(lab)
    lab.server.answers["/robots.txt"] = status(500)

    assert lab.one().state == "failed"
    assert set(lab.server.paths()) == {"/robots.txt"}


def test_a_crawl_delay_beyond_reason_is_refused_not_ignored(lab: Lab) -> None:
    well(lab)
    lab.server.answers["/robots.txt"] = body(b"User-agent: counterpoise\nCrawl-delay: 86400\n")

    assert lab.one().state == "failed"
    assert lab.server.paths() == ["/robots.txt"]


def test_a_mirror_is_asked_instead_and_the_address_stays_the_publishers(lab: Lab) -> None:
    well(lab)
    origin = "https://www.frontex.example"
    lab.frontex(url=origin + PAGE)
    lab.server.answers = {
        f"/copies/www.frontex.example{PAGE}": body(page_with(origin + BOOK), "text/html"),
        f"/copies/www.frontex.example{BOOK}": body(book()),
    }
    [outcome] = lab.run(mirror=f"{lab.server.url}/copies/").outcomes

    assert outcome.state == "stored"
    assert len(lab.server.asked) == 2
    assert read_store(lab.archive).documents["url"].to_list() == [origin + BOOK]


def test_where_a_mirror_has_an_address() -> None:
    mirror = Mirror(url="http://m.example/x/")

    assert (
        mirror.address("https://a.example/b?format=TSV&c=1")
        == "http://m.example/x/a.example/b%3Fformat=TSV&c=1"
    )
    assert mirror.address("https://a.example") == "http://m.example/x/a.example/"
    with pytest.raises(InputError):
        Mirror(url="folder/of/copies")


@pytest.mark.parametrize(
    "link", ["http://[::1", "javascript:x()", "http://a.example:99999/", "mailto:a@b.example"]
)
def test_links_that_are_no_addresses_are_none(link: str) -> None:
    assert resolve("https://a.example/", link) is None


def test_a_page_that_answers_but_stopped_changing_is_said(lab: Lab) -> None:
    well(lab)
    lab.one()
    lab.now += timedelta(days=80)
    [outcome] = lab.run().outcomes

    assert outcome.state == "nothing_new"
    assert any("has not changed for 81 days, since 2026-03-01" in note for note in outcome.notes)


def test_the_ledger_adds_up_and_survives_a_line_cut_in_half(lab: Lab) -> None:
    well(lab)
    lab.one()
    downloads = Downloads(downloads_folder(lab.archive))
    with (downloads.folder / LEDGER).open("a") as file:
        file.write('{"source": "frontex.ibc", "checked')
    lab.server.answers[BOOK] = status(404)
    lab.one()

    entries = read_ledger(downloads)
    assert [entry["state"] for entry in entries] == ["stored", "failed"]
    for entry in entries:
        for tally in (entry["documents"], entry["figures"]):
            assert tally["read"] == tally["kept"] + sum(tally["excluded"].values())
    assert checks_of(downloads) == {"frontex.ibc": lab.now.date() - timedelta(days=2)}
    assert all(json.loads(line) for line in downloads.lines(LEDGER) if line.endswith("}"))
    with pytest.raises(ValueError, match="3 read"):
        Tally(read=3, kept=1, excluded={"other": 1})


def test_two_runs_at_once_are_one_too_many(lab: Lab) -> None:
    well(lab)
    with Downloads(downloads_folder(lab.archive)).alone(), pytest.raises(SourceError, match="another one"):
        lab.run()
    assert lab.server.asked == []
