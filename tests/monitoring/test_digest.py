"""What is new since a day: figures, revisions and alarms, and how they are written out."""

from datetime import date
from xml.etree import ElementTree as Xml

import polars as pl
import pytest

from counterpoise.brief.digest import render_digest_atom, render_digest_html, render_digest_text
from counterpoise.errors import InputError
from counterpoise.monitoring.digest import Digest, digest, expected_false_alarms
from counterpoise.observations.archive import Archive
from counterpoise.observations.bundled import read_bundled

SINCE, UNTIL = date(2021, 7, 15), date(2021, 9, 15)
ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture(scope="module")
def found() -> Digest:
    return digest(Archive.from_batch(read_bundled()), since=SINCE, as_of=UNTIL)


def test_everything_in_it_became_known_in_the_window(found: Digest) -> None:
    assert found.alarms.height > 0
    for frame in (found.figures, found.revisions, found.alarms):
        assert all(SINCE < day <= UNTIL for day in frame["known_on"])


def test_figures_are_those_known_at_the_end_and_not_at_the_start(found: Digest) -> None:
    archive = Archive.from_batch(read_bundled())
    ibc = found.figures.row(by_predicate=pl.col("dataset") == "frontex.ibc", named=True)
    both = [archive.as_of(day).observations for day in (SINCE, UNTIL)]
    before, after = (rows.filter(rows["dataset"] == "frontex.ibc").height for rows in both)
    assert ibc["n_figures"] == after - before
    assert (ibc["first_period_start"], ibc["last_period_end"]) == (date(2021, 6, 1), date(2021, 7, 31))


def test_iraq_in_june_is_among_the_alarms(found: Digest) -> None:
    keys = found.alarms.select("corridor", "nationality", "period_start").rows()
    assert ("eastern-borders", "IRQ", date(2021, 6, 1)) in keys


def test_false_alarms_are_counted_over_the_new_figures_only(found: Digest) -> None:
    assert 0 < expected_false_alarms(found) < found.detection.expected_false_alarms


def test_a_revision_is_told_apart_from_a_new_figure() -> None:
    archive = Archive.from_batch(read_bundled())
    revised = digest(archive, since=date(2021, 12, 31), as_of=date(2022, 1, 31)).revisions
    values = {
        (r["value_before"], r["value"]) for r in revised.iter_rows(named=True) if r["corridor"] == "BY-PL"
    }
    assert (17_400.0, 17_447.0) in values  # October, first rounded by a relay, then exact


def test_a_day_that_is_not_before_the_end_is_refused() -> None:
    with pytest.raises(InputError) as caught:
        digest(Archive.from_batch(read_bundled()), since=UNTIL, as_of=UNTIL)
    assert caught.value.where == "--since"


def test_text_page_and_feed_hold_every_alarm(found: Digest) -> None:
    text, page = render_digest_text(found), render_digest_html(found)
    feed = Xml.fromstring(render_digest_atom(found))
    entries = feed.findall(f"{ATOM}entry")
    assert len(entries) == found.alarms.height + 1
    ids = [entry.findtext(f"{ATOM}id") for entry in entries]
    assert len(set(ids)) == len(ids)
    for reason in found.alarms["reason"]:
        assert reason in text
        assert reason.replace("'", "&#x27;") in page
        assert any(reason in (entry.findtext(f"{ATOM}content") or "") for entry in entries)
    assert "<script" not in page
    assert found.result_id in text


def test_the_same_question_gives_the_same_bytes(found: Digest) -> None:
    again = digest(Archive.from_batch(read_bundled()), since=SINCE, as_of=UNTIL)
    assert render_digest_atom(again) == render_digest_atom(found)
    assert again.to_dict() == found.to_dict()
