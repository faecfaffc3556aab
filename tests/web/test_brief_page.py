"""The brief as a reader meets it: no network, no errors, on a phone, by screen reader, on paper."""

import re
from itertools import pairwise
from pathlib import Path

import pytest

from tests.brief.made import CASES, EARLY, page
from tests.browser import Browser

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module", params=CASES)
def brief(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("brief") / "brief.html"
    path.write_text(page(request.param), encoding="utf-8")
    return path


def test_it_asks_for_nothing_and_has_no_errors(chromium: Browser, brief: Path) -> None:
    with chromium.open(brief) as opened:
        assert opened.requests == [brief.resolve().as_uri()]
        assert opened.errors == []


@pytest.mark.parametrize("width", [320, 360, 390, 768, 1280])
def test_it_fits_its_window(chromium: Browser, brief: Path, width: int) -> None:
    with chromium.open(brief) as opened:
        opened.set_size(width, 800, phone=width < 700)
        assert opened.overflow() == 0


def test_a_phone_sees_the_drawing_made_for_it(chromium: Browser, brief: Path) -> None:
    with chromium.open(brief) as opened:
        for width, shown in ((390, "narrow"), (1280, "wide")):
            opened.set_size(width, 800)
            visible = opened.evaluate(
                "[...document.querySelectorAll('.drawing')].filter(d => d.offsetHeight).map(d => d.className)"
            )
            assert visible
            assert set(visible) == {f"drawing {shown}"}


def test_every_figure_has_a_name_and_words(chromium: Browser, brief: Path) -> None:
    with chromium.open(brief) as opened:
        found = opened.evaluate(
            """[...document.querySelectorAll('.drawing')].map(d => ({
                role: d.getAttribute('role'),
                name: document.getElementById(d.getAttribute('aria-labelledby'))?.textContent ?? '',
                words: document.getElementById(d.getAttribute('aria-describedby'))?.textContent ?? ''}))"""
        )
    assert found
    assert all(f["role"] == "img" and len(f["name"]) > 5 and len(f["words"]) > 40 for f in found)
    assert all(re.search(r"\d", f["words"]) or f["name"].startswith("The borders") for f in found)


def test_headings_are_in_order_and_ids_are_unique(chromium: Browser, brief: Path) -> None:
    with chromium.open(brief) as opened:
        levels = opened.evaluate("[...document.querySelectorAll('h1,h2,h3,h4')].map(h => +h.tagName[1])")
        ids = opened.evaluate("[...document.querySelectorAll('[id]')].map(e => e.id)")
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(b <= a + 1 for a, b in pairwise(levels))
    assert len(ids) == len(set(ids))


def test_every_link_within_the_page_leads_somewhere(chromium: Browser, brief: Path) -> None:
    with chromium.open(brief) as opened:
        dead = opened.evaluate(
            """[...document.querySelectorAll('a[href^="#"]')].map(a => a.getAttribute('href').slice(1))
            .filter(id => !document.getElementById(id))"""
        )
    assert dead == []


def test_tables_have_captions_and_headers(chromium: Browser, brief: Path) -> None:
    with chromium.open(brief) as opened:
        bare = opened.evaluate(
            "[...document.querySelectorAll('table')].filter(t => !t.caption || !t.querySelector('th[scope=col]'))"
            ".length"
        )
    assert bare == 0


def test_text_is_dark_enough_to_read(chromium: Browser, brief: Path) -> None:
    """Contrast of at least 4.5 to 1 (WCAG 2.2 AA) of every text on the ground it stands on."""
    with chromium.open(brief) as opened:
        faint = opened.evaluate(CONTRAST)
    assert faint == []


def test_on_paper_sources_carry_their_address_and_the_wide_drawings(chromium: Browser, brief: Path) -> None:
    with chromium.open(brief, size=(390, 800)) as opened:
        opened.emulate(medium="print")
        after = opened.evaluate(
            "getComputedStyle(document.querySelector('.sources a[href^=http]'), '::after').content"
        )
        shown = opened.evaluate(
            "[...document.querySelectorAll('.drawing')].filter(d => d.offsetHeight).map(d => d.className)"
        )
    assert "http" in after
    assert set(shown) == {"drawing wide"}


def test_a_replay_says_so(chromium: Browser, tmp_path: Path) -> None:
    path = tmp_path / "replay.html"
    path.write_text(page("belarus-eu-2021", EARLY), encoding="utf-8")
    with chromium.open(path) as opened:
        assert "15 September 2021" in opened.evaluate("document.querySelector('.replay').textContent")


CONTRAST = """(() => {
  const channel = c => (c /= 255) <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  const light = ([r, g, b]) => 0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b);
  const parse = s => s.match(/[\\d.]+/g).map(Number);
  const ground = e => {
    for (; e; e = e.parentElement) {
      const c = parse(getComputedStyle(e).backgroundColor);
      if (c.length === 3 || c[3] > 0) return c;
    }
    return [255, 255, 255];
  };
  const texts = [...document.querySelectorAll('body *')].filter(e => !e.closest('svg, script, .skip') &&
    [...e.childNodes].some(n => n.nodeType === 3 && n.textContent.trim()));
  return texts.filter(e => {
    const [a, b] = [light(parse(getComputedStyle(e).color)), light(ground(e))].sort((x, y) => y - x);
    return (a + 0.05) / (b + 0.05) < 4.5;
  }).map(e => e.className + ': ' + e.textContent.slice(0, 40)).slice(0, 5);
})()"""
